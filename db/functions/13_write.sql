-- What every function that changes something begins and ends with.
SET LOCAL ROLE kattegat_owner;

-- Who acts in this transaction; NULL: the operator.
CREATE OR REPLACE FUNCTION kg.actor() RETURNS int
LANGUAGE sql STABLE AS $$
	SELECT nullif(pg_catalog.current_setting('kg.actor', true), '')::int
$$;

-- Why; 'direct' when a row is changed by hand.
CREATE OR REPLACE FUNCTION kg.why() RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT coalesce(
		nullif(pg_catalog.current_setting('kg.why', true), ''), 'direct')
$$;

-- One clean line, trimmed and in NFC; NULL and '' are NULL. Raises KG005.
CREATE OR REPLACE FUNCTION kg.line_of(value text, what text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	clean text := nullif(btrim(normalize(value, NFC)), '');
BEGIN
	-- what is clean by all means needs no block that could fail
	IF clean IS NULL OR clean !~ '[^ -~æøåÆØÅ]' AND length(clean) <= 200 THEN
		RETURN clean;
	END IF;
	RETURN clean::kg.line;
EXCEPTION WHEN check_violation THEN
	RAISE EXCEPTION USING ERRCODE = 'KG005',
		MESSAGE = what || ' is not one clean line of text',
		HINT = 'at most 200 characters, no line breaks or control characters';
END
$$;

-- The same, and it must be there. field: what an input calls it.
CREATE OR REPLACE FUNCTION kg.line_must(value text, what text, field text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	clean text := kg.line_of(value, what);
BEGIN
	IF clean IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005', MESSAGE = what || ' is missing',
			HINT = 'one line of text',
			DETAIL = coalesce('{"fields": ["' || field || '"]}', '');
	END IF;
	RETURN clean;
END
$$;

-- Text of several lines, in NFC; NULL and '' are NULL. Raises KG005.
CREATE OR REPLACE FUNCTION kg.prose_of(value text, what text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	clean text := nullif(btrim(normalize(value, NFC)), '');
BEGIN
	IF clean IS NULL OR clean !~ '[^ -~æøåÆØÅ]' AND length(clean) <= 10000 THEN
		RETURN clean;
	END IF;
	RETURN clean::kg.prose;
EXCEPTION WHEN check_violation THEN
	RAISE EXCEPTION USING ERRCODE = 'KG005',
		MESSAGE = what || ' is not clean text',
		HINT = 'at most 10000 characters, no control characters';
END
$$;

-- Refuses what does not match. NULL passes. Raises KG005.
CREATE OR REPLACE FUNCTION kg.match_must(
	value text, pattern text, what text, right_is text)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF value !~ pattern THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = format('%s cannot be "%s"', what, left(value, 80)),
			HINT = right_is;
	END IF;
	RETURN value;
END
$$;

-- Says who acts and why, for the triggers. Raises KG005.
CREATE OR REPLACE FUNCTION kg.write_begin(actor_id int, why text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('kg.actor', coalesce(actor_id::text, ''), true),
		set_config('kg.why', kg.line_must(why, 'the reason (why)'), true);
END
$$;

CREATE OR REPLACE FUNCTION kg.write_end(
	changed bool, object text, object_id text, version int)
RETURNS kg.written LANGUAGE sql AS $$
	SELECT changed, object, object_id, version, kg.scopes(),
		CASE WHEN changed THEN pg_current_xact_id()
			ELSE pg_current_xact_id_if_assigned() END
$$;

-- Raises one of our errors. DETAIL is for machines.
CREATE OR REPLACE FUNCTION kg.refuse(state text, message text, hint text DEFAULT NULL,
	detail jsonb DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message,
		HINT = coalesce(hint, ''), DETAIL = coalesce(detail::text, '');
END
$$;

-- Raises KG004.
CREATE OR REPLACE FUNCTION kg.missing(what text, hint text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'KG004', MESSAGE = 'there is no ' || what,
		HINT = coalesce(hint, 'the lists of kattegatctl show what there is');
END
$$;

-- Is the version the expected one, or one of those that the request names (kg.api() sets
-- them)? NULL expects any.
CREATE OR REPLACE FUNCTION kg.version_fits(version int, expected_version int)
RETURNS bool LANGUAGE plpgsql STABLE AS $$
DECLARE
	named int[] := nullif(current_setting('kg.if_match', true), '');
BEGIN
	RETURN expected_version IS NULL
		OR CASE WHEN named IS NULL THEN version = expected_version
			ELSE version = ANY (named) END;
END
$$;

-- Raises KG003. what: with its name. more: members for DETAIL.
CREATE OR REPLACE FUNCTION kg.version_refuse(what text, version int,
	expected_version int, difference jsonb, more jsonb DEFAULT '{}')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	is_weak bool := coalesce(current_setting('kg.if_match', true), '') = '{}';
BEGIN
	PERFORM kg.refuse('KG003', CASE WHEN is_weak
			THEN format('%s is at version %s', what, version)
			ELSE format('%s is at version %s, not %s', what, version,
				expected_version) END,
		CASE WHEN is_weak
			THEN 'a weak tag (W/) is the same as none: send the strong one'
			ELSE 'somebody changed it meanwhile: look at it again' END,
		jsonb_build_object('version', version, 'expected', expected_version,
			'difference', difference) || more);
END
$$;

-- Raises KG003 unless the version is the expected one; NULL expects any. DETAIL is
-- {"version", "expected"}, and the difference when the journal's name of the thing is
-- given: {"difference": {name: {"before", "after"}}} since the expected version, by
-- the API's names, and whose the last change was: {"changed_by", "changed_at"}.
CREATE OR REPLACE FUNCTION kg.version_must(
	what text, version int, expected_version int, object text DEFAULT NULL,
	object_id int DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF NOT kg.version_fits(version, expected_version) THEN
		PERFORM kg.version_refuse(what, version, expected_version,
			kg.difference_of(array[object], array[object_id::text], '{""}',
				version - expected_version),
			kg.version_last(object, object_id::text));
	END IF;
END
$$;

-- Who changed a thing last, and when; of one whose journal nobody named: {}.
CREATE OR REPLACE FUNCTION kg.version_last(object text, object_id text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT jsonb_build_object(
			'changed_by', kg.person_told(j.actor_id),
			'changed_at', kg.api_instant(j.at))
		FROM kg.journal j
		WHERE j.object = $1 AND j.object_id = $2
		ORDER BY j.id DESC LIMIT 1), '{}');
END
$$;

-- What the API calls a column of a thing; NULL: it does not tell of it.
CREATE OR REPLACE FUNCTION kg.api_column(object text, name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN $2 = ANY ('{series_own,warned_at,status_before_cancel,'
			'cancelled_at,cancelled_with_run,created_at,changed_by,during}')
		OR $1 = 'booking' AND $2 IN ('parts', 'sequence', 'catering_due') THEN NULL
		WHEN $1 = 'run' AND $2 = 'min_participants' THEN 'minimum'
		WHEN $1 = 'room' AND $2 = 'parts' THEN 'halves'
		ELSE CASE $2 WHEN 'room_setup' THEN 'setup' WHEN 'setup_capacity' THEN 'capacity'
			WHEN 'office_id' THEN 'office' WHEN 'retired_at' THEN 'retired'
			WHEN 'expires_at' THEN 'expires_local' ELSE $2 END
		END
$$;

-- The value of such a column, as the API tells it.
CREATE OR REPLACE FUNCTION kg.api_value(object text, name text, value jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN $2 = 'retired_at' THEN to_jsonb($3 <> 'null')
		WHEN $3 = 'null' THEN $3
		WHEN $2 = 'office_id' THEN (SELECT to_jsonb(o.code) FROM kg.office o
			WHERE o.id = ($3 #>> '{}')::int)
		WHEN $1 = 'room' AND $2 = 'parts' THEN (SELECT coalesce(
				jsonb_agg(r.id ORDER BY r.id), '[]')
			FROM kg.room r WHERE r.parts <@ ($3 #>> '{}')::int4multirange
				AND r.parts <> ($3 #>> '{}')::int4multirange)
		WHEN $2 = 'expires_at' THEN to_jsonb(kg.api_local(kg.local_at(
			($3 #>> '{}')::timestamptz)))
		WHEN $2 LIKE '%\_at' THEN to_jsonb(kg.api_instant(
			($3 #>> '{}')::timestamptz))
		WHEN $2 LIKE '%\_local' THEN to_jsonb(kg.api_local(
			($3 #>> '{}')::timestamp))
		ELSE $3 END
$$;

-- What the last so many changes of some things came to, from the journal, by the API's
-- names, each behind the prefix of its thing. What is again as it was is left out.
CREATE OR REPLACE FUNCTION kg.difference_of(objects text[], ids text[],
	prefixes text[], changes int)
RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_object_agg(d.name, jsonb_build_object(
		'before', d.was[1], 'after', d.is_now[1])), '{}')
	FROM (SELECT c.name, array_agg(c.was ORDER BY c.id) AS was,
			array_agg(c.is_now ORDER BY c.id DESC) AS is_now
		FROM (SELECT j.id, j.prefix || kg.api_column(j.object, a.key) AS name,
				kg.api_value(j.object, a.key, j.before -> a.key) AS was,
				kg.api_value(j.object, a.key, a.value) AS is_now
			FROM (SELECT x.*, t.prefix
				FROM unnest(objects, ids, prefixes) AS t (object, id, prefix)
					JOIN kg.journal x ON x.object = t.object
						AND x.object_id = t.id AND x.action = 'update'
				ORDER BY x.id DESC LIMIT least(greatest(changes, 0), 100)) AS j
				CROSS JOIN jsonb_each(j.after) AS a) AS c
		WHERE c.name IS NOT NULL
		GROUP BY c.name) AS d
	WHERE coalesce(d.was[1], 'null') <> coalesce(d.is_now[1], 'null')
$$;

-- Raises KG006.
CREATE OR REPLACE FUNCTION kg.wrong_state(what text, hint text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'KG006', MESSAGE = what, HINT = hint;
END
$$;
