-- JSON API: the journal, and undo.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb) VALUES
	('journal_list', 'staff'), ('journal_undo', 'staff');

CREATE OR REPLACE FUNCTION kg.journal_json(j kg.journal) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN jsonb_build_object('id', j.id, 'at', kg.api_instant(j.at),
		'at_local', kg.api_local(kg.local_at(j.at)),
		'transaction', j.xid::text, 'person_id', j.actor_id,
		'person', CASE WHEN NOT kg.api_pseudonyms() THEN (SELECT p.name
			FROM kg.person p WHERE p.id = j.actor_id) END,
		'why', j.why, 'action', j.action, 'object', j.object,
		'object_id', j.object_id,
		'office', (SELECT o.code FROM kg.office o WHERE o.id = j.office_id),
		'before', j.before, 'after', j.after);
END
$$;

-- The names of what has entries.
CREATE OR REPLACE FUNCTION kg.journal_objects() RETURNS text[]
LANGUAGE sql STABLE AS $$
	SELECT array(SELECT c.relname::text FROM pg_catalog.pg_trigger t
			JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE t.tgname = 'a_journal' AND n.nspname = 'kg' ORDER BY 1)
$$;

-- A day, or a time of the wall clock; NULL: none. Of an end the instant after that day
-- or minute. Raises KG002, KG005.
CREATE OR REPLACE FUNCTION kg.journal_moment(named text, is_end bool)
RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF named ~ '^\d{4}-\d\d-\d\d$' THEN
		RETURN (named::date + is_end::int)::timestamp
			AT TIME ZONE 'Europe/Copenhagen';
	END IF;
	RETURN kg.local_must(named, 'Europe/Copenhagen')
		+ is_end::int * interval '1 minute';
END
$$;

-- What a room's entries are of: itself, its set-ups, and what is booked there or was
-- before it was moved; as "booking 17". NULL: of no room. Raises KG004.
CREATE OR REPLACE FUNCTION kg.journal_of_room(room_id int) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	IF $1 IS NOT NULL AND NOT EXISTS (SELECT FROM kg.room r WHERE r.id = $1) THEN
		PERFORM kg.missing('room ' || $1);
	END IF;
	RETURN (SELECT array_agg(w.what)
		FROM (SELECT 'room ' || r.id FROM kg.room r WHERE r.id = $1
			UNION SELECT format('room_setup %s:%s', $1, u.setup)
				FROM kg.room_setup u WHERE u.room_id = $1
			UNION SELECT 'booking ' || b.id FROM kg.booking b WHERE b.room_id = $1
			UNION SELECT j.object || ' ' || j.object_id FROM kg.journal j
				WHERE j.before ? 'room_id' AND j.before ->> 'room_id' = $1::text
			) AS w (what));
END
$$;

-- The entries of one page of the list, and one more: as kg.bookings_found(), and by
-- one index for each kind of reader. The lists of objects are those of the indexes
-- journal_open and journal_people (db/schema/0014_lists.sql), in the same words.
CREATE OR REPLACE FUNCTION kg.journal_found(actor_id int, input jsonb)
RETURNS SETOF kg.journal LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
	seen int[] := kg.offices_seen(actor_id);
	sees_all bool := cardinality(seen) = (SELECT count(*) FROM kg.office);
	people bool := kg.may_somewhere(actor_id, 'accounts') OR kg.api_pseudonyms();
	week daterange := CASE WHEN input ? 'week' THEN kg.api_days(input) END;
	first timestamptz := coalesce(lower(week)::timestamp
		AT TIME ZONE 'Europe/Copenhagen', kg.journal_moment(input ->> 'from', false));
	past timestamptz := coalesce(upper(week)::timestamp
		AT TIME ZONE 'Europe/Copenhagen', kg.journal_moment(input ->> 'to', true));
	size int := kg.api_limit(input) + 1;
	after jsonb := kg.api_after(input, 'timestamptz', 'bigint');
	after_at timestamptz := after ->> 0;
	after_id bigint := after ->> 1;
	its_office int := kg.api_office(input);
	its_object text := input ->> 'object';
	its_id text := input ->> 'object_id';
	its_person int := input ->> 'person';
	of_room text[] := kg.journal_of_room((input ->> 'room_id')::int);
BEGIN
	RETURN QUERY WITH near AS NOT MATERIALIZED (SELECT j.* FROM kg.journal j
		WHERE (its_object IS NULL OR j.object = its_object)
			AND (its_id IS NULL OR j.object_id = its_id)
			AND (its_person IS NULL OR j.actor_id = its_person)
			AND (of_room IS NULL OR j.object || ' ' || j.object_id
				= ANY (of_room))
			AND (its_office IS NULL OR j.office_id = its_office)
			AND (first IS NULL OR j.at >= first)
			AND (past IS NULL OR j.at < past)
			AND (after_at IS NULL OR (j.at, j.id) < (after_at, after_id)))
	(SELECT n.* FROM near n
	WHERE NOT sees_all AND n.office_id = ANY (seen) AND n.object IN ('run',
			'session', 'agenda_item', 'session_teacher', 'booking', 'series')
	ORDER BY n.at DESC, n.id DESC LIMIT size)
	UNION ALL
	(SELECT n.* FROM near n
	WHERE NOT sees_all AND n.object IN ('seminar', 'seminar_tag', 'season',
			'period', 'venue', 'room', 'room_setup', 'office', 'region',
			'municipality', 'municipality_region', 'council_seats', 'election',
			'holiday', 'site')
	ORDER BY n.at DESC, n.id DESC LIMIT size)
	UNION ALL
	(SELECT n.* FROM near n
	WHERE people AND NOT sees_all AND n.object NOT IN ('seminar', 'seminar_tag',
			'season', 'period', 'venue', 'room', 'room_setup', 'office',
			'region', 'municipality', 'municipality_region', 'council_seats',
			'election', 'holiday', 'site', 'run', 'session', 'agenda_item',
			'session_teacher', 'booking', 'series')
	ORDER BY n.at DESC, n.id DESC LIMIT size)
	UNION ALL
	(SELECT n.* FROM near n
	WHERE sees_all AND (people OR n.object IN ('seminar', 'seminar_tag', 'season',
			'period', 'venue', 'room', 'room_setup', 'office', 'region',
			'municipality', 'municipality_region', 'council_seats', 'election',
			'holiday', 'site', 'run', 'session', 'agenda_item',
			'session_teacher', 'booking', 'series'))
	ORDER BY n.at DESC, n.id DESC LIMIT size)
	ORDER BY at DESC, id DESC LIMIT size;
END
$$;

-- object and object_id (as the entries name them), person (who did it), office, room_id,
-- week, or from and to (days, or times of the wall clock; both included), limit, cursor.
-- The latest first. The calendar's entries are read by
-- those who see the office in full whose business they were then; places, catalogue
-- and registries by all staff; people and accounts by those who manage them, and
-- auditors.
CREATE OR REPLACE FUNCTION kg.api_journal_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.api_asked_must(input);
	IF input ->> 'object_id' IS NOT NULL AND input ->> 'object' IS NULL THEN
		PERFORM kg.refuse('KG005', 'a number is one of some object',
			'name the object too', '{"fields": ["object"]}');
	END IF;
	IF input ->> 'object' <> ALL (kg.journal_objects()) THEN
		PERFORM kg.refuse('KG005', format('the journal has no object "%s"',
				left(input ->> 'object', 40)),
			'one of: ' || array_to_string(kg.journal_objects(), ', '),
			'{"fields": ["object"]}');
	END IF;
	IF kg.journal_moment(input ->> 'to', true)
		<= kg.journal_moment(input ->> 'from', false) THEN
		PERFORM kg.refuse('KG005', 'the range ends before it begins',
			'"to" is the last day', '{"fields": ["from", "to"]}');
	END IF;
	RETURN kg.api_ok(kg.api_page((
		SELECT coalesce(jsonb_agg(jsonb_build_object(
				'key', jsonb_build_array(j.at, j.id),
				'item', kg.journal_json(j)) ORDER BY j.at DESC, j.id DESC), '[]')
		FROM kg.journal_found(actor_id, input) AS j), kg.api_limit(input)));
END
$$;

-- journal_id; answers which entries were undone, and those that this wrote.
CREATE OR REPLACE FUNCTION kg.api_journal_undo(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	entry bigint := (input ->> 'journal_id')::bigint;
BEGIN
	IF NOT EXISTS (SELECT FROM unnest(array['calendar', 'places', 'catalogue']) AS v
		WHERE kg.may_somewhere(actor_id, v)) THEN
		PERFORM kg.refuse('KG001', 'who changes nothing takes nothing back');
	END IF;
	PERFORM kg.journal_undo(actor_id, kg.api_why(input, 'journal_undo'), entry);
	RETURN (SELECT kg.api_ok(jsonb_build_object(
		'undone', (SELECT jsonb_agg(x.id ORDER BY x.id) FROM kg.journal j
			JOIN kg.journal x ON x.xid = j.xid AND x.at = j.at
			WHERE j.id = entry),
		'items', (SELECT coalesce(jsonb_agg(kg.journal_json(x) ORDER BY x.id),
				'[]')
			FROM kg.journal x WHERE x.xid = pg_current_xact_id()))));
END
$$;
