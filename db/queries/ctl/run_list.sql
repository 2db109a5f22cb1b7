-- Runs, by their first day.
--
-- $1 season   text   slug, or NULL for all; so with the others
-- $2 office   text   code
-- $3 seminar  text   slug
-- $4 status   text
-- $5 from     date   with a day on or after it
-- $6 to       date   with a day on or before it
--
-- Returns: one row a run, as kattegatctl shows it.
SELECT r.run_no AS run, n.slug AS season, o.code AS office,
	coalesce(r.title, m.title) AS title, v.name AS venue, r.status,
	d.first_day, d.last_day, d.sessions, r.capacity, kg.run_version(r.id) AS version
FROM kg.run r
JOIN kg.seminar m ON m.id = r.seminar_id
JOIN kg.office o ON o.id = r.office_id
JOIN kg.venue v ON v.id = r.venue_id
LEFT JOIN kg.season n ON n.id = r.season_id
CROSS JOIN LATERAL (
	SELECT min(s.starts_local)::date AS first_day,
		max(s.ends_local)::date AS last_day, count(*) AS sessions
	FROM kg.session s
	WHERE s.run_id = r.id) d
WHERE ($1::text IS NULL OR n.slug = $1)
	AND ($2::text IS NULL OR o.code = $2)
	AND ($3::text IS NULL OR m.slug = $3)
	AND ($4::text IS NULL OR r.status = $4)
	AND ($5::date IS NULL OR d.last_day >= $5)
	AND ($6::date IS NULL OR d.first_day <= $6)
ORDER BY d.first_day, r.run_no
