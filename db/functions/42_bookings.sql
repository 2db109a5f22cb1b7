-- Bookings of rooms.
SET LOCAL ROLE kattegat_owner;

-- Raises KG004.
CREATE OR REPLACE FUNCTION kg.room_get(room_id int) RETURNS kg.room
LANGUAGE plpgsql STABLE AS $$
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

-- How many a room holds in a set-up; without one as it is set up by default, and
-- without a default in the set-up that holds most. NULL: nobody has said.
CREATE OR REPLACE FUNCTION kg.room_holds(room_id int, setup text) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	RETURN (SELECT u.capacity FROM kg.room_setup u
		WHERE u.room_id = room_holds.room_id AND (room_holds.setup IS NULL
			OR u.setup = room_holds.setup)
		ORDER BY u.setup IS NOT DISTINCT FROM (SELECT r.default_setup
			FROM kg.room r WHERE r.id = room_holds.room_id) DESC,
			u.capacity DESC LIMIT 1);
END
$$;

-- Raises KG005 when a room does not have the set-up, or is too small in it; without a
-- set-up, as kg.room_holds() says. DETAIL tells which set-ups would do, and which rooms
-- instead of the booking's, or of all that were wished for in one go.
CREATE OR REPLACE FUNCTION kg.setup_must(room kg.room, setup text, head_count int,
	b kg.booking DEFAULT NULL, wishes kg.booking[] DEFAULT NULL)
RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	its_capacity int := kg.room_holds(room.id, setup);
BEGIN
	IF setup IS NOT NULL AND its_capacity IS NULL THEN
		PERFORM kg.refuse('KG005', format('the room %s has no set-up "%s"',
				room.name, setup),
			coalesce('it has: ' || (SELECT string_agg(u.setup, ', ')
				FROM kg.room_setup u WHERE u.room_id = room.id), 'it has none'),
			jsonb_build_object('fields', '["setup"]'::jsonb,
				'setups', kg.setups_json(room.id)));
	END IF;
	IF head_count > its_capacity THEN
		PERFORM kg.refuse('KG005', CASE WHEN kg.is_as_booked(b, room.id)
				THEN format('booking %s is for %s, and the room %s holds %s',
					b.id, head_count, room.name, its_capacity)
				ELSE format('the room %s is too small for %s', room.name,
					head_count) END,
			CASE WHEN kg.is_as_booked(b, room.id) THEN 'change its number of '
					'persons or its set-up first, or take a larger room'
				WHEN setup IS NULL THEN (SELECT 'it holds: ' || string_agg(
					format('%s in %s', u.capacity, u.setup), ', '
					ORDER BY u.capacity DESC, u.setup)
				FROM kg.room_setup u WHERE u.room_id = room.id)
				ELSE format('in %s it holds %s', setup, its_capacity) END,
			jsonb_build_object('fields', '["head_count"]'::jsonb,
				'capacity', its_capacity, 'head_count', head_count,
				'setups', kg.setups_json(room.id, head_count),
				'alternatives', CASE WHEN wishes IS NOT NULL
					THEN kg.alternatives(kg.wishes_timed(wishes), '{}')
					WHEN b.id IS NOT NULL
					THEN kg.alternatives(b, array[b.id]) ELSE '[]' END));
	END IF;
END
$$;

-- Does a booking ask for no more than it has: its room, its set-up, its heads? It was
-- made when nobody counted them.
CREATE OR REPLACE FUNCTION kg.is_as_booked(b kg.booking, room_id int) RETURNS bool
LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM kg.booking x
		WHERE x.id = b.id AND x.room_id = $2 AND x.head_count = b.head_count
			AND x.room_setup IS NOT DISTINCT FROM b.room_setup
			AND x.status IN ('held', 'confirmed'))
$$;

-- Rule 8 of a booking without a set-up, whatever wrote it; with one, the table's own
-- constraints keep it.
CREATE OR REPLACE FUNCTION kg.booking_heads_fit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.setup_must(r, NULL, NEW.head_count) FROM kg.room r
	WHERE r.id = NEW.room_id;
	RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER m_heads AFTER INSERT
	OR UPDATE OF head_count, room_id, room_setup, status ON kg.booking
	FOR EACH ROW WHEN (NEW.room_setup IS NULL AND NEW.head_count IS NOT NULL
		AND NEW.status IN ('held', 'confirmed'))
	EXECUTE FUNCTION kg.booking_heads_fit();

-- The same of coming bookings when the room is set up differently from now on: its
-- default, or how many a set-up holds. Who books meanwhile waits for the atoms, which
-- kg.room_change() and kg.room_setup_put() lock first.
CREATE OR REPLACE FUNCTION kg.room_heads_fit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	its_room int := coalesce(to_jsonb(NEW), to_jsonb(OLD))
		->> CASE TG_TABLE_NAME WHEN 'room' THEN 'id' ELSE 'room_id' END;
	holds int := kg.room_holds(its_room, NULL);
	b kg.booking;
BEGIN
	SELECT * INTO b FROM kg.booking x
	WHERE x.room_id = its_room AND x.room_setup IS NULL AND x.head_count > holds
		AND x.status IN ('held', 'confirmed')
		AND upper(x.during) > kg.now() AT TIME ZONE 'UTC'
	ORDER BY lower(x.during), x.id LIMIT 1;
	IF FOUND THEN
		PERFORM kg.wrong_state(format('booking %s without a set-up is for %s, and '
			'the room would hold %s', b.id, b.head_count, holds),
			'change such bookings first');
	END IF;
	RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER m_heads AFTER UPDATE OF default_setup ON kg.room
	FOR EACH ROW WHEN (NEW.default_setup IS DISTINCT FROM OLD.default_setup)
	EXECUTE FUNCTION kg.room_heads_fit();
CREATE CONSTRAINT TRIGGER m_heads AFTER INSERT OR UPDATE OR DELETE ON kg.room_setup
	FOR EACH ROW EXECUTE FUNCTION kg.room_heads_fit();

-- The set-ups of a room that hold so many.
CREATE OR REPLACE FUNCTION kg.setups_json(room_id int, head_count int DEFAULT 0)
RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('setup', u.setup,
		'capacity', u.capacity, 'setup_min', u.setup_min,
		'clear_min', u.clear_min) ORDER BY u.capacity, u.setup), '[]')
	FROM kg.room_setup u WHERE u.room_id = $1 AND u.capacity >= $2
$$;

-- Moves a session's booking to another room, or makes its first. how: setup ('' or null:
-- none), head_count, setup_min, clear_min, catering_count, catering_days, catering_diets.
-- What it does not name stays as it was booked; of a first booking it is the room's default set-up with its minutes, for as many as
-- the run is for. moved: the session comes on another day. Raises KG005 when that does
-- not fit.
CREATE OR REPLACE FUNCTION kg.session_room_set(session_id int, room kg.room,
	how jsonb DEFAULT '{}', moved bool DEFAULT false)
RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	b kg.booking;
	was kg.booking;
	u kg.room_setup;
	is_new bool;
BEGIN
	SELECT * INTO b FROM kg.booking
	WHERE session_id = session_room_set.session_id
		AND status IN ('held', 'confirmed')
	ORDER BY (room_id = room.id) DESC, id LIMIT 1;
	is_new := NOT FOUND;
	was := b;
	IF is_new THEN
		SELECT s.id, s.starts_local, s.ends_local, s.zone, r.capacity
		INTO b.session_id, b.starts_local, b.ends_local, b.zone, b.head_count
		FROM kg.session s JOIN kg.run r ON r.id = s.run_id
		WHERE s.id = session_room_set.session_id;
		b.kind := 'session';
	END IF;
	b.room_id := room.id;
	IF how ? 'setup' OR is_new THEN
		b.room_setup := nullif(coalesce(kg.api_text(how, 'setup'),
			room.default_setup), '');
	END IF;
	IF is_new OR b.room_setup IS DISTINCT FROM was.room_setup THEN
		SELECT * INTO u FROM kg.room_setup x
		WHERE x.room_id = room.id AND x.setup = b.room_setup;
		b.setup_min := coalesce(u.setup_min, room.setup_min);
		b.clear_min := coalesce(u.clear_min, room.clear_min);
	END IF;
	b.setup_min := coalesce((how ->> 'setup_min')::int, b.setup_min);
	b.clear_min := coalesce((how ->> 'clear_min')::int, b.clear_min);
	IF how ? 'head_count' THEN
		b.head_count := how ->> 'head_count';
	END IF;
	b := kg.catering_patched(b, how, moved);
	PERFORM kg.booking_values_must(b),
		kg.setup_must(room, b.room_setup, b.head_count, b,
			CASE WHEN is_new THEN array[b] END);
	IF NOT is_new THEN
		PERFORM kg.booking_store(b);
		RETURN;
	END IF;
	INSERT INTO kg.booking (room_id, starts_local, ends_local, zone, room_setup,
		head_count, setup_min, clear_min, kind, session_id, title,
		catering_count, catering_days, catering_diets)
	VALUES (b.room_id, b.starts_local, b.ends_local, b.zone, b.room_setup,
		b.head_count, b.setup_min, b.clear_min, b.kind, b.session_id,
		kg.session_title(b.session_id), b.catering_count, b.catering_days,
		b.catering_diets);
END
$$;

-- What a session's booking is called: "KAT22-01: Kattegat Kommune".
CREATE OR REPLACE FUNCTION kg.session_title(session_id int) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT btrim(left(r.run_no || ': ' || coalesce(r.title, m.title), 200))
	FROM kg.session s JOIN kg.run r ON r.id = s.run_id
		JOIN kg.seminar m ON m.id = r.seminar_id
	WHERE s.id = $1
$$;
