-- Signing in, step by step, and how long who was wrong has to wait.
INSERT INTO kg.municipality (code, name, official_name, seat_town)
VALUES ('0751', 'Aarhus', 'Aarhus Kommune', 'Aarhus');

CREATE FUNCTION hex(secret text) RETURNS text LANGUAGE sql AS $$
	SELECT encode(sha256(convert_to(secret, 'UTF8')), 'hex')
$$;
CREATE FUNCTION later(by interval) RETURNS void LANGUAGE sql AS $$
	UPDATE kg.clock SET shift = shift + by
$$;
-- One handler, as the daemon calls it: from an address, of which three failures are
-- free; 'from' NULL: without an address.
CREATE FUNCTION ask(route text, input jsonb, "from" text DEFAULT NULL,
	bearer text DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
	SELECT coalesce(body, '{}') || jsonb_build_object('status', status)
	FROM kg.api(route, sha256(convert_to(bearer, 'UTF8')), input
		|| CASE WHEN "from" IS NULL THEN '{}' ELSE jsonb_build_object(
			'address', left(hex("from"), 32), 'free', 3) END, NULL, NULL, NULL)
$$;
CREATE FUNCTION begin(mail text, "from" text DEFAULT NULL) RETURNS int
LANGUAGE sql AS $$
	SELECT (ask('sign_in_begin', jsonb_build_object('mail', mail), "from")
		->> 'wait_s')::int
$$;
-- (failures, seconds to the next try) of an address or a login
CREATE FUNCTION tried(its bytea, OUT failures int, OUT wait_s int) LANGUAGE sql AS $$
	SELECT t.failures, greatest(0, extract(epoch FROM t.next_try_at - kg.now()))::int
	FROM kg.sign_in_try t WHERE t.login_hash = its
$$;
CREATE FUNCTION address("from" text) RETURNS bytea LANGUAGE sql AS $$
	SELECT kg.sign_in_address_hash(jsonb_build_object('address',
		left(hex("from"), 32)))
$$;
CREATE FUNCTION good(bearer text) RETURNS bool LANGUAGE sql AS $$
	SELECT (kg.api_find_actor(sha256(convert_to(bearer, 'UTF8')))).person_id
		IS NOT NULL
$$;
CREATE FUNCTION start(person int, secret text, "from" text DEFAULT NULL,
	password text DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('sign_in_start', jsonb_build_object('person_id', a.person_id,
		'password_hash', coalesce(password, a.password_hash),
		'start_hash', hex(secret), 'client', E'Fire\nfox'), "from")
	FROM kg.account a WHERE a.person_id = person
$$;
CREATE FUNCTION code(secret text, "from" text DEFAULT NULL) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT ask('sign_in_code_begin', jsonb_build_object('start_hash', hex(secret)),
		"from")
$$;
CREATE FUNCTION finish(person int, secret text, bearer text,
	"from" text DEFAULT NULL, more jsonb DEFAULT '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('sign_in_finish', jsonb_strip_nulls(jsonb_build_object('person_id',
		a.person_id, 'password_hash', a.password_hash, 'step',
		a.totp_last_step + 1, 'start_hash', hex(secret), 'token_hash',
		hex(bearer))) || more, "from")
	FROM kg.account a WHERE a.person_id = person
$$;

UPDATE kg.person SET mail = 'admin@example.org' WHERE id = 4;
INSERT INTO kg.account (person_id, login, password_hash, totp_secret, totp_last_step,
	password_set_at, confirmed_at)
SELECT id, lower(mail), 'hash of ' || id, decode(repeat('ab', 20), 'hex'), 1, now(),
	now()
FROM kg.person WHERE id IN (1, 2, 4);

-- every constraint
SELECT throws_ok(statement, '23514', NULL, statement)
FROM (VALUES
	('INSERT INTO kg.sign_in_start VALUES (''x'', 1, sha256(''x''), NULL, now(),
		now())'),
	('INSERT INTO kg.sign_in_start VALUES (sha256(''x''), 1, ''x'', NULL, now(),
		now())'),
	('INSERT INTO kg.sign_in_start VALUES (sha256(''x''), 1, sha256(''x''),
		repeat(''x'', 101), now(), now())'),
	('INSERT INTO kg.person (name, role) VALUES (''X'', ''secretary'')'),
	('INSERT INTO kg.person (name, role) VALUES (''X'', ''mayor'')'),
	('INSERT INTO kg.person (name, role, municipality)
		VALUES (''X'', ''teacher'', ''0751'')')
) AS t (statement);
SELECT throws_ok($$INSERT INTO kg.sign_in_start VALUES (sha256('x'), 3, sha256('x'),
	NULL, now(), now())$$, '23503', NULL, 'who has no account starts nothing');
SELECT throws_ok($$INSERT INTO kg.person (name, role, municipality)
	VALUES ('X', 'councillor', '9999')$$, '23503', NULL, 'a municipality is one of ours');
SELECT ok(NOT has_any_column_privilege('kattegat', 'kg.sign_in_start', 'SELECT'),
	'the daemon reads no starts');
SELECT * FROM finish();
