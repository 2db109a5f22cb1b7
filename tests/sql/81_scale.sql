-- Scale data, and what the feed path reads of it: by index only, and no more than the
-- feed holds.
--
-- The model season is loaded as kattegatctl loads it, into an empty house.
TRUNCATE kg.office, kg.seminar, kg.person, kg.holiday CASCADE;
CREATE TEMP TABLE model (run_no text, period text, office text, host_town text,
	start_local text, end_local text, tz text, capacity text, min_participants text,
	status text);
CREATE TEMP TABLE days (day text, start text, "end" text, title_da text,
	title_en text, format text);
CREATE TEMP TABLE houses (code text, name text, street text, postcode text,
	town text, municipality_code text, lat numeric, lon numeric, mail text);
\copy model FROM db/demo/kattegat-season-model.csv CSV HEADER
\copy days FROM db/demo/kattegat-programme-model.csv CSV HEADER
\copy houses FROM db/registry/offices.csv CSV HEADER
INSERT INTO kg.office (code, name, street, postcode, town, municipality_code, lat, lon,
	mail)
SELECT * FROM houses;

SELECT throws_ok('SELECT kg.scale_check(0)', 'KG005', NULL,
	'there is no scale of nothing');
SELECT throws_ok('SELECT kg.scale_check(10001)', 'KG005', NULL,
	'nor of more than a million sessions');
INSERT INTO kg.seminar (slug, title) VALUES ('rigtigt', 'Et rigtigt seminar');
SELECT throws_ok('SELECT kg.scale_check(1)', 'KG006',
	'the database holds more than demo data: the seminar rigtigt',
	'a seminar that is no demo data refuses it');
DELETE FROM kg.seminar;
INSERT INTO kg.person (name, role) VALUES ('Ida', 'teacher');
SELECT throws_like('SELECT kg.scale_check(1)',
	'the database holds more than demo data: person %', 'so does a person');
DELETE FROM kg.person;
INSERT INTO kg.venue (office_id, name, town) SELECT id, 'Huset', town FROM kg.office
LIMIT 1;
SELECT throws_like('SELECT kg.scale_check(1)',
	'the database holds more than demo data: the venue %', 'and a venue');
DELETE FROM kg.venue;
SELECT throws_ok('SELECT kg.scale_begin(''test'', 1)', 'KG006',
	'the model season is not as it was loaded', 'the model must be there');

SELECT changed AS _ FROM kg.demo_load(NULL, 'test',
	(SELECT jsonb_agg(to_jsonb(m)) FROM model m),
	(SELECT jsonb_agg(to_jsonb(d)) FROM days d)) LIMIT 1 \gset
INSERT INTO kg.booking (room_id, starts_local, ends_local, setup_min, clear_min, kind,
	title)
SELECT id, '2040-01-02 09:00', '2040-01-02 10:00', 0, 0, 'internal', 'Oprydning'
FROM kg.room LIMIT 1;
SELECT throws_like('SELECT kg.scale_check(1)',
	'the database holds more than demo data: booking %', 'and a booking');
DELETE FROM kg.booking WHERE kind = 'internal';

-- Sixty seasons, of which six are on.
CREATE TEMP TABLE defined AS
SELECT conrelid, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'kg'::regnamespace
UNION ALL
SELECT indrelid, c.relname, pg_get_indexdef(indexrelid)
FROM pg_index x JOIN pg_class c ON c.oid = indexrelid
WHERE c.relnamespace = 'kg'::regnamespace;
CREATE TEMP TABLE had AS SELECT max(id) AS journal FROM kg.journal;
BEGIN;
SELECT kg.scale_begin('test', 60) AS aside \gset
SELECT kg.scale_part(1, 25) AS _, kg.scale_part(26, 60) AS __ \gset
SELECT count(kg.scale_again(i)) AS _ FROM generate_series(1, :aside) AS i \gset
SELECT scopes AS told FROM kg.scale_end() \gset
COMMIT;
VACUUM ANALYZE;

SELECT is(:'told'::text, '*', 'scale data is news for every feed');
SELECT is_empty('(SELECT conrelid, conname, pg_get_constraintdef(oid)
		FROM pg_constraint WHERE connamespace = ''kg''::regnamespace
	UNION ALL
	SELECT indrelid, c.relname, pg_get_indexdef(indexrelid)
		FROM pg_index x JOIN pg_class c ON c.oid = indexrelid
		WHERE c.relnamespace = ''kg''::regnamespace)
	EXCEPT TABLE defined', 'nothing new is left of what was laid aside');
SELECT is_empty('TABLE defined EXCEPT
	(SELECT conrelid, conname, pg_get_constraintdef(oid)
		FROM pg_constraint WHERE connamespace = ''kg''::regnamespace
	UNION ALL
	SELECT indrelid, c.relname, pg_get_indexdef(indexrelid)
		FROM pg_index x JOIN pg_class c ON c.oid = indexrelid
		WHERE c.relnamespace = ''kg''::regnamespace)',
	'and nothing is missing');
SELECT is_empty('SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
	WHERE c.relnamespace = ''kg''::regnamespace AND tgenabled <> ''O''',
	'every trigger is on again');
SELECT is((SELECT count(*) FROM kg.season WHERE slug LIKE 'skala-%'), 60::bigint,
	'sixty seasons were made');
SELECT results_eq('SELECT count(*) FROM kg.session s JOIN kg.run r ON r.id = s.run_id
	WHERE r.run_no LIKE ''SK%'' GROUP BY r.season_id',
	'SELECT 100::bigint FROM generate_series(1, 60)',
	'each has a hundred sessions');
SELECT is((SELECT count(*) FROM kg.feed_token), 6000::bigint,
	'and as many links');
SELECT is((SELECT count(*) FROM kg.journal, had WHERE id > had.journal), 1::bigint,
	'the journal has one row for all');
SELECT is((SELECT after FROM kg.journal ORDER BY id DESC LIMIT 1),
	(SELECT jsonb_build_object('seasons', 60, 'runs',
		(SELECT count(*) FROM kg.run WHERE run_no LIKE 'SK%'), 'sessions', 6000,
		'agenda_items', (SELECT count(*) FROM kg.agenda_item a
			JOIN kg.session s ON s.id = a.session_id
			JOIN kg.run r ON r.id = s.run_id WHERE r.run_no LIKE 'SK%'),
		'bookings', (SELECT count(*) FROM kg.booking
			WHERE title LIKE '%skala%'),
		'persons', (SELECT count(*) FROM kg.person
			WHERE name LIKE 'Underviser _____-__ (demodata)'),
		'session_teachers', (SELECT count(*) FROM kg.session_teacher t
			JOIN kg.person p ON p.id = t.person_id
			WHERE name LIKE 'Underviser _____-__ (demodata)'),
		'feed_tokens', 6000)), 'which says how much there is');
SELECT is_empty('SELECT s.id FROM kg.session s WHERE kg.local_problem(
		s.starts_local, s.zone) IS NOT NULL
	OR kg.local_problem(s.ends_local, s.zone) IS NOT NULL',
	'every hour exists once');
SELECT is_empty('SELECT t.id FROM kg.session_teacher t JOIN kg.session s
	ON s.id = t.session_id WHERE t.during IS DISTINCT FROM s.during',
	'teachers are bound as the rules bind them');
SELECT is_empty('SELECT s.id FROM kg.session s JOIN kg.run r ON r.id = s.run_id
	WHERE r.run_no LIKE ''SK%'' AND (r.status = ''completed'') IS DISTINCT FROM
		(upper(s.during) <= kg.feed_days_ago(90) AT TIME ZONE ''UTC'')',
	'seasons that are over lie before every window, the others in them');
SELECT lives_ok('UPDATE kg.session SET title = title || ''!'' WHERE no = 2 AND run_id IN
	(SELECT id FROM kg.run WHERE run_no = ''SK00001-01'')',
	'a session of the scale data can be changed as any other');
SELECT is(kg.scale_check(60), 60, 'the same scale again has nothing to do');
SELECT throws_ok('SELECT kg.scale_check(61)', 'KG006',
	'the database has scale data already: 60 seasons',
	'another scale is refused');
SELECT is(has_function_privilege('kattegat', 'kg.scale_begin(text, int)', 'EXECUTE'),
	false, 'the daemon cannot make scale data');

-- What the daemon's statements read of the big tables: the names of those they went
-- through from end to end, and how many rows and blocks, of indexes too. Six times
-- each, so that a plan for any parameters has its turn. The counters of this
-- transaction know of all functions, but not of other processes.
SET max_parallel_workers_per_gather = 0;
SET jit = off;
\set load `cat db/queries/feed/load.sql`
\set list `cat db/queries/feed/list.sql`
\set fetched `cat db/queries/feed/fetched.sql`
\set web_run `cat db/queries/web/run.sql`
PREPARE load (text, text, bigint[], int[]) AS :load
PREPARE list AS :list
PREPARE fetched (int[], bigint[], text[]) AS :fetched
PREPARE web_run (text) AS :web_run
CREATE VIEW big_read AS
SELECT relname, seq_scan, seq_tup_read + idx_tup_fetch AS rows,
	pg_stat_get_xact_blocks_fetched(relid) + (SELECT sum(
		pg_stat_get_xact_blocks_fetched(indexrelid))
		FROM pg_index WHERE indrelid = relid) AS blocks
FROM pg_stat_xact_user_tables
WHERE schemaname = 'kg' AND relname IN ('session', 'run', 'booking', 'feed_token',
	'agenda_item', 'session_teacher', 'journal', 'person');
CREATE FUNCTION read_of(statement text, turns int, OUT through text, OUT rows int, OUT blocks int,
	OUT answers int)
LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE before AS TABLE big_read;
	FOR turn IN 1..turns LOOP
		EXECUTE statement;
		GET DIAGNOSTICS answers = ROW_COUNT;
	END LOOP;
	SELECT string_agg(relname, ' ' ORDER BY relname)
			FILTER (WHERE n.seq_scan > b.seq_scan),
		sum(n.rows - b.rows) / turns, sum(n.blocks - b.blocks) / turns
		INTO through, rows, blocks
		FROM big_read n JOIN before b USING (relname);
	DROP TABLE before;
END
$$;
-- At most so much for each event, and for the feed itself. An event is a session (once
-- to find it, once to word it), its run (twice), its bookings, the seven items of its
-- programme and a teacher's word (twice).
CREATE FUNCTION reads_its_own(what text, statement text, events bigint,
	turns int DEFAULT 6)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	w record;
BEGIN
	SELECT * INTO w FROM read_of(statement, turns);
	RETURN NEXT is(w.through, NULL, what || ': no big table is read through');
	RETURN NEXT cmp_ok(w.rows, '<=', (10 + 16 * events)::int,
		what || ': only rows that it holds are read');
	RETURN NEXT cmp_ok(w.blocks, '<=', (20 + 30 * events)::int,
		what || ': only blocks that have them');
	IF statement LIKE 'EXECUTE load%' THEN
		RETURN NEXT is(w.answers, (events + 1)::int, what || ': all of it');
	END IF;
END
$$;
CREATE FUNCTION load_of(kind text, arg text, ids text DEFAULT '{}',
	versions text DEFAULT '{}')
RETURNS text LANGUAGE sql AS $$
	SELECT format('EXECUTE load (%L, %L, %L, %L)', kind, arg, ids, versions)
$$;
CREATE FUNCTION link_of(secret text) RETURNS text LANGUAGE sql AS $$
	SELECT load_of('token', encode(sha256(convert_to(secret, 'UTF8')), 'hex'))
$$;

SELECT is((SELECT through FROM read_of('SELECT count(title) FROM kg.session', 1)),
	'session', 'who reads a table through is caught');
SELECT reads_its_own('everything', load_of('alle', ''), 706);
SELECT reads_its_own('an office', load_of('kontor', 'NAE'),
	(SELECT count(*) FROM kg.session s JOIN kg.office o ON o.id = s.office_id
		WHERE o.code = 'NAE' AND upper(s.during)
			> kg.feed_days_ago(90) AT TIME ZONE 'UTC'));
SELECT reads_its_own('a season', load_of('saeson', 'skala-00042'), 100);
SELECT reads_its_own('a seminar', load_of('seminar', 'skala-002'), 1000);
SELECT reads_its_own('a run', load_of('hold', 'SK00042-07'), 3);
SELECT reads_its_own('a room', load_of('lokale', max(id)::text), 1) FROM kg.room;
SELECT reads_its_own('a teacher''s link', link_of(kg.scale_token(1)), 12);
SELECT reads_its_own('a link without events', link_of(kg.scale_token(100)), 0);
SELECT reads_its_own('an unknown link', link_of('no such link'), 0);
SELECT kg.token_create(NULL, 'test', id, sha256('coordinator'), 'telefon', 'mark') AS _
FROM kg.person WHERE role = 'coordinator' \gset
SELECT reads_its_own('a coordinator''s link', link_of('coordinator'),
	(SELECT count(*) FROM kg.session s JOIN kg.office o ON o.id = s.office_id
		WHERE o.code = 'AAR' AND upper(s.during)
			> kg.feed_days_ago(90) AT TIME ZONE 'UTC'));
SELECT reads_its_own('a run''s page', 'EXECUTE web_run (''SK00042-07'')', 3);
SELECT reads_its_own('the list of feeds', 'EXECUTE list',
	(SELECT count(*) FROM kg.feed_list() WHERE kind = 'hold'));
SELECT reads_its_own('the last fetches', format('EXECUTE fetched (%L, %L, %L)',
	array_agg(id), array_agg(60), array_agg('apple'::text)), count(*), 1)
FROM kg.feed_token WHERE id % 10 = 0;
-- One change in a long feed: all others are looked up and no more.
SELECT array_agg(CASE n WHEN 1 THEN 0 ELSE split_part(held, ' ', 1)::bigint END) AS ids,
	array_agg(split_part(held, ' ', 2)::int) AS versions
FROM kg.feed_load('alle', '', NULL, NULL) f
	CROSS JOIN unnest(string_to_array(f.layout, ',')) WITH ORDINALITY AS u (held, n)
\gset
SELECT results_eq(format('SELECT through, rows <= 2 * 706 + 26, answers FROM read_of(%L, 6)',
	load_of('alle', '', :'ids', :'versions')),
	'VALUES (NULL::text, true, 2)', 'one change in a long feed costs one event''s words');
SELECT * FROM finish();
