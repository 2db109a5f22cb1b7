-- Who may do what: one function, one table (kg.permission).
SET LOCAL ROLE kattegat_owner;

-- Who asks through the API in this transaction, if anybody does.
CREATE OR REPLACE FUNCTION kg.api_me() RETURNS kg.actor
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN nullif(current_setting('kg.api_actor', true), '')::kg.actor;
END
$$;

-- office_id NULL: the thing belongs to no office.
CREATE OR REPLACE FUNCTION kg.may(actor_id int, verb text, office_id int)
RETURNS bool LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	me kg.actor;
BEGIN
	IF actor_id IS NULL THEN
		RETURN true;
	END IF;
	IF NOT EXISTS (
		SELECT FROM kg.person p JOIN kg.permission m ON m.role = p.role
		WHERE p.id = $1 AND p.erased_at IS NULL AND m.verb = $2
			AND (NOT m.own_office OR p.office_id = $3)) THEN
		RETURN false;
	END IF;
	-- what an API token narrows, holds as well
	me := kg.api_me();
	RETURN me.api_token_id IS NULL OR me.person_id <> actor_id
		OR (me.office_id IS NULL OR me.office_id = $3) IS TRUE
			AND EXISTS (SELECT FROM kg.permission m
				WHERE m.role = me.role AND m.verb = $2
					AND (NOT m.own_office OR me.office_id = $3));
END
$$;

-- In one office at least.
CREATE OR REPLACE FUNCTION kg.may_somewhere(actor_id int, verb text)
RETURNS bool LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
BEGIN
	RETURN kg.may(actor_id, verb, coalesce((kg.api_me()).office_id,
		(SELECT p.office_id FROM kg.person p WHERE p.id = actor_id)));
END
$$;

-- Raises KG001.
CREATE OR REPLACE FUNCTION kg.may_must(actor_id int, verb text, office_id int)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF NOT kg.may(actor_id, verb, office_id) THEN
		RAISE EXCEPTION USING ERRCODE = 'KG001',
			MESSAGE = format('person %s may not change %s%s', actor_id, verb,
				coalesce(' of office '
					|| (SELECT o.code FROM kg.office o WHERE o.id = $3), '')),
			HINT = 'the office''s coordinator or a planner may';
	END IF;
END
$$;
