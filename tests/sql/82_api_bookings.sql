-- Bookings through the API: what is refused and why, what would do instead, and who
-- sees what.
\ir api.sql
UPDATE kg.room SET default_setup = 'islands' WHERE id = 1;
INSERT INTO kg.room_setup (room_id, setup, capacity, setup_min, clear_min)
VALUES (4, 'islands', 30, 15, 15), (3, 'islands', 50, 60, 60);
INSERT INTO kg.holiday (day, name, kind) VALUES ('2030-05-01', 'Lukket', 'closed'),
	('2030-05-30', 'Kristi himmelfartsdag', 'public'),
	('2030-05-31', 'Fredag efter Kristi himmelfartsdag', 'bridge');
CREATE FUNCTION wish(room int, day text, starts text, ends text,
	more jsonb DEFAULT '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('room_id', room, 'title', 'Møde',
		'starts_local', day || 'T' || starts, 'ends_local', day || 'T' || ends)
		|| more
$$;

-- made
SELECT call('booking_create', 1, wish(1, '2030-05-02', '09:00', '13:00',
	'{"head_count": 20, "notes": "Nøgle hos portneren"}')) AS made \gset
SELECT is((:'made')::jsonb -> 'status', '201', 'a room is booked');
SELECT is((:'made')::jsonb ->> 'etag', '"1"', 'at version 1');
SELECT is((:'made')::jsonb ->> 'location', '/api/v1/bookings/1', 'and has an address');
SELECT is(((:'made')::jsonb -> 'body') - array['uid', 'changed_at'], '{"id": 1,
	"status": "confirmed", "kind": "internal", "title": "Møde", "busy": false,
	"room": {"id": 1, "name": "Øst"}, "venue": {"id": 1, "name": "Huset"},
	"office": "AAR", "zone": "Europe/Copenhagen",
	"starts_local": "2030-05-02T09:00", "ends_local": "2030-05-02T13:00",
	"starts_at": "2030-05-02T07:00:00Z", "ends_at": "2030-05-02T11:00:00Z",
	"occupied_from_local": "2030-05-02T08:00",
	"occupied_to_local": "2030-05-02T13:30",
	"occupied_from_at": "2030-05-02T06:00:00Z",
	"occupied_to_at": "2030-05-02T11:30:00Z", "setup": "islands", "setup_min": 60,
	"clear_min": 30, "head_count": 20, "capacity": 25,
	"notes": "Nøgle hos portneren", "session": null, "series_id": null,
	"expires_local": null, "expires_at": null, "catering": null, "version": 1}',
	'set up as the room is by default, local and instant');
SELECT is((:'made')::jsonb ->> 'scopes', 'office:1 person:1 room:1 room:3',
	'and the feeds of room, hall and coordinator are told');

-- C4
SELECT is(call('booking_create', 1, wish(1, '2030-05-02', '13:15', '14:00',
	'{"setup": ""}')) ->> 'state', 'KG007', 'C4: 13.15 is refused while it is cleared');
SELECT call('booking_create', 1, wish(1, '2030-05-02', '13:30', '14:00',
	'{"setup": ""}')) AS late \gset
SELECT is((:'late')::jsonb -> 'status', '201', 'C4: 13.30 is free');
SELECT is((:'late')::jsonb #> '{body,setup}', 'null', 'and "" is no set-up');

-- C1
SELECT call('booking_create', 1, wish(2, '2030-05-06', '10:00', '12:00',
	'{"setup": "islands", "head_count": 25, "setup_min": 60}')) AS small \gset
SELECT is((:'small')::jsonb ->> 'state', 'KG005',
	'C1: a room too small in that set-up is refused');
SELECT is((:'small')::jsonb ->> 'message', 'the room Vest is too small for 25',
	'C1: with the reason');
SELECT is((:'small')::jsonb #> '{detail,capacity}', '20', 'C1: and what it holds');
SELECT is((SELECT jsonb_agg(a - array['setup', 'venue', 'ends_local', 'room_ids', 'missing'])
	FROM (SELECT x - array['starts_at', 'ends_at'] AS a FROM jsonb_array_elements(
		(:'small')::jsonb #> '{detail,alternatives}') AS x) AS u),
	'[{"reason": "room", "room": "Øst", "room_id": 1, "office": "AAR",
		"capacity": 25, "may_book": true, "starts_local": "2030-05-06T10:00"},
	{"reason": "office", "room": "Nabolokalet", "room_id": 4, "office": "KBH",
		"capacity": 30, "may_book": false, "starts_local": "2030-05-06T10:00"}]',
	'C1: free rooms that hold them are ranked, the own office first');
SELECT is(call('booking_create', 1, wish(1, '2030-05-06', '10:00', '12:00',
	'{"setup": "islands", "head_count": 30}')) #> '{detail,setups}',
	'[{"setup": "theatre", "capacity": 40, "setup_min": 0, "clear_min": 0}]',
	'the room''s own set-ups that would do are told');
SELECT is(call('booking_create', 1, wish(1, '2030-05-06', '10:00', '12:00',
	'{"setup": "circle"}')) #>> '{detail,fields,0}', 'setup', 'a set-up it has not');

-- C2: who has it, and what would do
SELECT call('booking_create', 1, wish(1, '2030-05-02', '10:00', '11:00')) AS taken
\gset
SELECT is((:'taken')::jsonb ->> 'state', 'KG007', 'C2: a taken room is refused');
SELECT is((:'taken')::jsonb #> '{detail,conflicts}' #- '{0,changed_at}', '[{"booking_id": 1,
	"busy": false, "title": "Møde", "kind": "internal", "room": "Øst", "room_id": 1,
	"from": "2030-05-02T08:00", "to": "2030-05-02T13:30", "setup": "islands",
	"from_at": "2030-05-02T06:00:00Z", "to_at": "2030-05-02T11:30:00Z",
	"setup_min": 60, "clear_min": 30, "changed_by": "Koordinator A"}]',
	'C2: with who has it');
SELECT is(to_jsonb(changed_at at time zone 'UTC') ->> 0 LIKE
	rtrim((:'taken')::jsonb #>> '{detail,conflicts,0,changed_at}', 'Z') || '%', true,
	'C2: and since when') FROM kg.booking WHERE id = 1;
SELECT is((SELECT jsonb_agg(jsonb_build_array(a -> 'reason', a -> 'room',
		a -> 'starts_local'))
	FROM jsonb_array_elements((:'taken')::jsonb #> '{detail,alternatives}') AS a),
	'[["room", "Vest", "2030-05-02T10:00"], ["time", "Øst", "2030-05-02T15:00"],
	["day", "Øst", "2030-05-03T10:00"]]',
	'another room here, the nearest time, another day');
SELECT call('booking_create', 1, wish(2, '2030-05-02', '08:00', '14:00')) \g /dev/null
SELECT is((SELECT jsonb_agg(a -> 'reason')
	FROM jsonb_array_elements(call('booking_create', 1, wish(1, '2030-05-02', '10:00',
		'11:00')) #> '{detail,alternatives}') AS a), '["time", "day", "office"]',
	'no other room here: another office');
SELECT is(call('booking_create', 2, wish(3, '2030-05-02', '10:00', '11:00'))
	#> '{detail,conflicts}' @> '[{"room": "Øst"}, {"room": "Vest"}]', true,
	'a hall tells of all that is in its halves');
SELECT is((SELECT a -> 'starts_local' FROM jsonb_array_elements(call('booking_create',
	1, wish(1, '2030-05-02', '10:00', '11:00')) #> '{detail,alternatives}') AS a
	WHERE a ->> 'reason' = 'day'), '"2030-05-03T10:00"', 'the next working day');
SELECT call('booking_create', 1, wish(1, '2030-05-29', '09:00', '11:00')) \g /dev/null
SELECT is((SELECT a -> 'starts_local' FROM jsonb_array_elements(call('booking_create',
	1, wish(1, '2030-05-29', '09:00', '11:00')) #> '{detail,alternatives}') AS a
	WHERE a ->> 'reason' = 'day'), '"2030-06-03T09:00"',
	'no holiday, no bridge, no weekend for a working day');

-- others' are busy
SELECT call('booking_create', 6, wish(4, '2030-05-02', '09:00', '12:00',
	'{"notes": "hemmeligt", "head_count": 9}')) \g /dev/null
SELECT is(kg.series_plan(who, '{"room_id": 4, "title": "Fast",
	"from": "2030-05-02", "until": "2030-05-02", "starts": "09:00", "ends": "10:00"}')
	#> '{items,0,conflicts,0,changed_by}', told,
	format('who has it is told person %s as the title is', who))
FROM (VALUES (1, 'null'::jsonb), (2, '"Koordinator K"')) AS t (who, told);
SELECT call('bookings_list', 1, '{"office": "KBH"}') #> '{body,items,0}' AS seen \gset
SELECT is((:'seen')::jsonb - array['id', 'changed_at', 'version', 'room', 'venue',
	'office', 'zone', 'starts_local', 'ends_local', 'starts_at', 'ends_at',
	'occupied_from_local', 'occupied_to_local', 'occupied_from_at', 'occupied_to_at',
	'status', 'setup_min', 'clear_min'],
	'{"busy": true, "title": "optaget", "uid": null, "kind": null, "setup": null,
	"head_count": null, "capacity": null, "notes": null, "series_id": null,
	"session": null, "expires_local": null, "expires_at": null, "catering": null}',
	'another office''s booking is busy, and no more');
SELECT is(call('booking_get', 1, jsonb_build_object('booking_id',
	(:'seen')::jsonb -> 'id')) #>> '{body,title}', 'optaget', 'by itself too');
SELECT is(call('booking_get', who, jsonb_build_object('booking_id',
	(:'seen')::jsonb -> 'id')) #>> '{body,notes}', told,
	format('person %s sees %s of it', who, coalesce(told, 'nothing')))
FROM (VALUES (2, 'hemmeligt'), (4, NULL), (5, 'hemmeligt'), (6, 'hemmeligt'))
	AS t (who, told);
SELECT is(call('bookings_list', 1, '{"office": "KBH", "q": "mød"}')
	#> '{body,items}', '[]', 'what one may not know, one cannot look for');
SELECT is(call('bookings_list', 1, '{"office": "KBH", "kind": "internal"}')
	#> '{body,items}', '[]', 'not by its kind either');
SELECT is(call('booking_create', 1, wish(4, '2030-05-02', '09:00', '12:00'))
	->> 'state', 'KG001', 'a coordinator books in the own office only');
SELECT is(call('booking_create', 2, wish(4, '2030-05-02', '09:00', '12:00'))
	->> 'state', 'KG007', 'a planner in all');
-- a run of KBH in a room of AAR
UPDATE kg.session SET venue_id = 2 WHERE id = 4;
INSERT INTO kg.booking (room_id, kind, session_id, title, starts_local, ends_local,
	setup_min, clear_min) VALUES (5, 'session', 4, 'R-2', '2030-02-01 09:00',
	'2030-02-01 16:00', 0, 0);
SELECT is(call('bookings_list', who, '{"room_id": 5}') #>> '{body,items,0,title}',
	'R-2', format('person %s sees it, of the room or the run', who))
FROM unnest(array[1, 6]) AS who;
SELECT is(call('bookings_list', 4, '{"room_id": 5}') #>> '{body,items,0,title}',
	'optaget', 'an admin does not');

-- several in one go
SELECT call('booking_create', 2, '{"room_ids": [2, 4], "title": "To",
	"starts_local": "2030-06-10T09:00", "ends_local": "2030-06-10T12:00"}') AS two \gset
SELECT is((SELECT jsonb_agg(i #> '{room,id}') FROM jsonb_array_elements(
	(:'two')::jsonb #> '{body,items}') AS i), '[2, 4]', 'two rooms in one go');
SELECT is(call('booking_create', 2, '{"room_ids": [1, 2], "title": "To",
	"starts_local": "2030-06-10T09:00", "ends_local": "2030-06-10T12:00"}')
	->> 'state', 'KG007', 'all');
SELECT is(count(*), 0::bigint, 'or none') FROM kg.booking WHERE room_id = 1
	AND starts_local::date = '2030-06-10';
SELECT call('booking_create', 1, wish(room, '2030-06-12', starts, ends,
	'{"setup": ""}')) FROM (VALUES (1, '09:30', '10:00'), (2, '08:00', '09:00'))
	AS t (room, starts, ends) \g /dev/null
SELECT is((SELECT jsonb_agg(c -> 'room') FROM jsonb_array_elements(call(
	'booking_create', 2, '{"room_ids": [1, 2], "title": "To",
	"starts_local": "2030-06-12T09:00", "ends_local": "2030-06-12T12:00"}')
	#> '{detail,conflicts}') AS c), '["Øst"]',
	'each room is asked for its own minutes of set-up');
SELECT is(call('booking_create', 2, '{"room_ids": [1, 3], "title": "To",
	"starts_local": "2030-06-11T09:00", "ends_local": "2030-06-11T12:00"}')
	->> 'state', 'KG005', 'a hall and its half are in each other''s way');
SELECT is(call('booking_create', 1, '{"room_ids": [1, 4], "title": "To",
	"starts_local": "2030-06-11T09:00", "ends_local": "2030-06-11T12:00"}')
	->> 'state', 'KG001', 'all must be one''s own');
SELECT is(call('booking_create', 1, input::jsonb) #>> '{detail,fields,0}', 'room_id',
	input)
FROM unnest(array['{"title": "x"}', '{"room_ids": []}',
	'{"room_id": 1, "room_ids": [2]}']) AS input;

-- of a session
SELECT call('booking_create', 1, '{"room_id": 1, "run_no": "R-1", "session_no": 2,
	"head_count": 25}') -> 'body' AS its \gset
SELECT is((:'its')::jsonb -> 'session', '{"id": 2, "run_no": "R-1", "no": 2}',
	'a room for a session');
SELECT is((:'its')::jsonb ->> 'title' || ((:'its')::jsonb ->> 'starts_local'),
	'R-1: Kursus2030-01-11T07:00', 'has its title and time');
SELECT is(call('booking_create', 1, '{"room_id": 5, "run_no": "R-1"}')
	#>> '{detail,fields,0}', 'room_id', 'in its venue');
SELECT is(call('booking_create', 1, '{"room_id": 1, "run_no": "R-2"}') ->> 'state',
	'KG001', 'of a run of the own office');
SELECT is((SELECT jsonb_agg(DISTINCT a ->> 'reason') FROM jsonb_array_elements(
	call('booking_create', 1, '{"room_id": 1, "run_no": "R-1", "session_no": 2}')
	#> '{detail,alternatives}') AS a), '["room"]', 'other rooms are its alternatives');

SELECT kg.session_move(NULL, 'x', 'R-1', 3, NULL, NULL, NULL, NULL, 1) \g /dev/null
SELECT is((room_setup, setup_min, clear_min), ('islands'::text, 60, 30),
	'a session that is moved into a room finds it set up as by default')
	FROM kg.booking WHERE session_id = 3;

-- changed
SELECT is((call('booking_change', 1, '{"booking_id": 1, "title": "Nyt", "notes": "",
	"head_count": 22}', 1) -> 'body') - 'changed_at',
	((:'made')::jsonb -> 'body') - 'changed_at' || '{"title": "Nyt",
	"notes": null, "head_count": 22, "version": 2}', 'what is named is changed');
SELECT call('booking_change', 1, '{"booking_id": 1, "title": "Andet"}', 1) AS stale
\gset
SELECT is((:'stale')::jsonb ->> 'state', 'KG003', 'a stale version is refused');
SELECT is((:'stale')::jsonb #>> '{detail,changed_by}', 'Koordinator A', 'with who it was');
SELECT is((:'stale')::jsonb #>> '{detail,changed_at}', (SELECT kg.api_instant(at)
	FROM kg.journal WHERE object = 'booking' AND object_id = '1'
	ORDER BY id DESC LIMIT 1), 'and when');
SELECT is(((:'stale')::jsonb -> 'detail') - array['changed_by', 'changed_at'], '{"version": 2, "expected": 1, "difference":
	{"title": {"before": "Møde", "after": "Nyt"}, "head_count": {"before": 20,
	"after": 22}, "notes": {"before": "Nøgle hos portneren", "after": null}}}',
	'with the difference');
SELECT is(call('booking_change', 1, '{"booking_id": 1, "head_count": 26}', 2)
	->> 'state', 'KG005', 'not beyond its room');
SELECT is(call('booking_change', 1, '{"booking_id": 1, "setup": "theatre"}', 2)
	#> '{body,setup_min}', '0', 'another set-up brings its minutes');
SELECT is(array(SELECT jsonb_object_keys(call('booking_change', 1, '{"booking_id": 1,
	"title": "x"}', 1) #> '{detail,difference}') ORDER BY 1), '{capacity,clear_min,head_count,'
	'notes,setup,setup_min,title}',
	'who is two versions behind is told of both');
SELECT is(call('booking_change', 1, '{"booking_id": 1, "setup_min": 90,
	"clear_min": 45}', 3) ->> 'state', 'KG007', 'its minutes meet the next');
SELECT is(call('booking_change', 1, '{"booking_id": 1, "kind": "session"}', 3)
	->> 'state', 'KG005', 'it becomes no session''s');
SELECT is(call('booking_change', 1, '{"booking_id": 1, "kind": "let_out"}', 3)
	#>> '{body,kind}', 'let_out', 'but is let out');
SELECT is(call('booking_change', 6, '{"booking_id": 1, "title": "x"}', 4)
	->> 'state', 'KG001', 'others'' is not changed');

-- moved
SELECT is(call('booking_move', 1, '{"booking_id": 1,
	"starts_local": "2030-05-03T10:00"}', 4) #>> '{body,ends_local}',
	'2030-05-03T14:00', 'moved, it keeps its length');
SELECT is(call('booking_move', 1, '{"booking_id": 1, "room_id": 2}', 5) ->> 'state',
	'KG005', 'to a room that has its set-up');
SELECT is(call('booking_move', 1, '{"booking_id": 1, "room_id": 2,
	"setup": "islands"}', 5) ->> 'state', 'KG005', 'and holds it');
SELECT is(call('booking_move', 1, '{"booking_id": 1, "room_id": 3,
	"setup": "islands"}', 5) #>> '{body,room,name}', 'Salen', 'such as the hall');
SELECT is(call('booking_move', 1, '{"booking_id": 1, "room_id": 4}', 6) ->> 'state',
	'KG001', 'not to another office');
SELECT is(call('booking_move', 1, '{"booking_id": 1,
	"starts_local": "2030-03-31T02:30"}', 6) ->> 'state', 'KG002',
	'not to an hour that does not exist');
SELECT is(call('booking_move', 1, '{"booking_id": 1,
	"starts_local": "2030-10-27T02:30"}', 6) ->> 'state', 'KG002',
	'nor to one that exists twice');
SELECT is(call('booking_move', 1, '{"booking_id": 1,
	"starts_local": "2030-05-02T11:00"}', 6) ->> 'state', 'KG007',
	'nor over another');

-- cancelled, restored
SELECT is(call('booking_cancel', 1, '{"booking_id": 1}', 6) #>> '{body,status}',
	'cancelled', 'cancelled');
SELECT is(call('booking_change', 1, '{"booking_id": 1, "title": "x"}', 7) ->> 'state',
	'KG006', 'it is not changed');
SELECT is(call('booking_confirm', 1, '{"booking_id": 1}', 7) ->> 'state', 'KG006',
	'nor confirmed');
SELECT call('booking_create', 1, wish(2, '2030-05-03', '12:00', '13:00')) -> 'body'
	-> 'id' AS between \gset
SELECT is(call('booking_restore', 1, '{"booking_id": 1}', 7) #>>
	'{detail,conflicts,0,room}', 'Vest', 'nor restored over another');
SELECT call('booking_cancel', 1, jsonb_build_object('booking_id', :between), 1)
	\g /dev/null
SELECT is(call('booking_restore', 1, '{"booking_id": 1}', 7) #>> '{body,status}',
	'confirmed', 'but when that is gone');

-- catering
SELECT call('booking_create', 1, wish(5, '2030-06-04', '09:00', '12:00',
	'{"catering_count": 20, "catering_days": 3, "catering_diets": {"vegetarian": 2}}'))
	-> 'body' AS meal \gset
SELECT is((:'meal')::jsonb -> 'catering', '{"count": 20, "days": 3,
	"due": "2030-05-28", "diets": {"vegetarian": 2}}',
	'C5: three working days before, over Ascension, bridge and weekend');
SELECT is(call('booking_move', 1, jsonb_build_object('booking_id',
	(:'meal')::jsonb -> 'id', 'starts_local', '2030-06-05T09:00'), 1)
	#>> '{body,catering,due}', '2030-05-29', 'moved, it is due on another day');
UPDATE kg.clock SET shift = '2030-05-29 12:00'::timestamp AT TIME ZONE 'UTC' - now();
SELECT is(call('booking_change', 1, jsonb_build_object('booking_id',
	(:'meal')::jsonb -> 'id', 'catering_count', 21), 2) #> '{body,catering,count}',
	'21', 'on that day it can still be changed');
UPDATE kg.clock SET shift = '2030-05-30 12:00'::timestamp AT TIME ZONE 'UTC' - now();
SELECT is(call('booking_change', 1, jsonb_build_object('booking_id',
	(:'meal')::jsonb -> 'id', 'catering_count', 22), 3) ->> 'state', 'KG006',
	'then no longer');
SELECT is(call('booking_change', 1, jsonb_build_object('booking_id',
	(:'meal')::jsonb -> 'id', 'title', 'Andet'), 3) #>> '{body,title}', 'Andet',
	'the rest can');
UPDATE kg.clock SET shift = '0';
SELECT is(call('booking_create', 1, wish(5, '2030-06-14', '09:00', '12:00',
	jsonb_build_object('catering_diets', diets))) ->> 'state', 'KG005',
	format('%s are no counts', diets))
FROM unnest(array['{"vegetarian": "Hans"}', '{"Hans Hansen": 1}', '{"x": -1}',
	'{"x": 1.5}']::jsonb[]) AS diets;
SELECT is(kg.working_day_before('2030-05-06', n), day, format('%s before', n))
FROM (VALUES (0, '2030-05-06'::date), (1, '2030-05-03'), (2, '2030-05-02'),
	(3, '2030-04-30')) AS t (n, day);

-- lists
SELECT is((SELECT string_agg(i ->> 'id', ' ' ORDER BY n) FROM jsonb_array_elements(
	call('bookings_list', 2, input) #> '{body,items}') WITH ORDINALITY AS u (i, n)),
	(SELECT string_agg(b.id::text, ' ' ORDER BY b.starts_local, b.id)
	FROM kg.booking b WHERE b.id = ANY (wanted)), input::text)
FROM (VALUES ('{"week": "2030-W18"}'::jsonb, array(SELECT id FROM kg.booking
		WHERE status = 'confirmed' AND starts_local BETWEEN '2030-04-29'
			AND '2030-05-06')),
	('{"room_id": 1}', array(SELECT id FROM kg.booking
		WHERE room_id IN (1, 3) AND status = 'confirmed')),
	('{"status": "cancelled"}', array(SELECT id FROM kg.booking
		WHERE status = 'cancelled')),
	('{"status": "all", "office": "AAR"}', array(SELECT b.id FROM kg.booking b
		WHERE b.room_id <> 4)),
	('{"kind": "session"}', array(SELECT id FROM kg.booking
		WHERE kind = 'session')),
	('{"run_no": "R-1"}', array(SELECT id FROM kg.booking WHERE session_id < 4)),
	('{"venue_id": 2, "from": "2030-06-05", "to": "2030-06-05"}',
		array(SELECT id FROM kg.booking WHERE title = 'Andet')),
	('{"q": "andet"}', array(SELECT id FROM kg.booking WHERE title = 'Andet')),
	('{"q": "%"}', '{}')
) AS t (input, wanted);
SELECT * FROM finish();
