-- JSON API: offices, venues, rooms. All staff read; planners and admins write.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb) VALUES
	('offices_list', 'staff'), ('office_get', 'staff'), ('office_create', 'places'),
	('office_change', 'places'), ('venues_list', 'staff'), ('venue_get', 'staff'),
	('venue_create', 'places'), ('venue_change', 'places'), ('rooms_list', 'staff'),
	('rooms_free', 'staff'), ('room_get', 'staff'), ('room_week', 'staff'),
	('room_create', 'places'), ('room_change', 'places'),
	('room_setup_put', 'places'), ('room_setup_remove', 'places');

CREATE OR REPLACE FUNCTION kg.office_json(o kg.office) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object('id', o.id, 'code', o.code, 'name', o.name,
		'street', o.street, 'postcode', o.postcode, 'town', o.town, 'lat', o.lat,
		'lon', o.lon, 'mail', o.mail, 'version', o.version)
$$;

CREATE OR REPLACE FUNCTION kg.api_offices_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE AS $$
	SELECT kg.api_ok(jsonb_build_object('next', NULL, 'items',
		coalesce(jsonb_agg(kg.office_json(o) ORDER BY o.code), '[]')))
	FROM kg.office o
$$;

CREATE OR REPLACE FUNCTION kg.api_office_get(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE AS $$
	SELECT kg.api_ok(kg.office_json(kg.office_get(input ->> 'code')))
$$;

-- code, name, town; street, postcode, lat, lon, mail (where the warnings of its holds
-- go).
CREATE OR REPLACE FUNCTION kg.api_office_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.office_add(actor_id, kg.api_why(input, 'office_create'), input);
	RETURN kg.api_ok(kg.office_json(kg.office_get(input ->> 'code')), 201,
		'/api/v1/offices/' || (input ->> 'code'));
END
$$;

-- code; name, town, street, postcode, lat, lon, mail.
CREATE OR REPLACE FUNCTION kg.api_office_change(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.office_change(actor_id, kg.api_why(input, 'office_change'),
		input ->> 'code', expected_version, input);
	RETURN kg.api_ok(kg.office_json(kg.office_get(input ->> 'code')));
END
$$;

CREATE OR REPLACE FUNCTION kg.venue_json(v kg.venue) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('id', v.id, 'office', o.code, 'name', v.name,
		'street', v.street, 'postcode', v.postcode, 'town', v.town,
		'lat', v.lat, 'lon', v.lon, 'own', v.own, 'version', v.version)
	FROM kg.office o WHERE o.id = v.office_id
$$;

CREATE OR REPLACE FUNCTION kg.api_venue(venue_id int, status int DEFAULT 200)
RETURNS kg.api_answer LANGUAGE sql STABLE AS $$
	SELECT kg.api_ok(kg.venue_json(kg.venue_get(venue_id)), status,
		CASE WHEN status = 201 THEN '/api/v1/venues/' || venue_id END)
$$;

-- A text that is looked for, as a pattern of LIKE; NULL: any.
CREATE OR REPLACE FUNCTION kg.api_part(sought text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT '%' || regexp_replace(sought, '([\\%_])', '\\\1', 'g') || '%'
$$;

-- The office that an input names; NULL: all. Raises KG004.
CREATE OR REPLACE FUNCTION kg.api_office(input jsonb) RETURNS int
LANGUAGE sql STABLE AS $$
	SELECT (kg.office_get(input ->> 'office')).id
	WHERE input ->> 'office' IS NOT NULL
$$;

-- Raises KG004 when a list is asked for by something that there is not.
CREATE OR REPLACE FUNCTION kg.api_asked_must(input jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.missing(a.what)
	FROM (VALUES ('venue_id', 'venue ' || (input ->> 'venue_id'), EXISTS (SELECT
				FROM kg.venue v WHERE v.id = (input ->> 'venue_id')::int)),
			('series_id', 'series ' || (input ->> 'series_id'), EXISTS (SELECT
				FROM kg.series s WHERE s.id = (input ->> 'series_id')::int)),
			('person', 'person ' || (input ->> 'person'), EXISTS (SELECT
				FROM kg.person p WHERE p.id = (input ->> 'person')::int)),
			('person_id', 'person ' || (input ->> 'person_id'), EXISTS (SELECT
				FROM kg.person p WHERE p.id = (input ->> 'person_id')::int)),
			('run_no', format('run "%s"', input ->> 'run_no'), EXISTS (SELECT
				FROM kg.run u WHERE u.run_no = input ->> 'run_no')),
			('season', 'season ' || (input ->> 'season'), EXISTS (SELECT
				FROM kg.season n WHERE n.slug = input ->> 'season')),
			('seminar', format('seminar "%s"', input ->> 'seminar'), EXISTS (SELECT
				FROM kg.seminar m WHERE m.slug = input ->> 'seminar'))
		) AS a (name, what, is_there)
	WHERE input ->> a.name IS NOT NULL AND NOT a.is_there;
END
$$;

-- office, q (a part of name or town), limit, cursor. By name.
CREATE OR REPLACE FUNCTION kg.api_venues_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE AS $$
DECLARE
	after jsonb := kg.api_after(input, 'text', 'int');
	its_office int := kg.api_office(input);
	part text := kg.api_part(input ->> 'q');
	size int := kg.api_limit(input);
BEGIN
	RETURN kg.api_ok(kg.api_page((
		SELECT coalesce(jsonb_agg(jsonb_build_object(
			'key', jsonb_build_array(p.name, p.id), 'item', kg.venue_json(p))
			ORDER BY p.name, p.id), '[]')
		FROM (SELECT v.* FROM kg.venue v
			WHERE (its_office IS NULL OR v.office_id = its_office)
				AND (part IS NULL OR v.name ILIKE part OR v.town ILIKE part)
				AND (after IS NULL OR (v.name, v.id)
					> (after ->> 0, (after ->> 1)::int))
			ORDER BY v.name, v.id LIMIT size + 1) AS p), size));
END
$$;

CREATE OR REPLACE FUNCTION kg.api_venue_get(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE AS $$
	SELECT kg.api_venue((input ->> 'venue_id')::int)
$$;

-- office, name, street, postcode, town, lat, lon, own.
CREATE OR REPLACE FUNCTION kg.api_venue_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
DECLARE
	id int;
BEGIN
	-- a statement of its own: what it writes is seen by the next
	id := (kg.venue_add(actor_id, kg.api_why(input, 'venue_create'),
		input ->> 'office', input ->> 'name', input ->> 'street',
		input ->> 'postcode', input ->> 'town', (input ->> 'lat')::numeric,
		(input ->> 'lon')::numeric, (input ->> 'own')::bool)).object_id;
	RETURN kg.api_venue(id, 201);
END
$$;

-- venue_id; name, street, postcode, town, lat, lon.
CREATE OR REPLACE FUNCTION kg.api_venue_change(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.venue_change(actor_id, kg.api_why(input, 'venue_change'),
		(input ->> 'venue_id')::int, expected_version, input ->> 'name',
		kg.api_text(input, 'street'), kg.api_text(input, 'postcode'),
		input ->> 'town',
		coalesce(nullif(kg.api_text(input, 'lat'), ''),
			CASE WHEN input ? 'lat' THEN 'NaN' END)::numeric,
		coalesce(nullif(kg.api_text(input, 'lon'), ''),
			CASE WHEN input ? 'lon' THEN 'NaN' END)::numeric);
	RETURN kg.api_venue((input ->> 'venue_id')::int);
END
$$;

CREATE OR REPLACE FUNCTION kg.room_json(r kg.room) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('id', r.id, 'name', r.name, 'office', o.code,
		'venue', jsonb_build_object('id', v.id, 'name', v.name),
		'step_free', r.step_free, 'hearing_loop', r.hearing_loop,
		'equipment', to_jsonb(r.equipment), 'default_setup', r.default_setup,
		'setup_min', r.setup_min, 'clear_min', r.clear_min,
		'setups', kg.setups_json(r.id),
		'made_of', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', x.id,
				'name', x.name) ORDER BY x.name), '[]')
			FROM kg.room x WHERE x.parts <@ r.parts AND x.parts <> r.parts),
		'part_of', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', x.id,
				'name', x.name) ORDER BY x.name), '[]')
			FROM kg.room x WHERE x.parts @> r.parts AND x.parts <> r.parts),
		'retired', r.retired_at IS NOT NULL, 'version', r.version)
	FROM kg.venue v JOIN kg.office o ON o.id = v.office_id
	WHERE v.id = r.venue_id
$$;

CREATE OR REPLACE FUNCTION kg.api_room(room_id int, status int DEFAULT 200)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE AS $$
DECLARE
	r kg.room;
BEGIN
	SELECT * INTO r FROM kg.room x WHERE x.id = room_id;
	IF NOT FOUND THEN
		PERFORM kg.missing('room ' || room_id);
	END IF;
	RETURN kg.api_ok(kg.room_json(r), status,
		CASE WHEN status = 201 THEN '/api/v1/rooms/' || r.id END);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_room_get(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE AS $$
	SELECT kg.api_room((input ->> 'room_id')::int)
$$;

-- office, venue_id, q (a part of the name), limit, cursor; rooms in use, by name.
CREATE OR REPLACE FUNCTION kg.api_rooms_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE AS $$
DECLARE
	after jsonb := kg.api_after(input, 'text', 'int');
	its_office int := kg.api_office(input);
	part text := kg.api_part(input ->> 'q');
	size int := kg.api_limit(input);
BEGIN
	PERFORM kg.api_asked_must(input);
	RETURN kg.api_ok(kg.api_page((
		SELECT coalesce(jsonb_agg(jsonb_build_object(
			'key', jsonb_build_array(p.name, p.id), 'item', kg.room_json(p))
			ORDER BY p.name, p.id), '[]')
		FROM (SELECT r.* FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
			WHERE r.retired_at IS NULL
				AND (its_office IS NULL OR v.office_id = its_office)
				AND (input ->> 'venue_id' IS NULL
					OR v.id = (input ->> 'venue_id')::int)
				AND (part IS NULL OR r.name ILIKE part)
				AND (after IS NULL OR (r.name, r.id)
					> (after ->> 0, (after ->> 1)::int))
			ORDER BY r.name, r.id LIMIT size + 1) AS p), size));
END
$$;

-- venue_id, name; halves, step_free, hearing_loop, equipment, default_setup,
-- setup_min, clear_min, setups.
CREATE OR REPLACE FUNCTION kg.api_room_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
DECLARE
	id int;
BEGIN
	id := (kg.room_add(actor_id, kg.api_why(input, 'room_create'),
		(input ->> 'venue_id')::int, input ->> 'name',
		CASE WHEN jsonb_typeof(input -> 'halves') = 'array'
			AND input -> 'halves' <> '[]' THEN array(SELECT h::int
			FROM jsonb_array_elements_text(input -> 'halves') AS h) END,
		(input ->> 'step_free')::bool, (input ->> 'hearing_loop')::bool,
		coalesce(nullif(input -> 'setups', 'null'), '[]'))).object_id;
	PERFORM kg.room_change(actor_id, kg.api_why(input, 'room_create'), id, NULL,
		input - array['name', 'halves', 'retired']);
	RETURN kg.api_room(id, 201);
END
$$;

-- room_id; and what is to be changed, as kg.room_change() names it.
CREATE OR REPLACE FUNCTION kg.api_room_change(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.room_change(actor_id, kg.api_why(input, 'room_change'),
		(input ->> 'room_id')::int, expected_version, input);
	RETURN kg.api_room((input ->> 'room_id')::int);
END
$$;

-- room_id, setup, capacity; setup_min, clear_min. Version and answer are the room's.
CREATE OR REPLACE FUNCTION kg.api_room_setup_put(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.room_setup_put(actor_id, kg.api_why(input, 'room_setup_put'),
		(input ->> 'room_id')::int, expected_version, input ->> 'setup',
		(input ->> 'capacity')::int, (input ->> 'setup_min')::int,
		(input ->> 'clear_min')::int);
	RETURN kg.api_room((input ->> 'room_id')::int);
END
$$;

-- room_id, setup. Version and answer are the room's.
CREATE OR REPLACE FUNCTION kg.api_room_setup_remove(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.room_setup_remove(actor_id, kg.api_why(input, 'room_setup_remove'),
		(input ->> 'room_id')::int, expected_version, input ->> 'setup');
	RETURN kg.api_room((input ->> 'room_id')::int);
END
$$;

-- The equipment that an input asks for. Raises KG005 when no room has such a thing.
CREATE OR REPLACE FUNCTION kg.equipment_asked(input jsonb) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
	asked text[] := array(SELECT e FROM jsonb_array_elements_text(
		kg.array_of(input -> 'equipment')) AS e WHERE e <> '');
	there text[] := array(SELECT DISTINCT e FROM kg.room r
			CROSS JOIN unnest(r.equipment::text[]) AS e
		WHERE r.retired_at IS NULL ORDER BY e);
BEGIN
	PERFORM kg.refuse('KG005', format('no room has "%s"', left(a, 80)),
		coalesce('one of: ' || nullif(array_to_string(there, ', '), ''),
			'leave it out'), '{"fields": ["equipment"]}')
	FROM unnest(asked) AS a WHERE a <> ALL (there) LIMIT 1;
	RETURN asked;
END
$$;

-- starts_local, ends_local; office, head_count, setup, equipment, step_free,
-- hearing_loop, setup_min, clear_min, limit. Ranked as kg.rooms_free() says, with the
-- asker's office as the nearest.
CREATE OR REPLACE FUNCTION kg.api_rooms_free(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE AS $$
	SELECT kg.api_ok(jsonb_build_object('next', NULL, 'items',
		coalesce(jsonb_agg(jsonb_build_object('rank', f.rank,
			'room', jsonb_build_object('id', r.id, 'name', r.name),
			'venue', jsonb_build_object('id', v.id, 'name', v.name),
			'office', f.its_office, 'setup', f.its_setup,
			'capacity', f.capacity, 'spare_seats', f.spare,
			'setup_min', f.its_setup_min, 'clear_min', f.its_clear_min,
			'default_setup', f.is_default, 'step_free', r.step_free,
			'hearing_loop', r.hearing_loop,
			'equipment', to_jsonb(r.equipment)) ORDER BY f.rank), '[]')))
	FROM kg.rooms_free(input ->> 'office', kg.local_of(input ->> 'starts_local'),
			kg.local_of(input ->> 'ends_local'), (input ->> 'head_count')::int,
			input ->> 'setup', kg.equipment_asked(input),
			(input ->> 'step_free')::bool, (input ->> 'hearing_loop')::bool,
			(input ->> 'setup_min')::int, (input ->> 'clear_min')::int,
			coalesce((kg.api_me()).office_id, (SELECT p.office_id
				FROM kg.person p WHERE p.id = actor_id))) AS f
		JOIN kg.room r ON r.id = f.room_id JOIN kg.venue v ON v.id = r.venue_id
	WHERE f.rank <= kg.api_limit(input)
$$;

-- room_id; week (this one, unless it is named). What takes the room, or a part of it,
-- or the hall that it is a part of; and the week's holidays.
CREATE OR REPLACE FUNCTION kg.api_room_week(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE AS $$
DECLARE
	r kg.room := kg.room_get((input ->> 'room_id')::int);
	its_zone text := 'Europe/Copenhagen';
	week text := coalesce(input ->> 'week',
		to_char(kg.now() AT TIME ZONE its_zone, 'IYYY-"W"IW'));
	days daterange := kg.api_days(jsonb_build_object('week', week));
BEGIN
	RETURN kg.api_ok(jsonb_build_object('room', kg.room_json(r), 'week', week,
		'from', lower(days), 'to', upper(days) - 1, 'zone', its_zone,
		'holidays', (SELECT coalesce(jsonb_agg(jsonb_build_object('date', h.day,
			'name', h.name, 'kind', h.kind) ORDER BY h.day, h.name), '[]')
			FROM kg.holiday h WHERE h.day <@ days),
		'items', kg.bookings_json(actor_id, array(SELECT b.id FROM kg.booking b
			WHERE b.parts && r.parts AND b.status IN ('held', 'confirmed')
				AND b.during && kg.span(lower(days), upper(days), its_zone)))));
END
$$;
