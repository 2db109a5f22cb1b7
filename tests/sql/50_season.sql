-- A season from a file: whole or not at all, and once.
\ir files.sql
INSERT INTO kg.office (code, name, town) VALUES ('AAL', 'Aalborg', 'Aalborg'),
	('ODE', 'Odense', 'Odense'), ('VEJ', 'Vejen', 'Vejen'),
	('NAE', 'Næstved', 'Næstved');
CREATE FUNCTION load(rows jsonb DEFAULT season_rows(),
	programme jsonb DEFAULT programme_rows(), season text DEFAULT 'kattegat-2022',
	seminar text DEFAULT 'kattegat-kommune')
RETURNS TABLE (result text, source text, line int, message text, hint text,
	runs_added int, runs_unchanged int, scopes text, xid xid8)
LANGUAGE sql AS $$
	SELECT * FROM kg.season_import(NULL, 'x', season, 'Kattegat 2022', seminar,
		rows, programme)
$$;
CREATE FUNCTION counted() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT count(*) FROM kg.run),
		(SELECT count(*) FROM kg.session), (SELECT count(*) FROM kg.agenda_item),
		(SELECT count(*) FROM kg.venue), (SELECT count(*) FROM kg.period),
		(SELECT count(*) FROM kg.season), (SELECT count(*) FROM kg.seminar),
		(SELECT count(*) FROM kg.journal))
$$;
SELECT counted() AS before \gset

-- bad lines: all of them, each with what would be right, and nothing written
CREATE TABLE bad AS SELECT * FROM load((
	SELECT jsonb_agg(to_jsonb(f) || CASE f.line
		WHEN 3 THEN '{"run_no": "kat"}'::jsonb
		WHEN 4 THEN '{"run_no": "KAT22-01"}'
		WHEN 5 THEN '{"period": "0", "office": "QQQ"}'
		WHEN 6 THEN '{"host_town": "a\nb"}'
		WHEN 7 THEN '{"start_local": "2022-02-30T13:00"}'
		WHEN 8 THEN '{"end_local": "2022-01-01T13:00"}'
		WHEN 9 THEN '{"tz": "Atlantis"}'
		WHEN 10 THEN '{"capacity": "many"}'
		WHEN 11 THEN '{"min_participants": "26"}'
		WHEN 12 THEN '{"end_local": "2022-02-06T13:00"}'
		WHEN 13 THEN '{"start_local": "2022-02-24T13:30"}'
		WHEN 14 THEN '{"end_local": "2022-02-26T12:30"}'
		WHEN 15 THEN '{"start_local": "2022-03-27T02:30", "end_local":
			"2022-03-29T13:00"}'
		ELSE '{}' END ORDER BY f.line) FROM season_file f));
SELECT is(array_agg(line ORDER BY line), array(SELECT generate_series(3, 15)),
	'every bad line is told, and no good one') FROM bad;
SELECT ok(bool_and(result = 'refused' AND source = 'season' AND hint <> ''),
	'with what would be right') FROM bad;
SELECT is(b.message, t.message, t.message)
FROM bad b JOIN (VALUES (3, 'run_no cannot be "kat"'),
	(4, 'run_no KAT22-01 stands twice'),
	(5, 'period cannot be "0"; office cannot be "QQQ"'),
	(7, 'start_local cannot be "2022-02-30T13:00"'),
	(8, 'end_local cannot be "2022-01-01T13:00"'),
	(9, 'tz cannot be "Atlantis"'), (10, 'capacity cannot be "many"'),
	(11, 'min_participants cannot be "26"'),
	(12, 'the programme has no day 4'),
	(13, 'day 1 starts at 13:30, after its programme'),
	(14, 'day 3 ends at 12:30, before its programme'),
	(15, 'Europe/Copenhagen has no 02:30 on 2022-03-27: the clocks go forward')
) AS t (line, message) USING (line);
SELECT is(counted(), :'before', 'and nothing is written');
SELECT is(array_agg(source || ' ' || line || ' ' || message ORDER BY line),
	array['programme 2 day cannot be "x"', 'programme 3 end cannot be "13:00"',
	'programme 4 title_da is no clean line', 'programme 5 format cannot be "A"'],
	'bad lines of the programme are told alike')
FROM load(season_rows(), '[{"line": 2, "day": "x", "start": "13:00", "end":
	"14:00", "title_da": "A"}, {"line": 3, "day": "1", "start": "13:00", "end":
	"13:00", "title_da": "A"}, {"line": 4, "day": "1", "start": "13:00", "end":
	"14:00", "title_da": ""}, {"line": 5, "day": "1", "start": "13:00", "end":
	"14:00", "title_da": "A", "format": "A"}]');
SELECT is((SELECT message FROM load('[]')), 'the season is empty',
	'an empty season is none');
SELECT is((SELECT message FROM load(season_rows(), '[]')), 'the programme is empty',
	'nor is an empty programme one');
SELECT throws_ok($$SELECT load(season => 'Kattegat 2022')$$, 'KG005', NULL,
	'a season''s slug');
SELECT throws_ok($$SELECT load(season => 'saeson')$$, 'KG006', NULL,
	'a season is of one seminar');

-- good
SELECT * FROM load() \gset d_
SELECT is(:'d_result' || ' ' || :'d_runs_added' || ' ' || :'d_runs_unchanged',
	'done 33 0', 'the season is loaded');
SELECT is((count(DISTINCT r.id), count(*)), (33::bigint, 99::bigint),
	'33 runs of three sessions')
	FROM kg.run r JOIN kg.session s ON s.run_id = r.id
	WHERE r.run_no LIKE 'KAT22-%';
SELECT is(array_agg(format('%s %s %s', s.no, s.starts_local, s.ends_local)
	ORDER BY s.no), '{1 2022-01-20 13:00:00 2022-01-20 21:30:00,'
	'2 2022-01-21 07:00:00 2022-01-21 22:00:00,'
	'3 2022-01-22 07:00:00 2022-01-22 13:00:00}'::text[],
	'first start and last end are the row''s, the hours between the programme''s')
	FROM kg.run r JOIN kg.session s ON s.run_id = r.id
	WHERE run_no = 'KAT22-01';
SELECT is((r.status, r.capacity, r.min_participants, o.code, v.name::text,
	v.street::text, v.office_id, p.no, p.starts_on, p.ends_on, s.title::text),
	('open'::text, 25, 14, 'KBH'::text, 'Hillerød'::text, NULL::text, 2, 1,
	'2022-01-20'::date, '2022-01-22'::date, 'dag 1 af 3'::text),
	'open, with its office, venue without a street, and period')
	FROM kg.run r JOIN kg.office o ON o.id = r.office_id
	JOIN kg.venue v ON v.id = r.venue_id JOIN kg.period p ON p.id = r.period_id
	JOIN kg.session s ON s.run_id = r.id AND s.no = 1
	WHERE run_no = 'KAT22-01';
SELECT isnt(published_at, NULL, 'and published') FROM kg.run
	WHERE run_no = 'KAT22-01';
SELECT is(array_agg(format('%s %s-%s %s', a.no, a.starts_min, a.ends_min, a.title)
	ORDER BY a.no), array['1 0-90 Morgenmad og udtjekning',
	'2 90-210 Borgere, medier og lokalsamfund',
	'3 225-300 Handleplan, evaluering og næste skridt',
	'4 300-360 Frokost og afrejse'],
	'each session has the programme of its day')
	FROM kg.run r JOIN kg.session s ON s.run_id = r.id
	JOIN kg.agenda_item a ON a.session_id = s.id
	WHERE run_no = 'KAT22-01' AND s.no = 3;
SELECT is(count(*), 12::bigint, 'a venue for each town of an office')
	FROM kg.venue WHERE street IS NULL;
SELECT is((title, kind), ('Kattegat Kommune'::kg.line, 'course'::text),
	'the seminar is made') FROM kg.seminar WHERE slug = 'kattegat-kommune';
SELECT is((max(version), max(sequence)), (1, 0), 'new sessions are new')
	FROM kg.session WHERE run_id > 2;

-- the same again
SELECT counted() AS loaded \gset
SELECT * FROM load() \gset d_
SELECT is(:'d_result' || ' ' || :'d_runs_added' || ' ' || :'d_runs_unchanged' || ' "'
	|| :'d_scopes' || '"', 'done 0 33 ""', 'a second load changes nothing');
SELECT is(counted(), :'loaded', 'not a row');
SELECT kg.run_move(NULL, 'x', 'KAT22-02', NULL, '2031-01-27', NULL) \g /dev/null
SELECT is(runs_unchanged, 33, 'nor when a run was moved since') FROM load();

-- others
CREATE TABLE differ AS SELECT * FROM load((SELECT jsonb_agg(to_jsonb(f) || CASE
	f.line WHEN 2 THEN '{"capacity": "30", "host_town": "Helsinge",
		"office": "AAR"}'::jsonb
	WHEN 3 THEN '{"min_participants": "10"}' ELSE '{}' END)
	FROM season_file f));
SELECT is(array_agg(line || ': ' || message ORDER BY line), array[
	'2: run KAT22-01 exists with the office KBH, the place Hillerød, '
	'the capacity 25', '3: run KAT22-02 exists with the start 2031-01-27T13:00, '
	'the end 2031-01-29T13:00, the minimum 14'],
	'a row that differs from its run is refused with what differs') FROM differ;
SELECT is((SELECT message FROM load(programme => (SELECT jsonb_agg(to_jsonb(f)
	|| '{"title_en": "x"}') FROM programme_file f)) LIMIT 1),
	'run KAT22-01 exists with another programme', 'also in its programme');
SELECT is((SELECT count(*) FROM load(season => 'en-anden')
	WHERE message ~ 'the season kattegat-2022'), 33::bigint, 'or its season');
INSERT INTO season_file VALUES ('KAT22-34', '6', 'ODE', 'Nyborg',
	'2022-03-25T13:00', '2022-03-27T13:00', 'Europe/Copenhagen', '25', '14', '',
	35);
SELECT is((runs_added, runs_unchanged), (1, 33), 'a new line is a new run')
	FROM load();
SELECT is(ends_on, '2022-03-27', 'its period grows') FROM kg.period
	WHERE no = 6;
SELECT is(during, '[2022-03-27 05:00, 2022-03-27 11:00)',
	'its last day is in summer time') FROM kg.session s JOIN kg.run r
	ON r.id = s.run_id WHERE run_no = 'KAT22-34' AND s.no = 3;

-- undone in one go: what was added last first, then the season as it was imported
SELECT max(id) AS added FROM kg.journal WHERE object = 'run' AND action = 'insert' \gset
SELECT ok((kg.journal_undo(2, 'fortrudt', :added)).changed, 'the new line is undone');
SELECT is(ends_on, '2022-03-26', 'its period is as long as before') FROM kg.period
	WHERE no = 6;
SELECT min(id) AS first FROM kg.journal WHERE object = 'season' AND why = 'x' \gset
SELECT throws_ok(format('SELECT kg.journal_undo(2, ''fortrudt'', %s)', :first), 'KG006',
	NULL, 'the season is not, while a run of it was moved');
SELECT ok((kg.journal_undo(2, 'fortrudt', (SELECT max(id) FROM kg.journal
	WHERE object = 'session' AND action = 'update' AND why = 'x'))).changed,
	'that is taken back');
SELECT ok((kg.journal_undo(2, 'fortrudt', :first)).changed, 'and the whole season');
SELECT is((SELECT count(*) FROM kg.run r WHERE r.run_no LIKE 'KAT22-%'
		AND (r.status <> 'cancelled' OR r.published_at IS NULL))
	+ (SELECT count(*) FROM kg.session s JOIN kg.run r ON r.id = s.run_id
	WHERE r.run_no LIKE 'KAT22-%' AND s.status <> 'cancelled'), 0::bigint,
	'no run of it is held: who had it in a calendar hears of it');
SELECT * FROM finish();
