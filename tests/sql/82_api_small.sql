-- What is refused although it looks harmless: dates out of reach, an end of what is no
-- hold, a title that is missing.
\ir api.sql
UPDATE kg.clock SET shift = '2030-05-06 08:00+02'::timestamptz - clock_timestamp();
CREATE FUNCTION said(answer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', answer ->> 'state', answer ->> 'status',
		answer ->> 'message', answer #> '{detail,fields}')
$$;
CREATE FUNCTION at(day text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('room_id', 1, 'title', 'Møde',
		'starts_local', day || 'T09:00', 'ends_local', day || 'T12:00') || more
$$;
SELECT is(said(call('booking_create', 1, at(day))), wanted, day)
FROM (VALUES
	('2029-05-05', 'KG005 2029-05-05 is out of reach ["starts_local", "ends_local"]'),
	('2029-05-06', '201'), ('2040-05-06', '201'),
	('2040-05-07', 'KG005 2040-05-07 is out of reach ["starts_local", "ends_local"]'),
	('9999-01-01', 'KG005 9999-01-01 is out of reach ["starts_local", "ends_local"]')
) AS t (day, wanted);
SELECT is(call('booking_create', 1, at('9999-01-01')) ->> 'hint',
	'a day from 2029-05-06 to 2040-05-06', 'the days that are taken are told');
SELECT is(said(call('booking_move', 1, '{"booking_id": 1,
	"starts_local": "2020-01-01T09:00"}', 1)), 'KG005 2020-01-01 is out of reach '
	'["starts_local", "ends_local"]', 'a booking moves no further');
SELECT is(said(call('block_out_create', 1, at('9999-01-01'))), 'KG005 9999-01-01 is out '
	'of reach ["starts_local", "ends_local"]', 'nor is a room blocked');
SELECT is(said(call('closing_day_create', 1, '{"office": "AAR", "title": "Lukket",
	"from": "2020-01-01"}')), 'KG005 2020-01-01 is out of reach '
	'["starts_local", "ends_local"]', 'or an office closed');
SELECT is(said(call('series_preview', 1, '{"room_id": 1, "title": "Fast",
	"starts": "09:00", "ends": "10:00", "freq": "weekly"}'
	|| format('{"from": "%s", "until": "%s"}', first, last)::jsonb)), wanted,
	format('a series from %s until %s', first, last))
FROM (VALUES
	('9998-01-01', '9999-01-01', 'KG005 9999-01-01 is out of reach ["from", "until"]'),
	('2039-01-01', '2041-01-01', 'KG005 2041-01-01 is out of reach ["from", "until"]'),
	('2029-01-01', '2030-06-01', 'KG005 2029-01-01 is out of reach ["from", "until"]')
) AS t (first, last, wanted);
SELECT is(said(call('session_create', 1, '{"run_no": "R-1", "starts_local":
	"9999-01-01T09:00", "ends_local": "9999-01-01T10:00"}')), 'KG005 9999-01-01 is out of '
	'reach ["starts_local", "ends_local"]', 'a session');
SELECT is(said(call('session_move', 2, '{"run_no": "R-1", "no": 1, "starts_local":
	"9999-01-01T09:00"}')), 'KG005 9999-01-01 is out of reach '
	'["starts_local", "ends_local"]', 'that moves');
SELECT is(said(call('run_move', 2, '{"run_no": "R-1", "starts_on": "9999-01-01"}')),
	'KG005 9999-01-01 is out of reach ["starts_on"]', 'and a whole run');

SELECT is(said(call('booking_change', 1, '{"booking_id": 1,
	"expires_local": "2030-06-01T09:00"}', 1)),
	'KG006 booking 1 is confirmed: it is no hold', 'what is confirmed does not expire');
SELECT is(said(call('booking_create', 1, at('2030-05-08',
	'{"expires_local": "2030-05-07T09:00"}'))), '201', 'a hold');
SELECT is(call('booking_change', 1, jsonb_build_object('booking_id', max(id),
	'expires_local', '2030-05-07T12:00'), 1) #>> '{body,expires_local}',
	'2030-05-07T12:00', 'does, when it is told')
FROM kg.booking;
SELECT is(said(call('booking_create', 1, at('2030-05-09') - 'title')),
	'KG005 the title is missing ["title"]', 'a booking says what for');
SELECT is(said(call('booking_change', 1, '{"booking_id": 1, "title": ""}', 1)),
	'KG005 the title is missing ["title"]', 'and goes on saying it');
SELECT * FROM finish();
