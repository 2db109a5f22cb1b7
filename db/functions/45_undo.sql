-- Undo: a new change, made from the journal. It takes back all that one transaction
-- did, or nothing; what somebody has built upon since, it refuses to take away.
--
-- What a transaction did to one row is one step: from what the row was before its
-- first entry to what it was after its last. A step that added a row is undone by
-- deleting it, or, since calendars must hear of it, by cancelling it: runs and sessions
-- that were published, and bookings.
SET LOCAL ROLE kattegat_owner;

-- The tables that can be undone, parents first, what one must be allowed, and the
-- column that leads to the office whose business a row is.
CREATE OR REPLACE FUNCTION kg.undo_tables()
RETURNS TABLE (object text, place int, verb text, owner text)
LANGUAGE sql IMMUTABLE AS $$
	VALUES ('seminar', 1, 'catalogue', NULL), ('seminar_tag', 2, 'catalogue', NULL),
		('season', 3, 'catalogue', NULL), ('period', 4, 'catalogue', NULL),
		('venue', 5, 'places', 'office_id'), ('room', 6, 'places', 'venue_id'),
		('room_setup', 7, 'places', 'room_id'),
		('series', 8, 'calendar', 'office_id'),
		('run', 9, 'calendar', 'office_id'), ('session', 10, 'calendar', 'run_id'),
		('agenda_item', 11, 'calendar', 'session_id'),
		('booking', 12, 'calendar', 'room_id'),
		('session_teacher', 13, 'calendar', 'session_id')
$$;

-- Columns that triggers make from others: they follow, and are in nobody's way.
CREATE OR REPLACE FUNCTION kg.undo_made() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
	SELECT array['last_change', 'cancelled_at', 'cancelled_with_run',
		'status_before_cancel', 'published_at', 'setup_capacity', 'catering_due',
		'created_at', 'uid']
$$;

-- The entries of a transaction. Holds that ran out meanwhile are no step of anybody's,
-- and neither is what the site makes of it.
CREATE OR REPLACE FUNCTION kg.undo_entries(j kg.journal) RETURNS SETOF kg.journal
LANGUAGE sql STABLE AS $$
	SELECT x.* FROM kg.journal x
	-- numbers begin again after a dump, the time does not
	WHERE x.xid = j.xid AND x.at = j.at AND x.object <> 'site'
		AND (x.object <> 'booking' OR x.action <> 'update'
			OR x.after ->> 'status' IS DISTINCT FROM 'expired')
$$;

-- The steps of a transaction. before NULL: it added the row; after NULL: it took it
-- away.
CREATE OR REPLACE FUNCTION kg.undo_steps(j kg.journal) RETURNS kg.undo_step[]
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	WITH rows AS MATERIALIZED (SELECT * FROM kg.undo_entries(j)),
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
		GROUP BY r.object, r.object_id, c.key),
	steps AS (SELECT e.object, e.object_id,
			CASE WHEN e.first <> 'insert' THEN coalesce(
				jsonb_object_agg(c.key, c.before) FILTER (WHERE c.before
					IS NOT NULL AND (e.last = 'delete'
						OR c.before IS DISTINCT FROM c.after)), '{}') END,
			CASE WHEN e.last <> 'delete' THEN coalesce(
				jsonb_object_agg(c.key, c.after) FILTER (WHERE c.after
					IS NOT NULL AND (e.first = 'insert'
						OR c.before IS DISTINCT FROM c.after)), '{}') END,
			t.place
		FROM ends e JOIN kg.undo_tables() AS t ON t.object = e.object
			LEFT JOIN columns c ON c.object = e.object
				AND c.object_id = e.object_id
		WHERE e.first <> 'insert' OR e.last <> 'delete'
		GROUP BY e.object, e.object_id, e.first, e.last, t.place)
	SELECT array_agg(s::kg.undo_step ORDER BY s.place, s.object_id) FROM steps s
$$;

-- The condition that finds the row t of a step s by the journal's name for it.
CREATE OR REPLACE FUNCTION kg.undo_key(object text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE $1
		WHEN 'room_setup' THEN 't.room_id || '':'' || t.setup = s.object_id'
		WHEN 'seminar_tag' THEN 't.seminar_id || '':'' || t.tag = s.object_id'
		ELSE 't.id = s.object_id::int' END
$$;

-- Locks the rows of all steps that are still there, always in the same order.
CREATE OR REPLACE FUNCTION kg.undo_lock_rows(steps kg.undo_step[]) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	its record;
BEGIN
	FOR its IN SELECT s.object, array_agg(s) AS steps FROM unnest(steps) AS s
		GROUP BY s.object, s.place ORDER BY s.place
	LOOP
		EXECUTE format('SELECT FROM unnest($1) AS s JOIN kg.%I t ON %s
			ORDER BY length(s.object_id), s.object_id FOR NO KEY UPDATE OF t',
			its.object, kg.undo_key(its.object)) USING its.steps;
	END LOOP;
END
$$;

-- What rests on the rows of steps: it goes with them, or stands in the way of their
-- going. What is called off is in nobody's way (held: false): it stays, and so does
-- what it needs.
CREATE OR REPLACE FUNCTION kg.undo_rests(steps kg.undo_step[])
RETURNS TABLE (of_object text, of_id text, object text, object_id text, held bool)
LANGUAGE sql STABLE AS $$
	SELECT s.object, s.object_id, r.*
	FROM unnest($1) AS s
		CROSS JOIN LATERAL (SELECT split_part(s.object_id, ':', 1)::int) AS n (id)
		CROSS JOIN LATERAL (
	SELECT 'session', x.id::text, x.status <> 'cancelled' FROM kg.session x
		WHERE s.object = 'run' AND x.run_id = n.id
	UNION ALL SELECT 'session', x.id::text, x.status <> 'cancelled'
		FROM kg.session x WHERE s.object = 'venue' AND x.venue_id = n.id
	UNION ALL SELECT 'run', x.id::text, x.status <> 'cancelled' FROM kg.run x
		WHERE s.object = 'season' AND x.season_id = n.id
			OR s.object = 'period' AND x.period_id = n.id
			OR s.object = 'seminar' AND x.seminar_id = n.id
			OR s.object = 'venue' AND x.venue_id = n.id
	UNION ALL SELECT 'season', x.id::text, true FROM kg.season x
		WHERE s.object = 'seminar' AND x.seminar_id = n.id
	UNION ALL SELECT 'period', x.id::text, true FROM kg.period x
		WHERE s.object = 'season' AND x.season_id = n.id
	UNION ALL SELECT 'seminar_tag', x.seminar_id || ':' || x.tag, true
		FROM kg.seminar_tag x WHERE s.object = 'seminar' AND x.seminar_id = n.id
	UNION ALL SELECT 'room', x.id::text, true FROM kg.room x
		WHERE s.object = 'venue' AND x.venue_id = n.id
	UNION ALL SELECT 'room_setup', x.room_id || ':' || x.setup, true
		FROM kg.room_setup x WHERE s.object = 'room' AND x.room_id = n.id
	UNION ALL SELECT 'booking', x.id::text, true FROM kg.booking x
		WHERE s.object = 'room' AND x.room_id = n.id
	UNION ALL SELECT 'booking', x.id::text, true FROM kg.booking x
		WHERE x.status IN ('held', 'confirmed') AND s.object = 'session'
			AND x.session_id = n.id
	UNION ALL SELECT 'booking', x.id::text, true FROM kg.booking x
		WHERE x.status IN ('held', 'confirmed') AND s.object = 'series'
			AND x.series_id = n.id
	UNION ALL SELECT 'session_teacher', x.id::text, true
		FROM kg.session_teacher x WHERE s.object = 'session'
			AND x.session_id = n.id AND x.status <> 'declined'
	UNION ALL SELECT 'agenda_item', x.id::text, true FROM kg.agenda_item x
		WHERE s.object = 'session' AND x.session_id = n.id) AS r
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

-- Columns that belong together with those that a step set, and have changed since: what
-- they were before their first change.
CREATE OR REPLACE FUNCTION kg.undo_since(steps kg.undo_step[], last_id bigint)
RETURNS TABLE (object text, object_id text, was jsonb)
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT f.object, f.object_id, jsonb_object_agg(f.key, f.was)
	FROM (SELECT DISTINCT ON (s.object, s.object_id, k.key) s.object, s.object_id,
			k.key, j.before -> k.key AS was
		FROM unnest($1) AS s
			JOIN kg.journal j ON j.object = s.object
				AND j.object_id = s.object_id AND j.id > $2
				AND j.action = 'update'
			CROSS JOIN jsonb_object_keys(j.after) AS k (key)
		WHERE EXISTS (SELECT FROM kg.undo_groups(s.object) AS g
			WHERE k.key = ANY (g.columns) AND s.after ?| g.columns)
		ORDER BY s.object, s.object_id, k.key, j.id) AS f
	GROUP BY f.object, f.object_id
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

-- Each step with the row that is there now (NULL: none), and the columns in which it is
-- no more what it was at the end of the transaction. A time looks the same from every
-- zone.
CREATE OR REPLACE FUNCTION kg.undo_now(steps kg.undo_step[], last_id bigint)
RETURNS TABLE (step kg.undo_step, row_is jsonb, differs text[])
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	its record;
BEGIN
	FOR its IN SELECT s.object, array_agg(s) AS steps FROM unnest(steps) AS s
		GROUP BY s.object, s.place ORDER BY s.place
	LOOP
		RETURN QUERY EXECUTE format('SELECT s, r.is_now, CASE WHEN t IS DISTINCT FROM
			NULL THEN (SELECT array_agg(c.key)
				FROM jsonb_each(to_jsonb(jsonb_populate_record(NULL::kg.%1$I,
					coalesce(w.was, ''{}'') || s.after))) AS c
				WHERE (s.after ? c.key OR w.was ? c.key)
					AND c.key <> ALL (kg.undo_made() || ''series_own''::text)
					AND c.value IS DISTINCT FROM r.is_now -> c.key) END
			FROM unnest($1) AS s LEFT JOIN kg.%1$I t ON %2$s
				LEFT JOIN kg.undo_since($1, $2) AS w
					ON w.object_id = s.object_id
				CROSS JOIN LATERAL (SELECT to_jsonb(t)) AS r (is_now)',
			its.object, kg.undo_key(its.object)) USING its.steps, last_id;
	END LOOP;
END
$$;

-- The number by which a row leads to its office, as kg.undo_tables() names it.
CREATE OR REPLACE FUNCTION kg.undo_owner(object text, its int) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	CASE object
	WHEN 'run' THEN
		RETURN (SELECT x.office_id FROM kg.run x WHERE x.id = its);
	WHEN 'series' THEN
		RETURN (SELECT x.office_id FROM kg.series x WHERE x.id = its);
	WHEN 'venue' THEN
		RETURN (SELECT x.office_id FROM kg.venue x WHERE x.id = its);
	WHEN 'room' THEN
		RETURN (SELECT x.venue_id FROM kg.room x WHERE x.id = its);
	WHEN 'session' THEN
		RETURN (SELECT x.run_id FROM kg.session x WHERE x.id = its);
	WHEN 'agenda_item' THEN
		RETURN (SELECT x.session_id FROM kg.agenda_item x WHERE x.id = its);
	WHEN 'booking' THEN
		RETURN (SELECT x.room_id FROM kg.booking x WHERE x.id = its);
	WHEN 'session_teacher' THEN
		RETURN (SELECT x.session_id FROM kg.session_teacher x
			WHERE x.id = its);
	ELSE
		RETURN its;	-- a set-up has its room in its name
	END CASE;
END
$$;

-- Whose business the rows of a transaction are: as it found them, and as it left them
-- or they are by now. verb NULL: such a thing is never undone. A booking that only went
-- along with its session is its run's business. No lock, and no look at the columns:
-- cheap, whatever the transaction was.
CREATE OR REPLACE FUNCTION kg.undo_offices(j kg.journal)
RETURNS TABLE (object text, verb text, office_id int)
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	WITH rows AS (SELECT x.object, x.object_id, t.verb, t.owner,
			(array_agg(x.action ORDER BY x.id))[1] AS first,
			(array_agg(x.action ORDER BY x.id DESC))[1] AS last,
			(array_agg(x.office_id ORDER BY x.id DESC))[1] AS office_id,
			(array_agg(x.before ->> t.owner ORDER BY x.id)
				FILTER (WHERE x.before ? t.owner))[1]::int AS was,
			(array_agg(x.after ->> t.owner ORDER BY x.id DESC)
				FILTER (WHERE x.after ? t.owner))[1]::int AS made
		FROM kg.undo_entries(j) AS x
			LEFT JOIN kg.undo_tables() AS t ON t.object = x.object
		GROUP BY x.object, x.object_id, t.verb, t.owner),
	steps AS MATERIALIZED (SELECT * FROM rows
		WHERE first <> 'insert' OR last <> 'delete'),
	owners AS (SELECT DISTINCT s.object, s.verb, s.owner, s.office_id, o.id
		FROM steps s CROSS JOIN LATERAL (SELECT coalesce(s.made, CASE
				WHEN s.owner IS NOT NULL THEN kg.undo_owner(s.object,
					split_part(s.object_id, ':', 1)::int) END)) AS n (id)
			CROSS JOIN LATERAL (VALUES (n.id), (coalesce(s.was, n.id))) AS o (id)
		WHERE s.object <> 'booking' OR s.first = 'insert' OR s.was IS NOT NULL
			OR s.object_id NOT IN (SELECT b.id::text FROM steps x
				JOIN kg.booking b ON b.session_id = x.object_id::int
				WHERE x.object = 'session'))
	SELECT DISTINCT CASE WHEN o.verb IS NULL THEN o.object END, o.verb,
		-- of what was taken away since, the entry tells whose it was
		coalesce(CASE WHEN o.object = 'session' THEN (SELECT r.office_id
				FROM kg.run r WHERE r.id = o.id)
			WHEN o.id IS NOT NULL THEN kg.row_office(o.object,
				jsonb_build_object(o.owner, o.id)) END, o.office_id)
	FROM owners o
$$;

-- Does the actor's permission reach all that the transaction of an entry did? Raises
-- KG001; KG006 for what is never undone: people, accounts, links and registries have
-- ways of their own.
CREATE OR REPLACE FUNCTION kg.undo_may_must(actor int, j kg.journal) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	its record;
BEGIN
	FOR its IN SELECT * FROM kg.undo_offices(j) AS o
		ORDER BY o.object, o.verb, o.office_id
	LOOP
		IF its.verb IS NULL THEN
			PERFORM kg.wrong_state(format('a change of %s is not undone',
				its.object), 'change it again, by its own means');
		END IF;
		PERFORM kg.may_must(actor, its.verb, its.office_id);
	END LOOP;
END
$$;

-- The sessions that steps concern.
CREATE OR REPLACE FUNCTION kg.undo_sessions(steps kg.undo_step[]) RETURNS int[]
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT array(SELECT t.object_id::int FROM unnest(steps) AS t
			WHERE t.object = 'session'
		UNION SELECT s.id FROM unnest(steps) AS t
			JOIN kg.session s ON s.run_id = t.object_id::int
			WHERE t.object = 'run'
		UNION SELECT (coalesce(t.before, t.after) ->> 'session_id')::int
			FROM unnest(steps) AS t WHERE t.object = 'session_teacher'
		UNION SELECT p.session_id FROM unnest(steps) AS t
			JOIN kg.session_teacher p ON p.id = t.object_id::int
			WHERE t.object = 'session_teacher')
$$;

-- And the bookings.
CREATE OR REPLACE FUNCTION kg.undo_bookings(steps kg.undo_step[], sessions int[])
RETURNS int[] LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT array(SELECT t.object_id::int FROM unnest(steps) AS t
			WHERE t.object = 'booking'
		UNION SELECT b.id FROM kg.booking b WHERE b.session_id = ANY (sessions)
		UNION SELECT b.id FROM unnest(steps) AS t
			JOIN kg.booking b ON b.room_id = t.object_id::int
			WHERE t.object = 'room' AND t.before ? 'parts')
$$;

-- Everything that the steps will take: runs, then atoms, then teachers, each in order;
-- holds that are due expire; then the rows. They are read before the locks, and again
-- after.
CREATE OR REPLACE FUNCTION kg.undo_lock(steps kg.undo_step[], sessions int[],
	bookings int[])
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	atoms int4multirange;
BEGIN
	PERFORM pg_advisory_xact_lock(3, run_id) FROM (
		SELECT s.run_id FROM kg.session s WHERE s.id = ANY (sessions)
		UNION SELECT t.object_id::int FROM unnest(steps) AS t
			WHERE t.object = 'run'
		UNION SELECT s.run_id FROM kg.booking b
				JOIN kg.session s ON s.id = b.session_id
			WHERE b.id = ANY (bookings)
		ORDER BY 1) AS ordered;
	SELECT coalesce(range_agg(p.parts), '{}') INTO atoms FROM (
		SELECT b.parts FROM kg.booking b
			WHERE b.id = ANY (bookings) OR b.session_id = ANY (sessions)
		UNION ALL SELECT r.parts FROM unnest(steps) AS t
			JOIN kg.room r ON r.id IN ((t.before ->> 'room_id')::int,
				(t.after ->> 'room_id')::int)
			WHERE t.object = 'booking'
		UNION ALL SELECT p FROM unnest(steps) AS t
			CROSS JOIN LATERAL (VALUES
				((t.before ->> 'parts')::int4multirange),
				((t.after ->> 'parts')::int4multirange)) AS v (p)
			WHERE t.object IN ('room', 'booking') AND p IS NOT NULL
	) AS p;
	PERFORM kg.lock_atoms(atoms);
	PERFORM kg.lock_persons(array(SELECT t.person_id FROM kg.session_teacher t
		WHERE t.session_id = ANY (sessions)
		UNION SELECT (t.before ->> 'person_id')::int FROM unnest(steps) AS t
			WHERE t.object = 'session_teacher'
				AND t.before ->> 'person_id' IS NOT NULL));
	PERFORM kg.holds_expire(atoms);
	PERFORM kg.undo_lock_rows(steps);
END
$$;

-- What has been built upon the steps since, as undo_later() tells it: another change of
-- what they left, or something that was added to it, or, where it moved, to its new
-- time and place.
CREATE OR REPLACE FUNCTION kg.undo_in_the_way(steps kg.undo_step[], last_id bigint)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	WITH now AS MATERIALIZED (SELECT (n.step).*, n.step, n.row_is, n.differs
		FROM kg.undo_now(steps, last_id) AS n),
	rests AS (SELECT r.object, r.object_id, array['starts_local', 'ends_local',
			'room_id', 'status'] AS columns
		FROM kg.undo_rests(array(SELECT n.step FROM now n
				WHERE n.after IS NOT NULL AND n.row_is ? 'id'
					AND (n.before IS NULL OR n.object = 'session'
						AND n.before ?| array['starts_local',
						'ends_local', 'venue_id', 'zone', 'status']))
				) AS r
			JOIN now n ON n.object = r.of_object AND n.object_id = r.of_id
		WHERE r.held AND (n.before IS NULL OR r.object <> 'agenda_item')
			AND NOT EXISTS (SELECT FROM now x WHERE x.object = r.object
				AND x.object_id = r.object_id)),
	hits AS (SELECT n.object, n.object_id, n.differs AS columns FROM now n
		WHERE (n.after IS NULL) <> (n.row_is IS NULL) OR n.differs IS NOT NULL
		UNION SELECT r.* FROM rests r WHERE EXISTS (SELECT FROM kg.journal j
			WHERE j.object = r.object AND j.object_id = r.object_id
				AND j.id > last_id
				AND (j.action <> 'update' OR j.after ?| r.columns))
		ORDER BY 1, 2 LIMIT 100)
	SELECT coalesce(jsonb_agg(l ORDER BY (l ->> 'journal_id')::bigint), '[]')
	FROM (SELECT DISTINCT l FROM hits h CROSS JOIN LATERAL jsonb_array_elements(
			kg.undo_told(h.object, h.object_id, last_id, h.columns)) AS l
		ORDER BY l LIMIT 100) AS u
$$;

-- What a step sets back; of what a booking has of its own, which its series does not
-- touch, only what the step made so.
CREATE OR REPLACE FUNCTION kg.undo_before(s kg.undo_step) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	IF s.object <> 'booking' OR NOT s.after ? 'series_own' THEN
		RETURN s.before;
	END IF;
	RETURN s.before || (SELECT jsonb_build_object('series_own',
			coalesce(jsonb_agg(o ORDER BY o), '[]'))
		FROM (SELECT o FROM kg.booking b, unnest(b.series_own) AS o
			WHERE b.id = s.object_id::int AND (NOT s.after -> 'series_own' ? o
				OR s.before -> 'series_own' ? o)
			UNION SELECT jsonb_array_elements_text(s.before -> 'series_own')
			) AS u (o));
END
$$;

-- Sets these columns of rows of one table to what they were; or brings rows back that
-- were taken away, with their numbers and UIDs.
CREATE OR REPLACE FUNCTION kg.undo_set(object text, columns text[], gone bool,
	steps kg.undo_step[])
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	IF gone THEN
		EXECUTE format('INSERT INTO kg.%1$I (%2$s) OVERRIDING SYSTEM VALUE
			SELECT %2$s FROM unnest($1) AS s CROSS JOIN LATERAL
				jsonb_populate_record(NULL::kg.%1$I, s.before) AS w',
			object, (SELECT string_agg(quote_ident(c), ', ' ORDER BY n)
				FROM unnest(columns) WITH ORDINALITY AS u (c, n)))
			USING steps;
	ELSIF columns <> '{}' THEN
		EXECUTE format('UPDATE kg.%1$I t SET %2$s
			FROM unnest($1) AS s CROSS JOIN LATERAL jsonb_populate_record(
				NULL::kg.%1$I, kg.undo_before(s)) AS w WHERE %3$s',
			object, (SELECT string_agg(format('%I = w.%1$I', c), ', ')
				FROM unnest(columns) AS c), kg.undo_key(object))
			USING steps;
	END IF;
END
$$;

-- Takes rows of one table away that were added; calendars hear of it where they know
-- them, and what is called off keeps what it needs.
CREATE OR REPLACE FUNCTION kg.undo_delete(object text, steps kg.undo_step[])
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	ids int[] := array(SELECT split_part(s.object_id, ':', 1)::int
		FROM unnest(steps) AS s);
	going kg.undo_step[] := steps;
BEGIN
	IF object = 'booking' THEN
		UPDATE kg.booking b SET status = 'cancelled', status_before_cancel = NULL
		WHERE b.id = ANY (ids) AND b.status IN ('held', 'confirmed', 'cancelled');
		RETURN;
	ELSIF object = 'session' THEN
		UPDATE kg.session x SET status = 'cancelled' FROM kg.run r
		WHERE x.id = ANY (ids) AND r.id = x.run_id AND r.published_at IS NOT NULL;
	END IF;
	IF object NOT IN ('room_setup', 'seminar_tag') THEN
		going := array(SELECT s FROM unnest(steps) AS s WHERE s.object_id NOT IN (
			SELECT r.of_id FROM kg.undo_rests(steps) AS r
			WHERE r.object IN ('season', 'period', 'run', 'session', 'room')));
	END IF;
	EXECUTE format('DELETE FROM kg.%I t USING unnest($1) AS s WHERE %s AND NOT %s',
		object, kg.undo_key(object), CASE object
			WHEN 'run' THEN '(t.published_at IS NOT NULL)'
			WHEN 'session' THEN 'EXISTS (SELECT FROM kg.run r
				WHERE r.id = t.run_id AND r.published_at IS NOT NULL)'
			-- the programme of a day that is called off
			WHEN 'agenda_item' THEN 'EXISTS (SELECT FROM kg.session x
				WHERE x.id = t.session_id AND x.status = ''cancelled'')'
			ELSE 'false' END) USING going;
END
$$;

-- All steps: what was added last goes first, then parents before children are set to
-- what they were; a table and its columns at a time.
CREATE OR REPLACE FUNCTION kg.undo_apply(steps kg.undo_step[]) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	its record;
	rule text;
BEGIN
	PERFORM kg.series_together(true);
	-- a run's days are called off by the run, to come back with it
	UPDATE kg.run r SET status = 'cancelled'
	WHERE r.published_at IS NOT NULL AND r.id::text IN (SELECT s.object_id
		FROM unnest(steps) AS s WHERE s.object = 'run' AND s.before IS NULL);
	FOR its IN SELECT s.object, array_agg(s) AS steps FROM unnest(steps) AS s
		WHERE s.before IS NULL AND s.object <> 'series'
		GROUP BY s.object, s.place ORDER BY s.place DESC
	LOOP
		PERFORM kg.undo_delete(its.object, its.steps);
	END LOOP;
	FOR its IN SELECT s.object, s.after IS NULL AS gone, c.columns,
			array_agg(s) AS steps
		FROM unnest(steps) AS s CROSS JOIN LATERAL (SELECT array(
			SELECT k FROM jsonb_object_keys(s.before) AS k
			WHERE s.after IS NULL OR k <> ALL (kg.undo_made())
				AND (s.object <> 'booking' OR k <> 'parts')
			ORDER BY 1)) AS c (columns)
		WHERE s.before IS NOT NULL
		GROUP BY s.place, s.object, 2, c.columns
		ORDER BY s.place, 2, c.columns
	LOOP
		PERFORM kg.undo_set(its.object, its.columns, its.gone, its.steps);
	END LOOP;
	-- who holds a run's version knew its days
	UPDATE kg.run r SET version = r.version + 1
	WHERE r.id IN (SELECT x.run_id FROM unnest(steps) AS s
			JOIN kg.session x ON x.id = s.object_id::int
			WHERE s.object = 'session' AND s.before IS NOT NULL)
		AND r.id::text NOT IN (SELECT s.object_id FROM unnest(steps) AS s
			WHERE s.object = 'run');
	PERFORM kg.series_together(false);
	IF EXISTS (SELECT FROM unnest(steps) AS s
			JOIN kg.booking b ON b.id = s.object_id::int
		WHERE s.object = 'booking' AND b.status = 'held'
			AND b.expires_at <= kg.now()) THEN
		PERFORM kg.wrong_state('the hold has run out', 'book anew');
	END IF;
EXCEPTION WHEN integrity_constraint_violation THEN
	GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME;
	PERFORM kg.refuse('KG006', 'something else stands against it now', CASE rule
			WHEN 'booking_fits_its_room' THEN 'the room has become too small for '
				'the booking: change its heads or its room instead'
			WHEN 'booking_in_a_setup_of_its_room' THEN 'the room does not have '
				'the set-up any more: choose another one instead'
			ELSE 'the rule is ' || rule END,
		jsonb_build_object('rule', rule));
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
	steps kg.undo_step[];
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
	-- who may not holds nobody up: before this no lock is taken and no work done
	PERFORM kg.undo_may_must(actor, j);
	steps := kg.undo_steps(j);
	IF steps IS NULL THEN
		PERFORM kg.wrong_state('nothing is left of this change to undo',
			'another entry of the journal');
	END IF;
	-- one undo of the same at a time
	PERFORM pg_advisory_xact_lock(5, hashtext(j.xid::text));
	sessions := kg.undo_sessions(steps);
	bookings := kg.undo_bookings(steps, sessions);
	PERFORM kg.undo_lock(steps, sessions, bookings);
	-- while it waited, something may have become another office's
	PERFORM kg.undo_may_must(actor, j);
	later := kg.undo_in_the_way(steps, (SELECT max(x.id) FROM kg.journal x
		WHERE x.xid = j.xid AND x.at = j.at));
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
