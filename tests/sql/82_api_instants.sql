-- Every time of the wall clock goes out with its instant, and an hour that does not exist
-- is told before anything else.
\ir api.sql
UPDATE kg.clock SET shift = '2026-11-25 12:00'::timestamp AT TIME ZONE 'UTC' - now();
CREATE FUNCTION wish(day text, starts text, ends text, more jsonb DEFAULT '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('room_id', 1, 'title', 'Møde',
		'starts_local', day || 'T' || starts, 'ends_local', day || 'T' || ends)
		|| more
$$;
-- Members that are a time of the wall clock and have no instant beside them.
CREATE FUNCTION alone(answer jsonb) RETURNS text[] LANGUAGE sql AS $$
	SELECT array(SELECT DISTINCT m.key
		FROM jsonb_path_query(answer, '$.** ? (@.type() == "object")') AS o
			CROSS JOIN jsonb_each_text(o) AS m
		WHERE m.value ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d$'
			AND NOT o ?| array[regexp_replace(m.key, '_local$', ''),
				regexp_replace(m.key, '_local$', '') || '_at']
			OR m.value ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d$' AND m.key IN ('from', 'to')
				AND NOT o ? (m.key || '_at')
		ORDER BY 1)
$$;

-- until 01.30 UTC: the clocks show 02.30 a second time then
SELECT call('booking_create', 1, wish('2028-10-29', '00:30', '01:30',
	'{"clear_min": 120, "setup_min": 0}')) AS made \gset
SELECT is((:'made')::jsonb #>> ('{body,' || key || '}')::text[], told, key)
FROM (VALUES ('occupied_to_local', '2028-10-29T02:30'),
	('occupied_to_at', '2028-10-29T01:30:00Z'),
	('occupied_from_at', '2028-10-28T22:30:00Z')) AS t (key, told);
SELECT call('booking_create', 1, wish('2028-10-29', '01:00', '01:30')) AS taken \gset
SELECT is((:'taken')::jsonb #> '{detail,conflicts,0}' @> '{"to": "2028-10-29T02:30",
	"from_at": "2028-10-28T22:30:00Z", "to_at": "2028-10-29T01:30:00Z"}', true,
	'what is in the way, too');
SELECT is((:'taken')::jsonb #>> '{detail,alternatives,0,starts_at}',
	'2028-10-28T23:00:00Z', 'and what would do');
SELECT is(alone(answer), '{}', what)
FROM (VALUES ('a booking', (:'made')::jsonb), ('a refusal', (:'taken')::jsonb),
	('a run', call('run_get', 1, '{"run_no": "R-1"}')),
	('runs', call('runs_list', 1)), ('the journal', call('journal_list', 1)),
	('a preview', call('series_preview', 1, '{"room_id": 1, "title": "x",
		"from": "2028-10-26", "until": "2028-10-30", "freq": "daily",
		"starts": "01:00", "ends": "02:30"}')),
	('a session', call('session_change', 2, '{"run_no": "R-1", "no": 1, "agenda": [{
		"starts_local": "2030-01-10T18:00", "ends_local": "2030-01-10T19:00",
		"title": "Oplæg"}]}')),
	('a shorter session', call('session_move', 2, '{"run_no": "R-1", "no": 1,
		"ends_local": "2030-01-10T18:30"}'))) AS t (what, answer);
SELECT is((SELECT jsonb_agg(i -> 'ends_at') FROM jsonb_array_elements(call(
	'series_preview', 1, '{"room_id": 1, "title": "x", "from": "2028-10-28",
	"until": "2028-10-29", "freq": "daily", "starts": "01:00", "ends": "02:30"}')
	#> '{body,items}') AS i), '["2028-10-28T00:30:00Z", null]',
	'an hour that exists twice has no instant');

-- hours that do not exist
SELECT call('booking_create', 1, wish('2028-03-26', '01:00', '04:00')) \g /dev/null
SELECT is(call('booking_create', 1, wish('2028-03-26', '02:30', '05:00')) ->> 'state',
	'KG002', 'an hour that does not exist is no conflict');
SELECT is(call('booking_create', 1, wish('2028-03-26', '02:30', '05:00',
	'{"head_count": 9000}')) ->> 'state', 'KG002', 'and in no room');
SELECT call('booking_create', 1, wish('2028-03-24', '01:00', '04:00')) AS moved \gset
SELECT is(call('booking_move', 1, jsonb_build_object('booking_id',
		(:'moved')::jsonb #> '{body,id}', 'starts_local', '2028-03-26T02:30',
		'room_id', room), 1) ->> 'state', 'KG002', 'nor moved there')
FROM unnest(array[1, 2]) AS room;
