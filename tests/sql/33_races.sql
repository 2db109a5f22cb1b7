-- Two at once: one wins, the other is told; and nobody waits for ever.
SELECT dblink_connect('one', :'dsn') AS _, dblink_connect('two', :'dsn') AS __ \gset
-- Waits until a connection waits for a lock, at most a minute.
CREATE FUNCTION is_waiting(pid int, event text DEFAULT NULL) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
	until timestamptz := clock_timestamp() + interval '1 minute';
BEGIN
	WHILE clock_timestamp() < until LOOP
		PERFORM pg_stat_clear_snapshot();
		IF EXISTS (SELECT FROM pg_stat_activity a
			WHERE a.pid = is_waiting.pid AND a.wait_event_type = 'Lock'
				AND a.wait_event = coalesce(event, a.wait_event)) THEN
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
UPDATE kg.run SET capacity = 20;
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

-- a room that is taken for a session while its run is cancelled
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok($$SELECT * FROM dblink('one', 'SELECT kg.booking_create(NULL, ''x'',
	1, NULL, NULL, 0, 0, ''session'', 2, NULL, NULL, NULL, NULL)::text')
	AS t (x text)$$, 'the first takes a room for a session');
SELECT dblink_send_query('two', 'SELECT kg.run_cancel(NULL, ''x'', ''R-1'',
	NULL)::text') AS _ \gset
SELECT ok(is_waiting(:two_pid), 'the second, who cancels its run, waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'done', 'and then does');
SELECT is((status, status_before_cancel), ('cancelled'::text, 'confirmed'::text),
	'the new booking rests too') FROM kg.booking WHERE session_id = 2;
SELECT kg.run_restore(NULL, 'x', 'R-1', NULL) \g /dev/null

-- a run's version
SELECT kg.run_version(1) AS v \gset
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT dblink_exec('one', format('DO $x$ BEGIN PERFORM kg.run_move(NULL, ''x'',
	''R-1'', %s, ''2030-06-03'', NULL); END $x$', :v)) AS _ \gset
SELECT dblink_send_query('two', format('SELECT kg.run_move(NULL, ''x'', ''R-1'',
	%s, ''2030-06-10'', NULL)::text', :v)) AS _ \gset
SELECT ok(is_waiting(:two_pid), 'two who saw the same version: one waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'KG003', 'and is told that it was changed');

-- the locks themselves: who holds one keeps out whoever needs it
SELECT kg.session_teacher_set(NULL, 'x', 'R-1', 1, 3, 'accepted') \g /dev/null
CREATE FUNCTION keeps_out(lock text, statement text, pid int) RETURNS bool
LANGUAGE plpgsql AS $$
DECLARE
	waits bool;
BEGIN
	PERFORM dblink_exec('one', 'BEGIN');
	PERFORM * FROM dblink('one', format('SELECT pg_advisory_xact_lock(%s)::text',
		lock)) AS t (x text);
	PERFORM dblink_send_query('two', format('SELECT (%s)::text', statement));
	waits := is_waiting(pid, 'advisory');
	PERFORM dblink_exec('one', 'COMMIT');
	RETURN outcome('two') = 'done' AND waits;
END
$$;
SELECT ok(keeps_out(lock, statement, :two_pid), format('(%s) keeps out %s', lock,
	statement))
FROM (VALUES ('3, 1', 'kg.run_move(NULL, ''x'', ''R-1'', NULL, NULL, NULL)'),
	('3, 1', 'kg.session_teacher_set(NULL, ''x'', ''R-1'', 3, 3, ''asked'')'),
	('3, 1', 'kg.booking_create(NULL, ''x'', 1, NULL, NULL, 0, 0, ''session'', 3,
		NULL, NULL, ''M'', now() + interval ''1 day'')'),
	('1, 2', 'kg.run_cancel(NULL, ''x'', ''R-1'', NULL)'),
	('2, 3', 'kg.run_restore(NULL, ''x'', ''R-1'', NULL)'),
	('1, 20', 'kg.session_move(NULL, ''x'', ''R-1'', 1, NULL, NULL, NULL, 2, 5)'),
	('2, 7', 'kg.session_teacher_set(NULL, ''x'', ''R-1'', 1, 7, ''asked'')'),
	('1, 20', 'kg.booking_cancel(NULL, ''x'', (SELECT id FROM kg.booking
		WHERE session_id = 1 LIMIT 1), NULL)'),
	('3, 1', 'kg.session_cancel(NULL, ''x'', ''R-1'', 3, NULL)')
) AS t (lock, statement);

-- the same of what moves and takes rooms by itself
DELETE FROM kg.booking WHERE session_id IS NULL;
SELECT (kg.booking_create(NULL, 'x', 5, '2030-08-01 09:00', '2030-08-01 12:00', 0, 0,
	'internal', NULL, NULL, NULL, 'M', NULL)).object_id AS mine \gset
SELECT (kg.series_create(NULL, 'x', '{"room_id": 5, "title": "S", "starts": "14:00",
	"ends": "15:00", "from": "2030-08-01", "until": "2030-08-08"}')).object_id AS series
\gset
SELECT ok(keeps_out(lock, format(statement, :mine, :series), :two_pid),
	format('(%s) keeps out %s', lock, statement))
FROM (VALUES
	('1, 20', 'kg.booking_change(NULL, ''x'', %1$s, NULL, ''{"title": "N"}'')'),
	('1, 20', 'kg.booking_move(NULL, ''x'', %1$s, NULL, NULL, ''2030-08-01 08:00'',
		NULL, NULL)'),
	('1, 2', 'kg.booking_move(NULL, ''x'', %1$s, NULL, 2, NULL, NULL, NULL)'),
	('1, 2', 'kg.booking_cancel(NULL, ''x'', %1$s, NULL)'),
	('1, 2', 'kg.booking_restore(NULL, ''x'', %1$s, NULL)'),
	('1, 20', 'kg.series_change(NULL, ''x'', %2$s, NULL, NULL, ''{"title": "N"}'')'),
	('1, 1', 'kg.series_change(NULL, ''x'', %2$s, NULL, NULL, ''{"room_id": 1}'')'),
	('1, 1', 'kg.series_cancel(NULL, ''x'', %2$s, NULL, NULL)'),
	('1, 2', 'kg.series_create(NULL, ''x'', ''{"room_id": 1, "title": "S",
		"starts": "09:00", "ends": "10:00", "from": "2030-09-01",
		"until": "2030-09-01", "overrides": [{"date": "2030-09-01",
		"room_id": 2}]}'')'),
	('1, 2', 'kg.block_out_create(NULL, ''x'', ''AAR'', NULL, ''2030-09-02 09:00'',
		''2030-09-02 10:00'', ''Lukket'', NULL, false, ''block_out'')'),
	('1, 1', 'kg.room_change(NULL, ''x'', 3, NULL, ''{"halves": [1, 2]}'')'),
	('1, 20', 'kg.room_change(NULL, ''x'', 5, NULL, ''{"retired": false}'')')
) AS t (lock, statement);
SELECT kg.booking_create(NULL, 'x', 5, '2030-08-02 09:00', '2030-08-02 12:00', 0, 0,
	'internal', NULL, NULL, NULL, 'H', now() + interval '1 hour') \g /dev/null
UPDATE kg.clock SET shift = '2 hours';
SELECT ok(keeps_out('1, 20', 'kg.holds_expire()', :two_pid),
	'(1, 20) keeps out the keeper, who expires holds');
UPDATE kg.clock SET shift = '0';

-- a hall against both its halves in one go, crosswise
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok($$SELECT * FROM dblink('one', 'SELECT kg.booking_create(NULL, ''x'', 2,
	''2030-09-03 09:00'', ''2030-09-03 10:00'', 0, 0, ''internal'', NULL, NULL, NULL,
	''A'', NULL)::text') AS t (x text)$$, 'the first takes the west');
SELECT dblink_send_query('two', 'SELECT kg.block_out_create(NULL, ''x'', NULL,
	''{3}'', ''2030-09-03 09:00'', ''2030-09-03 12:00'', ''B'', NULL, true,
	''block_out'')::text') AS _ \gset
SELECT ok(is_waiting(:two_pid, 'advisory'), 'who blocks the hall around it waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'done', 'and goes around it');
SELECT is(array(SELECT starts_local::time FROM kg.booking WHERE title = 'B'),
	'{10:00}', 'with what was written meanwhile seen');

-- an undo against who books the room that it would go back to
SELECT lives_ok($$SELECT kg.booking_create(NULL, 'x', 1, '2030-10-01 09:00',
	'2030-10-01 10:00', 0, 0, 'internal', NULL, NULL, NULL, 'U', NULL)$$,
	'a booking');
SELECT lives_ok($$SELECT kg.booking_move(NULL, 'bort', max(id), NULL, 2, NULL, NULL, '')
	FROM kg.booking$$, 'moves to another room');
SELECT max(id) AS moved FROM kg.journal WHERE why = 'bort' \gset
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok($$SELECT * FROM dblink('one', 'SELECT kg.booking_create(NULL, ''x'', 1,
	''2030-10-01 09:30'', ''2030-10-01 11:00'', 0, 0, ''let_out'', NULL, NULL, NULL,
	''V'', NULL)::text') AS t (x text)$$, 'somebody takes the room it left');
SELECT dblink_send_query('two', format('SELECT kg.journal_undo(NULL, ''x'', %s)::text',
	:moved)) AS _ \gset
SELECT ok(is_waiting(:two_pid, 'advisory'), 'an undo of the move waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'KG007', 'and is told that it is taken');
-- and against who changes the same booking
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok($$SELECT * FROM dblink('one', (SELECT format('SELECT kg.booking_move(
	NULL, ''videre'', %s, NULL, NULL, ''2030-10-01 15:00'', NULL, NULL)::text', max(id))
	FROM kg.booking WHERE title = 'U')) AS t (x text)$$, 'somebody moves it on');
SELECT dblink_send_query('two', format('SELECT kg.journal_undo(NULL, ''x'', %s)::text',
	(SELECT min(id) FROM kg.journal WHERE object = 'booking'
		AND after ->> 'title' = 'U'))) AS _ \gset
SELECT ok(is_waiting(:two_pid, 'advisory'), 'an undo of it waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'KG006', 'and sees what was built upon it meanwhile');

-- two changes that touch the same sessions
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT dblink_exec('one', 'UPDATE kg.seminar SET title = ''A'' WHERE id = 1') AS _
\gset
SELECT dblink_send_query('two', 'WITH x AS (UPDATE kg.venue SET name = ''B''
	WHERE id = 1 RETURNING 1) SELECT ''x'' FROM x') AS _ \gset
SELECT ok(is_waiting(:two_pid), 'a second touch waits for the first');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'done', 'and both are done');
-- two admins who take each other's role: one stays
INSERT INTO kg.person (name, mail, role) VALUES ('Q', 'q@example.org', 'admin')
RETURNING id AS admin_two \gset
INSERT INTO kg.account (person_id, login) VALUES (4, 'd@example.org'),
	(:admin_two, 'q@example.org');
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok(format($$SELECT * FROM dblink('one', 'SELECT kg.account_role(4, ''x'',
	%s, NULL, ''planner'', NULL)::text') AS t (x text)$$, :admin_two),
	'an admin takes another''s role');
SELECT dblink_send_query('two', format('SELECT kg.account_role(%s, ''x'', 4, NULL,
	''planner'', NULL)::text', :admin_two)) AS _ \gset
SELECT ok(is_waiting(:two_pid, 'advisory'), 'who takes his waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'KG001', 'and is an admin no more');
-- an invitation that is accepted while the account is locked
SELECT kg.account_invite(4, 'x', :admin_two, NULL, NULL, NULL, NULL,
	sha256('i'), NULL) \g /dev/null
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok(format($$SELECT * FROM dblink('one', 'SELECT kg.account_lock(4, ''x'',
	%s, NULL)::text') AS t (x text)$$, :admin_two), 'an admin locks an account');
SELECT dblink_send_query('two', format('SELECT kg.api_invitation_set(0, ''%s'',
	NULL)::text', jsonb_build_object('token_hash', encode(sha256('i'), 'hex'),
	'password_hash', 'x', 'totp_secret', repeat('00', 20)))) AS _ \gset
SELECT ok(is_waiting(:two_pid, 'advisory'), 'who is invited to it waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'KG004', 'and is not any more');

-- two admins who lock each other, each with a session
SELECT kg.account_unlock(4, 'x', :admin_two, NULL) \g /dev/null
UPDATE kg.person SET role = 'admin', office_id = NULL WHERE id = :admin_two;
INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at, last_seen_at)
SELECT id, sha256(('admin ' || id)::bytea), role, kg.now(), kg.now(),
	kg.now() - interval '2 minutes'
FROM kg.person WHERE role = 'admin';
CREATE FUNCTION locking(who int, whom int) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT status::text FROM kg.api(''account_lock'', %L, %L, %s, NULL,
		NULL)', sha256(('admin ' || who)::bytea),
		jsonb_build_object('account_id', whom),
		(SELECT version FROM kg.account WHERE person_id = whom))
$$;
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok(format($$SELECT * FROM dblink('one', locking(4, %s)) AS t (x text)$$,
	:admin_two), 'an admin locks another');
SELECT dblink_send_query('two', locking(:admin_two, 4)) AS _ \gset
SELECT ok(is_waiting(:two_pid, 'advisory'), 'who locks him waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'KG401', 'and is nobody any more');

-- a hall that is made of a half which is divided meanwhile
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT lives_ok($$SELECT * FROM dblink('one', 'SELECT kg.room_add(NULL, ''x'', 1,
	''Fløjen'', ''{1,2}'', false, false, NULL)::text') AS t (x text)$$,
	'the first makes another hall of the halves');
UPDATE kg.room SET parts = '{[1,2),[20,21)}' WHERE id = 3;
SELECT dblink_send_query('two', 'UPDATE kg.room SET parts = ''{[20,21)}'' WHERE id = 1')
	AS _ \gset
SELECT ok(is_waiting(:two_pid), 'who gives one of them other atoms waits');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(outcome('two'), 'KG006', 'and does not');
SELECT dblink_disconnect('one') AS _, dblink_disconnect('two') AS __ \gset
SELECT * FROM finish();
