-- Scale data: many times the model season, for measurements. Set by set, with the
-- rules' triggers off, since millions of rows through them take hours: what they would
-- fill in is filled in here, and the journal gets one row that says what was made.
-- Constraints and indexes are laid aside and made again over the whole, which is
-- when they judge it.
--
-- For a member of kattegat_owner, in one transaction: kg.scale_begin(), kg.scale_part()
-- for all seasons, kg.scale_again() for all that was laid aside, kg.scale_end().
--
-- A season of the scale data is the model season and a follow-up day: 34 runs with
-- 100 sessions, the first of each run in a room of its own; 50 teachers with 100
-- links, of whom the first 17 teach, ten or twelve sessions each. No feed passes 10,000 events:
--   a seminar (no window)    50 seasons
--   the whole house, an office, a room (90 days back, everything forward)
--                            at most 98 seasons are on now, the others lie before
-- Everything follows from its number, so two databases get the same.
SET LOCAL ROLE kattegat_owner;

-- How many seasons are on at the same time: the newest; one in ten, at most 98.
CREATE OR REPLACE FUNCTION kg.scale_abreast(scale int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT least((scale + 9) / 10, 98)
$$;

-- The secret of the n-th link. Anybody can work it out: it opens demo data only.
CREATE OR REPLACE FUNCTION kg.scale_token(n int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT left(encode(sha256(convert_to('kattegat demo token ' || n, 'UTF8')),
		'hex'), 32)
$$;

-- Something in the database that is no demo data; NULL: nothing.
CREATE OR REPLACE FUNCTION kg.scale_stranger() RETURNS text
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT what FROM (
		SELECT 'the seminar ' || slug AS what FROM kg.seminar WHERE NOT demo
		UNION ALL SELECT 'the season ' || slug FROM kg.season WHERE NOT demo
		UNION ALL SELECT 'person ' || id FROM kg.person
			WHERE name !~ '\(demodata\)$'
		UNION ALL SELECT 'the venue ' || v.id FROM kg.venue v
			WHERE v.name !~ '\(demodata\)$' AND NOT EXISTS (
				SELECT FROM kg.run r WHERE r.venue_id = v.id)
		UNION ALL SELECT 'room ' || m.id
			FROM kg.room m JOIN kg.venue v ON v.id = m.venue_id
			WHERE v.name !~ '\(demodata\)$'
		UNION ALL SELECT 'booking ' || id FROM kg.booking
			WHERE session_id IS NULL
	) AS t LIMIT 1
$$;

-- How many seasons of scale data there are: none, or as many as asked for.
-- Raises: KG005 a scale that cannot be, KG006 other data, or another scale.
CREATE OR REPLACE FUNCTION kg.scale_check(scale int) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	stranger CONSTANT text := kg.scale_stranger();
	have CONSTANT int := (SELECT count(*) FROM kg.season z
		WHERE z.slug LIKE 'skala-%');
BEGIN
	IF scale IS NULL OR scale NOT BETWEEN 1 AND 10000 THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = format('the scale cannot be %s', coalesce(scale, 0)),
			HINT = 'from 1 to 10000 seasons; 10000 have a million sessions';
	END IF;
	IF stranger IS NOT NULL THEN
		PERFORM kg.wrong_state(format('the database holds more than demo data: %s',
			stranger), 'take a database of its own for scale data');
	END IF;
	IF have NOT IN (0, scale) THEN
		PERFORM kg.wrong_state(format('the database has scale data already: %s '
			'seasons', have), 'take a new database for another scale');
	END IF;
	RETURN have;
END
$$;

-- Takes ids for rows to come, in one stretch; the last one before it.
CREATE OR REPLACE FUNCTION kg.scale_ids(tab text, rows bigint) RETURNS int
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	seq CONSTANT regclass := pg_get_serial_sequence('kg.' || tab, 'id');
	first CONSTANT bigint := nextval(seq);
BEGIN
	PERFORM setval(seq, first - 1 + rows);
	RETURN first - 1;
END
$$;

-- The tables that grow by millions; the others stay small.
CREATE OR REPLACE FUNCTION kg.scale_big() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
	SELECT array['run', 'session', 'agenda_item', 'booking', 'person',
		'session_teacher', 'feed_token']
$$;

CREATE OR REPLACE FUNCTION kg.scale_triggers(action text) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	tab text;
BEGIN
	FOREACH tab IN ARRAY array['seminar', 'seminar_tag', 'season', 'period',
		'venue', 'room', 'room_setup'] || kg.scale_big()
	LOOP
		EXECUTE format('ALTER TABLE kg.%I %s TRIGGER USER', tab, action);
	END LOOP;
END
$$;

-- Lays aside the foreign keys, other constraints and indexes of the big tables, all
-- but their primary keys. How to make them again stands in scale_aside, in order:
-- a foreign key comes after all indexes.
CREATE OR REPLACE FUNCTION kg.scale_lay_aside() RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	tabs CONSTANT regclass[] := array(SELECT ('kg.' || t)::regclass
		FROM unnest(kg.scale_big()) AS t);
	one record;
BEGIN
	CREATE TEMP TABLE scale_aside ON COMMIT DROP AS
	SELECT row_number() OVER (ORDER BY kind, tab, name)::int AS i, t.* FROM (
		SELECT CASE contype WHEN 'f' THEN 'key' ELSE 'constraint' END AS kind,
			conrelid AS tab, conname AS name, format('ALTER TABLE %s ADD '
				'CONSTRAINT %I %s', conrelid::regclass, conname,
				pg_get_constraintdef(oid)) AS again
		FROM pg_constraint
		WHERE conrelid = ANY (tabs) AND contype IN ('f', 'u', 'x')
		UNION ALL
		SELECT 'index', x.indrelid, c.relname, pg_get_indexdef(x.indexrelid)
		FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
		WHERE x.indrelid = ANY (tabs) AND NOT EXISTS (
			SELECT FROM pg_constraint con WHERE con.conindid = x.indexrelid
				AND con.contype IN ('p', 'u', 'x'))
	) AS t;
	FOR one IN SELECT * FROM pg_temp.scale_aside ORDER BY i DESC LOOP
		EXECUTE CASE one.kind WHEN 'index' THEN format('DROP INDEX kg.%I', one.name)
			ELSE format('ALTER TABLE %s DROP CONSTRAINT %I',
				one.tab::regclass, one.name) END;
	END LOOP;
END
$$;

-- Makes the i-th of them again; the name of the next one, or NULL after the last.
CREATE OR REPLACE FUNCTION kg.scale_again(i int) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	EXECUTE (SELECT a.again FROM pg_temp.scale_aside a WHERE a.i = scale_again.i);
	RETURN (SELECT a.name FROM pg_temp.scale_aside a
		WHERE a.i = scale_again.i + 1);
END
$$;

-- The model, numbered, in tables that go with the transaction: runs r 1 to 34 in the
-- order of their periods, sessions k 1 to 100, what teacher 1 to 17 teaches.
CREATE OR REPLACE FUNCTION kg.scale_model() RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	CREATE TEMP TABLE scale_run ON COMMIT DROP AS
	SELECT row_number() OVER (ORDER BY p.no, r.run_no)::int AS r, r.id AS run_id,
		p.no AS period, r.office_id, v.town, r.capacity, r.min_participants
	FROM kg.run r JOIN kg.season z ON z.id = r.season_id
		JOIN kg.period p ON p.id = r.period_id
		JOIN kg.venue v ON v.id = r.venue_id
	WHERE z.slug = 'kattegat-2022';
	CREATE TEMP TABLE scale_session ON COMMIT DROP AS
	SELECT row_number() OVER (ORDER BY m.r, s.no)::int AS k, m.r, s.office_id,
		s.no, s.title, s.starts_local, s.ends_local, s.zone, s.id AS session_id
	FROM pg_temp.scale_run m JOIN kg.session s ON s.run_id = m.run_id;
	IF (SELECT count(*) <> 33 FROM pg_temp.scale_run)
		OR (SELECT count(*) <> 99 FROM pg_temp.scale_session) THEN
		PERFORM kg.wrong_state('the model season is not as it was loaded',
			'take a new database for scale data');
	END IF;
	-- the follow-up: the second day of the first run, nine weeks later
	INSERT INTO pg_temp.scale_run
	SELECT 34, NULL, NULL, office_id, town, capacity, min_participants
	FROM pg_temp.scale_run WHERE r = 1;
	INSERT INTO pg_temp.scale_session
	SELECT 100, 34, office_id, 1, NULL, starts_local + interval '9 weeks',
		ends_local + interval '9 weeks', zone, session_id
	FROM pg_temp.scale_session WHERE k = 2;
	CREATE TEMP TABLE scale_agenda ON COMMIT DROP AS
	SELECT row_number() OVER (ORDER BY s.k, a.no)::int AS i, s.k, a.no,
		a.starts_min, a.ends_min, a.title, a.title_en, a.format
	FROM pg_temp.scale_session s JOIN kg.agenda_item a USING (session_id);
	-- Two teachers a run, of whom one has accepted; the four runs of a teacher lie
	-- eight or nine apart, and so in different periods.
	CREATE TEMP TABLE scale_teacher ON COMMIT DROP AS
	SELECT row_number() OVER (ORDER BY s.k, j)::int AS i, s.k, j % 17 + 1 AS t,
		CASE j % 2 WHEN 1 THEN 'asked' ELSE 'accepted' END AS status
	FROM generate_series(0, 67) AS j
		JOIN pg_temp.scale_session s ON s.r = j / 2 + 1;
END
$$;

-- Seminars, seasons, venues and rooms, and the ids of all that follows. Returns how
-- much was laid aside.
CREATE OR REPLACE FUNCTION kg.scale_begin(why text, scale int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	abreast CONSTANT int := kg.scale_abreast(scale);
	agenda_rows int;
BEGIN
	-- millions of rows a statement; and no plan here is worth a compiler
	PERFORM set_config('work_mem', '256MB', true),
		set_config('maintenance_work_mem', '512MB', true),
		set_config('jit', 'off', true);
	PERFORM kg.write_begin(NULL, why), kg.scale_triggers('DISABLE');
	IF kg.scale_check(scale) > 0 THEN
		PERFORM kg.wrong_state('the scale data is there already',
			'nothing is left to do');
	END IF;
	PERFORM kg.scale_model();
	agenda_rows := (SELECT count(*) FROM pg_temp.scale_agenda);
	CREATE TEMP TABLE scale ON COMMIT DROP AS
	SELECT scale_begin.scale AS seasons, scale_abreast(scale_begin.scale) AS abreast,
		agenda_rows, kg.now() AS at, site.domain,
		date_trunc('week', kg.now() AT TIME ZONE 'Europe/Copenhagen')
			- (SELECT date_trunc('week', min(starts_local))
				FROM pg_temp.scale_session) AS shift,
		kg.scale_ids('seminar', (scale + 49) / 50) AS seminar,
		kg.scale_ids('season', scale) AS season,
		kg.scale_ids('period', scale * 6) AS period,
		kg.scale_ids('venue', abreast * 34) AS venue,
		kg.scale_ids('room', abreast * 34) AS room,
		(SELECT max(nextval('kg.room_atom')) FROM generate_series(1, abreast * 34))
			::int - abreast * 34 AS atom,
		kg.scale_ids('run', scale * 34) AS run,
		kg.scale_ids('session', scale * 100) AS session,
		kg.scale_ids('agenda_item', scale::bigint * agenda_rows) AS agenda_item,
		kg.scale_ids('booking', scale * 34) AS booking,
		kg.scale_ids('person', scale * 50) AS person,
		kg.scale_ids('session_teacher', scale * 200) AS session_teacher,
		kg.scale_ids('feed_token', scale * 100) AS feed_token
	FROM kg.site;
	INSERT INTO kg.seminar (id, slug, title, kind, description, colour, demo)
	OVERRIDING SYSTEM VALUE
	SELECT c.seminar + n, 'skala-' || lpad(n::text, 3, '0'),
		format('Kattegat Kommune skala %s (demodata)', n), m.kind, m.description,
		m.colour, true
	FROM pg_temp.scale c CROSS JOIN generate_series(1, (c.seasons + 49) / 50) AS n
		JOIN kg.seminar m ON m.slug = 'kattegat-kommune'
	ORDER BY n;
	INSERT INTO kg.seminar_tag (seminar_id, tag)
	SELECT c.seminar + n, 'politisk lederskab'
	FROM pg_temp.scale c CROSS JOIN generate_series(1, (c.seasons + 49) / 50) AS n;
	INSERT INTO kg.season (id, slug, title, seminar_id, demo)
	OVERRIDING SYSTEM VALUE
	SELECT c.season + n, 'skala-' || lpad(n::text, 5, '0'),
		format('Kattegat skala %s (demodata)', n), c.seminar + (n + 49) / 50, true
	FROM pg_temp.scale c CROSS JOIN generate_series(1, c.seasons) AS n ORDER BY n;
	INSERT INTO kg.venue (id, office_id, name, street, town, lat, lon)
	OVERRIDING SYSTEM VALUE
	SELECT c.venue + (place - 1) * 34 + m.r, m.office_id,
		format('Hotel %s %s-%s (demodata)', m.town, place, m.r),
		format('Demovej %s', place), m.town, o.lat, o.lon
	FROM pg_temp.scale c CROSS JOIN generate_series(1, c.abreast) AS place
		CROSS JOIN pg_temp.scale_run m JOIN kg.office o ON o.id = m.office_id
	ORDER BY 1;
	INSERT INTO kg.room (id, venue_id, name, parts, step_free)
	OVERRIDING SYSTEM VALUE
	SELECT c.room + i, c.venue + i, 'Plenum',
		int4multirange(int4range(c.atom + i, c.atom + i, '[]')), true
	FROM pg_temp.scale c CROSS JOIN generate_series(1, c.abreast * 34) AS i
	ORDER BY i;
	INSERT INTO kg.room_setup (room_id, setup, capacity, setup_min, clear_min)
	SELECT c.room + i, 'islands', 30, 60, 30
	FROM pg_temp.scale c CROSS JOIN generate_series(1, c.abreast * 34) AS i
	ORDER BY i;
	PERFORM kg.scale_lay_aside();
	RETURN (SELECT count(*) FROM pg_temp.scale_aside);
END
$$;

-- When and where seasons are. The newest begin from eight weeks ago on; those before
-- them have ended more than 90 days ago, and at each place one follows another.
CREATE OR REPLACE FUNCTION kg.scale_seasons(first int, last int)
RETURNS TABLE (n int, place int, shift interval, is_over bool)
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT u, (u - 1) % c.abreast, c.shift + interval '1 week' * CASE
			WHEN u <= c.abreast THEN (u - 1) % 26 - 8
			ELSE -14 - 10 * ((u - 1) / c.abreast) END, u > c.abreast
	FROM pg_temp.scale c CROSS JOIN generate_series(first, last) AS u;
END
$$;

-- Runs, sessions with their programme, and bookings of seasons first to last.
CREATE OR REPLACE FUNCTION kg.scale_runs(first int, last int) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	INSERT INTO kg.period (id, season_id, no, starts_on, ends_on, changed_at)
	OVERRIDING SYSTEM VALUE
	SELECT c.period + (z.n - 1) * 6 + m.period, c.season + z.n, m.period,
		min(s.starts_local + z.shift)::date, max(s.ends_local + z.shift)::date, c.at
	FROM pg_temp.scale c CROSS JOIN kg.scale_seasons(first, last) z
		CROSS JOIN pg_temp.scale_run m JOIN pg_temp.scale_session s USING (r)
	WHERE m.period IS NOT NULL
	GROUP BY 1, 2, 3, c.at ORDER BY 1;
	INSERT INTO kg.run (id, run_no, seminar_id, season_id, period_id, office_id,
		venue_id, title, capacity, min_participants, status, published_at, changed_at)
	OVERRIDING SYSTEM VALUE
	SELECT c.run + (z.n - 1) * 34 + m.r,
		format('SK%s-%s', lpad(z.n::text, 5, '0'), lpad(m.r::text, 2, '0')),
		c.seminar + (z.n + 49) / 50, c.season + z.n,
		c.period + (z.n - 1) * 6 + m.period, m.office_id,
		c.venue + z.place * 34 + m.r,
		CASE WHEN m.period IS NULL THEN 'Opfølgning (demodata)' END,
		m.capacity, m.min_participants,
		CASE WHEN z.is_over THEN 'completed' ELSE 'open' END,
		c.at - CASE WHEN z.is_over THEN interval '1 year' ELSE '100 days' END, c.at
	FROM pg_temp.scale c CROSS JOIN kg.scale_seasons(first, last) z
		CROSS JOIN pg_temp.scale_run m
	ORDER BY 1;
	INSERT INTO kg.session (id, uid, run_id, office_id, no, title, venue_id, starts_local,
		ends_local, zone, created_at, changed_at)
	OVERRIDING SYSTEM VALUE
	SELECT c.session + (z.n - 1) * 100 + m.k,
		md5('kattegat demo session ' || (z.n - 1) * 100 + m.k)::uuid
			|| '@' || c.domain,
		c.run + (z.n - 1) * 34 + m.r, m.office_id, m.no, m.title,
		c.venue + z.place * 34 + m.r,
		m.starts_local + z.shift, m.ends_local + z.shift, m.zone, c.at, c.at
	FROM pg_temp.scale c CROSS JOIN kg.scale_seasons(first, last) z
		CROSS JOIN pg_temp.scale_session m
	ORDER BY 1;
	INSERT INTO kg.agenda_item (id, session_id, no, starts_min, ends_min, title,
		title_en, format, changed_at)
	OVERRIDING SYSTEM VALUE
	SELECT c.agenda_item + (z.n - 1) * c.agenda_rows + m.i,
		c.session + (z.n - 1) * 100 + m.k, m.no, m.starts_min, m.ends_min, m.title,
		m.title_en, m.format, c.at
	FROM pg_temp.scale c CROSS JOIN kg.scale_seasons(first, last) z
		CROSS JOIN pg_temp.scale_agenda m
	ORDER BY 1;
	INSERT INTO kg.booking (id, uid, room_id, parts, starts_local, ends_local, zone,
		setup_min, clear_min, kind, session_id, room_setup, setup_capacity,
		head_count, title, created_at, changed_at)
	OVERRIDING SYSTEM VALUE
	SELECT c.booking + (z.n - 1) * 34 + m.r,
		md5('kattegat demo booking ' || (z.n - 1) * 34 + m.r)::uuid
			|| '@' || c.domain,
		c.room + room.i, int4multirange(int4range(c.atom + room.i,
			c.atom + room.i, '[]')),
		m.starts_local + z.shift, m.ends_local + z.shift, m.zone, 60, 30, 'session',
		c.session + (z.n - 1) * 100 + m.k, 'islands', 30, 25,
		'Kattegat skala (demodata)', c.at, c.at
	FROM pg_temp.scale c CROSS JOIN kg.scale_seasons(first, last) z
		CROSS JOIN pg_temp.scale_session m
		CROSS JOIN LATERAL (SELECT z.place * 34 + m.r AS i) AS room
	WHERE m.no = 1
	ORDER BY 1;
END
$$;

-- Teachers of seasons first to last, what they teach, and their links.
CREATE OR REPLACE FUNCTION kg.scale_people(first int, last int) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	INSERT INTO kg.person (id, name, role, changed_at)
	OVERRIDING SYSTEM VALUE
	SELECT c.person + (n - 1) * 50 + t, format('Underviser %s-%s (demodata)',
		lpad(n::text, 5, '0'), lpad(t::text, 2, '0')), 'teacher', c.at
	FROM pg_temp.scale c CROSS JOIN generate_series(first, last) AS n
		CROSS JOIN generate_series(1, 50) AS t
	ORDER BY 1;
	INSERT INTO kg.session_teacher (id, session_id, person_id, status, during,
		changed_at)
	OVERRIDING SYSTEM VALUE
	SELECT c.session_teacher + (z.n - 1) * 200 + m.i,
		c.session + (z.n - 1) * 100 + m.k, c.person + (z.n - 1) * 50 + m.t, m.status,
		kg.span(s.starts_local + z.shift, s.ends_local + z.shift, s.zone), c.at
	FROM pg_temp.scale c CROSS JOIN kg.scale_seasons(first, last) z
		CROSS JOIN pg_temp.scale_teacher m JOIN pg_temp.scale_session s USING (k)
	ORDER BY 1;
	INSERT INTO kg.feed_token (id, person_id, hash, name, show_cancelled, created_at,
		changed_at)
	OVERRIDING SYSTEM VALUE
	SELECT c.feed_token + (n - 1) * 100 + q, c.person + (n - 1) * 50 + (q + 1) / 2,
		sha256(convert_to(kg.scale_token((n - 1) * 100 + q), 'UTF8')),
		CASE q % 2 WHEN 1 THEN 'telefon' ELSE 'computer' END,
		CASE q % 10 WHEN 3 THEN 'text' WHEN 7 THEN 'hide' ELSE 'mark' END, c.at, c.at
	FROM pg_temp.scale c CROSS JOIN generate_series(first, last) AS n
		CROSS JOIN generate_series(1, 100) AS q
	ORDER BY 1;
END
$$;

CREATE OR REPLACE FUNCTION kg.scale_part(first int, last int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.scale_runs(first, last), kg.scale_people(first, last);
END
$$;

-- The triggers again, one row in the journal, and news for every feed.
CREATE OR REPLACE FUNCTION kg.scale_end() RETURNS kg.written
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	made CONSTANT jsonb := (SELECT jsonb_build_object('seasons', c.seasons,
			'runs', c.seasons * 34, 'sessions', c.seasons * 100,
			'agenda_items', c.seasons::bigint * c.agenda_rows,
			'bookings', c.seasons * 34, 'persons', c.seasons * 50,
			'session_teachers', c.seasons * 200, 'feed_tokens', c.seasons * 100)
		FROM pg_temp.scale c);
BEGIN
	PERFORM kg.scale_triggers('ENABLE'), kg.scopes_add('{*}');
	INSERT INTO kg.journal (at, xid, actor_id, actor, why, action, object, object_id,
		after)
	VALUES (kg.now(), pg_current_xact_id(), NULL, session_user, kg.why(), 'insert',
		'demo', 'scale', made);
	RETURN kg.write_end(true, 'demo', 'scale', NULL);
END
$$;
