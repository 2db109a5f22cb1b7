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
SELECT booked(:a, '2030-05-02 11:00') AS cellar \gset
SELECT is(call('room_change', 2, jsonb_build_object('room_id', 1, 'halves',
		array[:a, :b]), 1) #>> '{detail,conflicts,0,booking_id}', :'cellar',
	'a half is not made of what its hall would meet');
SELECT kg.booking_cancel(NULL, 'x', :cellar, NULL) \g /dev/null
SELECT is(call('room_change', 2, jsonb_build_object('room_id', 1, 'halves',
		array[:a, :b]), 1) ->> 'status', '200', 'of others it is');
SELECT max(id) AS divided FROM kg.journal WHERE object = 'room' \gset
SELECT is(call('room_get', 2, '{"room_id": 3}') #> '{body,made_of}', format(
	'[{"id": %s, "name": "Kælder A"}, {"id": %s, "name": "Kælder B"},
	{"id": 2, "name": "Vest"}, {"id": 1, "name": "Øst"}]', :a, :b)::jsonb,
	'and stays a part of the hall, which has its parts too');
SELECT is(call('booking_create', 1, jsonb_build_object('room_id', room, 'title', 'x',
		'starts_local', '2030-05-02T09:00', 'ends_local', '2030-05-02T10:00'))
	->> 'state', 'KG007', format('room %s is taken with the hall', room))
FROM unnest(array[1, 2, :a, :b]) AS room;
SELECT ok(NOT parts @> 1, 'nobody has what it was') FROM kg.room WHERE id = 3;
SELECT is(call('room_change', 2, '{"room_id": 1, "halves": []}', 2) ->> 'status', '200',
	'it is one by itself again');
SELECT is(call('room_get', 2, '{"room_id": 1}') #> '{body,made_of}', '[]',
	'made of nothing');
SELECT ok((SELECT bool_and(w.parts @> x.parts) FROM kg.room w, kg.room x
	WHERE w.id = 3 AND x.id IN (1, 2, :a, :b)),
	'the hall has it, and what others in it have');
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', :divided))
	->> 'state', 'KG006', 'what was built upon is not undone');
SELECT max(id) AS whole FROM kg.journal WHERE object = 'room' \gset
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', :whole)) ->> 'status',
	'200', 'the last one is');
SELECT ok((SELECT bool_and(w.parts @> x.parts) FROM kg.room w, kg.room x
	WHERE w.id = 3 AND x.id IN (1, 2, :a, :b)), 'with the hall');

-- a hall that is said to be of others, and undone after its half was divided
SELECT new_room('C') AS c \gset
SELECT new_room('D') AS d \gset
SELECT call('room_create', 2, jsonb_build_object('venue_id', 1, 'name', 'Hal',
	'halves', array[:c, :d])) #>> '{body,id}' AS hall_two \gset
SELECT call('room_change', 2, jsonb_build_object('room_id', :hall_two, 'halves',
	array[:d, :a]), 1) \g /dev/null
SELECT max(id) AS remade FROM kg.journal WHERE object = 'room' \gset
SELECT call('room_change', 2, jsonb_build_object('room_id', :c, 'halves',
	array[2, :b]), 1) \g /dev/null
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', :remade))
	->> 'message', format('the room Hal is made of rooms that are divided %s',
	'differently now'), 'an undo brings nothing back that no room has');
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', (SELECT j.id
	FROM kg.journal j WHERE j.object = 'room' AND j.object_id = :'d'
		AND j.action = 'insert'))) ->> 'message',
	'the room D is a part of the room Hal', 'nor takes one that others are made of');
SELECT call('room_create', 2, jsonb_build_object('venue_id', 1, 'name', 'Halvdelen',
	'halves', array[1, 2], 'default_setup', 'islands', 'setups', '[{"setup": "islands",
	"capacity": 9}]'::jsonb, 'why', 'en halv')) \g /dev/null
SELECT call('room_change', 2, jsonb_build_object('room_id', 3, 'halves',
	array[1, 2, :d])) \g /dev/null
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', (SELECT max(j.id)
	FROM kg.journal j WHERE j.why = 'en halv'))) ->> 'status', '200',
	'one of others, whose atoms stay, goes with its set-up by default');
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', (SELECT max(j.id)
	FROM kg.journal j WHERE j.object = 'room' AND j.action = 'delete'))) ->> 'status',
	'200', 'and comes back with it');
SELECT is(call('room_change', 2, jsonb_build_object('room_id', :d, 'halves',
	array[:hall_two, 1]), 1) ->> 'message',
	'a combined room is made of rooms of its venue', 'a part is not made of its whole');
SELECT call('room_create', 2, jsonb_build_object('venue_id', 1, 'name', 'Hal to',
	'halves', array[:d, :a])) #>> '{body,id}' AS alias \gset
SELECT call('room_change', 2, jsonb_build_object('room_id', :alias, 'halves',
	array[:d, :b]), 1) \g /dev/null
SELECT is(jsonb_array_length(call('room_get', 2, jsonb_build_object('room_id', :hall_two))
	#> '{body,made_of}'), 2, 'a room of the same parts is no part');
SELECT throws_ok('UPDATE kg.room SET parts = ''{[50,51)}'' WHERE id = 2', 'KG006',
	'the room Vest is a part of the room Salen', 'nor does anybody else part them');

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

-- too small by now
SELECT ((kg.booking_create(NULL, 'x', 2, '2030-07-02 09:00', '2030-07-02 12:00', 0, 0,
	'internal', NULL, 'islands', 18, 'B', NULL)).object_id)::int AS big \gset
SELECT kg.booking_move(NULL, 'flyt', :big, NULL, 1, NULL, NULL, NULL) \g /dev/null
SELECT kg.room_setup_put(NULL, 'x', 2, NULL, 'islands', 10, 0, 0) \g /dev/null
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', (SELECT max(j.id)
	FROM kg.journal j WHERE j.why = 'flyt'))) ->> 'hint', 'the room has become too '
	'small for the booking: change its heads or its room instead',
	'a booking does not come back to where it does not fit');

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
