-- Series: "every second Tuesday 9-12 until June", written out as bookings.
--
-- What a series asks for is a flat object: room_id, title, starts and ends (HH:MM),
-- from and until (days), freq (daily, weekly, monthly: the same weekday of the month,
-- such as the second Tuesday), interval, weekdays (mon ... sun; else that of the first
-- day), kind, setup, head_count, setup_min, clear_min, notes, catering_count,
-- catering_days, skip_holidays (true, unless said), and overrides, one for a date that
-- is to be skipped, kept although it is a holiday, or fixed:
--   {"date", "skip", "keep", "room_id", "starts_local", "ends_local"}
SET LOCAL ROLE kattegat_owner;

CREATE OR REPLACE FUNCTION kg.series_must(wish jsonb) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
	starts date := wish ->> 'from';
	ends date := wish ->> 'until';
BEGIN
	PERFORM kg.match_must(coalesce(wish ->> m, ''), '^([01]\d|2[0-3]):[0-5]\d$', m,
		'an hour such as 09:00') FROM unnest(array['starts', 'ends']) AS m;
	PERFORM kg.match_must(wish ->> 'freq', '^(daily|weekly|monthly)$', 'freq',
			'daily, weekly or monthly'),
		kg.match_must(coalesce(wish ->> 'kind', 'internal'),
			'^(internal|let_out)$', 'the kind', 'internal or let_out');
	PERFORM kg.match_must(d, '^(mon|tue|wed|thu|fri|sat|sun)$', 'a weekday',
			'mon, tue, wed, thu, fri, sat or sun')
		FROM jsonb_array_elements_text(kg.array_of(wish -> 'weekdays')) AS d;
	IF (wish ->> 'starts')::time >= (wish ->> 'ends')::time THEN
		PERFORM kg.refuse('KG005', 'a booking ends after it starts', 'a later end',
			'{"fields": ["starts", "ends"]}');
	END IF;
	IF (ends >= starts AND ends - starts <= 1100) IS NOT TRUE
		OR (wish ->> 'interval')::int NOT BETWEEN 1 AND 52 THEN
		PERFORM kg.refuse('KG005', 'a series runs forward, for three years at most, '
				'every 1 to 52 days, weeks or months', 'other days',
			'{"fields": ["from", "until", "interval"]}');
	END IF;
END
$$;

-- An array that may have been left out.
CREATE OR REPLACE FUNCTION kg.array_of(list jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN jsonb_typeof($1) = 'array' THEN $1 ELSE '[]' END
$$;

-- The days of a series, before any is skipped.
CREATE OR REPLACE FUNCTION kg.series_dates(wish jsonb) RETURNS SETOF date
LANGUAGE sql STABLE AS $$
	WITH rule AS (SELECT (wish ->> 'from')::date AS starts,
		(wish ->> 'until')::date AS ends,
		coalesce((wish ->> 'interval')::int, 1) AS every,
		coalesce(wish ->> 'freq', 'weekly') AS freq,
		array(SELECT array_position(array['mon', 'tue', 'wed', 'thu', 'fri', 'sat',
			'sun'], d)
			FROM jsonb_array_elements_text(kg.array_of(wish -> 'weekdays')) AS d
		) AS weekdays)
	SELECT d::date FROM rule r
		CROSS JOIN generate_series(r.starts, r.ends, interval '1 day') AS d
	WHERE CASE r.freq
		WHEN 'daily' THEN (d::date - r.starts) % r.every = 0
		WHEN 'weekly' THEN
			(date_trunc('week', d)::date - date_trunc('week', r.starts)::date)
				/ 7 % r.every = 0
			AND CASE WHEN r.weekdays = '{}'
				THEN extract(isodow FROM d) = extract(isodow FROM r.starts)
				ELSE extract(isodow FROM d)::int = ANY (r.weekdays) END
		ELSE extract(isodow FROM d) = extract(isodow FROM r.starts)
			AND ceil(extract(day FROM d) / 7)
				= ceil(extract(day FROM r.starts) / 7)
			AND (extract(year FROM d) * 12 + extract(month FROM d)
				- extract(year FROM r.starts) * 12
				- extract(month FROM r.starts))::int % r.every = 0
		END
	ORDER BY 1
$$;

-- Each day with what stands against it; wish is the booking that it would become.
CREATE OR REPLACE FUNCTION kg.series_days(asked jsonb)
RETURNS TABLE (day date, holiday text, skipped bool, problem text, wish kg.booking)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	base kg.booking := kg.api_wish(asked - array['starts_local', 'ends_local',
		'run_no', 'expires_local']);
	fix jsonb;
	days int := 0;
BEGIN
	PERFORM kg.series_must(asked);
	IF EXISTS (SELECT o -> 'date'
		FROM jsonb_array_elements(kg.array_of(asked -> 'overrides')) AS o
		WHERE (o ->> 'date')::date NOT IN (SELECT kg.series_dates(asked))) THEN
		PERFORM kg.refuse('KG005', 'an override is for a date of the series',
			'the preview lists the dates', '{"fields": ["overrides"]}');
	END IF;
	FOR day IN SELECT * FROM kg.series_dates(asked) LOOP
		days := days + 1;
		IF days > 200 THEN
			PERFORM kg.refuse('KG005', 'a series has 200 dates at most',
				'make two of it', '{"fields": ["until"]}');
		END IF;
		SELECT o INTO fix
		FROM jsonb_array_elements(kg.array_of(asked -> 'overrides')) AS o
		WHERE (o ->> 'date')::date = series_days.day;
		wish := base;
		wish.room_id := coalesce(fix ->> 'room_id', asked ->> 'room_id');
		wish.starts_local := coalesce(kg.local_of(fix ->> 'starts_local'),
			day + (asked ->> 'starts')::time);
		wish.ends_local := coalesce(kg.local_of(fix ->> 'ends_local'),
			wish.starts_local + ((asked ->> 'ends')::time
				- (asked ->> 'starts')::time));
		wish := kg.booking_wish(wish);
		holiday := (SELECT string_agg(h.name, ', ' ORDER BY h.name)
			FROM kg.holiday h WHERE h.day = wish.starts_local::date);
		skipped := coalesce((fix ->> 'skip')::bool, holiday IS NOT NULL
			AND coalesce((asked ->> 'skip_holidays')::bool, true)
			AND NOT coalesce((fix ->> 'keep')::bool, false));
		problem := coalesce(kg.local_problem(wish.starts_local, wish.zone),
			kg.local_problem(wish.ends_local, wish.zone));
		RETURN NEXT;
	END LOOP;
END
$$;

-- What the series would come to: every date, with what is in its way and, for the
-- first twenty, what would do instead.
CREATE OR REPLACE FUNCTION kg.series_plan(actor int, asked jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	WITH days AS MATERIALIZED (
		SELECT d.day, d.holiday, d.skipped, d.problem, d.wish, r.name AS room,
			CASE WHEN d.problem IS NULL THEN kg.conflicts_in(r.parts,
				kg.span((d.wish).starts_local, (d.wish).ends_local,
					(d.wish).zone, (d.wish).setup_min, (d.wish).clear_min),
				seen) ELSE '[]' END AS hits
		FROM kg.offices_seen(actor) AS seen, kg.series_days(asked) AS d
			JOIN kg.room r ON r.id = (d.wish).room_id),
	counted AS (SELECT *, count(*) FILTER (WHERE NOT skipped AND hits <> '[]')
		OVER (ORDER BY day) AS nth FROM days)
	SELECT jsonb_build_object(
		'count', count(*) FILTER (WHERE NOT skipped),
		'conflicts', count(*) FILTER (WHERE NOT skipped
			AND (hits <> '[]' OR problem IS NOT NULL)),
		'holidays', count(*) FILTER (WHERE holiday IS NOT NULL),
		'items', coalesce(jsonb_agg(jsonb_build_object('date', day,
			'weekday', to_char(day, 'dy'),
			'starts_local', kg.api_local((wish).starts_local),
			'ends_local', kg.api_local((wish).ends_local),
			'room_id', (wish).room_id, 'room', room, 'holiday', holiday,
			'skipped', skipped, 'problem', problem, 'conflicts', hits,
			'alternatives', CASE WHEN NOT skipped AND hits <> '[]' AND nth <= 20
				THEN kg.alternatives(wish, '{}') ELSE '[]' END)
			ORDER BY day), '[]'))
	FROM counted
$$;

-- Writes a series out, or raises KG409 with the plan's dates that something stands
-- against and that were not skipped.
CREATE OR REPLACE FUNCTION kg.series_create(actor int, why text, asked jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	rooms int[] := array(SELECT (asked ->> 'room_id')::int
		UNION SELECT (o ->> 'room_id')::int
		FROM jsonb_array_elements(kg.array_of(asked -> 'overrides')) AS o
		WHERE o ->> 'room_id' IS NOT NULL);
	wishes kg.booking[];
	plan jsonb;
	new_id int;
	one kg.booking;
BEGIN
	PERFORM kg.write_begin(actor, why);
	PERFORM kg.room_get(r) FROM unnest(rooms) AS r;
	PERFORM kg.rooms_may_must(actor, rooms);
	PERFORM kg.lock_rooms(NULL, (SELECT range_agg(r.parts) FROM kg.room r
		WHERE r.id = ANY (rooms)));
	plan := kg.series_plan(actor, asked);
	IF (plan ->> 'conflicts')::int > 0 THEN
		PERFORM kg.refuse('KG409', format('%s of the %s dates cannot be had',
				plan ->> 'conflicts', plan ->> 'count'),
			'skip those dates, or give them another room or time',
			plan || jsonb_build_object('items', (SELECT jsonb_agg(i)
				FROM jsonb_array_elements(plan -> 'items') AS i
				WHERE NOT (i -> 'skipped')::bool AND (i -> 'conflicts' <> '[]'
					OR i ->> 'problem' IS NOT NULL))));
	END IF;
	IF (plan ->> 'count')::int = 0 THEN
		PERFORM kg.refuse('KG005', 'no date is left of the series',
			'other days, or fewer skipped');
	END IF;
	INSERT INTO kg.series AS s (office_id, title, kind, rule)
	SELECT v.office_id, kg.line_must(asked ->> 'title', 'the title'),
		coalesce(asked ->> 'kind', 'internal'), asked - 'why'
	FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
	WHERE r.id = (asked ->> 'room_id')::int
	RETURNING s.id INTO new_id;
	FOR one IN SELECT (d.wish).* FROM kg.series_days(asked) AS d
		WHERE NOT d.skipped ORDER BY d.day
	LOOP
		one.series_id := new_id;
		one.room_setup := coalesce(one.room_setup, '');
		wishes := wishes || one;
	END LOOP;
	PERFORM kg.bookings_write(actor, wishes);
	RETURN kg.write_end(true, 'series', new_id::text, 1);
END
$$;

-- A series, ready to be changed: its rooms locked, its row too.
CREATE OR REPLACE FUNCTION kg.series_begin(actor int, why text, series_id int,
	expected_version int, more int4multirange DEFAULT '{}')
RETURNS kg.series LANGUAGE plpgsql AS $$
DECLARE
	s kg.series;
BEGIN
	PERFORM kg.write_begin(actor, why);
	SELECT * INTO s FROM kg.series x WHERE x.id = series_id;
	IF NOT FOUND THEN
		PERFORM kg.missing('series ' || series_id);
	END IF;
	PERFORM kg.may_must(actor, 'calendar', s.office_id),
		kg.rooms_may_must(actor, array(SELECT DISTINCT b.room_id
			FROM kg.booking b WHERE b.series_id = s.id));
	PERFORM kg.lock_rooms(NULL, more + coalesce((SELECT range_agg(b.parts)
		FROM kg.booking b WHERE b.series_id = s.id), '{}'));
	SELECT * INTO s FROM kg.series x WHERE x.id = s.id FOR NO KEY UPDATE;
	PERFORM kg.version_must('series ' || s.id, s.version, expected_version, 'series',
		s.id), kg.collisions_wait();
	RETURN s;
END
$$;

-- The bookings of a series that still take their room, from a day on (NULL: today).
CREATE OR REPLACE FUNCTION kg.series_rest(s kg.series, since date)
RETURNS SETOF kg.booking LANGUAGE sql STABLE AS $$
	SELECT b.* FROM kg.booking b
	WHERE b.series_id = s.id AND b.status IN ('held', 'confirmed')
		AND b.starts_local >= coalesce(since,
			(kg.now() AT TIME ZONE 'Europe/Copenhagen')::date)
	ORDER BY b.starts_local, b.id
$$;

-- Changes all of them together. patch: title, notes, head_count, setup, setup_min,
-- clear_min, starts and ends (HH:MM), room_id. Raises KG007 with what is in the way.
CREATE OR REPLACE FUNCTION kg.series_change(actor int, why text, series_id int,
	expected_version int, since date, patch jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	s kg.series;
	b kg.booking;
	room kg.room;
	ids int[] := '{}';
BEGIN
	IF patch ->> 'room_id' IS NOT NULL THEN
		room := kg.room_get((patch ->> 'room_id')::int);
		PERFORM kg.rooms_may_must(actor, array[room.id]);
	END IF;
	PERFORM kg.match_must(patch ->> m, '^([01]\d|2[0-3]):[0-5]\d$', m,
		'an hour such as 09:00') FROM unnest(array['starts', 'ends']) AS m;
	s := kg.series_begin(actor, why, series_change.series_id, expected_version,
		coalesce(room.parts, '{}'));
	FOR b IN SELECT * FROM kg.series_rest(s, since) LOOP
		b.room_id := coalesce(room.id, b.room_id);
		b.starts_local := b.starts_local::date + coalesce(
			(patch ->> 'starts')::time, b.starts_local::time);
		b.ends_local := b.ends_local::date + coalesce(
			(patch ->> 'ends')::time, b.ends_local::time);
		PERFORM kg.booking_store(kg.booking_patched(b,
			patch - array['kind', 'expires_local', 'catering_diets']));
		ids := ids || b.id;
	END LOOP;
	IF ids = '{}' THEN
		PERFORM kg.wrong_state(format('series %s has no booking left to change',
			s.id), 'an earlier day');
	END IF;
	PERFORM kg.collisions_must_not(ids, '{}');
	UPDATE kg.series x SET version = x.version + 1,
		title = coalesce(kg.line_of(patch ->> 'title', 'the title'), x.title)
	WHERE x.id = s.id;
	RETURN kg.write_end(true, 'series', s.id::text, s.version + 1);
END
$$;

CREATE OR REPLACE FUNCTION kg.series_cancel(actor int, why text, series_id int,
	expected_version int, since date)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	s kg.series := kg.series_begin(actor, why, series_cancel.series_id,
		expected_version);
	changed bool;
BEGIN
	UPDATE kg.booking x SET status = 'cancelled'
	WHERE x.id IN (SELECT b.id FROM kg.series_rest(s, since) AS b);
	changed := FOUND;
	UPDATE kg.series x SET version = x.version + 1 WHERE x.id = s.id AND changed;
	SET CONSTRAINTS kg.room_taken_once, kg.teacher_in_one_place IMMEDIATE;
	RETURN kg.write_end(changed, 'series', s.id::text,
		(SELECT x.version FROM kg.series x WHERE x.id = s.id));
END
$$;
