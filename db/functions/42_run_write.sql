-- Runs and sessions, made and changed. A wish is what the API was given: JSON, its
-- values of the right types already.
SET LOCAL ROLE kattegat_owner;

-- A programme as rows: [{"starts_local", "ends_local", "title", "title_en", "format"}],
-- by time; NULL: none. Raises KG005.
CREATE OR REPLACE FUNCTION kg.agenda_of(agenda jsonb, s kg.session)
RETURNS SETOF kg.agenda_item LANGUAGE plpgsql STABLE
SET search_path = kg, pg_temp AS $$
DECLARE
	one jsonb;
	item kg.agenda_item;
	number int := 0;
BEGIN
	IF jsonb_array_length(kg.array_of(agenda)) > 100 THEN
		PERFORM kg.refuse('KG005', 'a programme has 100 items at most', 'fewer',
			'{"fields": ["agenda"]}');
	END IF;
	FOR one IN SELECT a FROM jsonb_array_elements(kg.array_of(agenda)) AS a
		ORDER BY a ->> 'starts_local', a ->> 'ends_local'
	LOOP
		number := number + 1;
		item.session_id := s.id;
		item.no := number;
		item.starts_min := extract(epoch FROM kg.local_of(one ->> 'starts_local')
			- s.starts_local) / 60;
		item.ends_min := extract(epoch FROM kg.local_of(one ->> 'ends_local')
			- s.starts_local) / 60;
		item.title := kg.line_must(one ->> 'title', 'the title of an item');
		item.title_en := kg.line_of(one ->> 'title_en', 'the English title');
		item.format := kg.match_must(nullif(one ->> 'format', ''),
			'^[a-z_]{1,30}$', 'the format', 'a word such as group_work');
		IF (item.starts_min >= 0 AND item.starts_min < item.ends_min
			AND s.starts_local + item.ends_min * interval '1 minute'
				<= s.ends_local) IS NOT TRUE THEN
			PERFORM kg.refuse('KG005', format('"%s" is not within its session',
					item.title), 'times of the session, the end later',
				'{"fields": ["agenda"]}');
		END IF;
		RETURN NEXT item;
	END LOOP;
END
$$;

-- Makes a session's programme what is asked for; rows that are so already stay.
CREATE OR REPLACE FUNCTION kg.agenda_set(agenda jsonb, s kg.session) RETURNS void
LANGUAGE sql SET search_path = kg, pg_temp AS $$
	DELETE FROM kg.agenda_item a
	WHERE a.session_id = s.id
		AND a.no NOT IN (SELECT w.no FROM kg.agenda_of(agenda, s) AS w);
	INSERT INTO kg.agenda_item (session_id, no, starts_min, ends_min, title,
		title_en, format)
	SELECT w.session_id, w.no, w.starts_min, w.ends_min, w.title, w.title_en,
		w.format
	FROM kg.agenda_of(agenda, s) AS w
	ON CONFLICT (session_id, no) DO UPDATE SET starts_min = excluded.starts_min,
		ends_min = excluded.ends_min, title = excluded.title,
		title_en = excluded.title_en, format = excluded.format;
$$;

-- Raises KG005.
CREATE OR REPLACE FUNCTION kg.online_url_of(value text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT kg.match_must(kg.match_must(nullif(value, ''), '^https://[!-~]+$',
		'the link', 'an address that begins with https://'), '^(.{1,250}){1,2}$',
		'the link', 'at most 500 characters')
$$;

-- The atoms of the rooms that wishes for sessions name; they may be the actor's.
CREATE OR REPLACE FUNCTION kg.wishes_atoms(actor int, wishes jsonb)
RETURNS int4multirange LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	rooms int[] := array(SELECT DISTINCT (w ->> 'room_id')::int
		FROM jsonb_array_elements(wishes) AS w WHERE w ->> 'room_id' IS NOT NULL);
BEGIN
	PERFORM kg.room_get(r) FROM unnest(rooms) AS r;
	PERFORM kg.rooms_may_must(actor, rooms);
	RETURN coalesce((SELECT range_agg(x.parts) FROM kg.room x
		WHERE x.id = ANY (rooms)), '{}');
END
$$;

-- Adds a session with its programme. The venue is that of the room, or the run's.
CREATE OR REPLACE FUNCTION kg.session_write(r kg.run, number int, wish jsonb)
RETURNS kg.session LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	s kg.session;
BEGIN
	s.starts_local := kg.local_of(wish ->> 'starts_local');
	s.ends_local := kg.local_of(wish ->> 'ends_local');
	s.venue_id := coalesce((wish ->> 'venue_id')::int, (SELECT x.venue_id
		FROM kg.room x WHERE x.id = (wish ->> 'room_id')::int), r.venue_id);
	PERFORM kg.venue_get(s.venue_id);
	IF (s.starts_local < s.ends_local) IS NOT TRUE THEN
		PERFORM kg.refuse('KG005', 'a session ends after it starts',
			'a start, and a later end',
			'{"fields": ["starts_local", "ends_local"]}');
	END IF;
	PERFORM kg.dates_must(s.starts_local, s.ends_local);
	INSERT INTO kg.session AS x (run_id, no, title, venue_id, starts_local,
		ends_local, online_url)
	VALUES (r.id, number, kg.line_of(wish ->> 'title', 'the title'), s.venue_id,
		s.starts_local, s.ends_local, kg.online_url_of(wish ->> 'online_url'))
	RETURNING x.* INTO s;
	PERFORM kg.agenda_set(wish -> 'agenda', s);
	RETURN s;
END
$$;

-- Adds sessions after those there are, and books their rooms: all or none. The run's
-- and the rooms' locks are held. Raises KG005, KG006, KG007.
CREATE OR REPLACE FUNCTION kg.sessions_write(actor int, r kg.run, wishes jsonb)
RETURNS int[] LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	number int := coalesce((SELECT max(x.no) FROM kg.session x
		WHERE x.run_id = r.id), 0);
	wish jsonb;
	s kg.session;
	b kg.booking;
	bookings kg.booking[] := '{}';
	ids int[] := '{}';
BEGIN
	IF jsonb_array_length(kg.array_of(wishes)) + number > 200 THEN
		PERFORM kg.refuse('KG005', 'a run has 200 sessions at most',
			'make two of it', '{"fields": ["sessions"]}');
	END IF;
	FOR wish IN SELECT * FROM jsonb_array_elements(kg.array_of(wishes)) LOOP
		number := number + 1;
		s := kg.session_write(r, number, wish);
		ids := ids || s.id;
		CONTINUE WHEN wish ->> 'room_id' IS NULL;
		b.room_id := wish ->> 'room_id';
		b.kind := 'session';
		b.session_id := s.id;
		b.room_setup := wish ->> 'setup';
		b.head_count := wish ->> 'head_count';
		bookings := bookings || b;
	END LOOP;
	IF bookings <> '{}' THEN
		PERFORM kg.bookings_write(actor, bookings);
	END IF;
	RETURN ids;
END
$$;

-- What a run may hold. Raises KG005.
CREATE OR REPLACE FUNCTION kg.run_values_must(r kg.run) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	IF (r.capacity BETWEEN 1 AND 10000
		AND r.min_participants BETWEEN 0 AND r.capacity) IS NOT TRUE THEN
		PERFORM kg.refuse('KG005', 'a run is for 1 to 10000 persons, and its '
				'minimum is not above that', 'other numbers',
			'{"fields": ["capacity", "minimum"]}');
	END IF;
	PERFORM kg.match_must(r.status, '^(draft|planned|open|enrolment_closed|running'
		'|completed|cancelled)$', 'the status', 'draft, planned, open, '
		'enrolment_closed, running or completed');
END
$$;

-- Where a run and its season are, of a wish for one. Raises KG004, KG005.
CREATE OR REPLACE FUNCTION kg.run_wished(wish jsonb) RETURNS kg.run
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.run;
BEGIN
	r.run_no := kg.match_must(coalesce(wish ->> 'run_no', ''),
		'^(?=.{2,20}$)[A-Z0-9]+(-[A-Z0-9]+)*$', 'the run number',
		'capital letters and digits with hyphens, such as KAT30-07');
	r.office_id := (kg.office_get(wish ->> 'office')).id;
	SELECT m.id INTO r.seminar_id FROM kg.seminar m
	WHERE m.slug = wish ->> 'seminar';
	IF NOT FOUND THEN
		PERFORM kg.missing(format('seminar "%s"', wish ->> 'seminar'));
	END IF;
	IF wish ->> 'season' IS NOT NULL THEN
		SELECT n.id, p.id INTO r.season_id, r.period_id FROM kg.season n
			LEFT JOIN kg.period p ON p.season_id = n.id
				AND p.no = (wish ->> 'period')::int
		WHERE n.slug = wish ->> 'season';
	END IF;
	IF (wish ->> 'season' IS NULL) <> (r.season_id IS NULL)
		OR (wish ->> 'period' IS NULL) <> (r.period_id IS NULL) THEN
		PERFORM kg.missing(concat_ws(' of ', 'period ' || (wish ->> 'period'),
			'season ' || (wish ->> 'season')), 'a season by its slug, and one '
			'of its periods by number');
	END IF;
	r.venue_id := coalesce((wish ->> 'venue_id')::int, (SELECT v.id
		FROM kg.venue v WHERE v.office_id = r.office_id AND v.own));
	PERFORM FROM kg.venue v WHERE v.id = r.venue_id;
	IF NOT FOUND THEN
		PERFORM kg.missing(coalesce('venue ' || r.venue_id,
			'house of that office'), 'name a venue');
	END IF;
	r.title := kg.line_of(wish ->> 'title', 'the title');
	r.capacity := coalesce((wish ->> 'capacity')::int, 25);
	r.min_participants := coalesce((wish ->> 'minimum')::int, 0);
	r.status := kg.match_must(coalesce(wish ->> 'status', 'draft'),
		'^(draft|planned|open)$', 'the status of a new run',
		'draft, planned or open');
	PERFORM kg.run_values_must(r);
	RETURN r;
END
$$;

-- A run with its sessions, their programmes and rooms, in one go. Raises KG001, KG002,
-- KG004, KG005, KG006 (its number is taken), KG007.
CREATE OR REPLACE FUNCTION kg.run_create(actor int, why text, wish jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.run := kg.run_wished(wish);
	atoms int4multirange;
	new_id int;
BEGIN
	PERFORM kg.write_begin(actor, why),
		kg.may_must(actor, 'calendar', r.office_id);
	atoms := kg.wishes_atoms(actor, kg.array_of(wish -> 'sessions'));
	-- nobody knows the run yet, so that its own lock may come after the atoms'
	PERFORM kg.lock_atoms(atoms);
	INSERT INTO kg.run AS u (run_no, seminar_id, season_id, period_id, office_id,
		venue_id, title, capacity, min_participants, status)
	VALUES (r.run_no, r.seminar_id, r.season_id, r.period_id, r.office_id,
		r.venue_id, r.title, r.capacity, r.min_participants, r.status)
	ON CONFLICT (run_no) DO NOTHING RETURNING u.* INTO r;
	IF NOT FOUND THEN
		PERFORM kg.wrong_state(format('there is a run %s already',
			wish ->> 'run_no'), 'choose another number');
	END IF;
	PERFORM kg.sessions_write(actor, r, wish -> 'sessions');
	RETURN kg.write_end(true, 'run', r.id::text, 1);
END
$$;

-- patch: title (null: the seminar's), capacity, minimum, status, office; what it does
-- not name stays. A status of cancelled is kg.run_cancel()'s.
CREATE OR REPLACE FUNCTION kg.run_change(actor int, why text, run_no text,
	expected_version int, patch jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.run := kg.run_begin(actor, why, run_change.run_no, expected_version);
	was kg.run := r;
	changed bool;
BEGIN
	IF patch ? 'title' THEN
		r.title := kg.line_of(patch ->> 'title', 'the title');
	END IF;
	r.capacity := coalesce((patch ->> 'capacity')::int, r.capacity);
	r.min_participants := coalesce((patch ->> 'minimum')::int, r.min_participants);
	r.status := coalesce(patch ->> 'status', r.status);
	IF patch ->> 'office' IS NOT NULL THEN
		r.office_id := (kg.office_get(patch ->> 'office')).id;
		PERFORM kg.may_must(actor, 'calendar', r.office_id);
	END IF;
	PERFORM kg.run_values_must(r);
	IF r.status <> was.status AND 'cancelled' IN (r.status, was.status) THEN
		PERFORM kg.wrong_state(format('run %s is %s', r.run_no, was.status),
			'cancel and restore are steps of their own');
	END IF;
	UPDATE kg.run u SET title = r.title, capacity = r.capacity,
		min_participants = r.min_participants, status = r.status,
		office_id = r.office_id
	WHERE u.id = r.id;
	changed := FOUND;
	RETURN kg.run_end(r.id, changed);
END
$$;

-- One more session, as kg.run_create() takes them. Its number is the next.
CREATE OR REPLACE FUNCTION kg.session_create(actor int, why text, run_no text,
	wish jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	r kg.run;
	ids int[];
BEGIN
	r := kg.run_begin(actor, why, session_create.run_no, NULL,
		kg.wishes_atoms(actor, jsonb_build_array(wish)));
	IF r.status IN ('cancelled', 'completed') THEN
		PERFORM kg.wrong_state(format('run %s is %s', r.run_no, r.status),
			'a run that is held');
	END IF;
	ids := kg.sessions_write(actor, r, jsonb_build_array(wish));
	-- whoever holds the run's version did not know of it
	UPDATE kg.run u SET version = u.version + 1 WHERE u.id = r.id;
	RETURN kg.session_end(ids[1], true);
END
$$;

-- patch: title, online_url, agenda (the whole programme); what it does not name stays.
CREATE OR REPLACE FUNCTION kg.session_change(actor int, why text, run_no text, no int,
	expected_version int, patch jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	s kg.session := kg.session_begin(actor, why, session_change.run_no,
		session_change.no, expected_version);
	was int := s.version;
BEGIN
	IF patch ? 'title' THEN
		s.title := kg.line_of(patch ->> 'title', 'the title');
	END IF;
	IF patch ? 'online_url' THEN
		s.online_url := kg.online_url_of(patch ->> 'online_url');
	END IF;
	UPDATE kg.session x SET title = s.title, online_url = s.online_url
	WHERE x.id = s.id;
	IF patch ? 'agenda' THEN
		PERFORM kg.agenda_set(patch -> 'agenda', s);
	END IF;
	RETURN kg.session_end(s.id, (SELECT x.version <> was FROM kg.session x
		WHERE x.id = s.id));
END
$$;
