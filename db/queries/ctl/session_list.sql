-- Sessions in the order of their start.
--
-- $1 run     text   its number, or NULL for the sessions of all from $3 on
-- $2 office  text   code, or NULL
-- $3 from    date   NULL: today, unless a run is given
-- $4 to      date   NULL: no end
--
-- Returns: one row a session; teachers as "name (status), ...".
-- Raises:  KG004 no such run.
WITH wanted AS MATERIALIZED (SELECT
	CASE WHEN $1::text IS NOT NULL THEN (kg.run_get($1)).id END AS run_id)
SELECT r.run_no AS run, s.no, s.title, o.code AS office, v.name AS venue,
	to_char(s.starts_local, 'YYYY-MM-DD HH24:MI') AS starts,
	to_char(s.ends_local, 'YYYY-MM-DD HH24:MI') AS ends, s.zone, s.status,
	(SELECT string_agg(b.name, ', ' ORDER BY b.name)
		FROM kg.booking k JOIN kg.room b ON b.id = k.room_id
		WHERE k.session_id = s.id
			AND k.status IN ('held', 'confirmed')) AS room,
	(SELECT string_agg(format('%s (%s)', e.name, t.status), ', '
			ORDER BY e.name)
		FROM kg.session_teacher t JOIN kg.person e ON e.id = t.person_id
		WHERE t.session_id = s.id) AS teachers,
	s.sequence, s.version
FROM wanted w
JOIN kg.session s ON w.run_id IS NULL OR s.run_id = w.run_id
JOIN kg.run r ON r.id = s.run_id
JOIN kg.office o ON o.id = r.office_id
JOIN kg.venue v ON v.id = s.venue_id
WHERE ($2::text IS NULL OR o.code = $2)
	AND (s.ends_local >= coalesce($3::date, CASE WHEN $1 IS NULL
		THEN (kg.now() AT TIME ZONE s.zone)::date ELSE '-infinity' END))
	AND ($4::date IS NULL OR s.starts_local < $4 + 1)
ORDER BY s.starts_local, r.run_no, s.no
