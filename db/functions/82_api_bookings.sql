-- JSON API: bookings. Inputs and answers stand at each handler; all writes also take
-- "why". A time is "2027-01-21T09:00" on the wall clock.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb) VALUES
	('bookings_list', 'staff'), ('booking_get', 'staff'),
	('booking_create', 'calendar'), ('booking_change', 'calendar'),
	('booking_move', 'calendar'), ('booking_cancel', 'calendar'),
	('booking_restore', 'calendar'), ('booking_confirm', 'calendar');

-- A booking, as who sees these offices (NULL: all) may know it: of others' it says that
-- the room is taken, and no more.
CREATE OR REPLACE FUNCTION kg.booking_json(b kg.booking, seen int[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT jsonb_build_object('id', b.id, 'status', b.status, 'busy', NOT sees,
			'room', jsonb_build_object('id', r.id, 'name', r.name),
			'venue', jsonb_build_object('id', v.id, 'name', v.name),
			'office', o.code,
			'starts_local', kg.api_local(b.starts_local),
			'ends_local', kg.api_local(b.ends_local),
			'starts_at', kg.api_instant(b.starts_local AT TIME ZONE b.zone),
			'ends_at', kg.api_instant(b.ends_local AT TIME ZONE b.zone),
			'zone', b.zone, 'setup_min', b.setup_min, 'clear_min', b.clear_min,
			'occupied_from_local', kg.api_local(lower(b.during) AT TIME ZONE 'UTC'
				AT TIME ZONE b.zone),
			'occupied_to_local', kg.api_local(upper(b.during) AT TIME ZONE 'UTC'
				AT TIME ZONE b.zone),
			'occupied_from_at', kg.api_instant(lower(b.during)
				AT TIME ZONE 'UTC'),
			'occupied_to_at', kg.api_instant(upper(b.during)
				AT TIME ZONE 'UTC'),
			'version', b.version, 'changed_at', kg.api_instant(b.changed_at))
		|| CASE WHEN sees THEN jsonb_build_object('uid', b.uid, 'kind', b.kind,
			'title', b.title, 'setup', b.room_setup, 'head_count', b.head_count,
			'capacity', b.setup_capacity, 'notes', b.notes,
			'series_id', b.series_id,
			'session', CASE WHEN s.id IS NOT NULL THEN jsonb_build_object(
				'id', s.id, 'run_no', u.run_no, 'no', s.no) END,
			'expires_local', CASE WHEN b.status IN ('held', 'expired') THEN
				kg.api_local(b.expires_at AT TIME ZONE b.zone) END,
			'expires_at', CASE WHEN b.status IN ('held', 'expired') THEN
				kg.api_instant(b.expires_at) END,
			'catering', CASE WHEN coalesce(b.catering_count, b.catering_days)
					IS NOT NULL OR b.catering_diets IS NOT NULL
				THEN jsonb_build_object('count', b.catering_count,
					'days', b.catering_days, 'due', b.catering_due,
					'diets', b.catering_diets) END)
		ELSE '{"uid": null, "kind": null, "title": "optaget", "setup": null,
			"head_count": null, "capacity": null, "notes": null, "series_id": null,
			"session": null, "expires_local": null, "expires_at": null,
			"catering": null}' END
		FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
			JOIN kg.office o ON o.id = v.office_id
			LEFT JOIN kg.session s ON s.id = b.session_id
			LEFT JOIN kg.run u ON u.id = s.run_id
			CROSS JOIN LATERAL (SELECT seen IS NULL OR o.id = ANY (seen)
				OR u.office_id IS NOT NULL AND u.office_id = ANY (seen)) AS w (sees)
		WHERE r.id = b.room_id);
END
$$;

-- One that the asker has just written, and so may see, as an answer with its version.
-- Not STABLE: what its own arguments write, it is to find.
CREATE OR REPLACE FUNCTION kg.api_booking(booking_id int, status int DEFAULT 200)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
BEGIN
	RETURN kg.api_ok(kg.booking_json(kg.booking_get(booking_id), NULL), status,
		CASE WHEN status = 201 THEN '/api/v1/bookings/' || booking_id END);
END
$$;

-- {"items": [...]} of some, by time and room.
CREATE OR REPLACE FUNCTION kg.bookings_json(actor_id int, bookings int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(kg.booking_json(b, seen)
			ORDER BY b.starts_local, b.room_id, b.id), '[]')
		FROM kg.booking b CROSS JOIN kg.offices_seen(actor_id) AS seen
		WHERE b.id = ANY (bookings));
END
$$;

-- The wish that an input is, without its room.
CREATE OR REPLACE FUNCTION kg.api_wish(input jsonb) RETURNS kg.booking
LANGUAGE plpgsql STABLE AS $$
DECLARE
	wish kg.booking;
BEGIN
	wish.starts_local := kg.local_of(input ->> 'starts_local');
	wish.ends_local := kg.local_of(input ->> 'ends_local');
	wish.setup_min := (input ->> 'setup_min')::int;
	wish.clear_min := (input ->> 'clear_min')::int;
	wish.room_setup := kg.api_text(input, 'setup');
	wish.head_count := (input ->> 'head_count')::int;
	wish.title := kg.line_of(input ->> 'title', 'the title');
	wish.notes := kg.prose_of(input ->> 'notes', 'the notes');
	wish.expires_at := kg.local_must(input ->> 'expires_local',
		'Europe/Copenhagen');
	wish.catering_count := (input ->> 'catering_count')::int;
	wish.catering_days := (input ->> 'catering_days')::int;
	wish.catering_diets := nullif(input -> 'catering_diets', 'null');
	IF input ->> 'run_no' IS NOT NULL THEN
		wish.session_id := (kg.session_get((kg.run_get(input ->> 'run_no')).id,
			coalesce((input ->> 'session_no')::int, 1))).id;
	END IF;
	wish.kind := coalesce(input ->> 'kind', CASE WHEN wish.session_id IS NULL
		THEN 'internal' ELSE 'session' END);
	RETURN wish;
END
$$;

-- The rooms that an input names: room_id, or room_ids. Raises KG005.
CREATE OR REPLACE FUNCTION kg.api_rooms(input jsonb) RETURNS int[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
	rooms int[];
BEGIN
	IF jsonb_typeof(input -> 'room_ids') = 'array' THEN
		rooms := array(SELECT DISTINCT r::int
			FROM jsonb_array_elements_text(input -> 'room_ids') AS r ORDER BY 1);
	ELSIF input ->> 'room_id' IS NOT NULL THEN
		rooms := array[(input ->> 'room_id')::int];
	END IF;
	IF coalesce(cardinality(rooms), 0) NOT BETWEEN 1 AND 50
		OR input ->> 'room_id' IS NOT NULL AND input ->> 'room_ids' IS NOT NULL
	THEN
		PERFORM kg.refuse('KG005', 'a booking takes one room, or up to 50 in one go',
			'room_id or room_ids', '{"fields": ["room_id", "room_ids"]}');
	END IF;
	RETURN rooms;
END
$$;

-- room_id or room_ids (all or none); starts_local, ends_local; kind, or run_no and
-- session_no (times and title are the session's where left out); setup, head_count,
-- setup_min, clear_min, title, notes; expires_local makes it a hold; catering_count,
-- catering_days, catering_diets. Answers the booking, or {"items": [...]} to room_ids.
CREATE OR REPLACE FUNCTION kg.api_booking_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
DECLARE
	wish kg.booking := kg.api_wish(input);
	rooms int[] := kg.api_rooms(input);
	wishes kg.booking[] := '{}';
	ids int[];
BEGIN
	PERFORM kg.write_begin(actor_id, kg.api_why(input, 'booking_create'));
	PERFORM kg.rooms_apart_must(rooms);
	FOREACH wish.room_id IN ARRAY rooms LOOP
		wishes := wishes || wish;
	END LOOP;
	ids := kg.bookings_write(actor_id, wishes);
	IF input ->> 'room_id' IS NOT NULL THEN
		RETURN kg.api_booking(ids[1], 201);
	END IF;
	RETURN kg.api_ok(jsonb_build_object('items',
		kg.bookings_json(actor_id, ids)), 201);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_booking_get(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE AS $$
	SELECT kg.api_ok(kg.booking_json(kg.booking_get((input ->> 'booking_id')::int),
		kg.offices_seen(actor_id)))
$$;

-- booking_id; and what is to be changed, as kg.booking_change() names it.
CREATE OR REPLACE FUNCTION kg.api_booking_change(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_booking((kg.booking_change(actor_id,
		kg.api_why(input, 'booking_change'), (input ->> 'booking_id')::int,
		expected_version, input)).object_id::int)
$$;

-- booking_id; room_id, starts_local, ends_local, setup.
CREATE OR REPLACE FUNCTION kg.api_booking_move(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_booking((kg.booking_move(actor_id,
		kg.api_why(input, 'booking_move'), (input ->> 'booking_id')::int,
		expected_version, (input ->> 'room_id')::int,
		kg.local_of(input ->> 'starts_local'), kg.local_of(input ->> 'ends_local'),
		kg.api_text(input, 'setup'))).object_id::int)
$$;

CREATE OR REPLACE FUNCTION kg.api_booking_cancel(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_booking((kg.booking_cancel(actor_id,
		kg.api_why(input, 'booking_cancel'), (input ->> 'booking_id')::int,
		expected_version)).object_id::int)
$$;

CREATE OR REPLACE FUNCTION kg.api_booking_restore(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_booking((kg.booking_restore(actor_id,
		kg.api_why(input, 'booking_restore'), (input ->> 'booking_id')::int,
		expected_version)).object_id::int)
$$;

CREATE OR REPLACE FUNCTION kg.api_booking_confirm(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_booking((kg.booking_confirm(actor_id,
		kg.api_why(input, 'booking_confirm'), (input ->> 'booking_id')::int,
		expected_version)).object_id::int)
$$;

-- The rooms that a list asks for by office, venue_id and room_id (with those that share
-- its walls), retired ones too; NULL: it asks for none of these.
CREATE OR REPLACE FUNCTION kg.rooms_asked(input jsonb) RETURNS int[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
	its_office int := kg.api_office(input);
	its_venue int := input ->> 'venue_id';
	its_parts int4multirange;
BEGIN
	IF input ->> 'room_id' IS NOT NULL THEN
		its_parts := (kg.room_get((input ->> 'room_id')::int)).parts;
	ELSIF its_office IS NULL AND its_venue IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN array(SELECT r.id FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
		WHERE (its_office IS NULL OR v.office_id = its_office)
			AND (its_venue IS NULL OR v.id = its_venue)
			AND (its_parts IS NULL OR r.parts && its_parts));
END
$$;

-- The bookings of one page of the list, and one more. Planned for each question anew:
-- which index to go by depends on what is asked for. What runs in a week began in it
-- or a day before, or is one of the few that take longer (booking_long).
CREATE OR REPLACE FUNCTION kg.bookings_found(input jsonb, seen int[])
RETURNS SETOF kg.booking LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
	days daterange := kg.api_days(input);
	first timestamp := lower(days);
	past timestamp := upper(days);
	size int := kg.api_limit(input) + 1;
	after jsonb := kg.api_after(input, 'timestamp', 'int');
	after_at timestamp := after ->> 0;
	after_id int := after ->> 1;
	states text[] := CASE coalesce(input ->> 'status', 'active')
		WHEN 'active' THEN '{held,confirmed}'
		WHEN 'all' THEN NULL ELSE array[input ->> 'status'] END;
	rooms int[] := kg.rooms_asked(input);
	its_series int := input ->> 'series_id';
	its_kind text := input ->> 'kind';
	sessions int[] := CASE WHEN input ->> 'run_no' IS NOT NULL THEN
		array(SELECT s.id FROM kg.session s JOIN kg.run u ON u.id = s.run_id
			WHERE u.run_no = input ->> 'run_no') END;
	part text := kg.api_part(input ->> 'q');
	too_many bool := coalesce((input ->> 'over_capacity')::bool, false);
	-- what one may not know, one cannot look for
	hidden bool := coalesce(input ->> 'kind', input ->> 'q', input ->> 'run_no',
		input ->> 'series_id') IS NOT NULL OR too_many;
BEGIN
	RETURN QUERY WITH near AS NOT MATERIALIZED (SELECT b.* FROM kg.booking b
		WHERE (rooms IS NULL OR b.room_id = ANY (rooms))
			AND (past IS NULL OR b.starts_local < past)
			AND (states IS NULL OR b.status = ANY (states))
			AND (its_series IS NULL OR b.series_id = its_series)
			AND (sessions IS NULL OR b.session_id = ANY (sessions))
			AND (its_kind IS NULL OR b.kind = its_kind)
			AND (part IS NULL OR b.title ILIKE part)
			AND (NOT too_many
				OR b.head_count > kg.room_holds(b.room_id, b.room_setup))
			AND (after_at IS NULL
				OR (b.starts_local, b.id) > (after_at, after_id))
			AND (NOT hidden OR EXISTS (SELECT FROM kg.room r
					JOIN kg.venue v ON v.id = r.venue_id
				WHERE r.id = b.room_id AND v.office_id = ANY (seen))
				OR EXISTS (SELECT FROM kg.session s
				WHERE s.id = b.session_id AND s.office_id = ANY (seen))))
	(SELECT n.* FROM near n
	WHERE first IS NULL OR n.ends_local > first
		AND n.starts_local > first - interval '1 day'
	ORDER BY n.starts_local, n.id LIMIT size)
	UNION ALL
	(SELECT l.* FROM (SELECT n.* FROM near n
		WHERE n.ends_local > first
			AND n.starts_local <= first - interval '1 day'
			AND n.ends_local - n.starts_local > interval '1 day'
		-- few enough to be sorted: never along the index by the start
		OFFSET 0) AS l
	ORDER BY l.starts_local, l.id LIMIT size)
	ORDER BY starts_local, id LIMIT size;
END
$$;

-- office, room_id (and rooms that share its walls), venue_id, week or from and to,
-- status (active: held and confirmed; a state; all), kind, series_id, run_no, q (a
-- part of the title), over_capacity (those for more than their room holds), limit,
-- cursor. By time.
CREATE OR REPLACE FUNCTION kg.api_bookings_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE AS $$
DECLARE
	seen int[] := kg.offices_seen(actor_id);
BEGIN
	PERFORM kg.api_asked_must(input);
	RETURN kg.api_ok(kg.api_page((
		SELECT coalesce(jsonb_agg(jsonb_build_object(
				'key', jsonb_build_array(b.starts_local, b.id),
				'item', kg.booking_json(b, seen)) ORDER BY b.starts_local, b.id),
			'[]')
		FROM kg.bookings_found(input, seen) AS b), kg.api_limit(input)));
END
$$;
