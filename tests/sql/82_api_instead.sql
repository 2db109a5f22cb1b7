-- What a refusal offers instead would be taken, as it is offered: for one room and for
-- several, with and without a set-up and a head-count.
\ir api.sql
-- Øst (1), Vest (2) and Salen (3) of both; Nord (6) and Syd (7) beside them; and in the
-- other office's house Nabolokalet (4) and Gaarden (8).
INSERT INTO kg.room (venue_id, name, parts) VALUES (1, 'Nord', '{[30,31)}'),
	(1, 'Syd', '{[31,32)}'), (3, 'Gaarden', '{[32,33)}');
INSERT INTO kg.room_setup (room_id, setup, capacity, setup_min, clear_min)
VALUES (3, 'islands', 50, 60, 60), (4, 'islands', 30, 45, 15),
	(6, 'islands', 20, 90, 30), (6, 'theatre', 50, 30, 0), (7, 'islands', 25, 15, 15),
	(8, 'islands', 60, 30, 30);
UPDATE kg.room SET default_setup = 'islands' WHERE id IN (1, 2, 6);
UPDATE kg.room SET equipment = '{projector}' WHERE id IN (1, 7);
CREATE FUNCTION wish(rooms int[], more jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('title', 'Møde', 'starts_local', '2030-05-07T10:00',
		'ends_local', '2030-05-07T12:00') || CASE cardinality(rooms)
		WHEN 1 THEN jsonb_build_object('room_id', rooms[1])
		ELSE jsonb_build_object('room_ids', rooms) END || more
$$;
-- Each alternative of a refused wish, taken as it is: what came of it. Nothing stays.
CREATE FUNCTION taken(refused jsonb, asked jsonb, who int DEFAULT 2) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	one jsonb;
	came jsonb;
	told text[] := '{}';
BEGIN
	FOR one IN SELECT * FROM jsonb_array_elements(refused #> '{detail,alternatives}')
	LOOP
		BEGIN
			came := call('booking_create', who, asked - array['room_id']
				|| jsonb_build_object('room_ids', one -> 'room_ids',
					'starts_local', one -> 'starts_local',
					'ends_local', one -> 'ends_local')
				|| CASE WHEN one ->> 'setup' IS NULL THEN '{}'
					ELSE jsonb_build_object('setup', one -> 'setup') END);
			RAISE SQLSTATE 'KGBCK';
		EXCEPTION WHEN SQLSTATE 'KGBCK' THEN
			told := told || format('%s %s', one ->> 'reason',
				coalesce(came ->> 'status', came ->> 'state'));
		END;
	END LOOP;
	RETURN array_to_string(told, ', ');
END
$$;
-- In the way: Øst all the time there is set-up for, and Vest in the afternoon.
SELECT call('booking_create', 2, wish('{1}', '{"setup": ""}')) \g /dev/null
SELECT call('booking_create', 2, wish('{2}', '{"starts_local": "2030-05-07T13:00",
	"ends_local": "2030-05-07T17:00", "setup": ""}')) \g /dev/null

CREATE TABLE wished AS SELECT t.*, call('booking_create', 2, asked) AS answer
FROM (VALUES
	('one room', wish('{1}'), 'KG007', 'room 201, time 201, day 201'),
	('without a set-up', wish('{1}', '{"setup": ""}'), 'KG007',
		'room 201, time 201, day 201'),
	('with a set-up', wish('{1}', '{"setup": "theatre"}'), 'KG007',
		'room 201, time 201, day 201'),
	('a head-count', wish('{1}', '{"head_count": 22}'), 'KG007',
		'room 201, time 201, day 201'),
	('a head-count above each default here', wish('{1}', '{"head_count": 45}'),
		'KG005', 'room 201, office 201'),
	('a head-count and no set-up', wish('{1}', '{"head_count": 22, "setup": ""}'),
		'KG007', 'room 201, time 201, day 201'),
	('a set-up and a head-count', wish('{1}', '{"setup": "islands",
		"head_count": 25}'), 'KG007', 'room 201, time 201, day 201'),
	('minutes of its own', wish('{1}', '{"setup_min": 180, "clear_min": 0}'), 'KG007',
		'room 201, time 201, day 201'),
	('catering', wish('{1}', '{"catering_count": 5, "catering_days": 3}'), 'KG007',
		'room 201, time 201, day 201'),
	('two rooms', wish('{1,2}'), 'KG007', 'room 201, time 201, day 201'),
	('two rooms, a set-up', wish('{1,2}', '{"setup": "islands"}'), 'KG007',
		'room 201, time 201, day 201'),
	('two rooms, a head-count', wish('{1,2}', '{"head_count": 20}'), 'KG007',
		'room 201, time 201, day 201'),
	('two rooms, none to spare here', wish('{1,7}', '{"setup": "islands",
		"head_count": 25}'), 'KG007', 'time 201, day 201, office 201'),
	('two rooms, one too small', wish('{1,2}', '{"setup": "islands",
		"head_count": 25}'), 'KG005', 'office 201'),
	('three rooms', wish('{1,2,6}'), 'KG007', 'room 201, time 201, day 201'),
	('four rooms', wish('{1,2,6,7}'), 'KG007', 'time 201, day 201')
) AS t (what, asked, state, wanted);
SELECT is(answer ->> 'state', state, what || ': is refused') FROM wished;
SELECT is(taken(answer, asked), wanted, what || ': each that is offered is to be had')
FROM wished;
SELECT is(count(*), 0::bigint, 'no alternative is without its capacity')
FROM wished, jsonb_array_elements(answer #> '{detail,alternatives}') AS a
WHERE a ->> 'capacity' IS NULL;
SELECT is((SELECT a -> 'room_ids' FROM wished, jsonb_array_elements(
		answer #> '{detail,alternatives}') AS a
	WHERE what = 'two rooms' AND a ->> 'reason' = 'room'), '[2, 7]',
	'of two rooms the taken one is replaced, by one with its equipment');
SELECT is((SELECT array_agg(a ->> 'starts_local') FROM wished, jsonb_array_elements(
		answer #> '{detail,alternatives}') AS a
	WHERE what = 'two rooms' AND a ->> 'reason' = 'time'), '{2030-05-07T07:30}',
	'and the nearest time is one at which both are free');
SELECT is((SELECT a ->> 'setup' FROM wished, jsonb_array_elements(
		answer #> '{detail,alternatives}') AS a
	WHERE what LIKE '%above each%' AND a ->> 'reason' = 'room'), 'theatre',
	'a room too small by default is offered in the set-up that holds them');
SELECT is((SELECT array_agg(DISTINCT a ->> 'setup') FROM wished, jsonb_array_elements(
		answer #> '{detail,alternatives}') AS a
	WHERE what = 'two rooms, a set-up'), '{islands}',
	'what several rooms are set up as is offered with them');

SELECT is((SELECT jsonb_object_agg(a ->> 'reason', a -> 'missing') FROM wished,
		jsonb_array_elements(answer #> '{detail,alternatives}') AS a
	WHERE what = 'two rooms, one too small'), '{"office": ["projector"]}',
	'what the wished rooms have and those have not is told');
UPDATE kg.room SET step_free = true, hearing_loop = true WHERE id = 1;
SELECT is((SELECT jsonb_agg(jsonb_build_array(a -> 'room', a -> 'missing'))
	FROM jsonb_array_elements(call('booking_create', 2, wish('{1}',
		'{"setup": ""}')) #> '{detail,alternatives}') AS a),
	'[["Nord", ["hearing-loop", "projector", "step-free"]], ["Øst", []], ["Øst", []]]',
	'how one gets and hears there, too');

-- who may book where
SELECT is((SELECT jsonb_agg(jsonb_build_array(a -> 'office', a -> 'may_book'))
	FROM jsonb_array_elements(call('booking_create', 1, wish('{1,7}',
		'{"setup": "islands", "head_count": 25}')) #> '{detail,alternatives}') AS a),
	'[["AAR", true], ["AAR", true], ["KBH", false]]',
	'another office''s rooms are said to be such');

-- rooms that exclude each other
SELECT is(jsonb_build_array(a -> 'state', a -> 'message', a #> '{detail,fields}'),
	'["KG005", "the rooms Øst and Salen share walls: one wish cannot have both",
	["room_ids"]]', 'a hall and its half are no wish at all')
FROM call('booking_create', 2, wish('{1,3}', '{"starts_local": "2030-06-04T10:00",
	"ends_local": "2030-06-04T12:00"}')) AS a;

-- a session's room: rooms of its house, at its time
CREATE FUNCTION add_session(more jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('session_create', 1, '{"run_no": "R-1", "room_id": 1,
		"starts_local": "2030-05-07T10:00", "ends_local": "2030-05-07T12:00"}'
		|| more)
$$;
DO $$
DECLARE
	one jsonb;
	came text[] := '{}';
BEGIN
	FOR one IN SELECT * FROM jsonb_array_elements(add_session('{"head_count": 22}')
		#> '{detail,alternatives}')
	LOOP
		BEGIN
			came := came || concat_ws(' ', one -> 'room', add_session(
				'{"head_count": 22}' || jsonb_build_object('room_id',
				one -> 'room_id', 'setup', one -> 'setup')) ->> 'status');
			RAISE SQLSTATE 'KGBCK';
		EXCEPTION WHEN SQLSTATE 'KGBCK' THEN
			NULL;
		END;
	END LOOP;
	CREATE TABLE sessions AS SELECT came;
END
$$;
SELECT is(came, '{"\"Syd\" 201","\"Nord\" 201"}', 'a session finds its room so')
FROM sessions;

-- moves
SELECT call('booking_create', 1, wish('{7}', '{"starts_local": "2030-05-08T10:00",
	"ends_local": "2030-05-08T12:00", "head_count": 20}')) #> '{body,id}' AS mine \gset
CREATE FUNCTION move(more jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('booking_move', 1, jsonb_build_object('booking_id', b.id) || more,
		b.version)
	FROM kg.booking b ORDER BY b.id DESC LIMIT 1
$$;
SELECT move('{"room_id": 1, "starts_local": "2030-05-07T10:00"}') AS refused \gset
SELECT is((:'refused')::jsonb ->> 'state', 'KG007', 'a move into a taken room');
DO $$
DECLARE
	one jsonb;
	came text[] := '{}';
BEGIN
	FOR one IN SELECT * FROM jsonb_array_elements(move('{"room_id": 1,
		"starts_local": "2030-05-07T10:00"}') #> '{detail,alternatives}')
	LOOP
		BEGIN
			came := came || (move(jsonb_build_object('room_id', one -> 'room_id',
				'starts_local', one -> 'starts_local', 'ends_local',
				one -> 'ends_local')) ->> 'status');
			RAISE SQLSTATE 'KGBCK';
		EXCEPTION WHEN SQLSTATE 'KGBCK' THEN
			NULL;
		END;
	END LOOP;
	CREATE TABLE moved AS SELECT came;
END
$$;
SELECT is(came, '{200,200,200}', 'goes where it is told instead') FROM moved;
SELECT * FROM finish();
