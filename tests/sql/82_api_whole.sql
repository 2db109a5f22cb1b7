-- What would do for all of a run or of a series, when several of its dates meet something.
-- Each that is offered, asked for as it is offered, is to be had.
\ir api.sql
-- Øst (1), Vest (2) and Salen (3) of both; Nord (6), Syd (7) and Tårnet (8) beside them.
INSERT INTO kg.room (venue_id, name, parts) VALUES (1, 'Nord', '{[30,31)}'),
	(1, 'Syd', '{[31,32)}'), (1, 'Tårnet', '{[32,33)}');
INSERT INTO kg.room_setup (room_id, setup, capacity, setup_min, clear_min)
VALUES (6, 'islands', 30, 15, 15), (7, 'islands', 25, 15, 15), (8, 'islands', 12, 0, 0),
	(6, 'theatre', 50, 0, 0);
UPDATE kg.room SET default_setup = 'islands' WHERE id IN (1, 2, 6, 7);
UPDATE kg.room SET equipment = '{projector}' WHERE id IN (1, 6);
CREATE FUNCTION booked(room int, day text, starts text DEFAULT '10:00',
	ends text DEFAULT '12:00', more jsonb DEFAULT '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('booking_create', 2, jsonb_build_object('room_id', room,
		'title', 'I vejen', 'setup', '', 'starts_local', day || 'T' || starts,
		'ends_local', day || 'T' || ends) || more)
$$;
-- What is offered, and what each comes to when it is asked for; nothing stays.
CREATE FUNCTION tried(refused jsonb, route text, asked jsonb, version int DEFAULT NULL)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	one jsonb;
	came jsonb;
	told text[] := '{}';
BEGIN
	FOR one IN SELECT * FROM jsonb_array_elements(refused #> '{detail,alternatives}')
	LOOP
		BEGIN
			came := call(route, 2, asked || CASE WHEN one ? 'sessions' THEN
				jsonb_build_object('rooms', (SELECT jsonb_agg(jsonb_build_object(
					'no', n, 'room_id', one -> 'room_id')
					|| CASE WHEN one ->> 'setup' IS NULL THEN '{}' ELSE
						jsonb_build_object('setup', one -> 'setup') END)
					FROM jsonb_array_elements(one -> 'sessions') AS n))
				WHEN one ->> 'reason' = 'time' THEN jsonb_build_object('starts',
					substr(one ->> 'starts_local', 12), 'ends',
					substr(one ->> 'ends_local', 12))
				ELSE jsonb_build_object('room_id', one -> 'room_id')
					|| CASE WHEN one ->> 'setup' IS NULL THEN '{}' ELSE
					jsonb_build_object('setup', one -> 'setup') END END, version);
			RAISE SQLSTATE 'KGBCK';
		EXCEPTION WHEN SQLSTATE 'KGBCK' THEN
			told := told || concat_ws(' ', one ->> 'reason', one ->> 'room',
				one -> 'sessions', substr(one ->> 'starts_local', 12),
				nullif(one -> 'missing', '[]'), coalesce(came ->> 'status',
					concat_ws(' ', came ->> 'state', came ->> 'message')));
		END;
	END LOOP;
	RETURN concat_ws(': ', refused ->> 'state', array_to_string(told, ', '));
END
$$;

-- a run of three days, the first two in Øst, the third in Vest
INSERT INTO kg.run (run_no, seminar_id, office_id, venue_id, capacity, min_participants)
VALUES ('H-1', 1, 1, 1, 20, 0);
INSERT INTO kg.session (run_id, no, venue_id, starts_local, ends_local)
SELECT id, n, 1, '2030-05-05 09:00'::timestamp + n * interval '1 day',
	'2030-05-05 16:00'::timestamp + n * interval '1 day'
FROM kg.run, generate_series(1, 3) AS n WHERE run_no = 'H-1';
SELECT call('run_move', 2, '{"run_no": "H-1", "rooms": [{"no": 1, "room_id": 1},
	{"no": 2, "room_id": 1}, {"no": 3, "room_id": 2}]}') \g /dev/null
CREATE FUNCTION run_to(more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT tried(call('run_move', 2, asked), 'run_move', asked)
	FROM CAST('{"run_no": "H-1", "starts_on": "2030-06-03"}'::jsonb || more AS jsonb)
		AS asked
$$;
SELECT booked(1, '2030-06-03') \g /dev/null
SELECT is(run_to(), 'KG007: room Nord [1] 09:00 200, room Vest [1] 09:00 ["projector"] 200, '
	'room Syd [1] 09:00 ["projector"] 200',
	'one day of several is given another room');
SELECT booked(1, '2030-06-04') \g /dev/null
SELECT is(run_to(), 'KG007: room Nord [1, 2] 09:00 200, room Vest [1, 2] 09:00 '
	'["projector"] 200, room Syd [1, 2] 09:00 ["projector"] 200',
	'several days are: each that is free on all of them, large enough, the best first');
SELECT booked(6, '2030-06-04', '16:00', '17:00') \g /dev/null
SELECT is(run_to(), 'KG007: room Vest [1, 2] 09:00 ["projector"] 200, '
	'room Syd [1, 2] 09:00 ["projector"] 200',
	'clearing counts: in Nord it meets what comes after');
SELECT is(run_to('{"rooms": [{"no": 3, "room_id": 7}]}'),
	'KG007: room Vest [1, 2] 09:00 ["projector"] 200, '
	'room Syd [1, 2] 09:00 ["projector"] 200', 'the room that another day is in is free on these');
SELECT booked(2, '2030-06-05') \g /dev/null
SELECT is(run_to(), 'KG007: room Syd [1, 2, 3] 09:00 ["projector"] 200',
	'two rooms that are taken are replaced by one');
SELECT booked(7, '2030-06-03', '15:00', '18:00') \g /dev/null
SELECT is(run_to(), 'KG007: ', 'where none is free on all days none is offered');
SELECT is(call('run_move', 6, '{"run_no": "R-1", "starts_on": "2030-06-03"}') ->> 'state',
	'KG001', 'who may not move it is told nothing');

-- sessions that are made together
CREATE FUNCTION made(more jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('run_create', 2, jsonb_build_object('run_no', 'H-2', 'seminar', 'kursus',
		'office', 'AAR', 'sessions', (SELECT jsonb_agg(jsonb_build_object(
			'starts_local', d || 'T09:00', 'ends_local', d || 'T16:00',
			'room_id', 1, 'head_count', 20) || more)
		FROM unnest(array['2030-06-03', '2030-06-04', '2030-06-06']) AS d)))
$$;
SELECT booked(2, '2030-06-06') \g /dev/null
SELECT is((SELECT jsonb_agg(jsonb_build_array(a -> 'room', a -> 'sessions'))
	FROM jsonb_array_elements(made('{}') #> '{detail,alternatives}') AS a), NULL,
	'a new run finds no room for all its days here');
UPDATE kg.booking SET status = 'cancelled' WHERE room_id = 7;
SELECT is((SELECT jsonb_agg(jsonb_build_array(a -> 'room', a -> 'sessions', a -> 'setup'))
	FROM jsonb_array_elements(made('{}') #> '{detail,alternatives}') AS a),
	'[["Syd", [1, 2, 3], "islands"]]', 'or one for all that were to be in the taken room');
SELECT is(made('{"room_id": 7, "setup": "islands"}') ->> 'status', '201',
	'which is to be had');

-- two rooms for one session
UPDATE kg.session SET starts_local = '2030-06-04 09:00', ends_local = '2030-06-04 16:00'
WHERE id = 3;
SELECT booked(2, '2030-06-04') \g /dev/null
CREATE FUNCTION two_rooms() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(a -> 'room_ids') FROM jsonb_array_elements(
		call('booking_create', 2, '{"run_no": "R-1", "session_no": 3,
		"room_ids": [1, 2], "setup": ""}') #> '{detail,alternatives}') AS a
$$;
SELECT is(two_rooms(), '[[6, 8]]', 'two rooms that are taken are replaced by two');
SELECT booked(6, '2030-06-04') \g /dev/null
SELECT is(two_rooms(), NULL, 'or by none');

-- the run's own bookings are in nobody's way; and one room holds one session at a time
INSERT INTO kg.run (run_no, seminar_id, office_id, venue_id, capacity, min_participants)
VALUES ('H-3', 1, 1, 1, 10, 0);
INSERT INTO kg.session (run_id, no, venue_id, starts_local, ends_local)
SELECT id, n, 1, '2030-07-01 09:00', '2030-07-01 12:00'
FROM kg.run, generate_series(1, 2) AS n WHERE run_no = 'H-3';
SELECT call('run_move', 2, '{"run_no": "H-3", "rooms": [{"no": 1, "room_id": 3,
	"setup": "", "head_count": null}]}') \g /dev/null
CREATE FUNCTION h3_to(day text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_array(a -> 'room', a -> 'sessions'))
	FROM jsonb_array_elements(call('run_move', 2, jsonb_build_object('run_no', 'H-3',
		'starts_on', day)) #> '{detail,alternatives}') AS a
$$;
SELECT booked(2, '2030-07-08') \g /dev/null
SELECT is(h3_to('2030-07-08'), '[["Tårnet", [1]], ["Syd", [1]], ["Øst", [1]]]',
	'a half is offered instead of the hall that it was in');
SELECT call('run_move', 2, '{"run_no": "H-3", "rooms": [{"no": 1, "room_id": 1},
	{"no": 2, "room_id": 2}]}') \g /dev/null
SELECT booked(3, '2030-07-08', '09:00', '09:30') \g /dev/null
SELECT is(h3_to('2030-07-08'), NULL, 'no room is offered for two sessions at once');
SELECT booked(2, '2030-07-09') \g /dev/null
CREATE FUNCTION at_once(room int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(a -> 'room' ORDER BY n) FROM jsonb_array_elements(
		call('run_create', 2, jsonb_build_object('run_no', 'H-4', 'seminar', 'kursus',
		'office', 'AAR', 'sessions', (SELECT jsonb_agg(jsonb_build_object(
			'starts_local', d || 'T09:00', 'ends_local', d || 'T12:00',
			'room_id', r, 'head_count', 20))
		FROM (VALUES (2, '2030-07-08'), (2, '2030-07-09'), (room, '2030-07-08'))
			AS v (r, d)))) #> '{detail,alternatives}') WITH ORDINALITY AS u (a, n)
$$;
SELECT is(at_once(7), '["Nord"]', 'nor one that another of them is to be in');

-- a series: Tuesdays 9-12, and something in the way on two of them
CREATE FUNCTION asked(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"room_id": 1, "title": "Ledelse", "from": "2030-09-03",
		"until": "2030-10-29", "starts": "09:00", "ends": "12:00",
		"head_count": 22}'::jsonb || more
$$;
CREATE FUNCTION series(more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT tried(call('series_create', 2, asked(more)), 'series_create', asked(more))
$$;
SELECT booked(1, '2030-09-10') \g /dev/null
SELECT booked(1, '2030-10-22', '08:00', '08:30') \g /dev/null
SELECT is(series(), 'KG409: room Nord 09:00 201, room Syd 09:00 ["projector"] 201, '
	'time Øst 13:00 201', 'rooms and hours that are free on all its dates');
SELECT is(series('{"setup": "theatre", "head_count": 45}'),
	'KG005: ', 'a room too small is told by its first date');
SELECT is(series('{"setup": "theatre"}'), 'KG409: room Nord 09:00 201, time Øst 12:00 201',
	'in the set-up that is asked for');
SELECT booked(6, '2030-09-24', '12:00', '12:15') \g /dev/null
SELECT booked(1, '2030-10-08', '14:00', '15:00') \g /dev/null
SELECT is(series(), 'KG409: room Syd 09:00 ["projector"] 201, time Øst 16:00 201',
	'on each of them, set-up and clearing included');
SELECT is(series('{"overrides": [{"date": "2030-10-08", "starts_local":
	"2030-10-08T07:00", "ends_local": "2030-10-08T08:00"}]}'),
	'KG409: room Syd 09:00 ["projector"] 201', 'a date with hours of its own keeps them');
SELECT is(series('{"overrides": [{"date": "2030-09-24", "room_id": 7}]}'), 'KG409: room Nord 09:00 201, '
	'room Syd 09:00 ["projector"] 201', 'or its room');
SELECT booked(1, '2030-11-05', '16:00', '17:00') \g /dev/null
SELECT is(series('{"from": "2030-11-05", "until": "2030-11-12", "starts": "16:00",
	"ends": "18:00"}'), 'KG409: room Nord 16:00 201, room Syd 16:00 ["projector"] 201, '
	'time Øst 18:00 201', 'the hours are the nearest, earlier or later');
SELECT is(series('{"overrides": [{"date": "2030-09-24", "skip": true}]}'),
	'KG409: room Nord 09:00 201, room Syd 09:00 ["projector"] 201, time Øst 16:00 201',
	'one that is skipped does not count');

-- a series that changes
SELECT call('series_create', 2, asked('{"room_id": 8, "head_count": 10}'))
	#>> '{body,id}' AS series \gset
CREATE FUNCTION change(series int, more jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT tried(call('series_change', 2, wish, version), 'series_change', wish, version)
	FROM CAST(jsonb_build_object('series_id', series, 'from', '2030-09-01') || more
		AS jsonb) AS wish, CAST((call('series_get', 2, jsonb_build_object('series_id',
		series)) #>> '{body,version}')::int AS int) AS version
$$;
SELECT is(change(:series, '{"room_id": 1}'), 'KG409: room Nord 09:00 200, '
	'room Tårnet 09:00 ["projector"] 200, time Øst 15:00 200',
	'one that changes is told what would do for all of it');
SELECT call('series_cancel', 2, jsonb_build_object('series_id', :series, 'from',
	'2030-09-01'), 1) ->> 'status' \g /dev/null
SELECT booked(8, '2030-09-10') \g /dev/null
SELECT is(jsonb_build_array(a -> 'state', a #> '{detail,alternatives}'), '["KG409", []]'::jsonb,
	'one that comes back takes the rooms that it had, or none')
FROM call('series_restore', 2, jsonb_build_object('series_id', :series, 'from',
	'2030-09-01'), 10) AS a;
SELECT * FROM finish();
