-- Rooms: changed, set up, and found when they are free.
SET LOCAL ROLE kattegat_owner;

-- A room, ready to be changed; retired ones too. Raises KG001, KG003, KG004.
CREATE OR REPLACE FUNCTION kg.room_begin(actor int, why text, room_id int,
	expected_version int)
RETURNS kg.room LANGUAGE plpgsql AS $$
DECLARE
	r kg.room;
BEGIN
	PERFORM kg.write_begin(actor, why);
	SELECT * INTO r FROM kg.room x WHERE x.id = room_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM kg.missing('room ' || room_id);
	END IF;
	PERFORM kg.may_must(actor, 'places', (SELECT v.office_id FROM kg.venue v
			WHERE v.id = r.venue_id)),
		kg.version_must('room ' || r.id, r.version, expected_version, 'room', r.id);
	RETURN r;
END
$$;

-- The atoms of a room that is made of others, or of one by itself (none), which keeps
-- those that it has unless it was made of others before.
CREATE OR REPLACE FUNCTION kg.parts_of(r kg.room, halves int[]) RETURNS int4multirange
LANGUAGE plpgsql AS $$
DECLARE
	atoms int4multirange;
	found_rooms int;
BEGIN
	IF cardinality(halves) = 0 THEN
		IF r.parts IS NOT NULL AND NOT EXISTS (SELECT FROM kg.room x
			WHERE x.parts <@ r.parts AND x.parts <> r.parts) THEN
			RETURN r.parts;
		END IF;
		RETURN int4multirange(int4range(a, a, '[]'))
			FROM CAST(nextval('kg.room_atom') AS int) AS a;
	END IF;
	-- nobody divides them before this is done
	SELECT range_agg(h.parts), count(*) INTO atoms, found_rooms
	FROM (SELECT x.parts FROM kg.room x
		WHERE x.id = ANY (halves) AND x.venue_id = r.venue_id
			AND x.id IS DISTINCT FROM r.id
			AND kg.room_is_in(r.parts, x.parts) IS NOT TRUE
		ORDER BY x.id FOR KEY SHARE) AS h;
	IF found_rooms < 2 OR found_rooms <> cardinality(halves) THEN
		PERFORM kg.refuse('KG005', 'a combined room is made of rooms of its venue',
			'two or more other rooms of venue ' || r.venue_id,
			'{"fields": ["halves"]}');
	END IF;
	RETURN atoms;
END
$$;

-- Gives a room other atoms, and to all that it is a part of as well: what they had of it
-- goes, but for atoms that other rooms in them have. Raises KG007 with the bookings that
-- meet now.
CREATE OR REPLACE FUNCTION kg.room_divide(was kg.room, parts int4multirange)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	above int[] := array(SELECT x.id FROM kg.room x
		WHERE kg.room_is_in(was.parts, x.parts));
	gone int4multirange := was.parts - room_divide.parts - coalesce((
		SELECT range_agg(x.parts) FROM kg.room x
		WHERE x.id <> was.id AND x.parts && was.parts AND x.id <> ALL (above)), '{}');
BEGIN
	UPDATE kg.room x SET parts = CASE WHEN x.id = was.id THEN room_divide.parts
		ELSE x.parts - gone + room_divide.parts END
	WHERE x.id = was.id OR x.id = ANY (above);
	PERFORM kg.collisions_must_not(array(SELECT b.id FROM kg.booking b
		WHERE b.room_id = was.id OR b.room_id = ANY (above)), '{}');
END
$$;

-- Equipment as an array of short words. Raises KG005.
CREATE OR REPLACE FUNCTION kg.equipment_of(words jsonb) RETURNS kg.slug[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN array(SELECT DISTINCT w FROM jsonb_array_elements_text(words) AS w
		ORDER BY 1)::kg.slug[];
EXCEPTION WHEN check_violation OR invalid_parameter_value THEN
	PERFORM kg.refuse('KG005', 'equipment is a list of short words',
		'lower-case letters and digits with hyphens, such as projector',
		'{"fields": ["equipment"]}');
END
$$;

-- patch: name, halves (ids; [] makes it a room by itself), step_free, hearing_loop,
-- equipment, default_setup ('' clears it), setup_min, clear_min, retired.
CREATE OR REPLACE FUNCTION kg.room_change(actor int, why text, room_id int,
	expected_version int, patch jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.room;
	was kg.room;
	changed bool;
BEGIN
	-- atoms before rows; the row of a room that is divided anew is read under them
	SELECT * INTO was FROM kg.room x WHERE x.id = room_change.room_id;
	IF patch ?| array['halves', 'retired', 'default_setup'] THEN
		PERFORM kg.lock_atoms(was.parts + coalesce((SELECT range_agg(x.parts)
			FROM kg.room x WHERE patch -> 'halves' @> to_jsonb(x.id)
				OR patch ? 'halves' AND x.parts @> was.parts), '{}'));
		PERFORM kg.holds_expire(was.parts);
	END IF;
	r := kg.room_begin(actor, why, room_change.room_id, expected_version);
	was := r;
	IF patch ? 'halves' THEN
		r.parts := kg.parts_of(r, array(SELECT h::int
			FROM jsonb_array_elements_text(patch -> 'halves') AS h));
	END IF;
	IF patch ? 'name' THEN
		r.name := kg.line_must(patch ->> 'name', 'the room''s name');
	END IF;
	r.step_free := coalesce((patch ->> 'step_free')::bool, r.step_free);
	r.hearing_loop := coalesce((patch ->> 'hearing_loop')::bool, r.hearing_loop);
	r.setup_min := coalesce((patch ->> 'setup_min')::int, r.setup_min);
	r.clear_min := coalesce((patch ->> 'clear_min')::int, r.clear_min);
	IF r.setup_min NOT BETWEEN 0 AND 1440 OR r.clear_min NOT BETWEEN 0 AND 1440 THEN
		PERFORM kg.refuse('KG005', 'set-up and clearing take 0 to 1440 minutes',
			'other numbers', '{"fields": ["setup_min", "clear_min"]}');
	END IF;
	IF jsonb_typeof(patch -> 'equipment') = 'array' THEN
		r.equipment := kg.equipment_of(patch -> 'equipment');
	END IF;
	IF patch ? 'default_setup' THEN
		r.default_setup := nullif(patch ->> 'default_setup', '');
		PERFORM kg.setup_must(r, r.default_setup, NULL);
	END IF;
	IF patch ? 'retired' THEN
		r.retired_at := CASE WHEN (patch ->> 'retired')::bool
			THEN coalesce(r.retired_at, kg.now()) END;
		IF r.retired_at IS NOT NULL THEN
			PERFORM kg.room_empty_must(r);
		END IF;
	END IF;
	IF r.name <> was.name AND EXISTS (SELECT FROM kg.room x
		WHERE x.venue_id = r.venue_id AND x.name = r.name AND x.id <> r.id) THEN
		PERFORM kg.wrong_state(format('the venue has a room "%s" already', r.name),
			'choose another name');
	END IF;
	PERFORM kg.collisions_wait();
	UPDATE kg.room x SET name = r.name, step_free = r.step_free,
		hearing_loop = r.hearing_loop, equipment = r.equipment,
		default_setup = r.default_setup, setup_min = r.setup_min,
		clear_min = r.clear_min, retired_at = r.retired_at
	WHERE x.id = r.id;
	changed := FOUND;
	IF r.parts <> was.parts THEN
		PERFORM kg.room_divide(was, r.parts);
		changed := true;
	END IF;
	RETURN kg.write_end(changed, 'room', r.id::text,
		(SELECT x.version FROM kg.room x WHERE x.id = r.id));
END
$$;

-- Raises KG007 with the coming bookings when a room that goes out of use is booked; or a
-- set-up of it that goes, or shrinks to a capacity that is too small for them.
CREATE OR REPLACE FUNCTION kg.room_empty_must(r kg.room, setup text DEFAULT NULL,
	capacity int DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	hits jsonb;
BEGIN
	SELECT jsonb_agg(kg.conflict_json(b, kg.offices_seen(kg.actor()))
		ORDER BY lower(b.during)) INTO hits
	FROM (SELECT * FROM kg.booking x
		WHERE x.room_id = r.id AND x.status IN ('held', 'confirmed')
			AND upper(x.during) > kg.now() AT TIME ZONE 'UTC'
			AND (setup IS NULL OR x.room_setup = setup)
			AND (capacity IS NULL OR x.head_count > capacity)
		ORDER BY lower(x.during) LIMIT 50) AS b;
	IF hits IS NOT NULL THEN
		PERFORM kg.refuse('KG007', CASE
				WHEN setup IS NULL THEN format('the room %s is booked', r.name)
				WHEN capacity IS NULL THEN format('the room %s is booked in %s',
					r.name, setup)
				ELSE format('the room %s is booked for more than %s in %s',
					r.name, capacity, setup) END,
			CASE WHEN setup IS NULL THEN 'move or cancel its bookings first'
				ELSE 'change those bookings first' END,
			jsonb_build_object('conflicts', hits, 'alternatives', '[]'::jsonb));
	END IF;
END
$$;

-- Lets go of a set-up that nothing coming stands against: bookings that are over or
-- cancelled keep its name and no more.
CREATE OR REPLACE FUNCTION kg.setup_release(r kg.room, setup text, capacity int)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.room_empty_must(r, setup, capacity);
	UPDATE kg.booking b SET setup_capacity = NULL
	WHERE b.room_id = r.id AND b.room_setup = setup
		AND b.setup_capacity IS NOT NULL
		AND (capacity IS NULL OR b.head_count > capacity);
END
$$;

-- A set-up of a room, new or changed; NULL minutes keep. The room's version rises.
CREATE OR REPLACE FUNCTION kg.room_setup_put(actor int, why text, room_id int,
	expected_version int, setup text, capacity int, setup_min int, clear_min int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.room;
	changed bool;
BEGIN
	-- how many it holds is what a booking meanwhile goes by
	PERFORM kg.lock_atoms(x.parts) FROM kg.room x
	WHERE x.id = room_setup_put.room_id;
	r := kg.room_begin(actor, why, room_setup_put.room_id, expected_version);
	PERFORM kg.match_must(coalesce(room_setup_put.setup, ''),
		'^(theatre|classroom|horseshoe|islands|circle)$', 'a set-up',
		'theatre, classroom, horseshoe, islands or circle');
	IF coalesce(room_setup_put.capacity, 0) NOT BETWEEN 1 AND 10000
		OR room_setup_put.setup_min NOT BETWEEN 0 AND 1440
		OR room_setup_put.clear_min NOT BETWEEN 0 AND 1440 THEN
		PERFORM kg.refuse('KG005', 'a set-up holds 1 to 10000 and takes 0 to 1440 '
				'minutes', 'other numbers',
			'{"fields": ["capacity", "setup_min", "clear_min"]}');
	END IF;
	PERFORM kg.setup_release(r, room_setup_put.setup, room_setup_put.capacity);
	INSERT INTO kg.room_setup AS u (room_id, setup, capacity, setup_min, clear_min)
	VALUES (r.id, room_setup_put.setup, room_setup_put.capacity,
		coalesce(room_setup_put.setup_min, 0),
		coalesce(room_setup_put.clear_min, 0))
	ON CONFLICT ON CONSTRAINT room_setup_pkey DO UPDATE SET
		capacity = excluded.capacity,
		setup_min = coalesce(room_setup_put.setup_min, u.setup_min),
		clear_min = coalesce(room_setup_put.clear_min, u.clear_min);
	changed := FOUND;
	UPDATE kg.room x SET version = x.version + 1 WHERE x.id = r.id AND changed;
	RETURN kg.write_end(changed, 'room', r.id::text,
		(SELECT x.version FROM kg.room x WHERE x.id = r.id));
END
$$;

CREATE OR REPLACE FUNCTION kg.room_setup_remove(actor int, why text, room_id int,
	expected_version int, setup text)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.room;
BEGIN
	PERFORM kg.lock_atoms(x.parts) FROM kg.room x
	WHERE x.id = room_setup_remove.room_id;
	r := kg.room_begin(actor, why, room_setup_remove.room_id, expected_version);
	IF r.default_setup = room_setup_remove.setup THEN
		PERFORM kg.wrong_state(format('%s is how the room %s is set up when '
			'nobody says', r.default_setup, r.name), 'choose another default first');
	END IF;
	PERFORM kg.setup_release(r, room_setup_remove.setup, NULL);
	DELETE FROM kg.room_setup u
	WHERE u.room_id = r.id AND u.setup = room_setup_remove.setup;
	IF NOT FOUND THEN
		PERFORM kg.missing(format('set-up "%s" of the room %s',
			room_setup_remove.setup, r.name));
	END IF;
	UPDATE kg.room x SET version = x.version + 1 WHERE x.id = r.id;
	RETURN kg.write_end(true, 'room', r.id::text, r.version + 1);
END
$$;

-- Which rooms are free, set-up and clearing included. NULL asks for nothing. They are
-- ranked so that the first is the one to take:
--   1. nearest office: near's own, then by distance; an office's own house before hotels
--   2. fewest empty seats, so that large rooms stay for who needs them
--   3. fewest atoms: a hall that divides is not spent on what a half would do for
--   4. the set-up that the room has anyway, before one that must be built
--   5. by name
-- Without a set-up each room shows the one to take: its default if that holds enough,
-- else its smallest that does.
CREATE OR REPLACE FUNCTION kg.rooms_free(office text, starts_local timestamp,
	ends_local timestamp, head_count int, setup text, equipment text[],
	step_free bool, hearing_loop bool, setup_min int, clear_min int, near int)
RETURNS TABLE (rank int, room_id int, room text, venue text, its_office text,
	its_setup text, capacity int, spare int, its_setup_min int, its_clear_min int,
	is_default bool)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	only_office kg.office;
	my_zone text := 'Europe/Copenhagen';
	now timestamptz := kg.now();
BEGIN
	IF rooms_free.office IS NOT NULL THEN
		only_office := kg.office_get(rooms_free.office);
	END IF;
	PERFORM kg.local_check(rooms_free.starts_local, my_zone),
		kg.local_check(rooms_free.ends_local, my_zone);
	IF (rooms_free.starts_local < rooms_free.ends_local) IS NOT TRUE THEN
		PERFORM kg.refuse('KG005', 'the time ends before it starts', 'a later end',
			'{"fields": ["starts_local", "ends_local"]}');
	END IF;
	RETURN QUERY
	SELECT row_number() OVER (ORDER BY o.id IS DISTINCT FROM near,
			(o.lat - n.lat) ^ 2 + ((o.lon - n.lon) * 0.56) ^ 2, o.code,
			NOT v.own, u.capacity - coalesce(rooms_free.head_count, 0),
			kg.atoms_of(r.parts), u.setup IS DISTINCT FROM r.default_setup,
			r.name, r.id)::int,
		r.id, r.name::text, v.name::text, o.code, u.setup, u.capacity,
		u.capacity - rooms_free.head_count, m.setup_min, m.clear_min,
		u.setup IS NOT DISTINCT FROM r.default_setup
	FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
		JOIN kg.office o ON o.id = v.office_id
		LEFT JOIN kg.office n ON n.id = near
		LEFT JOIN LATERAL (SELECT s.* FROM kg.room_setup s
			WHERE s.room_id = r.id
				AND (rooms_free.setup IS NULL OR s.setup = rooms_free.setup)
				AND s.capacity >= coalesce(rooms_free.head_count, 0)
			ORDER BY s.setup IS DISTINCT FROM r.default_setup, s.capacity, s.setup
			LIMIT 1) AS u ON true
		CROSS JOIN LATERAL (SELECT
			coalesce(rooms_free.setup_min, u.setup_min, r.setup_min) AS setup_min,
			coalesce(rooms_free.clear_min, u.clear_min, r.clear_min) AS clear_min
		) AS m
	WHERE r.retired_at IS NULL
		AND (only_office.id IS NULL OR o.id = only_office.id)
		AND (u.setup IS NOT NULL
			OR rooms_free.setup IS NULL AND rooms_free.head_count IS NULL)
		AND r.equipment::text[] @> coalesce(rooms_free.equipment, '{}')
		AND (r.step_free OR rooms_free.step_free IS NOT TRUE)
		AND (r.hearing_loop OR rooms_free.hearing_loop IS NOT TRUE)
		AND NOT EXISTS (SELECT FROM kg.booking b
			WHERE b.parts && r.parts
				AND b.status NOT IN ('cancelled', 'expired')
				AND b.during && kg.span(rooms_free.starts_local,
					rooms_free.ends_local, my_zone, m.setup_min, m.clear_min)
				AND (b.status = 'confirmed' OR b.expires_at > now))
	ORDER BY 1;
END
$$;
