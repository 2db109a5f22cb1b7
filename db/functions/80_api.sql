-- The JSON API: one function for all routes.
--
-- Who asks, whether they may, whether they asked before; then the route's handler:
--   kg.api_ROUTE(actor_id int, input jsonb, expected_version int) RETURNS kg.api_answer
-- actor_id is 0 for somebody who is not signed in (routes without a verb). The files
-- after this one bring the handlers, and their rows of kg.api_route.
SET LOCAL ROLE kattegat_owner;

DELETE FROM kg.api_route;

-- Who asks, by the SHA-256 of the bearer token. Raises KG401.
CREATE OR REPLACE FUNCTION kg.api_actor(bearer bytea) RETURNS kg.actor
LANGUAGE plpgsql AS $$
DECLARE
	me kg.actor := kg.api_find_actor(bearer);
BEGIN
	IF me.person_id IS NULL THEN
		-- who was somebody once does not guess
		PERFORM kg.refuse('KG401', 'nobody is signed in with this token',
			'sign in, or use an API token that is still good',
			jsonb_build_object('once_valid', EXISTS (
					SELECT FROM kg.sign_in s WHERE s.hash = bearer)
				OR EXISTS (SELECT FROM kg.api_token t
					WHERE t.hash = bearer)));
	END IF;
	RETURN me;
END
$$;

-- The answer of a repeated request, if it was kept in the last 24 hours. Two at once:
-- the second waits for the first. Raises KG422.
CREATE OR REPLACE FUNCTION kg.api_kept(actor_id int, route text, key text,
	request_hash bytea)
RETURNS kg.idempotency LANGUAGE plpgsql AS $$
DECLARE
	kept kg.idempotency;
BEGIN
	PERFORM pg_advisory_xact_lock(4, hashtext(actor_id || ' ' || key));
	SELECT * INTO kept FROM kg.idempotency i
	WHERE i.actor_id = api_kept.actor_id AND i.key = api_kept.key
		AND i.created_at > kg.now() - interval '24 hours';
	IF (kept.route, kept.request_hash) <> (api_kept.route, api_kept.request_hash)
	THEN
		PERFORM kg.refuse('KG422',
			'this Idempotency-Key came with another request before',
			'a new key for a new request');
	END IF;
	RETURN kept;
END
$$;

-- Without what is shown only once.
CREATE OR REPLACE FUNCTION kg.api_keep(actor_id int, its kg.api_route, key text,
	request_hash bytea, answer kg.api_answer)
RETURNS void LANGUAGE sql AS $$
	INSERT INTO kg.idempotency (actor_id, key, route, request_hash, status, body,
		etag, location, xid, created_at)
	SELECT actor_id, key, its.name, request_hash, answer.status,
		CASE WHEN answer.body ?| its.secrets
			THEN answer.body - its.secrets || jsonb_build_object('not_repeated',
				to_jsonb(its.secrets))
			ELSE answer.body END,
		answer.etag, answer.location, pg_current_xact_id(), kg.now()
	ON CONFLICT (actor_id, key) DO UPDATE SET route = excluded.route,
		request_hash = excluded.request_hash, status = excluded.status,
		body = excluded.body, etag = excluded.etag, location = excluded.location,
		xid = excluded.xid, created_at = excluded.created_at
$$;

-- Who is erased is in no kept answer: their own are gone, and those of others that tell
-- of them keep only the names of what they had, so that no request is done twice.
CREATE OR REPLACE FUNCTION kg.answers_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	DELETE FROM kg.idempotency i WHERE i.actor_id = NEW.id;
	UPDATE kg.idempotency i SET body = jsonb_build_object('not_repeated',
		array(SELECT jsonb_object_keys(i.body)))
	WHERE jsonb_typeof(i.body) = 'object'
		AND (jsonb_path_exists(i.body,
				'$.** ? (@.person_id == $id || @.changed_by == $id)',
				jsonb_build_object('id', NEW.id))
			OR EXISTS (SELECT FROM unnest(array[OLD.name, OLD.mail, OLD.phone]
					::text[]) AS t
				WHERE strpos(i.body::text, btrim(to_jsonb(t)::text, '"')) > 0));
	RETURN NULL;
END
$$;

CREATE TRIGGER g_answers AFTER UPDATE OF erased_at ON kg.person
	FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL)
	EXECUTE FUNCTION kg.answers_forget();

-- One request. input: path, query and body in one flat object; "if_match" of it are the
-- versions of an If-Match that is no single strong tag. scopes: what to bump;
-- xid: the write's Kattegat-Version; snapshot: no younger than anything in the body.
-- Raises KG401, KG001, KG422, and whatever the route's handler raises.
CREATE OR REPLACE FUNCTION kg.api(route text, bearer bytea, input jsonb,
	expected_version int, idempotency_key text, request_hash bytea)
RETURNS TABLE (status int, body jsonb, etag text, location text, scopes text,
	xid xid8, snapshot text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	its kg.api_route;
	me kg.actor;
	kept kg.idempotency;
	answer kg.api_answer;
	key text := idempotency_key;
BEGIN
	snapshot := pg_current_snapshot();
	SELECT * INTO its FROM kg.api_route r WHERE r.name = api.route;
	IF NOT FOUND THEN
		PERFORM kg.refuse('KG004', format('there is no route "%s"', api.route));
	END IF;
	IF its.verb IS NULL THEN
		me.person_id := 0;
		key := encode(request_hash, 'hex') || ' ' || key;
	ELSE
		me := kg.api_actor(bearer);
	END IF;
	PERFORM set_config('kg.api_actor', me::text, true),
		set_config('kg.if_match', coalesce(input ->> 'if_match', ''), true);
	IF its.verb <> 'self' AND NOT kg.may_somewhere(me.person_id, its.verb) THEN
		PERFORM kg.refuse('KG001', format('the role %s may not do this (%s)', me.role,
			its.name));
	END IF;
	IF key IS NOT NULL THEN
		kept := kg.api_kept(me.person_id, its.name, key, request_hash);
	END IF;
	IF kept.status IS NOT NULL THEN
		status := kept.status;
		body := kept.body;
		etag := kept.etag;
		location := kept.location;
		scopes := '';
		xid := kept.xid;
		RETURN NEXT;
		RETURN;
	END IF;
	EXECUTE format('SELECT * FROM kg.%I($1, $2, $3)', 'api_' || its.name)
		INTO answer USING me.person_id, coalesce(input, '{}') - 'if_match',
			expected_version;
	PERFORM kg.api_seen(me) WHERE its.verb IS NOT NULL;
	IF key IS NOT NULL AND answer.status BETWEEN 200 AND 299 THEN
		PERFORM kg.api_keep(me.person_id, its, key, request_hash, answer);
	END IF;
	status := answer.status;
	body := answer.body;
	etag := answer.etag;
	location := answer.location;
	scopes := kg.scopes();
	xid := pg_current_xact_id_if_assigned();
	RETURN NEXT;
END
$$;

-- A handler's answer: 200 (or another status) with the thing's version as its ETag. Who
-- is not told all of it has another ETag, after what they are told.
CREATE OR REPLACE FUNCTION kg.api_ok(body jsonb, status int DEFAULT 200,
	location text DEFAULT NULL)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (status, body, CASE WHEN body ? 'version' THEN
		'"' || (body ->> 'version') || CASE WHEN body @? '$.** ? (@.busy == true
			|| @.teachers == null || @.name == null)'
			THEN '-' || left(md5(body::text), 8) ELSE '' END || '"' END,
		location)::kg.api_answer;
END
$$;

-- A text of the input: '' for null, which clears; NULL when it was left out.
CREATE OR REPLACE FUNCTION kg.api_text(input jsonb, name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN input ? name THEN coalesce(input ->> name, '') END
$$;

-- Why, for the journal: as the caller says, or the route's name.
CREATE OR REPLACE FUNCTION kg.api_why(input jsonb, route text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(nullif(btrim(input ->> 'why'), ''), 'API: ' || route)
$$;

-- Lists. A handler asks for one row more than the page holds, each as
-- {"key": [...], "item": {...}}; the key of the page's last row is the cursor.
CREATE OR REPLACE FUNCTION kg.api_limit(input jsonb) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT least(greatest(coalesce((input ->> 'limit')::int, 50), 1), 200)
$$;

CREATE OR REPLACE FUNCTION kg.api_page(lines jsonb, size int) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object(
		'items', coalesce((SELECT jsonb_agg(l -> 'item' ORDER BY n)
			FROM jsonb_array_elements(lines) WITH ORDINALITY AS u (l, n)
			WHERE n <= size), '[]'),
		'next', CASE WHEN jsonb_array_length(lines) > size
			THEN translate(encode(convert_to((lines -> (size - 1) -> 'key')::text,
				'UTF8'), 'base64'), E'+/=\n', '-_') END)
$$;

-- The key that a page begins after, of values of these types; NULL: the first page.
-- Raises KG005.
CREATE OR REPLACE FUNCTION kg.api_after(input jsonb, VARIADIC types text[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	sent text := translate(input ->> 'cursor', '-_', '+/');
	key jsonb;
	n int;
BEGIN
	IF sent IS NULL THEN
		RETURN NULL;
	END IF;
	key := convert_from(decode(rpad(sent, (length(sent) + 3) / 4 * 4, '='),
		'base64'), 'UTF8')::jsonb;
	IF jsonb_typeof(key) <> 'array'
		OR jsonb_array_length(key) <> cardinality(types) THEN
		RAISE invalid_parameter_value;
	END IF;
	FOR n IN 1 .. cardinality(types) LOOP
		IF jsonb_typeof(key -> (n - 1)) NOT IN ('string', 'number') THEN
			RAISE invalid_parameter_value;
		END IF;
		EXECUTE format('SELECT $1::%s', types[n]) USING key ->> (n - 1);
	END LOOP;
	RETURN key;
EXCEPTION WHEN data_exception THEN
	PERFORM kg.refuse('KG005', 'the cursor is none of ours',
		'the "next" of the page before', '{"fields": ["cursor"]}');
END
$$;

-- Days of a list: "week" (2027-W03, Monday first) or "from" and "to" (the last day),
-- each optional. [lower, upper), as a range of days. Raises KG005.
CREATE OR REPLACE FUNCTION kg.api_days(input jsonb) RETURNS daterange
LANGUAGE plpgsql STABLE AS $$
DECLARE
	monday date;
BEGIN
	IF input ? 'week' THEN
		PERFORM kg.match_must(input ->> 'week',
			'^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$', 'the week', 'such as 2027-W03');
		monday := to_date(input ->> 'week', 'IYYY-"W"IW');
		IF to_char(monday, 'IYYY-"W"IW') <> input ->> 'week' THEN
			PERFORM kg.refuse('KG005', format('there is no week %s',
					input ->> 'week'), 'most years have 52 weeks',
				'{"fields": ["week"]}');
		END IF;
		RETURN daterange(monday, monday + 7);
	END IF;
	IF (input ->> 'to')::date < (input ->> 'from')::date THEN
		PERFORM kg.refuse('KG005', 'the range ends before it begins',
			'"to" is the last day', '{"fields": ["from", "to"]}');
	END IF;
	RETURN daterange((input ->> 'from')::date, (input ->> 'to')::date + 1);
END
$$;
