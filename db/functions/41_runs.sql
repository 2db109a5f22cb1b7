-- Runs and their sessions: move, cancel, restore, ask a teacher.
SET LOCAL ROLE kattegat_owner;

-- Raises KG004.
CREATE OR REPLACE FUNCTION kg.run_get(run_no text) RETURNS kg.run
LANGUAGE plpgsql STABLE AS $$
DECLARE
	r kg.run;
BEGIN
	SELECT * INTO r FROM kg.run u WHERE u.run_no = run_get.run_no;
	IF NOT FOUND THEN
		PERFORM kg.missing(format('run "%s"', run_no),
			'a number such as KAT22-01');
	END IF;
	RETURN r;
END
$$;

-- The version of a run as everybody sees it: its own, and one more for each change of
-- one of its sessions, since who looks at a run sees them. Added up when it is asked
-- for: a session that changes need not lock its run. A new session and one that goes
-- raise the run's own (kg.session_create(), kg.session_stays()), so that it never
-- falls and never comes back.
CREATE OR REPLACE FUNCTION kg.run_version(run_id int) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	RETURN (SELECT r.version + coalesce((SELECT sum(s.version - 1)
			FROM kg.session s WHERE s.run_id = r.id), 0)
		FROM kg.run r WHERE r.id = $1);
END
$$;

-- Raises KG003 as kg.version_must(): the difference tells of the run by its names, of
-- its sessions as "sessions.NO.NAME".
CREATE OR REPLACE FUNCTION kg.run_version_must(r kg.run, expected_version int)
RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	is_now int := kg.run_version(r.id);
BEGIN
	IF NOT kg.version_fits(is_now, expected_version) THEN
		PERFORM kg.version_refuse('run ' || r.run_no, is_now, expected_version,
			kg.difference_of('run'::text || array_agg('session'::text),
				r.id::text || array_agg(s.id::text),
				''::text || array_agg(format('sessions.%s.', s.no)),
				is_now - expected_version))
		FROM kg.session s WHERE s.run_id = r.id;
	END IF;
END
$$;

CREATE OR REPLACE FUNCTION kg.session_get(run_id int, no int) RETURNS kg.session
LANGUAGE plpgsql STABLE AS $$
DECLARE
	s kg.session;
BEGIN
	SELECT * INTO s FROM kg.session x
	WHERE x.run_id = session_get.run_id AND x.no = session_get.no;
	IF NOT FOUND THEN
		PERFORM kg.missing(format('session %s of run %s', no,
			(SELECT u.run_no FROM kg.run u WHERE u.id = run_id)),
			(SELECT 'it has: ' || string_agg(x.no::text, ', ' ORDER BY x.no)
			FROM kg.session x WHERE x.run_id = session_get.run_id));
	END IF;
	RETURN s;
END
$$;

-- A run, ready to be changed: allowed, everything locked, its row too. more: atoms that
-- it will take.
CREATE OR REPLACE FUNCTION kg.run_begin(actor int, why text, run_no text,
	expected_version int, more int4multirange DEFAULT '{}')
RETURNS kg.run LANGUAGE plpgsql AS $$
DECLARE
	r kg.run := kg.run_get(run_no);
BEGIN
	PERFORM kg.write_begin(actor, why),
		kg.may_must(actor, 'calendar', r.office_id);
	PERFORM kg.lock_sessions(r.id, array(SELECT s.id FROM kg.session s
		WHERE s.run_id = r.id), more);
	SELECT * INTO r FROM kg.run u WHERE u.id = r.id FOR NO KEY UPDATE;
	PERFORM kg.run_version_must(r, expected_version), kg.collisions_wait();
	RETURN r;
END
$$;

CREATE OR REPLACE FUNCTION kg.run_end(run_id int, changed bool) RETURNS kg.written
LANGUAGE plpgsql AS $$
DECLARE
	sessions int[] := array(SELECT s.id FROM kg.session s
		WHERE s.run_id = run_end.run_id);
BEGIN
	PERFORM kg.collisions_must_not(array(SELECT b.id FROM kg.booking b
		WHERE b.session_id = ANY (sessions)), sessions);
	RETURN kg.write_end(changed, 'run', run_id::text, kg.run_version(run_id));
END
$$;

-- A session that moves to another house leaves its rooms; one that is cancelled finds
-- none there when it comes back.
CREATE OR REPLACE FUNCTION kg.rooms_leave(sessions int[]) RETURNS void
LANGUAGE sql AS $$
	UPDATE kg.booking b SET status = 'cancelled', status_before_cancel = NULL
	FROM kg.room r, kg.session s
	WHERE b.session_id = ANY (sessions) AND r.id = b.room_id
		AND s.id = b.session_id AND r.venue_id <> s.venue_id
		AND (b.status IN ('held', 'confirmed')
			OR b.status_before_cancel IS NOT NULL)
$$;

-- Would this go to a day that is past? Of the day that it has only the hours change.
CREATE OR REPLACE FUNCTION kg.is_moved_back(day date, wished date) RETURNS bool
LANGUAGE sql STABLE AS $$
	SELECT wished < kg.today() AND wished IS DISTINCT FROM day
$$;

-- The whole run, by whole days and/or to another venue; NULL keeps. Hours stay. rooms:
-- [{"no": 1, "room_id": 7}, ...] moves the sessions' bookings, or makes them, and may say
-- how, as kg.session_room_set() takes it; a room_id of null gives the rooms up. Without a
-- venue it is that of the rooms, if they have one. On another day the kitchen must still
-- hear in time.
CREATE OR REPLACE FUNCTION kg.run_move(actor int, why text, run_no text,
	expected_version int, starts_on date, venue_id int, rooms jsonb DEFAULT NULL)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	wanted int[] := array(SELECT DISTINCT (w ->> 'room_id')::int
		FROM jsonb_array_elements(rooms) AS w WHERE w ->> 'room_id' IS NOT NULL);
	new_venue int := coalesce(run_move.venue_id, (SELECT min(x.venue_id)
		FROM kg.room x WHERE x.id = ANY (wanted)
		HAVING count(DISTINCT x.venue_id) = 1));
	r kg.run;
	room kg.room;
	first_day date;
	days int;
	one record;
	was text;
	changed bool;
BEGIN
	PERFORM kg.refuse('KG005', format('session %s is named twice', w ->> 'no'),
		'one room for each session', '{"fields": ["rooms"]}')
	FROM jsonb_array_elements(rooms) AS w
	GROUP BY w ->> 'no' HAVING count(*) > 1 ORDER BY (w ->> 'no')::int LIMIT 1;
	PERFORM kg.room_get(w) FROM unnest(wanted) AS w;
	PERFORM kg.rooms_may_must(actor, wanted);
	r := kg.run_begin(actor, why, run_move.run_no, expected_version,
		coalesce((SELECT range_agg(x.parts) FROM kg.room x
			WHERE x.id = ANY (wanted)), '{}'));
	IF r.status IN ('cancelled', 'completed') THEN
		PERFORM kg.wrong_state(format('run %s is %s', r.run_no, r.status),
			CASE r.status WHEN 'cancelled' THEN 'restore it first'
				ELSE 'what has been held stays where it was' END);
	END IF;
	PERFORM kg.venue_get(new_venue) WHERE new_venue IS NOT NULL;
	first_day := (SELECT min(s.starts_local)::date FROM kg.session s
		WHERE s.run_id = r.id);
	IF kg.is_moved_back(first_day, run_move.starts_on) THEN
		PERFORM kg.refuse('KG005', 'a run is not moved into the past',
			format('the earliest day is %s', kg.today()),
			jsonb_build_object('fields', '["starts_on"]'::jsonb,
				'earliest', kg.today()));
	END IF;
	PERFORM kg.dates_must(run_move.starts_on, run_move.starts_on, '{starts_on}');
	days := coalesce(run_move.starts_on - first_day, 0);
	was := kg.run_marks(r.id);
	UPDATE kg.session SET
		starts_local = starts_local + days * interval '1 day',
		ends_local = ends_local + days * interval '1 day',
		venue_id = coalesce(new_venue, venue_id)
	WHERE run_id = r.id;
	FOR one IN SELECT s.*, (w ->> 'room_id')::int AS room_id, w AS how
		FROM jsonb_array_elements(rooms) AS w
			CROSS JOIN LATERAL kg.session_get(r.id, (w ->> 'no')::int) AS s
		ORDER BY s.no
	LOOP
		IF one.room_id IS NULL THEN
			UPDATE kg.booking SET status = 'cancelled'
			WHERE session_id = one.id AND status IN ('held', 'confirmed');
			CONTINUE;
		END IF;
		IF one.status = 'cancelled' THEN
			PERFORM kg.wrong_state(format('session %s of run %s is cancelled',
				one.no, r.run_no), 'restore it first');
		END IF;
		room := kg.room_get(one.room_id);
		IF room.venue_id <> one.venue_id THEN
			PERFORM kg.refuse('KG005', format('the room %s is not in venue %s',
					room.name, one.venue_id), 'it is in venue '
					|| room.venue_id, '{"fields": ["rooms"]}');
		END IF;
		PERFORM kg.session_room_set(one.id, room, one.how, days <> 0);
	END LOOP;
	PERFORM kg.rooms_leave(array(SELECT id FROM kg.session
		WHERE run_id = r.id));
	IF days <> 0 THEN
		PERFORM kg.caterings_must(array(SELECT id FROM kg.session
			WHERE run_id = r.id));
	END IF;
	changed := was <> kg.run_marks(r.id);
	-- the run's version tells of its days and rooms too
	UPDATE kg.run SET venue_id = coalesce(new_venue, venue_id),
		version = version + changed::int
	WHERE id = r.id;
	changed := FOUND;
	RETURN kg.run_end(r.id, changed);
END
$$;

-- What a run's sessions and their bookings come to; another text: something changed.
CREATE OR REPLACE FUNCTION kg.run_marks(run_id int) RETURNS text
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT format('%s %s',
		(SELECT string_agg(s.id || ':' || s.version, ' ' ORDER BY s.id)
			FROM kg.session s WHERE s.run_id = $1),
		(SELECT string_agg(b.id || ':' || b.version, ' ' ORDER BY b.id)
			FROM kg.booking b JOIN kg.session s ON s.id = b.session_id
			WHERE s.run_id = $1))
$$;

CREATE OR REPLACE FUNCTION kg.run_cancel(actor int, why text, run_no text,
	expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	r kg.run := kg.run_begin(actor, why, run_cancel.run_no, expected_version);
	changed bool;
BEGIN
	UPDATE kg.run SET status = 'cancelled'
	WHERE id = r.id AND status <> 'cancelled';
	changed := FOUND;
	RETURN kg.run_end(r.id, changed);
END
$$;

-- Brings back what the cancellation took, with all its rooms: one that is taken by now
-- refuses all of it. Raises KG007.
CREATE OR REPLACE FUNCTION kg.run_restore(actor int, why text, run_no text,
	expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	r kg.run := kg.run_begin(actor, why, run_restore.run_no, expected_version);
	changed bool;
BEGIN
	UPDATE kg.run SET status = status_before_cancel
	WHERE id = r.id AND status = 'cancelled';
	changed := FOUND;
	RETURN kg.run_end(r.id, changed);
END
$$;

-- A session, ready to be changed. more: atoms that it will take.
CREATE OR REPLACE FUNCTION kg.session_begin(actor int, why text, run_no text,
	no int, expected_version int, more int4multirange DEFAULT '{}')
RETURNS kg.session LANGUAGE plpgsql AS $$
DECLARE
	r kg.run := kg.run_get(run_no);
	s kg.session := kg.session_get(r.id, no);
BEGIN
	PERFORM kg.write_begin(actor, why),
		kg.may_must(actor, 'calendar', r.office_id);
	PERFORM kg.lock_sessions(r.id, array[s.id], more);
	SELECT * INTO s FROM kg.session x WHERE x.id = s.id FOR NO KEY UPDATE;
	PERFORM kg.version_must(format('session %s of run %s', s.no, r.run_no),
		s.version, expected_version, 'session', s.id), kg.collisions_wait();
	RETURN s;
END
$$;

CREATE OR REPLACE FUNCTION kg.session_end(session_id int, changed bool)
RETURNS kg.written LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.collisions_must_not(array(SELECT b.id FROM kg.booking b
		WHERE b.session_id = session_end.session_id), array[session_id]);
	RETURN kg.write_end(changed, 'session', session_id::text,
		(SELECT s.version FROM kg.session s WHERE s.id = session_id));
END
$$;

-- NULL keeps; without an end the session keeps its length. A room given moves the
-- session's booking there, or makes one. The programme goes along by the hour; a new
-- one may come with the move, as one that is shorter may need.
CREATE OR REPLACE FUNCTION kg.session_move(actor int, why text, run_no text, no int,
	expected_version int, starts_local timestamp, ends_local timestamp,
	venue_id int, room_id int, agenda jsonb DEFAULT NULL)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	s kg.session;
	room kg.room;
	version_was int;
	new_starts timestamp;
	new_ends timestamp;
	new_venue int;
BEGIN
	IF session_move.room_id IS NOT NULL THEN
		room := kg.room_get(session_move.room_id);
		PERFORM kg.may_must(actor, 'calendar', (SELECT v.office_id
			FROM kg.venue v WHERE v.id = room.venue_id));
	END IF;
	IF room.venue_id <> session_move.venue_id THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = format('the room %s is not in venue %s', room.name,
				session_move.venue_id),
			HINT = 'it is in venue ' || room.venue_id;
	END IF;
	s := kg.session_begin(actor, why, session_move.run_no, session_move.no,
		expected_version, coalesce(room.parts, '{}'));
	version_was := s.version;
	-- its room alone, too
	PERFORM kg.run_not_over_must(s.run_id);
	IF s.status = 'cancelled' THEN
		PERFORM kg.wrong_state(format('session %s of run %s is cancelled', s.no,
			session_move.run_no), 'restore it first');
	END IF;
	new_venue := coalesce(session_move.venue_id, room.venue_id, s.venue_id);
	PERFORM kg.venue_get(new_venue);
	new_starts := coalesce(session_move.starts_local, s.starts_local);
	new_ends := coalesce(session_move.ends_local,
		s.ends_local + (new_starts - s.starts_local));
	IF new_ends <= new_starts THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = 'a session ends after it starts',
			HINT = 'a later end than ' || new_starts;
	END IF;
	IF kg.is_moved_back(s.starts_local::date, new_starts::date) THEN
		PERFORM kg.refuse('KG005', 'a session is not moved into the past',
			format('the earliest day is %s', kg.today()),
			jsonb_build_object('fields', '["starts_local"]'::jsonb,
				'earliest', kg.today()));
	END IF;
	IF (new_starts, new_ends) IS DISTINCT FROM (s.starts_local, s.ends_local) THEN
		PERFORM kg.dates_must(new_starts, new_ends);
	END IF;
	UPDATE kg.session SET starts_local = new_starts, ends_local = new_ends,
		venue_id = new_venue
	WHERE id = s.id;
	IF agenda IS NOT NULL THEN
		PERFORM kg.agenda_set(agenda, kg.session_get(s.run_id, s.no));
	END IF;
	IF room.id IS NOT NULL THEN
		PERFORM kg.session_room_set(s.id, room);
	END IF;
	PERFORM kg.rooms_leave(array[s.id]);
	IF new_starts::date <> s.starts_local::date THEN
		PERFORM kg.caterings_must(array[s.id]);
	END IF;
	RETURN kg.session_end(s.id, (SELECT version <> version_was
		FROM kg.session WHERE id = s.id));
END
$$;

CREATE OR REPLACE FUNCTION kg.session_cancel(actor int, why text, run_no text,
	no int, expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	s kg.session := kg.session_begin(actor, why, session_cancel.run_no,
		session_cancel.no, expected_version);
	changed bool;
BEGIN
	UPDATE kg.session SET status = 'cancelled'
	WHERE id = s.id AND status <> 'cancelled';
	changed := FOUND;
	RETURN kg.session_end(s.id, changed);
END
$$;

CREATE OR REPLACE FUNCTION kg.session_restore(actor int, why text, run_no text,
	no int, expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	s kg.session := kg.session_begin(actor, why, session_restore.run_no,
		session_restore.no, expected_version);
	changed bool;
BEGIN
	UPDATE kg.session SET status = 'confirmed'
	WHERE id = s.id AND status <> 'confirmed';
	changed := FOUND;
	RETURN kg.session_end(s.id, changed);
END
$$;

-- A session whose teachers are to change: allowed, the run and this teacher locked. The
-- version is the session's: who asks somebody for it knew its time.
CREATE OR REPLACE FUNCTION kg.session_teacher_begin(actor int, why text, run_no text,
	no int, person_id int, expected_version int)
RETURNS kg.session LANGUAGE plpgsql AS $$
DECLARE
	r kg.run := kg.run_get(run_no);
	s kg.session := kg.session_get(r.id, no);
BEGIN
	PERFORM kg.write_begin(actor, why),
		kg.may_must(actor, 'calendar', r.office_id);
	PERFORM kg.lock_sessions(r.id, '{}', '{}', array[person_id]);
	SELECT * INTO s FROM kg.session x WHERE x.id = s.id FOR NO KEY UPDATE;
	PERFORM kg.version_must(format('session %s of run %s', s.no, r.run_no),
		s.version, expected_version, 'session', s.id);
	RETURN s;
END
$$;

-- Asks a teacher for a session, or notes the answer. The session's version rises.
CREATE OR REPLACE FUNCTION kg.session_teacher_set(actor int, why text, run_no text,
	no int, person_id int, status text, expected_version int DEFAULT NULL)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	s kg.session := kg.session_teacher_begin(actor, why, session_teacher_set.run_no,
		session_teacher_set.no, session_teacher_set.person_id, expected_version);
	t kg.session_teacher;
	changed bool;
BEGIN
	PERFORM kg.match_must(coalesce(session_teacher_set.status, ''),
		'^(asked|accepted|declined)$', 'the answer',
		'asked, accepted or declined');
	PERFORM FROM kg.person p WHERE p.id = session_teacher_set.person_id
		AND p.role = 'teacher' AND p.erased_at IS NULL;
	IF NOT FOUND THEN
		PERFORM kg.missing('teacher ' || session_teacher_set.person_id);
	END IF;
	PERFORM kg.collisions_wait();
	INSERT INTO kg.session_teacher (session_id, person_id, status)
	VALUES (s.id, session_teacher_set.person_id, session_teacher_set.status)
	ON CONFLICT (session_id, person_id) DO UPDATE SET status = excluded.status;
	changed := FOUND;
	IF changed THEN
		PERFORM kg.touch(array[s.id], false);
	END IF;
	PERFORM kg.collisions_must_not('{}', array[s.id]);
	SELECT * INTO t FROM kg.session_teacher
	WHERE session_id = s.id AND person_id = session_teacher_set.person_id;
	RETURN kg.write_end(changed, 'session_teacher', t.id::text, t.version);
END
$$;

-- Who was asked by mistake, or teaches it no longer, is no more of the session.
CREATE OR REPLACE FUNCTION kg.session_teacher_remove(actor int, why text, run_no text,
	no int, person_id int, expected_version int DEFAULT NULL)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	s kg.session := kg.session_teacher_begin(actor, why,
		session_teacher_remove.run_no, session_teacher_remove.no,
		session_teacher_remove.person_id, expected_version);
	t kg.session_teacher;
BEGIN
	DELETE FROM kg.session_teacher x WHERE x.session_id = s.id
		AND x.person_id = session_teacher_remove.person_id
	RETURNING x.* INTO t;
	IF NOT FOUND THEN
		PERFORM kg.missing('teacher ' || session_teacher_remove.person_id
			|| ' of this session');
	END IF;
	PERFORM kg.touch(array[s.id], false);
	RETURN kg.write_end(true, 'session_teacher', t.id::text, t.version);
END
$$;
