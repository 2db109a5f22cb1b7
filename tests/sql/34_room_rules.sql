-- What holds between rooms, their bookings and their sessions, whoever writes.
\ir api.sql
-- the fixture numbers its atoms by hand
SELECT setval('kg.room_atom', 100) \g /dev/null
CREATE FUNCTION booked(room int, start text) RETURNS int LANGUAGE sql AS $$
	SELECT ((kg.booking_create(NULL, 'x', room, start::timestamp,
		start::timestamp + interval '3 hours', 0, 0, 'internal', NULL, NULL, NULL,
		'B', NULL)).object_id)::int
$$;
CREATE FUNCTION new_room(name text) RETURNS int LANGUAGE sql AS $$
	SELECT ((kg.room_add(NULL, 'x', 1, name, NULL, false, false, NULL)).object_id)::int
$$;

-- a hall and its halves
SELECT new_room('Kælder A') AS a, new_room('Kælder B') AS b \gset
SELECT booked(3, '2030-05-02 09:00') AS hall \gset
SELECT is(call('room_change', 2, '{"room_id": 1, "halves": []}', 1) #> '{body,version}',
	'1', 'a room by itself that is to be one is not changed');
SELECT is(parts, '{[1,2)}', 'and is a part of the hall as before') FROM kg.room
WHERE id = 1;
SELECT is(call('room_change', 2, jsonb_build_object('room_id', 1, 'halves',
		array[:a, :b]), 1) - 'detail', '{"state": "KG006",
	"message": "the room Øst is a part of the room Salen",
	"hint": "make Salen of its other parts and of what Øst will be made of first"}',
	'a half is not divided under its hall');
SELECT throws_ok('UPDATE kg.room SET parts = ''{[50,51)}'' WHERE id = 1', 'KG006',
	NULL, 'whoever does it');
SELECT is(call('room_change', 2, jsonb_build_object('room_id', 3, 'halves',
		array[2, :a, :b]), 1) ->> 'status', '200', 'the hall is made anew first');
SELECT booked(1, '2030-05-02 09:00') AS half \gset
SELECT is(call('room_change', 2, jsonb_build_object('room_id', 1, 'halves',
		array[:a, :b]), 1) #>> '{detail,conflicts,0,booking_id}', :'hall',
	'the half does not come back under what the hall has');
UPDATE kg.booking SET status = 'cancelled' WHERE id = :half;
SELECT is(call('room_change', 2, jsonb_build_object('room_id', 1, 'halves',
		array[:a, :b]), 1) ->> 'status', '200', 'then it is divided');
SELECT is(call('room_get', 2, '{"room_id": 3}') #> '{body,made_of}', format(
	'[{"id": %s, "name": "Kælder A"}, {"id": %s, "name": "Kælder B"},
	{"id": 2, "name": "Vest"}, {"id": 1, "name": "Øst"}]', :a, :b)::jsonb,
	'and is in the hall again');
SELECT is(call('booking_create', 1, '{"room_id": 1, "title": "x",
	"starts_local": "2030-05-02T09:00", "ends_local": "2030-05-02T10:00"}')
	->> 'state', 'KG007', 'which excludes it');

-- out of use
SELECT new_room('Loftet') AS loft \gset
SELECT booked(:loft, '2030-06-02 09:00') AS one,
	booked(:loft, '2030-06-03 09:00') AS other \gset
SELECT kg.booking_cancel(NULL, 'x', :one, NULL) \g /dev/null
SELECT max(id) AS undone FROM kg.journal WHERE object = 'booking' \gset
SELECT kg.booking_move(NULL, 'x', :other, NULL, 2, NULL, NULL, NULL) \g /dev/null
SELECT max(id) AS moved FROM kg.journal WHERE object = 'booking' \gset
SELECT kg.room_change(NULL, 'x', :loft, NULL, '{"retired": true}') \g /dev/null
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', id)) ->> 'message',
	'the room Loftet is out of use', why)
FROM (VALUES (:undone, 'no undo of a cancellation'), (:moved, 'nor of a move books it'))
	AS t (id, why);
SELECT throws_ok(format('UPDATE kg.booking SET status = ''confirmed'' WHERE id = %s',
	:one), 'KG006', 'the room Loftet is out of use', 'nor does anybody else');

-- in another house
SELECT ((kg.booking_create(NULL, 'x', 2, NULL, NULL, 0, 0, 'session', 2, NULL, NULL,
	NULL, NULL)).object_id)::int AS day_two,
	((kg.booking_create(NULL, 'x', 2, NULL, NULL, 0, 0, 'session', 3, NULL, NULL,
	NULL, NULL)).object_id)::int AS day_three \gset
SELECT kg.booking_cancel(NULL, 'x', :day_two, NULL) \g /dev/null
SELECT kg.session_move(NULL, 'x', 'R-1', 2, NULL, NULL, NULL, 2, NULL) \g /dev/null
SELECT throws_ok(format('SELECT kg.booking_restore(NULL, ''x'', %s, NULL)', :day_two),
	'KG005', 'the room Vest is in another venue than the session',
	'a booking does not come back for a session elsewhere');
SELECT kg.session_cancel(NULL, 'x', 'R-1', 3, NULL) \g /dev/null
SELECT is(status_before_cancel, 'confirmed', 'a cancelled session''s room rests')
FROM kg.booking WHERE id = :day_three;
SELECT kg.run_move(NULL, 'x', 'R-1', NULL, NULL, 2) \g /dev/null
SELECT kg.session_restore(NULL, 'x', 'R-1', 3, NULL) \g /dev/null
SELECT is(status, 'cancelled', 'but not when its run has moved to another house')
FROM kg.booking WHERE id = :day_three;
SELECT throws_ok($$UPDATE kg.session SET venue_id = 2 WHERE id = 4;
	INSERT INTO kg.booking (room_id, starts_local, ends_local, setup_min, clear_min,
		kind, session_id, title)
	SELECT 4, starts_local, ends_local, 0, 0, 'session', id, 'x'
	FROM kg.session WHERE id = 4$$, 'KG005', NULL, 'nobody books it elsewhere');
SELECT kg.booking_create(NULL, 'x', 4, NULL, NULL, 0, 0, 'session', 4, NULL, NULL,
	NULL, NULL) \g /dev/null
SELECT throws_ok('UPDATE kg.session SET venue_id = 2 WHERE id = 4', 'KG005', NULL,
	'nor moves it away from its rooms');
SELECT * FROM finish();
