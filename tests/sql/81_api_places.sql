-- Places through the API: rooms with their set-ups and halves, and which are free.
\ir api.sql
-- the fixture numbers its atoms by hand
SELECT setval('kg.room_atom', 100) \g /dev/null

-- venues
SELECT is((call('offices_list', 5) #> '{body,items,0}') ->> 'code', 'AAR',
	'all staff read');
SELECT is(call(route, 3) ->> 'state', 'KG001', format('a teacher has no %s', route))
FROM unnest(array['offices_list', 'venues_list', 'rooms_list', 'rooms_free']) AS route;
SELECT is(call('venue_create', who, '{"office": "AAR", "name": "Kroen",
	"town": "Ry"}') ->> 'state', 'KG001', format('person %s adds no venue', who))
FROM unnest(array[1, 5]) AS who;
SELECT call('venue_create', 4, '{"office": "AAR", "name": "Kroen", "town": "Ry",
	"street": "Vej 1", "lat": 56.1, "lon": 9.7}') AS venue \gset
SELECT is((:'venue')::jsonb -> 'body', '{"id": 4, "office": "AAR", "name": "Kroen",
	"street": "Vej 1", "postcode": null, "town": "Ry", "lat": 56.10000,
	"lon": 9.70000, "own": false, "version": 1}', 'an admin does');
SELECT is((:'venue')::jsonb ->> 'location', '/api/v1/venues/4', 'it has an address');
SELECT is((call('venue_change', 2, '{"venue_id": 4, "street": null, "lat": null,
	"lon": null, "postcode": "8680"}', 1) -> 'body') - array['id', 'own'],
	'{"office": "AAR", "name": "Kroen", "street": null, "postcode": "8680",
	"town": "Ry", "lat": null, "lon": null, "version": 2}',
	'a planner changes it; null clears');
SELECT is(call('venue_change', 2, '{"venue_id": 4, "name": "x"}', 1)
	#> '{detail,difference,postcode}', '{"before": null, "after": "8680"}',
	'a stale version tells the difference');
SELECT is(call('venue_change', 2, '{"venue_id": 4, "lat": 56}', 2) ->> 'state',
	'KG005', 'half a place is none');
SELECT is(call('venue_get', 1, '{"venue_id": 99}') ->> 'state', 'KG004',
	'one that is not there');

-- rooms
SELECT call('room_create', 2, '{"venue_id": 4, "name": "Store stue",
	"equipment": ["projector", "whiteboard"], "default_setup": "circle",
	"step_free": true, "setup_min": 5, "setups": [{"setup": "circle", "capacity": 12,
	"setup_min": 10}, {"setup": "theatre", "capacity": 30}]}') AS room \gset
SELECT is((:'room')::jsonb -> 'body', '{"id": 6, "name": "Store stue",
	"office": "AAR", "venue": {"id": 4, "name": "Kroen"}, "step_free": true,
	"hearing_loop": false, "equipment": ["projector", "whiteboard"],
	"default_setup": "circle", "setup_min": 5, "clear_min": 0, "setups": [
	{"setup": "circle", "capacity": 12, "setup_min": 10, "clear_min": 0},
	{"setup": "theatre", "capacity": 30, "setup_min": 0, "clear_min": 0}],
	"made_of": [], "part_of": [], "retired": false, "version": 2}',
	'a room has all that is said of it');
SELECT is(call('room_get', 1, '{"room_id": 3}') #> '{body,made_of}',
	'[{"id": 2, "name": "Vest"}, {"id": 1, "name": "Øst"}]', 'a hall has its halves');
SELECT is(call('room_get', 1, '{"room_id": 1}') #> '{body,part_of}',
	'[{"id": 3, "name": "Salen"}]', 'a half its hall');
SELECT is(call('room_change', who, '{"room_id": 6, "name": "x"}', 2) ->> 'state',
	'KG001', format('person %s changes no room', who))
FROM unnest(array[1, 5]) AS who;
SELECT is((call('room_change', 4, '{"room_id": 6, "name": "Stuen",
	"hearing_loop": true, "equipment": [], "default_setup": null, "clear_min": 7}', 2)
	-> 'body') @> '{"name": "Stuen", "hearing_loop": true, "equipment": [],
	"default_setup": null, "clear_min": 7, "step_free": true, "setup_min": 5,
	"version": 3}', true, 'what is named is changed');
SELECT is(call('room_change', 4, '{"room_id": 6, "name": "x"}', 2) ->> 'state',
	'KG003', 'a stale version is refused');
SELECT is(call('room_change', 4, jsonb_build_object('room_id', 6) || bad, 3)
	->> 'state', state, bad::text)
FROM (VALUES ('{"equipment": ["Stor skærm"]}'::jsonb, 'KG005'),
	('{"default_setup": "islands"}', 'KG005'), ('{"setup_min": -1}', 'KG005'),
	('{"halves": [1, 2]}', 'KG005'), ('{"halves": [6, 6]}', 'KG005'),
	('{"name": ""}', 'KG005')) AS t (bad, state);
SELECT is(call('room_change', 4, '{"room_id": 1, "name": "Vest"}', 1) ->> 'state',
	'KG006', 'two of a name in a house');

-- halves
SELECT call('room_create', 2, '{"venue_id": 1, "name": "Kælderen"}') #>> '{body,id}'
	AS cellar \gset
SELECT kg.booking_create(NULL, 'x', :cellar, '2030-05-02 09:00', '2030-05-02 12:00',
	0, 0, 'internal', NULL, NULL, NULL, 'Kælder', NULL) \g /dev/null
SELECT kg.booking_create(NULL, 'x', 3, '2030-05-02 09:00', '2030-05-02 12:00', 0, 0,
	'internal', NULL, NULL, NULL, 'Sal', NULL) \g /dev/null
SELECT is(call('room_change', 2, jsonb_build_object('room_id', 3, 'halves',
	jsonb_build_array(1, 2, :cellar)), 1) #>> '{detail,conflicts,0,title}', 'Kælder',
	'a hall does not grow over what is booked');
UPDATE kg.booking SET status = 'cancelled' WHERE title = 'Kælder';
SELECT is(call('room_change', 2, jsonb_build_object('room_id', 3, 'halves',
	jsonb_build_array(1, 2, :cellar)), 1) #> '{body,made_of,0,name}', '"Kælderen"',
	'but over what is free');
SELECT is(call('booking_create', 1, jsonb_build_object('room_id', :cellar,
	'title', 'x', 'starts_local', '2030-05-02T09:00', 'ends_local',
	'2030-05-02T12:00')) #>> '{detail,conflicts,0,title}', 'Sal',
	'which then takes it');
SELECT is(call('room_change', 2, '{"room_id": 3, "retired": true}', 2)
	#>> '{detail,conflicts,0,title}', 'Sal', 'a room that is booked stays in use');
UPDATE kg.booking SET status = 'cancelled' WHERE title = 'Sal';
SELECT is(call('room_change', 2, '{"room_id": 3, "retired": true}', 2)
	#> '{body,retired}', 'true', 'one that is not goes');
SELECT is(call('rooms_list', 1, '{"q": "salen"}') #> '{body,items}', '[]',
	'and is listed no more');
SELECT is(call('room_change', 2, '{"room_id": 3, "retired": false}', 3)
	#> '{body,retired}', 'false', 'until it comes back');

-- set-ups
SELECT is((call('room_setup_put', 2, '{"room_id": 2, "setup": "circle",
	"capacity": 9, "setup_min": 15}', 1) -> 'body') @> '{"version": 2, "setups": [
	{"setup": "circle", "capacity": 9, "setup_min": 15, "clear_min": 0}]}', true,
	'a set-up more is a new version of the room');
SELECT is((call('room_setup_put', 2, '{"room_id": 2, "setup": "circle",
	"capacity": 8}', 2) -> 'body') @> '{"version": 3, "setups": [
	{"setup": "circle", "capacity": 8, "setup_min": 15}]}', true,
	'changed, it keeps its minutes');
SELECT is(call('room_setup_put', 2, '{"room_id": 2, "setup": "circle",
	"capacity": 8}', 3) #> '{body,version}', '3', 'the same again changes nothing');
SELECT call('booking_create', 1, '{"room_id": 2, "setup": "circle", "head_count": 8,
	"title": "x", "starts_local": "2030-05-02T09:00",
	"ends_local": "2030-05-02T12:00"}') \g /dev/null
SELECT is(call('room_setup_put', 2, '{"room_id": 2, "setup": "circle",
	"capacity": 7}', 3) ->> 'state', 'KG007', 'it does not shrink under a booking');
SELECT call('room_setup_remove', 2, '{"room_id": 2, "setup": "circle"}', 3) AS held
\gset
SELECT is((:'held')::jsonb ->> 'state', 'KG007', 'nor go');
SELECT is((SELECT jsonb_agg(c -> 'from') FROM jsonb_array_elements((:'held')::jsonb
	#> '{detail,conflicts}') AS c), '["2030-05-02T08:45"]', 'with the bookings that hold it');
SELECT is(call('room_setup_remove', 2, '{"room_id": 2, "setup": "horseshoe"}', 3)
	->> 'state', 'KG004', 'nor what is not there');
UPDATE kg.room SET default_setup = 'islands' WHERE id = 2;
SELECT is(call('room_setup_remove', 2, '{"room_id": 2, "setup": "islands"}', 4)
	->> 'state', 'KG006', 'nor the default');
UPDATE kg.room SET default_setup = NULL WHERE id = 2;
SELECT is(jsonb_array_length(call('room_setup_remove', 2, '{"room_id": 2,
	"setup": "islands"}', 5) #> '{body,setups}'), 1, 'else it goes');
SELECT is(call('room_setup_put', 1, '{"room_id": 2, "setup": "theatre",
	"capacity": 8}', 6) ->> 'state', 'KG001', 'a coordinator sets no capacity');

-- free, and ranked
UPDATE kg.office SET lat = 56.2, lon = 10.2 WHERE code = 'AAR';
UPDATE kg.office SET lat = 55.7, lon = 12.4 WHERE code = 'KBH';
INSERT INTO kg.office (code, name, town, lat, lon)
VALUES ('ODE', 'Odense', 'Odense', 55.4, 10.4);
INSERT INTO kg.venue (office_id, name, town, own) VALUES (3, 'Odensehuset', 'Odense',
	true);
INSERT INTO kg.room (venue_id, name, parts, equipment, hearing_loop)
VALUES (5, 'Fyn', '{[50,51)}', '{projector,whiteboard}', true);
INSERT INTO kg.room_setup (room_id, setup, capacity, setup_min, clear_min)
SELECT id, 'islands', CASE name WHEN 'Salen' THEN 25 WHEN 'Vest' THEN 40 ELSE 30 END,
	30, 30
FROM kg.room WHERE name IN ('Fyn', 'Salen', 'Vest', 'Nabolokalet', 'Hotellokalet');
CREATE FUNCTION free(more jsonb DEFAULT '{}', who int DEFAULT 1) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg((i #>> '{room,name}') || coalesce(':' || (i ->> 'spare_seats'),
		''), ' ' ORDER BY (i -> 'rank')::int)
	FROM jsonb_array_elements(call('rooms_free', who, '{"setup": "islands",
		"head_count": 20, "starts_local": "2030-06-03T09:00",
		"ends_local": "2030-06-03T12:00"}' || more) #> '{body,items}') AS i
$$;
SELECT is(free(), 'Øst:5 Salen:5 Vest:20 Hotellokalet:10 Fyn:10 Nabolokalet:10',
	'own house before hotel, few empty seats, halves before halls, near offices first');
SELECT is(free('{}', 6), 'Nabolokalet:10 Fyn:10 Øst:5 Salen:5 Vest:20 Hotellokalet:10',
	'from another office it looks otherwise');
SELECT is(free('{"office": "AAR"}'), 'Øst:5 Salen:5 Vest:20 Hotellokalet:10',
	'of one office');
SELECT is(free('{"head_count": 26}'), 'Vest:14 Hotellokalet:4 Fyn:4 Nabolokalet:4',
	'they hold so many');
SELECT is(free('{"equipment": ["whiteboard", "projector"]}'), 'Fyn:10',
	'and have what is asked for');
SELECT is(free('{"hearing_loop": true}'), 'Fyn:10', 'a hearing loop');
SELECT is(free('{"setup": null, "head_count": 12, "step_free": true}'), 'Stuen:0',
	'no steps');
SELECT is(free('{"limit": 2}'), 'Øst:5 Salen:5', 'the best two');
SELECT is(free('{"office": "NIX"}'), NULL, 'of an office that is not there none');
SELECT call('booking_create', 1, '{"room_id": 2, "title": "x",
	"starts_local": "2030-06-03T12:15", "ends_local": "2030-06-03T14:00"}') \g /dev/null
SELECT is(free('{"office": "AAR"}'), 'Øst:5 Hotellokalet:10',
	'clearing counts; the hall is not free while its half is taken');
SELECT is(free('{"office": "AAR", "clear_min": 0}'),
	'Øst:5 Salen:5 Vest:20 Hotellokalet:10', 'unless there is none');
SELECT is(call('rooms_free', 1, '{"starts_local": "2030-06-03T12:00",
	"ends_local": "2030-06-03T09:00"}') ->> 'state', 'KG005', 'a time runs forward');
SELECT is(call('rooms_free', 1, '{"starts_local": "2030-03-31T02:30",
	"ends_local": "2030-03-31T09:00"}') ->> 'state', 'KG002', 'from an hour that is');

-- a week
INSERT INTO kg.holiday (day, name, kind) VALUES ('2030-06-05', 'Grundlovsdag', 'closed');
SELECT call('room_week', 1, '{"room_id": 3, "week": "2030-W23"}') -> 'body' AS week \gset
SELECT is((:'week')::jsonb - array['items', 'room'], '{"week": "2030-W23",
	"from": "2030-06-03", "to": "2030-06-09", "zone": "Europe/Copenhagen",
	"holidays": [{"date": "2030-06-05", "name": "Grundlovsdag", "kind": "closed"}]}',
	'a week has its days and holidays');
SELECT is((SELECT jsonb_agg(i #>> '{room,name}') FROM jsonb_array_elements(
	(:'week')::jsonb -> 'items') AS i), '["Vest"]', 'and what takes the hall by half');
SELECT is(call('room_week', 6, '{"room_id": 3, "week": "2030-W23"}')
	#>> '{body,items,0,title}', 'optaget', 'as busy for others');
UPDATE kg.clock SET shift = '2027-01-01 12:00'::timestamp AT TIME ZONE 'UTC' - now();
SELECT is(call('room_week', 1, '{"room_id": 3}') #>> '{body,week}', '2026-W53',
	'this week, unless it is named');
-- only what is to come, and is not cancelled, holds a set-up fast
SELECT call('room_create', 2, '{"venue_id": 1, "name": "Nyt lokale", "setups": [
	{"setup": "circle", "capacity": 20}, {"setup": "islands", "capacity": 10}]}') AS made
\gset
SELECT (:'made')::jsonb #>> '{body,id}' AS nyt \gset
INSERT INTO kg.booking (room_id, kind, title, starts_local, ends_local, setup_min,
	clear_min, room_setup, head_count, status)
VALUES (:nyt, 'internal', 'var', '2020-05-04 09:00', '2020-05-04 10:00', 0, 0, 'circle',
		20, 'confirmed'),
	(:nyt, 'internal', 'aflyst', '2031-05-05 09:00', '2031-05-05 10:00', 0, 0,
		'circle', 18, 'cancelled'),
	(:nyt, 'internal', 'lille', '2031-05-06 09:00', '2031-05-06 10:00', 0, 0,
		'circle', 5, 'confirmed');
CREATE FUNCTION put(room text, capacity int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('room_setup_put', 2, jsonb_build_object('room_id', room::int, 'setup',
		'circle', 'capacity', capacity, 'why', 'skrumpet'))
$$;
SELECT is(put(:'nyt', 4) #>> '{detail,conflicts,0,title}', 'lille',
	'a set-up does not shrink below what is to come');
SELECT is(put(:'nyt', 8) -> 'status', '200', 'but below what was, or is cancelled');
SELECT is((SELECT jsonb_agg(jsonb_build_array(title, room_setup, head_count,
	setup_capacity) ORDER BY starts_local) FROM kg.booking WHERE room_id = :nyt),
	'[["var", "circle", 20, null], ["aflyst", "circle", 18, null],
	["lille", "circle", 5, 8]]', 'which go on saying how the room was set up');
SELECT is(call('booking_restore', 2, jsonb_build_object('booking_id', (SELECT id
	FROM kg.booking WHERE title = 'aflyst'))) ->> 'state', 'KG005',
	'what was cancelled comes back only when it fits');
SELECT throws_ok($$UPDATE kg.booking SET status = 'confirmed' WHERE title = 'aflyst'$$,
	'KG006', 'the room Nyt lokale is too small for 18', 'whatever brings it back');
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', (SELECT max(id)
	FROM kg.journal WHERE why = 'skrumpet'))) -> 'status', '200',
	'that it shrank is taken back');
SELECT is(call('booking_restore', 2, jsonb_build_object('booking_id', (SELECT id
	FROM kg.booking WHERE title = 'aflyst'))) #> '{body,capacity}', '20',
	'then it fits again');
SELECT is(call('booking_cancel', 2, jsonb_build_object('booking_id', id)) -> 'status',
	'200', 'called off: ' || title) FROM kg.booking WHERE room_id = :nyt
	AND starts_local > '2030-01-01' ORDER BY id;
SELECT is(call('room_setup_remove', 2, jsonb_build_object('room_id', :nyt, 'setup',
	'circle')) -> 'status', '200', 'with nothing to come it goes');
SELECT is(call('booking_get', 2, jsonb_build_object('booking_id', (SELECT id
	FROM kg.booking WHERE title = 'var'))) #>> '{body,setup}', 'circle',
	'and the past stays as it was');
SELECT throws_ok($$UPDATE kg.booking SET status = 'confirmed' WHERE title = 'lille'$$,
	'KG006', 'the room Nyt lokale has no set-up "circle"',
	'without the set-up nothing in it comes back');

-- offices
SELECT call('office_create', 2, '{"code": "VEJ", "name": "Vejen", "town": "Vejen",
	"postcode": "5000", "mail": "vejen@example.org"}') AS made \gset
SELECT is(((:'made')::jsonb -> 'status', (:'made')::jsonb ->> 'location'),
	('201'::jsonb, '/api/v1/offices/VEJ'::text), 'an office is made');
SELECT is(call('office_get', 5, '{"code": "VEJ"}') #> '{body}', (:'made')::jsonb -> 'body',
	'and read by all staff');
SELECT is(call('office_change', 4, '{"code": "VEJ", "mail": "hold@example.org"}', 1)
	#>> '{body,mail}', 'hold@example.org', 'an admin gives it another mailbox');
SELECT is(call('office_change', 2, '{"code": "VEJ", "mail": "x@example.org"}', 1)
	#> '{detail,difference}', '{"mail": {"before": "vejen@example.org", "after":
	"hold@example.org"}}', 'who did not see it is told');
SELECT is(call('office_change', 2, '{"code": "VEJ", "mail": null, "street": "Gade 4"}')
	#> '{body}' @> '{"mail": null, "street": "Gade 4", "town": "Vejen", "version": 3}',
	true, 'what is not named stays');
SELECT is(call('office_change', 2, '{"code": "VEJ", "street": "Gade 4"}')
	#>> '{body,version}', '3', 'the same again is no change');
SELECT is(call('office_' || verb, who, input::jsonb) ->> 'state', state, input)
FROM (VALUES ('create', 1, '{"code": "NAE", "name": "N", "town": "N"}', 'KG001'),
	('change', 1, '{"code": "AAR", "name": "N"}', 'KG001'),
	('change', 5, '{"code": "AAR", "name": "N"}', 'KG001'),
	('create', 2, '{"code": "VEJ", "name": "N", "town": "N"}', 'KG006'),
	('create', 2, '{"code": "NAE", "name": "Vejen", "town": "N"}', 'KG006'),
	('change', 2, '{"code": "VEJ", "name": "Aarhus"}', 'KG006'),
	('create', 2, '{"code": "vej", "name": "N", "town": "N"}', 'KG005'),
	('create', 2, '{"code": "NAE", "name": "", "town": "N"}', 'KG005'),
	('change', 2, '{"code": "VEJ", "town": ""}', 'KG005'),
	('change', 2, '{"code": "VEJ", "postcode": "x"}', 'KG005'),
	('change', 2, '{"code": "VEJ", "mail": "ikke en"}', 'KG005'),
	('change', 2, '{"code": "VEJ", "lat": 55}', 'KG005'),
	('change', 2, '{"code": "XX", "town": "N"}', 'KG004')) AS t (verb, who, input, state);

-- seminars, so that a run can be made by who knows none by heart
SELECT is((SELECT jsonb_agg(i -> 'slug') FROM jsonb_array_elements(
	call('seminars_list', 1, '{"q": "KUR"}') #> '{body,items}') AS i), '["kursus"]',
	'seminars are found');
SELECT is(call('seminars_list', 1, '{"limit": 1}') #>> '{body,items,0,slug}', 'andet',
	'by title');
SELECT is(call('seminars_list', 1, jsonb_build_object('limit', 1, 'cursor',
	call('seminars_list', 1, '{"limit": 1}') #> '{body,next}')) #>> '{body,items,0,slug}',
	'kursus', 'page by page');
SELECT is(call('seminar_create', 2, '{"slug": "ny-1", "title": "Nyt seminar",
	"tags": ["velfærd"]}') #> '{body}' @> '{"slug": "ny-1", "kind": "course", "tags":
	["velfærd"], "colour": "steelblue", "description": null}', true, 'one is made');
SELECT is(call('seminar_get', 5, '{"slug": "ny-1"}') #>> '{body,title}', 'Nyt seminar',
	'and read');
SELECT is(call('seminar_' || verb, who, input::jsonb) ->> 'state', state, input)
FROM (VALUES ('create', 1, '{"slug": "ny-2", "title": "N"}', 'KG001'),
	('create', 2, '{"slug": "ny-1", "title": "Nyt seminar", "tags": ["velfærd"]}',
		'KG006'),
	('create', 2, '{"slug": "Ny", "title": "N"}', 'KG005'),
	('get', 2, '{"slug": "x"}', 'KG004'), ('change', 2, '{"slug": "x"}', 'KG004'),
	('change', 1, '{"slug": "ny-1", "title": "N"}', 'KG001'),
	('change', 2, '{"slug": "ny-1", "title": " "}', 'KG005'),
	('change', 2, '{"slug": "ny-1", "kind": "fest"}', 'KG005'),
	('change', 2, '{"slug": "ny-1", "tags": ["a,b"]}', 'KG005'))
	AS t (verb, who, input, state);
CREATE FUNCTION seminar(more jsonb, version int DEFAULT NULL) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT call('seminar_change', 2, '{"slug": "kursus"}' || more, version)
$$;
SELECT all_marks() AS marks \gset
SELECT is(seminar('{"title": "Kursus i ledelse", "colour": "teal", "description": "Om",
	"tags": ["økonomi", "velfærd"]}', 1) -> 'body' @> '{"title": "Kursus i ledelse",
	"colour": "teal", "description": "Om", "kind": "course", "tags": ["velfærd",
	"økonomi"], "version": 2}', true, 'one is changed');
SELECT isnt(all_marks(), :'marks', 'and its sessions with it');
SELECT is(seminar('{"title": "Andet"}', 1) #> '{detail,difference,title}',
	'{"before": "Kursus", "after": "Kursus i ledelse"}', 'who knew it as it was is told');
SELECT is(seminar('{"tags": ["økonomi"]}') #> '{body,version}', '3',
	'a tag less is a change');
SELECT is(seminar('{"tags": ["økonomi"], "title": "Kursus i ledelse"}')
	#> '{body,version}', '3', 'the same again is none');
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', max(id))) -> 'status',
	'200', 'it can be undone')
FROM kg.journal WHERE object = 'seminar_tag';
SELECT is(call('seminar_get', 2, '{"slug": "kursus"}') #> '{body,tags}',
	'["velfærd", "økonomi"]', 'tags and all');
SELECT * FROM finish();
