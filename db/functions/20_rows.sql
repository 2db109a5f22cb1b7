-- What is the same for every table that people change: version, journal, scopes.
SET LOCAL ROLE kattegat_owner;

-- BEFORE: version, changed_at and changed_by; an update that changes nothing is no
-- update. Setting the version asks for a new one all the same, or several. Arguments: columns
-- that are made from others.
CREATE OR REPLACE FUNCTION kg.row_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	aside text[] := array['version', 'changed_at', 'changed_by'] || TG_ARGV;
BEGIN
	NEW.changed_by := kg.actor();
	NEW.changed_at := clock_timestamp();
	IF TG_OP = 'INSERT' THEN
		NEW.version := 1;
		RETURN NEW;
	END IF;
	IF NEW.version = OLD.version
		AND to_jsonb(NEW) - aside = to_jsonb(OLD) - aside THEN
		RETURN NULL;
	END IF;
	NEW.version := greatest(NEW.version, OLD.version + 1);
	NEW.changed_at := greatest(NEW.changed_at, OLD.changed_at);
	RETURN NEW;
END
$$;

-- The columns of a row that another state of it does not have alike.
CREATE OR REPLACE FUNCTION kg.row_differs(this jsonb, other jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(this)
	WHERE value IS DISTINCT FROM other -> key
$$;

-- Some of its columns.
CREATE OR REPLACE FUNCTION kg.row_only(this jsonb, columns text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(this)
	WHERE key = ANY (columns)
$$;

-- The office whose business a row is; NULL: of none. In plpgsql, as all that a booking
-- asks: its plans outlive the statement.
CREATE OR REPLACE FUNCTION kg.row_office(object text, its jsonb) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	CASE object
	WHEN 'booking', 'room_setup' THEN
		RETURN (SELECT v.office_id FROM kg.room r
				JOIN kg.venue v ON v.id = r.venue_id
			WHERE r.id = (its ->> 'room_id')::int);
	WHEN 'session', 'run', 'venue', 'series' THEN
		RETURN its ->> 'office_id';
	WHEN 'office' THEN
		RETURN its ->> 'id';
	WHEN 'agenda_item', 'session_teacher' THEN
		RETURN (SELECT s.office_id FROM kg.session s
			WHERE s.id = (its ->> 'session_id')::int);
	WHEN 'room' THEN
		RETURN (SELECT v.office_id FROM kg.venue v
			WHERE v.id = (its ->> 'venue_id')::int);
	ELSE
		RETURN NULL;
	END CASE;
END
$$;

-- AFTER: one row in the journal. Arguments, each a list with commas: the key, the
-- personal columns (kept apart, their salted hash in the row), and those that never
-- reach the journal. A touched row has no row there: what touched it has.
CREATE OR REPLACE FUNCTION kg.row_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	personal text[] := string_to_array(TG_ARGV[1], ',');
	hidden text[] := string_to_array(TG_ARGV[2], ',') || array['version',
		'changed_at', 'changed_by', 'changed_xid', 'sequence',
		'sequence_xid', 'during', 'import_hash'];
	was jsonb;
	is_now jsonb;
	whole jsonb;
	apart jsonb;
	salt bytea;
	journal_id bigint;
BEGIN
	IF TG_OP <> 'INSERT' THEN
		was := to_jsonb(OLD) - hidden;
	END IF;
	IF TG_OP <> 'DELETE' THEN
		is_now := to_jsonb(NEW) - hidden;
	END IF;
	whole := coalesce(to_jsonb(NEW), to_jsonb(OLD));
	IF TG_OP = 'UPDATE' THEN
		IF was = is_now THEN
			RETURN NULL;
		END IF;
		apart := was;
		was := kg.row_differs(was, is_now);
		is_now := kg.row_differs(is_now, apart);
	END IF;
	apart := NULL;
	IF coalesce(is_now, was) ?| personal THEN
		apart := jsonb_build_object('before', kg.row_only(was, personal),
			'after', kg.row_only(is_now, personal));
		salt := uuid_send(gen_random_uuid());
	END IF;
	INSERT INTO kg.journal (at, xid, actor_id, actor, why, action, object,
		object_id, before, after, personal_hash, office_id)
	VALUES (kg.now(), pg_current_xact_id(), kg.actor(), session_user, kg.why(),
		lower(TG_OP), TG_TABLE_NAME,
		(SELECT string_agg(whole ->> k, ':' ORDER BY n)
			FROM unnest(string_to_array(TG_ARGV[0], ','))
				WITH ORDINALITY AS u (k, n)),
		was - personal, is_now - personal,
		sha256(salt || convert_to(apart::text, 'UTF8')),
		kg.row_office(TG_TABLE_NAME, whole))
	RETURNING id INTO journal_id;
	IF apart IS NOT NULL THEN
		INSERT INTO kg.journal_personal (journal_id, salt, data)
		VALUES (journal_id, salt, apart);
	END IF;
	RETURN NULL;
END
$$;

-- Rows of the journal stay as they were written.
CREATE OR REPLACE FUNCTION kg.journal_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'KG006',
		MESSAGE = 'the journal is only ever added to',
		HINT = 'an undo is a new change';
END
$$;

-- AFTER: the scopes of the row as it was and as it is.
CREATE OR REPLACE FUNCTION kg.row_scopes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF kg.scopes() = '*' THEN
		RETURN NULL;
	END IF;
	IF TG_OP <> 'INSERT' THEN
		PERFORM kg.scopes_add(kg.scopes_of(TG_TABLE_NAME, to_jsonb(OLD)));
	END IF;
	IF TG_OP <> 'DELETE' THEN
		PERFORM kg.scopes_add(kg.scopes_of(TG_TABLE_NAME, to_jsonb(NEW)));
	END IF;
	RETURN NULL;
END
$$;

-- A moved clock moves the windows of all feeds.
CREATE OR REPLACE FUNCTION kg.clock_moved() RETURNS trigger
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.scopes_add('{*}');
	RETURN NULL;
END
$$;

-- Fires after the rules of 21_sessions.sql and 22_rules.sql by its name; AFTER
-- triggers journal first, then gather scopes.
DO $$
DECLARE
	tab record;
BEGIN
	FOR tab IN SELECT * FROM (VALUES
		-- table, key, personal, never in the journal, made from others
		('site', 'only_row', '', '', ''),
		('region', 'id', '', '', ''),
		('municipality', 'code', '', '', ''),
		('municipality_region', 'id', '', '', ''),
		('council_seats', 'id', '', '', ''),
		('election', 'code', '', '', ''),
		('holiday', 'id', '', '', ''),
		('office', 'id', '', '', ''),
		('venue', 'id', '', '', ''),
		('room', 'id', '', '', ''),
		('room_setup', 'room_id,setup', '', '', ''),
		('seminar', 'id', '', '', ''),
		('seminar_tag', 'seminar_id,tag', '', '', ''),
		('season', 'id', '', '', ''),
		('period', 'id', '', '', ''),
		('run', 'id', '', '', ''),
		('session', 'id', '', 'office_id', NULL),
		('agenda_item', 'id', '', '', ''),
		('booking', 'id', '', 'warned_at', NULL),
		('series', 'id', '', '', ''),
		('person', 'id', 'name,mail,phone', '', ''),
		('session_teacher', 'id', '', '', ''),
		('feed_token', 'id', 'name', 'hash,last_fetch_at,last_client',
			'last_fetch_at,last_client')
	) AS t (name, key, personal, hidden, made)
	LOOP
		IF tab.made IS NOT NULL THEN
			EXECUTE format('CREATE TRIGGER z_version
				BEFORE INSERT OR UPDATE %s ON kg.%I FOR EACH ROW
				EXECUTE FUNCTION kg.row_version(%s)',
				CASE tab.name WHEN 'feed_token' THEN 'OF person_id, hash,
					name, show_cancelled, revoked_at, erased' ELSE '' END,
				tab.name,
				(SELECT string_agg(quote_literal(c), ',')
				FROM unnest(string_to_array(tab.made, ',')) AS c));
		END IF;
		EXECUTE format('CREATE TRIGGER a_journal
			AFTER INSERT OR UPDATE OR DELETE ON kg.%I FOR EACH ROW
			EXECUTE FUNCTION kg.row_journal(%L, %L, %L)',
			tab.name, tab.key, tab.personal, tab.hidden);
		EXECUTE format('CREATE TRIGGER b_scopes
			AFTER INSERT OR DELETE OR UPDATE %s ON kg.%I FOR EACH ROW
			EXECUTE FUNCTION kg.row_scopes()',
			CASE tab.name WHEN 'feed_token' THEN 'OF person_id, hash,
				name, show_cancelled, revoked_at, erased' ELSE '' END,
			tab.name);
	END LOOP;
END
$$;

CREATE TRIGGER a_stays BEFORE UPDATE OR DELETE ON kg.journal
	FOR EACH ROW EXECUTE FUNCTION kg.journal_stays();
CREATE TRIGGER b_moved AFTER UPDATE ON kg.clock
	FOR EACH ROW EXECUTE FUNCTION kg.clock_moved();

-- What may be the only row that a transaction writes.
CREATE CONSTRAINT TRIGGER z_send AFTER INSERT ON kg.journal
	DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION kg.scopes_send();
CREATE CONSTRAINT TRIGGER z_send AFTER UPDATE ON kg.session
	DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION kg.scopes_send();
CREATE CONSTRAINT TRIGGER z_send AFTER UPDATE ON kg.booking
	DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION kg.scopes_send();
CREATE CONSTRAINT TRIGGER z_send AFTER UPDATE ON kg.clock
	DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION kg.scopes_send();
