-- API tokens: for programs, with no more than their person's role and office.
SET LOCAL ROLE kattegat_owner;

-- Whether a token may have this role: the own one, a coordinator's for planners,
-- an auditor's for all.
CREATE OR REPLACE FUNCTION kg.api_token_role_ok(own_role text, role text)
RETURNS bool LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT kg.role_is_staff(own_role) AND (role = own_role OR role = 'auditor'
		OR own_role = 'planner' AND role = 'coordinator')
$$;

-- For oneself; the operator for anybody: who sees a token can use it, so an admin
-- makes none for others. role NULL: the person's; office NULL: a coordinator's own, of
-- others no limit. expires_on: the last day it is good for; NULL: no end.
CREATE OR REPLACE FUNCTION kg.api_token_create(actor int, why text, person_id int,
	hash bytea, name text, role text, office text, expires_on date)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	p kg.person;
	its_role text;
	its_office int;
	new_id int;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.confirmed_must();
	IF actor <> api_token_create.person_id THEN
		PERFORM kg.refuse('KG001', 'a token is made by who will use it',
			'sign in as that person');
	END IF;
	SELECT * INTO p FROM kg.person x
	WHERE x.id = api_token_create.person_id AND x.erased_at IS NULL
	FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM kg.missing('person ' || api_token_create.person_id);
	END IF;
	its_role := coalesce(api_token_create.role, p.role);
	IF NOT kg.api_token_role_ok(p.role, its_role) THEN
		PERFORM kg.refuse('KG005',
			format('a token of the role %s cannot be one of "%s"', p.role,
				left(its_role, 20)), 'the own role, or a narrower one');
	END IF;
	its_office := CASE WHEN nullif(office, '') IS NOT NULL
			THEN (kg.office_get(office)).id
		WHEN its_role = 'coordinator' THEN p.office_id END;
	IF its_role = 'coordinator' AND its_office IS NULL
		OR p.role = 'coordinator' AND its_office <> p.office_id THEN
		PERFORM kg.refuse('KG005', 'a coordinator''s token is for one office',
			'the own one');
	END IF;
	IF expires_on < kg.local_at(kg.now())::date THEN
		PERFORM kg.refuse('KG005', format('the last day of a token, %s, is past', expires_on),
			'a last day that is still to come, or none',
			'{"fields": ["expires_on"]}');
	END IF;
	INSERT INTO kg.api_token (person_id, hash, name, role, office_id, created_at,
		expires_at)
	VALUES (p.id, api_token_create.hash,
		kg.line_must(api_token_create.name, 'the token''s name'), its_role,
		its_office, kg.now(),
		(expires_on + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen')
	RETURNING id INTO new_id;
	RETURN kg.write_end(true, 'api_token', new_id::text, 1);
END
$$;

-- Of others: an admin. Of oneself: everyone.
CREATE OR REPLACE FUNCTION kg.api_token_revoke(actor int, why text,
	api_token_id int, expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	t kg.api_token;
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.by_person_must(api_token_id);
	SELECT * INTO t FROM kg.api_token x WHERE x.id = api_token_id
	FOR NO KEY UPDATE;
	IF t.id IS NULL THEN
		PERFORM kg.missing('API token ' || api_token_id);
	END IF;
	IF actor IS DISTINCT FROM t.person_id THEN
		PERFORM kg.may_must(actor, 'accounts', NULL);
	END IF;
	PERFORM kg.version_must('API token ' || t.id, t.version, expected_version);
	UPDATE kg.api_token x SET revoked_at = coalesce(x.revoked_at, kg.now())
	WHERE x.id = t.id;
	changed := FOUND;
	RETURN kg.write_end(changed, 'api_token', t.id::text,
		(SELECT x.version FROM kg.api_token x WHERE x.id = t.id));
END
$$;

-- For the operator.
CREATE OR REPLACE FUNCTION kg.api_token_list() RETURNS TABLE (api_token_id int,
	person_id int, person text, name text, role text, office text,
	created_at timestamptz, expires_at timestamptz, last_used_at timestamptz,
	revoked_at timestamptz, version int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
	SELECT t.id, p.id, p.name, t.name, t.role, o.code, t.created_at, t.expires_at,
		t.last_used_at, t.revoked_at, t.version
	FROM kg.api_token t JOIN kg.person p ON p.id = t.person_id
		LEFT JOIN kg.office o ON o.id = t.office_id
	ORDER BY t.id
$$;
