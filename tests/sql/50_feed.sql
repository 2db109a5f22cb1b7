-- What feeds hold and say. Runs R-1 (three days) and R-2 (one) from the fixture; a
-- token's secret is its name.
CREATE VIEW feed_row AS SELECT * FROM kg.feed_load('alle', '', '{}', '{}');
CREATE FUNCTION feed(kind text, arg text, ids bigint[] DEFAULT '{}',
	versions int[] DEFAULT '{}')
RETURNS SETOF feed_row LANGUAGE sql
	AS 'SELECT * FROM kg.feed_load($1, $2, $3, $4)';
CREATE FUNCTION link(secret text, ids bigint[] DEFAULT '{}',
	versions int[] DEFAULT '{}')
RETURNS SETOF feed_row LANGUAGE sql AS $$
	SELECT * FROM feed('token', encode(sha256(secret::bytea), 'hex'), $2, $3)
$$;
CREATE FUNCTION titles(kind text, arg text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(summary, '|' ORDER BY event_id) FROM feed($1, $2)
$$;
CREATE FUNCTION titles(secret text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(summary || ' ' || status || ' ' || transparent, '|'
		ORDER BY event_id) FROM link($1)
$$;
UPDATE kg.seminar SET description = 'Om; alt, muligt.', demo = true WHERE id = 1;
INSERT INTO kg.booking (room_id, kind, session_id, title, starts_local, ends_local,
	setup_min, clear_min)
VALUES (3, 'session', 1, 'hemmelig titel', '2030-01-10 13:00',
	'2030-01-10 21:30', 60, 30);
INSERT INTO kg.run (run_no, seminar_id, season_id, office_id, venue_id, capacity,
	status)
VALUES ('R-3', 1, 1, 1, 1, 25, 'draft'), ('R-4', 1, 1, 1, 1, 25, 'planned');
INSERT INTO kg.session (run_id, no, venue_id, starts_local, ends_local)
VALUES (3, 1, 1, '2030-01-20 13:00', '2030-01-20 14:00'),
	(4, 1, 1, '2030-01-20 13:00', '2030-01-20 14:00');
INSERT INTO kg.session_teacher (session_id, person_id, status)
VALUES (1, 3, 'asked'), (2, 3, 'accepted'), (3, 3, 'declined'), (5, 3, 'accepted');
INSERT INTO kg.feed_token (person_id, hash, name, show_cancelled)
VALUES (3, sha256('teacher'), 'teacher', 'mark'),
	(3, sha256('text'), 'text', 'text'), (3, sha256('hide'), 'hide', 'hide'),
	(1, sha256('office'), 'office', 'mark'),
	(2, sha256('planner'), 'planner', 'mark'),
	(3, sha256('closed'), 'closed', 'mark');

-- What there is.
SELECT is(state || ' ' || name || ' ' || feed_path, found, kind || ' is found')
FROM (VALUES
	('alle', '', 'live Alle seminarer /f/alle.ics'),
	('saeson', 'saeson', 'live Sæson /f/saeson/saeson.ics'),
	('seminar', 'kursus', 'live Kursus /f/seminar/kursus.ics'),
	('kontor', 'AAR', 'live Kontor Aarhus /f/kontor/AAR.ics'),
	('hold', 'R-1', 'live R-1 Kursus /f/hold/R-1.ics'),
	('lokale', '1', 'live Øst – Huset /f/lokale/1.ics')) AS t (kind, arg, found),
	LATERAL (SELECT * FROM feed(kind, arg) LIMIT 1) AS feed;
SELECT is((SELECT array_agg(state) FROM feed(kind, arg)), '{unknown}',
	kind || ' ' || why || ' is one row that says unknown')
FROM (VALUES ('hold', 'R-3', 'a draft'), ('hold', 'R-4', 'that is planned'),
	('hold', 'R-9', 'that is not there'), ('saeson', 'x', 'that is not there'),
	('lokale', '99', 'that is not there'), ('token', 'ab', 'that is not there'),
	('x', 'y', 'that is not there')) AS t (kind, arg, why);
SELECT is(titles(kind, arg), held, kind || ' holds its sessions, no drafts')
FROM (VALUES
	('alle', '', 'Kursus, dag 1 af 3|Kursus, dag 2 af 3|Kursus, dag 3 af 3|Andet'),
	('saeson', 'saeson', 'Kursus, dag 1 af 3|Kursus, dag 2 af 3|Kursus, dag 3 af 3'),
	('seminar', 'andet', 'Andet'), ('kontor', 'KBH', 'Andet'),
	('hold', 'R-2', 'Andet')) AS t (kind, arg, held);
SELECT is(scopes, 'season:1 seminar:1 run:1', 'a feed names its scopes')
FROM feed('saeson', 'saeson') WHERE state IS NOT NULL;
SELECT is(snapshot, pg_current_snapshot()::text, 'and its snapshot')
FROM feed('saeson', 'saeson') WHERE state IS NOT NULL;

-- Words.
SELECT is(location, 'Salen, Huset, Gade 1, 8000 Aarhus', 'a place with its room')
FROM feed('hold', 'R-1') WHERE event_id = 1;
SELECT is(description, E'Program:\n13.00–14.00 Frokost\n14.00–14.30 Velkomst\n\n'
	|| E'Om; alt, muligt.\n\nHold: R-1\nArrangør: Aarhus\n\n'
	|| 'Demodata: afholdes ikke i virkeligheden.', 'the programme and the rest')
FROM feed('hold', 'R-1') WHERE event_id = 1;
SELECT is(starts || ' ' || ends || ' ' || zone || ' ' || status || ' ' || path
	|| ' ' || categories || ' ' || sequence, '20300110T130000 20300110T213000 '
	|| 'Europe/Copenhagen confirmed /s/R-1 velfærd 1',
	'time, state, page, tags, and a sequence that its room has raised')
FROM feed('hold', 'R-1') WHERE event_id = 1;
SELECT is(kg.feed_place(rooms, venue, street, postcode, town), place, place)
FROM (VALUES (NULL, 'Hillerød', NULL, NULL, 'Hillerød', 'Hillerød'),
	('Sal', 'Hillerød', NULL, NULL, 'Hillerød', 'Sal, Hillerød'),
	(NULL, 'Hotel', NULL, '5000', 'Odense C', 'Hotel, 5000 Odense C'),
	('Sal', 'Hotel', 'Gade 1', '5000', 'Odense C',
		'Sal, Hotel, Gade 1, 5000 Odense C')
) AS t (rooms, venue, street, postcode, town, place);
SELECT is(kg.feed_name('a, b;c'), 'a – b – c', 'a name has no comma or semicolon');

-- What the caller has is not sent again.
SELECT is((SELECT layout FROM feed('hold', 'R-1') WHERE state IS NOT NULL),
	(SELECT string_agg(s.id || ' ' || s.version + site.version, ',' ORDER BY s.id)
		FROM kg.session s, kg.site WHERE run_id = 1), 'the layout names versions');
SELECT is((SELECT array_agg(event_id ORDER BY event_id)
	FROM feed('hold', 'R-1', '{1,2,3}', array[
		(SELECT s.version + site.version FROM kg.session s, kg.site
			WHERE s.id = 1), 0, NULL]) WHERE state IS NULL), '{2,3}',
	'only what is not known in its version is sent');

-- Organizers: all events or none.
UPDATE kg.office SET mail = 'aar@example.org' WHERE id = 1;
SELECT is(publish::text || (SELECT count(organizer_mail) FROM feed('alle', '')),
	'false0', 'without all mail boxes there is no organizer')
FROM feed('alle', '') WHERE state IS NOT NULL;
UPDATE kg.office SET mail = lower(code) || '@example.org';
SELECT is(publish::text || (SELECT string_agg(organizer_mail, ' ' ORDER BY event_id)
	FROM feed('alle', '')),
	'trueaar@example.org aar@example.org aar@example.org kbh@example.org',
	'with them every event has one')
FROM feed('alle', '') WHERE state IS NOT NULL;
SELECT is(publish, false, 'a room has no organizer')
FROM feed('lokale', '1') WHERE state IS NOT NULL;

-- Links.
SELECT is(titles('teacher'), 'Forespørgsel: Kursus, dag 1 af 3 tentative false|'
	|| 'Kursus, dag 2 af 3 confirmed false',
	'a teacher sees what was asked and accepted, not what was declined or drafted');
SELECT is(titles('office'), 'Kursus, dag 1 af 3 confirmed false|'
	|| 'Kursus, dag 2 af 3 confirmed false|Kursus, dag 3 af 3 confirmed false',
	'a coordinator sees the office');
SELECT is((SELECT count(event_id) FROM link('planner')), 4::bigint,
	'a planner sees everything');
SELECT is(scopes, expected, 'the scopes of a link') FROM (VALUES
	('teacher', 'token:1 person:3 run:1'),
	('office', 'token:4 person:1 office:1 run:1'),
	('planner', 'token:5 person:2 all run:1 run:2')) AS t (secret, expected),
	LATERAL (SELECT * FROM link(secret) LIMIT 1) AS feed;
SELECT ok(NOT EXISTS (SELECT FROM link(secret) l, kg.person p
	WHERE l::text LIKE '%' || p.name || '%' OR l::text LIKE '%' || p.mail || '%'),
	secret || ' names nobody')
FROM unnest(array['teacher', 'office', 'planner']) AS secret;
CREATE TABLE asked AS SELECT layout FROM link('teacher') WHERE state IS NOT NULL;
UPDATE kg.session_teacher SET status = 'accepted' WHERE session_id = 1;
SELECT isnt((SELECT layout FROM link('teacher') WHERE state IS NOT NULL),
	(SELECT layout FROM asked), 'an answer is a new version');
SELECT is(titles('teacher'), 'Kursus, dag 1 af 3 confirmed false|'
	|| 'Kursus, dag 2 af 3 confirmed false', 'an answer confirms');

-- Cancelled.
UPDATE kg.session SET status = 'cancelled' WHERE id = 2;
SELECT is(summary || ' ' || status || ' ' || transparent,
	'AFLYST: Kursus, dag 2 af 3 cancelled true', 'a cancelled session says so')
FROM feed('saeson', 'saeson') WHERE event_id = 2;
SELECT is(titles('text'), 'Kursus, dag 1 af 3 confirmed false|'
	|| 'AFLYST: Kursus, dag 2 af 3 confirmed true', 'or only its title does');
SELECT is(titles('hide'), 'Kursus, dag 1 af 3 confirmed false', 'or it hides');
SELECT isnt((SELECT max(event_id) FROM link('text')),
	(SELECT max(event_id) FROM link('teacher')),
	'what is shown in two ways has two ids');
UPDATE kg.clock SET shift = '89 days';
SELECT is((SELECT count(event_id) FROM feed('saeson', 'saeson')), 3::bigint,
	'after 89 days it is there');
UPDATE kg.clock SET shift = '92 days';
SELECT is((SELECT count(event_id) FROM feed('saeson', 'saeson')), 2::bigint,
	'after 92 days it is not');
UPDATE kg.clock SET shift = '0';

-- Windows: 90 whole days, from 02.55 on.
CREATE FUNCTION clock_at(at timestamp) RETURNS void LANGUAGE sql AS $$
	UPDATE kg.clock SET shift = $1 AT TIME ZONE 'Europe/Copenhagen' - now()
$$;
SELECT clock_at('2030-05-02 12:00');
SELECT is(titles('alle', ''), 'Andet', '90 days back');
SELECT is((SELECT count(event_id) FROM feed('saeson', 'saeson')), 2::bigint,
	'a season has no window');
SELECT clock_at('2030-05-03 02:50');
SELECT is(titles('alle', ''), 'Andet', 'the day goes into the night');
SELECT clock_at('2030-05-03 03:00');
SELECT is((SELECT count(event_id) FROM feed('alle', '')), 0::bigint,
	'and then it is over');
UPDATE kg.clock SET shift = '0';

-- Rooms.
SELECT is(starts || ' ' || ends || ' ' || summary || ' ' || status,
	'20300110T120000 20300110T220000 Optaget confirmed',
	'a half is taken when the hall is, from set-up to clearing')
FROM feed('lokale', '1') WHERE event_id IS NOT NULL;
SELECT ok(NOT EXISTS (SELECT FROM feed('lokale', '3') f
	WHERE f::text ~ 'hemmelig|Kursus|R-1'), 'and nobody sees by what');
SELECT is(scopes, 'office:1 room:1 room:3', 'a half moves with the hall')
FROM feed('lokale', '1') WHERE state IS NOT NULL;
SELECT is((SELECT count(event_id) FROM feed('lokale', '4')), 0::bigint,
	'another room is free');

-- Closed links.
UPDATE kg.feed_token SET revoked_at = kg.now() WHERE name = 'closed';
SELECT is(state, 'revoked', 'a closed link says so')
FROM link('closed') WHERE state IS NOT NULL;
SELECT is(summary || ' ' || starts || ' ' || ends, 'Kalenderlinket er lukket '
	|| to_char(kg.now() AT TIME ZONE 'Europe/Copenhagen', 'YYYYMMDD') || ' '
	|| to_char(kg.now() AT TIME ZONE 'Europe/Copenhagen' + interval '1 day',
		'YYYYMMDD'), 'by one event, on its day')
FROM link('closed') WHERE event_id IS NOT NULL;
SELECT is((SELECT array_agg(event_id) FROM link('closed') WHERE state IS NULL),
	array[kg.feed_event_id(5, 6)], 'and no other');
UPDATE kg.clock SET shift = '29 days';
SELECT is(state, 'revoked', 'for 30 days') FROM link('closed') WHERE state IS NOT NULL;
UPDATE kg.clock SET shift = '32 days';
SELECT is((SELECT array_agg(state) FROM link('closed')), '{gone}', 'then it is gone');
UPDATE kg.clock SET shift = '0';
UPDATE kg.person SET erased_at = kg.now() WHERE id = 3;
SELECT is((SELECT array_agg(state) FROM link('teacher')), '{gone}',
	'after an erasure at once');

-- The last fetch.
CREATE TABLE seen AS SELECT version, changed_at,
	(SELECT count(*) FROM kg.journal) AS rows FROM kg.feed_token WHERE id = 4;
SET ROLE kattegat;
SELECT lives_ok($$SELECT kg.feed_fetched('{4,4,99}',
	'{1893499260,1893499200,1893499200}', '{google,apple,apple}')$$,
	'the daemon notes the last fetches');
RESET ROLE;
SELECT is(last_client || ' ' || extract(epoch FROM last_fetch_at)::bigint,
	'google 1893499260', 'the last of them counts') FROM kg.feed_token WHERE id = 4;
SELECT kg.feed_fetched('{4}', '{1893499200}', '{apple}');
SELECT is(last_client, 'google', 'an older one does not') FROM kg.feed_token
WHERE id = 4;
SELECT is(t.version || ' ' || t.changed_at || ' ' || (SELECT count(*) FROM kg.journal),
	seen.version || ' ' || seen.changed_at || ' ' || seen.rows,
	'and leaves no version and no journal') FROM kg.feed_token t, seen WHERE t.id = 4;

-- The daemon's role asks through functions.
SET ROLE kattegat;
SELECT is((SELECT count(event_id) FROM kg.feed_load('alle', '', '{}', '{}')),
	4::bigint, 'the daemon may read feeds');
SELECT is((SELECT string_agg(kind || ' ' || path, ' ') FROM kg.feed_list()
	WHERE kind <> 'lokale'), 'alle /f/alle.ics saeson /f/saeson/saeson.ics '
	|| 'seminar /f/seminar/andet.ics seminar /f/seminar/kursus.ics '
	|| 'kontor /f/kontor/AAR.ics kontor /f/kontor/KBH.ics '
	|| 'hold /f/hold/R-1.ics hold /f/hold/R-2.ics', 'and list them');
SELECT is((SELECT string_agg(session_no || ' ' || starts || ' ' || cancelled, '|')
	FROM kg.web_run('r-1')), '1 20300110T130000 false|2 20300111T070000 true|'
	|| '3 20300112T070000 false', 'and show a run');
SELECT is((SELECT count(*) FROM kg.web_run('R-3')), 0::bigint, 'but no draft');
RESET ROLE;

-- A feed of a few events stays cheap among many: no table is read through.
SET session_replication_role = replica;
INSERT INTO kg.run (run_no, seminar_id, office_id, venue_id, capacity, status,
	published_at) SELECT 'M-' || n, 2, 2, 3, 20, 'completed', kg.now()
	FROM generate_series(1, 10000) n;
INSERT INTO kg.session (uid, run_id, office_id, no, venue_id, starts_local,
	ends_local) SELECT gen_random_uuid() || '@x.dk', r.id, r.office_id, n, 3,
		'2001-01-01'::timestamp + r.id * interval '6 hours',
		'2001-01-01 05:00'::timestamp + r.id * interval '6 hours'
	FROM kg.run r, generate_series(1, 3) n WHERE r.run_no LIKE 'M-%';
INSERT INTO kg.booking (uid, room_id, parts, kind, session_id, title, starts_local,
	ends_local, setup_min, clear_min)
	SELECT gen_random_uuid() || '@x.dk', 5, '{[20,21)}', 'session', s.id, 'x',
		s.starts_local, s.ends_local, 0, 0
	FROM kg.session s WHERE s.id > 100 AND s.no = 1;
INSERT INTO kg.session_teacher (session_id, person_id, status)
	SELECT s.id, 7, 'accepted' FROM kg.session s WHERE s.id > 100;
RESET session_replication_role;
ANALYZE;
SELECT pg_stat_force_next_flush();
-- Eight times each: by then a plan for any parameter is taken, if it is any good.
BEGIN;
SELECT count(*) FROM generate_series(1, 8) AS n,
	LATERAL feed(left('saeson', 20 + n), 'saeson');
SELECT count(*) FROM generate_series(1, 8) AS n,
	LATERAL feed(left('hold', 20 + n), 'R-1');
SELECT count(*) FROM generate_series(1, 8) AS n,
	LATERAL feed(left('alle', 20 + n), '');
SELECT count(*) FROM generate_series(1, 8) AS n,
	LATERAL feed(left('kontor', 20 + n), 'AAR');
SELECT count(*) FROM generate_series(1, 8) AS n,
	LATERAL feed(left('lokale', 20 + n), '1');
SELECT count(*) FROM generate_series(1, 8) AS n,
	LATERAL link(left('office', 20 + n));
SELECT count(*) FROM generate_series(1, 8) AS n,
	LATERAL kg.web_run(left('R-1', 20 + n));
SELECT is((SELECT string_agg(relname || ' ' || seq_scan, ' ')
	FROM pg_stat_xact_user_tables WHERE seq_scan > 0
		AND relname IN ('session', 'run', 'booking', 'session_teacher')), NULL,
	'feeds find what they hold by index');
COMMIT;
SELECT is(currval('__tresults___numb_seq')::int, 73, 'no test was left out');

-- An office's rooms, taken by what is no session: when and where, and no more.
CREATE FUNCTION busy(office text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', summary, starts, ends, location, status, sequence,
		description, path), '|' ORDER BY starts, event_id)
	FROM feed('kontor', office) WHERE event_id >> 32 = 6
$$;
CREATE FUNCTION busy_uid() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(uid, '|') FROM feed('kontor', 'AAR')
	WHERE event_id >> 32 = 6 AND starts LIKE '20300401%'
$$;
SELECT is(busy('KBH'), NULL, 'an office without bookings');
SELECT kg.booking_create(NULL, 'x', 3, '2030-04-01 09:00', '2030-04-01 10:00', 30, 15,
	'internal', NULL, '', NULL, 'Hemmeligt møde', NULL) \g /dev/null
SELECT is(busy('AAR'), 'Optaget 20300401T083000 20300401T101500 Salen, Huset, Gade 1, '
	'8000 Aarhus confirmed 0', 'a booking of a hall is one event, and tells where');
SELECT busy_uid() AS uid \gset
SELECT is(:'uid', uid, 'its UID is the booking''s') FROM kg.booking
	WHERE title = 'Hemmeligt møde';
SELECT is((SELECT uid FROM feed('lokale', '3') WHERE starts LIKE '20300401%'), :'uid',
	'the same as in the room''s feed');
SELECT kg.booking_move(NULL, 'x', id, NULL, 1, '2030-04-01 13:00', NULL, '')
	FROM kg.booking WHERE title = 'Hemmeligt møde' \g /dev/null
SELECT is(busy('AAR'), 'Optaget 20300401T123000 20300401T141500 Øst, Huset, Gade 1, '
	'8000 Aarhus confirmed 1', 'it moves, SEQUENCE up');
SELECT is(busy_uid(), :'uid', 'and is the same event');
CREATE TABLE known AS SELECT split_part(l, ' ', 1)::bigint AS id,
	split_part(l, ' ', 2)::int AS version
	FROM feed('kontor', 'AAR') AS f, unnest(string_to_array(f.layout, ',')) AS l;
SELECT is(count(*), 1::bigint, 'known events are not told again')
	FROM feed('kontor', 'AAR', (SELECT array_agg(id) FROM known),
		(SELECT array_agg(version) FROM known));
UPDATE kg.room SET name = 'Nordstuen' WHERE id = 1;
SELECT is(busy('AAR'), 'Optaget 20300401T123000 20300401T141500 Nordstuen, Huset, Gade 1, '
	'8000 Aarhus confirmed 1', 'a room with another name');
SELECT is(count(*), 2::bigint, 'is a change of its events')
	FROM feed('kontor', 'AAR', (SELECT array_agg(id) FROM known),
		(SELECT array_agg(version) FROM known));
SELECT kg.block_out_create(NULL, 'x', NULL, array[3], '2030-04-02 00:00',
	'2030-04-03 00:00', 'Maling', NULL, false, 'closing_day') \g /dev/null
SELECT is((SELECT count(*) FROM feed('kontor', 'AAR') WHERE starts LIKE '20300402%'),
	1::bigint, 'a block-out of a hall is told once');
SELECT kg.booking_cancel(NULL, 'x', id, NULL) FROM kg.booking
	WHERE title = 'Hemmeligt møde' \g /dev/null
SELECT is(busy_uid(), NULL, 'a cancelled one takes no room');
SELECT kg.booking_create(NULL, 'x', 4, (kg.now() - '100 days'::interval)::date + '09:00'::time,
	(kg.now() - '100 days'::interval)::date + '10:00'::time, 0, 0, 'internal', NULL, '',
	NULL, 'Gammelt', NULL) \g /dev/null
SELECT is(busy('KBH'), NULL, 'what is more than 90 days past is not told');
SELECT is((SELECT count(*) FROM feed('alle', '') WHERE event_id >> 32 = 6), 0::bigint,
	'the feed of all holds seminars only');
SELECT * FROM finish();
