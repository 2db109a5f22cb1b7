-- Lists that go by indexes hold the same as if every row had been looked at.
\ir api.sql
CREATE FUNCTION ids(answer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(i ->> 'id', ' ' ORDER BY n), answer::text)
	FROM jsonb_array_elements(answer #> '{body,items}') WITH ORDINALITY AS u (i, n)
$$;
-- All pages of a list, two items each.
CREATE FUNCTION pages(route text, who int, input jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	page jsonb;
	so_far text := '';
BEGIN
	LOOP
		page := call(route, who, input || '{"limit": 2}');
		so_far := so_far || ids(page) || '|';
		EXIT WHEN page #>> '{body,next}' IS NULL;
		input := input || jsonb_build_object('cursor', page #> '{body,next}');
	END LOOP;
	RETURN so_far;
END
$$;

-- bookings around the week of Monday 4 March 2030
INSERT INTO kg.booking (room_id, starts_local, ends_local, setup_min, clear_min, kind,
	title)
VALUES (4, '2030-02-01 08:00', '2030-03-10 08:00', 0, 0, 'block_out', 'Ombygning'),
	(1, '2030-03-03 18:00', '2030-03-04 00:00', 0, 0, 'internal', 'til midnat'),
	(2, '2030-03-03 18:00', '2030-03-04 09:00', 0, 0, 'internal', 'over midnat');
INSERT INTO kg.booking (room_id, starts_local, ends_local, setup_min, clear_min, kind,
	title)
VALUES (5, '2030-03-03 00:00', '2030-03-04 08:00', 0, 0, 'internal', 'over et døgn'),
	(5, '2030-03-04 09:00', '2030-03-05 09:00', 0, 0, 'internal', 'i ugen'),
	(1, '2030-03-10 22:00', '2030-03-12 09:00', 0, 0, 'internal', 'ud af ugen'),
	(1, '2030-03-12 10:00', '2030-03-12 11:00', 0, 0, 'internal', 'efter ugen'),
	(5, '2030-03-02 09:00', '2030-03-02 11:00', 0, 0, 'internal', 'før ugen');
CREATE FUNCTION brute(from_at timestamp, to_at timestamp, more text DEFAULT 'true')
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	EXECUTE format('SELECT string_agg(b.id::text, '' '' ORDER BY b.starts_local, b.id)
		FROM kg.booking b WHERE b.ends_local > coalesce($1, ''-infinity'')
			AND b.starts_local < coalesce($2, ''infinity'') AND %s', more)
		INTO found USING from_at, to_at;
	RETURN found;
END
$$;
SELECT is(ids(call('bookings_list', 2, '{"week": "2030-W10"}')),
	brute('2030-03-04', '2030-03-11'),
	'a week holds what began long before it and still runs');
SELECT is(brute('2030-03-04', '2030-03-11') LIKE (SELECT id || ' %' FROM kg.booking
	WHERE title = 'Ombygning'), true, 'which comes first');
SELECT is(ids(call('bookings_list', 2, '{"from": "2030-03-04"}')),
	brute('2030-03-04', NULL), 'an open end');
SELECT is(ids(call('bookings_list', 2, '{"to": "2030-03-03"}')),
	brute(NULL, '2030-03-04'), 'an open beginning');
SELECT is(ids(call('bookings_list', 2)), brute(NULL, NULL), 'and all there is');
SELECT is(replace(pages('bookings_list', 2, '{"week": "2030-W10"}'), '|', ' '),
	brute('2030-03-04', '2030-03-11') || ' ', 'page by page nothing is left out');
SELECT is(ids(call('bookings_list', 2, '{"week": "2030-W10", "office": "KBH"}')),
	brute('2030-03-04', '2030-03-11', 'room_id = 4'), 'of one office');
SELECT is(ids(call('bookings_list', 2, '{"week": "2030-W10", "venue_id": 2}')),
	brute('2030-03-04', '2030-03-11', 'room_id = 5'), 'of one venue');
SELECT is(ids(call('bookings_list', 2, '{"week": "2030-W10", "room_id": 3}')),
	brute('2030-03-04', '2030-03-11', 'room_id IN (1, 2)'),
	'of one room, with those that share its walls');
SELECT is(ids(call('bookings_list', 2,
	'{"week": "2030-W10", "room_id": 3, "office": "KBH"}')) LIKE '%"items": []%', true,
	'and of none when room and office have nothing in common');
UPDATE kg.room SET retired_at = now() WHERE id = 5;
SELECT is(ids(call('bookings_list', 2, '{"week": "2030-W10", "office": "AAR"}')),
	brute('2030-03-04', '2030-03-11', 'room_id IN (1, 2, 5)'),
	'rooms that are no longer used keep their bookings');
SELECT is(ids(call('bookings_list', 6, '{"week": "2030-W10", "kind": "internal"}'))
	LIKE '%"items": []%', true, 'others'' bookings are not looked for by kind');
SELECT is(ids(call('bookings_list', 1, '{"week": "2030-W10", "kind": "internal"}')),
	brute('2030-03-04', '2030-03-11', 'room_id IN (1, 2, 5)'), 'one''s own are');

-- sessions
INSERT INTO kg.session (run_id, no, venue_id, starts_local, ends_local)
VALUES (2, 2, 3, '2030-03-01 09:00', '2030-03-06 12:00'),
	(2, 3, 3, '2030-03-03 20:00', '2030-03-04 06:00'),
	(2, 4, 3, '2030-03-11 00:00', '2030-03-11 12:00');
SELECT is(ids(call('sessions_list', 2, '{"week": "2030-W10"}')), '5 6',
	'a week has the session that lasts into it and what began the evening before');
SELECT is(ids(call('sessions_list', 2, '{"from": "2030-03-04"}')), '5 6 7',
	'an open end');
SELECT is(pages('sessions_list', 2, '{}'), '1 2|3 4|5 6|7|', 'page by page');
INSERT INTO kg.session_teacher (session_id, person_id) VALUES (1, 3), (5, 3);
SELECT is(ids(call('sessions_list', 2, '{"person_id": 3}')), '1 5', 'of a teacher');
SELECT is(ids(call('sessions_list', 1, '{"person_id": 3}')), '1',
	'as far as one may know');
SELECT kg.booking_create(2, 'lokale', 4, NULL, NULL, 0, 0, 'session', 7, '', NULL, NULL,
	NULL) \g /dev/null
SELECT is(ids(call('sessions_list', 2, '{"room_id": 4}')), '7', 'in a room');
SELECT is(ids(call('sessions_list', 2, '{"room_id": 4, "person_id": 3}'))
	LIKE '%"items": []%', true, 'and by both');

-- the journal
SELECT kg.run_change(2, 'i KBH', 'R-2', NULL, '{"capacity": 21}') \g /dev/null
SELECT kg.session_teacher_set(2, 'spurgt', 'R-2', 1, 7, 'asked') \g /dev/null
SELECT kg.room_change(2, 'nøgle', 4, NULL, '{"hearing_loop": true}') \g /dev/null
SELECT is((SELECT string_agg(DISTINCT object || ' ' || office_id, ', ')
	FROM kg.journal WHERE why IN ('i KBH', 'spurgt', 'nøgle', 'lokale')),
	'booking 2, room 2, run 2, session_teacher 2',
	'an entry notes whose business it was');
SELECT is((SELECT count(*) FROM kg.journal j WHERE object IN ('run', 'session',
	'agenda_item', 'booking', 'session_teacher') AND office_id IS NULL), 0::bigint,
	'of all that the calendar has');
SELECT is((SELECT array_agg(DISTINCT office_id) FROM kg.journal
	WHERE object IN ('person', 'seminar')), '{NULL}', 'what is no office''s has none');
SELECT kg.run_change(2, 'flyttet', 'R-2', NULL, '{"office": "AAR"}') \g /dev/null
CREATE FUNCTION whys(who int, input jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(why, ' ' ORDER BY first) FROM (
		SELECT i ->> 'why' AS why, min(n) AS first
		FROM jsonb_array_elements(call('journal_list', who, input || '{"limit": 200}')
			#> '{body,items}') WITH ORDINALITY AS u (i, n)
		WHERE i ->> 'why' <> 'direct' GROUP BY 1) AS t
$$;
SELECT is(whys(6), 'nøgle spurgt i KBH lokale',
	'a coordinator reads, the latest first, what was the office''s business then');
SELECT is(whys(1), 'flyttet nøgle', 'and the new office what is its own from now on');
SELECT is(whys(2), 'flyttet nøgle spurgt i KBH lokale', 'a planner all of it');
SELECT is(whys(2, '{"office": "KBH"}'), 'nøgle spurgt i KBH lokale',
	'or what was of one office');
SELECT is(whys(2, '{"person": 2, "object": "run"}'), 'flyttet i KBH', 'or one person''s');
SELECT is(whys(4), 'nøgle', 'an admin places and people');
SELECT is((SELECT array_agg(i ->> 'object') FROM jsonb_array_elements(
	call('journal_list', 4, '{"object": "person"}') #> '{body,items}') AS i),
	array_fill('person'::text, array[7]), 'of people all');
SELECT is(call('journal_list', 1, '{"object": "person"}') #> '{body,items}', '[]',
	'which nobody else reads');
SELECT is(string_to_array(trim(replace(pages('journal_list', 6, '{}'), '|', ' ')), ' ')
	= (SELECT array_agg(i ->> 'id' ORDER BY n) FROM jsonb_array_elements(
		call('journal_list', 6, '{"limit": 200}') #> '{body,items}')
		WITH ORDINALITY AS u (i, n)), true, 'and page by page it is the same');
SELECT * FROM finish();
