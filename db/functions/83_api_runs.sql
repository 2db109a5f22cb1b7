-- JSON API: runs and sessions. Inputs stand at each handler; all writes also take
-- "why". When and where a run is, all staff see; who teaches, those who may.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb) VALUES
	('runs_list', 'staff'), ('run_get', 'staff'), ('run_create', 'calendar'),
	('run_change', 'calendar'), ('run_move', 'calendar'),
	('run_cancel', 'calendar'), ('run_restore', 'calendar'),
	('sessions_list', 'staff'), ('session_get', 'staff'),
	('session_create', 'calendar'), ('session_change', 'calendar'),
	('session_move', 'calendar'), ('session_cancel', 'calendar'),
	('session_restore', 'calendar'), ('session_teachers_list', 'staff'),
	('session_teacher_put', 'calendar'), ('session_teacher_remove', 'calendar'),
	('seminars_list', 'staff'), ('seminar_get', 'staff'),
	('seminar_create', 'catalogue'), ('seminar_change', 'catalogue');

CREATE OR REPLACE FUNCTION kg.seminar_json(m kg.seminar) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN jsonb_build_object('id', m.id, 'slug', m.slug, 'title', m.title,
		'kind', m.kind, 'description', m.description, 'colour', m.colour,
		'demo', m.demo, 'tags', array(SELECT g.tag FROM kg.seminar_tag g
			WHERE g.seminar_id = m.id ORDER BY g.tag), 'version', m.version);
END
$$;

-- q (a part of slug or title), limit, cursor. By title.
CREATE OR REPLACE FUNCTION kg.api_seminars_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	after jsonb := kg.api_after(input, 'text', 'int');
	part text := kg.api_part(input ->> 'q');
	size int := kg.api_limit(input);
BEGIN
	RETURN kg.api_ok(kg.api_page((
		SELECT coalesce(jsonb_agg(jsonb_build_object(
			'key', jsonb_build_array(p.title, p.id), 'item', kg.seminar_json(p))
			ORDER BY p.title, p.id), '[]')
		FROM (SELECT m.* FROM kg.seminar m
			WHERE (part IS NULL OR m.slug ILIKE part OR m.title ILIKE part)
				AND (after IS NULL OR (m.title, m.id)
					> (after ->> 0, (after ->> 1)::int))
			ORDER BY m.title, m.id LIMIT size + 1) AS p), size));
END
$$;

CREATE OR REPLACE FUNCTION kg.api_seminar(slug text, status int DEFAULT 200)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	m kg.seminar;
BEGIN
	SELECT * INTO m FROM kg.seminar x WHERE x.slug = api_seminar.slug;
	IF NOT FOUND THEN
		PERFORM kg.missing(format('seminar "%s"', slug));
	END IF;
	RETURN kg.api_ok(kg.seminar_json(m), status,
		CASE WHEN status = 201 THEN '/api/v1/seminars/' || m.slug END);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_seminar_get(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE AS $$
	SELECT kg.api_seminar(input ->> 'slug')
$$;

-- slug, title; kind, description, colour, tags.
CREATE OR REPLACE FUNCTION kg.api_seminar_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	IF NOT (kg.seminar_add(actor_id, kg.api_why(input, 'seminar_create'),
		input ->> 'slug', input ->> 'title', input ->> 'kind',
		input ->> 'description', input ->> 'colour', false,
		array(SELECT t FROM jsonb_array_elements_text(
			kg.array_of(input -> 'tags')) AS t))).changed THEN
		PERFORM kg.wrong_state(format('there is another seminar "%s"',
			input ->> 'slug'), 'choose another slug');
	END IF;
	RETURN kg.api_seminar(input ->> 'slug', 201);
END
$$;

-- slug; title, kind, description, colour, tags (all of them).
CREATE OR REPLACE FUNCTION kg.api_seminar_change(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.seminar_change(actor_id, kg.api_why(input, 'seminar_change'),
		input ->> 'slug', expected_version, input);
	RETURN kg.api_seminar(input ->> 'slug');
END
$$;

-- Does this person read pseudonyms only?
CREATE OR REPLACE FUNCTION kg.api_pseudonyms() RETURNS bool
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT coalesce((kg.api_me()).role = 'auditor', false)
$$;

-- The rooms that a session has, or had when it was cancelled. In plpgsql, as all that is
-- asked of each row of a list: its plans outlive the statement.
CREATE OR REPLACE FUNCTION kg.session_rooms_json(session_id int) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name,
			'booking_id', b.id, 'setup', b.room_setup) ORDER BY r.name, b.id), '[]')
		FROM kg.booking b JOIN kg.room r ON r.id = b.room_id
		WHERE b.session_id = $1 AND (b.status IN ('held', 'confirmed')
			OR b.status_before_cancel IS NOT NULL));
END
$$;

CREATE OR REPLACE FUNCTION kg.session_agenda_json(s kg.session) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object(
			'starts_local', kg.api_local(s.starts_local
				+ a.starts_min * interval '1 minute'),
			'ends_local', kg.api_local(s.starts_local
				+ a.ends_min * interval '1 minute'),
			'starts_at', kg.api_only(s.starts_local
				+ a.starts_min * interval '1 minute', s.zone),
			'ends_at', kg.api_only(s.starts_local
				+ a.ends_min * interval '1 minute', s.zone),
			'title', a.title, 'title_en', a.title_en,
			'format', a.format) ORDER BY a.no), '[]')
		FROM kg.agenda_item a WHERE a.session_id = s.id);
END
$$;

CREATE OR REPLACE FUNCTION kg.session_teachers_json(session_id int) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
	named bool := NOT kg.api_pseudonyms();
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('person_id', p.id,
			'name', CASE WHEN named THEN p.name END, 'status', t.status)
			ORDER BY p.id), '[]')
		FROM kg.session_teacher t JOIN kg.person p ON p.id = t.person_id
		WHERE t.session_id = $1);
END
$$;

CREATE OR REPLACE FUNCTION kg.session_json(s kg.session, seen int[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT jsonb_build_object('id', s.id, 'uid', s.uid, 'run_no', u.run_no,
			'no', s.no, 'title', s.title, 'run_title', coalesce(u.title, m.title),
			'status', s.status, 'run_status', u.status, 'office', o.code,
			'venue', jsonb_build_object('id', v.id, 'name', v.name),
			'rooms', kg.session_rooms_json(s.id),
			'starts_local', kg.api_local(s.starts_local),
			'ends_local', kg.api_local(s.ends_local),
			'starts_at', kg.api_instant(s.starts_local AT TIME ZONE s.zone),
			'ends_at', kg.api_instant(s.ends_local AT TIME ZONE s.zone),
			'zone', s.zone, 'online_url', s.online_url,
			'last_change', s.last_change, 'sequence', s.sequence,
			'agenda', kg.session_agenda_json(s),
			'teachers', CASE WHEN u.office_id = ANY (seen)
				THEN kg.session_teachers_json(s.id) END,
			'version', s.version, 'changed_at', kg.api_instant(s.changed_at))
		FROM kg.run u JOIN kg.seminar m ON m.id = u.seminar_id
			JOIN kg.office o ON o.id = u.office_id
			JOIN kg.venue v ON v.id = s.venue_id
		WHERE u.id = s.run_id);
END
$$;

-- Without its sessions.
CREATE OR REPLACE FUNCTION kg.run_json(r kg.run) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT jsonb_build_object('id', r.id, 'run_no', r.run_no,
		'seminar', m.slug, 'season', n.slug, 'period', p.no, 'office', o.code,
		'venue', jsonb_build_object('id', v.id, 'name', v.name),
		'title', coalesce(r.title, m.title), 'own_title', r.title,
		'capacity', r.capacity, 'minimum', r.min_participants,
		'status', r.status,
		'published_at', kg.api_instant(r.published_at),
		'starts_local', kg.api_local(w.starts),
		'ends_local', kg.api_local(w.ends),
		'starts_at', kg.api_instant(w.starts_at),
		'ends_at', kg.api_instant(w.ends_at), 'session_count', w.count,
		'version', r.version + w.changes,
		'changed_at', kg.api_instant(greatest(r.changed_at, w.changed_at)))
	FROM kg.seminar m CROSS JOIN kg.office o CROSS JOIN kg.venue v
		CROSS JOIN (SELECT min(s.starts_local) AS starts,
			max(s.ends_local) AS ends,
			min(s.starts_local AT TIME ZONE s.zone) AS starts_at,
			max(s.ends_local AT TIME ZONE s.zone) AS ends_at,
			count(*) AS count,
			-- as kg.run_version() adds them up
			coalesce(sum(s.version - 1), 0) AS changes,
			max(s.changed_at) AS changed_at
			FROM kg.session s WHERE s.run_id = r.id) AS w
		LEFT JOIN kg.season n ON n.id = r.season_id
		LEFT JOIN kg.period p ON p.id = r.period_id
	WHERE m.id = r.seminar_id AND o.id = r.office_id AND v.id = r.venue_id
$$;

CREATE OR REPLACE FUNCTION kg.api_run(actor_id int, run_no text,
	status int DEFAULT 200)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT kg.api_ok(kg.run_json(r) || jsonb_build_object('sessions',
		(SELECT coalesce(jsonb_agg(kg.session_json(s, seen) ORDER BY s.no), '[]')
		FROM kg.session s CROSS JOIN kg.offices_seen(actor_id) AS seen
		WHERE s.run_id = r.id)), $3,
		CASE WHEN $3 = 201 THEN '/api/v1/runs/' || r.run_no END)
	FROM kg.run_get(run_no) AS r
$$;

CREATE OR REPLACE FUNCTION kg.api_session(actor_id int, run_no text, no int,
	status int DEFAULT 200)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT kg.api_ok(kg.session_json(s, kg.offices_seen(actor_id)), $4,
		CASE WHEN $4 = 201 THEN format('/api/v1/runs/%s/sessions/%s', $2, s.no)
		END)
	FROM kg.session_get((kg.run_get(run_no)).id, no) AS s
$$;

CREATE OR REPLACE FUNCTION kg.api_run_get(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT kg.api_run(actor_id, input ->> 'run_no')
$$;

CREATE OR REPLACE FUNCTION kg.api_session_get(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT kg.api_session(actor_id, input ->> 'run_no', (input ->> 'no')::int)
$$;

-- office, venue_id, season, seminar (slugs), status (of a run; all), week or from and
-- to (any session of it), q (a part of number or title), limit, cursor. By their
-- start; those without a session last.
CREATE OR REPLACE FUNCTION kg.api_runs_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	days daterange := kg.api_days(input);
	size int := kg.api_limit(input);
	after jsonb := kg.api_after(input, 'timestamp', 'int');
	its_office int := kg.api_office(input);
	part text := kg.api_part(input ->> 'q');
BEGIN
	PERFORM kg.api_asked_must(input);
	RETURN kg.api_ok(kg.api_page((
		SELECT coalesce(jsonb_agg(jsonb_build_object(
				'key', jsonb_build_array(p.starts, (p.r).id),
				'item', kg.run_json(p.r)) ORDER BY p.starts, (p.r).id), '[]')
		FROM (SELECT r, w.starts FROM kg.run r
				JOIN kg.seminar m ON m.id = r.seminar_id
				LEFT JOIN kg.season n ON n.id = r.season_id
				CROSS JOIN LATERAL (SELECT coalesce(min(s.starts_local),
						'infinity') AS starts,
					max(s.ends_local) AS ends,
					bool_or(s.venue_id = (input ->> 'venue_id')::int)
						AS there
					FROM kg.session s WHERE s.run_id = r.id) AS w
			WHERE (its_office IS NULL OR r.office_id = its_office)
				AND (input ->> 'venue_id' IS NULL OR w.there
					OR r.venue_id = (input ->> 'venue_id')::int)
				AND (input ->> 'season' IS NULL
					OR n.slug = input ->> 'season')
				AND (input ->> 'seminar' IS NULL
					OR m.slug = input ->> 'seminar')
				AND (coalesce(input ->> 'status', 'all') = 'all'
					OR r.status = input ->> 'status')
				AND (lower_inf(days) OR w.ends > lower(days))
				AND (upper_inf(days) OR w.starts < upper(days))
				AND (part IS NULL OR r.run_no ILIKE part
					OR coalesce(r.title, m.title) ILIKE part)
				AND (after IS NULL OR (w.starts, r.id)
					> ((after ->> 0)::timestamp, (after ->> 1)::int))
			ORDER BY w.starts, r.id LIMIT size + 1) AS p), size));
END
$$;

-- run_no, seminar (slug), office; venue_id (the office's house), season (slug), period
-- (number), title, capacity (25), minimum (0), status (draft, planned, open); sessions
-- as kg.api_session_create() takes them.
CREATE OR REPLACE FUNCTION kg.api_run_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.run_create(actor_id, kg.api_why(input, 'run_create'), input);
	RETURN kg.api_run(actor_id, input ->> 'run_no', 201);
END
$$;

-- run_no; title, capacity, minimum, status, office.
CREATE OR REPLACE FUNCTION kg.api_run_change(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.run_change(actor_id, kg.api_why(input, 'run_change'),
		input ->> 'run_no', expected_version, input);
	RETURN kg.api_run(actor_id, input ->> 'run_no');
END
$$;

-- run_no; starts_on, venue_id, rooms [{no, room_id}].
CREATE OR REPLACE FUNCTION kg.api_run_move(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.run_move(actor_id, kg.api_why(input, 'run_move'),
		input ->> 'run_no', expected_version, (input ->> 'starts_on')::date,
		(input ->> 'venue_id')::int, kg.array_of(input -> 'rooms'));
	RETURN kg.api_run(actor_id, input ->> 'run_no');
END
$$;

CREATE OR REPLACE FUNCTION kg.api_run_cancel(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.run_cancel(actor_id, kg.api_why(input, 'run_cancel'),
		input ->> 'run_no', expected_version);
	RETURN kg.api_run(actor_id, input ->> 'run_no');
END
$$;

CREATE OR REPLACE FUNCTION kg.api_run_restore(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.run_restore(actor_id, kg.api_why(input, 'run_restore'),
		input ->> 'run_no', expected_version);
	RETURN kg.api_run(actor_id, input ->> 'run_no');
END
$$;

-- The sessions that a list asks for by room_id and person_id; NULL: by neither.
CREATE OR REPLACE FUNCTION kg.sessions_asked(input jsonb) RETURNS int[]
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	in_rooms int[];
	taught int[];
BEGIN
	IF input ->> 'room_id' IS NOT NULL THEN
		in_rooms := array(SELECT DISTINCT b.session_id FROM kg.booking b
			WHERE b.room_id = ANY (kg.rooms_asked(jsonb_build_object('room_id',
					input -> 'room_id'))) AND b.session_id IS NOT NULL
				AND (b.status IN ('held', 'confirmed')
					OR b.status_before_cancel IS NOT NULL));
	END IF;
	IF input ->> 'person_id' IS NOT NULL THEN
		taught := array(SELECT t.session_id FROM kg.session_teacher t
			WHERE t.person_id = (input ->> 'person_id')::int
				AND (in_rooms IS NULL OR t.session_id = ANY (in_rooms)));
	END IF;
	RETURN coalesce(taught, in_rooms);
END
$$;

-- The sessions of one page of the list, and one more: as kg.bookings_found().
CREATE OR REPLACE FUNCTION kg.sessions_found(input jsonb, seen int[])
RETURNS SETOF kg.session LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
	days daterange := kg.api_days(input);
	first timestamp := lower(days);
	past timestamp := upper(days);
	size int := kg.api_limit(input) + 1;
	after jsonb := kg.api_after(input, 'timestamp', 'int');
	after_at timestamp := after ->> 0;
	after_id int := after ->> 1;
	state text := CASE coalesce(input ->> 'status', 'active')
		WHEN 'active' THEN 'confirmed'
		WHEN 'all' THEN NULL ELSE input ->> 'status' END;
	its_office int := kg.api_office(input);
	its_venue int := input ->> 'venue_id';
	its_run int := CASE WHEN input ->> 'run_no' IS NOT NULL
		THEN (kg.run_get(input ->> 'run_no')).id END;
	asked int[] := kg.sessions_asked(input);
	-- what one may not know, one cannot look for
	hidden bool := input ->> 'person_id' IS NOT NULL;
BEGIN
	RETURN QUERY WITH near AS NOT MATERIALIZED (SELECT s.* FROM kg.session s
		WHERE (its_office IS NULL OR s.office_id = its_office)
			AND (its_run IS NULL OR s.run_id = its_run)
			AND (its_venue IS NULL OR s.venue_id = its_venue)
			AND (asked IS NULL OR s.id = ANY (asked))
			AND (NOT hidden OR s.office_id = ANY (seen))
			AND (state IS NULL OR s.status = state)
			AND (past IS NULL OR s.starts_local < past)
			AND (after_at IS NULL
				OR (s.starts_local, s.id) > (after_at, after_id)))
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

-- office, run_no, venue_id, room_id (and rooms that share its walls), person_id (a
-- teacher), status (active: confirmed; cancelled; all), week or from and to, limit,
-- cursor. By time.
CREATE OR REPLACE FUNCTION kg.api_sessions_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	seen int[] := kg.offices_seen(actor_id);
BEGIN
	PERFORM kg.api_asked_must(input);
	RETURN kg.api_ok(kg.api_page((
		SELECT coalesce(jsonb_agg(jsonb_build_object(
				'key', jsonb_build_array(s.starts_local, s.id),
				'item', kg.session_json(s, seen)) ORDER BY s.starts_local, s.id),
			'[]')
		FROM kg.sessions_found(input, seen) AS s), kg.api_limit(input)));
END
$$;

-- run_no; starts_local, ends_local, title, venue_id (the room's, or the run's),
-- online_url, room_id (booked with setup and head_count), agenda [{starts_local,
-- ends_local, title, title_en, format}].
CREATE OR REPLACE FUNCTION kg.api_session_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	new_id int;
BEGIN
	new_id := (kg.session_create(actor_id, kg.api_why(input, 'session_create'),
		input ->> 'run_no', input)).object_id;
	RETURN kg.api_session(actor_id, input ->> 'run_no',
		(SELECT s.no FROM kg.session s WHERE s.id = new_id), 201);
END
$$;

-- run_no, no; title, online_url, agenda (all of it).
CREATE OR REPLACE FUNCTION kg.api_session_change(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.session_change(actor_id, kg.api_why(input, 'session_change'),
		input ->> 'run_no', (input ->> 'no')::int, expected_version, input);
	RETURN kg.api_session(actor_id, input ->> 'run_no', (input ->> 'no')::int);
END
$$;

-- run_no, no; starts_local, ends_local, venue_id, room_id, agenda (all of it).
CREATE OR REPLACE FUNCTION kg.api_session_move(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.session_move(actor_id, kg.api_why(input, 'session_move'),
		input ->> 'run_no', (input ->> 'no')::int, expected_version,
		kg.local_of(input ->> 'starts_local'),
		kg.local_of(input ->> 'ends_local'), (input ->> 'venue_id')::int,
		(input ->> 'room_id')::int, nullif(input -> 'agenda', 'null'));
	RETURN kg.api_session(actor_id, input ->> 'run_no', (input ->> 'no')::int);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_session_cancel(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.session_cancel(actor_id, kg.api_why(input, 'session_cancel'),
		input ->> 'run_no', (input ->> 'no')::int, expected_version);
	RETURN kg.api_session(actor_id, input ->> 'run_no', (input ->> 'no')::int);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_session_restore(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.session_restore(actor_id, kg.api_why(input, 'session_restore'),
		input ->> 'run_no', (input ->> 'no')::int, expected_version);
	RETURN kg.api_session(actor_id, input ->> 'run_no', (input ->> 'no')::int);
END
$$;

-- run_no, no. Who teaches, those know who see the office's calendar. Raises KG001.
CREATE OR REPLACE FUNCTION kg.api_session_teachers_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.run := kg.run_get(input ->> 'run_no');
	s kg.session := kg.session_get(r.id, (input ->> 'no')::int);
BEGIN
	IF (r.office_id = ANY (kg.offices_seen(actor_id))) IS NOT TRUE THEN
		PERFORM kg.refuse('KG001', 'who teaches is known to the run''s office');
	END IF;
	RETURN kg.api_ok(jsonb_build_object('items', kg.session_teachers_json(s.id),
		'next', NULL));
END
$$;

-- run_no, no, person_id, status (asked, accepted, declined). Version and answer are the
-- session's.
CREATE OR REPLACE FUNCTION kg.api_session_teacher_put(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.session_teacher_set(actor_id, kg.api_why(input, 'session_teacher_put'),
		input ->> 'run_no', (input ->> 'no')::int, (input ->> 'person_id')::int,
		input ->> 'status', expected_version);
	RETURN kg.api_session(actor_id, input ->> 'run_no', (input ->> 'no')::int);
END
$$;

-- run_no, no, person_id. Version and answer are the session's.
CREATE OR REPLACE FUNCTION kg.api_session_teacher_remove(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.session_teacher_remove(actor_id, kg.api_why(input,
		'session_teacher_remove'), input ->> 'run_no', (input ->> 'no')::int,
		(input ->> 'person_id')::int, expected_version);
	RETURN kg.api_session(actor_id, input ->> 'run_no', (input ->> 'no')::int);
END
$$;
