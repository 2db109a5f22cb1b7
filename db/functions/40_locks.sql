-- Locks, and what is in the way.
--
-- A function that takes rooms or teachers locks first, all at once, before any row:
-- the run (3, run), so that its bookings and teachers stay the same; every atom of
-- the rooms, old and new, in ascending order (1, atom); the teachers (2, person).
-- Then it writes with the exclusion constraints deferred, reads what collides in a
-- later statement, and only then lets the constraints judge.
SET LOCAL ROLE kattegat_owner;

CREATE OR REPLACE FUNCTION kg.lock_atoms(atoms int4multirange) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(1, atom) FROM (
		SELECT generate_series(lower(r), upper(r) - 1) AS atom
		FROM unnest(atoms) AS r ORDER BY 1) AS ordered;
END
$$;

CREATE OR REPLACE FUNCTION kg.lock_persons(persons int[]) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(2, person) FROM (
		SELECT DISTINCT p AS person FROM unnest(persons) AS p ORDER BY 1
	) AS ordered;
END
$$;

-- Everything that sessions hold, more atoms and more teachers; then holds that are
-- due expire.
CREATE OR REPLACE FUNCTION kg.lock_sessions(run_id int, sessions int[],
	more int4multirange DEFAULT '{}', persons int[] DEFAULT '{}')
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	atoms int4multirange;
BEGIN
	PERFORM pg_advisory_xact_lock(3, run_id);
	atoms := more + coalesce((SELECT range_agg(b.parts) FROM kg.booking b
		WHERE b.session_id = ANY (sessions)), '{}');
	PERFORM kg.lock_atoms(atoms),
		kg.lock_persons(persons || array(SELECT t.person_id
			FROM kg.session_teacher t WHERE t.session_id = ANY (sessions)
				AND t.status = 'accepted'));
	PERFORM kg.holds_expire(atoms);
END
$$;

CREATE OR REPLACE FUNCTION kg.holds_expire(atoms int4multirange) RETURNS void
LANGUAGE sql SET search_path = kg, pg_temp AS $$
	UPDATE kg.booking SET status = 'expired'
	WHERE status = 'held' AND expires_at <= kg.now() AND parts && atoms
$$;

CREATE OR REPLACE FUNCTION kg.collisions_wait() RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	SET CONSTRAINTS kg.room_taken_once, kg.teacher_in_one_place DEFERRED;
END
$$;

-- Raises KG007 with what is in the way of these bookings, or of the teachers of
-- these sessions.
CREATE OR REPLACE FUNCTION kg.collisions_must_not(bookings int[], sessions int[])
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	hit record;
BEGIN
	SELECT r.name AS room, r2.name AS its_room, b2.title, b2.id,
			kg.span_text(b2.during, b2.zone) AS its_span INTO hit
		FROM kg.booking b
			JOIN kg.booking b2 ON b2.parts && b.parts
				AND b2.during && b.during AND b2.id <> b.id
				AND b2.status NOT IN ('cancelled', 'expired')
			JOIN kg.room r ON r.id = b.room_id
			JOIN kg.room r2 ON r2.id = b2.room_id
		WHERE b.id = ANY (bookings) AND b.status NOT IN ('cancelled', 'expired')
		ORDER BY lower(b2.during), b2.id LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'KG007',
			MESSAGE = format('the room %s is taken', hit.room),
			DETAIL = format('%s: "%s" (booking %s) %s, set-up and clearing '
				'included', hit.its_room, hit.title, hit.id, hit.its_span),
			HINT = 'choose another room or time, or move the other booking';
	END IF;
	SELECT t.person_id, u.run_no, s2.no,
			kg.span_text(s2.during, s2.zone) AS its_span INTO hit
		FROM kg.session_teacher t
			JOIN kg.session_teacher t2 ON t2.person_id = t.person_id
				AND t2.during && t.during AND t2.id <> t.id
				AND t2.status = 'accepted'
			JOIN kg.session s2 ON s2.id = t2.session_id
			JOIN kg.run u ON u.id = s2.run_id
		WHERE t.session_id = ANY (sessions) AND t.status = 'accepted'
		ORDER BY lower(t2.during), t2.id LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'KG007',
			MESSAGE = format('person %s teaches elsewhere', hit.person_id),
			DETAIL = format('run %s, session %s %s', hit.run_no, hit.no,
				hit.its_span),
			HINT = 'choose another time or another teacher';
	END IF;
	SET CONSTRAINTS kg.room_taken_once, kg.teacher_in_one_place IMMEDIATE;
END
$$;
