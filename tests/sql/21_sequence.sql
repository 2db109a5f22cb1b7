-- UID for ever; SEQUENCE up when time, place or status changes, and never down.
SELECT matches(uid, '^[0-9a-f-]{36}@kattegat\.example$',
	'a UID is made for a session') FROM kg.session WHERE id = 1;
SELECT is(count(DISTINCT uid), 4::bigint, 'each its own') FROM kg.session;
SELECT throws_ok('UPDATE kg.session SET uid = ''x@y'' WHERE id = 1', 'KG006', NULL,
	'a session''s UID is for ever');
INSERT INTO kg.booking (room_id, kind, title, starts_local, ends_local, setup_min,
	clear_min) VALUES (5, 'internal', 'x', '2030-05-02 09:00',
	'2030-05-02 13:00', 0, 0);
SELECT throws_ok('UPDATE kg.booking SET uid = ''x@y''', 'KG006', NULL,
	'a booking''s UID is for ever');
UPDATE kg.site SET domain = 'kalender.example';
INSERT INTO kg.session (run_id, no, venue_id, starts_local, ends_local)
VALUES (2, 2, 3, '2030-02-02 09:00', '2030-02-02 16:00');
SELECT is((array_agg(DISTINCT split_part(uid, '@', 2))),
	array['kalender.example', 'kattegat.example'],
	'a new domain is that of new UIDs') FROM kg.session;

SELECT is(marks(1), 'sequence 0 version 1', 'it begins with 0');
CREATE PROCEDURE change(what text, statement text, expected int)
LANGUAGE plpgsql AS $$
DECLARE
	was kg.session;
	is_now kg.session;
BEGIN
	SELECT * INTO was FROM kg.session WHERE id = 1;
	EXECUTE statement;
	COMMIT;
	SELECT * INTO is_now FROM kg.session WHERE id = 1;
	INSERT INTO changes VALUES (what, expected,
		is_now.sequence - was.sequence, is_now.version - was.version,
		is_now.uid = was.uid, is_now.last_change);
END
$$;
CREATE TABLE changes (what text, expected int, sequences int, versions int,
	same_uid bool, last_change text);
CALL change('another start', $$UPDATE kg.session
	SET starts_local = '2030-01-10 12:00' WHERE id = 1$$, 1);
CALL change('another end', $$UPDATE kg.session
	SET ends_local = '2030-01-10 21:00' WHERE id = 1$$, 1);
CALL change('another zone', $$UPDATE kg.session
	SET zone = 'Europe/Helsinki' WHERE id = 1$$, 1);
CALL change('another venue', $$UPDATE kg.session SET venue_id = 2
	WHERE id = 1$$, 1);
CALL change('a link to join', $$UPDATE kg.session
	SET online_url = 'https://example.org/x' WHERE id = 1$$, 1);
CALL change('cancelled', $$UPDATE kg.session SET status = 'cancelled'
	WHERE id = 1$$, 1);
CALL change('restored', $$UPDATE kg.session SET status = 'confirmed'
	WHERE id = 1$$, 1);
CALL change('another title', $$UPDATE kg.session SET title = 'første dag'
	WHERE id = 1$$, 0);
CALL change('another time and place', $$UPDATE kg.session SET venue_id = 1,
	starts_local = '2030-01-10 11:00' WHERE id = 1$$, 1);
CALL change('a sequence asked for', $$UPDATE kg.session SET sequence = 99
	WHERE id = 1$$, 1);
SELECT is((sequences, versions, same_uid), (expected, 1, true),
	what || CASE expected WHEN 1 THEN ' raises SEQUENCE by one'
		ELSE ' leaves SEQUENCE' END) FROM changes;
CALL change('a sequence set back', $$UPDATE kg.session SET sequence = 0
	WHERE id = 1$$, 0);
SELECT is((sequences, versions), (0, 0), 'SEQUENCE is not set back')
	FROM changes WHERE what = 'a sequence set back';
CALL change('a sequence set back with a change', $$UPDATE kg.session
	SET sequence = 0, title = 'dag 1', starts_local = '2030-01-10 13:00',
	ends_local = '2030-01-10 21:30' WHERE id = 1$$, 1);
SELECT is((sequences, versions), (1, 1), 'nor by an undo that means to')
	FROM changes WHERE what = 'a sequence set back with a change';
SELECT is(regexp_replace(last_change, '^\d+\. [a-z]+ \d{4}: ', ''), said,
	'what changed last is said: ' || said)
FROM changes JOIN (VALUES ('another start', 'ny tid'),
	('another venue', 'nyt sted'), ('another time and place',
	'ny tid og nyt sted'), ('cancelled', 'aflyst'),
	('restored', 'gennemføres alligevel'),
	('another title', 'gennemføres alligevel')) AS t (what, said) USING (what);

BEGIN;
UPDATE kg.session SET starts_local = '2030-02-01 08:00' WHERE id = 4;
UPDATE kg.session SET starts_local = '2030-02-01 09:00' WHERE id = 4;
UPDATE kg.session SET venue_id = 2 WHERE id = 4;
COMMIT;
SELECT is(marks(4), 'sequence 1 version 2',
	'one transaction raises SEQUENCE once');
BEGIN;
UPDATE kg.session SET title = 'x' WHERE id = 4;
UPDATE kg.session SET venue_id = 3 WHERE id = 4;
COMMIT;
SELECT is(marks(4), 'sequence 2 version 3',
	'also when something else was changed before');
SELECT throws_ok('DELETE FROM kg.session WHERE id = 1', 'KG006', NULL,
	'a published session is never deleted');
SELECT * FROM finish();
