-- Undo of large changes: who may not is told before anything is locked or worked out,
-- undos wait for nobody who does other things, and the work grows with the rows.
\ir api.sql
CREATE FUNCTION entry(because text) RETURNS bigint LANGUAGE sql AS $$
	SELECT max(id) FROM kg.journal WHERE why = because
$$;
CREATE FUNCTION undo(who int, because text, again text DEFAULT 'fortrudt')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('journal_undo', who, jsonb_build_object('journal_id', entry(because),
		'why', again))
$$;
CREATE FUNCTION series(name text, room int, dates int) RETURNS int
LANGUAGE sql AS $$
	SELECT (kg.series_create(NULL, name, jsonb_build_object('room_id', room,
		'title', name, 'starts', '06:00', 'ends', '06:30', 'setup', '',
		'from', date '2030-04-02', 'until', date '2030-04-01' + dates,
		'freq', 'daily', 'skip_holidays', false))).object_id::int
$$;

-- work: what is asked is asked of a table, not of each row
SELECT series('få', 1, 4) AS few, series('mange', 2, 60) AS many \gset
SELECT kg.series_change(NULL, 'få senere', :few, NULL, '2030-01-01',
	'{"starts": "07:00", "ends": "07:30"}') \g /dev/null
SELECT kg.series_change(NULL, 'mange senere', :many, NULL, '2030-01-01',
	'{"starts": "07:00", "ends": "07:30"}') \g /dev/null
SET track_functions = 'all';
CREATE TABLE calls (because text, kind text, n bigint);
CREATE FUNCTION counted(because text, sign int) RETURNS void LANGUAGE sql AS $$
	INSERT INTO calls SELECT because, CASE
			-- a row's own: whose it is, and what it sets back
			WHEN f.funcname IN ('undo_owner', 'undo_before') THEN 'row'
			ELSE 'table' END, sign * sum(f.calls)
	FROM pg_stat_xact_user_functions f
	WHERE f.schemaname = 'kg' AND f.funcname LIKE 'undo\_%' GROUP BY 2
$$;
BEGIN;
SELECT counted('få', -1);
SELECT is(undo(1, 'få senere') -> 'status', '200', 'a series of 4 is set back');
SELECT counted('få', 1);
COMMIT;
BEGIN;
SELECT counted('mange', -1);
SELECT is(undo(1, 'mange senere') -> 'status', '200', 'and one of 60');
SELECT counted('mange', 1);
COMMIT;
CREATE VIEW asked AS SELECT because, kind, sum(n) AS n FROM calls GROUP BY 1, 2;
RESET track_functions;
SELECT is(array_agg(DISTINCT b.starts_local::time), '{06:00:00}', 'all of them are')
	FROM kg.booking b WHERE b.series_id IN (:few, :many);
SELECT is((SELECT n FROM asked WHERE because = 'mange' AND kind = 'table'),
	(SELECT n FROM asked WHERE because = 'få' AND kind = 'table'),
	'by the same questions to each table');
SELECT is((SELECT n / 61 FROM asked WHERE because = 'mange' AND kind = 'row'),
	(SELECT n / 5 FROM asked WHERE because = 'få' AND kind = 'row'),
	'and as many to each row');

-- locks
SELECT kg.booking_create(6, 'hos K', 4, '2030-10-03 09:00', '2030-10-03 10:00', 0, 0,
	'internal', NULL, '', NULL, 'Hos K', NULL) \g /dev/null
SELECT kg.booking_create(6, 'også K', 4, '2030-10-04 09:00', '2030-10-04 10:00', 0, 0,
	'internal', NULL, '', NULL, 'Også K', NULL) \g /dev/null
SELECT kg.booking_create(1, 'hos A', 1, '2030-10-03 09:00', '2030-10-03 10:00', 0, 0,
	'internal', NULL, '', NULL, 'Hos A', NULL) \g /dev/null
BEGIN;
SELECT kg.write_begin(2, 'blandet') \g /dev/null
UPDATE kg.booking SET title = 'Andet' WHERE title = 'Også K';
UPDATE kg.person SET name = 'Nyt navn' WHERE id = 7;
COMMIT;
SELECT dblink_connect('other', :'dsn');
SELECT dblink_exec('other', 'BEGIN');
SELECT dblink_exec('other', 'UPDATE kg.booking SET title = title || ''!''');
SELECT * FROM dblink('other', 'SELECT pg_advisory_xact_lock(1, 10)::text') AS t (l text);
SET lock_timeout = '200ms';
SELECT is(undo(1, 'hos K') ->> 'state', 'KG001',
	'who may not is told so, whoever holds the room and the row');
SELECT is(undo(2, 'blandet') ->> 'message', 'a change of person is not undone',
	'and what is never undone is refused so, too');
SELECT is(undo(6, 'hos K') ->> 'state', '55P03', 'who may waits for them');
RESET lock_timeout;
SELECT dblink_exec('other', 'ROLLBACK');
SELECT dblink_exec('other', 'BEGIN');
SELECT * FROM dblink('other', format('SELECT (kg.journal_undo(6, ''x'', %s)).changed',
	entry('hos K'))) AS t (changed bool);
SET lock_timeout = '200ms';
SELECT is(undo(6, 'hos K') ->> 'state', '55P03', 'two undos of one change wait');
SELECT is(undo(1, 'hos A') -> 'status', '200', 'but not those of two');
RESET lock_timeout;
SELECT dblink_exec('other', 'COMMIT');
SELECT is(undo(6, 'hos K') ->> 'state', 'KG006', 'then it has been undone');

-- whose it was, when it is there no more
SELECT call('run_create', 1, '{"run_no": "VAEK-1", "status": "planned",
	"seminar": "kursus", "office": "AAR", "why": "forløb", "sessions": [{
	"starts_local": "2030-08-01T09:00", "ends_local": "2030-08-01T12:00",
	"room_id": 1, "setup": "", "agenda": [{"starts_local": "2030-08-01T09:00",
	"ends_local": "2030-08-01T10:00", "title": "Start"}]}]}') \g /dev/null
SELECT is(undo(6, 'forløb') ->> 'state', 'KG001', 'a run is not the neighbours''');
SELECT is(undo(1, 'forløb', 'uden') -> 'status', '200', 'its coordinator undoes it');
SELECT is(undo(6, 'uden') ->> 'state', 'KG001', 'nor is one that is gone');
SELECT is(undo(1, 'uden') -> 'status', '200', 'and has it back');
SELECT is(call('run_get', 2, '{"run_no": "VAEK-1"}') #>> '{body,sessions,0,agenda,0,title}',
	'Start', 'with its programme');
SELECT * FROM finish();
