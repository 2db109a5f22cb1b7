-- Books a room.
--
-- $1 why        text       for the journal
-- $2 room       int        id
-- $3 starts     timestamp  local
-- $4 ends       timestamp  local
-- $5 setup_min  int        before; NULL: as the set-up says
-- $6 clear_min  int        after; NULL: as the set-up says
-- $7 kind       text       internal, let_out, block_out or session
-- $8 session    text       RUN/NO of the session it is for, or NULL
-- $9 setup      text       or NULL
-- $10 heads      int        or NULL
-- $11 title      text       or NULL
-- $12 expires    timestamp  local; a hold until then; NULL: confirmed
--
-- Returns: the row of kg.written.
-- Raises:  KG002 no such hour, KG004, KG005 too small, KG007 taken.
SELECT * FROM kg.booking_create(NULL, $1, $2::int, $3::timestamp,
	$4::timestamp, $5::int, $6::int, coalesce($7, CASE WHEN $8::text IS NULL
		THEN 'internal' ELSE 'session' END),
	CASE WHEN $8 IS NOT NULL THEN (kg.session_get(
		(kg.run_get(split_part($8, '/', 1))).id,
		split_part($8, '/', 2)::int)).id END,
	$9, $10::int, $11, $12::timestamp AT TIME ZONE 'Europe/Copenhagen')
