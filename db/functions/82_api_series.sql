-- JSON API: series, block-outs, closing days. What a series asks for stands in the
-- head of 44_series.sql.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb) VALUES
	('series_preview', 'calendar'), ('series_create', 'calendar'),
	('series_get', 'staff'), ('series_change', 'calendar'),
	('series_cancel', 'calendar'), ('series_restore', 'calendar'),
	('block_out_create', 'calendar'), ('closing_day_create', 'calendar');

-- A series with all its bookings, the cancelled too; exceptions are those that follow
-- it no longer, and in what. Raises KG001 for who may not see
-- the bookings of its office, KG004.
CREATE OR REPLACE FUNCTION kg.series_json(actor_id int, series_id int) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
	s kg.series;
BEGIN
	SELECT * INTO s FROM kg.series x WHERE x.id = series_id;
	IF NOT FOUND THEN
		PERFORM kg.missing('series ' || series_id);
	END IF;
	IF s.office_id <> ALL (kg.offices_seen(actor_id)) THEN
		PERFORM kg.refuse('KG001', 'the series is another office''s');
	END IF;
	RETURN jsonb_build_object('id', s.id, 'title', s.title, 'kind', s.kind,
		'office', (SELECT o.code FROM kg.office o WHERE o.id = s.office_id),
		'rule', s.rule, 'version', kg.series_version(s),
		'changed_at', kg.api_instant(greatest(s.changed_at, (SELECT
			max(b.changed_at) FROM kg.booking b WHERE b.series_id = s.id))),
		'exceptions', kg.series_exceptions(array(SELECT b.id FROM kg.booking b
			WHERE b.series_id = s.id AND b.series_own <> '{}')),
		'items', kg.bookings_json(actor_id, array(SELECT b.id
			FROM kg.booking b WHERE b.series_id = s.id)));
END
$$;

CREATE OR REPLACE FUNCTION kg.api_series_preview(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.series_rooms(actor_id, input);
	RETURN kg.api_ok(kg.series_plan(actor_id, input));
END
$$;

-- One that the asker has just written, as an answer. Not STABLE: what its own
-- arguments write, it is to find.
CREATE OR REPLACE FUNCTION kg.api_series(actor_id int, series_id int,
	status int DEFAULT 200)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
BEGIN
	RETURN kg.api_ok(kg.series_json(actor_id, series_id), status,
		CASE WHEN status = 201 THEN '/api/v1/series/' || series_id END);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_series_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_series(actor_id, (kg.series_create(actor_id,
		kg.api_why(input, 'series_create'), input)).object_id::int, 201)
$$;

CREATE OR REPLACE FUNCTION kg.api_series_get(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE AS $$
	SELECT kg.api_ok(kg.series_json(actor_id, (input ->> 'series_id')::int))
$$;

-- series_id; from (the day it begins with; today), exceptions, overrides, and what
-- kg.series_change() names. Answers also what was left as it was.
CREATE OR REPLACE FUNCTION kg.api_series_change(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
DECLARE
	id int := input ->> 'series_id';
	touches text[] := kg.series_touches(input);
BEGIN
	PERFORM kg.series_change(actor_id, kg.api_why(input, 'series_change'), id,
		expected_version, (input ->> 'from')::date, input);
	RETURN kg.api_ok(kg.series_json(actor_id, id) || jsonb_build_object('left',
		kg.series_exceptions(array(SELECT b.id FROM kg.series x
				CROSS JOIN kg.series_rest(x, (input ->> 'from')::date) AS b
			WHERE x.id = (input ->> 'series_id')::int
				AND b.series_own && touches AND NOT EXISTS (SELECT
				FROM kg.journal j WHERE j.object = 'booking'
					AND j.object_id = b.id::text
					AND j.xid = pg_current_xact_id()
					AND j.after - 'series_own' <> '{}')))));
END
$$;

-- series_id; bookings (ids, of any that were cancelled), or from (the day it begins
-- with; today) all that were cancelled together.
CREATE OR REPLACE FUNCTION kg.api_series_restore(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_series(actor_id, (kg.series_restore(actor_id,
		kg.api_why(input, 'series_restore'), (input ->> 'series_id')::int,
		expected_version, (input ->> 'from')::date,
		CASE WHEN jsonb_typeof(input -> 'bookings') = 'array' THEN array(SELECT
			b::int FROM jsonb_array_elements_text(input -> 'bookings') AS b) END
		)).object_id::int)
$$;

-- series_id; from (the day it begins with; today).
CREATE OR REPLACE FUNCTION kg.api_series_cancel(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_series(actor_id, (kg.series_cancel(actor_id,
		kg.api_why(input, 'series_cancel'), (input ->> 'series_id')::int,
		expected_version, (input ->> 'from')::date)).object_id::int)
$$;

-- What was blocked, and what it went around.
CREATE OR REPLACE FUNCTION kg.api_blocked(actor_id int, why text, input jsonb,
	starts_local timestamp, ends_local timestamp, series_kind text)
RETURNS kg.api_answer LANGUAGE plpgsql AS $$
DECLARE
	rooms int[];
	new_id int;
BEGIN
	IF input ->> 'office' IS NULL THEN
		rooms := kg.api_rooms(input);
	ELSIF input ->> 'room_id' IS NOT NULL OR input ->> 'room_ids' IS NOT NULL THEN
		PERFORM kg.refuse('KG005', 'an office, or rooms, not both',
			'office, room_id or room_ids', '{"fields": ["office"]}');
	END IF;
	new_id := (kg.block_out_create(actor_id, why, input ->> 'office', rooms,
		starts_local, ends_local, input ->> 'title', input ->> 'notes',
		(input ->> 'around')::bool, series_kind)).object_id;
	RETURN kg.api_ok(jsonb_build_object('series_id', new_id, 'version', 1,
		'items', kg.bookings_json(actor_id, array(SELECT b.id
			FROM kg.booking b WHERE b.series_id = new_id)),
		'conflicts', (SELECT coalesce(jsonb_agg(kg.conflict_json(hit, seen)
				ORDER BY lower(hit.during), hit.id), '[]')
			FROM kg.booking hit CROSS JOIN kg.offices_seen(actor_id) AS seen
			WHERE hit.parts && (SELECT range_agg(r.parts) FROM kg.room r
					WHERE r.id = ANY (coalesce(rooms,
						kg.rooms_of_office(input ->> 'office'))))
				AND hit.during && kg.span(api_blocked.starts_local,
					api_blocked.ends_local, 'Europe/Copenhagen')
				AND hit.status NOT IN ('cancelled', 'expired')
				AND hit.series_id IS DISTINCT FROM new_id)),
		201, '/api/v1/series/' || new_id);
END
$$;

-- room_id, room_ids or office; starts_local, ends_local, title; notes, around.
CREATE OR REPLACE FUNCTION kg.api_block_out_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_blocked(actor_id, kg.api_why(input, 'block_out_create'), input,
		kg.local_of(input ->> 'starts_local'), kg.local_of(input ->> 'ends_local'),
		'block_out')
$$;

-- office, room_id or room_ids; from, title; to (the last day; from), notes, around.
CREATE OR REPLACE FUNCTION kg.api_closing_day_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql AS $$
	SELECT kg.api_blocked(actor_id, kg.api_why(input, 'closing_day_create'), input,
		(input ->> 'from')::date::timestamp,
		coalesce((input ->> 'to')::date, (input ->> 'from')::date) + interval '1 day',
		'closing_day')
$$;
