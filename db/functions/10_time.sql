-- Time: the clock of every rule, and the hours that a wall clock has.
SET LOCAL ROLE kattegat_owner;

-- The only clock. Tests move it: UPDATE kg.clock SET shift = ...
-- In plpgsql, as all that a booking asks: its plans outlive the statement.
CREATE OR REPLACE FUNCTION kg.now() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	RETURN (SELECT pg_catalog.now() + shift FROM kg.clock);
END
$$;

-- The day on which a rule is asked, where all of it happens.
CREATE OR REPLACE FUNCTION kg.today() RETURNS date
LANGUAGE sql STABLE AS $$
	SELECT (kg.now() AT TIME ZONE 'Europe/Copenhagen')::date
$$;

-- Raises KG005 for what ended more than a year ago or starts more than ten years ahead:
-- a slip of the pen, and no plan.
CREATE OR REPLACE FUNCTION kg.dates_must(starts_local timestamp, ends_local timestamp,
	fields text[] DEFAULT '{starts_local,ends_local}')
RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	today date := kg.today();
	first date := today - interval '1 year';
	last date := today + interval '10 years';
BEGIN
	-- nothing but a block-out takes longer than a year, and that ends within reach
	IF ends_local < first OR starts_local >= last + 1 OR ends_local >= last + 367 THEN
		PERFORM kg.refuse('KG005', format('%s is out of reach', (CASE
				WHEN ends_local < first THEN least(starts_local, ends_local)
				WHEN starts_local >= last + 1 THEN starts_local
				ELSE ends_local END)::date),
			format('a day from %s to %s', first, last),
			jsonb_build_object('fields', fields));
	END IF;
END
$$;

-- How many instants the wall clock of a zone shows this as: 0 when the clocks go
-- forward over it, 2 when they go back over it. Asked of the offsets a day before
-- and a day after, so it knows any size of change.
CREATE OR REPLACE FUNCTION kg.local_instants(at_local timestamp, zone text)
RETURNS int LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
	day_before timestamp := at_local - interval '1 day';
	day_after timestamp := at_local + interval '1 day';
	-- in UTC, by the one offset and by the other
	first timestamp := at_local
		- (day_before AT TIME ZONE 'UTC' AT TIME ZONE zone - day_before);
	second timestamp := at_local
		- (day_after AT TIME ZONE 'UTC' AT TIME ZONE zone - day_after);
BEGIN
	RETURN (first AT TIME ZONE 'UTC' AT TIME ZONE zone = at_local)::int
		+ (second <> first
			AND second AT TIME ZONE 'UTC' AT TIME ZONE zone = at_local)::int;
END
$$;

-- What is wrong with a local time, as a sentence; NULL: nothing.
CREATE OR REPLACE FUNCTION kg.local_problem(at_local timestamp, zone text)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM kg.zone z WHERE z.name = local_problem.zone) THEN
		RETURN format('the zone "%s" is not known', zone);
	END IF;
	RETURN CASE kg.local_instants(at_local, zone)
		WHEN 0 THEN format('%s has no %s on %s: the clocks go forward', zone,
			to_char(at_local, 'HH24:MI'), at_local::date)
		WHEN 2 THEN format('%s has %s twice on %s: the clocks go back', zone,
			to_char(at_local, 'HH24:MI'), at_local::date)
		END;
END
$$;

-- The nearest minute, forward (1) or back (-1), that the wall clock shows once.
CREATE OR REPLACE FUNCTION kg.local_clear(at_local timestamp, zone text, step int)
RETURNS timestamp LANGUAGE plpgsql STABLE AS $$
BEGIN
	WHILE kg.local_instants(at_local, zone) <> 1 LOOP
		at_local := at_local + step * interval '1 minute';
	END LOOP;
	RETURN at_local;
END
$$;

-- Raises KG002.
CREATE OR REPLACE FUNCTION kg.local_check(at_local timestamp, zone text)
RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	problem text := kg.local_problem(at_local, zone);
BEGIN
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'KG002', MESSAGE = problem,
			HINT = CASE WHEN problem LIKE 'the zone %'
				THEN 'a name such as Europe/Copenhagen'
				ELSE format('name another hour: up to %s or from %s',
					to_char(kg.local_clear(at_local, zone, -1), 'HH24:MI'),
					to_char(kg.local_clear(at_local, zone, 1), 'HH24:MI'))
				END;
	END IF;
END
$$;

-- A span as people read it, on the wall clock of its zone.
CREATE OR REPLACE FUNCTION kg.span_text(during tsrange, zone text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT format('from %s to %s',
		to_char(lower(during) AT TIME ZONE 'UTC' AT TIME ZONE zone,
			'YYYY-MM-DD HH24:MI'),
		to_char(upper(during) AT TIME ZONE 'UTC' AT TIME ZONE zone,
			'YYYY-MM-DD HH24:MI'))
$$;

-- A time as it goes out: what the wall clock shows, and the instant.
CREATE OR REPLACE FUNCTION kg.api_local(at_local timestamp) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT pg_catalog.to_char(at_local, 'YYYY-MM-DD"T"HH24:MI')
$$;

-- The wall clock of all offices at an instant.
CREATE OR REPLACE FUNCTION kg.local_at(at timestamptz) RETURNS timestamp
LANGUAGE sql STABLE AS $$
	SELECT at AT TIME ZONE 'Europe/Copenhagen'
$$;

CREATE OR REPLACE FUNCTION kg.api_instant(at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT pg_catalog.to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;

-- The instant of a wall clock's time; NULL where it is not one: an hour that does not
-- exist, or exists twice.
CREATE OR REPLACE FUNCTION kg.api_only(at_local timestamp, zone text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT kg.api_instant(at_local AT TIME ZONE zone)
	WHERE kg.local_instants(at_local, zone) = 1
$$;

-- Monday to Friday, no holiday of any kind.
CREATE OR REPLACE FUNCTION kg.is_working_day(day date) RETURNS bool
LANGUAGE sql STABLE AS $$
	SELECT extract(isodow FROM $1) < 6
		AND NOT EXISTS (SELECT FROM kg.holiday h WHERE h.day = $1)
$$;

-- The day that lies so many working days before another; 0: that day itself.
CREATE OR REPLACE FUNCTION kg.working_day_before(day date, working_days int)
RETURNS date LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
	IF working_days = 0 THEN
		RETURN day;
	END IF;
	RETURN (SELECT d::date FROM generate_series(day - 1,
			day - 1 - 2 * working_days - 30, interval '-1 day') AS d
		WHERE kg.is_working_day(d::date)
		ORDER BY d DESC OFFSET working_days - 1 LIMIT 1);
END
$$;

-- The instant of a local time as people send it. Raises KG002, KG005.
CREATE OR REPLACE FUNCTION kg.local_must(at_local text, zone text)
RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	parsed timestamp;
BEGIN
	IF at_local IS NULL THEN
		RETURN NULL;
	END IF;
	parsed := kg.local_of(at_local);
	PERFORM kg.local_check(parsed, zone);
	RETURN parsed AT TIME ZONE zone;
END
$$;

-- "2027-01-21T09:00". Raises KG005.
CREATE OR REPLACE FUNCTION kg.local_of(at_local text) RETURNS timestamp
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF at_local !~ '^\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$' THEN
		PERFORM kg.refuse('KG005', format('a local time cannot be "%s"',
			left(at_local, 80)), 'such as 2027-01-21T09:00');
	END IF;
	-- every month has 28 days; a block that could fail is for the rest
	IF at_local ~ '^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])' THEN
		RETURN at_local::timestamp;
	END IF;
	BEGIN
		RETURN at_local::timestamp;
	EXCEPTION WHEN datetime_field_overflow THEN
		PERFORM kg.refuse('KG005', format('there is no %s', at_local),
			'a day that the calendar has');
	END;
END
$$;
