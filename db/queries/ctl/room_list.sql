-- Rooms in use, with their set-ups.
--
-- $1 office  text  code, or NULL
-- $2 venue   int   id, or NULL
--
-- Returns: one row a room; setups as "islands 25, theatre 60"; atoms as ranges.
SELECT b.id, b.name, o.code AS office, v.id AS venue_id, v.name AS venue,
	(SELECT string_agg(format('%s %s', u.setup, u.capacity), ', '
			ORDER BY u.setup)
		FROM kg.room_setup u WHERE u.room_id = b.id) AS setups,
	b.parts::text AS atoms, b.step_free, b.hearing_loop, b.version
FROM kg.room b
JOIN kg.venue v ON v.id = b.venue_id
JOIN kg.office o ON o.id = v.office_id
WHERE b.retired_at IS NULL
	AND ($1::text IS NULL OR o.code = $1)
	AND ($2::int IS NULL OR v.id = $2)
ORDER BY o.code, v.name, b.name
