-- The JSON API: who one is, sign-ins, accounts, API tokens. Signing in: 86.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb, secrets) VALUES
	('me', 'self', '{}'), ('sign_out', 'self', '{}'),
	('sign_ins_list', 'self', '{}'), ('sign_in_revoke', 'self', '{}'),
	('sign_ins_end_others', 'self', '{}'),
	('password_change_begin', 'self', '{}'), ('password_change_finish', 'self', '{}'),
	('recovery_renew', 'self', '{recovery_codes}'),
	('accounts_list', 'accounts', '{}'), ('account_get', 'accounts', '{}'),
	('account_invite', 'accounts', '{}'), ('account_change', 'accounts', '{}'),
	('account_lock', 'accounts', '{}'), ('account_unlock', 'accounts', '{}'),
	('api_tokens_list', 'self', '{}'), ('api_token_create', 'self', '{token}'),
	('api_token_revoke', 'self', '{}');

-- ---- oneself ----

CREATE OR REPLACE FUNCTION kg.api_me(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT ok.* FROM kg.person p
		LEFT JOIN kg.sign_in s ON s.id = (kg.api_me()).sign_in_id,
	kg.api_ok(jsonb_build_object(
		'person_id', p.id, 'name', p.name, 'mail', p.mail,
		'role', (kg.api_me()).role,
		'office', (SELECT o.code FROM kg.office o
			WHERE o.id = (kg.api_me()).office_id),
		'municipality', p.municipality,
		'sign_in_id', s.id,
		'ends_at', kg.api_instant(kg.sign_in_ends_at(s)),
		'confirmed_until',
			kg.api_instant(s.confirmed_at + interval '10 minutes'),
		'recovery_codes', CASE WHEN s.id IS NOT NULL
			THEN (SELECT count(*) FROM kg.recovery_code c
				WHERE c.person_id = p.id AND c.used_at IS NULL) END,
		'api_token_id', (kg.api_me()).api_token_id)) AS ok
	WHERE p.id = actor_id
$$;

CREATE OR REPLACE FUNCTION kg.api_sign_out(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	own int := (kg.api_me()).sign_in_id;
BEGIN
	IF own IS NULL THEN
		PERFORM kg.wrong_state('an API token is not signed in',
			'revoke it: DELETE /api/v1/api-tokens/{api_token_id}');
	END IF;
	PERFORM kg.sign_in_revoke(actor_id, kg.api_why(input, 'sign_out'), own);
	RETURN kg.api_ok(NULL, 204);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_of_sign_in(s kg.sign_in) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT jsonb_build_object('id', s.id, 'client', s.client,
		'created_at', kg.api_instant(s.created_at),
		'created_local', kg.api_local(kg.local_at(s.created_at)),
		'last_seen_at', kg.api_instant(s.last_seen_at),
		'last_seen_local', kg.api_local(kg.local_at(s.last_seen_at)),
		'ends_at', kg.api_instant(kg.sign_in_ends_at(s)),
		'by_recovery', s.by_recovery,
		'current', coalesce(s.id = (kg.api_me()).sign_in_id, false))
$$;

-- The own ones that are good; the newest first.
CREATE OR REPLACE FUNCTION kg.api_sign_ins_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT * FROM kg.api_ok(kg.api_page((SELECT coalesce(jsonb_agg(line), '[]')
		FROM (SELECT jsonb_build_object('key', jsonb_build_array(s.id),
				'item', kg.api_of_sign_in(s)) AS line
			FROM kg.sign_in s
			WHERE s.person_id = actor_id AND s.ended_at IS NULL
				AND kg.now() < kg.sign_in_ends_at(s)
				AND (kg.api_after(input, 'int') IS NULL
					OR s.id < (kg.api_after(input, 'int') ->> 0)::int)
			ORDER BY s.id DESC LIMIT kg.api_limit(input) + 1) AS t),
		kg.api_limit(input)))
$$;

CREATE OR REPLACE FUNCTION kg.api_sign_in_revoke(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.sign_in_revoke(actor_id, kg.api_why(input, 'sign_in_revoke'),
		(input ->> 'sign_in_id')::int);
	RETURN kg.api_ok(NULL, 204);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_sign_ins_end_others(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.sign_ins_end_others(actor_id,
		kg.api_why(input, 'sign_ins_end_others'));
	RETURN kg.api_ok(NULL, 204);
END
$$;

-- ---- the own password and recovery codes ----

-- Whether a new password would be taken, before it is hashed, and which one is the old
-- one. Raises KG403, KG006.
CREATE OR REPLACE FUNCTION kg.api_password_change_begin(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account := kg.account_own(actor_id);
BEGIN
	RETURN kg.api_ok(jsonb_build_object('login', a.login,
		'password_hash', a.password_hash));
END
$$;

-- Ends all other sign-ins. Raises KG403, KG006. input: password_hash
CREATE OR REPLACE FUNCTION kg.api_password_change_finish(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.account_password(actor_id, kg.api_why(input, 'password_change'),
		input ->> 'password_hash');
	RETURN kg.api_ok(NULL, 204);
END
$$;

-- Ten new recovery codes of 80 bits; the old ones are no longer good. As the daemon's:
-- hyphens and capitals are for people, what is hashed has none.
CREATE OR REPLACE FUNCTION kg.api_recovery_renew(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	codes text[] := array(SELECT left(kg.secret_new(), 16)
		FROM generate_series(1, 10));
BEGIN
	PERFORM kg.account_recovery(actor_id, kg.api_why(input, 'recovery_renew'),
		array(SELECT kg.secret_hash(c) FROM unnest(codes) AS c));
	RETURN kg.api_ok(jsonb_build_object('recovery_codes', (
		SELECT jsonb_agg(regexp_replace(c, '(.{4})(?!$)', '\1-', 'g'))
		FROM unnest(codes) AS c)));
END
$$;

-- ---- API tokens ----

CREATE OR REPLACE FUNCTION kg.api_of_api_token(t kg.api_token) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT jsonb_build_object('id', t.id, 'name', t.name, 'role', t.role,
		'office', (SELECT o.code FROM kg.office o WHERE o.id = t.office_id),
		'created_at', kg.api_instant(t.created_at),
		'expires_at', kg.api_instant(t.expires_at),
		'expires_local', kg.api_local(kg.local_at(t.expires_at)),
		'expires_on', (kg.local_at(t.expires_at) - interval '1 second')::date,
		'last_used_at', kg.api_instant(t.last_used_at),
		'last_used_local', kg.api_local(kg.local_at(t.last_used_at)),
		'version', t.version)
$$;

-- The own ones that are good; the newest first.
CREATE OR REPLACE FUNCTION kg.api_api_tokens_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT * FROM kg.api_ok(kg.api_page((SELECT coalesce(jsonb_agg(line), '[]')
		FROM (SELECT jsonb_build_object('key', jsonb_build_array(t.id),
				'item', kg.api_of_api_token(t)) AS line
			FROM kg.api_token t
			WHERE t.person_id = actor_id AND t.revoked_at IS NULL
				AND (t.expires_at IS NULL OR kg.now() < t.expires_at)
				AND (kg.api_after(input, 'int') IS NULL
					OR t.id < (kg.api_after(input, 'int') ->> 0)::int)
			ORDER BY t.id DESC LIMIT kg.api_limit(input) + 1) AS x),
		kg.api_limit(input)))
$$;

CREATE OR REPLACE FUNCTION kg.api_api_token_create(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	secret text := kg.secret_new();
	done kg.written;
	t kg.api_token;
BEGIN
	done := kg.api_token_create(actor_id, kg.api_why(input, 'api_token_create'),
		actor_id, kg.secret_hash(secret), input ->> 'name', input ->> 'role',
		input ->> 'office', (input ->> 'expires_on')::date);
	SELECT * INTO t FROM kg.api_token x WHERE x.id = done.object_id::int;
	RETURN kg.api_ok(kg.api_of_api_token(t)
		|| jsonb_build_object('token', secret), 201,
		'/api/v1/api-tokens/' || t.id);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_api_token_revoke(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.api_token_revoke(actor_id, kg.api_why(input, 'api_token_revoke'),
		(input ->> 'api_token_id')::int, expected_version);
	RETURN kg.api_ok(NULL, 204);
END
$$;

-- ---- accounts: for admins ----

CREATE OR REPLACE FUNCTION kg.api_of_account(a kg.account) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT jsonb_build_object('id', a.person_id, 'name', p.name, 'mail', p.mail,
		'role', p.role, 'office', o.code, 'state', kg.account_state(a),
		'confirmed_at', kg.api_instant(a.confirmed_at),
		'locked_at', kg.api_instant(a.locked_at),
		'recovery_codes', (SELECT count(*) FROM kg.recovery_code c
			WHERE c.person_id = p.id AND c.used_at IS NULL),
		'last_sign_in_at', kg.api_instant((SELECT max(s.created_at)
			FROM kg.sign_in s WHERE s.person_id = p.id)),
		'version', a.version)
	FROM kg.person p LEFT JOIN kg.office o ON o.id = p.office_id
	WHERE p.id = a.person_id
$$;

-- One account as an answer, and what else it holds.
CREATE OR REPLACE FUNCTION kg.api_account_ok(account_id int,
	more jsonb DEFAULT '{}', status int DEFAULT 200)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT ok.* FROM kg.account a,
		kg.api_ok(kg.api_of_account(a) || more, status, CASE status
			WHEN 201 THEN '/api/v1/accounts/' || a.person_id END) AS ok
	WHERE a.person_id = account_id
$$;

CREATE OR REPLACE FUNCTION kg.api_accounts_list(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT * FROM kg.api_ok(kg.api_page((SELECT coalesce(jsonb_agg(line), '[]')
		FROM (SELECT jsonb_build_object(
				'key', jsonb_build_array(p.name, p.id),
				'item', kg.api_of_account(a)) AS line
			FROM kg.account a JOIN kg.person p ON p.id = a.person_id
				LEFT JOIN kg.office o ON o.id = p.office_id
			WHERE p.erased_at IS NULL
				AND (input ->> 'role' IS NULL OR p.role = input ->> 'role')
				AND (input ->> 'office' IS NULL
					OR o.code = input ->> 'office')
				AND (input ->> 'q' IS NULL OR strpos(lower(p.name),
					lower(input ->> 'q')) > 0)
				AND (kg.api_after(input, 'text', 'int') IS NULL OR (p.name::text, p.id)
					> (kg.api_after(input, 'text', 'int') ->> 0,
						(kg.api_after(input, 'text', 'int') ->> 1)::int))
			ORDER BY p.name::text, p.id LIMIT kg.api_limit(input) + 1) AS t),
		kg.api_limit(input)))
$$;

-- With the sign-ins and API tokens that are good, which an admin may end.
CREATE OR REPLACE FUNCTION kg.api_account_get(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	its int := input ->> 'account_id';
	answer kg.api_answer;
BEGIN
	answer := kg.api_account_ok(its, jsonb_build_object(
		'sign_ins', (SELECT coalesce(jsonb_agg(kg.api_of_sign_in(s)
				ORDER BY s.id DESC), '[]')
			FROM kg.sign_in s WHERE s.person_id = its
				AND s.ended_at IS NULL AND kg.now() < kg.sign_in_ends_at(s)),
		'api_tokens', (SELECT coalesce(jsonb_agg(kg.api_of_api_token(t)
				ORDER BY t.id DESC), '[]')
			FROM kg.api_token t WHERE t.person_id = its
				AND t.revoked_at IS NULL)));
	IF answer.status IS NULL THEN
		PERFORM kg.missing('account ' || its);
	END IF;
	RETURN answer;
END
$$;

-- The secret goes by mail to who is invited and to nobody else: an admin who saw it
-- could sign in as others.
CREATE OR REPLACE FUNCTION kg.api_account_invite(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	secret text := kg.secret_new();
	done kg.written;
BEGIN
	done := kg.account_invite(actor_id, kg.api_why(input, 'account_invite'), NULL,
		input ->> 'name', input ->> 'mail', input ->> 'role', input ->> 'office',
		kg.secret_hash(secret), NULL);
	PERFORM kg.account_invitation_mail(secret);
	RETURN kg.api_account_ok(done.object_id::int, jsonb_build_object(
		'expires_at', (SELECT kg.api_instant(i.expires_at)
			FROM kg.invitation i WHERE i.hash = kg.secret_hash(secret))), 201);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_account_change(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	its int := input ->> 'account_id';
	was_role text;
	was_office text;
BEGIN
	SELECT p.role, o.code INTO was_role, was_office
	FROM kg.person p LEFT JOIN kg.office o ON o.id = p.office_id
	WHERE p.id = its;
	PERFORM kg.account_role(actor_id, kg.api_why(input, 'account_change'), its,
		expected_version, coalesce(input ->> 'role', was_role),
		CASE WHEN input ? 'office' THEN input ->> 'office' ELSE was_office END);
	RETURN kg.api_account_ok(its);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_account_lock(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.account_lock(actor_id, kg.api_why(input, 'account_lock'),
		(input ->> 'account_id')::int, expected_version);
	RETURN kg.api_account_ok((input ->> 'account_id')::int);
END
$$;

CREATE OR REPLACE FUNCTION kg.api_account_unlock(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.account_unlock(actor_id, kg.api_why(input, 'account_unlock'),
		(input ->> 'account_id')::int, expected_version);
	RETURN kg.api_account_ok((input ->> 'account_id')::int);
END
$$;
