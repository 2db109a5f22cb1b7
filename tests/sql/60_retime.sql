-- After a change of the zone rules: as if rows had been written under other rules, an
-- hour off, and these here are the new.
CREATE FUNCTION as_of_old(statement text, early_min int DEFAULT 60) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	span text := pg_get_functiondef('kg.span(timestamp, timestamp, text, int, int)'
		::regprocedure);
BEGIN
	EXECUTE replace(span, 'setup_min * interval ''1 minute''',
		format('(setup_min + %s) * interval ''1 minute''', early_min));
	EXECUTE statement;
	EXECUTE span;
END
$$;
SELECT kg.booking_create(NULL, 'x', 1, NULL, NULL, 0, 0, 'session', 1, NULL, NULL,
	NULL, NULL) \g /dev/null
SELECT is(count(*), 0::bigint, 'nothing is to be made again')
	FROM kg.retime(NULL, 'x', true);
SELECT as_of_old($$UPDATE kg.session SET version = version + 1 WHERE id IN (1, 2)$$)
\g /dev/null
SELECT as_of_old($$UPDATE kg.booking SET version = version + 1$$) \g /dev/null
SELECT is(during, '[2030-01-10 11:00, 2030-01-10 20:30)', 'rows of the old rules')
	FROM kg.session WHERE id = 1;
CREATE TABLE was AS SELECT * FROM kg.session;
SELECT is(array_agg(object || ' ' || object_id || ' ' || problem ORDER BY 1),
	'{booking 1 would be made again,session 1 would be made again,'
	'session 2 would be made again}', 'are listed')
	FROM kg.retime(NULL, 'x', true);
SELECT is(s.during, w.during, 'and left by a dry run')
	FROM kg.session s JOIN was w USING (id);
SELECT is(array_agg(object || ' ' || object_id || ' ' || problem ORDER BY 1),
	'{booking 1 made again,session 1 made again,session 2 made again}',
	'are made again') FROM kg.retime(NULL, 'x', false);
SELECT is(during, kg.span(starts_local, ends_local, zone), 'session ' || id
	|| ' has its instants') FROM kg.session ORDER BY id;
SELECT is(during, '[2030-01-10 12:00, 2030-01-10 20:30)', 'the booking too')
	FROM kg.booking;
SELECT is((s.version, s.sequence, s.starts_local),
	(w.version + 1, w.sequence, w.starts_local),
	'a new version; local time, and so SEQUENCE, stays')
	FROM kg.session s JOIN was w USING (id) WHERE id = 1;
SELECT is(count(*), 0::bigint, 'then nothing is left to do')
	FROM kg.retime(NULL, 'x', false);

-- what would meet: the old rules left an hour between them
SELECT as_of_old($$INSERT INTO kg.booking (room_id, kind, title, starts_local,
	ends_local, setup_min, clear_min) VALUES (4, 'internal', 'late',
	'2030-05-02 09:00', '2030-05-02 11:00', 0, 0)$$, -60) \g /dev/null
INSERT INTO kg.booking (room_id, kind, title, starts_local, ends_local, setup_min,
	clear_min) VALUES (4, 'internal', 'early', '2030-05-02 08:30',
	'2030-05-02 09:30', 0, 0);
SELECT as_of_old($$UPDATE kg.session SET starts_local = '2030-02-01 11:00',
	ends_local = '2030-02-01 14:00' WHERE id = 4$$, -60) \g /dev/null
UPDATE kg.session SET starts_local = '2030-02-01 08:30',
	ends_local = '2030-02-01 11:30' WHERE id = 3;
INSERT INTO kg.session_teacher (session_id, person_id, status)
VALUES (3, 3, 'accepted'), (4, 3, 'accepted');
SELECT as_of_old($$UPDATE kg.session SET version = version + 1 WHERE id = 2$$)
\g /dev/null
CREATE TABLE found AS SELECT * FROM kg.retime(NULL, 'x', false);
SELECT is(array_agg(object || ' ' || object_id || ' ' || problem
		ORDER BY problem ~ 'made', object, object_id),
	array['booking ' || l.id || ' would meet booking ' || e.id,
	'session 4 person 3 would have to teach session 3 too',
	'session 2 made again'],
	'what would meet is told, the rest is made again')
	FROM found, kg.booking l, kg.booking e
	WHERE l.title = 'late' AND e.title = 'early' GROUP BY l.id, e.id;
SELECT is(during, '[2030-05-02 08:00, 2030-05-02 09:00)',
	'what would meet stays as it was') FROM kg.booking WHERE title = 'late';

-- an hour that the new rules leave out
SET session_replication_role = replica;
UPDATE kg.session SET starts_local = '2030-03-31 02:30',
	ends_local = '2030-03-31 12:00' WHERE id = 1;
SET session_replication_role = origin;
SELECT as_of_old('SET session_replication_role = replica;
	UPDATE kg.session SET title = title WHERE id = 1;
	SET session_replication_role = origin') \g /dev/null
SELECT is(problem, 'Europe/Copenhagen has no 02:30 on 2030-03-31: the clocks go '
	'forward', 'an hour that is no more is told')
	FROM kg.retime(NULL, 'x', false) WHERE object = 'session' AND object_id = '1';

-- what is over stays
SELECT as_of_old($$UPDATE kg.session SET version = version + 1 WHERE id = 2$$)
\g /dev/null
UPDATE kg.clock SET shift = '2030-02-15 12:00+01'::timestamptz - now();
SELECT is(count(*), 0::bigint, 'what is over stays as it was')
	FROM kg.retime(NULL, 'x', true)
	WHERE object = 'session' AND object_id = '2';
UPDATE kg.clock SET shift = '0';
DELETE FROM kg.zone WHERE name = 'Europe/Oslo';
SELECT kg.retime(NULL, 'x', true) \g /dev/null
SELECT is(count(*), 1::bigint, 'new zones are learnt')
	FROM kg.zone WHERE name = 'Europe/Oslo';
SELECT * FROM finish();
