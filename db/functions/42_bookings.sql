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

-- Raises KG005 when a room does not have the set-up, or is too small in it. With the
-- wish as a whole, DETAIL tells which set-ups and rooms would do then.
CREATE OR REPLACE FUNCTION kg.setup_must(room kg.room, setup text, head_count int,
	wish kg.booking DEFAULT NULL)
RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	its_capacity int;
BEGIN
	IF setup IS NULL THEN
		RETURN;
	END IF;
	SELECT u.capacity INTO its_capacity FROM kg.room_setup u
	WHERE u.room_id = room.id AND u.setup = setup_must.setup;
	IF its_capacity IS NULL THEN
		PERFORM kg.refuse('KG005', format('the room %s has no set-up "%s"',
				room.name, setup),
			coalesce('it has: ' || (SELECT string_agg(u.setup, ', ')
				FROM kg.room_setup u WHERE u.room_id = room.id), 'it has none'),
			jsonb_build_object('fields', '["setup"]'::jsonb,
				'setups', kg.setups_json(room.id)));
	END IF;
	IF head_count > its_capacity THEN
		wish.setup_capacity := its_capacity;
		PERFORM kg.refuse('KG005', format('the room %s is too small for %s',
				room.name, head_count),
			format('in %s it holds %s', setup, its_capacity),
			jsonb_build_object('fields', '["head_count"]'::jsonb,
				'capacity', its_capacity,
				'setups', kg.setups_json(room.id, head_count),
				'alternatives', kg.alternatives(wish, array[wish.id])));
	END IF;
END
$$;

-- The set-ups of a room that hold so many.
CREATE OR REPLACE FUNCTION kg.setups_json(room_id int, head_count int DEFAULT 0)
RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('setup', u.setup,
		'capacity', u.capacity, 'setup_min', u.setup_min,
		'clear_min', u.clear_min) ORDER BY u.capacity, u.setup), '[]')
	FROM kg.room_setup u WHERE u.room_id = $1 AND u.capacity >= $2
$$;

-- Moves a session's booking to another room, or makes its first, as the room is set up
-- by default. The minutes of set-up and clearing stay with the booking.
CREATE OR REPLACE FUNCTION kg.session_room_set(session_id int, room kg.room)
RETURNS void LANGUAGE plpgsql AS $$
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
			room_setup, setup_min, clear_min, kind, session_id, title)
		SELECT room.id, s.starts_local, s.ends_local, s.zone, u.setup,
			coalesce(u.setup_min, room.setup_min),
			coalesce(u.clear_min, room.clear_min), 'session', s.id,
			kg.session_title(s.id)
		FROM kg.session s LEFT JOIN kg.room_setup u
			ON u.room_id = room.id AND u.setup = room.default_setup
		WHERE s.id = session_room_set.session_id;
		RETURN;
	END IF;
	PERFORM kg.setup_must(room, b.room_setup, b.head_count);
	UPDATE kg.booking SET room_id = room.id WHERE id = b.id;
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
