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
	-- both of them: its dates are between
	PERFORM kg.dates_must(ends, starts, '{from,until}');
END
$$;

-- The rooms of a series, also of single dates; they are there, and may be the actor's to
-- book. No date has two overrides. Raises KG001, KG004, KG005.
CREATE OR REPLACE FUNCTION kg.series_rooms(actor int, asked jsonb) RETURNS int[]
LANGUAGE plpgsql AS $$
DECLARE
	overrides jsonb := kg.array_of(asked -> 'overrides');
	rooms int[] := array(SELECT (asked ->> 'room_id')::int
			WHERE asked ->> 'room_id' IS NOT NULL
		UNION SELECT (o ->> 'room_id')::int FROM jsonb_array_elements(overrides) AS o
			WHERE o ->> 'room_id' IS NOT NULL);
BEGIN
	PERFORM kg.room_get(r) FROM unnest(rooms) AS r;
	PERFORM kg.rooms_may_must(actor, rooms);
	PERFORM kg.refuse('KG005', format('there are two overrides for %s', o ->> 'date'),
		'one for each date', jsonb_build_object('fields', '["overrides"]'::jsonb,
			'date', o ->> 'date'))
	FROM jsonb_array_elements(overrides) AS o
	GROUP BY o ->> 'date' HAVING count(*) > 1 ORDER BY o ->> 'date' LIMIT 1;
	RETURN rooms;
END
$$;

-- A wish with what was left out, as kg.booking_wish(); of a date with an override the
-- refusal tells which date it is.
CREATE OR REPLACE FUNCTION kg.series_wish(wish kg.booking, fix jsonb)
RETURNS kg.booking LANGUAGE plpgsql STABLE AS $$
DECLARE
	message text;
	hint text;
	detail text;
BEGIN
	IF fix IS NULL THEN
		RETURN kg.booking_wish(wish);
	END IF;
	BEGIN
		RETURN kg.booking_wish(wish);
	EXCEPTION WHEN SQLSTATE 'KG005' THEN
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT,
			hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
		PERFORM kg.refuse('KG005', message, hint, coalesce(
				nullif(detail, ''), '{}')::jsonb
			|| jsonb_build_object('date', fix ->> 'date'));
	END;
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
		wish := kg.series_wish(wish, fix);
		holiday := (SELECT string_agg(h.name, ', ' ORDER BY h.name)
			FROM kg.holiday h WHERE h.day = wish.starts_local::date);
		skipped := coalesce((fix ->> 'skip')::bool, holiday IS NOT NULL
			AND coalesce((asked ->> 'skip_holidays')::bool, true)
			AND NOT coalesce((fix ->> 'keep')::bool, false));
		problem := coalesce(kg.local_problem(wish.starts_local, wish.zone),
			kg.local_problem(wish.ends_local, wish.zone));
		wish.parts := (SELECT r.parts FROM kg.room r WHERE r.id = wish.room_id);
		wish.during := CASE WHEN problem IS NULL THEN kg.span(wish.starts_local,
			wish.ends_local, wish.zone, wish.setup_min, wish.clear_min) END;
		RETURN NEXT;
	END LOOP;
END
$$;

-- What the series would come to: every date, with what is in its way, other dates of
-- the series too, and, for the first twenty, what would do instead.
CREATE OR REPLACE FUNCTION kg.series_plan(actor int, asked jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	WITH days AS MATERIALIZED (
		SELECT d.day, d.holiday, d.skipped, d.problem, d.wish, r.name AS room,
			CASE WHEN d.problem IS NULL THEN kg.conflicts_in(r.parts,
				(d.wish).during, seen) ELSE '[]' END AS others
		FROM kg.offices_seen(actor) AS seen, kg.series_days(asked) AS d
			JOIN kg.room r ON r.id = (d.wish).room_id),
	met AS (SELECT a.day, jsonb_agg(kg.conflict_json(b.wish, seen)
			- array['booking_id', 'changed_by', 'changed_at']
			|| jsonb_build_object('date', b.day) ORDER BY b.day) AS hits
		FROM kg.offices_seen(actor) AS seen, days a JOIN days b
			ON a.day <> b.day AND (a.wish).during && (b.wish).during
				AND (a.wish).parts && (b.wish).parts
		WHERE NOT a.skipped AND NOT b.skipped GROUP BY a.day),
	counted AS (SELECT *, count(*) FILTER (WHERE NOT skipped AND hits <> '[]')
		OVER (ORDER BY day) AS nth
		FROM (SELECT d.*, d.others || coalesce(m.hits, '[]') AS hits
			FROM days d LEFT JOIN met m ON m.day = d.day) AS d)
	SELECT jsonb_build_object(
		'count', count(*) FILTER (WHERE NOT skipped),
		'conflicts', count(*) FILTER (WHERE NOT skipped
			AND (hits <> '[]' OR problem IS NOT NULL)),
		'holidays', count(*) FILTER (WHERE holiday IS NOT NULL),
		'items', coalesce(jsonb_agg(jsonb_build_object('date', day,
			'weekday', to_char(day, 'dy'),
			'starts_local', kg.api_local((wish).starts_local),
			'ends_local', kg.api_local((wish).ends_local),
			'starts_at', kg.api_only((wish).starts_local, (wish).zone),
			'ends_at', kg.api_only((wish).ends_local, (wish).zone),
			'room_id', (wish).room_id, 'room', room, 'holiday', holiday,
			'skipped', skipped, 'problem', problem, 'conflicts', hits,
			'alternatives', CASE WHEN NOT skipped AND hits <> '[]' AND nth <= 20
				THEN kg.alternatives(wish, '{}') ELSE '[]' END)
			ORDER BY day), '[]'))
	FROM counted
$$;

-- Raises KG409 when a plan has dates that something stands against and that were not
-- skipped. DETAIL is {"count", "holidays", "conflicts", "alternatives", "items"}: the
-- conflicts of all dates, as of any booking; what would do for all of the series; and
-- the dates, each with what would do for it. wishes: the dates as they would be booked;
-- NULL: nothing but these will do.
CREATE OR REPLACE FUNCTION kg.series_plan_must(plan jsonb, wishes kg.booking[])
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	items jsonb := (SELECT jsonb_agg(i ORDER BY n)
		FROM jsonb_array_elements(plan -> 'items') WITH ORDINALITY AS u (i, n)
		WHERE NOT (i -> 'skipped')::bool AND (i -> 'conflicts' <> '[]'
			OR i ->> 'problem' IS NOT NULL));
BEGIN
	IF (plan ->> 'conflicts')::int > 0 THEN
		PERFORM kg.refuse('KG409', format('%s of the %s dates cannot be had',
				plan ->> 'conflicts', plan ->> 'count'),
			'skip those dates, or give them another room or time',
			plan || jsonb_build_object('items', items, 'conflicts', (
					SELECT coalesce(jsonb_agg(c ORDER BY n, o), '[]')
					FROM jsonb_array_elements(items)
							WITH ORDINALITY AS u (i, n)
						CROSS JOIN jsonb_array_elements(i -> 'conflicts')
							WITH ORDINALITY AS v (c, o)),
				'alternatives', CASE WHEN wishes IS NULL
					OR items @? '$[*] ? (@.problem != null)' THEN '[]'
				ELSE kg.series_instead(wishes, array(
					SELECT DISTINCT (i ->> 'room_id')::int
					FROM jsonb_array_elements(items) AS i)) END));
	END IF;
END
$$;

-- Writes a series out, or raises KG409.
CREATE OR REPLACE FUNCTION kg.series_create(actor int, why text, asked jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	rooms int[] := kg.series_rooms(actor, asked);
	days kg.booking[];
	wishes kg.booking[];
	new_id int;
	one kg.booking;
BEGIN
	PERFORM kg.write_begin(actor, why);
	PERFORM kg.lock_rooms(NULL, (SELECT range_agg(r.parts) FROM kg.room r
		WHERE r.id = ANY (rooms)));
	days := array(SELECT d.wish FROM kg.series_days(asked) AS d
		WHERE NOT d.skipped ORDER BY d.day);
	PERFORM kg.series_plan_must(kg.series_plan(actor, asked), days);
	IF days = '{}' THEN
		PERFORM kg.refuse('KG005', 'no date is left of the series',
			'other days, or fewer skipped');
	END IF;
	INSERT INTO kg.series AS s (office_id, title, kind, rule)
	SELECT v.office_id, kg.line_must(asked ->> 'title', 'the title', 'title'),
		coalesce(asked ->> 'kind', 'internal'), asked - 'why'
	FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
	WHERE r.id = (asked ->> 'room_id')::int
	RETURNING s.id INTO new_id;
	FOREACH one IN ARRAY days LOOP
		one.series_id := new_id;
		-- a date that was given another room or time has a place of its own
		one.series_own := CASE WHEN (one.room_id, one.starts_local::time,
				one.ends_local::time) = ((asked ->> 'room_id')::int,
				(asked ->> 'starts')::time, (asked ->> 'ends')::time)
			THEN '{}'::text[] ELSE '{place}' END;
		one.room_setup := coalesce(one.room_setup, '');
		wishes := wishes || one;
	END LOOP;
	PERFORM kg.bookings_write(actor, wishes);
	RETURN kg.write_end(true, 'series', new_id::text, 1);
END
$$;

-- Counts the changes of a series and of its bookings, together or one by one.
CREATE OR REPLACE FUNCTION kg.series_version(s kg.series) RETURNS int
LANGUAGE sql STABLE AS $$
	SELECT s.version + coalesce(sum(b.version - 1), 0)::int
	FROM kg.booking b WHERE b.series_id = s.id
$$;

-- Raises KG003 as kg.version_must() does; the difference tells of a booking as
-- "bookings.17.starts_local".
CREATE OR REPLACE FUNCTION kg.series_version_must(s kg.series, expected_version int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	is_now int := kg.series_version(s);
BEGIN
	IF NOT kg.version_fits(is_now, expected_version) THEN
		PERFORM kg.version_refuse('series ' || s.id, is_now, expected_version,
			kg.difference_of('series'::text || array_agg('booking'::text),
				s.id::text || array_agg(b.id::text),
				''::text || array_agg(format('bookings.%s.', b.id)),
				is_now - expected_version))
		FROM kg.booking b WHERE b.series_id = s.id;
	END IF;
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
	PERFORM kg.series_version_must(s, expected_version), kg.collisions_wait();
	RETURN s;
END
$$;

CREATE OR REPLACE FUNCTION kg.series_end(series_id int, changed bool)
RETURNS kg.written LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.series_together(false);
	SET CONSTRAINTS kg.room_taken_once, kg.teacher_in_one_place IMMEDIATE;
	RETURN kg.write_end(changed, 'series', series_id::text,
		(SELECT kg.series_version(x) FROM kg.series x WHERE x.id = series_id));
END
$$;

-- The bookings of a series that still take their room, from a day on (NULL: today).
CREATE OR REPLACE FUNCTION kg.series_rest(s kg.series, since date)
RETURNS SETOF kg.booking LANGUAGE sql STABLE AS $$
	SELECT b.* FROM kg.booking b
	WHERE b.series_id = s.id AND b.status IN ('held', 'confirmed')
		AND b.starts_local >= coalesce(since, kg.today())
	ORDER BY b.starts_local, b.id
$$;

-- Bookings as the answers list those that do not follow.
CREATE OR REPLACE FUNCTION kg.series_exceptions(bookings int[]) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('booking_id', b.id,
		'date', b.starts_local::date, 'starts_local', kg.api_local(b.starts_local),
		'ends_local', kg.api_local(b.ends_local),
		'starts_at', kg.api_instant(b.starts_local AT TIME ZONE b.zone),
		'ends_at', kg.api_instant(b.ends_local AT TIME ZONE b.zone),
		'room_id', b.room_id,
		'status', b.status, 'own', b.series_own) ORDER BY b.starts_local, b.id), '[]')
	FROM kg.booking b WHERE b.id = ANY (bookings)
$$;

-- What a change names, in the words of booking.series_own.
CREATE OR REPLACE FUNCTION kg.series_touches(patch jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
	SELECT array(SELECT DISTINCT t.own FROM (VALUES ('starts', 'place'),
			('ends', 'place'), ('room_id', 'place'), ('setup', 'place'),
			('setup_min', 'place'), ('clear_min', 'place'),
			('head_count', 'heads'), ('title', 'title'), ('notes', 'notes'),
			('catering_count', 'catering'), ('catering_days', 'catering')
		) AS t (name, own)
		WHERE patch ? t.name)
$$;

-- What a booking of the series becomes by a change. fix: the override of its date. An
-- exception that is to follow after all has the hours that the rule has then.
CREATE OR REPLACE FUNCTION kg.series_changed(s kg.series, b kg.booking, patch jsonb,
	fix jsonb)
RETURNS kg.booking LANGUAGE plpgsql STABLE AS $$
DECLARE
	hours jsonb := CASE WHEN 'place' = ANY (b.series_own)
			AND patch ?| array['starts', 'ends'] THEN s.rule ELSE '{}' END
		|| jsonb_strip_nulls(patch);
	starts timestamp := b.starts_local::date + coalesce(
		(hours ->> 'starts')::time, b.starts_local::time);
	ends timestamp := b.ends_local::date + coalesce((hours ->> 'ends')::time,
		b.ends_local::time);
BEGIN
	b.room_id := coalesce((fix ->> 'room_id')::int, (patch ->> 'room_id')::int,
		b.room_id);
	b.starts_local := coalesce(kg.local_of(fix ->> 'starts_local'), starts);
	b.ends_local := coalesce(kg.local_of(fix ->> 'ends_local'),
		b.starts_local + (ends - starts));
	IF fix IS NOT NULL THEN
		b.series_own := array(SELECT o FROM unnest(b.series_own) AS o
			UNION SELECT 'place' ORDER BY 1);
	END IF;
	RETURN kg.booking_patched(b, patch - array['kind', 'expires_local',
		'catering_diets']);
END
$$;

-- What a change would come to, as kg.series_plan() tells it: bookings as they would
-- be, those of the same call not counted against each other.
CREATE OR REPLACE FUNCTION kg.series_hits(actor int, wishes kg.booking[]) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	WITH ids AS (SELECT array_agg(u.id) AS ids FROM unnest(wishes) AS u),
	days AS MATERIALIZED (SELECT w, r.name AS room, kg.array_of((
			SELECT jsonb_agg(h ORDER BY n) FROM jsonb_array_elements(
				CASE WHEN p.problem IS NULL THEN kg.conflicts_in(r.parts,
				kg.span(w.starts_local, w.ends_local, w.zone, w.setup_min,
				w.clear_min), seen) ELSE '[]' END) WITH ORDINALITY AS u (h, n)
			WHERE (h ->> 'booking_id')::int <> ALL (ids.ids))) AS hits, p.problem
		FROM ids, kg.offices_seen(actor) AS seen, unnest(wishes) AS w
			JOIN kg.room r ON r.id = w.room_id
			CROSS JOIN LATERAL (SELECT coalesce(
				kg.local_problem(w.starts_local, w.zone),
				kg.local_problem(w.ends_local, w.zone)) AS problem) AS p),
	counted AS (SELECT *, count(*) FILTER (WHERE hits <> '[]')
		OVER (ORDER BY (w).starts_local, (w).id) AS nth FROM days)
	SELECT jsonb_build_object('count', count(*), 'holidays', 0,
		'conflicts', count(*) FILTER (WHERE hits <> '[]' OR problem IS NOT NULL),
		'items', coalesce(jsonb_agg(jsonb_build_object(
			'date', (w).starts_local::date,
			'weekday', to_char((w).starts_local, 'dy'),
			'starts_local', kg.api_local((w).starts_local),
			'ends_local', kg.api_local((w).ends_local),
			'starts_at', kg.api_only((w).starts_local, (w).zone),
			'ends_at', kg.api_only((w).ends_local, (w).zone),
			'room_id', (w).room_id,
			'room', room, 'holiday', NULL, 'skipped', false, 'problem', problem,
			'conflicts', hits, 'alternatives', CASE WHEN hits <> '[]'
				AND nth <= 20 THEN kg.alternatives(w, ids.ids) ELSE '[]' END)
			ORDER BY (w).starts_local, (w).id), '[]'))
	FROM counted, ids
$$;

-- Changes all of them together. patch: title, notes, head_count, setup, setup_min,
-- clear_min, starts and ends (HH:MM), room_id, catering_count, catering_days. Those
-- that were changed by themselves, in the same, stay as they are, unless exceptions
-- says "too"; overrides fix single dates, or leave them as they are ("skip"). Raises
-- KG003, KG409.
CREATE OR REPLACE FUNCTION kg.series_change(actor int, why text, series_id int,
	expected_version int, since date, patch jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	rooms int[] := kg.series_rooms(actor, patch);
	touches text[] := kg.series_touches(patch);
	s kg.series;
	b kg.booking;
	fix jsonb;
	wishes kg.booking[] := '{}';
	dates date[] := '{}';
	names text[] := array['room_id', 'title', 'starts', 'ends', 'setup',
		'setup_min', 'clear_min', 'head_count', 'notes', 'catering_count',
		'catering_days'];
BEGIN
	PERFORM kg.match_must(patch ->> m, '^([01]\d|2[0-3]):[0-5]\d$', m,
		'an hour such as 09:00') FROM unnest(array['starts', 'ends']) AS m;
	s := kg.series_begin(actor, why, series_change.series_id, expected_version,
		coalesce((SELECT range_agg(x.parts) FROM kg.room x
			WHERE x.id = ANY (rooms)), '{}'));
	FOR b IN SELECT * FROM kg.series_rest(s, since) LOOP
		dates := dates || b.starts_local::date;
		SELECT o INTO fix
		FROM jsonb_array_elements(kg.array_of(patch -> 'overrides')) AS o
		WHERE (o ->> 'date')::date = b.starts_local::date;
		CONTINUE WHEN (fix ->> 'skip')::bool OR fix IS NULL
			AND patch ->> 'exceptions' IS DISTINCT FROM 'too'
			AND b.series_own && touches;
		wishes := wishes || kg.series_changed(s, b, patch, fix);
	END LOOP;
	IF EXISTS (SELECT FROM jsonb_array_elements(kg.array_of(patch -> 'overrides')) AS o
		WHERE (o ->> 'date')::date <> ALL (dates)) THEN
		PERFORM kg.refuse('KG005', 'an override is for a date of the series',
			'the preview lists the dates', '{"fields": ["overrides"]}');
	END IF;
	IF wishes = '{}' THEN
		PERFORM kg.wrong_state(format('series %s has no booking left to change',
			s.id), 'an earlier day');
	END IF;
	PERFORM kg.series_plan_must(kg.series_hits(actor, wishes), wishes);
	PERFORM kg.series_together(true);
	FOREACH b IN ARRAY wishes LOOP
		PERFORM kg.booking_store(b);
		UPDATE kg.booking x SET series_own = b.series_own
		WHERE x.id = b.id AND x.series_own <> b.series_own;
	END LOOP;
	-- what was left by its date has a place, or whatever it is, of its own
	UPDATE kg.booking x SET series_own = array(SELECT o
		FROM unnest(x.series_own || touches) AS o GROUP BY o ORDER BY o)
	FROM kg.series_rest(s, since) AS r
		JOIN jsonb_array_elements(kg.array_of(patch -> 'overrides')) AS o
			ON (o ->> 'date')::date = r.starts_local::date
				AND (o ->> 'skip')::bool
	WHERE x.id = r.id AND NOT touches <@ x.series_own;
	-- those of one call may meet each other
	PERFORM kg.collisions_must_not(array(SELECT u.id FROM unnest(wishes) AS u), '{}');
	UPDATE kg.series x SET
		title = coalesce(kg.line_of(patch ->> 'title', 'the title'), x.title),
		rule = x.rule || kg.row_only(patch, names)
	WHERE x.id = s.id;
	RETURN kg.series_end(s.id, true);
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
	IF NOT EXISTS (SELECT FROM kg.booking b WHERE b.series_id = s.id
		AND b.starts_local >= coalesce(since, kg.today())) THEN
		PERFORM kg.wrong_state(format('series %s has no booking left to cancel',
			s.id), 'an earlier day');
	END IF;
	PERFORM kg.series_together(true);
	UPDATE kg.booking x SET status = 'cancelled'
	WHERE x.id IN (SELECT b.id FROM kg.series_rest(s, since) AS b);
	changed := FOUND;
	RETURN kg.series_end(s.id, changed);
END
$$;

-- Takes cancellations back: of these bookings, or (NULL) of those, from a day on, that
-- were cancelled together. All or none: raises KG409 with what is in the way.
CREATE OR REPLACE FUNCTION kg.series_restore(actor int, why text, series_id int,
	expected_version int, since date, bookings int[])
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	s kg.series := kg.series_begin(actor, why, series_restore.series_id,
		expected_version);
	b kg.booking;
	wishes kg.booking[] := '{}';
BEGIN
	IF EXISTS (SELECT FROM unnest(bookings) AS u (id) WHERE NOT EXISTS (
		SELECT FROM kg.booking x WHERE x.id = u.id AND x.series_id = s.id)) THEN
		PERFORM kg.refuse('KG005', 'a booking is not of this series',
			'the series lists its bookings', '{"fields": ["bookings"]}');
	END IF;
	FOR b IN SELECT x.* FROM kg.booking x
		WHERE x.series_id = s.id AND x.status = 'cancelled'
			AND (x.expires_at > kg.now()) IS NOT FALSE
			AND CASE WHEN bookings IS NULL THEN 'status' <> ALL (x.series_own)
					AND x.starts_local >= coalesce(since, kg.today())
				ELSE x.id = ANY (bookings) END
		ORDER BY x.starts_local, x.id
	LOOP
		PERFORM kg.setup_must(kg.room_get(b.room_id), b.room_setup,
			b.head_count, b);
		wishes := wishes || b;
	END LOOP;
	PERFORM kg.series_plan_must(kg.series_hits(actor, wishes), NULL);
	PERFORM kg.series_together(true);
	UPDATE kg.booking x SET series_own = array_remove(x.series_own, 'status'),
		status = CASE WHEN x.expires_at IS NULL THEN 'confirmed' ELSE 'held' END
	FROM unnest(wishes) AS u WHERE x.id = u.id;
	PERFORM kg.collisions_must_not(array(SELECT u.id FROM unnest(wishes) AS u), '{}');
	RETURN kg.series_end(s.id, wishes <> '{}');
END
$$;
