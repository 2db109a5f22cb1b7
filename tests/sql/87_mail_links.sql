-- One-time links by mail, for those without an account.
CREATE FUNCTION ask(route text, input jsonb, bearer text DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
	SELECT body || jsonb_build_object('status', status)
	FROM kg.api(route, sha256(convert_to(bearer, 'UTF8')), input, NULL, NULL, NULL)
$$;
CREATE FUNCTION send(mail text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('mail_link_send', jsonb_build_object('mail', mail))
$$;
-- The secret of the mail queued last.
CREATE FUNCTION sent() RETURNS text LANGUAGE sql AS $$
	SELECT facts ->> 'token' FROM kg.outbox WHERE kind = 'mail_link'
	ORDER BY id DESC LIMIT 1
$$;
CREATE FUNCTION links() RETURNS bigint LANGUAGE sql AS
	'SELECT count(*) FROM kg.mail_link';
CREATE FUNCTION try(token text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('mail_link_use', jsonb_build_object('token', token))
$$;

SELECT throws_ok($$INSERT INTO kg.mail_link (person_id, hash, created_at, expires_at)
	VALUES (3, 'x', now(), now())$$, '23514', NULL, 'a hash has 32 bytes');
SELECT ok(NOT has_any_column_privilege('kattegat', 'kg.mail_link', 'SELECT'),
	'the daemon reads no links');

-- who gets one
SELECT is(send(mail), '{"status": 202, "valid_min": 15}', mail || ': the same answer')
FROM (VALUES ('t@example.org'), ('p@example.org'), ('ingen@example.org'), ('x'))
	AS t (mail);
SELECT is(array(SELECT person_id FROM kg.mail_link), '{3}', 'a teacher gets a link');
SELECT is(array(SELECT person_id FROM kg.outbox WHERE kind = 'mail_link'), '{3}',
	'by mail');
SELECT is((SELECT count(pg_current_xact_id_if_assigned()) FROM send(mail)), 1::bigint,
	mail || ': writes, as all do, so that it takes as long')
FROM (VALUES ('p@example.org'), ('ingen@example.org'), ('x')) AS t (mail);
SELECT is((SELECT count(*) FROM kg.mail_link)
	+ (SELECT count(*) FROM kg.outbox WHERE kind = 'mail_link'), 2::bigint,
	'and leaves nothing');
SELECT ok(sent() ~ '^[a-z2-7]{26}$', 'with a secret of 128 bits');
SELECT is(hash, kg.secret_hash(sent()), 'whose hash is kept') FROM kg.mail_link;
SELECT is(give_up_at, kg.now() + interval '15 minutes' - (kg.now() - created_at),
	'a late mail is not sent') FROM kg.outbox WHERE kind = 'mail_link';
SELECT ok(subject <> '' AND body LIKE '%{base_url}/log-ind/{token}%',
	'it has a text') FROM kg.mail_template('mail_link');
SELECT kg.account_invite(NULL, 'x', 7, NULL, NULL, 'planner', NULL, sha256('i'), NULL)
\g /dev/null
SELECT send('u@example.org') \g /dev/null
SELECT is(links(), 1::bigint, 'staff get none');
UPDATE kg.person SET role = 'teacher' WHERE id = 7;
SELECT send('u@example.org') \g /dev/null
SELECT is(links(), 1::bigint, 'nor does who has an account');
UPDATE kg.person SET mail = 'T@example.org', role = 'teacher' WHERE id = 6;
SELECT send('t@example.org') \g /dev/null
SELECT is(links(), 1::bigint, 'nor do two with one address');
UPDATE kg.person SET mail = NULL, role = 'coordinator' WHERE id = 6;
SELECT send(' T@Example.org') FROM generate_series(1, 4) \g /dev/null
SELECT is(links(), 3::bigint, 'three at once at most');
UPDATE kg.clock SET shift = '15 minutes';
SELECT send('t@example.org') \g /dev/null
SELECT is(links(), 4::bigint, 'again when they are too old');

-- what it is good for
CREATE TABLE signed AS SELECT try(sent()) AS answer;
SELECT is(answer - 'token' - 'ends_at' - 'sign_in_id', '{"name": "Underviser T",
	"role": "teacher", "office": null, "status": 201, "person_id": 3,
	"signed_in": true, "recovery_codes": 0}', 'it signs in') FROM signed;
SELECT is(ask('me', '{}', answer ->> 'token') -> 'role', '"teacher"',
	'as whom it was sent to') FROM signed;
SELECT throws_ok(format('SELECT ask(%L, ''{}'', %L)', route, answer ->> 'token'),
	'KG001', NULL, route || ' is not for teachers')
FROM signed, unnest(array['accounts_list', 'bookings_list', 'rooms_list']) AS route;
SELECT throws_ok(format('SELECT ask(''api_token_create'', ''{"name": "x"}'', %L)',
	answer ->> 'token'), 'KG005', NULL, 'nor are API tokens') FROM signed;
SELECT throws_ok('SELECT try(sent())', 'KG004', NULL, 'once');
SELECT throws_ok($$SELECT try('a')$$, 'KG004', NULL, 'an unknown one does not');
SELECT send('t@example.org') \g /dev/null
UPDATE kg.clock SET shift = '29 minutes 50 seconds';
SELECT send('t@example.org') \g /dev/null
UPDATE kg.clock SET shift = '44 minutes 45 seconds';
SELECT lives_ok('SELECT try(sent())', 'it is good for a quarter of an hour');
SELECT send('t@example.org') \g /dev/null
UPDATE kg.clock SET shift = '59 minutes 46 seconds';
SELECT throws_ok('SELECT try(sent())', 'KG004', NULL, 'and no longer');
SELECT send('t@example.org') \g /dev/null
UPDATE kg.person SET role = 'planner' WHERE id = 3;
SELECT is(count(*), 0::bigint, 'another role ends the links that are left')
FROM kg.mail_link WHERE person_id = 3 AND used_at IS NULL;
SELECT is(count(*), 0::bigint, 'and the mails with them')
FROM kg.outbox WHERE kind = 'mail_link' AND person_id = 3 AND ended_at IS NULL;
UPDATE kg.person SET role = 'teacher' WHERE id = 3;
SELECT send('t@example.org') \g /dev/null
CREATE TABLE link AS SELECT sent() AS secret;
UPDATE kg.person SET mail = 'T@example.org', role = 'teacher' WHERE id = 6;
SELECT throws_ok('SELECT try(secret) FROM link', 'KG004', NULL,
	'nor is it good when two have the address now');
UPDATE kg.person SET mail = NULL, role = 'coordinator' WHERE id = 6;
SELECT lives_ok('SELECT try(secret) FROM link',
	'a link that was refused is not used up');
SELECT send('t@example.org') \g /dev/null
UPDATE kg.person SET mail = 'ny@example.org' WHERE id = 3;
SELECT throws_ok('SELECT try(sent())', 'KG004', NULL,
	'a link to an address one no longer has is not good');
UPDATE kg.person SET mail = 't@example.org' WHERE id = 3;
SELECT send('t@example.org') \g /dev/null
SELECT body FROM kg.api('mail_link_use', NULL, jsonb_build_object('token', sent()),
	NULL, 'key-0001', sha256('x')) \g /dev/null
SELECT is(body -> 'token', NULL::jsonb, 'a kept answer has no token')
FROM kg.idempotency WHERE route = 'mail_link_use';
SELECT is(array_agg(DISTINCT object), '{person,sign_in}', 'the journal tells of sign-ins')
FROM kg.journal WHERE at > now() AND object IN ('sign_in', 'mail_link', 'person');
UPDATE kg.clock SET shift = '91 days';
SELECT kg.accounts_clean() \g /dev/null
SELECT is(links(), 0::bigint, 'old links go');

-- sent again, by the same browser
UPDATE kg.clock SET shift = '0';
SELECT send('t@example.org') \g /dev/null
CREATE TABLE twice AS SELECT sent() AS secret;
CREATE FUNCTION use(form text, bearer text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('mail_link_use', jsonb_build_object('token', secret, 'form_hash',
		encode(sha256(form::bytea), 'hex'), 'token_hash',
		encode(sha256(bearer::bytea), 'hex'))) FROM twice
$$;
CREATE TABLE used AS SELECT use('f', 'first') AS answer;
SELECT is(use('f', 'second') -> 'sign_in_id', answer -> 'sign_in_id',
	'a link signs in whoever sent it twice') FROM used;
SELECT throws_ok($$SELECT ask('me', '{}', 'first')$$, 'KG401', NULL,
	'with another secret');
SELECT is(ask('me', '{}', 'second') -> 'role', '"teacher"', 'that is good');
SELECT throws_ok($$SELECT use('g', 'third')$$, 'KG004', NULL, 'and nobody else');

-- an address asks for few in ten minutes, whoever they are for
CREATE FUNCTION send_from(address text, mail text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT ask('mail_link_send', jsonb_build_object('mail', mail, 'address', address,
		'free', 1))
$$;
SELECT is(send_from('0a', 'ingen' || n || '@example.org'),
	'{"status": 202, "valid_min": 15}', 'the first are free') FROM generate_series(1, 6)
	AS n;
SELECT is(send_from('0a', 't@example.org'), '{"status": 202, "valid_min": 15}',
	'one more is sent');
SELECT is(send_from('0a', 'ingen@example.org'), '{"status": 202, "wait_s": 1}',
	'and then it waits');
SELECT is(send_from('0b', 'ingen@example.org'), '{"status": 202, "valid_min": 15}',
	'another address does not');
SELECT is(kg.sign_in_try_wait(kg.sign_in_address_hash('{"address": "0a"}'), 0), 0,
	'nor who signs in from it');
SELECT * FROM finish();
