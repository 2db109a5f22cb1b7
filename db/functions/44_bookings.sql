-- Bookings: made, changed, moved, cancelled, restored, confirmed.
SET LOCAL ROLE kattegat_owner;

CREATE OR REPLACE FUNCTION kg.booking_get(booking_id int) RETURNS kg.booking
LANGUAGE plpgsql STABLE AS $$
DECLARE
	b kg.booking;
BEGIN
	SELECT * INTO b FROM kg.booking x WHERE x.id = booking_id;
	IF NOT FOUND THEN
		PERFORM kg.missing('booking ' || booking_id);
	END IF;
	RETURN b;
END
$$;

-- Raises KG001 unless the calendars of all these rooms are the actor's to change.
CREATE OR REPLACE FUNCTION kg.rooms_may_must(actor int, rooms int[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.may_must(actor, 'calendar', its.office_id)
	FROM (SELECT DISTINCT v.office_id FROM kg.room r
			JOIN kg.venue v ON v.id = r.venue_id
		WHERE r.id = ANY (rooms)) AS its;
END
$$;

-- Locks what bookings need: the run, then the atoms; holds there that are due expire.
CREATE OR REPLACE FUNCTION kg.lock_rooms(run_id int, atoms int4multirange)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF run_id IS NOT NULL THEN
		PERFORM pg_advisory_xact_lock(3, run_id);
	END IF;
	PERFORM kg.lock_atoms(atoms);
	PERFORM kg.holds_expire(atoms);
END
$$;

-- Values that no rule of the tables says in words. Raises KG005.
CREATE OR REPLACE FUNCTION kg.booking_values_must(b kg.booking) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF b.starts_local < b.ends_local THEN
		NULL;
	ELSE
		PERFORM kg.refuse('KG005', 'a booking ends after it starts',
			'a start, and a later end',
			'{"fields": ["starts_local", "ends_local"]}');
	END IF;
	IF b.kind <> 'block_out' AND b.ends_local - b.starts_local > interval '366 days'
	THEN
		PERFORM kg.refuse('KG005', 'a booking takes 366 days at most',
			'make two of it', '{"fields": ["starts_local", "ends_local"]}');
	END IF;
	IF b.setup_min NOT BETWEEN 0 AND 1440 OR b.clear_min NOT BETWEEN 0 AND 1440
		OR b.head_count NOT BETWEEN 1 AND 10000 THEN
		PERFORM kg.refuse('KG005', 'set-up and clearing take 0 to 1440 minutes, '
				'and a booking is for one person or more', 'other numbers',
			'{"fields": ["setup_min", "clear_min", "head_count"]}');
	END IF;
	IF b.catering_count NOT BETWEEN 0 AND 10000
		OR b.catering_days NOT BETWEEN 0 AND 60 THEN
		PERFORM kg.refuse('KG005', 'catering is for 0 to 10000 persons, and its '
				'deadline 0 to 60 working days before', 'other numbers',
			'{"fields": ["catering_count", "catering_days"]}');
	END IF;
	IF b.catering_diets IS NOT NULL THEN
		PERFORM kg.refuse('KG005', 'diets are told as counts only',
				'such as {"vegetarian": 3}', '{"fields": ["catering_diets"]}')
		FROM jsonb_each(b.catering_diets) AS d
		WHERE jsonb_typeof(d.value) <> 'number' OR d.key !~ '^[a-z_]{1,40}$'
			OR d.value::text !~ '^\d{1,5}$';
	END IF;
	IF (SELECT sum(d.value::int) FROM jsonb_each_text(b.catering_diets) AS d)
		> coalesce(b.catering_count, b.head_count) THEN
		PERFORM kg.refuse('KG005', format('the diets are of more than the %s who eat',
				coalesce(b.catering_count, b.head_count)), 'fewer, or a larger number '
				'for the kitchen',
			'{"fields": ["catering_diets", "catering_count"]}');
	END IF;
	IF b.status = 'held' AND b.expires_at <= kg.now() THEN
		PERFORM kg.refuse('KG005', 'a hold ends in the future', 'a later time',
			'{"fields": ["expires_local"]}');
	END IF;
END
$$;

-- Raises KG005 when the kitchen is asked later than the deadline that is asked for.
CREATE OR REPLACE FUNCTION kg.catering_must(b kg.booking) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
	due date := kg.working_day_before(b.starts_local::date, b.catering_days);
BEGIN
	IF due < (kg.now() AT TIME ZONE b.zone)::date THEN
		PERFORM kg.refuse('KG005', format('the kitchen would have wanted the number '
				'by %s', due), 'fewer working days before; or none, and call the '
				'kitchen', jsonb_build_object('fields',
				'["catering_days"]'::jsonb, 'due', due)
				|| CASE WHEN b.id IS NULL THEN '{}'
				ELSE jsonb_build_object('booking_id', b.id) END);
	END IF;
END
$$;

-- The same of all that these sessions, which come on another day, have booked.
CREATE OR REPLACE FUNCTION kg.caterings_must(sessions int[]) RETURNS void
LANGUAGE sql STABLE AS $$
	SELECT kg.catering_must(b) FROM kg.booking b
	WHERE b.session_id = ANY (sessions) AND b.status IN ('held', 'confirmed')
		AND b.catering_days IS NOT NULL
	ORDER BY b.starts_local, b.id
$$;

-- What the kitchen is told by the members that a change names: what it has heard by
-- its deadline stays. moved: to another day, of which kg.caterings_must() judges.
-- Raises KG005, KG006.
CREATE OR REPLACE FUNCTION kg.catering_patched(b kg.booking, patch jsonb,
	moved bool DEFAULT false)
RETURNS kg.booking LANGUAGE plpgsql STABLE AS $$
DECLARE
	was kg.booking := b;
BEGIN
	IF NOT patch ?| array['catering_count', 'catering_days', 'catering_diets'] THEN
		RETURN b;
	END IF;
	b.catering_count := CASE WHEN patch ? 'catering_count'
		THEN (patch ->> 'catering_count')::int ELSE b.catering_count END;
	b.catering_days := CASE WHEN patch ? 'catering_days'
		THEN (patch ->> 'catering_days')::int ELSE b.catering_days END;
	b.catering_diets := CASE WHEN patch ? 'catering_diets'
		THEN nullif(patch -> 'catering_diets', 'null') ELSE b.catering_diets END;
	IF (b.catering_count, b.catering_diets)
			IS DISTINCT FROM (was.catering_count, was.catering_diets)
		AND NOT moved AND was.catering_due < (kg.now() AT TIME ZONE b.zone)::date THEN
		PERFORM kg.wrong_state(format('the kitchen wanted the number by %s',
			was.catering_due), 'call the kitchen');
	END IF;
	IF NOT moved AND b.catering_days IS DISTINCT FROM was.catering_days THEN
		PERFORM kg.catering_must(b);
	END IF;
	RETURN b;
END
$$;

-- A wish (its texts are clean) with what was left out: set-up and its minutes as the room has them, times
-- and title of the session. Raises KG004, KG005.
CREATE OR REPLACE FUNCTION kg.booking_wish(wish kg.booking,
	all_wishes kg.booking[] DEFAULT NULL)
RETURNS kg.booking
LANGUAGE plpgsql STABLE AS $$
DECLARE
	room kg.room := kg.room_get(wish.room_id);
	s kg.session;
	u kg.room_setup;
BEGIN
	IF (wish.kind IN ('session', 'internal', 'let_out', 'block_out')) IS NOT TRUE
	THEN
		PERFORM kg.refuse('KG005', format('the kind cannot be "%s"', wish.kind),
			'session, internal, let_out or block_out', '{"fields": ["kind"]}');
	END IF;
	IF (wish.kind = 'session') <> (wish.session_id IS NOT NULL) THEN
		PERFORM kg.refuse('KG005',
			'a booking of kind session names one, and no other does',
			'kind session with a session, or another kind without',
			'{"fields": ["kind"]}');
	END IF;
	IF wish.session_id IS NOT NULL THEN
		SELECT * INTO s FROM kg.session x WHERE x.id = wish.session_id;
		IF s.venue_id <> room.venue_id THEN
			PERFORM kg.refuse('KG005', format('the room %s is in another venue '
					'than the session', room.name),
				'move the session to venue ' || room.venue_id,
				'{"fields": ["room_id"]}');
		END IF;
	END IF;
	wish.starts_local := coalesce(wish.starts_local, s.starts_local);
	wish.ends_local := coalesce(wish.ends_local, s.ends_local);
	wish.zone := coalesce(s.zone, wish.zone, 'Europe/Copenhagen');
	wish.room_setup := nullif(coalesce(wish.room_setup, room.default_setup), '');
	SELECT * INTO u FROM kg.room_setup x
	WHERE x.room_id = room.id AND x.setup = wish.room_setup;
	wish.setup_min := coalesce(wish.setup_min, u.setup_min, room.setup_min);
	wish.clear_min := coalesce(wish.clear_min, u.clear_min, room.clear_min);
	wish.status := CASE WHEN wish.expires_at IS NULL THEN 'confirmed'
		ELSE 'held' END;
	PERFORM kg.booking_values_must(wish),
		kg.dates_must(wish.starts_local, wish.ends_local), kg.catering_must(wish);
	IF (coalesce(wish.head_count, 0) <= u.capacity) IS NOT TRUE THEN
		PERFORM kg.setup_must(room, wish.room_setup, wish.head_count, NULL,
			all_wishes);
	END IF;
	IF wish.title IS NULL THEN
		wish.title := kg.line_must(kg.session_title(s.id), 'the title',
			'title');
	END IF;
	RETURN wish;
END
$$;

-- Books all of these, or none. The wishes are rows of kg.booking with what is known;
-- those of a session are of one only. Returns the ids. Its statements are planned once
-- a connection: to plan for each list of ids takes longer than to run.
CREATE OR REPLACE FUNCTION kg.bookings_write(actor int, wishes kg.booking[])
RETURNS int[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	rooms int[];
	atoms int4multirange;
	offices int[];
	one_office int;
	its_session int := wishes[1].session_id;
	its_run kg.run;
	ids int[] := '{}';
	w kg.booking;
	ready kg.booking[] := '{}';
	stopped kg.booking;
	hits jsonb;
	new_id int;
BEGIN
	FOREACH w IN ARRAY wishes LOOP
		rooms := rooms || w.room_id;
	END LOOP;
	SELECT range_agg(r.parts), array_agg(DISTINCT v.office_id)
	INTO atoms, offices
	FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id WHERE r.id = ANY (rooms);
	FOREACH one_office IN ARRAY coalesce(offices, '{}') LOOP
		PERFORM kg.may_must(actor, 'calendar', one_office);
	END LOOP;
	IF its_session IS NOT NULL THEN
		SELECT u.* INTO its_run FROM kg.session s JOIN kg.run u ON u.id = s.run_id
		WHERE s.id = its_session;
		IF NOT FOUND THEN
			PERFORM kg.missing('session ' || its_session);
		END IF;
		PERFORM kg.may_must(actor, 'calendar', its_run.office_id);
	END IF;
	-- A refusal gives the locks back before it looks for what would do instead: who
	-- waits for the same room need not wait for that.
	BEGIN
		PERFORM kg.lock_rooms(its_run.id, coalesce(atoms, '{}'));
		FOREACH w IN ARRAY wishes LOOP
			-- what would do instead is at hours that there are
			PERFORM kg.local_check(at_local, coalesce(w.zone,
				'Europe/Copenhagen'))
			FROM unnest(array[w.starts_local, w.ends_local]) AS at_local;
			w := kg.booking_wish(w, wishes);
			ready := ready || w;
			IF stopped.room_id IS NULL AND kg.is_taken(w) THEN
				stopped := w;
			END IF;
		END LOOP;
		IF stopped.room_id IS NOT NULL THEN
			hits := kg.hits_of(ready);
			RAISE SQLSTATE 'KG007';
		END IF;
	EXCEPTION WHEN SQLSTATE 'KG007' THEN
		PERFORM kg.taken_refuse(stopped, hits,
			kg.alternatives(kg.wishes_timed(wishes), '{}'));
	END;
	FOREACH w IN ARRAY ready LOOP
		-- a later one of the same call may meet an earlier one
		IF ids <> '{}' AND kg.is_taken(w) THEN
			PERFORM kg.taken_refuse(w, kg.hits_of(array[w], ids), '[]');
		END IF;
		INSERT INTO kg.booking AS b (room_id, starts_local, ends_local, zone,
			setup_min, clear_min, status, kind, session_id, room_setup,
			head_count, title, expires_at, series_id, series_own, notes,
			catering_count, catering_days, catering_diets)
		VALUES (w.room_id, w.starts_local, w.ends_local, w.zone, w.setup_min,
			w.clear_min, w.status, w.kind, w.session_id, w.room_setup,
			w.head_count, w.title, w.expires_at, w.series_id,
			coalesce(w.series_own, '{}'), w.notes, w.catering_count,
			w.catering_days, w.catering_diets)
		RETURNING b.id INTO new_id;
		ids := ids || new_id;
	END LOOP;
	RETURN ids;
END
$$;

-- Is something in the way of a wish? Holds that are due were expired before.
CREATE OR REPLACE FUNCTION kg.is_taken(wish kg.booking) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM kg.room r
			JOIN kg.booking hit ON hit.parts && r.parts
		WHERE r.id = wish.room_id AND hit.status NOT IN ('cancelled', 'expired')
			AND hit.during && kg.span(wish.starts_local, wish.ends_local,
				wish.zone, wish.setup_min, wish.clear_min));
END
$$;

-- Everything in the way of these wishes, by time; at most 50. ids: rows that the same
-- call wrote, and that will be gone.
CREATE OR REPLACE FUNCTION kg.hits_of(wishes kg.booking[], ids int[] DEFAULT '{}')
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	seen int[] := kg.offices_seen(kg.actor());
	spans tsrange[] := '{}';
	rooms int[] := '{}';
	w kg.booking;
BEGIN
	FOREACH w IN ARRAY wishes LOOP
		rooms := rooms || w.room_id;
		spans := spans || kg.span(w.starts_local, w.ends_local, w.zone,
			w.setup_min, w.clear_min);
	END LOOP;
	RETURN (SELECT jsonb_agg(kg.conflict_json(hit, seen) || CASE
			WHEN hit.id = ANY (ids) THEN '{"booking_id": null}' ELSE '{}' END::jsonb
			ORDER BY lower(hit.during), hit.id)
		FROM (SELECT b.* FROM kg.booking b
			WHERE b.status NOT IN ('cancelled', 'expired')
				AND b.parts && (SELECT range_agg(r.parts) FROM kg.room r
					WHERE r.id = ANY (rooms))
				AND b.during && (SELECT range_merge(range_agg(s))
					FROM unnest(spans) AS s)
				AND EXISTS (SELECT FROM unnest(rooms, spans) AS u (room_id, span)
					JOIN kg.room r ON r.id = u.room_id
					WHERE r.parts && b.parts AND u.span && b.during)
			ORDER BY lower(b.during), b.id LIMIT 50) AS hit);
END
$$;

-- One room. A session's booking may leave its times and title out: they are the
-- session's. With expires_at it is a hold.
CREATE OR REPLACE FUNCTION kg.booking_create(actor int, why text, room_id int,
	starts_local timestamp, ends_local timestamp, setup_min int, clear_min int,
	kind text, session_id int, setup text, head_count int, title text,
	expires_at timestamptz)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	wish kg.booking;
	ids int[];
BEGIN
	PERFORM kg.write_begin(actor, why);
	wish.room_id := booking_create.room_id;
	wish.starts_local := booking_create.starts_local;
	wish.ends_local := booking_create.ends_local;
	wish.setup_min := booking_create.setup_min;
	wish.clear_min := booking_create.clear_min;
	wish.kind := booking_create.kind;
	wish.session_id := booking_create.session_id;
	wish.room_setup := booking_create.setup;
	wish.head_count := booking_create.head_count;
	wish.title := kg.line_of(booking_create.title, 'the title');
	wish.expires_at := booking_create.expires_at;
	ids := kg.bookings_write(actor, array[wish]);
	RETURN kg.write_end(true, 'booking', ids[1]::text, 1);
END
$$;

-- A booking, ready to be changed: allowed, locked with more atoms, its row too.
CREATE OR REPLACE FUNCTION kg.booking_begin(actor int, why text, booking_id int,
	expected_version int, more int4multirange DEFAULT '{}')
RETURNS kg.booking LANGUAGE plpgsql AS $$
DECLARE
	b kg.booking := kg.booking_get(booking_id);
BEGIN
	PERFORM kg.write_begin(actor, why), kg.rooms_may_must(actor, array[b.room_id]);
	IF b.session_id IS NOT NULL THEN
		PERFORM pg_advisory_xact_lock(3, s.run_id) FROM kg.session s
			WHERE s.id = b.session_id;
	END IF;
	PERFORM kg.lock_atoms(b.parts + more);
	SELECT * INTO b FROM kg.booking x WHERE x.id = b.id FOR NO KEY UPDATE;
	PERFORM kg.version_must('booking ' || b.id, b.version, expected_version,
			'booking', b.id),
		kg.holds_expire(b.parts + more);
	PERFORM kg.collisions_wait();
	RETURN kg.booking_get(b.id);
END
$$;

CREATE OR REPLACE FUNCTION kg.booking_end(booking_id int, changed bool)
RETURNS kg.written LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.collisions_must_not(array[booking_id], '{}');
	RETURN kg.write_end(changed, 'booking', booking_id::text,
		(SELECT b.version FROM kg.booking b WHERE b.id = booking_id));
END
$$;

-- Raises KG006 unless it takes its room.
CREATE OR REPLACE FUNCTION kg.booking_live_must(b kg.booking) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF b.status NOT IN ('held', 'confirmed') THEN
		PERFORM kg.wrong_state(format('booking %s is %s', b.id, b.status),
			CASE b.status WHEN 'cancelled' THEN 'restore it first'
				ELSE 'the hold has run out: book anew' END);
	END IF;
END
$$;

-- What a booking becomes by the members that a change names. Raises KG005, KG006.
CREATE OR REPLACE FUNCTION kg.booking_patched(b kg.booking, patch jsonb)
RETURNS kg.booking LANGUAGE plpgsql STABLE AS $$
DECLARE
	was kg.booking := b;
	room kg.room := kg.room_get(b.room_id);
	u kg.room_setup;
BEGIN
	IF patch ? 'kind' AND patch ->> 'kind' IS DISTINCT FROM b.kind THEN
		IF b.kind = 'session' OR patch ->> 'kind' = 'session' THEN
			PERFORM kg.refuse('KG005', 'a session''s booking stays one, and no '
				'other becomes one', 'internal, let_out or block_out',
				'{"fields": ["kind"]}');
		END IF;
		b.kind := kg.match_must(coalesce(patch ->> 'kind', ''),
			'^(internal|let_out|block_out)$', 'the kind',
			'internal, let_out or block_out');
	END IF;
	IF patch ? 'title' THEN
		b.title := kg.line_must(patch ->> 'title', 'the title', 'title');
	END IF;
	IF patch ? 'notes' THEN
		b.notes := kg.prose_of(patch ->> 'notes', 'the notes');
	END IF;
	b.head_count := CASE WHEN patch ? 'head_count'
		THEN (patch ->> 'head_count')::int ELSE b.head_count END;
	IF patch ? 'setup' THEN
		b.room_setup := nullif(patch ->> 'setup', '');
		SELECT * INTO u FROM kg.room_setup x
		WHERE x.room_id = room.id AND x.setup = b.room_setup;
		IF b.room_setup IS DISTINCT FROM was.room_setup THEN
			b.setup_min := coalesce(u.setup_min, room.setup_min);
			b.clear_min := coalesce(u.clear_min, room.clear_min);
		END IF;
	END IF;
	b.setup_min := coalesce((patch ->> 'setup_min')::int, b.setup_min);
	b.clear_min := coalesce((patch ->> 'clear_min')::int, b.clear_min);
	b := kg.catering_patched(b, patch);
	IF patch ? 'expires_local' THEN
		IF b.status <> 'held' THEN
			PERFORM kg.wrong_state(format('booking %s is %s: it is no hold', b.id,
				b.status), 'leave out when it expires');
		END IF;
		b.expires_at := kg.local_must(patch ->> 'expires_local', b.zone);
		b.warned_at := CASE WHEN b.expires_at = was.expires_at
			THEN was.warned_at END;
	END IF;
	PERFORM kg.booking_values_must(b),
		kg.setup_must(room, b.room_setup, b.head_count, b);
	RETURN b;
END
$$;

-- Writes everything that may change of a booking but its state.
CREATE OR REPLACE FUNCTION kg.booking_store(b kg.booking) RETURNS bool
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE kg.booking x SET room_id = b.room_id, starts_local = b.starts_local,
		ends_local = b.ends_local, kind = b.kind, title = b.title, notes = b.notes,
		head_count = b.head_count, room_setup = b.room_setup,
		setup_min = b.setup_min, clear_min = b.clear_min,
		catering_count = b.catering_count, catering_days = b.catering_days,
		catering_diets = b.catering_diets, expires_at = b.expires_at,
		warned_at = b.warned_at
	WHERE x.id = b.id;
	RETURN FOUND;
END
$$;

-- patch: title, notes, kind, setup, head_count, setup_min, clear_min, expires_local,
-- catering_count, catering_days, catering_diets; what it does not name stays.
CREATE OR REPLACE FUNCTION kg.booking_change(actor int, why text, booking_id int,
	expected_version int, patch jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	b kg.booking := kg.booking_begin(actor, why, booking_id, expected_version);
BEGIN
	PERFORM kg.booking_live_must(b);
	RETURN kg.booking_end(b.id, kg.booking_store(kg.booking_patched(b, patch)));
END
$$;

-- To another room and/or time; NULL keeps. Without an end it keeps its length; the
-- minutes of set-up and clearing stay with it, unless it is set up differently. On
-- another day the kitchen must still hear in time.
CREATE OR REPLACE FUNCTION kg.booking_move(actor int, why text, booking_id int,
	expected_version int, room_id int, starts_local timestamp, ends_local timestamp,
	setup text)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	b kg.booking := kg.booking_get(booking_move.booking_id);
	room kg.room := kg.room_get(coalesce(booking_move.room_id, b.room_id));
	u kg.room_setup;
	day date;
BEGIN
	PERFORM kg.rooms_may_must(actor, array[b.room_id, room.id]);
	b := kg.booking_begin(actor, why, b.id, expected_version, room.parts);
	PERFORM kg.booking_live_must(b);
	-- as it is now that nobody changes it
	room := kg.room_get(room.id);
	day := b.starts_local;
	b.room_id := room.id;
	b.ends_local := coalesce(booking_move.ends_local, b.ends_local
		+ (coalesce(booking_move.starts_local, b.starts_local) - b.starts_local));
	b.starts_local := coalesce(booking_move.starts_local, b.starts_local);
	IF nullif(booking_move.setup, '') IS DISTINCT FROM b.room_setup
		AND booking_move.setup IS NOT NULL THEN
		b.room_setup := nullif(booking_move.setup, '');
		SELECT * INTO u FROM kg.room_setup x
		WHERE x.room_id = room.id AND x.setup = b.room_setup;
		b.setup_min := coalesce(u.setup_min, room.setup_min);
		b.clear_min := coalesce(u.clear_min, room.clear_min);
	END IF;
	IF booking_move.starts_local IS NOT NULL OR booking_move.ends_local IS NOT NULL
	THEN
		PERFORM kg.local_check(b.starts_local, b.zone),
			kg.local_check(b.ends_local, b.zone),
			kg.dates_must(b.starts_local, b.ends_local);
	END IF;
	IF b.starts_local::date <> day THEN
		PERFORM kg.catering_must(b);
	END IF;
	PERFORM kg.booking_values_must(b),
		kg.setup_must(room, b.room_setup, b.head_count, b);
	RETURN kg.booking_end(b.id, kg.booking_store(b));
END
$$;

CREATE OR REPLACE FUNCTION kg.booking_cancel(actor int, why text, booking_id int,
	expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	b kg.booking := kg.booking_begin(actor, why, booking_id, expected_version);
	changed bool;
BEGIN
	-- one that rests with its session does not come back either
	UPDATE kg.booking x SET status = 'cancelled', status_before_cancel = NULL
	WHERE x.id = b.id AND x.status <> 'expired';
	changed := FOUND;
	RETURN kg.booking_end(b.id, changed);
END
$$;

-- A hold comes back as one, if its time has not run out.
CREATE OR REPLACE FUNCTION kg.booking_restore(actor int, why text, booking_id int,
	expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	b kg.booking := kg.booking_begin(actor, why, booking_id, expected_version);
	room kg.room := kg.room_get(b.room_id);
	changed bool;
BEGIN
	IF b.status = 'expired' OR b.status = 'cancelled' AND b.expires_at <= kg.now()
	THEN
		PERFORM kg.wrong_state(format('the hold of booking %s has run out', b.id),
			'book anew');
	END IF;
	PERFORM kg.setup_must(room, b.room_setup, b.head_count, b);
	UPDATE kg.booking x SET status = CASE WHEN x.expires_at IS NULL
		THEN 'confirmed' ELSE 'held' END
	WHERE x.id = b.id AND x.status = 'cancelled';
	changed := FOUND;
	RETURN kg.booking_end(b.id, changed);
END
$$;

-- A hold becomes a booking.
CREATE OR REPLACE FUNCTION kg.booking_confirm(actor int, why text, booking_id int,
	expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	b kg.booking := kg.booking_begin(actor, why, booking_id, expected_version);
	changed bool;
BEGIN
	PERFORM kg.booking_live_must(b);
	UPDATE kg.booking x SET status = 'confirmed', expires_at = NULL,
		warned_at = NULL
	WHERE x.id = b.id AND x.status = 'held';
	changed := FOUND;
	RETURN kg.booking_end(b.id, changed);
END
$$;
