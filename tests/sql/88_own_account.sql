-- What somebody is told about the own account, and nobody else.
\ir api.sql
CREATE FUNCTION mine(who int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('own_account', who) -> 'body'
$$;

SELECT kg.account_invite(NULL, 'x', 2, NULL, NULL, 'planner', NULL, sha256('i'), NULL)
\g /dev/null
UPDATE kg.account SET password_hash = 'hash of it', totp_secret = repeat('x', 20)::bytea,
	confirmed_at = kg.now(), password_set_at = '2027-01-21 08:00Z'
WHERE person_id = 2;
INSERT INTO kg.recovery_code (person_id, hash, used_at)
SELECT 2, sha256(n::text::bytea), CASE WHEN n < 3 THEN now() END
FROM generate_series(1, 10) AS n;

SELECT is(mine(2) -> 'secrets', '{"recovery_codes": 8, "password_set_at":
	"2027-01-21T08:00:00Z", "password_set_local": "2027-01-21T09:00"}',
	'how old the password is, and how many codes are left');
SELECT is(mine(3) -> 'secrets', 'null', 'a teacher has none');
SELECT ok(mine(2)::text !~ 'hash of it|7878', 'no secret itself');
SELECT is(jsonb_array_length(mine(2) -> 'api_tokens'), 1, 'the own tokens');
UPDATE kg.api_token SET expires_at = '2099-08-01 22:00Z' WHERE person_id = 2;
SELECT is(mine(2) #>> '{api_tokens,0,expires_on}', '2099-08-01',
	'the last day is the day before it ends');
SELECT is((mine(3) #>> '{sign_ins,0,id}')::int, id, 'the own sign-in')
FROM kg.sign_in WHERE person_id = 3;
SELECT is(mine(2) -> 'sign_ins', '[]', 'and nobody else''s');

-- what has ended is among the latest, ten at most
INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at,
	last_seen_at, ended_at, ended_by)
SELECT 3, sha256(('old ' || n)::bytea), 'teacher', now(), now(), now(), now(),
	'sign_out'
FROM generate_series(1, 12) AS n;
SELECT is(jsonb_array_length(mine(3) -> 'sign_ins'), 1, 'what has ended is no place');
SELECT is(jsonb_array_length(mine(3) -> 'latest'), 10, 'but it was there');

-- a token's last day
CREATE FUNCTION made(expires_on date) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kg.api_token_create(NULL, 'x', 2, sha256(random()::text::bytea), 'x',
		NULL, NULL, expires_on);
	RETURN 'made';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;
SELECT is(made(kg.local_at(kg.now())::date), 'made', 'today is a last day');
SELECT is(made(kg.local_at(kg.now())::date - 1), 'KG005', 'yesterday is none');
SELECT is(made(NULL), 'made', 'and none is needed');
SELECT * FROM finish();
