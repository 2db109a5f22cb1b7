-- Rule 8: never more heads than the room holds, with a set-up or without, whatever way
-- they come, and whatever the room is said to hold later.
\ir api.sql
INSERT INTO kg.room_setup (room_id, setup, capacity) VALUES (4, 'islands', 30);
CREATE FUNCTION wish(room int, day text, more jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('room_id', room, 'title', 'Møde',
		'starts_local', day || 'T09:00', 'ends_local', day || 'T12:00') || more
$$;
CREATE FUNCTION said(answer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', answer ->> 'state', answer ->> 'status',
		answer #> '{detail,fields}', answer #> '{detail,capacity}',
		nullif(answer ->> 'hint', ''))
$$;

SELECT is(said(call('booking_create', 1, wish(1, '2030-05-02',
	'{"head_count": 5000}'))), 'KG005 ["head_count"] 40 it holds: 40 in theatre, '
	'25 in islands', 'without set-up and default the largest set-up counts');
SELECT is(said(call('booking_create', 1, wish(1, '2030-05-02',
	'{"head_count": 40}'))), '201', 'which may be filled');
SELECT is(said(call('booking_create', 1, wish(1, '2030-05-03',
	'{"head_count": 26, "setup": "islands"}'))),
	'KG005 ["head_count"] 25 in islands it holds 25', 'a set-up holds what it holds');
SELECT is(said(call('booking_change', 1, '{"booking_id": 1, "setup": null,
	"head_count": 900}', 1)), 'KG005 ["head_count"] 40 it holds: 40 in theatre, '
	'25 in islands', 'a change without a set-up is held to it too');
SELECT is(said(call('booking_create', 1, wish(3, '2030-06-03',
	'{"head_count": 5000}'))), '201', 'of a room without set-ups nobody can say');
SELECT is(said(call('room_change', 2, '{"room_id": 1, "default_setup": "islands"}',
	(SELECT version FROM kg.room WHERE id = 1))),
	'KG006 change such bookings first',
	'a default that holds fewer than a coming booking asks for is refused');
SELECT call('booking_change', 1, '{"booking_id": 1, "head_count": 25}', 1) \g /dev/null
SELECT is(said(call('room_change', 2, '{"room_id": 1, "default_setup": "islands"}',
	(SELECT version FROM kg.room WHERE id = 1))), '200', 'one that holds them is taken');
SELECT is(said(call('booking_create', 1, wish(1, '2030-05-06',
	'{"head_count": 26, "setup": ""}'))), 'KG005 ["head_count"] 25 it holds: 40 in '
	'theatre, 25 in islands', 'then the default counts');
SELECT is(said(call('room_setup_put', 2, '{"room_id": 1, "setup": "islands",
	"capacity": 24}', (SELECT version FROM kg.room WHERE id = 1))),
	'KG006 change such bookings first',
	'so it does when the default is said to hold fewer');
SELECT is(said(call('session_create', 1, '{"run_no": "R-1", "room_id": 1, "setup": "",
	"starts_local": "2030-05-08T09:00", "ends_local": "2030-05-08T12:00",
	"head_count": 26}')), 'KG005 ["head_count"] 25 it holds: 40 in theatre, '
	'25 in islands', 'a session''s room too');
SELECT throws_ok('UPDATE kg.booking SET head_count = 26 WHERE id = 1',
	'the room Øst is too small for 26', 'and the table itself holds to it');
SELECT throws_ok('INSERT INTO kg.booking (room_id, starts_local, ends_local, zone,
	setup_min, clear_min, kind, title, head_count) VALUES (4, ''2030-05-02 09:00'',
	''2030-05-02 10:00'', ''Europe/Copenhagen'', 0, 0, ''internal'', ''x'', 31)',
	'the room Nabolokalet is too small for 31', 'for what is inserted by hand too');
SELECT throws_ok('DELETE FROM kg.room_setup WHERE room_id = 1 AND setup = ''theatre'';
	UPDATE kg.room_setup SET capacity = 20 WHERE room_id = 1', 'KG006', NULL,
	'nor can set-ups go below it by hand');
UPDATE kg.booking SET status = 'cancelled' WHERE id = 1;
SELECT is(said(call('room_setup_put', 2, '{"room_id": 1, "setup": "islands",
	"capacity": 24}', (SELECT version FROM kg.room WHERE id = 1))), '200',
	'what is cancelled binds nobody');
SELECT is(said(call('booking_restore', 1, '{"booking_id": 1}',
	(SELECT version FROM kg.booking WHERE id = 1))),
	'KG005 ["head_count"] 24 it holds: 40 in theatre, 24 in islands',
	'and does not come back as it was');

-- a booking from before, when nobody counted
ALTER TABLE kg.booking DISABLE TRIGGER m_heads;
INSERT INTO kg.booking (room_id, starts_local, ends_local, zone, setup_min, clear_min, kind,
	title, head_count)
VALUES (4, '2030-09-02 09:00', '2030-09-02 10:00', 'Europe/Copenhagen', 0, 0, 'internal',
	'Fra før', 31) RETURNING id AS old \gset
ALTER TABLE kg.booking ENABLE TRIGGER m_heads;
CREATE FUNCTION move(id int, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('booking_move', 2, jsonb_build_object('booking_id', id) || more,
		(SELECT b.version FROM kg.booking b WHERE b.id = move.id))
$$;
SELECT move(:old, '{"starts_local": "2030-09-03T09:00"}') AS refused \gset
SELECT is((:'refused')::jsonb ->> 'message', format('booking %s is for 31, and the room '
	'Nabolokalet holds 30', :old), 'one from before that is too large is told so');
SELECT is((:'refused')::jsonb ->> 'hint', 'change its number of persons or its set-up '
	'first, or take a larger room', 'with what to do');
SELECT is(((:'refused')::jsonb -> 'detail') - array['alternatives', 'setups'],
	'{"fields": ["head_count"], "capacity": 30, "head_count": 31}', 'and in figures');
SELECT is(move(:old, '{"room_id": 2}') ->> 'message', 'the room Vest is too small for 31',
	'in another room it is that one that is too small');
CREATE FUNCTION over(who int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(i -> 'title') FROM jsonb_array_elements(
		call('bookings_list', who, '{"over_capacity": true}') #> '{body,items}') AS i
$$;
SELECT is(over(2), '["Fra før"]', 'such bookings can be listed');
SELECT is(over(1), NULL, 'by who may see their number');
SELECT is(call('booking_change', 2, jsonb_build_object('booking_id', :old, 'head_count', 30),
	1) ->> 'status', '200', 'put right');
SELECT is(move(:old, '{"starts_local": "2030-09-03T09:00"}') ->> 'status', '200',
	'it moves');
SELECT is(over(2), NULL, 'and is listed no longer');
SELECT * FROM finish();
