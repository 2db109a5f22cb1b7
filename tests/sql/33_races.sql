-- Two at once: one wins, the other is told; and nobody waits for ever.
SELECT dblink_connect('one', :'dsn') AS _, dblink_connect('two', :'dsn') AS __ \gset
-- Waits until a connection waits for a lock, at most five seconds.
CREATE FUNCTION is_waiting(pid int) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
	until timestamptz := clock_timestamp() + interval '5 seconds';
BEGIN
	WHILE clock_timestamp() < until LOOP
		PERFORM pg_stat_clear_snapshot();
		IF EXISTS (SELECT FROM pg_stat_activity a
			WHERE a.pid = is_waiting.pid AND a.wait_event_type = 'Lock') THEN
			RETURN true;
		END IF;
		PERFORM pg_sleep(0.002);
	END LOOP;
	RETURN false;
END
$$;
-- What a statement sent to a connection came to: 'done', or the error's state.
CREATE FUNCTION outcome(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text := 'done';
	it text;
BEGIN
	BEGIN
		SELECT * INTO it FROM dblink_get_result(name) AS t (x text);
	EXCEPTION WHEN OTHERS THEN
		state := SQLSTATE;
	END;
	PERFORM * FROM dblink_get_result(name) AS t (x text);
	RETURN state;
END
$$;
CREATE FUNCTION booking(room int) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT kg.booking_create(NULL, ''x'', %s, ''2030-05-02 09:00'',
		''2030-05-02 12:00'', 0, 0, ''internal'', NULL, NULL, NULL, ''M'',
		NULL)::text', room)
$$;
SELECT pid AS two_pid FROM dblink('two', 'SELECT pg_backend_pid()') AS t (pid int)
\gset

SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok($$SELECT * FROM dblink('one', booking(1)) AS t (x text)$$,
	'the first takes the half');
SELECT dblink_send_query('two', booking(3)) AS _ \gset
SELECT ok(is_waiting(:two_pid), 'the second, who wants the hall, waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'KG007', 'and is told who has it');
DELETE FROM kg.booking;

SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok($$SELECT * FROM dblink('one', booking(1)) AS t (x text)$$,
	'the first takes it again');
SELECT dblink_send_query('two', booking(1)) AS _ \gset
SELECT ok(is_waiting(:two_pid), 'the second waits');
SELECT dblink_exec('one', 'ROLLBACK') AS _ \gset
SELECT is(outcome('two'), 'done', 'and gets it when the first gives up');
SELECT is(count(*), 1::bigint, 'one has it') FROM kg.booking;
DELETE FROM kg.booking;

-- rooms of two runs that change places: locks go in one order
SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, '2030-01-10 13:00',
	'2030-01-10 21:30', NULL, 2) \g /dev/null
SELECT kg.session_move(NULL, 'x', 'R-1', 1, NULL, NULL, NULL, NULL, 1) \g /dev/null
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok($$SELECT * FROM dblink('one', 'SELECT kg.session_move(NULL, ''x'',
	''R-1'', 1, NULL, ''2030-04-01 13:00'', NULL, NULL, 2)::text') AS t (x text)$$,
	'the first moves out of the east to the west of another day');
SELECT dblink_send_query('two', 'SELECT kg.session_move(NULL, ''x'', ''R-2'', 1,
	NULL, ''2030-04-02 13:00'', NULL, NULL, 1)::text') AS _ \gset
SELECT ok(is_waiting(:two_pid), 'the second, the other way, waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'done', 'and nobody is in a deadlock');

-- a run's version
SELECT version AS v FROM kg.run WHERE id = 1 \gset
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT dblink_exec('one', format('DO $x$ BEGIN PERFORM kg.run_move(NULL, ''x'',
	''R-1'', %s, ''2030-06-03'', NULL); END $x$', :v)) AS _ \gset
SELECT dblink_send_query('two', format('SELECT kg.run_move(NULL, ''x'', ''R-1'',
	%s, ''2030-06-10'', NULL)::text', :v)) AS _ \gset
SELECT ok(is_waiting(:two_pid), 'two who saw the same version: one waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'KG003', 'and is told that it was changed');

-- two changes that touch the same sessions
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT dblink_exec('one', 'UPDATE kg.seminar SET title = ''A'' WHERE id = 1') AS _
\gset
SELECT dblink_send_query('two', 'WITH x AS (UPDATE kg.venue SET name = ''B''
	WHERE id = 1 RETURNING 1) SELECT ''x'' FROM x') AS _ \gset
SELECT ok(is_waiting(:two_pid), 'a second touch waits for the first');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'done', 'and both are done');
SELECT dblink_disconnect('one') AS _, dblink_disconnect('two') AS __ \gset
SELECT * FROM finish();
