-- Asks the API as a person of the fixture, with a token of their own.
INSERT INTO kg.api_token (person_id, hash, name, role, office_id, created_at)
SELECT id, sha256(('token ' || id)::bytea), 'test', role, office_id, now()
FROM kg.person WHERE role <> 'teacher';
INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at,
	last_seen_at)
SELECT id, sha256(('token ' || id)::bytea), role, now(), now(), now()
FROM kg.person WHERE role = 'teacher';

-- The answer as an object, or of a refusal {"state", "message", "hint", "detail"}.
CREATE FUNCTION call(route text, who int, input jsonb DEFAULT '{}',
	version int DEFAULT NULL, key text DEFAULT NULL, hash bytea DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	its_state text;
	message text;
	hint text;
	detail text;
BEGIN
	RETURN (SELECT to_jsonb(a) FROM kg.api(route,
		sha256(('token ' || who)::bytea), input, version, key, hash) AS a);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS its_state = RETURNED_SQLSTATE,
		message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT,
		detail = PG_EXCEPTION_DETAIL;
	RETURN jsonb_build_object('state', its_state, 'message', message,
		'hint', hint, 'detail', CASE WHEN detail LIKE '{%' THEN detail::jsonb END);
END
$$;
