-- Scopes: which feeds a change concerns. They are gathered while a transaction runs
-- and leave in one NOTIFY when it commits; the write's own statement answers the same.
SET LOCAL ROLE kattegat_owner;

-- More than this many become '*', the epoch: every feed.
CREATE OR REPLACE FUNCTION kg.scopes_limit() RETURNS int
LANGUAGE sql IMMUTABLE AS 'SELECT 50';

-- What this transaction has changed so far.
CREATE OR REPLACE FUNCTION kg.scopes() RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT coalesce(pg_catalog.current_setting('kg.scopes', true), '')
$$;

CREATE OR REPLACE FUNCTION kg.scopes_add(more text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	have text[] := string_to_array(kg.scopes(), ' ');
	every text[];
BEGIN
	IF have = '{*}' OR array_remove(more, NULL) <@ have THEN
		RETURN;
	END IF;
	SELECT array_agg(DISTINCT s ORDER BY s) INTO every
		FROM unnest(have || more) AS s WHERE s IS NOT NULL;
	IF '*' = ANY (every) OR cardinality(every) > kg.scopes_limit() THEN
		every := '{*}';
	END IF;
	PERFORM set_config('kg.scopes', array_to_string(every, ' '), true);
END
$$;

-- A run's own, and those who follow its office.
CREATE OR REPLACE FUNCTION kg.scopes_of_run(run_id int) RETURNS text[]
LANGUAGE sql STABLE AS $$
	SELECT array['all', 'run:' || r.id, 'seminar:' || r.seminar_id,
			'season:' || r.season_id, 'office:' || r.office_id]
		|| array(SELECT 'person:' || p.id FROM kg.person p
			WHERE p.office_id = r.office_id AND p.role = 'coordinator')
	FROM kg.run r WHERE r.id = $1
$$;

-- A change's scopes: one row of one table, as it was or as it is. A change that
-- touches sessions (20_triggers.sql) needs no more here than its own feed, since the
-- sessions bring theirs.
CREATE OR REPLACE FUNCTION kg.scopes_of(object text, row_is jsonb) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
	own_id int := row_is ->> 'id';
BEGIN
	-- by itself: one large expression for all tables costs half a millisecond
	IF object = 'booking' THEN
		RETURN array(SELECT 'room:' || r.id FROM kg.room r
			WHERE r.parts && (row_is ->> 'parts')::int4multirange
			-- a session brings its own
			UNION ALL SELECT 'office:' || v.office_id
			FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
			WHERE r.id = (row_is ->> 'room_id')::int
				AND row_is ->> 'session_id' IS NULL
			UNION ALL SELECT 'person:' || p.id
			FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
				JOIN kg.person p ON p.office_id = v.office_id
			WHERE r.id = (row_is ->> 'room_id')::int
				AND p.role = 'coordinator');
	END IF;
	RETURN CASE object
	WHEN 'session' THEN kg.scopes_of_run((row_is ->> 'run_id')::int)
		|| array(SELECT DISTINCT 'room:' || r.id
			FROM kg.booking b JOIN kg.room r ON r.parts && b.parts
			WHERE b.session_id = own_id)
		|| array(SELECT 'person:' || t.person_id FROM kg.session_teacher t
			WHERE t.session_id = own_id)
	WHEN 'run' THEN array['all', 'run:' || own_id,
			'seminar:' || (row_is ->> 'seminar_id'),
			'season:' || (row_is ->> 'season_id'),
			'office:' || (row_is ->> 'office_id')]
		|| array(SELECT 'person:' || p.id FROM kg.person p
			WHERE p.office_id = (row_is ->> 'office_id')::int
				AND p.role = 'coordinator')
	WHEN 'seminar' THEN array['all', 'seminar:' || own_id]
	WHEN 'seminar_tag' THEN array['seminar:' || (row_is ->> 'seminar_id')]
	WHEN 'season' THEN array['all', 'season:' || own_id]
	WHEN 'period' THEN array['season:' || (row_is ->> 'season_id')]
	WHEN 'office' THEN array['all', 'office:' || own_id]
		|| array(SELECT 'person:' || p.id FROM kg.person p
			WHERE p.office_id = own_id AND p.role = 'coordinator')
	WHEN 'venue' THEN array['office:' || (row_is ->> 'office_id')]
		|| array(SELECT 'room:' || r.id FROM kg.room r
			WHERE r.venue_id = own_id)
	WHEN 'room' THEN array['room:' || own_id, 'office:' || (SELECT v.office_id
		FROM kg.venue v WHERE v.id = (row_is ->> 'venue_id')::int)]
	WHEN 'room_setup' THEN array['room:' || (row_is ->> 'room_id')]
	WHEN 'person' THEN array['person:' || own_id]
	WHEN 'session_teacher' THEN array['person:' || (row_is ->> 'person_id')]
	WHEN 'feed_token' THEN array['token:' || own_id,
			'person:' || (row_is ->> 'person_id')]
	WHEN 'site' THEN array['*']
	ELSE array[]::text[]
	END;
END
$$;

-- Tells the listeners; a function of its own so that tests can listen too.
CREATE OR REPLACE FUNCTION kg.scopes_tell(payload text) RETURNS void
LANGUAGE sql AS $$
	SELECT pg_catalog.pg_notify('kattegat', payload)
$$;

-- At commit, once: the first row's trigger takes what was gathered, the others find
-- nothing left. As the owner: at commit the writing function is left already.
CREATE OR REPLACE FUNCTION kg.scopes_send() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	payload text := kg.scopes();
BEGIN
	IF payload <> '' THEN
		PERFORM set_config('kg.scopes', '', true), kg.scopes_tell(payload);
	END IF;
	RETURN NULL;
END
$$;
