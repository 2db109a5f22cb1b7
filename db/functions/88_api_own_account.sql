-- The JSON API and the page of one's own account: who one is, where one is signed in,
-- which programs have a token, and how old password and recovery codes are.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb) VALUES ('own_account', 'self');

-- Of somebody with an account; else NULL.
CREATE OR REPLACE FUNCTION kg.api_own_secrets(a kg.account) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT CASE WHEN a.person_id IS NOT NULL THEN jsonb_build_object(
		'password_set_at', kg.api_instant(a.password_set_at),
		'password_set_local', kg.api_local(kg.local_at(a.password_set_at)),
		'recovery_codes', (SELECT count(*) FROM kg.recovery_code c
			WHERE c.person_id = a.person_id AND c.used_at IS NULL)) END
$$;

-- The last ten sign-ins, also those that have ended; the newest first.
CREATE OR REPLACE FUNCTION kg.api_own_latest(actor_id int) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT coalesce(jsonb_agg(kg.api_of_sign_in(s) ORDER BY s.id DESC), '[]')
	FROM (SELECT * FROM kg.sign_in x WHERE x.person_id = actor_id
		ORDER BY x.id DESC LIMIT 10) AS s
$$;

CREATE OR REPLACE FUNCTION kg.api_own_account(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT ok.* FROM kg.person p LEFT JOIN kg.account a ON a.person_id = p.id
		LEFT JOIN kg.office o ON o.id = p.office_id
		LEFT JOIN kg.municipality m ON m.code = p.municipality,
	kg.api_ok(jsonb_build_object('person_id', p.id, 'name', p.name, 'mail', p.mail,
		'role', p.role, 'office', o.code, 'office_name', o.name,
		'municipality', m.code, 'municipality_name', m.name,
		'secrets', kg.api_own_secrets(a),
		'sign_ins', (SELECT coalesce(jsonb_agg(kg.api_of_sign_in(s)
				ORDER BY s.id DESC), '[]')
			FROM kg.sign_in s WHERE s.person_id = p.id
				AND s.ended_at IS NULL AND kg.now() < kg.sign_in_ends_at(s)),
		'latest', kg.api_own_latest(p.id),
		'api_tokens', (SELECT coalesce(jsonb_agg(kg.api_of_api_token(t)
				ORDER BY t.id DESC), '[]')
			FROM kg.api_token t WHERE t.person_id = p.id
				AND t.revoked_at IS NULL
				AND (t.expires_at IS NULL OR kg.now() < t.expires_at)))) AS ok
	WHERE p.id = actor_id
$$;
