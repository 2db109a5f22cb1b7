-- Bookings in the order of their start.
--
-- $1 office  text   code, or NULL
-- $2 room    int    id, or NULL; only this one, not what shares atoms with it
-- $3 from    date   NULL: today
-- $4 to      date   NULL: no end
-- $5 all     bool   'true': also cancelled and expired ones
--
-- Returns: one row a booking.
SELECT k.id, o.code AS office, v.name AS venue, b.id AS room_id,
	b.name AS room, to_char(k.starts_local, 'YYYY-MM-DD HH24:MI') AS starts,
	to_char(k.ends_local, 'YYYY-MM-DD HH24:MI') AS ends, k.setup_min,
	k.clear_min, k.status, k.kind, k.title, r.run_no AS run, s.no AS session,
	k.room_setup AS setup, k.head_count, k.version
FROM kg.booking k
JOIN kg.room b ON b.id = k.room_id
JOIN kg.venue v ON v.id = b.venue_id
JOIN kg.office o ON o.id = v.office_id
LEFT JOIN kg.session s ON s.id = k.session_id
LEFT JOIN kg.run r ON r.id = s.run_id
WHERE ($1::text IS NULL OR o.code = $1)
	AND ($2::int IS NULL OR b.id = $2)
	AND k.ends_local >= coalesce($3::date,
		(kg.now() AT TIME ZONE k.zone)::date)
	AND ($4::date IS NULL OR k.starts_local < $4 + 1)
	AND ($5::bool OR k.status IN ('held', 'confirmed'))
ORDER BY k.starts_local, v.name, b.name
