-- JSON API: the journal, and undo.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb) VALUES
	('journal_list', 'staff'), ('journal_undo', 'staff');

-- The office whose business an entry is; NULL: of none, or of one that is gone. In
-- plpgsql, as all that is asked of each row: its plans outlive the call.
CREATE OR REPLACE FUNCTION kg.journal_office(j kg.journal) RETURNS int
LANGUAGE plpgsql STABLE AS $$
DECLARE
	-- as it became; an update tells only what it changed
	its jsonb := coalesce(j.before, '{}') || coalesce(j.after, '{}');
BEGIN
	CASE j.object
	WHEN 'office' THEN
		RETURN j.object_id::int;
	WHEN 'run' THEN
		RETURN coalesce((its ->> 'office_id')::int, (SELECT r.office_id
			FROM kg.run r WHERE r.id = j.object_id::int));
	WHEN 'venue' THEN
		RETURN coalesce((its ->> 'office_id')::int, (SELECT v.office_id
			FROM kg.venue v WHERE v.id = j.object_id::int));
	WHEN 'series' THEN
		RETURN coalesce((its ->> 'office_id')::int, (SELECT s.office_id
			FROM kg.series s WHERE s.id = j.object_id::int));
	WHEN 'session' THEN
		RETURN (SELECT r.office_id FROM kg.run r
			WHERE r.id = coalesce((its ->> 'run_id')::int, (SELECT s.run_id
				FROM kg.session s WHERE s.id = j.object_id::int)));
	WHEN 'agenda_item' THEN
		RETURN (SELECT s.office_id FROM kg.session s
			WHERE s.id = coalesce((its ->> 'session_id')::int,
				(SELECT a.session_id FROM kg.agenda_item a
				WHERE a.id = j.object_id::int)));
	WHEN 'session_teacher' THEN
		RETURN (SELECT s.office_id FROM kg.session s
			WHERE s.id = coalesce((its ->> 'session_id')::int,
				(SELECT t.session_id FROM kg.session_teacher t
				WHERE t.id = j.object_id::int)));
	WHEN 'room' THEN
		RETURN (SELECT v.office_id FROM kg.venue v
			WHERE v.id = coalesce((its ->> 'venue_id')::int,
				(SELECT r.venue_id FROM kg.room r
				WHERE r.id = j.object_id::int)));
	WHEN 'booking' THEN
		RETURN (SELECT v.office_id
			FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
			WHERE r.id = coalesce((its ->> 'room_id')::int, (SELECT b.room_id
				FROM kg.booking b WHERE b.id = j.object_id::int)));
	WHEN 'room_setup' THEN
		RETURN (SELECT v.office_id
			FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
			WHERE r.id = split_part(j.object_id, ':', 1)::int);
	ELSE
		RETURN NULL;
	END CASE;
END
$$;

CREATE OR REPLACE FUNCTION kg.journal_json(j kg.journal) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN jsonb_build_object('id', j.id, 'at', kg.api_instant(j.at),
		'transaction', j.xid::text, 'person_id', j.actor_id,
		'person', CASE WHEN NOT kg.api_pseudonyms() THEN (SELECT p.name
			FROM kg.person p WHERE p.id = j.actor_id) END,
		'why', j.why, 'action', j.action, 'object', j.object,
		'object_id', j.object_id,
		'office', (SELECT o.code FROM kg.office o
			WHERE o.id = kg.journal_office(j)),
		'before', j.before, 'after', j.after);
END
$$;

-- object and object_id (as the entries name them), person (who did it), office, from
-- and to (days), limit, cursor. The latest first. The calendar's entries are read by
-- those who see the office in full; places, catalogue and registries by all staff;
-- people and accounts by those who manage them, and auditors.
CREATE OR REPLACE FUNCTION kg.api_journal_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	seen int[] := kg.offices_seen(actor_id);
	sees_all bool := cardinality(seen) = (SELECT count(*) FROM kg.office);
	people bool := kg.may_somewhere(actor_id, 'accounts') OR kg.api_pseudonyms();
	days daterange := kg.api_days(input - 'week');
	size int := kg.api_limit(input);
	past jsonb := kg.api_after(input);
	its_office int := kg.api_office(input);
	zone text := 'Europe/Copenhagen';
BEGIN
	IF input ->> 'object_id' IS NOT NULL AND input ->> 'object' IS NULL THEN
		PERFORM kg.refuse('KG005', 'a number is one of some object',
			'name the object too', '{"fields": ["object"]}');
	END IF;
	RETURN kg.api_ok(kg.api_page((
		SELECT coalesce(jsonb_agg(jsonb_build_object('key', jsonb_build_array(p.id),
				'item', kg.journal_json(p)) ORDER BY p.id DESC), '[]')
		FROM (SELECT j.* FROM kg.journal j
			WHERE (input ->> 'object' IS NULL OR j.object = input ->> 'object')
				AND (input ->> 'object_id' IS NULL
					OR j.object_id = input ->> 'object_id')
				AND (input ->> 'person' IS NULL
					OR j.actor_id = (input ->> 'person')::int)
				AND (lower_inf(days)
					OR j.at >= lower(days)::timestamp AT TIME ZONE zone)
				AND (upper_inf(days)
					OR j.at < upper(days)::timestamp AT TIME ZONE zone)
				AND (past IS NULL OR j.id < (past ->> 0)::bigint)
				AND CASE WHEN j.object IN ('run', 'session', 'agenda_item',
						'session_teacher', 'booking', 'series')
					THEN sees_all OR seen <> '{}'
						AND kg.journal_office(j) = ANY (seen)
					WHEN j.object IN ('seminar', 'seminar_tag', 'season',
						'period', 'venue', 'room', 'room_setup', 'office',
						'region', 'municipality', 'municipality_region',
						'council_seats', 'election', 'holiday', 'site')
					THEN true
					ELSE people END
				AND (its_office IS NULL OR kg.journal_office(j) = its_office)
			ORDER BY j.id DESC LIMIT size + 1) AS p), size));
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
