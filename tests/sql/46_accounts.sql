-- Accounts: invitations, sign-ins, API tokens, and whose a bearer token is.
UPDATE kg.person SET mail = CASE id WHEN 4 THEN 'admin@example.org'
	ELSE 'revisor@example.org' END WHERE id IN (4, 5);

CREATE FUNCTION hex(secret text) RETURNS text LANGUAGE sql AS $$
	SELECT encode(sha256(convert_to(secret, 'UTF8')), 'hex')
$$;
CREATE FUNCTION later(by interval) RETURNS void LANGUAGE sql AS $$
	UPDATE kg.clock SET shift = shift + by
$$;
-- One handler, as the daemon calls it.
CREATE FUNCTION ask(route text, input jsonb, bearer text DEFAULT NULL,
	version int DEFAULT NULL, key text DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
	SELECT coalesce(body, '{}') || jsonb_build_object('status', status)
	FROM kg.api(route, sha256(convert_to(bearer, 'UTF8')), input, version, key,
		sha256(convert_to(input::text, 'UTF8')))
$$;
-- Invited, accepted, confirmed; the password's hash is its name.
CREATE FUNCTION confirm(person int, role text, office text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	token text := 'invitation of ' || person || clock_timestamp();
BEGIN
	PERFORM kg.account_invite(NULL, 'x', person, NULL, NULL, role, office,
		sha256(convert_to(token, 'UTF8')), NULL);
	PERFORM ask('invitation_set', jsonb_build_object('token_hash', hex(token),
		'password_hash', 'hash of ' || person, 'totp_secret',
		repeat('ab', 20)));
	PERFORM ask('invitation_finish', jsonb_build_object('token_hash', hex(token),
		'totp_secret', repeat('ab', 20), 'step', 1, 'recovery_hashes',
		(SELECT jsonb_agg(hex(person || ' code ' || n))
			FROM generate_series(1, 10) n)));
END
$$;
-- Signs in; the step after the last one.
CREATE FUNCTION sign_in(person int, bearer text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('sign_in_finish', jsonb_build_object('person_id', a.person_id,
		'password_hash', a.password_hash, 'step', a.totp_last_step + 1,
		'token_hash', hex(bearer), 'client', E'Fire\nfox'))
	FROM kg.account a WHERE a.person_id = person
$$;
CREATE FUNCTION good(bearer text) RETURNS bool LANGUAGE sql AS $$
	SELECT (kg.api_find_actor(sha256(convert_to(bearer, 'UTF8')))).person_id
		IS NOT NULL
$$;
CREATE FUNCTION seen(bearer text) RETURNS void LANGUAGE sql AS $$
	SELECT kg.api_seen(kg.api_find_actor(sha256(convert_to(bearer, 'UTF8'))))
$$;

-- every constraint of the tables
SELECT throws_ok(statement, '23514', NULL, statement)
FROM (VALUES
	('INSERT INTO kg.account (person_id, login) VALUES (1, ''A@example.org'')'),
	('INSERT INTO kg.account (person_id, totp_secret) VALUES (1, ''x'')'),
	('INSERT INTO kg.account (person_id, confirmed_at) VALUES (1, now())'),
	('INSERT INTO kg.recovery_code (person_id, hash) VALUES (1, ''x'')'),
	('INSERT INTO kg.invitation (person_id, hash, created_at, expires_at)
		VALUES (1, ''x'', now(), now())'),
	('INSERT INTO kg.invitation (person_id, hash, created_at, expires_at,
		totp_secret) VALUES (1, sha256(''x''), now(), now(), ''x'')'),
	('INSERT INTO kg.invitation (person_id, hash, created_at, expires_at, ended_at,
		ended_by) VALUES (1, sha256(''x''), now(), now(), now(), ''x'')'),
	('INSERT INTO kg.invitation (person_id, hash, created_at, expires_at, ended_at)
		VALUES (1, sha256(''x''), now(), now(), now())'),
	('INSERT INTO kg.invitation (person_id, hash, created_at, expires_at, ended_at,
		ended_by, password_hash)
		VALUES (1, sha256(''x''), now(), now(), now(), ''used'', ''x'')'),
	('INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at,
		last_seen_at) VALUES (1, ''x'', ''x'', now(), now(), now())'),
	('INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at,
		last_seen_at, client)
		VALUES (1, sha256(''x''), ''x'', now(), now(), now(), repeat(''x'', 101))'),
	('INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at,
		last_seen_at, ended_at, ended_by)
		VALUES (1, sha256(''x''), ''x'', now(), now(), now(), now(), ''x'')'),
	('INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at,
		last_seen_at, ended_at)
		VALUES (1, sha256(''x''), ''x'', now(), now(), now(), now())'),
	('INSERT INTO kg.api_token (person_id, hash, name, role, created_at)
		VALUES (1, ''x'', ''x'', ''planner'', now())'),
	('INSERT INTO kg.api_token (person_id, hash, name, role, created_at)
		VALUES (1, sha256(''x''), ''x'', ''teacher'', now())'),
	('INSERT INTO kg.api_token (person_id, hash, name, role, created_at)
		VALUES (1, sha256(''x''), ''x'', ''coordinator'', now())'),
	('INSERT INTO kg.sign_in_try VALUES (''x'', 1, now())'),
	('INSERT INTO kg.sign_in_try VALUES (sha256(''x''), 0, now())')
) AS t (statement);

-- nobody reads them
SELECT is(array_agg(c.relname::text), NULL, 'the daemon reads no table of accounts')
FROM pg_class c WHERE c.relnamespace = 'kg'::regnamespace AND c.relkind = 'r'
	AND c.relname IN ('account', 'recovery_code', 'invitation', 'sign_in',
		'api_token', 'sign_in_try')
	AND has_any_column_privilege('kattegat', c.oid, 'SELECT');

-- secrets of our own
SELECT ok(bool_and(kg.secret_new() ~ '^[a-z2-7]{25}[aeimquy4]$'),
	'a secret is base32 of 16 bytes') FROM generate_series(1, 100);
SELECT is(count(DISTINCT kg.secret_new()), 100::bigint, 'none comes twice')
FROM generate_series(1, 100);
SELECT is(kg.secret_hash('hemmelig'), sha256('hemmelig'), 'its hash is of its letters');

-- invitations
SELECT is((kg.account_invite(NULL, 'ny', NULL, 'Ny', 'Ny@Example.org', 'coordinator',
	'AAR', sha256('one'), NULL)).object_id, '8', 'somebody new is invited');
SELECT is((p.role, p.office_id, a.login::text, a.confirmed_at),
	('coordinator'::text, 1, 'ny@example.org'::text, NULL::timestamptz),
	'with a role, an office and a login in lower case')
FROM kg.account a JOIN kg.person p ON p.id = a.person_id WHERE p.id = 8;
SELECT is(expires_at - created_at, interval '72 hours', 'for three days')
FROM kg.invitation WHERE hash = sha256('one');
SELECT throws_ok($$SELECT kg.account_invite(NULL, 'x', NULL, 'X', 'x@example.org',
	'coordinator', NULL, sha256('x'), NULL)$$, 'KG005', 'a coordinator has an office',
	'a coordinator has an office');
SELECT throws_ok($$SELECT kg.account_invite(NULL, 'x', NULL, 'X', 'x@example.org',
	'teacher', NULL, sha256('x'), NULL)$$, 'KG005', NULL, 'teachers have links instead');
SELECT throws_ok($$SELECT kg.account_invite(NULL, 'x', NULL, 'X', NULL, 'planner',
	NULL, sha256('x'), NULL)$$, 'KG005', 'who signs in has a mail address',
	'who signs in has a mail address');
SELECT throws_ok($$SELECT kg.account_invite(NULL, 'x', 99, NULL, NULL, 'planner',
	NULL, sha256('x'), NULL)$$, 'KG004', 'there is no person 99', 'nobody is not invited');
SELECT throws_ok($$SELECT kg.account_invite(NULL, 'x', NULL, 'Ny', 'ny@example.org',
	'planner', NULL, sha256('x'), NULL)$$, 'KG006',
	'account 8 is there already, with another role or office',
	'an invitation is no other role');
SELECT throws_ok($$SELECT kg.account_invite(NULL, 'x', NULL, 'Ny', 'ny@example.org',
	'coordinator', 'KBH', sha256('x'), NULL)$$, 'KG006', NULL, 'nor another office');
SELECT throws_ok($$SELECT kg.account_invite(NULL, 'x', NULL, 'Anden',
	'ny@example.org', 'coordinator', 'AAR', sha256('x'), NULL)$$, 'KG006',
	'person 8 has this mail address and another name', 'nor another name');
SELECT is((kg.account_invite(NULL, 'igen', NULL, 'Ny', 'NY@example.org', 'coordinator',
	'AAR', sha256('two'), 1)).object_id, '8', 'the same address is the same person');
SELECT is((p.role, p.office_id), ('coordinator'::text, 1), 'with the role it had')
FROM kg.person p WHERE p.id = 8;
SELECT kg.account_role(NULL, 'x', 8, NULL, 'planner', NULL) \g /dev/null
SELECT is((ended_by, ended_at IS NULL), ('replaced'::text, false),
	'the older invitation is no longer good')
FROM kg.invitation WHERE hash = sha256('one');
SELECT throws_ok($$SELECT ask('invitation_begin',
	jsonb_build_object('token_hash', hex('one')))$$, 'KG004', NULL, 'nor accepted');
SELECT is(ask('invitation_begin', jsonb_build_object('token_hash', hex('two')))
	- 'now', '{"name": "Ny", "mail": "NY@example.org", "status": 200,
	"wait_s": 0, "totp_secret": null}'::jsonb, 'the newer one is');
SELECT throws_ok($$SELECT ask('invitation_begin',
	jsonb_build_object('token_hash', hex('three')))$$, 'KG004', NULL,
	'an unknown one is not');
SELECT later('59 minutes 59 seconds') \g /dev/null
SELECT lives_ok($$SELECT ask('invitation_set', jsonb_build_object('token_hash',
	hex('two'), 'password_hash', 'p', 'totp_secret', repeat('ab', 20)))$$,
	'it is good until its end');
SELECT later('1 second') \g /dev/null
SELECT throws_ok($$SELECT ask('invitation_set', jsonb_build_object('token_hash',
	hex('two'), 'password_hash', 'p', 'totp_secret', repeat('ab', 20)))$$, 'KG004',
	NULL, 'and not after it');
SELECT later('-1 hour') \g /dev/null
SELECT throws_ok($$SELECT ask('invitation_finish', jsonb_build_object('token_hash',
	hex('two'), 'totp_secret', repeat('cd', 20), 'step', 1, 'recovery_hashes',
	jsonb_build_array(hex('r'))))$$, 'KG006', NULL,
	'a code of an older secret confirms nothing');
SELECT is(ask('invitation_finish', jsonb_build_object('token_hash', hex('two'),
	'totp_secret', repeat('ab', 20), 'step', 7, 'recovery_hashes',
	jsonb_build_array(hex('r1'), hex('r2')))), '{"status": 200, "confirmed": true}',
	'the first code confirms');
SELECT is((password_hash, encode(totp_secret, 'hex'), totp_last_step,
	confirmed_at IS NOT NULL), ('p'::text, repeat('ab', 20), 7::bigint, true),
	'password and authenticator are the account''s')
FROM kg.account WHERE person_id = 8;
SELECT is((ended_by, password_hash, totp_secret), ('used'::text, NULL::text, NULL::bytea),
	'the invitation is used up and keeps no secret')
FROM kg.invitation WHERE hash = sha256('two');
SELECT throws_ok($$SELECT ask('invitation_begin',
	jsonb_build_object('token_hash', hex('two')))$$, 'KG004', NULL, 'it works once');
SELECT throws_ok($$UPDATE kg.person SET mail = 'ny@example.org' WHERE id = 8;
	SELECT kg.account_invite(NULL, 'x', 2, NULL, 'NY@example.org', 'planner', NULL,
	sha256('x'), NULL)$$, 'KG007', 'another account has this mail address',
	'two accounts never have one address');
SELECT confirm(2, 'planner'), confirm(4, 'admin'), confirm(1, 'coordinator', 'AAR'),
	confirm(5, 'auditor') \g /dev/null
SELECT throws_ok($$UPDATE kg.person SET mail = 'NY@example.org' WHERE id = 2$$,
	'KG007', NULL, 'nor later');
UPDATE kg.person SET mail = 'P2@example.org' WHERE id = 2;
SELECT is(login::text, 'p2@example.org', 'the login follows the mail address')
FROM kg.account WHERE person_id = 2;

-- an attempt
SELECT is(ask('sign_in_begin', '{"mail": " P2@Example.org"}')
	- 'now', jsonb_build_object('wait_s', 0, 'person_id', 2, 'password_hash',
	'hash of 2', 'totp_secret', repeat('ab', 20), 'totp_last_step', 1, 'status', 200),
	'an attempt is told what to check');
SELECT is(ask('sign_in_begin', '{"mail": "ingen@example.org"}')
	- 'now', '{"wait_s": 0, "status": 200}', 'of nobody, nothing');
SELECT is(ask('sign_in_begin', '{"mail": "p2@example.org"}') - 'now',
	'{"wait_s": 1, "soon": true, "status": 200}', 'the next one has to wait');
SELECT is(ask('sign_in_begin', '{"mail": "INGEN@example.org"}') - 'now',
	'{"wait_s": 1, "soon": true, "status": 200}', 'also of nobody');
CREATE FUNCTION waits() RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE
	list int[];
	wait int;
BEGIN
	FOR n IN 1..9 LOOP
		wait := ask('sign_in_begin', '{"mail": "p2@example.org"}') -> 'wait_s';
		list := list || wait;
		PERFORM later(wait * interval '1 second');
		PERFORM ask('sign_in_begin', '{"mail": "p2@example.org"}');
	END LOOP;
	RETURN list;
END
$$;
SELECT is(waits(), '{1,2,4,8,16,32,60,60,60}', 'longer each time, a minute at most');
SELECT later('59 minutes') \g /dev/null
SELECT is(failures, 10, 'it is remembered') FROM kg.sign_in_try
WHERE login_hash = sha256('p2@example.org');
SELECT later('3 minutes') \g /dev/null
SELECT is(ask('sign_in_begin', '{"mail": "a@example.org"}') -> 'wait_s', '0', NULL);
SELECT is(count(*), 0::bigint, 'for an hour') FROM kg.sign_in_try
WHERE login_hash = sha256('p2@example.org');
UPDATE kg.clock SET shift = '0';

-- a sign-in
CREATE TABLE first AS SELECT sign_in(2, 'bearer 1') AS answer;
SELECT is(answer - 'ends_at' - 'sign_in_id', '{"name": "Planlægger", "role": "planner",
	"office": null, "status": 201, "person_id": 2, "signed_in": true,
	"recovery_codes": 10}', 'who signs in is told who he is') FROM first;
SELECT is((me.person_id, me.role, me.office_id, me.sign_in_id, me.api_token_id),
	(2, 'planner'::text, NULL::int, (answer ->> 'sign_in_id')::int, NULL::int),
	'and found by the token')
FROM kg.api_find_actor(sha256('bearer 1')) AS me, first;
SELECT is((client, by_recovery), ('Firefox'::text, false), 'what called is cleaned')
FROM kg.sign_in WHERE hash = sha256('bearer 1');
SELECT ok(NOT good('bearer 2'), 'another token is nobody''s');
SELECT is(kg.api_find_actor(NULL), NULL::kg.actor, 'no token is nobody''s');
SELECT is(ask('sign_in_finish', jsonb_build_object('person_id', 2, 'password_hash',
	'hash of 2', 'step', 2, 'token_hash', hex('bearer 3'))),
	'{"status": 200, "signed_in": false}', 'a code works once');
SELECT is(ask('sign_in_finish', jsonb_build_object('person_id', 2, 'password_hash',
	'another', 'step', 3, 'token_hash', hex('bearer 3'))),
	'{"status": 200, "signed_in": false}', 'a password changed meanwhile does not');
SELECT is(ask('sign_in_finish', jsonb_build_object('person_id', 99, 'password_hash',
	'another', 'step', 3, 'token_hash', hex('bearer 3'))),
	'{"status": 200, "signed_in": false}', 'nobody does not');
SELECT ok(NOT good('bearer 3'), 'and no token is made');
SELECT is(ask('sign_in_finish', jsonb_build_object('person_id', 2, 'password_hash',
	'hash of 2', 'recovery_hash', hex('2 code 3'), 'token_hash', hex('bearer 3')))
	-> 'recovery_codes', '9', 'a recovery code works');
SELECT is(ask('sign_in_finish', jsonb_build_object('person_id', 2, 'password_hash',
	'hash of 2', 'recovery_hash', hex('2 code 3'), 'token_hash', hex('bearer 4')))
	-> 'signed_in', 'false', 'once');
SELECT is(ask('sign_in_finish', jsonb_build_object('person_id', 2, 'password_hash',
	'hash of 2', 'recovery_hash', hex('1 code 3'), 'token_hash', hex('bearer 4')))
	-> 'signed_in', 'false', 'the own ones only');
SELECT is(ask('sign_in_finish', jsonb_build_object('person_id', 2, 'password_hash',
	'hash of 2', 'new_password_hash', 'dearer', 'step', 9, 'token_hash',
	hex('bearer 4'))) -> 'signed_in', 'true', NULL);
SELECT is(password_hash, 'dearer', 'an old hash is replaced')
FROM kg.account WHERE person_id = 2;
SELECT ask('sign_in_begin', '{"mail": "p2@example.org"}') \g /dev/null
SELECT sign_in(2, 'bearer 5') \g /dev/null
SELECT is(count(*), 0::bigint, 'success ends the back-off') FROM kg.sign_in_try
WHERE login_hash = sha256('p2@example.org');

-- how long it lasts
SELECT sign_in(2, 'idle') \g /dev/null
SELECT later('7:59:59') \g /dev/null
SELECT ok(good('idle'), 'a session may be idle for eight hours');
SELECT seen('idle') \g /dev/null
SELECT later('3:59:00') \g /dev/null
SELECT ok(good('idle'), 'being seen makes it last');
SELECT later('00:01:01') \g /dev/null
SELECT ok(NOT good('idle'), 'but never longer than twelve');
UPDATE kg.clock SET shift = '0';
SELECT sign_in(2, 'idle 2') \g /dev/null
SELECT later('8 hours') \g /dev/null
SELECT ok(NOT good('idle 2'), 'after eight idle hours it has ended');
UPDATE kg.clock SET shift = '0';
SELECT sign_in(4, 'admin') \g /dev/null
UPDATE kg.clock SET shift = '00:29:59';
SELECT ok(good('admin'), 'an admin''s may be idle');
SELECT seen('admin') \g /dev/null
UPDATE kg.clock SET shift = '00:59:58';
SELECT ok(good('admin'), 'and goes on when it is seen');
UPDATE kg.clock SET shift = '01:30:00';
SELECT ok(NOT good('admin'), 'for half an hour');
UPDATE kg.clock SET shift = '0';
SELECT sign_in(2, 'seen') \g /dev/null
UPDATE kg.clock SET shift = '00:00:59';
SELECT seen('seen') \g /dev/null
SELECT ok(last_seen_at = created_at, 'being seen is written')
FROM kg.sign_in WHERE hash = sha256('seen');
UPDATE kg.clock SET shift = '00:01:01';
SELECT seen('seen') \g /dev/null
SELECT ok(last_seen_at > created_at, 'once a minute')
FROM kg.sign_in WHERE hash = sha256('seen');
UPDATE kg.clock SET shift = '00:05:00';
SELECT dblink_connect('other', :'dsn') \g /dev/null
SELECT dblink_exec('other', 'BEGIN') \g /dev/null
SELECT dblink_exec('other', $$UPDATE kg.sign_in SET last_seen_at = last_seen_at
	WHERE hash = sha256('seen')$$) \g /dev/null
SET lock_timeout = '2s';
SELECT lives_ok($$SELECT seen('seen')$$, 'a session in use elsewhere is not waited for');
RESET lock_timeout;
SELECT dblink_disconnect('other') \g /dev/null
UPDATE kg.clock SET shift = '0';

-- confirmed again
SELECT sign_in(4, 'admin 2') \g /dev/null
CREATE FUNCTION wish(mail text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('name', 'X', 'mail', mail, 'role', 'planner')
$$;
SELECT is(ask('account_invite', wish('w1@example.org'), 'admin 2') -> 'status', '201',
	'who has just signed in changes accounts');
UPDATE kg.clock SET shift = '00:10:00';
SELECT throws_ok($$SELECT ask('account_invite', wish('w2@example.org'), 'admin 2')$$,
	'KG403', NULL, 'not after ten minutes');
SELECT throws_ok($$SELECT ask('api_token_create', '{"name": "x"}', 'admin 2')$$,
	'KG403', NULL, 'nor makes tokens');
SELECT is(ask('sign_in_again_begin', '{}', 'admin 2') -> 'person_id', '4',
	'password and code again');
SELECT is(ask('sign_in_again_begin', '{}', 'admin 2') -> 'wait_s', '1',
	'have a back-off too');
SELECT is(ask('sign_in_again_finish', jsonb_build_object('person_id', 2,
	'password_hash', 'dearer', 'step', 99), 'admin 2') -> 'signed_in', 'false',
	'another''s do not count');
SELECT is(ask('sign_in_again_finish', jsonb_build_object('person_id', 4,
	'password_hash', 'hash of 4', 'step', 99), 'admin 2') -> 'signed_in', 'true',
	'the own ones do');
SELECT is(ask('account_invite', wish('w2@example.org'), 'admin 2') -> 'status', '201',
	'and accounts may be changed again');
SELECT is(ask('sign_ins_list', '{}', 'admin 2') #> '{items,0,current}', 'true',
	'in the same session');
UPDATE kg.clock SET shift = '0';

-- accepted twice over
SELECT kg.account_invite(NULL, 'x', 5, NULL, NULL, NULL, NULL, sha256('i 5'), NULL)
\g /dev/null
SELECT ask('invitation_set', jsonb_build_object('token_hash', hex('i 5'),
	'password_hash', 'p', 'totp_secret', repeat('ab', 20))) \g /dev/null
SELECT lives_ok($$SELECT kg.account_invite(NULL, 'x', 5, NULL, NULL, NULL, NULL,
	sha256('i 6'), NULL)$$, 'an accepted invitation is replaced');
SELECT is((password_hash, totp_secret), (NULL::text, NULL::bytea),
	'and keeps no secret') FROM kg.invitation WHERE hash = sha256('i 5');

-- secrets that are shown once
SELECT sign_in(4, 'admin 3') \g /dev/null
CREATE TABLE shown AS SELECT ask('api_token_create', '{"name": "x"}', 'admin 3', NULL,
	'key-0001') AS answer;
SELECT ok(answer ->> 'token' ~ '^[a-z2-7]{26}$', 'an API token is shown') FROM shown;
SELECT is(ask('api_token_create', '{"name": "x"}', 'admin 3', NULL, 'key-0001'),
	answer - 'token' || '{"not_repeated": ["token"]}', 'once') FROM shown;
SELECT ok(good(answer ->> 'token'), 'and good') FROM shown;
CREATE TABLE invited AS SELECT ask('account_invite', wish('w3@example.org'), 'admin 3')
	AS answer;
SELECT is(m.facts ->> 'token' ~ '^[a-z2-7]{26}$' AND i.hash
	= kg.secret_hash(m.facts ->> 'token'), true, 'an invitation goes by mail')
FROM invited, kg.outbox m JOIN kg.invitation i USING (person_id)
WHERE m.person_id = (answer ->> 'id')::int AND i.ended_at IS NULL;
SELECT ok(strpos(answer::text, facts ->> 'token') = 0, 'and is not shown to the admin')
FROM invited, kg.outbox m WHERE m.person_id = (answer ->> 'id')::int;

-- oneself
SELECT throws_ok(format('SELECT kg.%s', call), 'KG006', 'nobody changes the own account',
	call)
FROM (VALUES ('account_role(4, ''x'', 4, NULL, ''planner'', NULL)'),
	('account_lock(4, ''x'', 4, NULL)'), ('account_unlock(4, ''x'', 4, NULL)'),
	('account_invite(4, ''x'', 4, NULL, NULL, NULL, NULL, sha256(''x''), NULL)'),
	('account_invite(4, ''x'', NULL, ''X'', ''ADMIN@example.org'', ''planner'', NULL,
		sha256(''x''), NULL)')) AS t (call);

-- roles
SELECT sign_in(1, 'coordinator') \g /dev/null
SELECT kg.api_token_create(NULL, 'x', 1, sha256('machine'), 'x', NULL, NULL, NULL)
\g /dev/null
SELECT ok(good('coordinator') AND good('machine'), 'signed in');
SELECT ok(NOT (kg.account_role(NULL, 'x', 1, NULL, 'coordinator', 'AAR')).changed,
	'the same role is no change');
SELECT ok(good('coordinator') AND good('machine'), 'and ends nothing');
SELECT throws_ok($$SELECT kg.account_role(NULL, 'x', 1, 99, 'planner', NULL)$$, 'KG003',
	NULL, 'the version is asked for');
SELECT throws_ok($$SELECT kg.account_role(NULL, 'x', 3, NULL, 'planner', NULL)$$, 'KG004',
	NULL, 'who has no account has no role to change');
CREATE TABLE versions AS SELECT version FROM kg.account WHERE person_id = 1;
SELECT is(((w).changed, (w).object, (w).object_id, (w).version),
	(true, 'account'::text, '1'::text, v.version + 1), 'another office is one')
FROM versions v, kg.account_role(NULL, 'x', 1, v.version, 'coordinator', 'KBH') AS w;
SELECT ok(NOT good('coordinator') AND NOT good('machine'),
	'it ends sessions and tokens');
SELECT is(ended_by, 'role', 'and says why') FROM kg.sign_in
WHERE hash = sha256('coordinator');
UPDATE kg.person SET role = 'planner' WHERE id = 5;
SELECT sign_in(5, 'auditor') \g /dev/null
UPDATE kg.person SET role = 'auditor' WHERE id = 5;
SELECT ok(NOT good('auditor'), 'so does a change by other ways');
ALTER TABLE kg.person DISABLE TRIGGER d_account;
SELECT sign_in(5, 'auditor 2') \g /dev/null
UPDATE kg.person SET role = 'planner' WHERE id = 5;
SELECT ok(NOT good('auditor 2'), 'and by ways that end nothing');
UPDATE kg.person SET role = 'auditor' WHERE id = 5;
ALTER TABLE kg.person ENABLE TRIGGER d_account;
UPDATE kg.account SET locked_at = now() WHERE person_id = 5;
SELECT ok(NOT good('auditor 2'), 'a lock by other ways holds too');
UPDATE kg.account SET locked_at = NULL WHERE person_id = 5;
SELECT ok(good('auditor 2'), 'as long as it is there');

-- locked
SELECT sign_in(1, 'locked') \g /dev/null
SELECT kg.api_token_create(NULL, 'x', 1, sha256('machine 2'), 'x', NULL, NULL, NULL)
\g /dev/null
SELECT kg.account_invite(NULL, 'x', 1, NULL, NULL, NULL, NULL, sha256('i 1'), NULL)
\g /dev/null
SELECT ok((kg.account_lock(NULL, 'x', 1, NULL)).changed, 'an account is locked');
SELECT ok(NOT (kg.account_lock(NULL, 'x', 1, NULL)).changed, 'once');
SELECT ok(NOT good('locked') AND NOT good('machine 2'), 'nothing of it is good');
SELECT is(ended_by, 'locked', 'nor the invitation') FROM kg.invitation
WHERE hash = sha256('i 1');
SELECT is(ask('sign_in_begin', '{"mail": "a@example.org"}') - 'now' - 'wait_s',
	'{"status": 200}', 'nor is it told what to check');
SELECT is(sign_in(1, 'locked 2') -> 'signed_in', 'false', 'nobody signs in');
SELECT throws_ok($$SELECT kg.account_invite(NULL, 'x', 1, NULL, NULL, NULL, NULL,
	sha256('i 2'), NULL)$$, 'KG006', 'account 1 is locked', 'nor is invited');
SELECT ok((kg.account_unlock(NULL, 'x', 1, NULL)).changed, 'until it is unlocked');
SELECT ok(good('machine 2') AND NOT good('locked'),
	'tokens are good again, sessions are not');

-- API tokens
SELECT throws_ok(format('SELECT kg.api_token_create(NULL, ''x'', %s, sha256(%L), ''x'',
	%L, %L, NULL)', person, person || coalesce(role, '') || coalesce(office, ''), role,
	office), 'KG005', NULL, format('person %s makes no token of %s, %s', person, role,
	office))
FROM (VALUES (2, 'admin', NULL), (1, 'planner', NULL), (1, 'coordinator', 'AAR'),
	(1, 'auditor', 'AAR'), (2, 'coordinator', NULL), (5, 'planner', NULL),
	(4, 'planner', NULL), (3, NULL, NULL), (3, 'auditor', NULL),
	(2, 'teacher', NULL)) AS t (person, role, office);
SELECT lives_ok(format('SELECT kg.api_token_create(NULL, ''x'', %s, sha256(%L), ''x'',
	%L, %L, NULL)', person, person || coalesce(role, '') || coalesce(office, ''), role,
	office), format('person %s makes a token of %s, %s', person, role, office))
FROM (VALUES (2, NULL, NULL), (2, 'coordinator', 'AAR'), (2, 'auditor', NULL),
	(1, NULL, NULL), (1, 'auditor', 'KBH'), (4, 'admin', NULL), (5, NULL, NULL))
	AS t (person, role, office);
SELECT is((me.role, me.office_id), ('coordinator'::text, 1), 'it has the narrower role')
FROM kg.api_find_actor(sha256('2coordinatorAAR')) AS me;
SELECT throws_ok($$SELECT kg.api_token_create(NULL, 'x', 99, sha256('x'), 'x', NULL,
	NULL, NULL)$$, 'KG004', NULL, 'nobody has no token');
SELECT throws_ok($$SELECT kg.api_token_create(NULL, 'x', 2, sha256('x'), '', NULL,
	NULL, NULL)$$, 'KG005', NULL, 'a token has a name');
SELECT kg.api_token_create(NULL, 'x', 2, sha256('ends'), 'x', NULL, NULL,
	(now() AT TIME ZONE 'Europe/Copenhagen')::date + 1) \g /dev/null
SELECT is(expires_at AT TIME ZONE 'Europe/Copenhagen',
	(now() AT TIME ZONE 'Europe/Copenhagen')::date + 2::int + time '00:00',
	'it is good to the end of its last day')
FROM kg.api_token WHERE hash = sha256('ends');
UPDATE kg.clock c SET shift = t.expires_at - now() - interval '1 second'
FROM kg.api_token t WHERE t.hash = sha256('ends');
SELECT ok(good('ends'), 'until then');
SELECT later('2 seconds') \g /dev/null
SELECT ok(NOT good('ends'), 'and no longer');
UPDATE kg.clock SET shift = '0';
CREATE TABLE used AS SELECT version, (SELECT count(*) FROM kg.journal) AS n
FROM kg.api_token WHERE hash = sha256('2');
SELECT seen('2') \g /dev/null
SELECT is((t.last_used_at IS NOT NULL, t.version, (SELECT count(*) FROM kg.journal)),
	(true, u.version, u.n), 'its last use is written, without version and journal')
FROM kg.api_token t, used u WHERE t.hash = sha256('2');
SELECT later('59 seconds') \g /dev/null
SELECT seen('2') \g /dev/null
SELECT ok(last_used_at < kg.now() - interval '50 seconds', 'once')
FROM kg.api_token WHERE hash = sha256('2');
SELECT later('2 seconds') \g /dev/null
SELECT seen('2') \g /dev/null
SELECT ok(last_used_at > kg.now() - interval '50 seconds', 'a minute')
FROM kg.api_token WHERE hash = sha256('2');
UPDATE kg.clock SET shift = '0';
SELECT throws_ok($$SELECT kg.api_token_revoke(NULL, 'x',
	(SELECT min(id) FROM kg.api_token), 99)$$, 'KG003', NULL,
	'the version is asked for');
SELECT throws_ok($$SELECT kg.api_token_revoke(NULL, 'x', 99, NULL)$$, 'KG004', NULL,
	'what is not there is not revoked');
SELECT ok((w).changed, 'the own one is revoked')
FROM kg.api_token t, kg.api_token_revoke(2, 'x', t.id, 1) AS w WHERE hash = sha256('2');
SELECT ok(NOT good('2'), 'and good no more');
SELECT ok(NOT (w).changed, 'once')
FROM kg.api_token t, kg.api_token_revoke(2, 'x', t.id, NULL) AS w
WHERE hash = sha256('2');
SELECT throws_ok($$SELECT ask('api_token_create', '{"name": "x"}', '4admin')$$, 'KG403',
	NULL, 'a token makes no tokens');
SELECT throws_ok($$SELECT ask('sign_out', '{}', '4admin')$$, 'KG006', NULL,
	'a token does not sign out');
SELECT throws_ok($$SELECT ask('sign_in_again_begin', '{}', '4admin')$$, 'KG006', NULL,
	'nor in');

-- who sees what
SELECT sign_in(2, 'two') \g /dev/null
SELECT sign_in(4, 'four') \g /dev/null
SELECT is(ask('me', '{}', 'two') - 'ends_at' - 'confirmed_until' - 'sign_in_id',
	'{"mail": "P2@example.org", "name": "Planlægger", "role": "planner",
	"office": null, "municipality": null, "status": 200, "person_id": 2,
	"api_token_id": null, "recovery_codes": 9}', 'one sees oneself');
SELECT is(ask('me', '{}', '2coordinatorAAR') -> 'office', '"AAR"',
	'a token sees its office');
SELECT throws_ok(format('SELECT ask(%L, ''{"account_id": 1}'', ''two'')', route), 'KG001',
	NULL, route || ' is for admins')
FROM unnest(array['accounts_list', 'account_get', 'account_invite', 'account_change',
	'account_lock', 'account_unlock']) AS route;
SELECT is(array(SELECT i ->> 'name' FROM jsonb_array_elements(
	ask('accounts_list', '{"role": "planner"}', 'four') -> 'items') AS i),
	'{Ny,Planlægger,X,X,X}', 'accounts are listed by name');
CREATE TABLE page AS SELECT ask('accounts_list', '{"limit": 2}', 'four') AS one;
SELECT is(jsonb_array_length(one -> 'items'), 2, 'in pages') FROM page;
SELECT ok(NOT EXISTS (SELECT FROM jsonb_array_elements(one -> 'items') AS a,
	jsonb_array_elements(ask('accounts_list', one || '{"limit": 200}'
		|| jsonb_build_object('cursor', one -> 'next'), 'four') -> 'items') AS b
	WHERE a -> 'id' = b -> 'id'), 'of which each is once') FROM page;
SELECT is(ask('accounts_list', '{"q": "KOORD", "office": "KBH"}', 'four')
	#> '{items,0,id}', '1', 'by a part of the name and office');
SELECT throws_ok($$SELECT ask('account_get', '{"account_id": 99}', 'four')$$, 'KG004',
	NULL, 'what is not there is not shown');
SELECT is(jsonb_array_length(ask('account_get', '{"account_id": 2}', 'four')
	-> 'api_tokens'), 3, 'an admin sees what an account holds');
SELECT throws_ok(format('SELECT ask(''sign_in_revoke'', ''{"sign_in_id": %s}'', ''two'')',
	id), 'KG001', NULL, 'nobody ends another''s session')
FROM kg.sign_in WHERE hash = sha256('four');
SELECT is(ask('sign_in_revoke', jsonb_build_object('sign_in_id', id), 'four')
	-> 'status', '204', 'but an admin')
FROM kg.sign_in WHERE hash = sha256('two');
SELECT ok(NOT good('two'), 'it has ended');
SELECT is(ask('sign_out', '{}', 'four') -> 'status', '204', 'one signs out');
SELECT is((good('four'), ended_by), (false, 'sign_out'::text), 'and is out')
FROM kg.sign_in WHERE hash = sha256('four');

-- a new password
SELECT sign_in(2, 'before') \g /dev/null
SELECT confirm(2, 'planner') \g /dev/null
SELECT ok(NOT good('before'), 'a new password ends all sessions');
SELECT is(count(*), 10::bigint, 'and recovery codes are new')
FROM kg.recovery_code WHERE person_id = 2 AND used_at IS NULL;

-- another mail address, and erased: whoever had the old one has an invitation there
SELECT kg.account_invite(NULL, 'x', 2, NULL, NULL, NULL, NULL, sha256('old mail'), NULL),
	kg.account_invitation_mail('old mail') \g /dev/null
UPDATE kg.person SET mail = 'p3@example.org' WHERE id = 2;
SELECT is(ended_by, 'replaced', 'what went to the old address is no invitation')
FROM kg.invitation WHERE hash = sha256('old mail');
SELECT is(count(*), 0::bigint, 'nor is it sent after them')
FROM kg.outbox WHERE person_id = 2 AND kind = 'account_invitation'
	AND ended_at IS NULL;
SELECT kg.account_invite(NULL, 'x', 2, NULL, NULL, NULL, NULL, sha256('erased'), NULL)
\g /dev/null
SELECT sign_in(2, 'erased') \g /dev/null
UPDATE kg.person SET erased_at = now(), mail = NULL, name = 'slettet' WHERE id = 2;
SELECT ok(NOT good('erased') AND NOT good('2auditor'), 'who is erased is out');
SELECT is(ended_by, 'locked', 'and not invited') FROM kg.invitation
WHERE hash = sha256('erased');
SELECT is((login, locked_at IS NOT NULL), (NULL::kg.mail, true),
	'no address is left behind') FROM kg.account WHERE person_id = 2;
SELECT is(array_agg(client), '{NULL}', 'nor what they called with')
FROM (SELECT DISTINCT client FROM kg.sign_in WHERE person_id = 2) AS t;
SELECT throws_ok($$SELECT kg.account_unlock(NULL, 'x', 2, NULL)$$, 'KG006', NULL,
	'for good');

-- the journal
SELECT is(count(*), 0::bigint, 'no hash, no secret, no address in the journal')
FROM kg.journal j
WHERE j::text ~ 'hash of|dearer|abababab|example\.org|Firefox|login|_hash|totp'
	OR j.before ? 'hash' OR j.after ? 'hash';
SELECT is(array(SELECT DISTINCT object FROM kg.journal WHERE object IN ('account',
	'invitation', 'sign_in', 'api_token', 'recovery_code', 'sign_in_try') ORDER BY 1),
	'{account,api_token,invitation,sign_in}', 'but that it happened');
SELECT is((actor_id, why, action), (4, 'API: sign_in'::text, 'insert'::text),
	'a sign-in is the person''s own act')
FROM kg.journal WHERE object = 'sign_in' AND actor_id = 4 ORDER BY id LIMIT 1;

-- what is old goes
SELECT later('90 days 13 hours') \g /dev/null
SELECT ok(kg.accounts_clean() > 0, 'old sign-ins and invitations are cleaned away');
SELECT is((SELECT count(*) FROM kg.sign_in) + (SELECT count(*) FROM kg.sign_in_try)
	+ (SELECT count(*) FROM kg.invitation WHERE ended_at IS NOT NULL), 0::bigint,
	'all of them');
SELECT is(kg.accounts_clean(), 0, 'once');
SELECT is(count(*), 0::bigint, 'an invitation nobody confirmed keeps no password')
FROM kg.invitation WHERE password_hash IS NOT NULL;
SELECT * FROM finish();
