-- Bookings of rooms.
SET LOCAL ROLE kattegat_owner;

-- Raises KG004.
CREATE OR REPLACE FUNCTION kg.room_get(room_id int) RETURNS kg.room
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.room;
BEGIN
	SELECT * INTO r FROM kg.room x
	WHERE x.id = room_id AND x.retired_at IS NULL;
	IF NOT FOUND THEN
		PERFORM kg.missing('room ' || room_id);
	END IF;
	RETURN r;
END
$$;

-- Raises KG005 when a room does not have the set-up, or is too small in it.
CREATE OR REPLACE FUNCTION kg.setup_must(room kg.room, setup text, head_count int)
RETURNS void LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	capacity int;
BEGIN
	IF setup IS NULL THEN
		RETURN;
	END IF;
	SELECT u.capacity INTO capacity FROM kg.room_setup u
	WHERE u.room_id = room.id AND u.setup = setup_must.setup;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = format('the room %s has no set-up "%s"', room.name, setup),
			HINT = coalesce('it has: ' || (SELECT string_agg(u.setup, ', ')
				FROM kg.room_setup u WHERE u.room_id = room.id),
				'it has none');
	END IF;
	IF head_count > capacity THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = format('the room %s is too small for %s', room.name,
				head_count),
			HINT = format('in %s it holds %s', setup, capacity);
	END IF;
END
$$;

-- Moves a session's booking to another room, or makes its first. The minutes of
-- set-up and clearing stay with the booking.
CREATE OR REPLACE FUNCTION kg.session_room_set(session_id int, room kg.room)
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	b kg.booking;
BEGIN
	SELECT * INTO b FROM kg.booking
	WHERE session_id = session_room_set.session_id
		AND status IN ('held', 'confirmed')
	ORDER BY (room_id = room.id) DESC, id LIMIT 1;
	IF NOT FOUND THEN
		INSERT INTO kg.booking (room_id, starts_local, ends_local, zone,
			setup_min, clear_min, kind, session_id, title)
		SELECT room.id, s.starts_local, s.ends_local, s.zone, 0, 0, 'session',
			s.id, kg.session_title(s.id)
		FROM kg.session s WHERE s.id = session_room_set.session_id;
		RETURN;
	END IF;
	PERFORM kg.setup_must(room, b.room_setup, b.head_count);
	UPDATE kg.booking SET room_id = room.id WHERE id = b.id;
END
$$;

-- What a session's booking is called: "KAT22-01: Kattegat Kommune".
CREATE OR REPLACE FUNCTION kg.session_title(session_id int) RETURNS text
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT btrim(left(r.run_no || ': ' || coalesce(r.title, m.title), 200))
	FROM kg.session s JOIN kg.run r ON r.id = s.run_id
		JOIN kg.seminar m ON m.id = r.seminar_id
	WHERE s.id = $1
$$;

-- A session's booking may leave its times and title out: they are the session's.
-- With expires_at it is a hold.
CREATE OR REPLACE FUNCTION kg.booking_create(actor int, why text, room_id int,
	starts_local timestamp, ends_local timestamp, setup_min int, clear_min int,
	kind text, session_id int, setup text, head_count int, title text,
	expires_at timestamptz)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	room kg.room := kg.room_get(booking_create.room_id);
	s kg.session;
	new_id int;
	wish_setup text := nullif(booking_create.setup, '');
BEGIN
	PERFORM kg.write_begin(actor, why),
		kg.may_must(actor, 'calendar', (SELECT office_id FROM kg.venue
			WHERE id = room.venue_id)),
		kg.match_must(coalesce(booking_create.kind, ''),
			'^(session|internal|let_out|block_out)$', 'the kind',
			'session, internal, let_out or block_out'),
		kg.setup_must(room, wish_setup, booking_create.head_count);
	IF (booking_create.kind = 'session')
		<> (booking_create.session_id IS NOT NULL) THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = 'a booking of kind session names one, and no other does',
			HINT = 'kind session with a session, or another kind without';
	END IF;
	IF booking_create.session_id IS NOT NULL THEN
		SELECT * INTO s FROM kg.session WHERE id = booking_create.session_id;
		IF NOT FOUND THEN
			PERFORM kg.missing('session ' || booking_create.session_id);
		END IF;
		PERFORM kg.may_must(actor, 'calendar', (SELECT office_id FROM kg.run
				WHERE id = s.run_id)),
			kg.lock_sessions(s.run_id, '{}', room.parts);
		SELECT * INTO s FROM kg.session WHERE id = s.id;
		IF s.venue_id <> room.venue_id THEN
			RAISE EXCEPTION USING ERRCODE = 'KG005',
				MESSAGE = format('the room %s is in another venue than the '
					'session', room.name),
				HINT = 'move the session to venue ' || room.venue_id;
		END IF;
	ELSE
		PERFORM kg.lock_atoms(room.parts);
		PERFORM kg.holds_expire(room.parts);
	END IF;
	IF coalesce(booking_create.ends_local, s.ends_local)
		<= coalesce(booking_create.starts_local, s.starts_local)
		OR coalesce(booking_create.ends_local, s.ends_local) IS NULL
		OR coalesce(booking_create.starts_local, s.starts_local) IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = 'a booking ends after it starts',
			HINT = 'a start, and a later end';
	END IF;
	IF booking_create.setup_min NOT BETWEEN 0 AND 1440
		OR booking_create.clear_min NOT BETWEEN 0 AND 1440
		OR booking_create.head_count < 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = 'set-up and clearing take 0 to 1440 minutes, and a '
				'booking is for one person or more',
			HINT = 'other numbers';
	END IF;
	PERFORM kg.collisions_wait();
	INSERT INTO kg.booking (room_id, starts_local, ends_local, zone, setup_min,
		clear_min, status, kind, session_id, room_setup, head_count, title,
		expires_at)
	SELECT room.id, coalesce(booking_create.starts_local, s.starts_local),
		coalesce(booking_create.ends_local, s.ends_local),
		coalesce(s.zone, 'Europe/Copenhagen'),
		coalesce(booking_create.setup_min, u.setup_min, 0),
		coalesce(booking_create.clear_min, u.clear_min, 0),
		CASE WHEN booking_create.expires_at IS NULL THEN 'confirmed'
			ELSE 'held' END,
		booking_create.kind, s.id, wish_setup, booking_create.head_count,
		kg.line_must(coalesce(nullif(booking_create.title, ''),
			kg.session_title(s.id)), 'the title'),
		booking_create.expires_at
	FROM (VALUES (1)) AS one LEFT JOIN kg.room_setup u
		ON u.room_id = room.id AND u.setup = wish_setup
	RETURNING id INTO new_id;
	PERFORM kg.collisions_must_not(array[new_id], '{}');
	RETURN kg.write_end(true, 'booking', new_id::text, 1);
END
$$;

CREATE OR REPLACE FUNCTION kg.booking_cancel(actor int, why text, booking_id int,
	expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	b kg.booking;
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why);
	SELECT * INTO b FROM kg.booking WHERE id = booking_cancel.booking_id;
	IF NOT FOUND THEN
		PERFORM kg.missing('booking ' || booking_cancel.booking_id);
	END IF;
	PERFORM kg.may_must(actor, 'calendar', (SELECT v.office_id FROM kg.room r
		JOIN kg.venue v ON v.id = r.venue_id WHERE r.id = b.room_id));
	PERFORM pg_advisory_xact_lock(3, run_id) FROM kg.session
		WHERE id = b.session_id;
	PERFORM kg.lock_atoms(b.parts);
	SELECT * INTO b FROM kg.booking WHERE id = b.id FOR NO KEY UPDATE;
	PERFORM kg.version_must('booking ' || b.id, b.version, expected_version);
	-- one that rests with its session does not come back either
	UPDATE kg.booking SET status = 'cancelled', status_before_cancel = NULL
	WHERE id = b.id AND status <> 'expired';
	changed := FOUND;
	RETURN kg.write_end(changed, 'booking', b.id::text,
		(SELECT version FROM kg.booking WHERE id = b.id));
END
$$;
