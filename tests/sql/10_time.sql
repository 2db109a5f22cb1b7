-- Time: the clock that tests move, and the hours that a wall clock has.
SELECT ok(kg.now() = now(), 'the clock is the real one');
UPDATE kg.clock SET shift = '400 days';
SELECT is(kg.now(), now() + interval '400 days', 'a moved clock moves kg.now()');
UPDATE kg.clock SET shift = '0';
SELECT throws_ok('INSERT INTO kg.clock VALUES (false)', '23514', NULL,
	'there is one clock');
SET ROLE kattegat;
SELECT throws_ok('UPDATE kg.clock SET shift = ''1 day''', '42501', NULL,
	'the daemon does not move the clock');
RESET ROLE;

SELECT is(kg.local_instants(at_local::timestamp, zone), instants,
	format('%s is %s time(s) %s in %s', at_local, instants, why, zone))
FROM (VALUES
	('2027-03-28 01:59', 'Europe/Copenhagen', 1, 'before the change'),
	('2027-03-28 02:00', 'Europe/Copenhagen', 0, 'at the change'),
	('2027-03-28 02:59', 'Europe/Copenhagen', 0, 'in the gap'),
	('2027-03-28 03:00', 'Europe/Copenhagen', 1, 'after the gap'),
	('2027-10-31 01:59', 'Europe/Copenhagen', 1, 'before the change'),
	('2027-10-31 02:00', 'Europe/Copenhagen', 2, 'at the change'),
	('2027-10-31 02:59', 'Europe/Copenhagen', 2, 'in the doubled hour'),
	('2027-10-31 03:00', 'Europe/Copenhagen', 1, 'after the doubled hour'),
	('2027-03-14 02:30', 'America/New_York', 0, 'in the gap'),
	('2027-11-07 01:30', 'America/New_York', 2, 'in the doubled hour'),
	('2027-11-07 00:59', 'America/New_York', 1, 'before it'),
	('2027-06-01 12:00', 'UTC', 1, 'always'),
	('2027-04-04 01:45', 'Australia/Lord_Howe', 2, 'in a doubled half hour'),
	('2027-04-04 02:00', 'Australia/Lord_Howe', 1, 'after it'),
	('2011-12-30 12:00', 'Pacific/Apia', 0, 'on a day that was left out')
) AS t (at_local, zone, instants, why);

SELECT throws_ok($$UPDATE kg.session SET starts_local = '2030-03-31 02:30',
	ends_local = '2030-03-31 12:00' WHERE id = 1$$, 'KG002',
	'Europe/Copenhagen has no 02:30 on 2030-03-31: the clocks go forward',
	'a session does not start in an hour that does not exist');
SELECT throws_ok($$UPDATE kg.session SET starts_local = '2030-10-26 20:00',
	ends_local = '2030-10-27 02:30' WHERE id = 1$$, 'KG002',
	'Europe/Copenhagen has 02:30 twice on 2030-10-27: the clocks go back',
	'a session does not end in an hour that exists twice');
SELECT throws_ok($$INSERT INTO kg.session (run_id, no, venue_id, starts_local,
	ends_local) VALUES (1, 9, 1, '2030-03-31 02:00', '2030-03-31 09:00')$$,
	'KG002', NULL, 'nor does a new one');
SELECT throws_ok($$UPDATE kg.session SET zone = 'Europe/Atlantis' WHERE id = 1$$,
	'KG002', 'the zone "Europe/Atlantis" is not known',
	'a session''s zone is a known one');
SELECT throws_ok($$UPDATE kg.session SET zone = 'CET-1CEST' WHERE id = 1$$,
	'KG002', NULL, 'a zone spelt as a rule is none');
SELECT throws_ok($$INSERT INTO kg.booking (room_id, kind, title, starts_local,
	ends_local, setup_min, clear_min) VALUES (1, 'internal', 'x',
	'2030-03-31 02:30', '2030-03-31 12:00', 0, 0)$$, 'KG002', NULL,
	'a booking does not start in an hour that does not exist');
SELECT throws_ok($$INSERT INTO kg.booking (room_id, kind, title, starts_local,
	ends_local, setup_min, clear_min, zone) VALUES (1, 'internal', 'x',
	'2030-03-30 02:30', '2030-03-30 12:00', 0, 0, 'Atlantis')$$, 'KG002', NULL,
	'a booking''s zone is a known one');

SELECT lives_ok($$UPDATE kg.session SET starts_local = '2030-10-26 15:00',
	ends_local = '2030-10-27 14:00' WHERE id = 4$$,
	'a session may last over a change of clocks');
SELECT is(during, '[2030-10-26 13:00, 2030-10-27 13:00)'::tsrange,
	'and its instants know of the hour') FROM kg.session WHERE id = 4;
SELECT is(during, '[2030-01-10 12:00, 2030-01-10 20:30)'::tsrange,
	'instants follow from local time and zone') FROM kg.session WHERE id = 1;
SELECT is(kg.span('2030-07-01 09:00', '2030-07-01 10:00', 'Europe/Copenhagen',
	60, 30), '[2030-07-01 06:00, 2030-07-01 08:30)'::tsrange,
	'set-up and clearing are a part of the time that a room is taken');
SELECT is(kg.span_text('[2030-07-01 07:00, 2030-07-01 08:30)',
	'Europe/Copenhagen'), 'from 2030-07-01 09:00 to 2030-07-01 10:30',
	'people read local times');
SELECT is(kg.day_in_danish('2030-03-01 00:30+01', 'Europe/Copenhagen'),
	'1. marts 2030', 'a day in Danish, of its zone');
SELECT ok(NOT EXISTS (SELECT name FROM pg_timezone_names
	EXCEPT SELECT name FROM kg.zone), 'all zones of the server are known');
SELECT * FROM finish();
