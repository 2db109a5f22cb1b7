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
CREATE FUNCTION attempt(mail text, "from" text DEFAULT NULL) RETURNS int
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
CREATE FUNCTION look(secret text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('sign_in_start_look', jsonb_build_object('start_hash', hex(secret)))
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

-- ---- back-off ----

SELECT is(array_agg(extract(epoch FROM kg.sign_in_pause(n))::int ORDER BY n),
	'{0,0,1,2,4,8,16,32,60,60,60}', 'a pause doubles, to a minute')
FROM unnest(array[-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1000]) AS n;
SELECT is(kg.sign_in_address_hash('{}'), NULL, 'no address is nobody''s');
SELECT isnt(kg.sign_in_address_hash(jsonb_build_object('address', a)),
	kg.sign_in_login_hash('address ' || a),
	'nobody types another''s address as a mail address')
FROM left(hex('x'), 32) AS a;

-- without an address, the login alone
SELECT is(array[attempt('a@example.org'), attempt('a@example.org'), attempt('ingen')],
	'{0,1,0}', 'without an address the login has to wait, and no other');
SELECT is(count(*), 2::bigint, 'nothing else is counted') FROM kg.sign_in_try;
SELECT is(kg.sign_in_try_count(NULL, 0, '1 hour'), 0, 'nobody counts');

-- an address: three are free
DELETE FROM kg.sign_in_try;
SELECT is(array[attempt('1', 'home'), attempt('2', 'home'), attempt('3', 'home'),
	attempt('4', 'home'), attempt('5', 'home')], '{0,0,0,0,1}',
	'after three free failures and one more an address has to wait');
SELECT is(tried(address('home')), (4, 1), 'the refused one was not counted');
SELECT is(count(*), 0::bigint, 'nor its login') FROM kg.sign_in_try
WHERE login_hash = kg.sign_in_login_hash('5');
SELECT is(attempt('5', 'work'), 0, 'another address need not');
SELECT is(attempt('2', 'work'), 1, 'a login that has to wait');
SELECT is((tried(address('work'))).failures, 1, 'is not the address''s failure');
CREATE FUNCTION waits() RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE
	list int[];
	wait int;
BEGIN
	FOR n IN 1..8 LOOP
		wait := attempt('w' || n, 'home');
		list := list || wait;
		PERFORM later(wait * interval '1 second');
		PERFORM attempt('v' || n, 'home');
	END LOOP;
	RETURN list;
END
$$;
SELECT is(waits(), '{1,2,4,8,16,32,60,60}', 'longer each time, a minute at most');
SELECT later('10 minutes 59 seconds') \g /dev/null
SELECT is(attempt('x1', 'home'), 0, NULL);
SELECT is((tried(address('home'))).failures, 13, 'it is remembered');
SELECT later('11 minutes 1 second') \g /dev/null
SELECT is(attempt('x2', 'home'), 0, NULL);
SELECT is(tried(address('home')), (1, 0), 'and forgotten after ten minutes');
SELECT later('59 minutes') \g /dev/null
SELECT attempt('x2') \g /dev/null
SELECT is((tried(kg.sign_in_login_hash('x2'))).failures, 2, 'a login''s longer');
SELECT later('62 minutes') \g /dev/null
SELECT attempt('x2') \g /dev/null
SELECT is((tried(kg.sign_in_login_hash('x2'))).failures, 1, 'for an hour');
SELECT later('62 minutes') \g /dev/null
SELECT attempt('y' || n) FROM generate_series(1, 5) AS n \g /dev/null
SELECT is(count(*), 5::bigint, 'what is forgotten goes, a little each time')
FROM kg.sign_in_try;
SELECT lives_ok($$SELECT kg.sign_in_try_back(sha256('nobody'))$$,
	'nothing is taken from nobody');

UPDATE kg.clock SET shift = '0';
SELECT is(array[attempt('y5', 'home'), attempt('y5', 'home')], '{0,2}',
	'a clock that was put back makes nobody wait for it');
-- two at once: who waited for the other's row began before it
INSERT INTO kg.sign_in_try VALUES (sha256('at once'), 10, kg.now()
	+ interval '60.2 seconds');
SELECT is(kg.sign_in_try_count(sha256('at once'), 0, '1 hour'), 60,
	'nor does the longest pause let through who began earlier');
DELETE FROM kg.sign_in_try WHERE login_hash = sha256('at once');
INSERT INTO kg.sign_in_try VALUES (address('free'), 2, kg.now() + interval '9 seconds');
SELECT is(attempt('y6', 'free'), 0, 'nor does who has failures free');

-- the other doors of an address that has to wait
DELETE FROM kg.sign_in_try;
INSERT INTO kg.sign_in_try VALUES (address('home'), 9, kg.now() + interval '7 seconds');
SELECT is(ask(route, input, 'home') - 'now', answer || '{"status": 200, "wait_s": 7}',
	route || ' waits')
FROM (VALUES ('sign_in_begin', '{"mail": "z"}'::jsonb, '{}'::jsonb),
	('invitation_begin', '{"token_hash": "00"}', '{}'),
	('mail_link_use', '{"token": "x"}', '{"signed_in": false}'))
	AS t (route, input, answer);
SELECT throws_ok($$SELECT ask('invitation_begin', '{"token_hash": "00"}', 'work')$$,
	'KG004', NULL, 'a guess from elsewhere is told');
SELECT throws_ok($$SELECT ask('mail_link_use', '{"token": "x"}', 'work')$$,
	'KG004', NULL, 'at each door');
SELECT is(array_agg((ask('sign_in_guess', '{}', 'work') ->> 'wait_s')::int),
	'{0,0,0,0,1}', 'and counted for its address, whichever process was asked')
FROM generate_series(1, 5);
SELECT is(ask('mail_link_use', '{"token": "x"}', 'work') -> 'wait_s', '1',
	'which has to wait then');

-- one that may be under way
DELETE FROM kg.sign_in_try;
CREATE FUNCTION soon(mail text, "from" text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('sign_in_begin', jsonb_build_object('mail', mail), "from") -> 'soon'
$$;
UPDATE kg.clock SET shift = '0';
SELECT is(soon('z'), NULL, 'the first does not wait');
SELECT is(soon('z'), 'true', 'the second is told that the first may be under way');
UPDATE kg.sign_in_try SET failures = 4, next_try_at = kg.now() + interval '8 seconds';
SELECT is(soon('z'), 'true', 'also after failures');
UPDATE kg.sign_in_try SET next_try_at = kg.now() + interval '2.9 seconds';
SELECT is(soon('z'), NULL, 'one of five seconds ago is not');
UPDATE kg.sign_in_try SET next_try_at = kg.now() + interval '8.2 seconds';
SELECT is(soon('z'), 'true', 'one that began while it was waited for is');
INSERT INTO kg.sign_in_try VALUES (address('home'), 9, kg.now() + interval '7 seconds');
SELECT is(soon('z', 'home'), NULL, 'nor does it matter when the address waits anyway');

-- nobody waits for it
DELETE FROM kg.sign_in_try;
SELECT attempt('a@example.org', 'home') \g /dev/null
SELECT ask('sign_in_gone', '{"person_id": 1, "password_hash": "another"}', 'home')
\g /dev/null
SELECT is(count(*), 2::bigint, 'a password that was changed is wrong')
FROM kg.sign_in_try;
SELECT is(ask('sign_in_gone', '{"person_id": 1, "password_hash": "hash of 1"}', 'home'),
	'{"status": 200}', 'a right one that nobody waits for');
SELECT is((SELECT count(*) FROM kg.sign_in_try)
	+ (SELECT count(*) FROM kg.sign_in_start WHERE person_id = 1), 0::bigint,
	'was no failure, and begins nothing');

-- the first code of an invitation
DELETE FROM kg.sign_in_try;
SELECT (kg.account_invite(NULL, 'x', NULL, 'Kode', 'kode@example.org', 'planner', NULL,
	sha256('first'), NULL)).changed \g /dev/null
SELECT ask('invitation_set', jsonb_build_object('token_hash', hex('first'),
	'password_hash', 'p', 'totp_secret', repeat('ab', 20))) \g /dev/null
CREATE FUNCTION first_code() RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('invitation_code_begin', jsonb_build_object('token_hash',
		hex('first')), 'work') - 'now'
$$;
SELECT is(first_code(), jsonb_build_object('status', 200, 'wait_s', 0, 'name', 'Kode',
	'mail', 'kode@example.org', 'totp_secret', repeat('ab', 20)),
	'a first code is compared');
SELECT is(first_code(), '{"soon": true, "status": 200, "wait_s": 1}',
	'and counted like another');
SELECT is(attempt('kode@example.org', 'elsewhere'), 1, 'for the account');
SELECT is((tried(address('work'))).failures, 1, 'and for the address');
SELECT is(ask('invitation_finish', jsonb_build_object('token_hash', hex('first'),
	'totp_secret', repeat('ab', 20), 'step', 7, 'recovery_hashes', '[]'::jsonb),
	'work'), '{"status": 200, "confirmed": true}', 'the right one confirms');
SELECT is(count(*), 0::bigint, 'and takes that back') FROM kg.sign_in_try;
SELECT throws_ok('SELECT first_code()', 'KG004', NULL, 'once');

-- ---- two steps ----

DELETE FROM kg.sign_in_try;
UPDATE kg.clock SET shift = '0';
SELECT attempt('a@example.org', 'home') \g /dev/null
SELECT is(start(1, 'start 1', 'home'), '{"status": 200, "started": true}',
	'the password was right');
SELECT is(count(*), 0::bigint, 'that attempt was none') FROM kg.sign_in_try;
SELECT is((s.person_id, s.client, s.expires_at - s.created_at, s.password_sha256),
	(1, 'Firefox'::text, interval '10 minutes', sha256('hash of 1')),
	'it waits for the code for ten minutes')
FROM kg.sign_in_start s WHERE hash = sha256('start 1');
SELECT ok(NOT good('start 1'), 'it signs nobody in');
SELECT is(count(*), 0::bigint, 'and is no change of anything')
FROM kg.journal WHERE object IN ('sign_in', 'sign_in_start') OR why = 'API: sign_in';
SELECT is(code('start 1', 'home') - 'now', jsonb_build_object('status', 200,
	'wait_s', 0, 'person_id', 1, 'password_hash', 'hash of 1', 'totp_secret',
	repeat('ab', 20), 'totp_last_step', 1), 'the code is asked for');
SELECT is(look('start 1'), '{"status": 200, "mail": "a@example.org"}',
	'whose code it is can be seen');
SELECT is((tried(kg.sign_in_login_hash('a@example.org'))).failures, 1,
	'which counts nothing');
SELECT is(ask('sign_in_finish', jsonb_build_object('person_id', 1, 'password_hash',
	'hash of 1', 'step', 1, 'start_hash', hex('start 1'), 'token_hash', hex('b 1')),
	'home'), '{"status": 200, "signed_in": false}', 'a code that was used is wrong');
SELECT is((tried(address('home'))).failures, 1, 'which counts for the address');
SELECT is(tried(kg.sign_in_login_hash('a@example.org')), (1, 1), 'and the login');
SELECT is(code('start 1', 'home') -> 'wait_s', '1', 'the next code has to wait');
SELECT later('1 second') \g /dev/null
SELECT is(code('start 1', 'home') -> 'wait_s', '0', 'the start is still good');
SELECT later('2 seconds') \g /dev/null
SELECT attempt('a@example.org', 'home') \g /dev/null
SELECT start(1, 'start 2', 'home') \g /dev/null
SELECT is(tried(kg.sign_in_login_hash('a@example.org')), (2, 0),
	'the password again takes only itself back');
SELECT is(code('start 2', 'home') -> 'wait_s', '0', 'so that the next code');
SELECT is(tried(kg.sign_in_login_hash('a@example.org')), (3, 4),
	'waits as if it was not given');
SELECT later('4 seconds') \g /dev/null
SELECT is(code('start 1', 'home') -> 'wait_s', '0', NULL);
SELECT is(finish(1, 'start 1', 'bearer 1', 'home') -> 'signed_in', 'true',
	'a right one signs in');
SELECT is(count(*), 0::bigint, 'and is the end of the back-off') FROM kg.sign_in_try
WHERE login_hash = kg.sign_in_login_hash('a@example.org');
SELECT is((tried(address('home'))).failures, 3, 'one less for the address');
SELECT ok(good('bearer 1'), 'the new token is good');
SELECT is(client, 'Firefox', 'of what called first') FROM kg.sign_in
WHERE hash = sha256('bearer 1');
SELECT is(array(SELECT hash FROM kg.sign_in_start), array[sha256('start 2')],
	'the start is used up, and leaves nothing behind');
SELECT throws_ok($$SELECT code('start 1', 'home')$$, 'KG004', NULL, 'it works once');
SELECT is(finish(1, 'start 1', 'bearer 2') -> 'signed_in', 'false', 'nor at the end');
SELECT throws_ok($$SELECT code('start 99')$$, 'KG004', NULL, 'nobody''s is none');
SELECT throws_ok($$SELECT look('start 1')$$, 'KG004', NULL, 'nor is there one to see');
SELECT is(finish(2, 'start 2', 'bearer 2') -> 'signed_in', 'false',
	'nor is another''s');
SELECT ok(NOT good('bearer 2'), 'and nobody is signed in');
SELECT is((SELECT totp_last_step FROM kg.account WHERE person_id = 2), 1::bigint,
	'nor is a code used up');
SELECT is(finish(1, NULL, 'bearer 3', NULL, '{"client": "Lynx"}') -> 'signed_in', 'true',
	'without a start it is one step, as programs do it');
SELECT is(client, 'Lynx', NULL) FROM kg.sign_in WHERE hash = sha256('bearer 3');

-- what clients call themselves
SELECT is(kg.sign_in_client(jsonb_build_object('client', 'Mozilla/5.0 ' || agent)) ~ name,
	true, name || ' is seen in what is kept')
FROM (VALUES ('(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) '
		'Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0', 'Edg/'),
	('(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) '
		'Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0', 'OPR/'),
	('(iPhone; CPU iPhone OS 18_1_1 like Mac OS X) AppleWebKit/605.1.15 '
		'(KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1',
		'CriOS/')) AS t (agent, name);
SELECT is(length(kg.sign_in_client(jsonb_build_object('client', repeat('x', 200)))), 100,
	'in one hundred letters');

-- the same form again
SELECT throws_ok($$INSERT INTO kg.sign_in_form VALUES ('x', NULL, now())$$, '23514', NULL,
	'a hash has 32 bytes');
SELECT ok(NOT has_any_column_privilege('kattegat', 'kg.sign_in_form', 'SELECT'),
	'the daemon reads no forms');
CREATE FUNCTION again(form text, bearer text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('sign_in_renew', jsonb_build_object('form_hash', hex(form),
		'token_hash', hex(bearer)))
$$;
CREATE FUNCTION code_form(form text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('sign_in_code_begin', jsonb_build_object('start_hash', hex('form 1'),
		'form_hash', hex(form)))
$$;
SELECT start(1, 'form 1') \g /dev/null
SELECT finish(1, 'form 1', 'lost', NULL, jsonb_build_object('form_hash', hex('f')))
\g /dev/null
SELECT is(code_form('f'), '{"again": true, "status": 200, "wait_s": 0}',
	'who sends a form again is known');
SELECT throws_ok($$SELECT code_form('g')$$, 'KG004', NULL,
	'with other fields it is another');
SELECT is(again('g', 'found') -> 'signed_in', 'false', 'which began nothing');
CREATE TABLE lost AS SELECT id FROM kg.sign_in WHERE hash = sha256('lost');
SELECT is(again('f', 'found') -> 'sign_in_id', to_jsonb(id),
	'and is handed what the first one began') FROM lost;
SELECT is(array[good('lost'), good('found')], '{f,t}', 'by a new secret, no other');
SELECT is(finish(1, 'form 1', 'found', NULL, jsonb_build_object('form_hash', hex('f')))
	-> 'sign_in_id', to_jsonb(id), 'also when both came to the end') FROM lost;
SELECT ok(good('found'), NULL);
SELECT later('59 seconds') \g /dev/null
SELECT is(again('f', 'later') -> 'signed_in', 'true', 'for a minute');
SELECT later('1 second') \g /dev/null
SELECT is(again('f', 'late') -> 'signed_in', 'false', 'and no longer');
SELECT ok(good('later'), 'which ends nothing');
SELECT start(1, 'form 2') \g /dev/null
SELECT finish(1, 'form 2', 'over', NULL, jsonb_build_object('form_hash', hex('h')))
\g /dev/null
SELECT is(count(*), 1::bigint, 'old forms go when there are new ones')
FROM kg.sign_in_form;
UPDATE kg.sign_in SET ended_at = kg.now(), ended_by = 'sign_out'
WHERE hash = sha256('over');
SELECT is(again('h', 'anew') -> 'signed_in', 'false', 'what has ended does not begin anew');

-- what is no start
SELECT is(start(1, 's', NULL, 'another') -> 'started', 'false',
	'a password that was changed meanwhile does not start');
SELECT is(ask('sign_in_start', '{"person_id": 99, "password_hash": "x",
	"start_hash": "00"}') -> 'started', 'false', 'nor does nobody');
UPDATE kg.account SET locked_at = now() WHERE person_id = 2;
SELECT is(start(2, 's') -> 'started', 'false', 'nor who is locked');
UPDATE kg.account SET locked_at = NULL, confirmed_at = NULL WHERE person_id = 2;
SELECT is(start(2, 's') -> 'started', 'false', 'nor who is only invited');
UPDATE kg.account SET confirmed_at = now() WHERE person_id = 2;
SELECT ask('sign_in_start', jsonb_build_object('person_id', 2, 'password_hash',
	'hash of 2', 'new_password_hash', 'dearer', 'start_hash', hex('dear')))
\g /dev/null
SELECT is((SELECT password_hash FROM kg.account WHERE person_id = 2), 'dearer',
	'an old hash is replaced');
SELECT is(code('dear') -> 'password_hash', '"dearer"', 'and the start knows the new one');

-- what ends it
SELECT start(2, 'late') \g /dev/null
SELECT later('9 minutes 59 seconds') \g /dev/null
SELECT lives_ok($$SELECT code('late')$$, 'a start is good until its end');
SELECT later('1 second') \g /dev/null
SELECT throws_ok($$SELECT code('late')$$, 'KG004', NULL, 'and not after it');
SELECT is(finish(2, 'late', 'bearer 4') -> 'signed_in', 'false', 'nor for the last step');
SELECT start(2, 'next') \g /dev/null
SELECT is(array_agg(hash), array[sha256('next')], 'the next one tidies up')
FROM kg.sign_in_start WHERE person_id = 2;
SELECT start(1, 'old') \g /dev/null
SELECT later('10 minutes') \g /dev/null
SELECT ok(kg.accounts_clean() >= 2, 'or the keeper does');
SELECT is(count(*), 0::bigint, 'all that are over') FROM kg.sign_in_start;

CREATE FUNCTION ends(statement text) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
	PERFORM start(2, 'ends ' || statement);
	IF NOT EXISTS (SELECT FROM kg.sign_in_start WHERE person_id = 2) THEN
		RETURN NULL;
	END IF;
	EXECUTE statement;
	RETURN NOT EXISTS (SELECT FROM kg.sign_in_start WHERE person_id = 2);
END
$$;
SELECT is(ends(statement), expected, statement)
FROM (VALUES
	('UPDATE kg.person SET role = ''auditor'' WHERE id = 2', true),
	('UPDATE kg.person SET office_id = 1 WHERE id = 2', true),
	('UPDATE kg.person SET mail = ''p3@example.org'' WHERE id = 2', true),
	('UPDATE kg.person SET name = ''P'' WHERE id = 2', false),
	('SELECT kg.sign_ins_end(2, ''password'')', true),
	('SELECT kg.sign_ins_end(1, ''password'')', false),
	('SELECT kg.account_role(NULL, ''x'', 2, NULL, ''planner'', NULL)', true),
	('SELECT kg.account_lock(NULL, ''x'', 2, NULL)', true))
	AS t (statement, expected);
UPDATE kg.account SET locked_at = NULL WHERE person_id = 2;
SELECT start(2, 'other') \g /dev/null
UPDATE kg.account SET password_hash = 'by hand' WHERE person_id = 2;
SELECT throws_ok($$SELECT code('other')$$, 'KG004', NULL,
	'another password ends it by any way');
UPDATE kg.account SET login = NULL WHERE person_id = 2;
SELECT start(2, 'no login') \g /dev/null
SELECT throws_ok($$SELECT code('no login')$$, 'KG004', NULL,
	'who has no address does not sign in');
UPDATE kg.account SET login = 'p3@example.org' WHERE person_id = 2;

-- ---- oneself ----

DELETE FROM kg.sign_in_start;
DELETE FROM kg.sign_in_try;
SELECT finish(2, NULL, 'this'), finish(2, NULL, 'that'), finish(1, NULL, 'others')
\g /dev/null
SELECT start(2, 'begun') \g /dev/null
SELECT is(ask('sign_ins_end_others', '{}', NULL, 'this') -> 'status', '204',
	'one ends all other sign-ins');
SELECT is(array[good('this'), good('that'), good('others')], '{t,f,t}',
	'but this one and those of others');
SELECT is((ended_by, why), ('revoked'::text, 'API: sign_ins_end_others'::text),
	'and says why')
FROM kg.sign_in s, kg.journal j
WHERE s.hash = sha256('that') AND j.object = 'sign_in' AND j.object_id = s.id::text
	AND j.action = 'update';
SELECT is(count(*), 0::bigint, 'what had begun goes with them') FROM kg.sign_in_start
WHERE person_id = 2;
INSERT INTO kg.api_token (person_id, hash, name, role, created_at)
SELECT 2, sha256('machine'), 'x', role, kg.now() FROM kg.person WHERE id = 2;
SELECT throws_ok($$SELECT ask('sign_ins_end_others', '{}', NULL, 'machine')$$, 'KG006',
	NULL, 'a token has no other sign-ins');
SELECT ok(good('this'), 'and ends none');

SELECT is(ask('password_change_begin', '{}', NULL, 'this'), jsonb_build_object(
		'status', 200, 'login', a.login, 'password_hash', a.password_hash),
	'a new password may be hashed, and compared with the old one')
FROM kg.account a WHERE a.person_id = 2;
SELECT finish(2, NULL, 'that 2') \g /dev/null
SELECT start(2, 'begun 2') \g /dev/null
CREATE TABLE before AS SELECT version, password_set_at FROM kg.account WHERE person_id = 2;
SELECT is(ask('password_change_finish', '{"password_hash": "new"}', NULL, 'this'),
	'{"status": 204}', 'and set');
SELECT is((a.password_hash, a.password_set_at >= b.password_set_at, a.version),
	('new'::text, true, b.version + 1), 'it is the account''s')
FROM kg.account a, before b WHERE person_id = 2;
SELECT is(array[good('this'), good('that 2'), good('machine')], '{t,f,t}',
	'all other sign-ins end, and no token');
SELECT is(ended_by, 'password', 'which the list tells') FROM kg.sign_in
WHERE hash = sha256('that 2');
SELECT is(count(*), 0::bigint, 'and what had begun') FROM kg.sign_in_start
WHERE person_id = 2;

INSERT INTO kg.recovery_code (person_id, hash) VALUES (2, sha256('old')),
	(1, sha256('of another'));
CREATE TABLE renewed AS SELECT ask('recovery_renew', '{}', NULL, 'this') AS answer;
SELECT is((count(DISTINCT c), bool_and(c ~ '^[a-z2-7]{4}(-[a-z2-7]{4}){3}$')),
	(10::bigint, true), 'ten new recovery codes are shown')
FROM renewed, jsonb_array_elements_text(answer -> 'recovery_codes') AS c;
SELECT is(array(SELECT hash FROM kg.recovery_code WHERE person_id = 2 ORDER BY 1),
	array(SELECT sha256(convert_to(replace(c, '-', ''), 'UTF8'))
		FROM renewed, jsonb_array_elements_text(answer -> 'recovery_codes') AS c
		ORDER BY 1), 'their hashes are kept, and the old ones are gone');
SELECT is(count(*), 1::bigint, 'but nobody else''s') FROM kg.recovery_code
WHERE person_id = 1;
SELECT is(count(*), 1::bigint, 'the journal tells') FROM kg.journal
WHERE object = 'account' AND object_id = '2' AND why = 'API: recovery_renew'
	AND after ? 'recovery_set_at';
SELECT ok(NOT EXISTS (SELECT FROM kg.journal j, renewed,
	jsonb_array_elements_text(answer -> 'recovery_codes') AS c
	WHERE strpos(j::text, c) > 0 OR strpos(j::text, replace(c, '-', '')) > 0),
	'but not the codes');
SELECT body FROM kg.api('recovery_renew', sha256('this'), '{}', NULL, 'key-0001',
	sha256('x')) \g /dev/null
SELECT is(body, '{"not_repeated": ["recovery_codes"]}', 'a kept answer has none')
FROM kg.idempotency WHERE route = 'recovery_renew';

CREATE TABLE own (route text, input jsonb);
INSERT INTO own VALUES ('password_change_begin', '{}'),
	('password_change_finish', '{"password_hash": "x"}'), ('recovery_renew', '{}');
SELECT throws_ok(format('SELECT ask(%L, %L, NULL, ''machine'')', route, input), 'KG403',
	NULL, route || ' is not for programs') FROM own;
SELECT later('10 minutes') \g /dev/null
SELECT throws_ok(format('SELECT ask(%L, %L, NULL, ''this'')', route, input), 'KG403',
	NULL, route || ' asks for password and code again') FROM own;
SELECT is((password_hash, (SELECT count(*) FROM kg.recovery_code c
	WHERE c.person_id = 2)), ('new'::text, 10::bigint), 'nothing was changed')
FROM kg.account WHERE person_id = 2;
SELECT ask('sign_in_again_finish', jsonb_build_object('person_id', 2, 'password_hash',
	'new', 'step', totp_last_step + 1), 'home', 'this') FROM kg.account
WHERE person_id = 2 \g /dev/null
SELECT lives_ok(format('SELECT ask(%L, %L, NULL, ''this'')', route, input),
	route || ' may be done then') FROM own;
INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at, last_seen_at)
VALUES (3, sha256('teacher'), 'teacher', kg.now(), kg.now(), kg.now());
SELECT throws_ok(format('SELECT ask(%L, %L, NULL, ''teacher'')', route, input), 'KG006',
	NULL, route || ' is for accounts') FROM own;

-- ---- once more, in a session ----

DELETE FROM kg.sign_in_try;
SELECT is(array_agg((ask('sign_in_again_begin', '{}', 'home', 'this')
	->> 'wait_s')::int), '{0,1}', 'once more counts as well')
FROM generate_series(1, 2);
SELECT is((tried(address('home'))).failures, 1, 'for the address too');
SELECT ask('sign_in_again_finish', jsonb_build_object('person_id', 2, 'password_hash',
	'x', 'step', totp_last_step + 1), 'home', 'this') FROM kg.account
WHERE person_id = 2 \g /dev/null
SELECT is(count(*), 0::bigint, 'and is taken back when it goes well')
FROM kg.sign_in_try;

-- ---- links by mail: whoever has no staff role ----

UPDATE kg.clock SET shift = '0';
SELECT is(kg.role_is_staff(role), role NOT IN ('teacher', 'councillor', 'secretary'),
	role || ' is staff or not')
FROM unnest(array['teacher', 'councillor', 'secretary', 'coordinator', 'planner',
	'admin', 'auditor']) AS role;
SELECT is(count(DISTINCT kg.role_in_danish(role)), 7::bigint,
	'each role has a name of its own')
FROM unnest(array['teacher', 'councillor', 'secretary', 'coordinator', 'planner',
	'admin', 'auditor']) AS role;
CREATE TABLE council AS
SELECT role, (kg.person_add(NULL, 'x', role, role || '@example.org', NULL, role, NULL,
	municipality)).object_id::int AS person_id
FROM (VALUES ('secretary', '0751'), ('councillor', NULL)) AS t (role, municipality);
SELECT is(municipality, CASE role WHEN 'secretary' THEN '0751' END, 'a ' || role)
FROM kg.person JOIN council USING (role);
SELECT throws_ok(format('SELECT kg.person_add(NULL, ''x'', ''X'', NULL, NULL, %L, NULL,
	%L)', role, municipality), state, NULL, format('no %s of %s', role, municipality))
FROM (VALUES ('secretary', NULL, 'KG005'), ('secretary', '', 'KG005'),
	('secretary', '9999', 'KG004'), ('councillor', '9999', 'KG004'),
	('teacher', '0751', 'KG005'), ('planner', '0751', 'KG005'),
	('mayor', NULL, 'KG005')) AS t (role, municipality, state);
SELECT ask('mail_link_send', jsonb_build_object('mail', role || '@example.org'))
FROM council \g /dev/null
CREATE FUNCTION link(person int) RETURNS text LANGUAGE sql AS $$
	SELECT facts ->> 'token' FROM kg.outbox
	WHERE kind = 'mail_link' AND person_id = person ORDER BY id DESC LIMIT 1
$$;
CREATE TABLE linked AS
SELECT role, person_id, ask('mail_link_use', jsonb_build_object('token',
	link(person_id), 'token_hash', hex('cookie of ' || role), 'client', 'Lynx'),
	'home') AS answer
FROM council;
SELECT is((answer -> 'role', answer -> 'signed_in', answer ? 'token'),
	(to_jsonb(role), 'true'::jsonb, false),
	format('a %s signs in; who has the secret is told none', role)) FROM linked;
SELECT is((s.person_id, s.client), (l.person_id, 'Lynx'::text), 'it is found by the hash')
FROM linked l JOIN kg.sign_in s ON s.hash = sha256(convert_to('cookie of '
	|| l.role, 'UTF8'));
SELECT is(ask('me', '{}', NULL, 'cookie of ' || role) -> 'municipality',
	coalesce(to_jsonb(municipality), 'null'), role || ' sees the own municipality')
FROM linked JOIN kg.person USING (role);
SELECT is(count(*), 0::bigint, role || ' may do nothing of the staff''s')
FROM linked LEFT JOIN kg.permission USING (role) WHERE verb IS NOT NULL GROUP BY role;
SELECT throws_ok(format('SELECT ask(%L, ''{}'', NULL, %L)', r.name, 'cookie of ' || role),
	'KG001', NULL, format('%s is not for a %s', r.name, role))
FROM linked, kg.api_route r WHERE r.verb <> 'self';
SELECT throws_ok(format('SELECT ask(''api_token_create'', %L, NULL, %L)',
	jsonb_strip_nulls(jsonb_build_object('name', 'x', 'role', wish)),
	'cookie of ' || role), 'KG005', NULL, format('a %s makes no token of %s', role, wish))
FROM linked, unnest(array[NULL, 'auditor', 'coordinator']) AS wish;
UPDATE kg.person SET municipality = '0751' WHERE role = 'councillor';
SELECT ok(NOT good('cookie of councillor') AND good('cookie of secretary'),
	'another municipality ends the sign-ins');
SELECT is(ended_by, 'role', 'as another role does') FROM kg.sign_in
WHERE hash = sha256('cookie of councillor');
SELECT (kg.account_invite(NULL, 'x', person_id, NULL, NULL, 'planner', NULL,
	sha256('i'), NULL)).changed FROM council WHERE role = 'secretary' \g /dev/null
SELECT is((p.role, p.municipality), ('planner'::text, NULL::text),
	'who becomes staff is of no municipality')
FROM kg.person p JOIN council c ON c.person_id = p.id WHERE c.role = 'secretary';
SELECT throws_ok(format('SELECT kg.account_invite(NULL, ''x'', %s, NULL, NULL, NULL,
	NULL, sha256(''j''), NULL)', person_id), 'KG005', NULL,
	'and has a role of the staff''s') FROM council WHERE role = 'councillor';
SELECT * FROM finish();
