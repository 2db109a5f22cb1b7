-- Demo data: the Kattegat season of 2022 and the coming one, and what else six
-- offices have on. All of it says that it is demo data. A second load changes nothing.
SET LOCAL ROLE kattegat_owner;

-- How many weeks on a season goes to the next January: as near to its old date as can
-- be with no day of it on a public holiday.
CREATE OR REPLACE FUNCTION kg.demo_weeks(wishes kg.run_wish[]) RETURNS int
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	WITH season AS (
		SELECT min(starts_local)::date AS first_day FROM unnest(wishes)
	), target AS (
		SELECT first_day, make_date(
			extract(year FROM kg.now() AT TIME ZONE 'Europe/Copenhagen')::int + 1,
			1, least(extract(day FROM first_day)::int, 28)) AS day FROM season
	)
	SELECT weeks FROM (
		SELECT (t.day - t.first_day) / 7 + n AS weeks, t.*
		FROM target AS t CROSS JOIN generate_series(-6, 6) AS n) AS c
	WHERE NOT EXISTS (SELECT FROM unnest(wishes) AS w JOIN kg.holiday h
		ON h.day BETWEEN w.starts_local::date + 7 * weeks
			AND w.ends_local::date + 7 * weeks
		WHERE h.kind = 'public')
	ORDER BY date_trunc('month', first_day + 7 * weeks)
			<> date_trunc('month', day),
		abs(first_day + 7 * weeks - day), weeks LIMIT 1
$$;

-- The first working day from Tuesday to Thursday, on or after a day.
CREATE OR REPLACE FUNCTION kg.demo_day(earliest date) RETURNS date
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT d::date FROM generate_series(earliest, earliest + 30,
		interval '1 day') AS d
	WHERE extract(isodow FROM d) IN (2, 3, 4)
		AND NOT EXISTS (SELECT FROM kg.holiday h WHERE h.day = d::date)
	ORDER BY d LIMIT 1
$$;

-- The coming Sunday on which the clocks change, in the year that begins now: one
-- without a public holiday, when there is one.
CREATE OR REPLACE FUNCTION kg.demo_clocks_change() RETURNS date
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	WITH today AS (
		SELECT (kg.now() AT TIME ZONE 'Europe/Copenhagen')::date AS day
	)
	SELECT d::date FROM today CROSS JOIN generate_series(day + 2,
		day + interval '1 year', interval '1 day') AS d
	WHERE extract(isodow FROM d) = 7 AND extract(day FROM d) > 24
		AND extract(month FROM d) IN (3, 10)
	ORDER BY EXISTS (SELECT FROM kg.holiday h
		WHERE h.day IN (d::date, d::date - 1) AND h.kind = 'public'), d LIMIT 1
$$;

-- An office's own house and one or, where it is large, two rooms and the hall that
-- they make together. Returns the hall, or the only room.
CREATE OR REPLACE FUNCTION kg.demo_rooms(why text, office kg.office, large bool)
RETURNS int LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	setups CONSTANT jsonb := '[
		{"setup": "islands", "capacity": 25, "setup_min": 60, "clear_min": 30},
		{"setup": "theatre", "capacity": 40, "setup_min": 30, "clear_min": 30},
		{"setup": "horseshoe", "capacity": 18, "setup_min": 30, "clear_min": 15}]';
	hall_setups CONSTANT jsonb := '[
		{"setup": "islands", "capacity": 60, "setup_min": 60, "clear_min": 60},
		{"setup": "theatre", "capacity": 100, "setup_min": 60, "clear_min": 30}]';
	house int;
	east int;
	west int;
	hall int;
BEGIN
	SELECT id INTO house FROM kg.venue WHERE office_id = office.id AND own;
	IF FOUND THEN
		RETURN (SELECT id FROM kg.room WHERE venue_id = house
			ORDER BY id DESC LIMIT 1);
	END IF;
	house := (kg.venue_add(NULL, why, office.code,
		format('Kontoret i %s (demodata)', office.town), office.street,
		office.postcode, office.town, office.lat, office.lon, true)).object_id;
	east := (kg.room_add(NULL, why, house,
		CASE WHEN large THEN 'Lokale Øst' ELSE 'Mødelokalet' END,
		NULL, true, true, setups)).object_id;
	PERFORM kg.room_change(NULL, why, east, NULL, '{"default_setup": "islands",
		"equipment": ["projector", "whiteboard"]}');
	IF NOT large THEN
		RETURN east;
	END IF;
	west := (kg.room_add(NULL, why, house, 'Lokale Vest', NULL, true, false,
		setups)).object_id;
	hall := (kg.room_add(NULL, why, house, 'Salen', array[east, west], true, true,
		hall_setups)).object_id;
	PERFORM kg.room_change(NULL, why, r, NULL, '{"default_setup": "islands"}')
		FROM unnest(array[west, hall]) AS r;
	RETURN hall;
END
$$;

-- A run of one session in a room, unless it is there.
CREATE OR REPLACE FUNCTION kg.demo_run(why text, run_no text, seminar_id int,
	room_id int, starts_local timestamp, ends_local timestamp, setup text)
RETURNS kg.written LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	house kg.venue;
	new_run int;
	new_session int;
BEGIN
	SELECT v.* INTO house FROM kg.venue v JOIN kg.room r ON r.venue_id = v.id
	WHERE r.id = demo_run.room_id;
	INSERT INTO kg.run (run_no, seminar_id, office_id, venue_id, capacity,
		min_participants, status)
	VALUES (demo_run.run_no, demo_run.seminar_id, house.office_id, house.id, 25,
		10, 'open')
	ON CONFLICT (run_no) DO NOTHING RETURNING id INTO new_run;
	IF new_run IS NULL THEN
		SELECT id INTO new_run FROM kg.run WHERE run_no = demo_run.run_no;
		RETURN kg.write_end(false, 'run', new_run::text, 1);
	END IF;
	INSERT INTO kg.session (run_id, no, venue_id, starts_local, ends_local)
	VALUES (new_run, 1, house.id, demo_run.starts_local, demo_run.ends_local)
	RETURNING id INTO new_session;
	PERFORM kg.booking_create(NULL, why, demo_run.room_id, NULL, NULL, NULL, NULL,
		'session', new_session, demo_run.setup, 18, NULL, NULL);
	RETURN kg.write_end(true, 'run', new_run::text, 1);
END
$$;

-- A person of the demo, unless there is one of that name.
CREATE OR REPLACE FUNCTION kg.demo_person(why text, name text, role text,
	office text)
RETURNS kg.written LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	have kg.person;
BEGIN
	SELECT * INTO have FROM kg.person WHERE name = demo_person.name
		ORDER BY id LIMIT 1;
	IF FOUND THEN
		RETURN kg.write_end(false, 'person', have.id::text, have.version);
	END IF;
	RETURN kg.person_add(NULL, why, demo_person.name, NULL, NULL,
		demo_person.role, demo_person.office);
END
$$;

-- A season of the demo, its rows moved by whole weeks under the numbers of its year.
CREATE OR REPLACE FUNCTION kg.demo_season(wishes kg.run_wish[],
	blocks kg.programme_block[], weeks int)
RETURNS kg.written LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	year text;
	z kg.season;
	added int;
	moved kg.run_wish[];
BEGIN
	SELECT array_agg(ROW(w.line, regexp_replace(w.run_no, '^([A-Z]+)\d\d-',
			'\1' || to_char(w.starts_local + weeks * interval '1 week', 'YY')
				|| '-'),
			w.period, w.office_id, w.town,
			w.starts_local + weeks * interval '1 week',
			w.ends_local + weeks * interval '1 week', w.zone, w.capacity,
			w.min_participants, CASE weeks WHEN 0 THEN w.hash
				ELSE sha256(w.hash || convert_to(weeks::text, 'UTF8'))
				END)::kg.run_wish ORDER BY w.line)
		INTO moved FROM unnest(wishes) AS w;
	year := (SELECT extract(year FROM min(w.starts_local))::text
		FROM unnest(moved) AS w);
	z := kg.season_get('kattegat-' || year,
		format('Kattegat %s (demodata)', year), 'kattegat-kommune',
		'Kattegat Kommune (demodata)', 'Demodata: et modelforløb over tre dage '
		'for nyvalgte kommunalpolitikere. Perioderne i 2022 er virkelige; '
		'steder, tider og program er opdigtede.', true);
	added := kg.season_write(z.id, moved, blocks);
	RETURN kg.write_end(added > 0, 'season', z.id::text, z.version);
END
$$;

-- Seminars that the offices have on in their own rooms.
CREATE OR REPLACE FUNCTION kg.demo_seminars(why text) RETURNS SETOF kg.written
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	year int := extract(year FROM kg.now() AT TIME ZONE 'Europe/Copenhagen') + 1;
	change CONSTANT date := kg.demo_clocks_change();
	one record;
	m kg.written;
	hall int;
	room int;
	day date;
BEGIN
	FOR one IN SELECT * FROM (VALUES
		-- no, office, its room, from (month, day, hours), set-up, the seminar
		(1, 'AAR', 'hall', 4, 13, time '09:30', time '16:00', 'islands',
			'budget-og-regnskab', 'Budget og regnskab for politikere',
			'theme_day', 'økonomi og styring', 'seagreen'),
		(2, 'KBH', 'east', 4, 20, time '09:00', time '15:30', 'islands',
			'moedeafvikling', 'Mødeafvikling', 'course', 'politisk lederskab',
			'slateblue'),
		(3, 'KBH', 'west', 4, 20, time '10:00', time '15:00', 'horseshoe',
			'godt-bestyrelsesarbejde', 'Godt bestyrelsesarbejde', 'course',
			'politisk lederskab', 'goldenrod'),
		(4, 'VEJ', 'hall', 5, 18, time '12:30', time '17:00', 'islands',
			'borgerinddragelse', 'Borgerinddragelse og samskabelse',
			'theme_day', 'velfærd', 'indianred'),
		(5, 'AAL', 'hall', 6, 8, time '09:00', time '16:00', 'islands',
			'samspil-med-administrationen', 'Samspil med administrationen',
			'education', 'administration', 'darkorange'),
		(6, 'NAE', 'hall', 0, 0, time '15:00', time '14:00', 'islands',
			'doegnseminar-for-udvalgsformaend',
			'Døgnseminar for udvalgsformænd', '24h_seminar',
			'politisk lederskab', 'rebeccapurple'),
		(7, 'ODE', 'hall', 9, 7, time '09:00', time '15:00', 'islands',
			'velfaerdsledelse-i-praksis', 'Velfærdsledelse i praksis',
			'conference', 'velfærdsledelse', 'teal')
	) AS t (no, office, room, month, day, starts, ends, setup, slug, title, kind,
		tag, colour)
	LOOP
		hall := kg.demo_rooms(why, kg.office_get(one.office),
			one.office IN ('AAR', 'KBH'));
		room := CASE one.room WHEN 'hall' THEN hall ELSE (
			SELECT r.id FROM kg.room h JOIN kg.room r
				ON r.venue_id = h.venue_id AND r.id <> h.id
			WHERE h.id = hall
			ORDER BY CASE one.room WHEN 'east' THEN r.id ELSE -r.id END
			LIMIT 1) END;
		SELECT s.id::text INTO m.object_id FROM kg.seminar s
		WHERE s.slug = one.slug;
		IF NOT FOUND THEN
			m := kg.seminar_add(NULL, why, one.slug,
				one.title || ' (demodata)', one.kind,
				'Demodata: et opdigtet seminar.', one.colour, true,
				array[one.tag]);
			RETURN NEXT m;
		END IF;
		day := CASE one.month WHEN 0 THEN change - 1
			ELSE kg.demo_day(make_date(year, one.month, one.day)) END;
		RETURN NEXT kg.demo_run(why, format('DEMO%s-%s',
				lpad((year % 100)::text, 2, '0'), lpad(one.no::text, 2, '0')),
			m.object_id::int, room, day + one.starts,
			CASE one.month WHEN 0 THEN change ELSE day END + one.ends, one.setup);
	END LOOP;
END
$$;

-- Teachers with sessions of the coming season, accepted or only asked, and a
-- coordinator.
CREATE OR REPLACE FUNCTION kg.demo_people(why text, season_id int)
RETURNS SETOF kg.written LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	one record;
	p kg.written;
BEGIN
	RETURN NEXT kg.demo_person(why, 'Koordinator i Aarhus (demodata)',
		'coordinator', 'AAR');
	FOR one IN SELECT * FROM (VALUES
		('Underviser A (demodata)', 3, 'accepted'),
		('Underviser A (demodata)', 9, 'accepted'),
		('Underviser A (demodata)', 15, 'asked'),
		('Underviser B (demodata)', 1, 'accepted'),
		('Underviser B (demodata)', 12, 'asked')
	) AS t (name, place, status)
	LOOP
		p := kg.demo_person(why, one.name, 'teacher', NULL);
		IF p.changed THEN
			RETURN NEXT p;
		END IF;
		PERFORM kg.session_teacher_set(NULL, why, r.run_no, s.no,
				p.object_id::int, one.status)
			FROM (SELECT * FROM kg.run WHERE season_id = demo_people.season_id
				ORDER BY run_no OFFSET one.place - 1 LIMIT 1) AS r
				JOIN kg.session s ON s.run_id = r.id
			WHERE NOT EXISTS (SELECT FROM kg.session_teacher t
				WHERE t.session_id = s.id
					AND t.person_id = p.object_id::int)
			ORDER BY s.no;
	END LOOP;
END
$$;

-- Answers what it looked at: `changed` says what is new.
CREATE OR REPLACE FUNCTION kg.demo_load(actor int, why text, rows jsonb,
	programme jsonb)
RETURNS SETOF kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	p record;
	r record;
	bad kg.bad_row;
	season kg.written;
BEGIN
	PERFORM kg.may_must(actor, v, NULL)
		FROM unnest(array['catalogue', 'places', 'calendar', 'people']) AS v;
	PERFORM kg.write_begin(NULL, why);
	SELECT * INTO p FROM kg.programme_read(programme);
	SELECT * INTO r FROM kg.season_read('kattegat-2022', rows, p.blocks);
	bad := coalesce(p.bad[1], r.bad[1]);
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = format('%s, line %s: %s', bad.source, bad.line, bad.message),
			HINT = bad.hint;
	END IF;
	RETURN NEXT kg.demo_season(r.wishes, p.blocks, 0);
	season := kg.demo_season(r.wishes, p.blocks, kg.demo_weeks(r.wishes));
	RETURN NEXT season;
	RETURN QUERY SELECT * FROM kg.demo_seminars(why);
	RETURN QUERY SELECT * FROM kg.demo_people(why, season.object_id::int);
END
$$;
