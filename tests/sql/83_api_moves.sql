-- C8: a run that moves says how its rooms are to be; what it does not say stays, or is
-- as the run and the room have it.
\ir api.sql
INSERT INTO kg.room (venue_id, name, parts, setup_min) VALUES (1, 'Nord', '{[30,31)}', 5);
INSERT INTO kg.room_setup (room_id, setup, capacity, setup_min, clear_min)
VALUES (6, 'islands', 30, 45, 15), (6, 'theatre', 24, 10, 0);
UPDATE kg.room SET default_setup = 'islands' WHERE id IN (1, 2, 6);
INSERT INTO kg.run (run_no, seminar_id, office_id, venue_id, capacity, min_participants)
VALUES ('H-1', 1, 1, 2, 25, 0);
INSERT INTO kg.session (run_id, no, venue_id, starts_local, ends_local)
SELECT id, n, 2, '2030-05-06 09:00'::timestamp + n * interval '1 day',
	'2030-05-06 16:00'::timestamp + n * interval '1 day'
FROM kg.run, generate_series(1, 3) AS n WHERE run_no = 'H-1';
-- A move, and what the sessions' rooms come to, or why not.
CREATE FUNCTION moved(rooms jsonb, more jsonb DEFAULT '{}') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	said jsonb := call('run_move', 1, '{"run_no": "H-1"}' || more
		|| jsonb_build_object('rooms', rooms));
BEGIN
	RETURN CASE said ->> 'status' WHEN '200' THEN (SELECT string_agg(format(
			'%s: %s %s for %s, %s+%s', s.no, x.name, coalesce(b.room_setup, '-'),
			coalesce(b.head_count::text, '-'), b.setup_min, b.clear_min), '; '
			ORDER BY s.no, b.id)
		FROM kg.booking b JOIN kg.room x ON x.id = b.room_id
			JOIN kg.session s ON s.id = b.session_id
			JOIN kg.run r ON r.id = s.run_id
		WHERE r.run_no = 'H-1' AND b.status = 'confirmed')
		ELSE concat_ws(' ', said ->> 'state', said ->> 'message') END;
END
$$;

SELECT is(moved('[{"no": 1, "room_id": 2}]', '{"venue_id": 1}'),
	'KG005 the room Vest is too small for 25', 'a room that does not hold the run');
SELECT is(moved('[{"no": 1, "room_id": 2, "head_count": 20}]', '{"venue_id": 1}'),
	'1: Vest islands for 20, 60+30', 'holds as many as are said to come');
SELECT is(moved('[{"no": 2, "room_id": 6}, {"no": 3, "room_id": 6, "setup": "theatre",
	"head_count": 24, "setup_min": 90, "clear_min": 20}]'),
	'1: Vest islands for 20, 60+30; 2: Nord islands for 25, 45+15; '
	'3: Nord theatre for 24, 90+20',
	'a first room is set up by default for the run''s capacity, or as it is said');
UPDATE kg.booking SET notes = 'Nøgle', catering_count = 20, catering_days = 2,
	catering_diets = '{"vegan": 2}'
WHERE room_id = 2;
SELECT is(moved('[{"no": 1, "room_id": 1}]'),
	'1: Øst islands for 20, 60+30; 2: Nord islands for 25, 45+15; '
	'3: Nord theatre for 24, 90+20', 'what is moved keeps its set-up and heads');
SELECT is((notes, catering_count, catering_days, catering_diets),
	('Nøgle'::kg.prose, 20, 2, '{"vegan": 2}'::jsonb), 'its notes and catering')
FROM kg.booking WHERE room_id = 1;
SELECT is(moved('[{"no": 3, "room_id": 2}]'),
	'KG005 the room Vest has no set-up "theatre"', 'or is refused where that is not');
SELECT is(moved('[{"no": 3, "room_id": 2, "setup": "islands"}]'),
	'KG005 the room Vest is too small for 24', 'nor does a smaller one do');
SELECT is(moved('[{"no": 3, "room_id": 2, "setup": "islands", "head_count": 18}]'),
	'1: Øst islands for 20, 60+30; 2: Nord islands for 25, 45+15; '
	'3: Vest islands for 18, 60+30', 'another set-up brings its minutes');
SELECT is(moved('[{"no": 3, "room_id": 6, "setup": null, "head_count": null}]'),
	'1: Øst islands for 20, 60+30; 2: Nord islands for 25, 45+15; '
	'3: Nord - for -, 5+0', 'null is none');
SELECT is(call('run_move', 1, '{"run_no": "H-1", "rooms": [{"no": 2, "room_id": 2}]}')
	#>> '{detail,alternatives,0,room}', 'Øst', 'rooms that would do are told');
SELECT call('session_cancel', 1, '{"run_no": "H-1", "no": 3}') \g /dev/null
SELECT call('session_create', 1, '{"run_no": "H-1", "starts_local": "2030-05-20T09:00",
	"ends_local": "2030-05-20T12:00"}') \g /dev/null
SELECT is(call('session_move', 1, '{"run_no": "H-1", "no": 4, "room_id": 1}')
	->> 'status', '200', 'a session that moves into its first room');
SELECT is((head_count, room_setup), (25, 'islands'::text), 'is for as many')
FROM kg.booking WHERE starts_local = '2030-05-20 09:00';

-- the past: what is to come stays to come
UPDATE kg.clock SET shift = '2030-05-20 15:00+02'::timestamptz - clock_timestamp();
CREATE FUNCTION said(answer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', answer ->> 'state', answer ->> 'status',
		answer ->> 'message', answer #> '{detail,fields}',
		answer #> '{detail,earliest}', answer #> '{detail,due}')
$$;
CREATE FUNCTION session_to(no int, starts text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('session_move', 1, jsonb_build_object('run_no', 'H-1', 'no', no,
		'starts_local', starts))
$$;
SELECT is(said(session_to(4, '2030-05-19T09:00')), 'KG005 a session is not moved into '
	'the past ["starts_local"] "2030-05-20"', 'a session goes to no day that is past');
SELECT is(session_to(4, '2030-05-19T09:00') ->> 'hint', 'the earliest day is 2030-05-20',
	'and says which one would do');
SELECT is(said(session_to(1, '2030-05-08T09:00')), 'KG005 a session is not moved into '
	'the past ["starts_local"] "2030-05-20"', 'nor does one that has been');
SELECT is(said(session_to(1, '2030-05-07T10:00')), '200',
	'of its own day the hours can be put right');
SELECT is(said(session_to(4, '2030-05-20T08:00')), '200', 'today will do');
SELECT is(said(call('run_move', 1, '{"run_no": "H-1", "starts_on": "2030-05-19"}')),
	'KG005 a run is not moved into the past ["starts_on"] "2030-05-20"',
	'a run is told the same');

-- the kitchen: it must hear in time of the day that it is moved to
UPDATE kg.clock SET shift = '2030-05-06 08:00+02'::timestamptz - clock_timestamp();
SELECT call('booking_create', 1, '{"title": "Kun møde", "room_id": 2, "catering_count": 12,
	"starts_local": "2031-01-16T09:00", "ends_local": "2031-01-16T10:00",
	"catering_days": 5}') #>> '{body,id}' AS meeting \gset
CREATE FUNCTION run_to(day text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT said(call('run_move', 1, jsonb_build_object('run_no', 'R-1',
		'starts_on', day) || more))
$$;
SELECT run_to('2030-05-27') \g /dev/null
SELECT call('booking_create', 1, '{"run_no": "R-1", "session_no": 3, "room_id": 1,
	"catering_count": 12, "catering_days": 5}') \g /dev/null
SELECT run_to('2030-06-03') \g /dev/null
SELECT is((catering_due, catering_count), ('2030-05-29'::date, 12),
	'another day is another deadline for as many')
FROM kg.booking WHERE catering_days = 5 AND session_id = 3;
SELECT is(run_to('2030-05-07'), 'KG005 the kitchen would have wanted the number by '
	'2030-05-02 ["catering_days"] "2030-05-02"', 'a run does not come sooner than it can cook');
SELECT is(call('session_move', 1, '{"run_no": "R-1", "no": 3,
	"starts_local": "2030-05-07T07:00"}') #> '{detail,booking_id}', to_jsonb(b.id),
	'nor does a session, and the booking is named')
FROM kg.booking b WHERE b.session_id = 3;
SELECT is(said(call('booking_move', 1, jsonb_build_object('booking_id', :meeting,
		'starts_local', '2030-05-08T09:00'), 1)), 'KG005 the kitchen would have wanted '
	'the number by 2030-05-01 ["catering_days"] "2030-05-01"', 'nor a meeting');
SELECT is(said(call('booking_move', 1, jsonb_build_object('booking_id', :meeting,
		'starts_local', '2031-01-16T08:00'), 1)), '200', 'the hour is free');
SELECT is(run_to('2030-05-07', '{"rooms": [{"no": 3, "room_id": 1, "catering_days": 1,
	"catering_count": 10, "catering_diets": {"vegan": 2}}]}'), '200',
	'unless the move says how the kitchen is told');
SELECT is((catering_due, catering_count, catering_diets),
	('2030-05-08'::date, 10, '{"vegan": 2}'::jsonb), 'as the move says')
FROM kg.booking WHERE session_id = 3;
UPDATE kg.clock SET shift = shift + interval '3 days';
SELECT is(run_to(NULL, '{"rooms": [{"no": 3, "room_id": 1, "catering_count": 9}]}'),
	'KG006 the kitchen wanted the number by 2030-05-08',
	'what it has heard by then stays while the day does');
SELECT is(run_to('2030-05-10', '{"rooms": [{"no": 3, "room_id": 1,
	"catering_days": null, "catering_count": null, "catering_diets": null}]}'), '200',
	'on another day nothing may be ordered');
SELECT is((catering_due, catering_count, catering_diets), (NULL::date, NULL::int,
	NULL::jsonb), 'and nothing is')
FROM kg.booking WHERE session_id = 3;
SELECT * FROM finish();
