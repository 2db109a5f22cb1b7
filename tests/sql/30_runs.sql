-- Runs and sessions: moved, cancelled, restored; what comes with them.
INSERT INTO kg.session_teacher (session_id, person_id, status)
VALUES (1, 3, 'accepted'), (2, 3, 'accepted'), (3, 7, 'asked');
SELECT kg.booking_create(NULL, 'x', 1, NULL, NULL, NULL, NULL, 'session', n,
	'islands', 25, NULL, NULL) FROM generate_series(1, 3) AS n \g /dev/null
CREATE VIEW state AS
SELECT s.id, s.venue_id AS venue, s.starts_local AS starts, s.ends_local AS ends,
	s.status, s.cancelled_with_run AS with_run, b.status AS room_status,
	b.starts_local AS room_starts, b.ends_local AS room_ends, b.room_id AS room
FROM kg.session s LEFT JOIN kg.booking b ON b.session_id = s.id;
CREATE FUNCTION statuses() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(status || '/' || room_status, ' ' ORDER BY id)
	FROM state WHERE id <= 3
$$;

-- moved by days: the days meet themselves, and do not mind
SELECT kg.run_version(1) AS seen \gset
SELECT * FROM kg.run_move(NULL, 'sne', 'R-1', :seen, '2030-01-11', NULL) \gset w_
SELECT is(:'w_changed' || ' ' || :'w_object' || ' ' || :'w_object_id', 't run 1',
	'a run moves');
SELECT is(:w_version, kg.run_version(1), 'and has a new version');
SELECT cmp_ok(:w_version, '>', :seen, 'which is higher');
SELECT is(array_agg(starts ORDER BY id), '{2030-01-11 13:00, 2030-01-12 07:00,
	2030-01-13 07:00}'::timestamp[], 'each day keeps its hours')
	FROM state WHERE id <= 3;
SELECT is(count(*), 3::bigint, 'the rooms move along') FROM state
	WHERE id <= 3 AND room_starts = starts AND room_ends = ends;
SELECT is(t.during, s.during, 'what teachers promised too')
	FROM kg.session_teacher t JOIN kg.session s ON s.id = t.session_id;
SELECT is(marks(1), 'sequence 2 version 3', 'SEQUENCE is raised');
SELECT is(all_marks(), '2/3 2/3 2/3 0/1', 'of this run only');
SELECT throws_ok(format($$SELECT kg.run_move(NULL, 'x', 'R-1', %s, '2030-01-12',
	NULL)$$, :seen), 'KG003', format('run R-1 is at version %s, not %s', :w_version,
	:seen), 'who saw an older one is told');
SELECT ok(NOT (kg.run_move(NULL, 'x', 'R-1', :w_version, '2030-01-11', 1)).changed,
	'a move to where it is changes nothing');
SELECT throws_ok($$SELECT kg.run_move(NULL, 'x', 'R-9', NULL, NULL, 1)$$, 'KG004',
	'there is no run "R-9"', 'a run that is not there');
SELECT throws_ok($$SELECT kg.run_move(NULL, 'x', 'R-1', NULL, NULL, 99)$$, 'KG004',
	'there is no venue 99', 'nor a venue');
SELECT throws_ok($$SELECT kg.run_move(NULL, 'x', 'R-1', NULL, '2030-03-30', NULL)
	FROM kg.session_move(NULL, 'x', 'R-1', 2, NULL, '2030-01-12 02:30', NULL,
	NULL, NULL)$$, 'KG002', NULL, 'nor into an hour that does not exist');

-- what is in the way
SELECT (kg.booking_create(NULL, 'x', 3, '2030-01-20 09:00', '2030-01-20 16:00', 0,
	0, 'block_out', NULL, NULL, NULL, 'Lukket', NULL)).object_id AS blocked \gset
PREPARE move AS SELECT kg.run_move(NULL, 'x', 'R-1', NULL, '2030-01-18', NULL);
SELECT throws_ok('move', 'KG007', 'the room Øst is taken',
	'a run does not move over what holds its room');
SELECT is(min(starts), '2030-01-11 13:00', 'and stays where it was')
	FROM state WHERE id <= 3;
CREATE FUNCTION detail_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	told text;
BEGIN
	EXECUTE statement;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS told = PG_EXCEPTION_DETAIL;
	RETURN told;
END
$$;
SELECT is((detail_of('EXECUTE move')::jsonb #> '{conflicts,0}') - 'changed_at',
	jsonb_build_object(
	'booking_id', :blocked, 'room', 'Salen', 'room_id', 3, 'title', 'Lukket',
	'kind', 'block_out', 'busy', false, 'from', '2030-01-20T09:00',
	'to', '2030-01-20T16:00', 'setup', NULL, 'setup_min', 0, 'clear_min', 0,
	'from_at', '2030-01-20T08:00:00Z', 'to_at', '2030-01-20T15:00:00Z',
	'changed_by', NULL), 'what, from and to are told');

-- to another venue
SELECT ok((kg.run_move(NULL, 'x', 'R-1', NULL, '2030-01-18', 2)).changed,
	'to a hotel it does');
SELECT is((venue, starts, room_status), (2, '2030-01-18 13:00'::timestamp,
	'cancelled'::text), 'in one go, and leaves its rooms') FROM state WHERE id = 1;
SELECT is(venue_id, 2, 'the run is there too') FROM kg.run WHERE id = 1;
SELECT is(last_change ~ 'ny tid og nyt sted$', true, 'which is said')
	FROM kg.session WHERE id = 1;
SELECT ok(bool_and((kg.session_move(NULL, 'x', 'R-1', n, NULL, NULL, NULL, NULL, 5
	)).changed), 'sessions get rooms one by one') FROM generate_series(1, 3) AS n;

-- cancelled and restored
DELETE FROM kg.booking WHERE status = 'cancelled';
SELECT kg.session_cancel(NULL, 'x', 'R-1', 2, NULL) \g /dev/null
SELECT is(statuses(), 'confirmed/confirmed cancelled/cancelled '
	'confirmed/confirmed', 'a session is cancelled, and its room is free');
SELECT is(during, NULL, 'its teacher too') FROM kg.session_teacher
	WHERE session_id = 2;
CREATE TABLE marked AS SELECT id, sequence, changed_at FROM kg.session;
SELECT * FROM kg.run_cancel(NULL, 'for få', 'R-1', NULL) \gset w_
SELECT ok(:'w_changed', 'a run is cancelled');
SELECT is(statuses(), 'cancelled/cancelled cancelled/cancelled '
	'cancelled/cancelled', 'with all its sessions');
SELECT is(array_agg(with_run ORDER BY id), '{t,f,t}',
	'each knows whether with its run') FROM state WHERE id <= 3;
SELECT is(array_agg(s.sequence - m.sequence ORDER BY id), '{1,0,1}',
	'SEQUENCE is raised of those that were not yet')
	FROM kg.session s JOIN marked m USING (id) WHERE id <= 3;
SELECT is((status_before_cancel, cancelled_at IS NOT NULL),
	('open'::text, true), 'the run knows from what and when')
	FROM kg.run WHERE id = 1;
SELECT ok(NOT (kg.run_cancel(NULL, 'x', 'R-1', NULL)).changed,
	'cancelled again changes nothing');
SELECT throws_ok($$SELECT kg.session_restore(NULL, 'x', 'R-1', 1, NULL)$$, 'KG006',
	NULL, 'no session comes back without its run');
SELECT throws_ok($$SELECT kg.run_move(NULL, 'x', 'R-1', NULL, '2030-02-01',
	NULL)$$, 'KG006', 'run R-1 is cancelled', 'and none moves');
SELECT throws_ok($$SELECT kg.booking_create(NULL, 'x', 5, NULL, NULL, 0, 0,
	'session', 1, NULL, NULL, NULL, NULL)$$, 'KG006', NULL, 'nor takes a room');
SELECT throws_ok($$INSERT INTO kg.session (run_id, no, venue_id, starts_local,
	ends_local) VALUES (1, 4, 2, '2030-02-01 09:00', '2030-02-01 10:00')$$,
	'KG006', NULL, 'nor has a new one');
SELECT ok((kg.run_restore(NULL, 'x', 'R-1', NULL)).changed, 'it is restored');
SELECT is(statuses(), 'confirmed/confirmed cancelled/cancelled '
	'confirmed/confirmed', 'with those that it took, and their rooms');
SELECT is((status, cancelled_at, status_before_cancel),
	('open'::text, NULL::timestamptz, NULL::text), 'to what it was')
	FROM kg.run WHERE id = 1;
SELECT is(array_agg(s.sequence - m.sequence ORDER BY id), '{2,0,2}',
	'SEQUENCE goes on upwards')
	FROM kg.session s JOIN marked m USING (id) WHERE id <= 3;
SELECT ok(bool_and(s.changed_at >= m.changed_at), 'so does changed_at')
	FROM kg.session s JOIN marked m USING (id);
SELECT ok(NOT (kg.run_restore(NULL, 'x', 'R-1', NULL)).changed,
	'restored again changes nothing');
SELECT ok((kg.session_restore(NULL, 'x', 'R-1', 2, NULL)).changed,
	'the one cancelled alone comes back alone');
SELECT is(statuses(), 'confirmed/confirmed confirmed/confirmed '
	'confirmed/confirmed', 'with its room');

-- restored when the room was given away
SELECT kg.run_cancel(NULL, 'x', 'R-1', NULL) \g /dev/null
SELECT (kg.booking_create(NULL, 'x', 5, '2030-01-18 20:00', '2030-01-18 21:00', 0, 0,
	'let_out', NULL, NULL, NULL, 'Fest', NULL)).object_id AS party \gset
SELECT throws_ok($$SELECT kg.run_restore(NULL, 'x', 'R-1', NULL)$$, 'KG007',
	'the room Hotellokalet is taken', 'a room given away is not taken back');
SELECT is(status, 'cancelled', 'and the run stays cancelled')
	FROM kg.run WHERE id = 1;
SELECT kg.booking_cancel(NULL, 'x', :party, NULL) \g /dev/null
SELECT lives_ok($$SELECT kg.run_restore(NULL, 'x', 'R-1', NULL)$$,
	'when it is free again it is');
-- a hold that ran out meanwhile
UPDATE kg.booking SET status = 'held', expires_at = now() + interval '1 hour'
WHERE session_id = 1 AND status = 'confirmed';
SELECT kg.session_cancel(NULL, 'x', 'R-1', 1, NULL) \g /dev/null
UPDATE kg.clock SET shift = '2 hours';
SELECT kg.session_restore(NULL, 'x', 'R-1', 1, NULL) \g /dev/null
UPDATE kg.clock SET shift = '0';
SELECT is(room_status, 'expired', 'a hold that ran out while it rested is over')
	FROM state WHERE id = 1;

-- by hand the same rules hold
UPDATE kg.run SET status = 'cancelled' WHERE id = 2;
SELECT is((s.status, s.cancelled_with_run), ('cancelled'::text, true),
	'a run cancelled by hand cancels its sessions')
	FROM kg.session s WHERE id = 4;
UPDATE kg.run SET status = 'open' WHERE id = 2;
SELECT is(status, 'confirmed', 'and brings them back')
	FROM kg.session s WHERE id = 4;

-- from state to state, one step at a time, and not before its time
CREATE FUNCTION goes(state text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.run_change(NULL, 'x', 'R-2', NULL, jsonb_build_object('status', state));
	RETURN 'yes';
EXCEPTION WHEN SQLSTATE 'KG006' THEN
	RETURN SQLERRM;
END
$$;
-- its only day is 1 February 2030, 9 to 16
CREATE FUNCTION it_is(at timestamp) RETURNS void LANGUAGE sql AS $$
	UPDATE kg.clock SET shift = at AT TIME ZONE 'Europe/Copenhagen' - now()
$$;
SELECT is(goes('completed'), 'run R-2 is open', 'an open run is not over at once');
SELECT is(goes('running'), 'run R-2 is open', 'nor running');
SELECT is(goes('planned'), 'run R-2 is published', 'nor planned again: it was seen');
SELECT is(goes('enrolment_closed'), 'yes', 'the next step is taken');
SELECT is(goes('open'), 'yes', 'and taken back');
SELECT is(goes('enrolment_closed'), 'yes', 'and again');
SELECT it_is('2030-02-01 08:59') \g /dev/null
SELECT is(goes('running'), 'run R-2 has not begun', 'not running before its first hour');
SELECT it_is('2030-02-01 09:01') \g /dev/null
SELECT is(goes('running'), 'yes', 'but then');
SELECT is(goes('completed'), 'run R-2 has not ended', 'not over before its last hour');
SELECT it_is('2030-02-01 16:01') \g /dev/null
SELECT is(goes('completed'), 'yes', 'but then');
SELECT throws_ok(statement, 'KG006', 'run R-2 is completed', statement)
FROM unnest(array[$$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, '2030-03-01 09:00',
	NULL, NULL, NULL)$$, $$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, NULL, NULL,
	NULL, 4)$$, $$SELECT kg.session_cancel(NULL, 'x', 'R-2', 1, NULL)$$,
	$$SELECT kg.session_create(NULL, 'x', 'R-2', '{"starts_local": "2030-03-01T09:00",
	"ends_local": "2030-03-01T10:00"}')$$,
	$$UPDATE kg.session SET venue_id = 1 WHERE id = 4$$]) AS statement;
SELECT is(kg.session_change(NULL, 'x', 'R-2', 1, NULL, '{"title": "Rettet"}') IS NULL,
	false, 'what it is called can be put right');
SELECT throws_ok($$SELECT kg.run_cancel(NULL, 'x', 'R-2', NULL)$$, 'KG006',
	'run R-2 is completed', 'what has been held is not cancelled');
SELECT throws_ok($$SELECT kg.run_move(NULL, 'x', 'R-2', NULL, '2030-05-01',
	NULL)$$, 'KG006', 'run R-2 is completed', 'nor moved');
SELECT is(goes('running'), 'yes', 'a mistake is put right');
UPDATE kg.clock SET shift = '0';
SELECT is(goes('enrolment_closed'), 'yes', 'step by step');
SELECT is(goes('open'), 'yes', 'back');
SELECT throws_ok($$SELECT kg.run_move(NULL, 'x', 'R-2', NULL, '2020-01-01', NULL)$$,
	'KG005', 'a run is not moved into the past', 'a run is not moved into the past');

-- published for ever
INSERT INTO kg.run (run_no, seminar_id, office_id, venue_id, capacity)
VALUES ('R-3', 1, 1, 1, 5);
SELECT is(published_at, NULL, 'a draft is not published')
	FROM kg.run WHERE run_no = 'R-3';
UPDATE kg.run SET status = 'planned' WHERE run_no = 'R-3';
UPDATE kg.run SET status = 'open' WHERE run_no = 'R-3';
SELECT isnt(published_at, NULL, 'an open run is')
	FROM kg.run WHERE run_no = 'R-3';
CREATE TABLE published AS SELECT published_at FROM kg.run WHERE run_no = 'R-3';
UPDATE kg.run SET published_at = NULL WHERE run_no = 'R-3';
SELECT is(r.published_at, p.published_at, 'and never hides again')
	FROM kg.run r, published p WHERE run_no = 'R-3';

-- one session
SELECT * FROM kg.session_move(2, 'x', 'R-2', 1, NULL, '2030-02-02 10:00', NULL, NULL,
	NULL) \gset w_
SELECT is((starts, ends), ('2030-02-02 10:00'::timestamp,
	'2030-02-02 17:00'::timestamp), 'a session that moves keeps its length')
	FROM state WHERE id = 4;
SELECT is(:'w_object' || :'w_object_id' || ' ' || :'w_version', 'session4 '
	|| version, 'and answers its version') FROM kg.session WHERE id = 4;
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, 1, NULL, NULL, 2,
	NULL)$$, 'KG003', NULL, 'who saw an older one is told');
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 9, NULL, NULL, NULL,
	2, NULL)$$, 'KG004', 'there is no session 9 of run R-2', 'one not there');
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL,
	'2030-02-02 10:00', '2030-02-02 09:00', NULL, NULL)$$, 'KG005', NULL,
	'a session ends after it starts');
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, NULL, NULL,
	2, 4)$$, 'KG005', NULL, 'a room is in its venue');
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, NULL, NULL,
	NULL, 99)$$, 'KG004', 'there is no room 99', 'and is there');
SELECT ok(NOT (kg.session_move(NULL, 'x', 'R-2', 1, NULL, NULL, NULL, NULL,
	NULL)).changed, 'nothing asked for changes nothing');
SELECT lives_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, NULL, NULL,
	NULL, 4)$$, 'a room is taken along');
SELECT is((room, room_status, venue), (4, 'confirmed'::text, 3),
	'by a booking of its own') FROM state WHERE id = 4;
SELECT lives_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, NULL, NULL,
	NULL, 1)$$, 'a room elsewhere takes the session there');
SELECT is((room, room_status, venue), (1, 'confirmed'::text, 1),
	'with the same booking') FROM state WHERE id = 4;
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL,
	'2030-01-20 10:00', NULL, NULL, NULL)$$, 'KG007', 'the room Øst is taken',
	'but not over what is there');
UPDATE kg.booking SET room_setup = 'theatre', head_count = 39
WHERE session_id = 4;
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, NULL, NULL,
	NULL, 2)$$, 'KG005', 'the room Vest has no set-up "theatre"',
	'a room must have the booking''s set-up');
UPDATE kg.booking SET room_setup = 'islands', head_count = 22
WHERE session_id = 4;
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, NULL, NULL,
	NULL, 2)$$, 'KG005', 'the room Vest is too small for 22', 'and hold all');
SELECT kg.session_cancel(NULL, 'x', 'R-2', 1, NULL) \g /dev/null
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL,
	'2030-03-01 10:00', NULL, NULL, NULL)$$, 'KG006', NULL,
	'a cancelled session does not move');
SELECT ok(NOT (kg.session_cancel(NULL, 'x', 'R-2', 1, NULL)).changed,
	'cancelled again changes nothing');
SELECT throws_ok($$SELECT kg.session_restore(NULL, 'x', 'R-2', 1, 1)$$, 'KG003',
	NULL, 'who restores an older one is told');

-- a room for longer than its session goes along, and covers it afterwards too
UPDATE kg.booking SET title = 'aften', starts_local = '2030-01-20 06:00',
	ends_local = '2030-01-20 22:00'
WHERE session_id = 3 AND room_id = 5 AND status = 'confirmed';
SELECT kg.session_move(NULL, 'x', 'R-1', 3, NULL, '2030-01-21 08:00',
	'2030-01-21 20:00', NULL, NULL) \g /dev/null
SELECT is((starts_local, ends_local), ('2030-01-21 07:00'::timestamp,
	'2030-01-21 23:00'::timestamp), 'a booking of longer hours keeps its length')
	FROM kg.booking WHERE title = 'aften';
SELECT kg.session_move(NULL, 'x', 'R-1', 3, NULL, NULL, '2030-01-21 23:30', NULL, NULL)
	\g /dev/null
SELECT is((starts_local, ends_local), ('2030-01-21 07:00'::timestamp,
	'2030-01-21 23:30'::timestamp), 'as long as that covers the session')
	FROM kg.booking WHERE title = 'aften';
SELECT * FROM finish();
