-- The operator at the machine: what the JSON API does, without signing in.
--
-- Comes after all handlers. Everything is allowed but what only somebody who is
-- signed in can mean (the routes of verb "self", and those without a verb).
SET LOCAL ROLE kattegat_owner;

-- One route, with the operator as its actor. input: as the route's handler names it.
-- body: its answer; the columns before it as those of kg.written, object_id with
-- commas when several things came of it.
-- Raises KG004 no such route, and whatever the handler raises.
CREATE OR REPLACE FUNCTION kg.operator_call(route text, input jsonb,
	expected_version int)
RETURNS TABLE (changed bool, object text, object_id text, version int, scopes text,
	xid xid8, body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	answer kg.api_answer;
	last_id bigint := coalesce((SELECT max(j.id) FROM kg.journal j), 0);
BEGIN
	PERFORM FROM kg.api_route r WHERE r.name = route AND r.verb <> 'self';
	IF NOT FOUND THEN
		PERFORM kg.missing(format('route "%s" for the operator', route));
	END IF;
	EXECUTE format('SELECT * FROM kg.%I(NULL, $1, $2)', 'api_' || route)
		INTO answer USING coalesce(input, '{}'), expected_version;
	-- rows of other transactions may stand between
	changed := EXISTS (SELECT FROM kg.journal j WHERE j.id > last_id
		AND j.xid = pg_current_xact_id_if_assigned());
	object := CASE WHEN route ~ '^(block_out|closing_day)_' THEN 'series'
		ELSE split_part(route, '_', 1) END;
	body := answer.body;
	object_id := coalesce(body ->> 'id', body ->> 'series_id',
		(SELECT string_agg(i ->> 'id', ', ' ORDER BY n)
		FROM jsonb_array_elements(CASE WHEN jsonb_typeof(body -> 'items') = 'array'
			THEN body -> 'items' ELSE '[]' END) WITH ORDINALITY AS u (i, n)));
	version := body ->> 'version';
	scopes := kg.scopes();
	xid := CASE WHEN changed THEN pg_current_xact_id()
		ELSE pg_current_xact_id_if_assigned() END;
	RETURN NEXT;
END
$$;

-- Mails that wait, and those that ended and were not cleaned away yet, the latest
-- first. No address, and none of the facts, which may be secrets.
CREATE OR REPLACE FUNCTION kg.operator_mails()
RETURNS TABLE (id bigint, kind text, person_id int, office text, state text,
	tries int, created_at timestamptz, next_try_at timestamptz,
	ended_at timestamptz, problem text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
	SELECT m.id, m.kind, m.person_id, o.code, coalesce(m.ended_as, 'waiting'),
		m.tries, m.created_at,
		CASE WHEN m.ended_at IS NULL THEN m.next_try_at END, m.ended_at,
		m.problem
	FROM kg.outbox m LEFT JOIN kg.office o ON o.id = m.office_id
	ORDER BY m.id DESC
$$;
