-- Undo: a new change, made from the journal. It takes back all that one transaction
-- did, or nothing; what somebody has built upon since, it refuses to take away.
--
-- What a transaction did to one row is one step: from what the row was before its
-- first entry to what it was after its last. A step that added a row is undone by
-- deleting it, or, since calendars must hear of it, by cancelling it: runs and sessions
-- that were published, and bookings.
SET LOCAL ROLE kattegat_owner;

-- The tables that can be undone, parents first, and what one must be allowed.
CREATE OR REPLACE FUNCTION kg.undo_tables()
RETURNS TABLE (object text, place int, verb text)
LANGUAGE sql IMMUTABLE AS $$
	VALUES ('seminar', 1, 'catalogue'), ('seminar_tag', 2, 'catalogue'),
		('season', 3, 'catalogue'), ('period', 4, 'catalogue'),
		('venue', 5, 'places'), ('room', 6, 'places'),
		('room_setup', 7, 'places'), ('series', 8, 'calendar'),
		('run', 9, 'calendar'), ('session', 10, 'calendar'),
		('agenda_item', 11, 'calendar'), ('booking', 12, 'calendar'),
		('session_teacher', 13, 'calendar')
$$;

-- Columns that triggers make from others: they follow, and are in nobody's way.
CREATE OR REPLACE FUNCTION kg.undo_made() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
	SELECT array['last_change', 'cancelled_at', 'cancelled_with_run',
		'status_before_cancel', 'published_at', 'setup_capacity', 'catering_due',
		'created_at', 'uid']
$$;

-- The steps of a transaction. before NULL: it added the row; after NULL: it took it
-- away. Holds that ran out meanwhile are no step of anybody's, and neither is what the
-- site makes of it.
CREATE OR REPLACE FUNCTION kg.undo_steps(j kg.journal)
RETURNS TABLE (object text, object_id text, before jsonb, after jsonb, place int,
	verb text)
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	WITH rows AS (SELECT x.* FROM kg.journal x
		-- numbers begin again after a dump, the time does not
		WHERE x.xid = j.xid AND x.at = j.at AND x.object <> 'site'
			AND (x.object <> 'booking' OR x.action <> 'update'
				OR x.after ->> 'status' IS DISTINCT FROM 'expired')),
	ends AS (SELECT r.object, r.object_id,
			(array_agg(r.action ORDER BY r.id))[1] AS first,
			(array_agg(r.action ORDER BY r.id DESC))[1] AS last
		FROM rows r GROUP BY r.object, r.object_id),
	columns AS (SELECT r.object, r.object_id, c.key,
			(array_agg(r.before -> c.key ORDER BY r.id)
				FILTER (WHERE r.before ? c.key))[1] AS before,
			(array_agg(r.after -> c.key ORDER BY r.id DESC)
				FILTER (WHERE r.after ? c.key))[1] AS after
		FROM rows r CROSS JOIN LATERAL jsonb_object_keys(
			coalesce(r.before, '{}') || coalesce(r.after, '{}')) AS c (key)
		GROUP BY r.object, r.object_id, c.key)
	SELECT e.object, e.object_id,
		CASE WHEN e.first <> 'insert' THEN coalesce((SELECT
			jsonb_object_agg(c.key, c.before) FROM columns c
			WHERE c.object = e.object AND c.object_id = e.object_id
				AND c.before IS NOT NULL
				AND (e.last = 'delete' OR c.before IS DISTINCT FROM c.after)),
			'{}') END,
		CASE WHEN e.last <> 'delete' THEN coalesce((SELECT
			jsonb_object_agg(c.key, c.after) FROM columns c
			WHERE c.object = e.object AND c.object_id = e.object_id
				AND c.after IS NOT NULL
				AND (e.first = 'insert' OR c.before IS DISTINCT FROM c.after)),
			'{}') END,
		t.place, t.verb
	FROM ends e LEFT JOIN kg.undo_tables() AS t ON t.object = e.object
	WHERE e.first <> 'insert' OR e.last <> 'delete'
	ORDER BY t.place, e.object_id
$$;

-- The same, as kg.journal_undo() keeps them: read once, since they are asked often.
CREATE OR REPLACE FUNCTION kg.undo_each(steps jsonb)
RETURNS TABLE (object text, object_id text, before jsonb, after jsonb, place int,
	verb text)
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT * FROM jsonb_to_recordset(steps) AS s (object text, object_id text,
		before jsonb, after jsonb, place int, verb text)
$$;

CREATE OR REPLACE FUNCTION kg.undo_has(steps jsonb, object text, object_id text)
RETURNS bool LANGUAGE sql IMMUTABLE AS $$
	SELECT $1 @> pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object(
		'object', $2, 'object_id', $3))
$$;

-- The condition that finds a row by the journal's name for it, $1.
CREATE OR REPLACE FUNCTION kg.undo_key(object text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE $1 WHEN 'room_setup' THEN 't.room_id || '':'' || t.setup = $1'
		WHEN 'seminar_tag' THEN 't.seminar_id || '':'' || t.tag = $1'
		ELSE 't.id = $1::int' END
$$;

-- A row as it is now, locked; NULL: there is none.
CREATE OR REPLACE FUNCTION kg.undo_row(object text, object_id text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	row_is jsonb;
BEGIN
	EXECUTE format('SELECT to_jsonb(t) FROM kg.%I t WHERE %s FOR NO KEY UPDATE',
		object, kg.undo_key(object)) INTO row_is USING object_id;
	RETURN row_is;
END
$$;

-- What rests on a row: it goes with it, or stands in the way of its going.
CREATE OR REPLACE FUNCTION kg.undo_rests(object text, id int)
RETURNS TABLE (object text, object_id text)
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT 'session', s.id::text FROM kg.session s
		WHERE $1 = 'run' AND s.run_id = $2 OR $1 = 'venue' AND s.venue_id = $2
	UNION ALL SELECT 'run', r.id::text FROM kg.run r
		WHERE $1 = 'season' AND r.season_id = $2
			OR $1 = 'period' AND r.period_id = $2
			OR $1 = 'seminar' AND r.seminar_id = $2
			OR $1 = 'venue' AND r.venue_id = $2
	UNION ALL SELECT 'season', n.id::text FROM kg.season n
		WHERE $1 = 'seminar' AND n.seminar_id = $2
	UNION ALL SELECT 'period', p.id::text FROM kg.period p
		WHERE $1 = 'season' AND p.season_id = $2
	UNION ALL SELECT 'seminar_tag', g.seminar_id || ':' || g.tag
		FROM kg.seminar_tag g WHERE $1 = 'seminar' AND g.seminar_id = $2
	UNION ALL SELECT 'room', r.id::text FROM kg.room r
		WHERE $1 = 'venue' AND r.venue_id = $2
	UNION ALL SELECT 'room_setup', u.room_id || ':' || u.setup
		FROM kg.room_setup u WHERE $1 = 'room' AND u.room_id = $2
	UNION ALL SELECT 'booking', b.id::text FROM kg.booking b
		WHERE $1 = 'room' AND b.room_id = $2
			OR b.status IN ('held', 'confirmed')
				AND ($1 = 'session' AND b.session_id = $2
					OR $1 = 'series' AND b.series_id = $2)
	UNION ALL SELECT 'session_teacher', t.id::text FROM kg.session_teacher t
		WHERE $1 = 'session' AND t.session_id = $2 AND t.status <> 'declined'
	UNION ALL SELECT 'agenda_item', a.id::text FROM kg.agenda_item a
		WHERE $1 = 'session' AND a.session_id = $2
$$;

-- What belongs together in a row: a room is chosen for a time, a time for a room. To
-- set one of them back while another has changed makes a thing that nobody chose.
CREATE OR REPLACE FUNCTION kg.undo_groups(object text)
RETURNS TABLE (columns text[]) LANGUAGE sql IMMUTABLE AS $$
	SELECT string_to_array(g.columns, ' ') FROM (VALUES
		('booking', 'room_id parts starts_local ends_local zone setup_min '
			'clear_min room_setup head_count status'),
		('booking', 'status expires_at'),
		('booking', 'catering_count catering_days catering_diets'),
		('session', 'starts_local ends_local zone venue_id online_url status'),
		('agenda_item', 'no starts_min ends_min title title_en format'),
		('run', 'capacity min_participants'),
		('run', 'season_id period_id'),
		('series', 'title kind rule'),
		('period', 'no starts_on ends_on'),
		('venue', 'street postcode town lat lon'),
		('room', 'venue_id parts'),
		('room', 'default_setup setup_min clear_min'),
		('room_setup', 'capacity setup_min clear_min'),
		('session_teacher', 'person_id status')) AS g (object, columns)
	WHERE g.object = $1
$$;

-- What a row's columns were at the end of a transaction: those that it set, and those
-- that belong together with them and have changed since, by their first change.
CREATE OR REPLACE FUNCTION kg.undo_then(object text, object_id text, after jsonb,
	after_id bigint)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT coalesce((SELECT jsonb_object_agg(f.key, f.was) FROM (
			SELECT DISTINCT ON (k.key) k.key, j.before -> k.key AS was
			FROM kg.journal j CROSS JOIN jsonb_object_keys(j.after) AS k (key)
			WHERE j.object = $1 AND j.object_id = $2 AND j.id > $4
				AND j.action = 'update'
				AND EXISTS (SELECT FROM kg.undo_groups($1) AS g
					WHERE k.key = ANY (g.columns) AND $3 ?| g.columns)
			ORDER BY k.key, j.id) AS f), '{}') || $3
$$;

-- Entries after a transaction's last that touched a thing in these columns (NULL:
-- any), as DETAIL tells them: to whom may not read the entry, not who and why.
CREATE OR REPLACE FUNCTION kg.undo_later(object text, object_id text, after_id bigint,
	columns text[])
RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('journal_id', x.id,
			'object', x.object, 'object_id', x.object_id, 'action', x.action,
			'at', kg.api_instant(x.at),
			'at_local', kg.api_local(kg.local_at(x.at)), 'columns', x.keys)
			|| CASE WHEN x.seen THEN jsonb_build_object(
				'person_id', x.actor_id, 'why', x.why,
				'person', CASE WHEN NOT kg.api_pseudonyms() THEN (SELECT
					p.name FROM kg.person p WHERE p.id = x.actor_id)
					END) ELSE '{}' END ORDER BY x.id), '[]')
		FROM (SELECT j.*, (SELECT coalesce(jsonb_agg(k ORDER BY k), '[]')
				FROM jsonb_object_keys(j.after) AS k
				WHERE j.action = 'update' AND k <> 'series_own'
					AND k <> ALL (kg.undo_made())) AS keys,
				coalesce(j.office_id = ANY (kg.offices_seen(
					kg.actor())), true) AS seen
			FROM kg.journal j
			WHERE j.object = $1 AND j.object_id = $2 AND j.id > $3
				AND (j.action <> 'update' OR $4 IS NULL OR j.after ?| $4)
			ORDER BY j.id LIMIT 20) AS x);
END
$$;

-- The same; and if the journal knows of nothing, at least the thing itself.
CREATE OR REPLACE FUNCTION kg.undo_told(object text, object_id text, after_id bigint,
	columns text[])
RETURNS jsonb LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT coalesce(nullif(kg.undo_later($1, $2, $3, $4), '[]'), jsonb_build_array(
		jsonb_build_object('object', $1, 'object_id', $2, 'columns', $4)))
$$;

-- Columns as the table has them now: a time looks the same from every zone.
CREATE OR REPLACE FUNCTION kg.undo_typed(object text, values_are jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	typed jsonb;
BEGIN
	EXECUTE format('SELECT to_jsonb(jsonb_populate_record(NULL::kg.%I, $1))', object)
		INTO typed USING values_are;
	RETURN kg.row_only(typed, array(SELECT jsonb_object_keys(values_are)))
		- kg.undo_made();
END
$$;

-- The offices that a step is the business of; NULL: of none.
CREATE OR REPLACE FUNCTION kg.undo_offices(object text, whole jsonb) RETURNS int[]
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT CASE object
	WHEN 'run' THEN array[(whole ->> 'office_id')::int]
	WHEN 'series' THEN array[(whole ->> 'office_id')::int]
	WHEN 'venue' THEN array[(whole ->> 'office_id')::int]
	WHEN 'session' THEN array(SELECT r.office_id FROM kg.run r
		WHERE r.id = (whole ->> 'run_id')::int)
	WHEN 'room' THEN array(SELECT v.office_id FROM kg.venue v
		WHERE v.id = (whole ->> 'venue_id')::int)
	WHEN 'room_setup' THEN array(SELECT v.office_id FROM kg.venue v
			JOIN kg.room r ON r.venue_id = v.id
		WHERE r.id = (whole ->> 'room_id')::int)
	WHEN 'booking' THEN array(SELECT v.office_id FROM kg.venue v
			JOIN kg.room r ON r.venue_id = v.id
		WHERE r.id = (whole ->> 'room_id')::int)
	WHEN 'agenda_item' THEN array(SELECT s.office_id FROM kg.session s
		WHERE s.id = (whole ->> 'session_id')::int)
	WHEN 'session_teacher' THEN array(SELECT s.office_id FROM kg.session s
		WHERE s.id = (whole ->> 'session_id')::int)
	ELSE array[NULL::int] END
$$;

-- Everything that the steps will take: runs, then atoms, then teachers, each in order;
-- holds that are due expire. The rows are read before the locks, and again after.
CREATE OR REPLACE FUNCTION kg.undo_lock(steps jsonb, sessions int[], bookings int[])
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	atoms int4multirange;
BEGIN
	PERFORM pg_advisory_xact_lock(3, run_id) FROM (
		SELECT s.run_id FROM kg.session s WHERE s.id = ANY (sessions)
		UNION SELECT t.object_id::int FROM kg.undo_each(steps) AS t
			WHERE t.object = 'run'
		UNION SELECT s.run_id FROM kg.booking b
				JOIN kg.session s ON s.id = b.session_id
			WHERE b.id = ANY (bookings)
		ORDER BY 1) AS ordered;
	SELECT coalesce(range_agg(p.parts), '{}') INTO atoms FROM (
		SELECT b.parts FROM kg.booking b
			WHERE b.id = ANY (bookings) OR b.session_id = ANY (sessions)
		UNION ALL SELECT r.parts FROM kg.undo_each(steps) AS t
			JOIN kg.room r ON r.id IN ((t.before ->> 'room_id')::int,
				(t.after ->> 'room_id')::int)
			WHERE t.object = 'booking'
		UNION ALL SELECT p FROM kg.undo_each(steps) AS t
			CROSS JOIN LATERAL (VALUES
				((t.before ->> 'parts')::int4multirange),
				((t.after ->> 'parts')::int4multirange)) AS v (p)
			WHERE t.object IN ('room', 'booking') AND p IS NOT NULL
	) AS p;
	PERFORM kg.lock_atoms(atoms);
	PERFORM kg.lock_persons(array(SELECT t.person_id FROM kg.session_teacher t
		WHERE t.session_id = ANY (sessions)
		UNION SELECT (t.before ->> 'person_id')::int FROM kg.undo_each(steps) AS t
			WHERE t.object = 'session_teacher'
				AND t.before ->> 'person_id' IS NOT NULL));
	PERFORM kg.holds_expire(atoms);
END
$$;

-- Does the actor's permission reach every step? Raises KG001; KG006 for what is never
-- undone: people, accounts, links and registries have ways of their own.
CREATE OR REPLACE FUNCTION kg.undo_may_must(actor int, steps jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	step record;
	whole jsonb;
BEGIN
	FOR step IN SELECT * FROM kg.undo_each(steps) LOOP
		IF step.place IS NULL THEN
			PERFORM kg.wrong_state(format('a change of %s is not undone',
				step.object), 'change it again, by its own means');
		END IF;
		whole := coalesce(kg.undo_row(step.object, step.object_id), '{}')
			|| coalesce(step.after, '{}');
		whole := coalesce(nullif(whole, '{}'), step.before);
		-- a booking that only went along with its session is its run's business
		CONTINUE WHEN step.object = 'booking' AND NOT coalesce(step.before, '{}')
				? 'room_id' AND step.before IS NOT NULL
			AND kg.undo_has(steps, 'session', whole ->> 'session_id');
		PERFORM kg.may_must(actor, step.verb, o)
		FROM unnest(kg.undo_offices(step.object, whole)
			|| kg.undo_offices(step.object, whole
				|| coalesce(step.before, '{}'))) AS o;
	END LOOP;
END
$$;

-- What is called off is in nobody's way: it stays, and so does what it needs.
CREATE OR REPLACE FUNCTION kg.undo_held(object text, object_id text) RETURNS bool
LANGUAGE sql STABLE AS $$
	SELECT CASE $1
	WHEN 'run' THEN EXISTS (SELECT FROM kg.run r
		WHERE r.id = $2::int AND r.status <> 'cancelled')
	WHEN 'session' THEN EXISTS (SELECT FROM kg.session s
		WHERE s.id = $2::int AND s.status <> 'cancelled')
	ELSE true END
$$;

-- What has been built upon the steps since, as undo_later() tells it.
CREATE OR REPLACE FUNCTION kg.undo_in_the_way(steps jsonb, last_id bigint)
RETURNS jsonb LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	step record;
	row_is jsonb;
	differs text[];
	later jsonb := '[]';
BEGIN
	FOR step IN SELECT * FROM kg.undo_each(steps) LOOP
		row_is := kg.undo_row(step.object, step.object_id);
		IF (step.after IS NULL) <> (row_is IS NULL) THEN
			later := later || kg.undo_told(step.object, step.object_id, last_id,
				NULL);
			CONTINUE;
		END IF;
		SELECT array_agg(c.key) INTO differs
		FROM jsonb_each(kg.undo_typed(step.object, kg.undo_then(step.object,
			step.object_id, step.after, last_id))) AS c
		WHERE c.value IS DISTINCT FROM row_is -> c.key
			AND c.key <> 'series_own';
		IF differs IS NOT NULL THEN
			later := later || kg.undo_told(step.object, step.object_id, last_id,
				differs);
		END IF;
		-- what was added to it, or, where it moved, to its new time and place
		CONTINUE WHEN NOT row_is ? 'id' OR step.before IS NOT NULL AND NOT (
			step.object = 'session' AND step.before ?| array['starts_local',
				'ends_local', 'venue_id', 'zone', 'status']);
		later := later || coalesce((SELECT jsonb_agg(l)
			FROM kg.undo_rests(step.object, (row_is ->> 'id')::int) AS r
				CROSS JOIN LATERAL jsonb_array_elements(kg.undo_later(r.object,
					r.object_id, last_id, array['starts_local', 'ends_local',
					'room_id', 'status'])) AS l
			WHERE (step.before IS NULL OR r.object <> 'agenda_item')
				AND NOT kg.undo_has(steps, r.object, r.object_id)
				AND kg.undo_held(r.object, r.object_id)), '[]');
	END LOOP;
	-- each once
	RETURN (SELECT coalesce(jsonb_agg(l ORDER BY (l ->> 'journal_id')::bigint), '[]')
		FROM (SELECT DISTINCT l FROM jsonb_array_elements(later) AS l
			ORDER BY l LIMIT 100) AS u);
END
$$;

-- Sets columns of a row to what they were.
CREATE OR REPLACE FUNCTION kg.undo_update(object text, object_id text, values_are jsonb)
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	columns text := (SELECT string_agg(format('%I = w.%1$I', k), ', ' ORDER BY k)
		FROM jsonb_object_keys(values_are - kg.undo_made()) AS k
		WHERE NOT (object = 'booking' AND k = 'parts'));
BEGIN
	IF columns IS NOT NULL THEN
		EXECUTE format('UPDATE kg.%1$I t SET %2$s
			FROM jsonb_populate_record(NULL::kg.%1$I, $2) AS w WHERE %3$s', object,
			columns, kg.undo_key(object)) USING object_id, values_are;
	END IF;
END
$$;

-- Brings a row back that was taken away, with its number and UID.
CREATE OR REPLACE FUNCTION kg.undo_insert(object text, values_are jsonb)
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	columns text := (SELECT string_agg(quote_ident(k), ', ' ORDER BY k)
		FROM jsonb_object_keys(values_are) AS k);
BEGIN
	EXECUTE format('INSERT INTO kg.%1$I (%2$s) OVERRIDING SYSTEM VALUE
		SELECT %2$s FROM jsonb_populate_record(NULL::kg.%1$I, $1)', object,
		columns) USING values_are;
END
$$;

-- Takes a row away that was added; calendars hear of it where they know it.
CREATE OR REPLACE FUNCTION kg.undo_delete(object text, object_id text)
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	IF object = 'booking' THEN
		UPDATE kg.booking SET status = 'cancelled', status_before_cancel = NULL
		WHERE id = object_id::int AND status IN ('held', 'confirmed', 'cancelled');
	ELSIF object = 'run' AND EXISTS (SELECT FROM kg.run r
		WHERE r.id = object_id::int AND r.published_at IS NOT NULL) THEN
		UPDATE kg.run SET status = 'cancelled' WHERE id = object_id::int;
	ELSIF object = 'session' AND EXISTS (SELECT FROM kg.session s
			JOIN kg.run r ON r.id = s.run_id
		WHERE s.id = object_id::int AND r.published_at IS NOT NULL) THEN
		UPDATE kg.session SET status = 'cancelled' WHERE id = object_id::int;
	ELSIF object = 'agenda_item' AND EXISTS (SELECT FROM kg.agenda_item a
			JOIN kg.session s ON s.id = a.session_id
		WHERE a.id = object_id::int AND s.status = 'cancelled') THEN
		RETURN;		-- the programme of a day that is called off
	ELSIF object = 'series' OR EXISTS (
		SELECT FROM kg.undo_rests(CASE object WHEN 'seminar_tag' THEN 'seminar'
			ELSE object END, split_part(object_id, ':', 1)::int) AS r
		WHERE undo_delete.object <> 'room_setup'
			AND r.object IN ('season', 'period', 'run', 'session', 'room')) THEN
		RETURN;		-- what is called off still needs it
	ELSE
		EXECUTE format('DELETE FROM kg.%I t WHERE %s', object,
			kg.undo_key(object)) USING object_id;
	END IF;
END
$$;

-- The columns to set back; of what a booking has of its own, which its series does not
-- touch, only what the step made so.
CREATE OR REPLACE FUNCTION kg.undo_before(object text, object_id text, before jsonb,
	after jsonb)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT CASE WHEN $1 = 'booking' AND $4 ? 'series_own' THEN $3 || (
		SELECT jsonb_build_object('series_own', coalesce(jsonb_agg(o ORDER BY o), '[]'))
		FROM (SELECT o FROM kg.booking b, unnest(b.series_own) AS o
			WHERE b.id = $2::int AND (NOT $4 -> 'series_own' ? o
				OR $3 -> 'series_own' ? o)
			UNION SELECT jsonb_array_elements_text($3 -> 'series_own')) AS u (o))
		ELSE $3 END
$$;

-- All steps: what was added last goes first, then parents before children are set to
-- what they were.
CREATE OR REPLACE FUNCTION kg.undo_apply(steps jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	step record;
	rule text;
BEGIN
	PERFORM kg.series_together(true);
	-- a run's days are called off by the run, to come back with it
	FOR step IN SELECT * FROM kg.undo_each(steps) AS t WHERE t.before IS NULL
		ORDER BY t.object <> 'run' OR NOT EXISTS (SELECT FROM kg.run r
				WHERE r.id = t.object_id::int AND r.published_at IS NOT NULL),
			t.place DESC, t.object_id DESC
	LOOP
		PERFORM kg.undo_delete(step.object, step.object_id);
	END LOOP;
	FOR step IN SELECT * FROM kg.undo_each(steps) AS t WHERE t.before IS NOT NULL
		ORDER BY t.place, t.object_id
	LOOP
		IF step.after IS NULL THEN
			PERFORM kg.undo_insert(step.object, step.before);
		ELSE
			PERFORM kg.undo_update(step.object, step.object_id,
				kg.undo_before(step.object, step.object_id, step.before,
					step.after));
		END IF;
	END LOOP;
	-- who holds a run's version knew its days
	UPDATE kg.run r SET version = r.version + 1
	WHERE r.id IN (SELECT s.run_id FROM kg.undo_each(steps) AS t
			JOIN kg.session s ON s.id = t.object_id::int
			WHERE t.object = 'session' AND t.before IS NOT NULL)
		AND NOT kg.undo_has(steps, 'run', r.id::text);
	PERFORM kg.series_together(false);
	IF EXISTS (SELECT FROM kg.booking b
		WHERE b.status = 'held' AND b.expires_at <= kg.now()
			AND kg.undo_has(steps, 'booking', b.id::text)) THEN
		PERFORM kg.wrong_state('the hold has run out', 'book anew');
	END IF;
EXCEPTION WHEN integrity_constraint_violation THEN
	GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME;
	PERFORM kg.refuse('KG006', 'something else stands against it now',
		'the rule is ' || rule, jsonb_build_object('rule', rule));
END
$$;

-- Takes back what the transaction of one entry did. Raises KG001, KG004; KG006 when it
-- is undone already, is never undone, or somebody built upon it: DETAIL is {"later":
-- [{journal_id, object, object_id, action, person_id, person, at, why, columns}]}; KG007
-- when a room or a teacher is taken now. The object of the answer is the undo's first entry.
CREATE OR REPLACE FUNCTION kg.journal_undo(actor int, why text, journal_id bigint)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	j kg.journal;
	steps jsonb;
	last_id bigint;
	sessions int[];
	bookings int[];
	later jsonb;
BEGIN
	SELECT * INTO j FROM kg.journal x WHERE x.id = journal_undo.journal_id;
	IF NOT FOUND THEN
		PERFORM kg.missing('entry ' || journal_undo.journal_id
			|| ' of the journal');
	END IF;
	PERFORM kg.write_begin(actor, why);
	-- one undo at a time
	PERFORM pg_advisory_xact_lock(5, 1);
	SELECT max(x.id) INTO last_id FROM kg.journal x
	WHERE x.xid = j.xid AND x.at = j.at;
	SELECT jsonb_agg(to_jsonb(t) ORDER BY t.place, t.object_id) INTO steps
	FROM kg.undo_steps(j) AS t;
	IF steps IS NULL THEN
		PERFORM kg.wrong_state('nothing is left of this change to undo',
			'another entry of the journal');
	END IF;
	sessions := array(SELECT t.object_id::int FROM kg.undo_each(steps) AS t
			WHERE t.object = 'session'
		UNION SELECT s.id FROM kg.undo_each(steps) AS t
			JOIN kg.session s ON s.run_id = t.object_id::int
			WHERE t.object = 'run'
		UNION SELECT (coalesce(t.before, t.after) ->> 'session_id')::int
			FROM kg.undo_each(steps) AS t WHERE t.object = 'session_teacher'
		UNION SELECT p.session_id FROM kg.session_teacher p
			WHERE kg.undo_has(steps, 'session_teacher', p.id::text));
	bookings := array(SELECT t.object_id::int FROM kg.undo_each(steps) AS t
			WHERE t.object = 'booking'
		UNION SELECT b.id FROM kg.booking b WHERE b.session_id = ANY (sessions)
		UNION SELECT b.id FROM kg.undo_each(steps) AS t
			JOIN kg.booking b ON b.room_id = t.object_id::int
			WHERE t.object = 'room' AND t.before ? 'parts');
	PERFORM kg.undo_lock(steps, sessions, bookings);
	PERFORM kg.undo_may_must(actor, steps);
	later := kg.undo_in_the_way(steps, last_id);
	IF later <> '[]' THEN
		PERFORM kg.refuse('KG006', 'somebody has built upon this change since',
			'undo what came later first', jsonb_build_object('later', later));
	END IF;
	PERFORM kg.collisions_wait();
	PERFORM kg.undo_apply(steps);
	PERFORM kg.collisions_must_not(bookings, sessions);
	RETURN kg.write_end(true, 'journal', (SELECT min(x.id)::text
		FROM kg.journal x WHERE x.xid = pg_current_xact_id()), NULL);
END
$$;
