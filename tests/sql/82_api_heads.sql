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
SELECT * FROM finish();
