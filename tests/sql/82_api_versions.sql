-- Versions that are named and told, and overrides of series, checked before anything is
-- written.
\ir api.sql
UPDATE kg.clock SET shift = '2026-11-25 12:00'::timestamp AT TIME ZONE 'UTC' - now();
CREATE FUNCTION tue(more jsonb, room int DEFAULT 1) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('room_id', room, 'title', 'Ledelse', 'starts', '10:00',
		'ends', '12:00', 'from', '2029-04-03', 'until', '2029-04-24') || more
$$;
CREATE FUNCTION fixed(VARIADIC fixes jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT tue(jsonb_build_object('overrides', to_jsonb(fixes)))
$$;

-- the preview says what the write would
SELECT call('series_preview', 1, fixed('{"date": "2029-04-10",
	"starts_local": "2029-04-17T11:00"}')) AS plan \gset
SELECT is((:'plan')::jsonb #> '{body,conflicts}', '2', 'two of its dates meet');
SELECT is((SELECT jsonb_object_agg(i -> 'date' #>> '{}', c ->> 'date')
	FROM jsonb_array_elements((:'plan')::jsonb #> '{body,items}') AS i,
		jsonb_array_elements(i -> 'conflicts') AS c),
	'{"2029-04-10": "2029-04-17", "2029-04-17": "2029-04-10"}', 'each other');
SELECT is(call('series_create', 1, fixed('{"date": "2029-04-10",
	"starts_local": "2029-04-17T11:00"}')) #>> '{detail,items,0,date}', '2029-04-10',
	'and the write tells which');
SELECT is(call(route, 1, fixed(VARIADIC fixes)) - 'hint' #- '{detail,fields}', told, route)
FROM unnest(array['series_preview', 'series_create']) AS route,
	(VALUES (array['{"date": "2029-04-10", "skip": true}', '{"date": "2029-04-10",
		"room_id": 2}']::jsonb[], '{"state": "KG005", "message":
		"there are two overrides for 2029-04-10", "detail": {"date": "2029-04-10"}}'::jsonb),
	(array['{"date": "2029-04-10", "ends_local": "2029-04-10T09:00"}']::jsonb[],
		'{"state": "KG005", "message": "a booking ends after it starts",
		"detail": {"date": "2029-04-10"}}')) AS t (fixes, told);
SELECT is(call(route, 1, fixed('{"date": "2029-04-10", "room_id": 4}')) ->> 'state',
	'KG001', route || ': a room of another office')
FROM unnest(array['series_preview', 'series_create']) AS route;
SELECT is(call('series_preview', 1, tue('{}', 4)) ->> 'state', 'KG001',
	'nor is all of it previewed there');

-- what a change leaves
SELECT call('series_create', 1, tue('{}')) #>> '{body,id}' AS series \gset
SELECT is(call('series_change', 1, jsonb_build_object('series_id', :series) || patch)
	#> '{body,left}', '[]', 'nothing is left that has nothing of its own: ' || patch::text)
FROM unnest(array['{}', '{"title": "Ledelse"}', '{"title": "Ny"}']::jsonb[]) AS patch;
SELECT is(call('series_cancel', 1, jsonb_build_object('series_id', :series, 'from',
	'2029-05-01')) ->> 'state', 'KG006', 'behind its end nothing is cancelled');
SELECT is(call('series_cancel', 1, jsonb_build_object('series_id', :series)) -> 'status',
	'200', 'all of it is') FROM generate_series(1, 2);

-- what differs, by the API's names
SELECT call('booking_create', 1, '{"room_id": 1, "title": "Møde",
	"starts_local": "2029-06-04T09:00", "ends_local": "2029-06-04T10:00"}')
	#>> '{body,id}' AS id \gset
CREATE FUNCTION ask(id int, route text, more jsonb DEFAULT '{}', version int DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('booking_' || route, 1, jsonb_build_object('booking_id', id) || more,
		version)
$$;
SELECT ask(:id, 'cancel') -> 'status' AS a \gset
SELECT ask(:id, 'restore') -> 'status' AS a \gset
SELECT ask(:id, 'move', '{"room_id": 2, "starts_local": "2029-06-04T11:00",
	"setup": "islands"}') -> 'status' AS a \gset
SELECT is(ask(:id, 'cancel', '{}', 1) #> '{detail,difference}', '{
	"room_id": {"before": 1, "after": 2}, "setup": {"before": null, "after": "islands"},
	"capacity": {"before": null, "after": 20},
	"setup_min": {"before": 0, "after": 60}, "clear_min": {"before": 0, "after": 30},
	"starts_local": {"before": "2029-06-04T09:00", "after": "2029-06-04T11:00"},
	"ends_local": {"before": "2029-06-04T10:00", "after": "2029-06-04T12:00"}}',
	'only what differs');
SELECT call('run_change', 1, '{"run_no": "R-1", "minimum": 2}') #>> '{body,version}' AS now
\gset
SELECT is(call('run_change', 1, '{"run_no": "R-1"}', :now - 1) #> '{detail,difference}',
	'{"minimum": {"before": 14, "after": 2}}', 'of a run');
-- the fixture counts its atoms itself
SELECT setval('kg.room_atom', 100) \g /dev/null
SELECT call('room_create', 2, '{"venue_id": 1, "name": "Nord"}') #>> '{body,id}' AS nord
\gset
SELECT call('room_change', 2, jsonb_build_object('room_id', 3, 'halves', array[1, :nord]))
	#>> '{body,version}' AS now \gset
SELECT is(call('room_change', 2, '{"room_id": 3}', :now - 1)
	#> '{detail,difference,halves}',
	jsonb_build_object('before', '[1, 2]'::jsonb, 'after', jsonb_build_array(1, :nord)),
	'of a room');

-- several versions, and weak ones
SELECT is(ask(:id, 'change', jsonb_build_object('if_match', named), 99) ->> 'state', state,
	named)
FROM (VALUES ('{99}', 'KG003'), ('{}', 'KG003'), ('{99,4}', NULL)) AS t (named, state);
SELECT is(ask(:id, 'change', '{"if_match": "{}"}', 4), ('{"state": "KG003",
	"message": "booking ' || :id || ' is at version 4", "hint":
	"a weak tag (W/) is the same as none: send the strong one"}')::jsonb
	|| jsonb_build_object('detail', ask(:id, 'change', '{"if_match": "{}"}', 4)
		-> 'detail'), 'a weak tag is told what would do');
SELECT is(ask(:id, 'change', '{}', 3) ->> 'state', 'KG003', 'the next asks for its own');

-- who sees less has another tag
CREATE FUNCTION tag(route text, who int, input jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT call(route, who, input) ->> 'etag'
$$;
SELECT is(tag('booking_get', 1, jsonb_build_object('booking_id', :id)), '"4"',
	'a booking in full');
SELECT matches(tag('booking_get', 6, jsonb_build_object('booking_id', :id)),
	'^"4-[0-9a-f]{8}"$', 'busy');
SELECT kg.session_teacher_set(NULL, 'x', 'R-1', 1, 3, 'asked') \g /dev/null
SELECT is(count(DISTINCT tag('session_get', who, '{"run_no": "R-1", "no": 1}')), 3::bigint,
	'its teachers, their numbers, nobody')
FROM kg.person p, LATERAL (SELECT p.id AS who) AS w
WHERE p.role IN ('planner', 'auditor') OR p.role = 'coordinator' AND p.office_id = 2;
