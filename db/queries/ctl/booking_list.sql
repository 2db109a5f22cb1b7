-- Bookings in the order of their start.
--
-- $1 office  text   code, or NULL
-- $2 room    int    id, or NULL: this one, and what shares its walls
-- $3 venue   int    id, or NULL
-- $4 from    date   NULL: today
-- $5 to      date   NULL: no end
-- $6 status  text   held, confirmed, cancelled, expired, or NULL
-- $7 kind    text   or NULL
-- $8 series  int    id, or NULL
-- $9 run     text   number, or NULL
-- $10 all    bool   'true': also cancelled and expired ones
-- $11 over   bool   'true': only those for more than their room holds
--
-- Returns: one row a booking.
SELECT k.id, o.code AS office, v.name AS venue, b.id AS room_id,
	b.name AS room, to_char(k.starts_local, 'YYYY-MM-DD HH24:MI') AS starts,
	to_char(k.ends_local, 'YYYY-MM-DD HH24:MI') AS ends, k.setup_min,
	k.clear_min, k.status, k.kind, k.title, r.run_no AS run, s.no AS session,
	k.room_setup AS setup, k.head_count, k.capacity,
	to_char(k.expires_at AT TIME ZONE k.zone, 'YYYY-MM-DD HH24:MI') AS held_until,
	k.series_id AS series, k.version
FROM (SELECT b.*, kg.room_holds(b.room_id, b.room_setup) AS capacity
	FROM kg.booking b) AS k
JOIN kg.room b ON b.id = k.room_id
JOIN kg.venue v ON v.id = b.venue_id
JOIN kg.office o ON o.id = v.office_id
LEFT JOIN kg.session s ON s.id = k.session_id
LEFT JOIN kg.run r ON r.id = s.run_id
WHERE ($1::text IS NULL OR o.code = $1)
	AND ($2::int IS NULL OR k.parts && (SELECT x.parts FROM kg.room x
		WHERE x.id = $2))
	AND ($3::int IS NULL OR v.id = $3)
	AND k.ends_local >= coalesce($4::date,
		(kg.now() AT TIME ZONE k.zone)::date)
	AND ($5::date IS NULL OR k.starts_local < $5 + 1)
	AND CASE WHEN $6::text IS NULL
		THEN $10::bool OR k.status IN ('held', 'confirmed')
		ELSE k.status = $6 END
	AND ($7::text IS NULL OR k.kind = $7)
	AND ($8::int IS NULL OR k.series_id = $8)
	AND ($9::text IS NULL OR r.run_no = $9)
	AND ($11::bool IS NOT TRUE OR k.head_count > k.capacity)
ORDER BY k.starts_local, v.name, b.name, k.id
