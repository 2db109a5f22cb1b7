-- Runs and sessions through the API: made in one go, changed, moved, called off, and
-- who sees what.
\ir api.sql
INSERT INTO kg.room_setup (room_id, setup, capacity) VALUES (5, 'islands', 30),
	(2, 'theatre', 30), (3, 'theatre', 90);

-- made in one go
SELECT call('run_create', 1, '{"run_no": "NY-1", "seminar": "kursus", "office": "AAR",
	"season": "saeson", "period": 1, "capacity": 20, "minimum": 14,
	"status": "planned", "title": "Nyt forløb", "sessions": [
	{"starts_local": "2030-03-28T09:00", "ends_local": "2030-03-28T16:00",
		"title": "dag 1", "room_id": 1, "setup": "islands", "head_count": 20,
		"agenda": [{"starts_local": "2030-03-28T10:00",
			"ends_local": "2030-03-28T11:30", "title": "Budget",
			"title_en": "Budget", "format": "plenum"},
			{"starts_local": "2030-03-28T09:00",
			"ends_local": "2030-03-28T10:00", "title": "Velkomst"}]},
	{"starts_local": "2030-03-31T09:00", "ends_local": "2030-03-31T12:00",
		"room_id": 2}]}') AS made \gset
SELECT is((:'made')::jsonb -> 'status', '201', 'a run is made');
SELECT is((:'made')::jsonb ->> 'location', '/api/v1/runs/NY-1', 'and has an address');
SELECT is((:'made')::jsonb ->> 'etag', '"1"', 'and a version');
SELECT is(((:'made')::jsonb -> 'body') - array['sessions', 'changed_at', 'id'],
	'{"run_no": "NY-1", "seminar": "kursus", "season": "saeson", "period": 1,
	"office": "AAR", "venue": {"id": 1, "name": "Huset"}, "title": "Nyt forløb",
	"own_title": "Nyt forløb", "capacity": 20, "minimum": 14, "status": "planned",
	"published_at": null, "starts_local": "2030-03-28T09:00",
	"ends_local": "2030-03-31T12:00", "starts_at": "2030-03-28T08:00:00Z",
	"ends_at": "2030-03-31T10:00:00Z", "session_count": 2, "version": 1}',
	'in the office''s own house');
SELECT is(((:'made')::jsonb #> '{body,sessions,0}')
	- array['id', 'uid', 'changed_at', 'rooms', 'version'],
	'{"run_no": "NY-1", "no": 1, "title": "dag 1", "run_title": "Nyt forløb",
	"status": "confirmed", "run_status": "planned", "office": "AAR",
	"venue": {"id": 1, "name": "Huset"}, "zone": "Europe/Copenhagen",
	"starts_local": "2030-03-28T09:00", "ends_local": "2030-03-28T16:00",
	"starts_at": "2030-03-28T08:00:00Z", "ends_at": "2030-03-28T15:00:00Z",
	"online_url": null, "last_change": null, "sequence": 0, "teachers": [],
	"agenda": [{"starts_local": "2030-03-28T09:00", "ends_local": "2030-03-28T10:00",
		"starts_at": "2030-03-28T08:00:00Z", "ends_at": "2030-03-28T09:00:00Z",
		"title": "Velkomst", "title_en": null, "format": null},
		{"starts_local": "2030-03-28T10:00", "ends_local": "2030-03-28T11:30",
		"starts_at": "2030-03-28T09:00:00Z", "ends_at": "2030-03-28T10:30:00Z",
		"title": "Budget", "title_en": "Budget", "format": "plenum"}]}',
	'with its days and their programme, by time');
SELECT is((:'made')::jsonb #>> '{body,sessions,1,starts_at}', '2030-03-31T07:00:00Z',
	'local and instant, on both sides of a change of clocks');
SELECT is((SELECT array_agg(format('%s %s %s %s', b.room_id, b.starts_local,
	coalesce(b.room_setup, '-'), b.title) ORDER BY b.id) FROM kg.booking b),
	array['1 2030-03-28 09:00:00 islands NY-1: Nyt forløb',
	'2 2030-03-31 09:00:00 - NY-1: Nyt forløb'], 'its rooms are booked');
SELECT is((SELECT count(DISTINCT xid) FROM kg.journal WHERE why = 'API: run_create'),
	1::bigint, 'all in one transaction');

-- refused, and nothing of it is there
CREATE FUNCTION again(more jsonb, day jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT call('run_create', 1, '{"run_no": "NY-2", "seminar": "kursus",
		"office": "AAR"}'::jsonb || more || jsonb_build_object('sessions',
		jsonb_build_array('{"starts_local": "2030-04-02T09:00",
		"ends_local": "2030-04-02T16:00"}'::jsonb || day)))
$$;
SELECT is(again(more, day) ->> 'state', state, why)
FROM (VALUES ('{"run_no": "NY-1"}'::jsonb, '{}'::jsonb, 'KG006', 'a number that is taken'),
	('{"run_no": "ny 2"}', '{}', 'KG005', 'a number in another form'),
	('{"seminar": "x"}', '{}', 'KG004', 'no such seminar'),
	('{"office": "QQQ"}', '{}', 'KG004', 'no such office'),
	('{"office": "KBH"}', '{}', 'KG001', 'another office''s run'),
	('{"season": "x"}', '{}', 'KG004', 'no such season'),
	('{"season": "saeson", "period": 9}', '{}', 'KG004', 'no such period'),
	('{"period": 1}', '{}', 'KG004', 'a period without a season'),
	('{"venue_id": 99}', '{}', 'KG004', 'no such venue'),
	('{"capacity": 10, "minimum": 11}', '{}', 'KG005', 'a minimum above the capacity'),
	('{"status": "completed"}', '{}', 'KG005', 'a run that is over at once'),
	('{}', '{"ends_local": "2030-04-02T09:00"}', 'KG005', 'a day that ends as it starts'),
	('{}', '{"starts_local": "2030-03-31T02:30"}', 'KG002', 'an hour that is not'),
	('{}', '{"online_url": "http://x"}', 'KG005', 'a link that is not safe'),
	('{}', jsonb_build_object('online_url', 'https://' || repeat('x', 493)), 'KG005',
		'a link that is too long'),
	('{}', '{"venue_id": 99}', 'KG004', 'no such venue of a day'),
	('{}', '{"room_id": 99}', 'KG004', 'no such room'),
	('{}', '{"room_id": 4}', 'KG001', 'another office''s room'),
	('{}', '{"room_id": 5, "venue_id": 1}', 'KG005', 'a room that is elsewhere'),
	('{}', '{"room_id": 2, "setup": "islands", "head_count": 25}', 'KG005',
		'a room too small'),
	('{}', '{"starts_local": "2030-03-28T09:00", "ends_local": "2030-03-28T10:00",
		"room_id": 3}', 'KG007', 'a room that is taken'),
	('{}', '{"agenda": [{"starts_local": "2030-04-02T08:00",
		"ends_local": "2030-04-02T10:00", "title": "x"}]}', 'KG005',
		'a programme before the day begins'),
	('{}', '{"agenda": [{"starts_local": "2030-04-02T15:00",
		"ends_local": "2030-04-02T17:00", "title": "x"}]}', 'KG005',
		'a programme after the day ends'),
	('{}', '{"agenda": [{"starts_local": "2030-04-02T15:00",
		"ends_local": "2030-04-02T15:00", "title": "x"}]}', 'KG005',
		'a programme that takes no time'),
	('{}', '{"agenda": [{"starts_local": "2030-04-02T15:00",
		"ends_local": "2030-04-02T16:00", "title": " "}]}', 'KG005',
		'an item without a title')
) AS t (more, day, state, why);
SELECT is((SELECT count(*) FROM kg.run), 3::bigint, 'and nothing of it is left');
SELECT is(again('{"venue_id": 2}') #>> '{body,sessions,0,venue,id}', '2',
	'a day is where the run is, if nobody says');
SELECT is(again('{"run_no": "NY-3"}', '{"room_id": 5}') #>> '{body,sessions,0,venue,id}',
	'2', 'and with a room, where that is');

-- changed
SELECT call('run_change', 1, '{"run_no": "NY-1", "title": null, "capacity": 30,
	"minimum": 10, "status": "open", "why": "flere vil med"}', 1) AS changed \gset
SELECT is((:'changed')::jsonb #>> '{body,title}', 'Kursus',
	'without a title it has the seminar''s');
SELECT is((:'changed')::jsonb -> 'body' -> 'capacity', '30', 'and more seats');
SELECT is((:'changed')::jsonb ->> 'etag', format('"%s"', kg.run_version((SELECT id
	FROM kg.run WHERE run_no = 'NY-1'))), 'at its new version');
SELECT isnt((:'changed')::jsonb #>> '{body,published_at}', NULL, 'and is open');
SELECT is((SELECT why FROM kg.journal ORDER BY id DESC LIMIT 1), 'flere vil med',
	'the journal has the reason');
SELECT call('run_change', 1, '{"run_no": "NY-1", "capacity": 31}', 1) AS stale \gset
SELECT is((:'stale')::jsonb ->> 'state', 'KG003', 'an old version is refused');
SELECT is((:'stale')::jsonb #> '{detail,difference,capacity}',
	'{"before": 20, "after": 30}', 'with what is different');
SELECT is((:'stale')::jsonb #> '{detail,version}', (:'changed')::jsonb
	#> '{body,version}', 'and the version it has');
SELECT is(call('run_change', 1, '{"run_no": "NY-1", "minimum": 31}') ->> 'state',
	'KG005', 'a minimum above the capacity is refused');
SELECT is(call('run_change', 1, '{"run_no": "NY-1", "status": "cancelled"}') ->> 'state',
	'KG006', 'a run is called off by a step of its own');
SELECT is(call('run_change', 1, '{"run_no": "NY-1", "office": "KBH"}') ->> 'state',
	'KG001', 'and not given to another office by its own alone');
SELECT is(call('run_change', 2, '{"run_no": "NY-1", "office": "KBH"}')
	#>> '{body,sessions,1,office}', 'KBH', 'a planner may, with its days');
SELECT is(call('run_change', 1, '{"run_no": "NY-1", "capacity": 31}') ->> 'state',
	'KG001', 'then it is theirs');
SELECT call('run_change', 2, '{"run_no": "NY-1", "office": "AAR"}') \g /dev/null

-- days
SELECT call('session_create', 1, '{"run_no": "NY-1", "starts_local": "2030-04-10T09:00",
	"ends_local": "2030-04-10T12:00", "title": "opfølgning",
	"online_url": "https://moede.example/1"}') AS day \gset
SELECT is((:'day')::jsonb ->> 'location', '/api/v1/runs/NY-1/sessions/3',
	'one more day is the next');
SELECT is((:'day')::jsonb #>> '{body,online_url}', 'https://moede.example/1', 'online');
SELECT is(call('session_create', 1, '{"run_no": "NY-1", "room_id": 1, "setup": "islands",
	"starts_local": "2030-03-28T15:00", "ends_local": "2030-03-28T18:00"}') ->> 'state',
	'KG007', 'a day in a room that is taken is refused');
SELECT call('session_change', 1, '{"run_no": "NY-1", "no": 3, "title": "dag 3",
	"online_url": null, "agenda": [{"starts_local": "2030-04-10T10:00",
	"ends_local": "2030-04-10T11:00", "title": "Status"}]}',
	((:'day')::jsonb #>> '{body,version}')::int) AS day \gset
SELECT is((:'day')::jsonb #>> '{body,agenda,0,title}', 'Status', 'a day is changed');
SELECT is((:'day')::jsonb #>> '{body,online_url}', NULL, 'the link is gone');
SELECT is((:'day')::jsonb ->> 'etag', '"2"', 'with a new version');
SELECT is(call('session_change', 1, '{"run_no": "NY-1", "no": 3,
	"agenda": [{"starts_local": "2030-04-10T10:00",
	"ends_local": "2030-04-10T11:00", "title": "Status"}]}') ->> 'etag', '"2"',
	'the same programme again is no change');
SELECT is(call('session_change', 1, '{"run_no": "NY-1", "no": 3, "agenda": []}')
	#> '{body,agenda}', '[]', 'a programme is taken away');
SELECT is(call('session_change', 1, '{"run_no": "NY-1", "no": 3, "title": "x"}', 2)
	->> 'state', 'KG003', 'an old version of a day is refused');
SELECT is(call('session_get', 1, '{"run_no": "NY-1", "no": 9}') ->> 'state', 'KG004',
	'a day that is none');
SELECT is(call('session_move', 1, '{"run_no": "NY-1", "no": 1, "room_id": 2,
	"starts_local": "2030-03-28T10:00"}') #>> '{body,rooms,0,id}', '2',
	'a day moves to another room and time');
SELECT is(call('session_get', 1, '{"run_no": "NY-1", "no": 1}')
	#>> '{body,agenda,0,starts_local}', '2030-03-28T10:00',
	'its programme moves with it');
SELECT is(call('session_cancel', 1, '{"run_no": "NY-1", "no": 1}') #>> '{body,status}',
	'cancelled', 'a day is called off');
SELECT is(call('session_get', 1, '{"run_no": "NY-1", "no": 1}') #>> '{body,rooms,0,id}',
	'2', 'and still tells its room');
SELECT is(call('session_restore', 1, '{"run_no": "NY-1", "no": 1}') #>> '{body,status}',
	'confirmed', 'and held after all');

-- C8: to another place in one go
SELECT call('run_get', 1, '{"run_no": "NY-1"}') AS was \gset
SELECT is(call('run_move', 1, '{"run_no": "NY-1", "rooms": [{"no": 1, "room_id": 1},
	{"no": 2, "room_id": 5}]}') ->> 'state', 'KG005',
	'C8: two houses without a word of which are refused');
SELECT is(call('run_get', 1, '{"run_no": "NY-1"}') -> 'body', (:'was')::jsonb -> 'body',
	'C8: and all is as before');
SELECT call('run_move', 1, '{"run_no": "NY-1", "venue_id": 2, "rooms": [
	{"no": 1, "room_id": 5}, {"no": 2, "room_id": 5}]}',
	((:'was')::jsonb #>> '{body,version}')::int) AS moved \gset
SELECT is((SELECT jsonb_agg(jsonb_build_array(s -> 'no', s #> '{venue,id}',
	s #> '{rooms,0,id}', s -> 'sequence'))
	FROM jsonb_array_elements((:'moved')::jsonb #> '{body,sessions}') AS s),
	(SELECT jsonb_agg(jsonb_build_array(s -> 'no', 2, CASE WHEN s -> 'no' <> '3' THEN 5 END,
		(s ->> 'sequence')::int + 1))
	FROM jsonb_array_elements((:'was')::jsonb #> '{body,sessions}') AS s),
	'C8: all days move, their SEQUENCE up by one');
SELECT is((:'moved')::jsonb #>> '{body,venue,name}', 'Hotellet', 'C8: and the run');
SELECT is((SELECT array_agg(b.room_id || ' ' || coalesce(b.room_setup, '-') || ' '
	|| coalesce(b.head_count, 0) ORDER BY b.id)
	FROM kg.booking b JOIN kg.session s ON s.id = b.session_id
		JOIN kg.run r ON r.id = s.run_id
	WHERE r.run_no = 'NY-1' AND b.status = 'confirmed'),
	array['5 islands 20', '5 - 0'], 'C8: the same bookings, their set-up with them');
SELECT is((SELECT count(DISTINCT xid) FROM kg.journal WHERE why = 'API: run_move'),
	1::bigint, 'C8: in one transaction');
SELECT cmp_ok(((:'moved')::jsonb #>> '{body,version}')::int, '>',
	((:'was')::jsonb #>> '{body,version}')::int, 'C8: the run at a new version');
SELECT is((:'moved')::jsonb ->> 'scopes',
	'all office:1 person:1 room:2 room:3 room:5 run:3 season:1 seminar:1',
	'C8: old and new rooms are told');
SELECT is(call('run_move', 1, '{"run_no": "NY-1", "rooms": [{"no": 1, "room_id": 1},
	{"no": 2, "room_id": 2}]}') #>> '{body,venue,id}', '1',
	'with rooms of one house, it need not be named');
SELECT is((call('run_move', 1, '{"run_no": "NY-1", "rooms": [{"no": 2, "room_id": null}]}')
	#> '{body,sessions,1,rooms}'), '[]', 'a room is given up');
SELECT call('booking_create', 1, '{"room_id": 3, "title": "I vejen",
	"starts_local": "2030-04-29T09:00", "ends_local": "2030-04-29T10:00"}') \g /dev/null
SELECT call('run_move', 1, '{"run_no": "NY-1", "starts_on": "2030-04-29"}') AS taken \gset
SELECT is((:'taken')::jsonb ->> 'state', 'KG007', 'a day on which the room is taken');
SELECT is((:'taken')::jsonb #>> '{detail,conflicts,0,title}', 'I vejen',
	'is refused with what is in the way');
SELECT is(call('run_move', 1, '{"run_no": "NY-1", "starts_on": "2030-04-30"}')
	#>> '{body,starts_local}', '2030-04-30T10:00', 'another day will do');
SELECT is(call('run_move', 1, '{"run_no": "NY-1", "rooms": [{"no": 9, "room_id": 1}]}')
	->> 'state', 'KG004', 'no such day');
SELECT is(call('run_move', 1, '{"run_no": "NY-1", "venue_id": 3,
	"rooms": [{"no": 1, "room_id": 4}]}') ->> 'state', 'KG001',
	'another office''s room is not taken');
SELECT call('run_get', 1, '{"run_no": "NY-1"}') AS was \gset
SELECT is(call('run_move', 1, '{"run_no": "NY-1", "venue_id": 1}') ->> 'etag',
	(:'was')::jsonb ->> 'etag', 'to where it is already is no change');

-- called off, and not
SELECT is(call('run_cancel', 1, '{"run_no": "NY-1"}', 1) ->> 'state', 'KG003',
	'an old version calls nothing off');
SELECT is((SELECT array_agg(s ->> 'status') FROM jsonb_array_elements(
	call('run_cancel', 1, '{"run_no": "NY-1"}') #> '{body,sessions}') AS s),
	'{cancelled,cancelled,cancelled}', 'a run is called off with all its days');
SELECT is(call('run_move', 1, '{"run_no": "NY-1", "starts_on": "2030-05-01"}')
	->> 'state', 'KG006', 'then it does not move');
SELECT is(call('session_create', 1, '{"run_no": "NY-1",
	"starts_local": "2030-04-10T09:00", "ends_local": "2030-04-10T12:00"}') ->> 'state',
	'KG006', 'nor get one more day');
SELECT is(call('run_change', 1, '{"run_no": "NY-1", "status": "open"}') ->> 'state',
	'KG006', 'nor opened by a change');
SELECT is(call('run_restore', 1, '{"run_no": "NY-1"}') #>> '{body,sessions,2,status}',
	'confirmed', 'and held after all');
INSERT INTO kg.run (run_no, seminar_id, office_id, venue_id, capacity, status)
VALUES ('NY-OVER', 1, 1, 1, 5, 'completed');
SELECT is(call('session_create', 1, '{"run_no": "NY-OVER",
	"starts_local": "2030-04-10T09:00", "ends_local": "2030-04-10T12:00"}') ->> 'state',
	'KG006', 'nor a run that is over');
DELETE FROM kg.run WHERE run_no = 'NY-OVER';

-- lists
CREATE FUNCTION days(who int, input jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws('/', i ->> 'run_no', i ->> 'no'), ' ' ORDER BY n)
	FROM jsonb_array_elements(call('sessions_list', who, input) #> '{body,items}')
		WITH ORDINALITY AS u (i, n)
$$;
SELECT is(days(1, '{"from": "2030-01-01", "to": "2030-02-28"}'),
	'R-1/1 R-1/2 R-1/3 R-2/1', 'sessions by time, of all offices');
SELECT is(days(1, '{"week": "2030-W02"}'), 'R-1/1 R-1/2 R-1/3', 'of a week');
SELECT is(days(1, '{"from": "2030-01-11", "to": "2030-01-11"}'), 'R-1/2', 'of a day');
SELECT is(days(1, '{"office": "KBH"}'), 'R-2/1', 'of an office');
SELECT is(days(1, '{"run_no": "R-1"}'), 'R-1/1 R-1/2 R-1/3', 'of a run');
SELECT is(days(1, '{"venue_id": 3}'), 'R-2/1', 'in a venue');
SELECT is(days(1, '{"room_id": 3}'), 'NY-1/1', 'in a room, or a part of it');
SELECT call('session_cancel', 1, '{"run_no": "R-1", "no": 2}') \g /dev/null
SELECT is(days(1, '{"run_no": "R-1"}'), 'R-1/1 R-1/3', 'those that are held');
SELECT is(days(1, '{"run_no": "R-1", "status": "cancelled"}'), 'R-1/2', 'or not');
SELECT is(days(1, '{"run_no": "R-1", "status": "all"}'), 'R-1/1 R-1/2 R-1/3', 'or all');
SELECT is(call('sessions_list', 1, '{"run_no": "x"}') ->> 'state', 'KG004',
	'of a run that is none');
SELECT is(days(1, jsonb_build_object('run_no', 'R-1', 'status', 'all', 'limit', 2,
	'cursor', call('sessions_list', 1, '{"run_no": "R-1", "status": "all", "limit": 2}')
	#>> '{body,next}')), 'R-1/3', 'page by page');
CREATE FUNCTION runs(input jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(i ->> 'run_no', ' ' ORDER BY n)
	FROM jsonb_array_elements(call('runs_list', 1, input) #> '{body,items}')
		WITH ORDINALITY AS u (i, n)
$$;
SELECT call('run_create', 1, '{"run_no": "TOM-1", "seminar": "andet",
	"office": "AAR"}') \g /dev/null
SELECT is(runs('{}'), 'R-1 R-2 NY-2 NY-3 NY-1 TOM-1', 'runs by their start');
SELECT is(runs('{"office": "KBH"}'), 'R-2', 'of an office');
SELECT is(runs('{"seminar": "andet"}'), 'R-2 TOM-1', 'of a seminar');
SELECT is(runs('{"season": "saeson"}'), 'R-1 NY-1', 'of a season');
SELECT is(runs('{"status": "draft"}'), 'NY-2 NY-3 TOM-1', 'in a state');
SELECT is(runs('{"week": "2030-W05"}'), 'R-2', 'of a week');
SELECT is(runs('{"venue_id": 2}'), 'NY-2 NY-3', 'in a venue');
SELECT is(runs('{"q": "y-"}'), 'NY-2 NY-3 NY-1', 'by a part of the number');
SELECT is(runs('{"q": "ANDE"}'), 'R-2 TOM-1', 'or of the title');
SELECT is(runs(jsonb_build_object('limit', 4, 'cursor',
	call('runs_list', 1, '{"limit": 4}') #>> '{body,next}')), 'NY-1 TOM-1',
	'page by page');
SELECT is(runs(jsonb_build_object('limit', 5, 'cursor',
	call('runs_list', 1, '{"limit": 5}') #>> '{body,next}')), 'TOM-1',
	'to those without a day');

-- who sees who teaches
INSERT INTO kg.session_teacher (session_id, person_id, status)
VALUES (1, 3, 'accepted'), (4, 7, 'asked');
CREATE FUNCTION teachers(who int, run text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('session_get', who, jsonb_build_object('run_no', run, 'no', 1))
		#> '{body,teachers}'
$$;
SELECT is(teachers(1, 'R-1'), '[{"person_id": 3, "name": "Underviser T",
	"status": "accepted"}]', 'a coordinator sees who teaches in the own office');
SELECT is(teachers(1, 'R-2'), 'null', 'and not in another');
SELECT is(teachers(2, 'R-2'), '[{"person_id": 7, "name": "Underviser U",
	"status": "asked"}]', 'a planner everywhere');
SELECT is(teachers(5, 'R-2'), '[{"person_id": 7, "name": null, "status": "asked"}]',
	'an auditor a number');
SELECT is(teachers(4, 'R-1'), 'null', 'an admin nobody');
SELECT is(days(1, '{"person_id": 3}'), 'R-1/1', 'a teacher''s days');
SELECT is(days(1, '{"person_id": 7}'), NULL, 'and not those one may not know');
SELECT is(days(2, '{"person_id": 7}'), 'R-2/1', 'which a planner may');

-- roles
SELECT is(call(route, who, '{"run_no": "R-2", "no": 1, "seminar": "kursus",
	"office": "KBH", "starts_local": "2030-05-02T09:00",
	"ends_local": "2030-05-02T10:00"}') ->> 'state', 'KG001',
	format('%s is not for person %s', route, who))
FROM unnest(array['run_create', 'run_change', 'run_move', 'run_cancel', 'run_restore',
	'session_create', 'session_change', 'session_move', 'session_cancel',
	'session_restore']) AS route, unnest(array[1, 4, 5, 3]) AS who;
SELECT is(call(route, who, '{"run_no": "R-2", "no": 1}') -> 'status', '200',
	format('%s is for person %s', route, who))
FROM unnest(array['runs_list', 'run_get', 'sessions_list', 'session_get']) AS route,
	unnest(array[1, 2, 4, 5, 6]) AS who;
SELECT is(call(route, 3, '{"run_no": "R-1", "no": 1}') ->> 'state', 'KG001',
	route || ' is not for teachers')
FROM unnest(array['runs_list', 'run_get', 'sessions_list', 'session_get']) AS route;
-- a run shows its sessions: who saw them otherwise saw another version
CREATE FUNCTION etag(number text) RETURNS int LANGUAGE sql AS $$
	SELECT trim((call('run_get', 2, jsonb_build_object('run_no', number)) ->> 'etag'),
		'"')::int
$$;
SELECT call('run_create', 2, '{"run_no": "NY-7", "seminar": "kursus", "office": "AAR",
	"sessions": [{"starts_local": "2031-03-03T09:00", "ends_local": "2031-03-03T12:00"},
	{"starts_local": "2031-03-04T09:00", "ends_local": "2031-03-04T12:00"}]}') \g /dev/null
SELECT etag('NY-7') AS first \gset
SELECT is(:first, 1, 'a new run is at version 1, whatever it is made of');
SELECT call('session_move', 2, '{"run_no": "NY-7", "no": 2,
	"starts_local": "2031-03-05T09:00"}', 1) \g /dev/null
SELECT is(etag('NY-7'), :first + 1, 'a session that moves gives its run a new version');
SELECT is(version, 1, 'without another write') FROM kg.run WHERE run_no = 'NY-7';
SELECT is((SELECT array_agg(s.version ORDER BY no) FROM kg.session s JOIN kg.run r
	ON r.id = s.run_id WHERE run_no = 'NY-7'), '{1,2}', 'and its siblings none');
SELECT call('run_change', 2, '{"run_no": "NY-7", "capacity": 30}', :first) AS stale \gset
SELECT is((:'stale')::jsonb ->> 'state', 'KG003', 'who saw it before is refused');
SELECT is(jsonb_set((:'stale')::jsonb -> 'detail', '{difference,sessions.2.last_change,after}',
	'"%"'), '{"version": 2, "expected": 1, "difference": {
	"sessions.2.starts_local": {"before": "2031-03-04T09:00",
		"after": "2031-03-05T09:00"},
	"sessions.2.ends_local": {"before": "2031-03-04T12:00",
		"after": "2031-03-05T12:00"},
	"sessions.2.last_change": {"before": null, "after": "%"}}}', 'and told which session, and how');
SELECT is(call('run_change', 2, '{"run_no": "NY-7", "capacity": 30}', 2) -> 'status',
	'200', 'who saw it after is not');
SELECT etag('NY-7') AS now \gset
SELECT call('session_create', 2, '{"run_no": "NY-7", "starts_local": "2031-03-06T09:00",
	"ends_local": "2031-03-06T12:00", "why": "tredje dag"}') \g /dev/null
SELECT is(etag('NY-7'), :now + 1, 'one more session is another version');
SELECT call('session_change', 2, '{"run_no": "NY-7", "no": 3, "title": "tre"}', 1)
	\g /dev/null
SELECT etag('NY-7') AS now \gset
DELETE FROM kg.session s USING kg.run r WHERE r.id = s.run_id AND run_no = 'NY-7'
	AND no = 3;
SELECT cmp_ok(etag('NY-7'), '>', :now, 'and one that goes too, never an older one');
SELECT is((SELECT i -> 'version' FROM jsonb_array_elements(call('runs_list', 2,
	'{"q": "NY-7"}') #> '{body,items}') AS i), to_jsonb(etag('NY-7')),
	'the list says the same');
SELECT * FROM finish();
