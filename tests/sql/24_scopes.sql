-- Scopes: what a change concerns, told once at commit and by the write itself.
SELECT dblink_connect('ear', :'dsn') AS _, dblink_exec('ear', 'LISTEN kattegat')
	AS __ \gset
-- What was heard since, sorted; waits for the first word, at most a minute.
CREATE FUNCTION heard(expected int DEFAULT 1) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	words text[] := '{}';
	one text;
	until timestamptz := clock_timestamp() + interval '1 minute';
BEGIN
	LOOP
		FOR one IN SELECT extra FROM dblink_get_notify('ear') LOOP
			words := words || one;
		END LOOP;
		EXIT WHEN cardinality(words) >= expected OR clock_timestamp() > until;
		PERFORM pg_sleep(0.002);
	END LOOP;
	RETURN array_to_string(words, ' | ');
END
$$;

UPDATE kg.session SET title = 'ny' WHERE id = 1;
SELECT is(heard(), 'all office:1 person:1 run:1 season:1 seminar:1',
	'a session''s change is told to its feeds and its office''s coordinator');
UPDATE kg.run SET capacity = 21 WHERE id = 2;
SELECT is(heard(), 'all office:2 person:6 run:2 seminar:2', 'a run''s');
UPDATE kg.run SET office_id = 1 WHERE id = 2;
SELECT is(heard(), 'all office:1 office:2 person:1 person:6 run:2 seminar:2',
	'a run that goes to another office is told to both');
UPDATE kg.run SET office_id = 2 WHERE id = 2;
SELECT isnt(heard(), '', 'and back');
UPDATE kg.seminar SET title = 'Ny' WHERE id = 2;
SELECT is(heard(), 'all office:2 person:6 run:2 seminar:2', 'a seminar''s');
UPDATE kg.season SET title = 'Ny';
SELECT is(heard(), 'all season:1', 'a season''s');
UPDATE kg.period SET ends_on = '2030-01-13';
SELECT is(heard(), 'season:1', 'a period''s');
UPDATE kg.office SET name = 'Herlev' WHERE id = 2;
SELECT is(heard(), 'all office:2 person:6 run:2 seminar:2', 'an office''s');
UPDATE kg.venue SET name = 'Nabo' WHERE id = 3;
SELECT is(heard(), 'all office:2 person:6 room:4 run:2 seminar:2', 'a venue''s');
UPDATE kg.room SET name = 'Lokalet' WHERE id = 4;
SELECT is(heard(), 'office:2 room:4', 'a room''s');
UPDATE kg.room_setup SET capacity = 41 WHERE setup = 'theatre';
SELECT is(heard(), 'room:1', 'a set-up''s');
INSERT INTO kg.booking (room_id, kind, title, starts_local, ends_local, setup_min,
	clear_min) VALUES (1, 'internal', 'x', '2030-05-02 09:00',
	'2030-05-02 13:00', 0, 0);
SELECT is(heard(), 'office:1 person:1 room:1 room:3',
	'a booking''s: the room and every room that shares a part with it');
INSERT INTO kg.booking (room_id, kind, session_id, title, starts_local, ends_local,
	setup_min, clear_min) VALUES (3, 'session', 1, 'x', '2030-01-10 13:00',
	'2030-01-10 21:30', 0, 0);
SELECT is(heard(), 'all office:1 person:1 room:1 room:2 room:3 run:1 season:1 '
	'seminar:1', 'a session''s booking: both');
INSERT INTO kg.session_teacher (session_id, person_id) VALUES (1, 3);
SELECT is(heard(), 'person:3', 'a teacher who is asked');
UPDATE kg.session SET title = 'nyere' WHERE id = 1;
SELECT is(heard(), 'all office:1 person:1 person:3 room:1 room:2 room:3 run:1 '
	'season:1 seminar:1', 'a session''s change is told to teachers and rooms');
UPDATE kg.person SET name = 'Ny' WHERE id = 3;
SELECT is(heard(), 'person:3', 'a person''s');
INSERT INTO kg.feed_token (person_id, hash, name)
VALUES (3, sha256('1'), 'min telefon');
SELECT is(heard(), 'person:3 token:1', 'a link''s');
UPDATE kg.clock SET shift = '1 day';
SELECT is(heard(), '*', 'a moved clock is told to all');
UPDATE kg.clock SET shift = '0';
SELECT is(heard(), '*', 'and back');
UPDATE kg.office SET mail = 'x@example.org';
SELECT is(heard(), '*', 'a change of all events is told to all');

-- nothing to tell: heard by telling something after it
UPDATE kg.session SET title = title;
UPDATE kg.feed_token SET last_fetch_at = now(), last_client = 'apple';
INSERT INTO kg.holiday (day, name, kind) VALUES ('2030-01-01', 'Nytår', 'public');
BEGIN;
UPDATE kg.session SET title = 'aldrig' WHERE id = 1;
ROLLBACK;
UPDATE kg.room SET name = 'Øst 1' WHERE id = 1;
SELECT is(heard(), 'office:1 room:1', 'no change, a fetch, a holiday and a rollback are '
	'no news');

-- once a transaction
BEGIN;
UPDATE kg.room SET name = 'Øst 2' WHERE id = 1;
UPDATE kg.room SET name = 'Øst 3' WHERE id = 1;
UPDATE kg.room SET name = 'Vest 2' WHERE id = 2;
SELECT is(kg.scopes(), 'office:1 room:1 room:2', 'scopes are gathered');
COMMIT;
UPDATE kg.room SET name = 'Øst' WHERE id = 1;
SELECT is(heard(2), 'office:1 room:1 room:2 | office:1 room:1', 'a transaction tells once');
SELECT is(kg.scopes(), '', 'and leaves nothing behind');
BEGIN;
UPDATE kg.room SET name = 'Øst 4' WHERE id = 1;
SAVEPOINT half_way;
UPDATE kg.room SET name = 'Vest 4' WHERE id = 2;
ROLLBACK TO half_way;
COMMIT;
SELECT is(heard(), 'office:1 room:1', 'what was taken back is not told');

-- many become all
SELECT kg.scopes_limit() AS most \gset
BEGIN;
SELECT kg.scopes_add(array(SELECT 'run:' || n
	FROM generate_series(1, :most) AS n)) AS _ \gset
SELECT isnt(kg.scopes(), '*', 'as many as the limit are told one by one');
SELECT kg.scopes_add('{run:1}') AS _ \gset
SELECT isnt(kg.scopes(), '*', 'the same again is no more');
SELECT kg.scopes_add('{run:0}') AS _ \gset
SELECT is(kg.scopes(), '*', 'one more is all');
SELECT kg.scopes_add('{run:-1}') AS _ \gset
SELECT is(kg.scopes(), '*', 'and stays all');
ROLLBACK;

-- the write answers the same
SELECT * FROM kg.venue_change(NULL, 'x', 2, NULL, 'Kroen', NULL, NULL, NULL, NULL,
	NULL) \gset w_
SELECT is(heard(), :'w_scopes', 'a write answers what the listeners hear');
SELECT is(:'w_xid', xid::text, 'and its transaction')
	FROM kg.journal ORDER BY id DESC LIMIT 1;
SELECT is((kg.venue_change(NULL, 'x', 2, NULL, 'Kroen', NULL, NULL, NULL, NULL,
	NULL)).scopes, '', 'a write that changes nothing concerns nobody');
SELECT dblink_disconnect('ear') AS _ \gset
SELECT * FROM finish();
