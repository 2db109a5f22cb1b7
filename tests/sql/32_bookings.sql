-- A room is taken once: half-open, set-up and clearing included, whole and halves.
CREATE FUNCTION book(room int, starts timestamp, ends timestamp,
	setup_min int DEFAULT 0, clear_min int DEFAULT 0, actor int DEFAULT NULL)
RETURNS kg.written LANGUAGE sql AS $$
	SELECT kg.booking_create(actor, 'x', room, starts, ends, setup_min, clear_min,
		'internal', NULL, NULL, NULL, 'Møde', NULL)
$$;
SELECT * FROM book(1, '2030-05-02 09:00', '2030-05-02 13:00', 60, 30) \gset w_
SELECT is(:'w_changed' || ' ' || :'w_object' || ' ' || :'w_version', 't booking 1',
	'a room is booked');
SELECT matches(uid, '^[0-9a-f-]{36}@kattegat\.example$', 'with a UID')
	FROM kg.booking;
SELECT is(parts, '{[1,2)}', 'and the parts of its room') FROM kg.booking;
SELECT throws_ok($$SELECT book(1, '2030-05-02 13:15', '2030-05-02 14:00')$$,
	'KG007', 'the room Øst is taken', 'not while it is being cleared');
SELECT lives_ok($$SELECT book(1, '2030-05-02 13:30', '2030-05-02 14:00')$$,
	'but from then on');
SELECT throws_ok($$SELECT book(1, '2030-05-02 07:00', '2030-05-02 08:01')$$,
	'KG007', NULL, 'not while it is being set up');
SELECT lives_ok($$SELECT book(1, '2030-05-02 07:00', '2030-05-02 08:00')$$,
	'but until then');
SELECT throws_ok($$SELECT book(1, '2030-05-02 14:10', '2030-05-02 15:00', 15)$$,
	'KG007', NULL, 'its own set-up counts too');
SELECT throws_ok($$SELECT book(3, '2030-05-02 10:00', '2030-05-02 11:00')$$,
	'KG007', 'the room Salen is taken', 'the hall is not free while its half is not');
SELECT lives_ok($$SELECT book(2, '2030-05-02 10:00', '2030-05-02 11:00')$$,
	'the other half is');
SELECT lives_ok($$SELECT book(3, '2030-05-03 10:00', '2030-05-03 11:00')$$,
	'the hall on another day');
SELECT throws_ok($$SELECT book(2, '2030-05-03 10:30', '2030-05-03 11:00')$$,
	'KG007', NULL, 'then its halves are not');
SELECT throws_ok($$INSERT INTO kg.booking (room_id, kind, title, starts_local,
	ends_local, setup_min, clear_min) VALUES (1, 'internal', 'x',
	'2030-05-02 12:00', '2030-05-02 13:00', 0, 0)$$, '23P01', NULL,
	'by hand the constraint refuses');
SELECT lives_ok($$SELECT kg.booking_create(NULL, 'x', 5, '2030-05-02 09:00',
	'2030-05-02 12:00', 0, 0, 'block_out', NULL, NULL, NULL, 'Lukket', NULL)$$,
	'a block-out');
SELECT throws_ok($$SELECT book(5, '2030-05-02 10:00', '2030-05-02 11:00')$$,
	'KG007', NULL, 'excludes as well');

-- re-partition: bookings keep the atoms of their room
INSERT INTO kg.room (venue_id, name, parts) VALUES (1, 'Kælderen', '{[30,31)}');
SELECT lives_ok($$UPDATE kg.room SET parts = '{[1,3),[30,31)}' WHERE id = 3$$,
	'a hall grows');
SELECT is(parts, '{[1,3),[30,31)}', 'and its bookings with it')
	FROM kg.booking WHERE room_id = 3;
SELECT throws_ok($$UPDATE kg.room SET parts = '{[1,2)}' WHERE id = 2$$, '23P01',
	NULL, 'a wall that two bookings would meet through stays');

-- set-ups
SELECT throws_ok($$SELECT kg.booking_create(NULL, 'x', 1, '2030-06-01 09:00',
	'2030-06-01 10:00', NULL, NULL, 'internal', NULL, 'islands', 26, 'M',
	NULL)$$, 'KG005', 'the room Øst is too small for 26',
	'a room too small in that set-up is refused');
SELECT lives_ok($$SELECT kg.booking_create(NULL, 'x', 1, '2030-06-01 09:00',
	'2030-06-01 10:00', NULL, NULL, 'internal', NULL, 'islands', 25, 'I',
	NULL)$$, 'one that fits is booked');
SELECT is((setup_min, clear_min, setup_capacity), (60, 30, 25),
	'with the minutes and the capacity of the set-up')
	FROM kg.booking WHERE title = 'I';
SELECT throws_ok($$SELECT kg.booking_create(NULL, 'x', 1, '2030-06-02 09:00',
	'2030-06-02 10:00', NULL, NULL, 'internal', NULL, 'circle', 5, 'M',
	NULL)$$, 'KG005', 'the room Øst has no set-up "circle"', 'a set-up it has');
SELECT throws_ok($$UPDATE kg.room_setup SET capacity = 24 WHERE room_id = 1
	AND setup = 'islands'$$, '23514', NULL,
	'a room does not shrink under its bookings');

-- sessions
SELECT throws_ok($$SELECT kg.booking_create(NULL, 'x', 1, NULL, NULL, 0, 0,
	'internal', 1, NULL, NULL, NULL, NULL)$$, 'KG005', NULL,
	'only kind session names one');
SELECT throws_ok($$SELECT kg.booking_create(NULL, 'x', 1, NULL, NULL, 0, 0,
	'session', 99, NULL, NULL, NULL, NULL)$$, 'KG004',
	'there is no session 99', 'one that is there');
SELECT throws_ok($$SELECT kg.booking_create(NULL, 'x', 5, NULL, NULL, 0, 0,
	'session', 1, NULL, NULL, NULL, NULL)$$, 'KG005', NULL, 'in its venue');
SELECT lives_ok($$SELECT kg.booking_create(NULL, 'x', 2, NULL, NULL, NULL, NULL,
	'session', 1, NULL, NULL, NULL, NULL)$$, 'a session''s room');
SELECT is((b.starts_local, b.ends_local, b.title::text),
	(s.starts_local, s.ends_local, 'R-1: Kursus'::text),
	'for its time, under its name')
	FROM kg.booking b JOIN kg.session s ON s.id = b.session_id;

-- holds
SELECT (kg.booking_create(NULL, 'x', 5, '2030-07-01 09:00', '2030-07-01 12:00', 0, 0,
	'internal', NULL, NULL, NULL, 'Måske', now() + interval '1 hour')).object_id
	AS hold \gset
SELECT is(status, 'held', 'with an end it is a hold')
	FROM kg.booking WHERE id = :hold;
SELECT throws_ok($$SELECT book(5, '2030-07-01 11:00', '2030-07-01 13:00')$$,
	'KG007', NULL, 'which holds');
UPDATE kg.clock SET shift = '2 hours';
SELECT lives_ok($$SELECT book(5, '2030-07-01 11:00', '2030-07-01 13:00')$$,
	'until its end');
SELECT is(status, 'expired', 'then it is expired by whoever comes next')
	FROM kg.booking WHERE id = :hold;
UPDATE kg.clock SET shift = '0';
SELECT ok(NOT (kg.booking_cancel(NULL, 'x', :hold, NULL)).changed,
	'what is expired is not cancelled');

-- cancelled
SELECT throws_ok(format('SELECT kg.booking_cancel(NULL, ''x'', %s, 9)',
	:'w_object_id'), 'KG003', NULL, 'who saw another version is told');
SELECT ok((kg.booking_cancel(NULL, 'x', :w_object_id, 1)).changed,
	'a booking is cancelled');
SELECT is((status, sequence, version), ('cancelled'::text, 1, 2),
	'and its SEQUENCE raised') FROM kg.booking WHERE id = :w_object_id;
SELECT lives_ok($$SELECT book(1, '2030-05-02 09:00', '2030-05-02 10:00')$$,
	'the room is free');
SELECT throws_ok($$SELECT kg.booking_cancel(NULL, 'x', 9999, NULL)$$, 'KG004',
	'there is no booking 9999', 'one that is not there');
SELECT kg.session_cancel(NULL, 'x', 'R-1', 1, NULL) \g /dev/null
SELECT ok((kg.booking_cancel(NULL, 'x', (SELECT id FROM kg.booking
	WHERE session_id = 1), NULL)).changed, 'one that rests is given up');
SELECT kg.session_restore(NULL, 'x', 'R-1', 1, NULL) \g /dev/null
SELECT is(status, 'cancelled', 'and does not come back with its session')
	FROM kg.booking WHERE session_id = 1;

-- values
SELECT throws_ok($$SELECT book(1, '2030-08-01 10:00', '2030-08-01 10:00')$$,
	'KG005', NULL, 'a booking ends after it starts');
SELECT throws_ok($$SELECT book(1, NULL, NULL)$$, 'KG005', NULL, 'and has times');
SELECT throws_ok($$SELECT book(1, '2030-08-01 10:00', '2030-08-01 11:00', -1)$$,
	'KG005', NULL, 'and minutes that can be');
SELECT throws_ok($$SELECT book(99, '2030-08-01 10:00', '2030-08-01 11:00')$$,
	'KG004', 'there is no room 99', 'and a room');
UPDATE kg.room SET retired_at = now() WHERE id = 5;
SELECT throws_ok($$SELECT book(5, '2030-08-01 10:00', '2030-08-01 11:00')$$,
	'KG004', 'there is no room 5', 'one in use');
SELECT throws_ok($$SELECT book(1, '2030-03-31 02:30', '2030-03-31 11:00')$$,
	'KG002', NULL, 'and hours that exist');
SELECT throws_ok($$SELECT kg.booking_create(NULL, 'x', 1, '2030-08-01 10:00',
	'2030-08-01 11:00', 0, 0, 'party', NULL, NULL, NULL, 'x', NULL)$$,
	'KG005', NULL, 'and a kind');
SELECT throws_ok($$SELECT kg.booking_create(NULL, 'x', 1, '2030-08-01 10:00',
	'2030-08-01 11:00', 0, 0, 'internal', NULL, NULL, NULL, E'a\nb', NULL)$$,
	'KG005', 'the title is not one clean line of text', 'and a title');
-- a booking for a session covers it
CREATE FUNCTION said(statement text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	message text;
	hint text;
	detail text;
BEGIN
	EXECUTE statement;
	RETURN 'null';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT,
		detail = PG_EXCEPTION_DETAIL;
	RETURN jsonb_build_object('state', SQLSTATE, 'message', message, 'hint', hint,
		'detail', nullif(detail, '')::jsonb);
END
$$;
INSERT INTO kg.session (run_id, no, venue_id, starts_local, ends_local)
VALUES (1, 8, 1, '2031-05-05 09:00', '2031-05-05 16:00');
SELECT max(id) AS dag FROM kg.session \gset
SELECT (kg.booking_create(1, 'dag 8', 1, NULL, NULL, 0, 0, 'session', :dag, '', NULL,
	NULL, NULL)).object_id AS its \gset
SELECT said(format($$SELECT kg.booking_move(1, 'bort', %s, NULL, NULL,
	'2031-05-06 09:00', NULL, NULL)$$, :its)) AS away \gset
SELECT is((:'away')::jsonb ->> 'state', 'KG005',
	'a session''s room does not move away from it');
SELECT is((:'away')::jsonb ->> 'message',
	'the booking is for session 8 of run R-1 and would not fit its hours', 'which says why');
SELECT matches((:'away')::jsonb ->> 'hint', 'POST /runs/R-1/sessions/8/move',
	'and what to do');
SELECT is((:'away')::jsonb #>> '{detail,session,starts_local}', '2031-05-05T09:00',
	'and when the session is');
SELECT is(said(format($$SELECT kg.booking_move(1, 'kort', %s, NULL, NULL, NULL,
	'2031-05-05 15:45', NULL)$$, :its)) ->> 'state', 'KG005', 'nor does it end before it');
SELECT is(said(format($$SELECT kg.booking_create(1, 'x', 2, '2031-05-05 15:00',
	'2031-05-05 17:00', 0, 0, 'session', %s, '', NULL, NULL, NULL)$$, :dag))
	->> 'state', 'KG005', 'nor is one made that runs out of it');
SELECT is(said(format($$UPDATE kg.booking SET ends_local = '2031-05-05 12:00'
	WHERE id = %s$$, :its)) ->> 'state', 'KG005', 'not by hand either');
SELECT kg.booking_move(1, 'før', :its, NULL, NULL, '2031-05-05 08:00',
	'2031-05-05 17:00', NULL) \g /dev/null
SELECT kg.booking_move(1, 'vest', :its, NULL, 2, NULL, NULL, NULL) \g /dev/null
SELECT is((room_id, starts_local), (2, '2031-05-05 08:00'::timestamp),
	'it may take longer, and another room') FROM kg.booking WHERE id = :its;
SELECT kg.session_move(1, 'ny dag', 'R-1', 8, NULL, '2031-05-06 10:00', NULL, NULL, NULL)
	\g /dev/null
SELECT is((starts_local, ends_local), ('2031-05-06 09:00'::timestamp,
	'2031-05-06 18:00'::timestamp), 'and goes along when the session moves')
	FROM kg.booking WHERE id = :its;
SELECT is(kg.journal_undo(1, 'fortrudt', (SELECT max(id) FROM kg.journal
	WHERE why = 'ny dag')) IS NULL, false, 'there and back');
SELECT is(starts_local, '2031-05-05 08:00', 'with the session') FROM kg.booking
	WHERE id = :its;
-- a group's room is for a part of it, while another one covers it
SELECT (kg.booking_create(1, 'grupper', 1, '2031-05-05 13:00', '2031-05-05 15:00', 0, 0,
	'session', :dag, '', NULL, NULL, NULL)).object_id AS part \gset
SELECT kg.session_move(1, 'en time før', 'R-1', 8, NULL, '2031-05-05 08:00', NULL, NULL,
	NULL) \g /dev/null
SELECT is((starts_local, ends_local), ('2031-05-05 12:00'::timestamp,
	'2031-05-05 14:00'::timestamp), 'a group''s room goes along as long as it is')
	FROM kg.booking WHERE id = :part;
SELECT is(said(format($$SELECT kg.booking_move(1, 'kort', %s, NULL, NULL, NULL,
	'2031-05-05 12:00', NULL)$$, :its)) ->> 'state', 'KG005',
	'one of them covers all of it');
SELECT kg.booking_cancel(1, 'x', :part, NULL) \g /dev/null
SELECT kg.session_move(1, 'tilbage', 'R-1', 8, NULL, '2031-05-05 09:00', NULL, NULL,
	NULL) \g /dev/null

-- a programme that a shorter session has no room for
INSERT INTO kg.agenda_item (session_id, no, starts_min, ends_min, title)
VALUES (:dag, 1, 0, 60, 'Velkomst'), (:dag, 2, 300, 420, 'Opsamling');
SELECT said($$SELECT kg.session_move(1, 'kortere', 'R-1', 8, NULL, NULL,
	'2031-05-05 15:00', NULL, NULL)$$) AS short \gset
SELECT is((:'short')::jsonb ->> 'state', 'KG005',
	'a session is not made shorter than its programme');
SELECT is((:'short')::jsonb #> '{detail,agenda}', '[{"title": "Opsamling",
	"starts_local": "2031-05-05T14:00", "ends_local": "2031-05-05T16:00",
	"starts_at": "2031-05-05T12:00:00Z", "ends_at": "2031-05-05T14:00:00Z"}]',
	'with the items that run past its end');
SELECT matches((:'short')::jsonb ->> 'hint', '"Opsamling"; .*agenda', 'and what would do');
SELECT is(said(format($$UPDATE kg.session SET ends_local = '2031-05-05 15:00'
	WHERE id = %s$$, :dag)) ->> 'state', 'KG005', 'not by hand either');
SELECT is(said(format($$UPDATE kg.agenda_item SET ends_min = 421 WHERE session_id = %s
	AND no = 2$$, :dag)) ->> 'state', 'KG005', 'nor does an item grow out of it');
SELECT kg.session_move(1, 'kortere', 'R-1', 8, NULL, NULL, '2031-05-05 15:00', NULL, NULL,
	'[{"title": "Velkomst", "starts_local": "2031-05-05T09:00",
	"ends_local": "2031-05-05T10:00"}]') \g /dev/null
SELECT is(array_agg(title::text), '{Velkomst}',
	'with a new programme it may become shorter') FROM kg.agenda_item
	WHERE session_id = :dag;
SELECT is(kg.journal_undo(1, 'fortrudt', (SELECT max(id) FROM kg.journal
	WHERE why = 'kortere')) IS NULL, false, 'which can be taken back');
SELECT is((s.ends_local, count(*)), ('2031-05-05 16:00'::timestamp, 2::bigint),
	'with its programme') FROM kg.session s JOIN kg.agenda_item a ON a.session_id = s.id
	WHERE s.id = :dag GROUP BY s.id;
SELECT * FROM finish();
