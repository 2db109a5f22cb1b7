-- Lists that are asked for by things, and what is refused at its bounds.
\ir api.sql
UPDATE kg.clock SET shift = '2026-11-25 12:00'::timestamp AT TIME ZONE 'UTC' - now();
UPDATE kg.room SET equipment = '{projector}' WHERE id = 1;
CREATE FUNCTION book(room int, starts text, ends text, more jsonb DEFAULT '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('booking_create', 1, jsonb_build_object('room_id', room, 'title', 'Møde',
		'starts_local', starts, 'ends_local', ends) || more)
$$;
SELECT is(call(route, 2, by) ->> 'message', message, route || ' ' || by::text)
FROM (VALUES ('bookings_list', '{"run_no": "NOPE"}'::jsonb, 'there is no run "NOPE"'),
	('bookings_list', '{"series_id": 9999}', 'there is no series 9999'),
	('bookings_list', '{"venue_id": 9999}', 'there is no venue 9999'),
	('rooms_list', '{"venue_id": 9999}', 'there is no venue 9999'),
	('runs_list', '{"season": "nope"}', 'there is no season nope'),
	('runs_list', '{"seminar": "nope"}', 'there is no seminar "nope"'),
	('sessions_list', '{"person_id": 9999}', 'there is no person 9999'),
	('journal_list', '{"person": 9999}', 'there is no person 9999'),
	('journal_list', '{"room_id": 9999}', 'there is no room 9999'),
	('rooms_free', '{"starts_local": "2029-01-01T09:00",
		"ends_local": "2029-01-01T10:00", "equipment": ["sauna"]}',
		'no room has "sauna"'),
	('run_move', '{"run_no": "R-1", "rooms": [{"no": 1, "room_id": 1},
		{"no": 1, "room_id": 2}]}', 'session 1 is named twice'),
	('bookings_list', '{"run_no": "R-1", "venue_id": 1}', NULL),
	('rooms_free', '{"starts_local": "2029-01-01T09:00",
		"ends_local": "2029-01-01T10:00", "equipment": ["projector", ""]}', NULL)
) AS t (route, by, message);

-- the journal of a room, and of a week
SELECT book(1, '2029-02-05T09:00', '2029-02-05T10:00') #>> '{body,id}' AS moved \gset
SELECT book(2, '2029-02-05T09:00', '2029-02-05T10:00') #>> '{body,id}' AS stays \gset
SELECT call('booking_move', 1, jsonb_build_object('booking_id', :moved, 'room_id', 5), 1)
	\g /dev/null
CREATE FUNCTION seen(by jsonb) RETURNS text[] LANGUAGE sql AS $$
	SELECT array(SELECT DISTINCT (i ->> 'object') || ' ' || (i ->> 'object_id')
		FROM jsonb_array_elements(call('journal_list', 2, by) #> '{body,items}') AS i
		WHERE i ->> 'object' = 'booking' ORDER BY 1)
$$;
SELECT is(seen('{"room_id": 1}'), array['booking ' || :moved], 'what was moved away');
SELECT is(seen('{"room_id": 2}'), array['booking ' || :stays], 'what stays');
SELECT is(seen('{"room_id": 5}'), array['booking ' || :moved], 'what came');
SELECT call('room_setup_put', 2, '{"room_id": 2, "setup": "circle", "capacity": 9}')
	\g /dev/null
SELECT is(call('journal_list', 2, '{"room_id": 2}') #>> '{body,items,0,object}', 'room_setup',
	'and its set-ups');
SELECT is(cardinality(seen(jsonb_build_object('week', to_char(kg.now()
	AT TIME ZONE 'Europe/Copenhagen' + days * interval '1 day', 'IYYY-"W"IW')))), n,
	days::text) FROM (VALUES (0, 2), (7, 0), (-7, 0)) AS t (days, n);

-- bounds
SELECT is(book(1, '2029-03-01T09:00', ends) ->> 'message', message, ends)
FROM (VALUES ('2030-03-02T09:00', NULL::text),
	('2030-03-02T09:01', 'a booking takes 366 days at most')) AS t (ends, message);
SELECT is(call('block_out_create', 1, jsonb_build_object('room_id', 2, 'title', 'Ombygning',
	'starts_local', '2031-01-01T00:00', 'ends_local', ends)) ->> 'message', message, ends)
FROM (VALUES ('2199-01-01T00:00', '2199-01-01 is out of reach'),
	('2034-01-01T00:00', NULL)) AS t (ends, message);
SELECT is((call('block_out_create', 1, jsonb_build_object('room_ids', rooms, 'title', 'Lukket',
	'starts_local', '2031-01-02T00:00', 'ends_local', '2031-01-02T09:00', 'around', around))
	- array['state', 'detail'])::text, told, 'blocked')
FROM (VALUES (array[2], false, '{"hint": "move them, or block around them", "message": '
		'"a booking is in the way"}'),
	(array[2], true, '{"hint": "nothing is free then: move them, or choose another '
		'time", "message": "a booking is in the way"}')) AS t (rooms, around, told);

-- a cancelled session is where it was for calendars
SELECT call('booking_create', 1, '{"room_id": 2, "run_no": "R-1"}') \g /dev/null
SELECT call('session_cancel', 1, '{"run_no": "R-1", "no": 1}') \g /dev/null
SELECT sequence AS was FROM kg.session WHERE run_id = 1 AND no = 1 \gset
SELECT is(call('booking_cancel', 1, jsonb_build_object('booking_id', b.id)) -> 'status',
	'200', 'its booking is given up') FROM kg.booking b WHERE session_id = 1;
SELECT is(sequence, :was, 'calendars hear nothing') FROM kg.session
	WHERE run_id = 1 AND no = 1;
SELECT is(call('account_invite', 1, '{}') ->> 'message',
	'the role coordinator may not do this (account_invite)', 'good English');
