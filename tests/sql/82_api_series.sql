-- Series over Easter and Ascension, block-outs, closing days, holds.
\ir api.sql
\ir files.sql
-- Before all days that are named here.
UPDATE kg.clock SET shift = '2026-11-25 12:00'::timestamp AT TIME ZONE 'UTC' - now();
SELECT kg.registry_load(NULL, 'x', jsonb_build_object('holidays',
	registry_files() -> 'holidays')) \g /dev/null
UPDATE kg.room SET default_setup = 'islands' WHERE id = 1;

-- dates
SELECT is(array(SELECT kg.series_dates(jsonb_build_object('from', starts, 'until',
	ends) || rule)), days::date[], rule::text)
FROM (VALUES ('2027-01-05', '2027-02-16', '{"interval": 2}'::jsonb,
		'{2027-01-05,2027-01-19,2027-02-02,2027-02-16}'),
	('2027-01-07', '2027-01-21', '{"weekdays": ["tue", "thu"]}',
		'{2027-01-07,2027-01-12,2027-01-14,2027-01-19,2027-01-21}'),
	('2027-01-07', '2027-01-26', '{"weekdays": ["tue"], "interval": 2}',
		'{2027-01-19}'),
	('2027-01-05', '2027-01-09', '{"freq": "daily", "interval": 2}',
		'{2027-01-05,2027-01-07,2027-01-09}'),
	('2027-01-12', '2027-06-30', '{"freq": "monthly", "interval": 2}',
		'{2027-01-12,2027-03-09,2027-05-11}'),
	('2027-01-29', '2027-06-30', '{"freq": "monthly"}', '{2027-01-29,2027-04-30}'),
	('2027-03-25', '2027-03-25', '{}', '{2027-03-25}')
) AS t (starts, ends, rule, days);

-- every Thursday from February to June: Maundy Thursday is 25 March, Ascension 6 May
CREATE FUNCTION asked(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"room_id": 1, "title": "Ledelse", "from": "2027-02-18",
		"until": "2027-05-13", "starts": "09:00", "ends": "12:00"}'::jsonb || more
$$;
SELECT call('booking_create', 2, '{"room_id": 3, "title": "Årsmøde",
	"starts_local": "2027-03-04T08:00", "ends_local": "2027-03-04T16:00"}') \g /dev/null
SELECT call('series_preview', 1, asked()) AS plan \gset
SELECT is(((:'plan')::jsonb -> 'body') - 'items',
	'{"count": 11, "conflicts": 1, "holidays": 2}', 'a series is counted');
SELECT is((SELECT jsonb_object_agg(i ->> 'date', i -> 'holiday')
	FROM jsonb_array_elements((:'plan')::jsonb #> '{body,items}') AS i
	WHERE (i -> 'skipped')::bool), '{"2027-03-25": "Skærtorsdag",
	"2027-05-06": "Kristi himmelfartsdag"}', 'holidays are skipped, and named');
SELECT is((SELECT jsonb_agg(jsonb_build_array(i -> 'date', i #> '{conflicts,0,title}',
		i #> '{conflicts,0,room}', i #> '{alternatives,0,reason}'))
	FROM jsonb_array_elements((:'plan')::jsonb #> '{body,items}') AS i
	WHERE i -> 'conflicts' <> '[]'), '[["2027-03-04", "Årsmøde", "Salen", "time"]]',
	'what is in the way is listed, with what would do');
SELECT is(count(*), 1::bigint, 'a preview writes nothing') FROM kg.booking;
SELECT call('series_create', 1, asked()) AS refused \gset
SELECT is((:'refused')::jsonb ->> 'state', 'KG409', 'as it is it is refused');
SELECT is((SELECT jsonb_agg(i -> 'date') FROM jsonb_array_elements(
	(:'refused')::jsonb #> '{detail,items}') AS i), '["2027-03-04"]',
	'with the dates that something stands against');
SELECT is(count(*), 0::bigint, 'and leaves nothing behind') FROM kg.series;
SELECT is(call('series_create', 1, asked('{"overrides":
	[{"date": "2027-03-05", "skip": true}]}')) ->> 'state', 'KG005',
	'one fixes dates that it has');
SELECT call('series_create', 1, asked('{"head_count": 20, "overrides": [
	{"date": "2027-03-04", "starts_local": "2027-03-04T18:00"},
	{"date": "2027-03-11", "room_id": 5}, {"date": "2027-03-18", "skip": true},
	{"date": "2027-05-06", "keep": true}]}')) AS no_setup \gset
SELECT is((:'no_setup')::jsonb -> 'status', '201', 'skipped, kept and fixed it is had');
SELECT is((:'no_setup')::jsonb ->> 'location', '/api/v1/series/'
	|| ((:'no_setup')::jsonb #>> '{body,id}'), 'at an address');
SELECT is(array(SELECT format('%s %s', room_id, starts_local) FROM kg.booking
	WHERE series_id IS NOT NULL AND (starts_local::time <> '09:00' OR room_id <> 1
		OR starts_local::date IN ('2027-03-18', '2027-03-25', '2027-05-06'))
	ORDER BY starts_local), '{1 2027-03-04 18:00:00,5 2027-03-11 09:00:00,'
	'1 2027-05-06 09:00:00}', 'each as it was said');
SELECT is((count(*), min(setup_min), max(head_count), min(room_setup)),
	(10::bigint, 60, 20, 'islands'::text), 'the rest as the room is set up')
	FROM kg.booking WHERE series_id IS NOT NULL AND room_id = 1;
SELECT is(count(*), 11::bigint, 'a row in the journal for each') FROM kg.journal
	WHERE object = 'booking' AND after ->> 'series_id' IS NOT NULL
		AND action = 'insert';
SELECT is((SELECT jsonb_agg(DISTINCT kg.local_instants(x, 'Europe/Copenhagen'))
	FROM kg.booking, unnest(array[starts_local, ends_local]) AS x), '[1]',
	'it goes on at its hours over the change of clocks');
SELECT is((SELECT problem IS NOT NULL FROM kg.series_days('{"room_id": 5,
	"title": "Nat", "from": "2027-03-28", "until": "2027-03-28", "starts": "02:30",
	"ends": "04:00"}')), true, 'an hour that does not exist is a problem of its date');
SELECT is(call('series_create', 1, '{"room_id": 5, "title": "Nat",
	"from": "2027-03-28", "until": "2027-03-28", "starts": "02:30", "ends": "04:00",
	"skip_holidays": false}') ->> 'state', 'KG409', 'and refused');

-- changed and cancelled, together or one by one
SELECT (:'no_setup')::jsonb #>> '{body,id}' AS series \gset
SELECT is((SELECT count(*) FROM jsonb_array_elements(call('series_get', 1,
	jsonb_build_object('series_id', :series)) #> '{body,items}')), 11::bigint,
	'a series has its bookings');
SELECT is(call('series_get', 6, jsonb_build_object('series_id', :series)) ->> 'state',
	'KG001', 'which another office does not see');
SELECT id AS one FROM kg.booking WHERE starts_local = '2027-04-01 09:00' \gset
SELECT is(call('booking_move', 1, jsonb_build_object('booking_id', :one,
	'starts_local', '2027-04-02T09:00'), 1) #>> '{body,series_id}', :'series',
	'one is moved by itself');
-- the series counts what is changed of it, together or one by one
CREATE FUNCTION change(what jsonb, expected int DEFAULT NULL) RETURNS jsonb LANGUAGE sql
AS $$
	SELECT call('series_change', 1, jsonb_build_object('series_id', max(id),
		'from', '2027-01-01') || what, expected) FROM kg.series WHERE kind = 'internal'
$$;
CREATE FUNCTION its_version() RETURNS int LANGUAGE sql AS $$
	SELECT (call('series_get', 1, jsonb_build_object('series_id', max(id)))
		#>> '{body,version}')::int FROM kg.series
$$;
CREATE FUNCTION at(day date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s %s-%s %s', room_id, to_char(starts_local, 'HH24:MI'),
		to_char(ends_local, 'HH24:MI'), title), '; ')
	FROM kg.booking WHERE series_id = (SELECT max(id) FROM kg.series)
		AND starts_local::date = day AND status = 'confirmed'
$$;
SELECT is(its_version(), 2, 'that one moved raises the version of the series');
SELECT change('{"starts": "10:00", "ends": "11:30", "title": "Nyt", "from": "2027-04-02"}',
	1) AS stale \gset
SELECT is((:'stale')::jsonb ->> 'state', 'KG003', 'who did not see it is stale');
SELECT is((:'stale')::jsonb #> '{detail,difference}' -> ('bookings.' || :one
	|| '.starts_local'), '{"before": "2027-04-01T09:00", "after":
	"2027-04-02T09:00"}', 'and is told what was changed');
SELECT is((:'stale')::jsonb #>> '{detail,version}', '2', 'and the version');
SELECT change('{"starts": "10:00", "ends": "11:30", "from": "2027-04-02"}', 2) AS moved \gset
SELECT is((:'moved')::jsonb -> 'status', '200', 'the rest is changed together');
SELECT is(array(SELECT DISTINCT format('%s-%s', starts_local::time,
	ends_local::time) FROM kg.booking WHERE series_id = :series
		AND starts_local >= '2027-04-08'), '{10:00:00-11:30:00}', 'all of it');
SELECT is(at('2027-04-02'), '1 09:00-12:00 Ledelse', 'but not what was moved by itself');
SELECT is((:'moved')::jsonb #> '{body,left}', jsonb_build_array(jsonb_build_object(
	'booking_id', :one, 'date', '2027-04-02', 'starts_local', '2027-04-02T09:00',
	'ends_local', '2027-04-02T12:00', 'starts_at', '2027-04-02T07:00:00Z',
	'ends_at', '2027-04-02T10:00:00Z', 'room_id', 1, 'status', 'confirmed',
	'own', '["place"]'::jsonb)), 'which the answer lists');
SELECT is((SELECT jsonb_agg(e -> 'date') FROM jsonb_array_elements((:'moved')::jsonb
	#> '{body,exceptions}') AS e), '["2027-03-04", "2027-03-11", "2027-04-02"]',
	'exceptions are also the dates that were fixed from the start');
SELECT is((:'moved')::jsonb #> '{body,rule}' @> '{"starts": "10:00", "ends": "11:30",
	"from": "2027-02-18"}', true, 'the rule tells the new hours');
SELECT is(change('{"title": "Nyt"}') #> '{body,left}', '[]',
	'a title is nothing that it has of its own');
SELECT is((at('2027-04-02'), at('2027-02-18')), ('1 09:00-12:00 Nyt'::text,
	'1 09:00-12:00 Nyt'::text), 'so it has the new one');
SELECT is(change('{"starts": "08:00", "from": "2027-04-02", "exceptions": "too"}')
	#> '{body,left}', '[]', 'the exceptions too, if one says so');
SELECT is((at('2027-04-02'), at('2027-04-08')), ('1 08:00-11:30 Nyt'::text,
	'1 08:00-11:30 Nyt'::text), 'they have the hours of the rule then, not a mix');
SELECT call('booking_change', 1, jsonb_build_object('booking_id', :one, 'head_count', 21))
	\g /dev/null
SELECT is(change('{"head_count": 15}') #> '{body,left,0,own}', '["heads", "place"]',
	'a head-count of its own stays');
SELECT is(array(SELECT DISTINCT head_count FROM kg.booking WHERE series_id = :series
	ORDER BY 1), '{15,21}', 'the others have the new');

-- dates that are taken: skipped, fixed, or told with what would do
SELECT call('booking_create', 1, '{"room_id": 2, "title": "I vejen",
	"starts_local": "2027-04-22T08:00", "ends_local": "2027-04-22T16:00"}') \g /dev/null
SELECT change('{"head_count": 15, "exceptions": "too"}') \g /dev/null
SELECT call('booking_create', 1, '{"room_id": 2, "title": "Også her",
	"starts_local": "2027-05-13T08:00", "ends_local": "2027-05-13T09:00"}') \g /dev/null
SELECT change('{"room_id": 2, "exceptions": "too"}') AS taken \gset
SELECT call('booking_cancel', 1, jsonb_build_object('booking_id', max(id))) FROM kg.booking
	\g /dev/null
SELECT is((:'taken')::jsonb ->> 'state', 'KG409', 'all or none');
SELECT is((SELECT jsonb_agg(c -> 'title') FROM jsonb_array_elements((:'taken')::jsonb
	#> '{detail,conflicts}') AS c), '["I vejen", "Også her"]',
	'with everything that is in the way, as of any booking');
SELECT is((SELECT jsonb_agg(i -> 'date') FROM jsonb_array_elements((:'taken')::jsonb
	#> '{detail,items}') AS i), '["2027-04-22", "2027-05-13"]', 'date by date');
SELECT is(jsonb_typeof((:'taken')::jsonb #> '{detail,alternatives,0,reason}'), 'string',
	'and what would do');
SELECT is((:'refused')::jsonb #>> '{detail,conflicts,0,title}', 'Årsmøde',
	'a new series tells it in the same way');
SELECT is(count(*), 0::bigint, 'here none') FROM kg.booking
	WHERE series_id = :series AND room_id = 2;
SELECT is(change('{"room_id": 2, "overrides": [{"date": "2027-04-22", "skip": true},
	{"date": "2027-04-29", "starts_local": "2027-04-29T13:00"}]}')
	#> '{body,left}' @> '[{"date": "2027-04-22", "own": ["place"]}]', true,
	'one date is left as it is');
SELECT is((at('2027-04-22'), at('2027-04-29'), at('2027-05-06')),
	('1 08:00-11:30 Nyt'::text, '2 13:00-16:30 Nyt'::text, '2 08:00-11:30 Nyt'::text),
	'one fixed, the rest moved');
SELECT is(change('{"title": "x", "overrides": [{"date": "2027-04-23", "skip": true}]}')
	->> 'state', 'KG005', 'of a date that it has');

-- undo: what it had of its own it has again
SELECT id AS one FROM kg.booking WHERE starts_local = '2027-05-06 08:00' \gset
SELECT call('booking_move', 1, jsonb_build_object('booking_id', :one,
	'starts_local', '2027-05-06T13:00', 'why', 'for sig')) \g /dev/null
SELECT call('booking_change', 1, jsonb_build_object('booking_id', :one,
	'title', 'Andet')) \g /dev/null
SELECT is(call('journal_undo', 1, jsonb_build_object('journal_id', max(id))) -> 'status',
	'200', 'a move by itself is undone') FROM kg.journal WHERE why = 'for sig';
SELECT is(series_own, '{title}', 'and follows in its place again')
	FROM kg.booking WHERE id = :one;
SELECT change('{"starts": "09:00", "why": "kl. 9"}') \g /dev/null
SELECT is(call('journal_undo', 1, jsonb_build_object('journal_id', max(id))) -> 'status',
	'200', 'a change of all is undone') FROM kg.journal WHERE why = 'kl. 9';
SELECT is((at('2027-05-06'), series_own), ('2 08:00-11:30 Andet'::text, '{title}'::text[]),
	'and makes nobody an exception') FROM kg.booking WHERE id = :one;
SELECT is(rule ->> 'starts', '08:00', 'the rule is as it was') FROM kg.series
	WHERE id = :series;

-- cancelled and restored
SELECT id AS alone FROM kg.booking WHERE series_id = :series
	AND starts_local::date = '2027-05-13' \gset
SELECT call('booking_cancel', 1, jsonb_build_object('booking_id', :alone)) \g /dev/null
SELECT its_version() AS version \gset
SELECT is(call('series_cancel', 1, jsonb_build_object('series_id', :series,
	'from', '2027-04-22'), :version - 1) ->> 'state', 'KG003',
	'who did not see that one was cancelled is stale');
SELECT is(call('series_cancel', 1, jsonb_build_object('series_id', :series,
	'from', '2027-04-22'), :version) -> 'status', '200', 'cancelled from a day on');
SELECT is(array(SELECT DISTINCT status FROM kg.booking WHERE series_id = :series
	AND starts_local >= '2027-04-22'), '{cancelled}', 'all of those');
SELECT is(count(*), 7::bigint, 'and no more') FROM kg.booking
	WHERE series_id = :series AND status = 'confirmed';
SELECT (call('booking_create', 1, '{"room_id": 2, "title": "Nu her",
	"starts_local": "2027-04-29T12:00", "ends_local": "2027-04-29T16:00"}')
	#>> '{body,id}') AS other \gset
CREATE FUNCTION restore(what jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('series_restore', 1, jsonb_build_object('series_id', max(id),
		'from', '2027-01-01') || what) FROM kg.series
$$;
SELECT is(restore() #>> '{detail,conflicts,0,title}', 'Nu her',
	'a series is restored all or none, and what is in the way is told');
SELECT is(restore(jsonb_build_object('bookings', (SELECT jsonb_agg(id) FROM kg.booking
	WHERE series_id = :series AND starts_local::date = '2027-04-22'))) -> 'status', '200',
	'some of it');
SELECT is(count(*), 8::bigint, 'and no more') FROM kg.booking
	WHERE series_id = :series AND status = 'confirmed';
SELECT call('booking_cancel', 1, jsonb_build_object('booking_id', :other)) \g /dev/null
SELECT is(restore() -> 'status', '200', 'the rest when nothing is in the way');
SELECT is(array(SELECT id FROM kg.booking WHERE series_id = :series
	AND status = 'cancelled'), array[:alone]::int[], 'but what was cancelled by itself');
SELECT is(restore(jsonb_build_object('bookings', jsonb_build_array(:alone)))
	#>> '{body,version}', (its_version())::text, 'unless it is named');
SELECT is((status, series_own), ('confirmed'::text, '{}'::text[]), 'then it follows again')
	FROM kg.booking WHERE id = :alone;
SELECT is(restore(jsonb_build_object('bookings', jsonb_build_array(:other))) ->> 'state',
	'KG005', 'of this series only');
SELECT is(call('series_restore', 6, jsonb_build_object('series_id', :series)) ->> 'state',
	'KG001', 'by its own office only');
SELECT is(call('series_cancel', 1, jsonb_build_object('series_id', :series,
	'from', '2027-04-22')) -> 'status', '200', 'cancelled again');
SELECT is(call('series_cancel', 6, jsonb_build_object('series_id', :series))
	->> 'state', 'KG001', 'by its own office only');
SELECT is(call('series_create', 1, asked(bad)) ->> 'state', 'KG005', bad::text)
FROM unnest(array['{"starts": "9"}', '{"ends": "08:00"}', '{"until": "2027-01-01"}',
	'{"until": "2037-01-01"}', '{"freq": "yearly"}', '{"weekdays": ["tirsdag"]}',
	'{"interval": 0}', '{"kind": "session"}', '{"title": ""}',
	'{"freq": "daily", "until": "2027-12-31"}', '{"head_count": 26}']::jsonb[]) AS bad;

-- C9: block-outs and closing days
SELECT is(call('closing_day_create', 1, '{"office": "AAR", "from": "2027-03-04",
	"title": "Lukket"}') #> '{detail,conflicts}' @> '[{"title": "Årsmøde"},
	{"title": "Nyt"}]', true, 'C9: a closing day shows what is in its way');
SELECT is(count(*), 0::bigint, 'C9: and writes nothing') FROM kg.booking
	WHERE kind = 'block_out';
CREATE TABLE booked AS SELECT * FROM kg.booking;
SELECT call('closing_day_create', 1, '{"office": "AAR", "from": "2027-03-04",
	"title": "Lukket", "around": true}') AS around \gset
SELECT is(array(SELECT format('%s %s-%s', room_id, to_char(starts_local, 'DD HH24:MI'),
	to_char(ends_local, 'DD HH24:MI')) FROM kg.booking WHERE kind = 'block_out'
	ORDER BY room_id, starts_local), '{1 04 00:00-04 08:00,1 04 16:00-04 17:00,'
	'1 04 21:30-05 00:00,2 04 00:00-04 08:00,2 04 16:00-05 00:00}',
	'C9: around them it takes the free stretches, half by half');
SELECT is(jsonb_array_length((:'around')::jsonb #> '{body,conflicts}'), 2,
	'C9: and says what it went around');
SELECT results_eq('SELECT * FROM kg.booking WHERE kind <> ''block_out'' ORDER BY id',
	'SELECT * FROM booked ORDER BY id', 'C9: nothing that is booked was touched');
SELECT is(call('booking_create', 1, '{"room_id": 3, "title": "Aften",
	"starts_local": "2027-03-04T22:00", "ends_local": "2027-03-04T23:00"}')
	->> 'state', 'KG007', 'the hall is closed with its halves');
SELECT is(call('series_cancel', 1, jsonb_build_object('series_id',
	(:'around')::jsonb #> '{body,series_id}'), 1) -> 'status', '200',
	'what was closed is opened in one go');
SELECT is(count(*), 0::bigint, 'all of it') FROM kg.booking
	WHERE kind = 'block_out' AND status = 'confirmed';
SELECT is((SELECT jsonb_agg(i #> '{room,id}') FROM jsonb_array_elements(
	call('block_out_create', 1, '{"room_ids": [1, 3], "title": "Maling",
	"starts_local": "2027-07-05T08:00", "ends_local": "2027-07-06T16:00"}')
	#> '{body,items}') AS i), '[1, 2]', 'a hall and its half: both halves');
SELECT is((SELECT jsonb_agg(i #> '{room,id}') FROM jsonb_array_elements(
	call('block_out_create', 1, '{"room_id": 3, "title": "Maling",
	"starts_local": "2027-07-07T08:00", "ends_local": "2027-07-07T16:00"}')
	#> '{body,items}') AS i), '[3]', 'the hall by itself: the hall');
SELECT is(call('block_out_create', 1, input::jsonb) ->> 'state', state, input)
FROM (VALUES ('{"office": "KBH", "title": "x", "starts_local": "2027-08-02T08:00",
		"ends_local": "2027-08-02T16:00"}', 'KG001'),
	('{"title": "x", "starts_local": "2027-08-02T08:00",
		"ends_local": "2027-08-02T16:00"}', 'KG005'),
	('{"office": "AAR", "room_id": 1, "title": "x",
		"starts_local": "2027-08-02T08:00", "ends_local": "2027-08-02T16:00"}',
		'KG005'),
	('{"room_id": 1, "title": "x", "starts_local": "2027-08-02T18:00",
		"ends_local": "2027-08-02T16:00"}', 'KG005'),
	('{"room_id": 1, "title": "x", "starts_local": "2027-03-28T02:30",
		"ends_local": "2027-03-28T16:00"}', 'KG002'),
	('{"room_id": 1, "title": "", "starts_local": "2027-08-02T08:00",
		"ends_local": "2027-08-02T16:00"}', 'KG005')) AS t (input, state);
SELECT is(call('block_out_create', 2, '{"room_ids": [1, 4], "title": "x",
	"starts_local": "2027-08-02T08:00", "ends_local": "2027-08-02T16:00"}')
	->> 'state', 'KG005', 'of one office at a time');
SELECT is(call('block_out_create', 1, '{"room_id": 1, "title": "x", "around": true,
	"starts_local": "2027-07-07T09:00", "ends_local": "2027-07-07T10:00"}')
	->> 'state', 'KG007', 'with nothing free left it is refused even around');
-- a stretch that would begin or end in the hour that comes twice
SELECT kg.booking_create(NULL, 'x', 5, '2027-10-31 00:00', '2027-10-31 01:00', 0, 90,
	'internal', NULL, '', NULL, 'Nat', NULL) \g /dev/null
SELECT is(array(SELECT i ->> 'starts_local' || ' ' || (i ->> 'ends_local')
	FROM jsonb_array_elements(call('block_out_create', 1, '{"room_id": 5,
	"title": "x", "around": true, "starts_local": "2027-10-30T23:00",
	"ends_local": "2027-10-31T12:00"}') #> '{body,items}') AS i),
	'{2027-10-30T23:00 2027-10-31T00:00,2027-10-31T03:00 2027-10-31T12:00}',
	'begins when the wall clock is clear again');

-- C3: holds
UPDATE kg.clock SET shift = '2027-08-01 12:00'::timestamp AT TIME ZONE 'UTC' - now();
SELECT call('booking_create', 1, '{"room_id": 5, "title": "Hotellet?",
	"starts_local": "2027-09-01T09:00", "ends_local": "2027-09-01T12:00",
	"expires_local": "2027-08-05T12:00"}') -> 'body' AS hold \gset
SELECT is(((:'hold')::jsonb ->> 'status', (:'hold')::jsonb ->> 'expires_at'),
	('held'::text, '2027-08-05T10:00:00Z'::text), 'C3: a hold has an end');
SELECT is(call('booking_create', 1, '{"room_id": 5, "title": "x",
	"starts_local": "2027-09-01T09:00", "ends_local": "2027-09-01T12:00",
	"expires_local": "2027-07-05T12:00"}') #>> '{detail,fields,0}', 'expires_local',
	'in the future');
UPDATE kg.clock SET shift = '2027-08-03 09:59'::timestamp AT TIME ZONE 'UTC' - now();
SELECT is(count(*), 0::bigint, 'nobody is warned before that') FROM kg.holds_due_warning();
UPDATE kg.clock SET shift = '2027-08-03 10:00:01'::timestamp AT TIME ZONE 'UTC' - now();
CREATE TABLE warned AS SELECT * FROM kg.holds_due_warning();
SELECT is((title, room, venue, office_id, changed_by), ('Hotellet?'::text,
	'Hotellokalet'::text, 'Hotellet'::text, 1, 1), 'C3: 48 hours before, who holds is warned')
	FROM warned;
SELECT is(count(*), 0::bigint, 'once') FROM kg.holds_due_warning();
SELECT is((version, warned_at IS NOT NULL), (1, true), 'which is no change of it')
	FROM kg.booking WHERE title = 'Hotellet?';
SELECT is(count(*), 1::bigint, 'nor one for the journal') FROM kg.journal
	WHERE object = 'booking' AND object_id = (:'hold')::jsonb ->> 'id';
SELECT is(call('booking_change', 1, jsonb_build_object('booking_id',
	(:'hold')::jsonb -> 'id', 'expires_local', '2027-08-10T12:00'), 1)
	#>> '{body,expires_local}', '2027-08-10T12:00', 'it can be held longer');
SELECT is(warned_at, NULL, 'and is warned about again') FROM kg.booking
	WHERE title = 'Hotellet?';
UPDATE kg.clock SET shift = '2027-08-10 10:00:01'::timestamp AT TIME ZONE 'UTC' - now();
SELECT is(call('rooms_free', 1, '{"office": "AAR",
	"starts_local": "2027-09-01T09:00", "ends_local": "2027-09-01T12:00"}')
	#> '{body,items}' @> '[{"room": {"id": 5}}]', true,
	'C3: after its end the room is free, whether it was noticed or not');
SELECT is(call('booking_confirm', 1, jsonb_build_object('booking_id',
	(:'hold')::jsonb -> 'id'), 2) ->> 'state', 'KG006', 'too late to confirm it');
SELECT is((expired, scopes), (1, 'office:1 person:1 room:5'::text), 'C3: the keeper expires it')
	FROM kg.holds_expire();
SELECT is((status, why), ('expired'::text, 'the hold has run out'::text), 'and says why')
	FROM kg.booking b JOIN kg.journal j ON j.object = 'booking'
		AND j.object_id = b.id::text
	WHERE b.title = 'Hotellet?' ORDER BY j.id DESC LIMIT 1;
SELECT is(expired, 0, 'once') FROM kg.holds_expire();
SELECT is(call('booking_restore', 1, jsonb_build_object('booking_id',
	(:'hold')::jsonb -> 'id'), 3) ->> 'state', 'KG006', 'it does not come back');
SELECT call('booking_create', 1, '{"room_id": 5, "title": "Sikker",
	"starts_local": "2027-09-02T09:00", "ends_local": "2027-09-02T12:00",
	"expires_local": "2027-08-15T12:00"}') -> 'body' -> 'id' AS sure \gset
SELECT is(call('booking_confirm', 1, jsonb_build_object('booking_id', :sure), 1)
	#> '{body}' @> '{"status": "confirmed", "expires_at": null}', true,
	'in time it becomes a booking');
SELECT * FROM finish();
