-- Demo data: says so, comes once, and lies in the coming year.
\ir files.sql
SET session_replication_role = replica;
TRUNCATE kg.office, kg.seminar CASCADE;
SET session_replication_role = origin;
SELECT kg.registry_load(NULL, 'x', registry_files()) \g /dev/null
SELECT extract(year FROM now() AT TIME ZONE 'Europe/Copenhagen')::int AS year \gset
UPDATE kg.clock SET shift = '2026-09-01 12:00+02'::timestamptz - now();
CREATE TABLE loaded AS
	SELECT * FROM kg.demo_load(NULL, 'x', season_rows(), programme_rows());
SELECT ok(bool_and(changed), 'all is new') FROM loaded;
SELECT is(array_agg(slug || ' ' || title ORDER BY slug),
	'{kattegat-2022 Kattegat 2022 (demodata),kattegat-2027 Kattegat 2027 '
	'(demodata)}', 'two seasons') FROM kg.season;
SELECT is((count(*), min(starts_local), max(ends_local)), (99::bigint, starts, ends),
	'99 sessions in ' || slug) FROM kg.session s JOIN kg.run r ON r.id = s.run_id
	JOIN kg.season z ON z.id = r.season_id JOIN (VALUES
	('kattegat-2022', timestamp '2022-01-20 13:00', timestamp '2022-03-26 13:00'),
	('kattegat-2027', timestamp '2027-01-14 13:00', timestamp '2027-03-20 13:00')
	) AS t (slug, starts, ends) USING (slug) GROUP BY slug, starts, ends;
SELECT is(count(*), 33::bigint, 'under the numbers of its year') FROM kg.run
	WHERE run_no ~ '^KAT27-\d\d$';
SELECT is(count(*), 0::bigint, 'the coming season meets no public holiday')
	FROM kg.session s JOIN kg.run r ON r.id = s.run_id
	JOIN kg.season z ON z.id = r.season_id JOIN kg.holiday h
	ON h.day BETWEEN s.starts_local::date AND s.ends_local::date
	WHERE slug = 'kattegat-2027' AND h.kind = 'public';
SELECT is(extract(isodow FROM min(starts_local))::int, 4, 'weekdays stay')
	FROM kg.session s JOIN kg.run r ON r.id = s.run_id
	WHERE run_no = 'KAT27-01';
SELECT is(array_agg(slug::text), NULL, 'every seminar says that it is demo data')
	FROM kg.seminar WHERE NOT (demo AND title ~ '\(demodata\)$'
	AND description ~ '^Demodata');
SELECT is(array_agg(DISTINCT o.code), '{AAL,AAR,KBH,NAE,ODE,VEJ}',
	'seminars in the six offices'' own rooms') FROM kg.booking b
	JOIN kg.room r ON r.id = b.room_id JOIN kg.venue v ON v.id = r.venue_id
	JOIN kg.office o ON o.id = v.office_id WHERE v.own;
SELECT is(array_agg(name || ' ' || parts ORDER BY name), array[
	'Lokale Vest {[2,3)}', 'Lokale Øst {[1,2)}', 'Salen {[1,3)}'],
	'a hall divides in two') FROM kg.room WHERE venue_id = (
		SELECT id FROM kg.venue WHERE name ~ 'Aarhus');
SELECT is(array_agg(format('%s %s %s', starts_local, ends_local,
	upper(during) - lower(during))), '{2026-10-24 15:00:00 2026-10-25 14:00:00 '
	'1 day}'::text[], 'one lasts over a change of clocks within the year')
	FROM kg.session
	WHERE ends_local - starts_local <> upper(during) - lower(during);
SELECT is(array_agg(DISTINCT t.status ORDER BY t.status), '{accepted,asked}',
	'teachers have accepted and were asked') FROM kg.session_teacher t;
SELECT is(count(*), 0::bigint, 'no person looks like a real one') FROM kg.person
	WHERE name !~ '\(demodata\)$' OR mail IS NOT NULL OR phone IS NOT NULL;
SELECT is(count(*), 0::bigint, 'no session has been changed since it was made')
	FROM kg.session WHERE sequence > 0;

CREATE TABLE counted AS SELECT count(*) AS n FROM kg.journal;
SELECT ok(bool_and(NOT changed), 'a second load changes nothing')
	FROM kg.demo_load(NULL, 'x', season_rows(), programme_rows());
SELECT is(count(*), n, 'not a row') FROM kg.journal, counted GROUP BY n;
SELECT is((SELECT object_id FROM loaded WHERE object = 'season' OFFSET 1 LIMIT 1),
	id::text, 'it answers the coming season') FROM kg.season
	WHERE slug = 'kattegat-2027';
SELECT throws_ok($$SELECT kg.demo_load(NULL, 'x', '[]', programme_rows())$$, 'KG005',
	'season, line 1: the season is empty', 'bad rows are refused');

-- other years
UPDATE kg.clock SET shift = '2025-06-01 12:00+02'::timestamptz - now();
SELECT is(kg.demo_weeks(r.wishes), 209, 'to January 2026: 209 weeks')
	FROM kg.season_read('kattegat-2022', season_rows(),
		(kg.programme_read(programme_rows())).blocks) AS r;
SELECT is(kg.demo_clocks_change(), '2025-10-26', 'the next change of clocks');
UPDATE kg.clock SET shift = '2026-11-24 12:00+01'::timestamptz - now();
SELECT is(kg.demo_clocks_change(), '2027-10-31', 'not on Easter Sunday');
SELECT is(kg.demo_day('2027-03-23'), '2027-03-23', 'a Tuesday will do');
SELECT is(kg.demo_day('2027-03-25'), '2027-03-30', 'Easter will not');
SELECT * FROM finish();
