-- Locks, and what is in the way.
--
-- A function that takes rooms or teachers locks first, all at once, before any row:
-- the run (3, run), so that its bookings and teachers stay the same; every atom of
-- the rooms, old and new, in ascending order (1, atom); the teachers (2, person).
-- What only adds bookings then looks and writes. What moves several at once writes with
-- the exclusion constraints deferred, reads what collides in a later statement, and
-- only then lets the constraints judge.
--
-- The first number of every advisory lock: 1 an atom, 2 a teacher, 3 a run; 4 an
-- Idempotency-Key; 5 the journal's seal (0), or the undoing of a transaction; 6 changes
-- of accounts; 7 links to a mail address; 8 a job of the keeper.
SET LOCAL ROLE kattegat_owner;

CREATE OR REPLACE FUNCTION kg.lock_atoms(atoms int4multirange) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(1, atom) FROM (
		SELECT generate_series(lower(r), upper(r) - 1) AS atom
		FROM unnest(atoms) AS r ORDER BY 1) AS ordered;
END
$$;

CREATE OR REPLACE FUNCTION kg.lock_persons(persons int[]) RETURNS void
LANGUAGE plpgsql AS $$
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
RETURNS void LANGUAGE plpgsql AS $$
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
LANGUAGE plpgsql AS $$
DECLARE
	now timestamptz := kg.now();
BEGIN
	-- To look first is cheaper than an update of nothing; and OFFSET 0 makes it look
	-- at what is due, of which there is little, never at all bookings of a room.
	IF EXISTS (SELECT FROM (SELECT b.parts FROM kg.booking b
			WHERE b.status = 'held' AND b.expires_at <= now OFFSET 0) AS due
		WHERE due.parts && atoms) THEN
		UPDATE kg.booking SET status = 'expired'
		WHERE status = 'held' AND expires_at <= now AND parts && atoms;
	END IF;
END
$$;

CREATE OR REPLACE FUNCTION kg.collisions_wait() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	SET CONSTRAINTS kg.room_taken_once, kg.teacher_in_one_place,
		kg.booking_covers_session, kg.booking_in_its_house,
		kg.session_in_its_house, kg.room_parts_hold,
		kg.room_has_its_default_setup, kg.agenda_within_session,
		kg.agenda_item_within_session DEFERRED;
END
$$;

CREATE OR REPLACE FUNCTION kg.collisions_judge() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	SET CONSTRAINTS kg.room_taken_once, kg.teacher_in_one_place,
		kg.booking_covers_session, kg.booking_in_its_house,
		kg.session_in_its_house, kg.room_parts_hold,
		kg.room_has_its_default_setup, kg.agenda_within_session,
		kg.agenda_item_within_session IMMEDIATE;
END
$$;

-- Raises KG007 with what is in the way of these bookings, or of the teachers of
-- these sessions: DETAIL is {"conflicts": [...], "alternatives": [...]}.
CREATE OR REPLACE FUNCTION kg.collisions_must_not(bookings int[], sessions int[])
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	b kg.booking;
	hit kg.booking[];
	taken int[];
BEGIN
	hit := array(SELECT x FROM kg.booking x
	WHERE x.id = ANY (bookings) AND x.status NOT IN ('cancelled', 'expired')
		AND EXISTS (SELECT FROM kg.booking hit
			WHERE hit.parts && x.parts AND hit.during && x.during
				AND hit.id <> x.id
				AND hit.status NOT IN ('cancelled', 'expired'))
	ORDER BY lower(x.during), x.id);
	IF hit <> '{}' THEN
		b := hit[1];
		taken := array(SELECT DISTINCT u.room_id FROM unnest(hit) AS u);
		-- what does for one booking of several is no answer to the others
		PERFORM kg.taken_refuse(b, kg.conflicts_of(bookings,
				kg.offices_seen(kg.actor())),
			CASE WHEN cardinality(sessions) > 0
				THEN kg.sessions_instead(CASE cardinality(hit) WHEN 1 THEN hit
					ELSE array(SELECT x FROM kg.booking x
						WHERE x.id = ANY (bookings)
							AND x.status IN ('held', 'confirmed')
						ORDER BY x.starts_local, x.id) END, taken)
				WHEN cardinality(bookings) = 1
				THEN kg.alternatives(b, array[b.id]) ELSE '[]' END);
	END IF;
	IF cardinality(sessions) > 0 THEN
		PERFORM kg.teachers_must_not(sessions);
	END IF;
	PERFORM kg.collisions_judge();
END
$$;

-- Raises KG007 for a booking that meets these hits, with what would do instead.
CREATE OR REPLACE FUNCTION kg.taken_refuse(b kg.booking, hits jsonb, instead jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	first jsonb := hits -> 0;
BEGIN
	PERFORM kg.refuse('KG007', format('the room %s is taken',
			(SELECT r.name FROM kg.room r WHERE r.id = b.room_id)),
		format('%s: "%s" from %s to %s, set-up and clearing included; choose '
			'another room or time, or move the other booking',
			first ->> 'room', first ->> 'title',
			replace(first ->> 'from', 'T', ' '),
			replace(first ->> 'to', 'T', ' ')),
		jsonb_build_object('conflicts', hits, 'alternatives', instead));
END
$$;

-- Raises KG007 when somebody who teaches one of these sessions teaches elsewhere then.
CREATE OR REPLACE FUNCTION kg.teachers_must_not(sessions int[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	hit record;
BEGIN
	SELECT t.person_id, u.run_no, s2.no, t2.during AS span, s2.zone INTO hit
		FROM kg.session_teacher t
			JOIN kg.session_teacher t2 ON t2.person_id = t.person_id
				AND t2.during && t.during AND t2.id <> t.id
				AND t2.status = 'accepted'
			JOIN kg.session s2 ON s2.id = t2.session_id
			JOIN kg.run u ON u.id = s2.run_id
		WHERE t.session_id = ANY (sessions) AND t.status = 'accepted'
		ORDER BY lower(t2.during), t2.id LIMIT 1;
	IF FOUND THEN
		PERFORM kg.refuse('KG007',
			coalesce(kg.person_told(hit.person_id) || ' teaches elsewhere',
				format('person %s teaches elsewhere', hit.person_id)),
			format('run %s, session %s %s; choose another time or another '
				'teacher', hit.run_no, hit.no, kg.span_text(hit.span, hit.zone)),
			jsonb_build_object('alternatives', '[]'::jsonb, 'conflicts',
				jsonb_build_array(jsonb_build_object(
					'person_id', hit.person_id,
					'person', kg.person_told(hit.person_id),
					'run_no', hit.run_no, 'session_no', hit.no,
					'from', kg.api_local(lower(hit.span) AT TIME ZONE 'UTC'
						AT TIME ZONE hit.zone),
					'to', kg.api_local(upper(hit.span) AT TIME ZONE 'UTC'
						AT TIME ZONE hit.zone),
					'from_at', kg.api_instant(lower(hit.span)
						AT TIME ZONE 'UTC'),
					'to_at', kg.api_instant(upper(hit.span)
						AT TIME ZONE 'UTC')))));
	END IF;
END
$$;
