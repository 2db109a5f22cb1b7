-- What must hold between rooms, and between a booking, its room and its session,
-- whoever writes it.
SET LOCAL ROLE kattegat_owner;

-- Is a room of these atoms a part of one of those? Two of the same are two names.
CREATE OR REPLACE FUNCTION kg.room_is_in(parts int4multirange, whole int4multirange)
RETURNS bool LANGUAGE sql IMMUTABLE AS $$
	SELECT $2 @> $1 AND $2 <> $1
$$;

-- A room that is a part of another stays one, or the two could be booked at once: who
-- gives it other atoms gives them to the larger one too (kg.room_divide()). And a room of
-- several atoms is made of others that have them, so that no undo brings back atoms which
-- nobody has any more. Looked at when everything has changed. Raises KG006.
CREATE OR REPLACE FUNCTION kg.room_parts_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.room;	-- none: it goes
BEGIN
	SELECT * INTO r FROM kg.room x WHERE x.id = coalesce(NEW.id, OLD.id);
	IF kg.atoms_of(r.parts) > 1 AND (r.parts <@ (SELECT range_agg(x.parts)
			FROM kg.room x WHERE x.id <> r.id AND x.parts <@ r.parts)) IS NOT TRUE
	THEN
		PERFORM kg.wrong_state(format('the room %s is made of rooms that are '
			'divided differently now', r.name), 'say anew what it is made of');
	ELSIF TG_OP = 'UPDATE' OR TG_OP = 'DELETE' AND (OLD.parts <@ (
			SELECT range_agg(x.parts) FROM kg.room x
			WHERE x.parts <@ OLD.parts)) IS NOT TRUE THEN
		PERFORM kg.wrong_state(format('the room %s is a part of the room %s',
			OLD.name, w.name), 'look at it again')
		FROM kg.room w
		WHERE kg.room_is_in(OLD.parts, w.parts)
			AND (w.parts @> r.parts) IS NOT TRUE
		ORDER BY w.id LIMIT 1;
	END IF;
	RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER room_parts_hold
	AFTER INSERT OR DELETE OR UPDATE OF parts ON kg.room
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
	EXECUTE FUNCTION kg.room_parts_hold();

-- The rooms of a session are in its house. Looked at when everything has moved. Raises
-- KG005.
CREATE OR REPLACE FUNCTION kg.booking_in_its_house() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	new jsonb := to_jsonb(NEW);
BEGIN
	PERFORM kg.refuse('KG005', format('the room %s is in another venue than the '
			'session', r.name), 'move the session to venue ' || r.venue_id,
		'{"fields": ["room_id"]}')
	FROM kg.booking b JOIN kg.session s ON s.id = b.session_id
		JOIN kg.room r ON r.id = b.room_id
	WHERE b.status IN ('held', 'confirmed') AND r.venue_id <> s.venue_id
		AND CASE TG_TABLE_NAME WHEN 'booking' THEN b.id = (new ->> 'id')::int
			ELSE b.session_id = (new ->> 'id')::int END
	ORDER BY b.id LIMIT 1;
	RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER booking_in_its_house AFTER INSERT
		OR UPDATE OF room_id, session_id, status ON kg.booking
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
	WHEN (NEW.session_id IS NOT NULL AND NEW.status IN ('held', 'confirmed'))
	EXECUTE FUNCTION kg.booking_in_its_house();
CREATE CONSTRAINT TRIGGER session_in_its_house AFTER UPDATE OF venue_id ON kg.session
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
	WHEN (NEW.venue_id IS DISTINCT FROM OLD.venue_id)
	EXECUTE FUNCTION kg.booking_in_its_house();
