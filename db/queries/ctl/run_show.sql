-- One run; its sessions come from session_list.
--
-- $1 run  text  its number
--
-- Returns: one row, or none when there is no such run.
SELECT r.run_no AS run, r.id, coalesce(r.title, m.title) AS title,
	m.slug AS seminar, n.slug AS season, p.no AS period, o.code AS office,
	v.id AS venue_id, v.name AS venue, v.street, v.postcode, v.town,
	r.status, r.capacity, r.min_participants,
	date_trunc('second', r.published_at) AS published_at,
	date_trunc('second', r.cancelled_at) AS cancelled_at,
	kg.run_version(r.id) AS version, date_trunc('second', r.changed_at) AS changed_at
FROM kg.run r
JOIN kg.seminar m ON m.id = r.seminar_id
JOIN kg.office o ON o.id = r.office_id
JOIN kg.venue v ON v.id = r.venue_id
LEFT JOIN kg.season n ON n.id = r.season_id
LEFT JOIN kg.period p ON p.id = r.period_id
WHERE r.run_no = $1
