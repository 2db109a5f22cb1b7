-- The JSON API and the pages: signing in and accepting an invitation, in steps. Between
-- them the daemon hashes the password on its thread and compares the code: these
-- handlers have no address of their own, the room src/sign calls them.
--
-- input ->> 'address' is the 16 bytes of who asks, in hex, `free` how many failures an
-- address has free; without an address only the logins' back-off holds. What a begin
-- answers with wait_s > 0 was not counted: come again in so many seconds. `soon`: it is
-- too early because of an attempt that may be under way, which gives its time back if
-- it goes well.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb) VALUES
	('sign_in_begin', NULL), ('sign_in_start', NULL), ('sign_in_start_look', NULL),
	('sign_in_code_begin', NULL), ('sign_in_finish', NULL),
	('sign_in_again_begin', 'self'), ('sign_in_again_finish', 'self'),
	('sign_in_guess', NULL), ('sign_in_gone', NULL), ('sign_in_renew', NULL),
	('sign_in_over_look', NULL), ('password_refuse', NULL), ('invitation_begin', NULL),
	('invitation_code_begin', NULL), ('invitation_set', NULL),
	('invitation_finish', NULL);

-- ---- back-off ----

-- An attempt counts as failed until it has succeeded, so that many at once are no way
-- around. Whose they are does not matter, nor whether there is such an account; nobody
-- is locked out. Rows of kg.sign_in_try are locked before all others, an address before
-- a login, so that nobody waits for each other.

CREATE OR REPLACE FUNCTION kg.sign_in_login_hash(login text) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT sha256(convert_to(lower(btrim(login)), 'UTF8'))
$$;

-- NULL: the caller gave none. No text has a zero byte, so nobody makes another's
-- address wait by what is typed as a mail address.
CREATE OR REPLACE FUNCTION kg.sign_in_address_hash(input jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT sha256(convert_to('address ' || (input ->> 'address'), 'UTF8') || '\x00')
$$;

-- How far away the next attempt is after so many failures that were not free: 1, 2, 4
-- ... 60 seconds.
CREATE OR REPLACE FUNCTION kg.sign_in_pause(failures int) RETURNS interval
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT CASE WHEN failures > 0
		THEN least(60, 2 ^ (least(failures, 7) - 1)) ELSE 0 END * interval '1 second'
$$;

-- Whether it is too early. What is further away than two of the longest pauses was
-- written before the clock was put back; one and a little is what somebody sees who
-- began before the attempt that counted. Who has free failures left never waits.
CREATE OR REPLACE FUNCTION kg.sign_in_try_early(t kg.sign_in_try, free int)
RETURNS bool LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT t.failures > free AND t.next_try_at > kg.now()
		AND t.next_try_at <= kg.now() + interval '2 minutes'
$$;

-- 0, or in how many seconds the next attempt counts.
CREATE OR REPLACE FUNCTION kg.sign_in_try_wait(its bytea, free int) RETURNS int
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT coalesce(max(least(60,
		ceil(extract(epoch FROM t.next_try_at - kg.now())))), 0)::int
	FROM kg.sign_in_try t
	WHERE t.login_hash = its AND kg.sign_in_try_early(t, free)
$$;

-- Counts an attempt. 0, or how many seconds it is too early, and then it does not
-- count. After so long without one, `forget`, it begins anew. its NULL: nobody counts.
CREATE OR REPLACE FUNCTION kg.sign_in_try_count(its bytea, free int, forget interval)
RETURNS int LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	IF its IS NULL THEN
		RETURN 0;
	END IF;
	INSERT INTO kg.sign_in_try AS t (login_hash, failures, next_try_at)
	VALUES (its, 1, kg.now() + kg.sign_in_pause(1 - free))
	ON CONFLICT (login_hash) DO UPDATE SET (failures, next_try_at) = (
		SELECT n, kg.now() + kg.sign_in_pause(n - free)
		FROM (SELECT CASE WHEN t.next_try_at < kg.now() - forget THEN 1
			ELSE least(t.failures + 1, free + 100) END AS n) AS x)
	WHERE NOT kg.sign_in_try_early(t, sign_in_try_count.free);
	IF FOUND THEN
		RETURN 0;
	END IF;
	-- it may have ended meanwhile
	RETURN greatest(1, kg.sign_in_try_wait(its, free));
END
$$;

-- It went well: one failure less, and whoever comes next need not wait for this one.
CREATE OR REPLACE FUNCTION kg.sign_in_try_back(its bytea) RETURNS void
LANGUAGE sql SET search_path = kg, pg_temp AS $$
	DELETE FROM kg.sign_in_try t WHERE t.login_hash = its AND t.failures = 1;
	UPDATE kg.sign_in_try t SET failures = t.failures - 1,
		next_try_at = least(t.next_try_at, kg.now())
	WHERE t.login_hash = its AND t.failures > 1
$$;

-- {"soon": true}: what makes it too early began so few seconds ago that it may be under
-- way; else {}. Somewhat after now is what somebody sees who began before it.
CREATE OR REPLACE FUNCTION kg.sign_in_try_soon(input jsonb, login text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT CASE WHEN bool_and(kg.now() - (t.next_try_at
			- kg.sign_in_pause(t.failures - x.free))
		BETWEEN interval '-5 seconds' AND interval '5 seconds')
		THEN '{"soon": true}'::jsonb ELSE '{}' END
	FROM (VALUES
		(kg.sign_in_address_hash(input), coalesce((input ->> 'free')::int, 0)),
		(kg.sign_in_login_hash(login), 0)) AS x (its, free)
	JOIN kg.sign_in_try t ON t.login_hash = x.its
	WHERE kg.sign_in_try_early(t, x.free)
$$;

-- Counts an attempt for the address and the login: for both or for neither. 0, or how
-- many seconds it is too early.
CREATE OR REPLACE FUNCTION kg.sign_in_try_again(input jsonb, login text)
RETURNS int LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	address bytea := kg.sign_in_address_hash(input);
	wait_s int := kg.sign_in_try_count(address,
		coalesce((input ->> 'free')::int, 0), '10 minutes');
BEGIN
	IF wait_s = 0 THEN
		wait_s := kg.sign_in_try_count(kg.sign_in_login_hash(login), 0, '1 hour');
		IF wait_s > 0 THEN
			PERFORM kg.sign_in_try_back(address);
		END IF;
	END IF;
	-- waits for nobody, and nothing is waited for after it
	DELETE FROM kg.sign_in_try WHERE login_hash IN (
		SELECT t.login_hash FROM kg.sign_in_try t
		WHERE t.next_try_at < kg.now() - interval '1 hour'
		LIMIT 10 FOR UPDATE SKIP LOCKED);
	RETURN wait_s;
END
$$;

-- It went well: the address has one failure less, the login none.
CREATE OR REPLACE FUNCTION kg.sign_in_try_over(input jsonb, login text) RETURNS void
LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT kg.sign_in_try_back(kg.sign_in_address_hash(input));
	DELETE FROM kg.sign_in_try t WHERE t.login_hash = kg.sign_in_login_hash(login)
$$;

-- Counts an invitation or a link that nobody has: its refusal took all back.
-- input: address, free
CREATE OR REPLACE FUNCTION kg.api_sign_in_guess(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT * FROM kg.api_ok(jsonb_build_object('wait_s', kg.sign_in_try_count(
		kg.sign_in_address_hash(input), coalesce((input ->> 'free')::int, 0),
		'10 minutes')))
$$;

-- ---- the same form again ----

-- The browser that sent it may send it again for a minute. input: form_hash, if it
-- has one
CREATE OR REPLACE FUNCTION kg.sign_in_form_keep(input jsonb, sign_in_id int)
RETURNS void LANGUAGE sql SET search_path = kg, pg_temp AS $$
	DELETE FROM kg.sign_in_form WHERE hash IN (
		SELECT f.hash FROM kg.sign_in_form f WHERE f.ends_at <= kg.now()
		LIMIT 10 FOR UPDATE SKIP LOCKED);
	INSERT INTO kg.sign_in_form AS f (hash, sign_in_id, ends_at)
	SELECT decode(input ->> 'form_hash', 'hex'), sign_in_form_keep.sign_in_id,
		kg.now() + interval '1 minute'
	WHERE input ? 'form_hash'
	ON CONFLICT (hash) DO UPDATE SET sign_in_id = excluded.sign_in_id,
		ends_at = excluded.ends_at
$$;

CREATE OR REPLACE FUNCTION kg.sign_in_form_known(input jsonb) RETURNS bool
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT EXISTS (SELECT FROM kg.sign_in_form f
		WHERE f.hash = decode(input ->> 'form_hash', 'hex')
			AND kg.now() < f.ends_at)
$$;

-- The sign-in that the same form began gets another secret, and the one before, which
-- the browser did not wait for, is good no more. input: form_hash, token_hash
CREATE OR REPLACE FUNCTION kg.sign_in_renew(input jsonb) RETURNS kg.sign_in
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	s kg.sign_in;
BEGIN
	SELECT x.* INTO s FROM kg.sign_in_form f JOIN kg.sign_in x ON x.id = f.sign_in_id
	WHERE f.hash = decode(input ->> 'form_hash', 'hex') AND kg.now() < f.ends_at
		AND x.ended_at IS NULL;
	IF FOUND THEN
		PERFORM kg.write_begin(s.person_id, 'API: sign_in');
		UPDATE kg.sign_in x SET hash = decode(input ->> 'token_hash', 'hex')
		WHERE x.id = s.id AND x.ended_at IS NULL RETURNING * INTO s;
	END IF;
	RETURN s;
END
$$;

-- ---- an attempt ----

-- What the daemon must know to check an attempt; of nobody, nothing but the time.
CREATE OR REPLACE FUNCTION kg.sign_in_task(input jsonb, login text)
RETURNS kg.api_answer
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	wait_s int := kg.sign_in_try_again(input, login);
	task jsonb := jsonb_build_object('wait_s', wait_s,
		'now', floor(extract(epoch FROM kg.now()))::bigint);
BEGIN
	IF wait_s > 0 THEN
		task := task || kg.sign_in_try_soon(input, login);
	ELSE
		task := task || coalesce((SELECT jsonb_build_object(
				'person_id', a.person_id, 'password_hash', a.password_hash,
				'totp_secret', encode(a.totp_secret, 'hex'),
				'totp_last_step', a.totp_last_step)
			FROM kg.account a JOIN kg.person p ON p.id = a.person_id
			WHERE a.login = lower(btrim(sign_in_task.login))
				AND a.confirmed_at IS NOT NULL AND a.locked_at IS NULL
				AND p.erased_at IS NULL), '{}');
	END IF;
	RETURN kg.api_ok(task);
END
$$;

-- input: mail, address, free
CREATE OR REPLACE FUNCTION kg.api_sign_in_begin(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT * FROM kg.sign_in_task(input, input ->> 'mail')
$$;

-- The account as it was when the daemon checked the password, locked; else NULL. Of
-- kg.sign_in_try the address is locked first.
CREATE OR REPLACE FUNCTION kg.sign_in_account(input jsonb) RETURNS kg.account
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account;
BEGIN
	PERFORM FROM kg.sign_in_try t
	WHERE t.login_hash = kg.sign_in_address_hash(input) FOR UPDATE;
	SELECT * INTO a FROM kg.account x
	WHERE x.person_id = (input ->> 'person_id')::int
		AND x.password_hash = input ->> 'password_hash'
		AND x.confirmed_at IS NOT NULL AND x.locked_at IS NULL
	FOR NO KEY UPDATE;
	RETURN a;
END
$$;

-- It was right, but nobody waits for it any more: it was no failure, and nothing
-- begins. input: address, and person_id and password_hash, or token_hash of an invitation
CREATE OR REPLACE FUNCTION kg.api_sign_in_gone(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	its text := coalesce((kg.sign_in_account(input)).login, (
		SELECT p.mail FROM kg.invitation i JOIN kg.person p ON p.id = i.person_id
		WHERE i.hash = decode(input ->> 'token_hash', 'hex')));
BEGIN
	IF its IS NOT NULL THEN
		PERFORM kg.sign_in_try_both_back(input, its);
	END IF;
	RETURN kg.api_ok('{}');
END
$$;

-- What a client calls itself, as one short line. What all browsers say goes before it
-- is cut: the name of most stands last.
CREATE OR REPLACE FUNCTION kg.sign_in_client(input jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT nullif(left(regexp_replace(coalesce(input ->> 'client', ''),
		'[^ -~]|Mozilla/5.0 |AppleWebKit/537.36 |\(KHTML, like Gecko\) ', '',
		'g'), 100), '')
$$;

-- The first of two steps: the password was right. The code is asked for within ten
-- minutes; until then nobody is signed in, and the failures before are not forgotten.
-- input: person_id, password_hash, new_password_hash if it is to be replaced,
-- start_hash, address, client. Answers {"started": bool}.
CREATE OR REPLACE FUNCTION kg.api_sign_in_start(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account := kg.sign_in_account(input);
BEGIN
	IF a.person_id IS NULL THEN
		RETURN kg.api_ok(jsonb_build_object('started', false));
	END IF;
	PERFORM kg.write_begin(a.person_id, 'API: sign_in');
	UPDATE kg.account x SET password_hash = coalesce(input ->> 'new_password_hash',
		x.password_hash)
	WHERE x.person_id = a.person_id RETURNING * INTO a;
	DELETE FROM kg.sign_in_start s
	WHERE s.person_id = a.person_id AND s.expires_at <= kg.now();
	INSERT INTO kg.sign_in_start (hash, person_id, password_sha256, client,
		created_at, expires_at)
	VALUES (decode(input ->> 'start_hash', 'hex'), a.person_id,
		kg.secret_hash(a.password_hash), kg.sign_in_client(input), kg.now(),
		kg.now() + interval '10 minutes');
	PERFORM kg.sign_in_try_both_back(input, a.login);
	RETURN kg.api_ok(jsonb_build_object('started', true));
END
$$;

-- It was no failure: the address and the login have one less.
CREATE OR REPLACE FUNCTION kg.sign_in_try_both_back(input jsonb, login text)
RETURNS void LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT kg.sign_in_try_back(kg.sign_in_address_hash(input));
	SELECT kg.sign_in_try_back(kg.sign_in_login_hash(login))
$$;

-- Whose code a start waits for, while it is good; else NULL.
CREATE OR REPLACE FUNCTION kg.sign_in_start_account(input jsonb) RETURNS kg.account
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT a.* FROM kg.sign_in_start s JOIN kg.account a USING (person_id)
	WHERE s.hash = decode(input ->> 'start_hash', 'hex')
		AND kg.now() < s.expires_at AND a.login IS NOT NULL
		AND s.password_sha256 = kg.secret_hash(a.password_hash)
		AND a.confirmed_at IS NOT NULL AND a.locked_at IS NULL
$$;

-- The same, for who holds the start. Raises KG004 when it is over.
CREATE OR REPLACE FUNCTION kg.sign_in_start_get(input jsonb) RETURNS kg.account
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account := kg.sign_in_start_account(input);
BEGIN
	IF a.person_id IS NULL THEN
		PERFORM kg.missing('such sign-in, or it took longer than ten minutes',
			'begin with the password again');
	END IF;
	RETURN a;
END
$$;

-- Whose code is waited for; changes nothing. input: start_hash
CREATE OR REPLACE FUNCTION kg.api_sign_in_start_look(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT * FROM kg.api_ok(jsonb_build_object('mail',
		(kg.sign_in_start_get(input)).login))
$$;

-- The second step: an attempt with a code. As kg.api_sign_in_begin; {"again": true}: it
-- has ended well, go on with kg.api_sign_in_renew. input: start_hash, address, free,
-- form_hash
CREATE OR REPLACE FUNCTION kg.api_sign_in_code_begin(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account := kg.sign_in_start_account(input);
	answer kg.api_answer;
BEGIN
	IF NOT kg.sign_in_form_known(input) THEN
		IF a.person_id IS NULL THEN
			a := kg.sign_in_start_get(input);
		END IF;
		answer := kg.sign_in_task(input, a.login);
		-- the first one may have ended while this one waited for its row
		IF NOT kg.sign_in_form_known(input) THEN
			RETURN answer;
		END IF;
		PERFORM kg.sign_in_try_both_back(input, a.login)
		WHERE answer.body ->> 'wait_s' = '0';
	END IF;
	RETURN kg.api_ok('{"wait_s": 0, "again": true}');
END
$$;

-- Whether the attempt succeeds in what only the database decides: the account is as
-- it was when the daemon checked it, its start is not over, and the code is used for
-- the first time. Then the back-off and the start are over, and an old password hash
-- is replaced.
CREATE OR REPLACE FUNCTION kg.sign_in_proved(input jsonb) RETURNS bool
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account := kg.sign_in_account(input);
BEGIN
	IF a.person_id IS NULL OR input ? 'start_hash'
		AND (kg.sign_in_start_account(input)).person_id
			IS DISTINCT FROM a.person_id THEN
		RETURN false;
	END IF;
	IF input ? 'recovery_hash' THEN
		UPDATE kg.recovery_code c SET used_at = kg.now()
		WHERE c.person_id = a.person_id AND c.used_at IS NULL
			AND c.hash = decode(input ->> 'recovery_hash', 'hex');
	ELSE
		UPDATE kg.account x SET totp_last_step = (input ->> 'step')::bigint
		WHERE x.person_id = a.person_id
			AND x.totp_last_step < (input ->> 'step')::bigint;
	END IF;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	DELETE FROM kg.sign_in_start s
	WHERE s.hash = decode(input ->> 'start_hash', 'hex');
	UPDATE kg.account x SET password_hash = input ->> 'new_password_hash'
	WHERE x.person_id = a.person_id AND input ? 'new_password_hash';
	PERFORM kg.sign_in_try_over(input, a.login);
	RETURN true;
END
$$;

-- Who is signed in now, and for how long.
CREATE OR REPLACE FUNCTION kg.api_signed_in(s kg.sign_in) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT jsonb_build_object('signed_in', true, 'sign_in_id', s.id,
		'person_id', p.id, 'name', p.name, 'role', p.role,
		'office', (SELECT o.code FROM kg.office o WHERE o.id = p.office_id),
		'ends_at', kg.api_instant(kg.sign_in_ends_at(s)),
		'recovery_codes', (SELECT count(*) FROM kg.recovery_code c
			WHERE c.person_id = p.id AND c.used_at IS NULL))
	FROM kg.person p WHERE p.id = s.person_id
$$;

-- A sign-in begins. input: person_id, password_hash, step or recovery_hash,
-- new_password_hash if it is to be replaced, token_hash, start_hash after a first
-- step, address, client, form_hash
CREATE OR REPLACE FUNCTION kg.api_sign_in_finish(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	p kg.person;
	s kg.sign_in;
	started_by text := (SELECT x.client FROM kg.sign_in_start x
		WHERE x.hash = decode(input ->> 'start_hash', 'hex'));
BEGIN
	SELECT * INTO p FROM kg.person x
	WHERE x.id = (input ->> 'person_id')::int AND x.erased_at IS NULL;
	PERFORM kg.write_begin(p.id, 'API: sign_in');
	IF p.id IS NULL OR NOT kg.sign_in_proved(input) THEN
		RETURN kg.api_sign_in_renew(NULL, input, NULL);
	END IF;
	INSERT INTO kg.sign_in (person_id, hash, role, by_recovery, client, created_at,
		confirmed_at, last_seen_at)
	VALUES (p.id, decode(input ->> 'token_hash', 'hex'), p.role,
		input ? 'recovery_hash', coalesce(kg.sign_in_client(input), started_by),
		kg.now(), kg.now(), kg.now())
	RETURNING * INTO s;
	PERFORM kg.sign_in_form_keep(input, s.id);
	RETURN kg.api_ok(kg.api_signed_in(s), 201, '/api/v1/sign-ins/' || s.id);
END
$$;

-- input: form_hash, token_hash
CREATE OR REPLACE FUNCTION kg.api_sign_in_renew(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	s kg.sign_in := kg.sign_in_renew(input);
BEGIN
	IF s.id IS NULL THEN
		RETURN kg.api_ok(jsonb_build_object('signed_in', false));
	END IF;
	RETURN kg.api_ok(kg.api_signed_in(s), 201, '/api/v1/sign-ins/' || s.id);
END
$$;

-- Password and code again, in a sign-in that goes on. input: address, free
CREATE OR REPLACE FUNCTION kg.api_sign_in_again_begin(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	its kg.mail;
BEGIN
	IF (kg.api_me()).sign_in_id IS NULL THEN
		PERFORM kg.wrong_state('an API token is not signed in',
			'sign in with password and code');
	END IF;
	SELECT a.login INTO its FROM kg.account a WHERE a.person_id = actor_id;
	RETURN kg.sign_in_task(input, coalesce(its, 'person ' || actor_id));
END
$$;

-- input: as kg.api_sign_in_finish, without token and start
CREATE OR REPLACE FUNCTION kg.api_sign_in_again_finish(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.write_begin(actor_id, 'API: sign_in_again');
	IF actor_id <> (input ->> 'person_id')::int OR NOT kg.sign_in_proved(input) THEN
		RETURN kg.api_ok(jsonb_build_object('signed_in', false));
	END IF;
	UPDATE kg.sign_in s SET confirmed_at = kg.now()
	WHERE s.id = (kg.api_me()).sign_in_id;
	RETURN kg.api_ok(jsonb_build_object('signed_in', true, 'confirmed_until',
		kg.api_instant(kg.now() + interval '10 minutes')));
END
$$;

-- ---- a sign-in that is over ----

-- Why, for who still has its secret, and where they signed in; {} of nobody's.
-- input: hash
CREATE OR REPLACE FUNCTION kg.api_sign_in_over_look(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT * FROM kg.api_ok(coalesce((SELECT jsonb_build_object(
			'staff', kg.role_is_staff(s.role),
			'why', CASE WHEN s.ended_by IS NOT NULL THEN s.ended_by
				WHEN s.role <> p.role THEN 'role'
				WHEN kg.now() >= s.created_at + interval '12 hours' THEN 'day'
				WHEN kg.now() < kg.sign_in_ends_at(s) THEN 'locked'
				WHEN s.role = 'admin' THEN 'idle_short' ELSE 'idle' END)
		FROM kg.sign_in s JOIN kg.person p ON p.id = s.person_id
		WHERE s.hash = decode(input ->> 'hash', 'hex')), '{}'))
$$;

-- ---- passwords ----

-- Says why a new password is not taken; which one it was is not told. input: why.
-- Raises KG005.
CREATE OR REPLACE FUNCTION kg.api_password_refuse(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	IF input ->> 'why' = 'mail' THEN
		PERFORM kg.refuse('KG005', 'the password is the mail address',
			'four or five random words are good', '{"fields": ["password"]}');
	ELSIF input ->> 'why' = 'old' THEN
		PERFORM kg.refuse('KG005', 'the new password is the old one',
			'choose another one', '{"fields": ["password"]}');
	ELSIF input ->> 'why' = 'accent' THEN
		PERFORM kg.refuse('KG005',
			'the password has an accent that belongs to no letter',
			'leave it out: not every keyboard writes it', '{"fields": ["password"]}');
	END IF;
	PERFORM kg.refuse('KG005', 'the password is among the first that are guessed',
		'four or five random words are good', '{"fields": ["password"]}');
END
$$;

-- ---- invitations ----

-- By the SHA-256 of its secret. Raises KG004.
CREATE OR REPLACE FUNCTION kg.invitation_get(input jsonb) RETURNS kg.invitation
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	i kg.invitation;
BEGIN
	SELECT * INTO i FROM kg.invitation x
	WHERE x.hash = decode(input ->> 'token_hash', 'hex')
		AND x.ended_at IS NULL AND kg.now() < x.expires_at;
	IF NOT FOUND THEN
		PERFORM kg.missing('such invitation, or it is no longer good',
			'ask for a new one');
	END IF;
	RETURN i;
END
$$;

-- As for all changes of accounts; who guesses waits for nobody.
CREATE OR REPLACE FUNCTION kg.invitation_wait(input jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.lock_accounts() FROM kg.invitation x
	WHERE x.hash = decode(input ->> 'token_hash', 'hex');
END
$$;

-- The same, locked; of kg.sign_in_try the address is locked before it.
CREATE OR REPLACE FUNCTION kg.invitation_lock(input jsonb) RETURNS kg.invitation
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.invitation_wait(input);
	PERFORM FROM kg.sign_in_try t
	WHERE t.login_hash = kg.sign_in_address_hash(input) FOR UPDATE;
	PERFORM FROM kg.invitation x
	WHERE x.hash = decode(input ->> 'token_hash', 'hex') FOR NO KEY UPDATE;
	RETURN kg.invitation_get(input);
END
$$;

-- {"wait_s", "now", "name", "mail", "totp_secret"}; an address that was wrong too often
-- waits here too. With a code it is an attempt, which counts as one to sign in. Raises
-- KG004, which takes all back: whoever asks counts that.
CREATE OR REPLACE FUNCTION kg.invitation_task(input jsonb, with_code bool)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	wait_s int;
	task jsonb := '{}';
	i kg.invitation;
	p kg.person;
BEGIN
	PERFORM kg.invitation_wait(input) WHERE with_code;
	wait_s := kg.sign_in_try_wait(kg.sign_in_address_hash(input),
		coalesce((input ->> 'free')::int, 0));
	IF wait_s = 0 AND with_code AND kg.sign_in_form_known(input) THEN
		RETURN kg.api_ok('{"wait_s": 0, "again": true}');
	END IF;
	IF wait_s = 0 THEN
		i := kg.invitation_get(input);
		SELECT * INTO p FROM kg.person x WHERE x.id = i.person_id;
		IF with_code THEN
			wait_s := kg.sign_in_try_again(input, p.mail);
		END IF;
	END IF;
	IF wait_s = 0 THEN
		task := jsonb_build_object('name', p.name, 'mail', p.mail,
			'totp_secret', encode(i.totp_secret, 'hex'));
	END IF;
	IF wait_s > 0 THEN
		task := kg.sign_in_try_soon(input, p.mail);
	END IF;
	RETURN kg.api_ok(task || jsonb_build_object('wait_s', wait_s,
		'now', floor(extract(epoch FROM kg.now()))::bigint));
END
$$;

-- input: token_hash, address, free
CREATE OR REPLACE FUNCTION kg.api_invitation_begin(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT * FROM kg.invitation_task(input, false)
$$;

-- The first code is going to be compared; {"again": true}: it was right, and the account
-- is made. input: the same, form_hash
CREATE OR REPLACE FUNCTION kg.api_invitation_code_begin(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT * FROM kg.invitation_task(input, true)
$$;

-- Accepted, maybe again. input: token_hash, password_hash, totp_secret, address
CREATE OR REPLACE FUNCTION kg.api_invitation_set(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	i kg.invitation := kg.invitation_lock(input);
BEGIN
	UPDATE kg.invitation x SET password_hash = input ->> 'password_hash',
		totp_secret = decode(input ->> 'totp_secret', 'hex')
	WHERE x.id = i.id;
	RETURN kg.api_ok(jsonb_build_object('set', true));
END
$$;

-- The first code was right: the account is made or made anew, and whoever was signed
-- in is not any more. input: token_hash, totp_secret (that the code was checked
-- with), step, recovery_hashes, address, form_hash
CREATE OR REPLACE FUNCTION kg.api_invitation_finish(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	i kg.invitation;
BEGIN
	PERFORM kg.invitation_wait(input);
	IF kg.sign_in_form_known(input) THEN
		RETURN kg.api_ok(jsonb_build_object('confirmed', true));
	END IF;
	i := kg.invitation_lock(input);
	IF i.totp_secret IS DISTINCT FROM decode(input ->> 'totp_secret', 'hex') THEN
		PERFORM kg.wrong_state('the invitation was accepted again meanwhile',
			'confirm with the newer secret');
	END IF;
	PERFORM kg.write_begin(i.person_id, 'API: invitation_confirm');
	UPDATE kg.account a SET password_hash = i.password_hash,
		totp_secret = i.totp_secret, totp_last_step = (input ->> 'step')::bigint,
		password_set_at = kg.now(), confirmed_at = kg.now(),
		recovery_set_at = kg.now()
	WHERE a.person_id = i.person_id;
	DELETE FROM kg.recovery_code c WHERE c.person_id = i.person_id;
	INSERT INTO kg.recovery_code (person_id, hash)
	SELECT i.person_id, decode(h, 'hex')
	FROM jsonb_array_elements_text(input -> 'recovery_hashes') AS h;
	PERFORM kg.sign_ins_end(i.person_id, 'password');
	UPDATE kg.invitation x SET ended_at = kg.now(), ended_by = 'used',
		password_hash = NULL, totp_secret = NULL
	WHERE x.id = i.id;
	PERFORM kg.sign_in_try_over(input, (SELECT p.mail FROM kg.person p
		WHERE p.id = i.person_id));
	PERFORM kg.sign_in_form_keep(input, NULL);
	RETURN kg.api_ok(jsonb_build_object('confirmed', true));
END
$$;
