-- Accounts: invitations, sign-ins, and whose a bearer token is. API tokens: the next file.
--
-- Secrets come in as hashes and are answered to nobody but the sign-in itself
-- (86_api_sign_in.sql), which must compare them.
SET LOCAL ROLE kattegat_owner;

-- ---- rows ----

CREATE TRIGGER z_version
	BEFORE INSERT OR UPDATE OF password_set_at, confirmed_at, locked_at, version
	ON kg.account FOR EACH ROW
	EXECUTE FUNCTION kg.row_version('totp_last_step');
CREATE TRIGGER z_version
	BEFORE INSERT OR UPDATE OF name, role, office_id, expires_at, revoked_at
	ON kg.api_token FOR EACH ROW
	EXECUTE FUNCTION kg.row_version('last_used_at');
CREATE TRIGGER a_journal AFTER INSERT OR UPDATE OR DELETE ON kg.account
	FOR EACH ROW EXECUTE FUNCTION kg.row_journal('person_id', '',
		'login,password_hash,totp_secret,totp_last_step');
CREATE TRIGGER a_journal AFTER INSERT OR UPDATE OF ended_at ON kg.invitation
	FOR EACH ROW EXECUTE FUNCTION kg.row_journal('id', '',
		'hash,password_hash,totp_secret');
CREATE TRIGGER a_journal AFTER INSERT OR UPDATE OF ended_at ON kg.sign_in
	FOR EACH ROW EXECUTE FUNCTION kg.row_journal('id', '',
		'hash,client,confirmed_at,last_seen_at');
CREATE TRIGGER a_journal AFTER INSERT OR UPDATE OF name, role, office_id,
	expires_at, revoked_at ON kg.api_token
	FOR EACH ROW EXECUTE FUNCTION kg.row_journal('id', 'name',
		'hash,last_used_at');

-- Who has an account, with password and code; everybody else gets links by mail.
CREATE OR REPLACE FUNCTION kg.role_is_staff(role text) RETURNS bool
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT role IN ('coordinator', 'planner', 'admin', 'auditor')
$$;

-- What a person has begun and not ended: passwords that wait for their code, links
-- by mail, and the mails that bring those.
CREATE OR REPLACE FUNCTION kg.sign_in_starts_end(person_id int) RETURNS void
LANGUAGE sql SET search_path = kg, pg_temp AS $$
	DELETE FROM kg.sign_in_start s WHERE s.person_id = $1;
	DELETE FROM kg.mail_link l WHERE l.person_id = $1 AND l.used_at IS NULL;
	DELETE FROM kg.outbox m WHERE m.person_id = $1 AND m.kind = 'mail_link'
		AND m.ended_at IS NULL
$$;

-- Ends the open invitation of a person, if there is one, and the mail that brings it.
CREATE OR REPLACE FUNCTION kg.invitations_end(person_id int, ended_by text)
RETURNS void LANGUAGE sql SET search_path = kg, pg_temp AS $$
	UPDATE kg.invitation i SET ended_at = kg.now(), ended_by = $2,
		password_hash = NULL, totp_secret = NULL
	WHERE i.person_id = $1 AND i.ended_at IS NULL;
	DELETE FROM kg.outbox m WHERE m.person_id = $1
		AND m.kind = 'account_invitation' AND m.ended_at IS NULL
$$;

-- Ends all sign-ins of a person, and those that have begun; `except_id` may go on.
-- How many had not ended.
CREATE OR REPLACE FUNCTION kg.sign_ins_end(person_id int, ended_by text,
	except_id int DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	ended bigint;
BEGIN
	UPDATE kg.sign_in s SET ended_at = kg.now(), ended_by = $2
	WHERE s.person_id = $1 AND s.ended_at IS NULL
		AND s.id IS DISTINCT FROM except_id;
	GET DIAGNOSTICS ended = ROW_COUNT;
	PERFORM kg.sign_in_starts_end($1);
	RETURN ended;
END
$$;

CREATE OR REPLACE FUNCTION kg.api_tokens_end(person_id int) RETURNS void
LANGUAGE sql SET search_path = kg, pg_temp AS $$
	UPDATE kg.api_token t SET revoked_at = kg.now()
	WHERE t.person_id = $1 AND t.revoked_at IS NULL
$$;

-- An account follows its person. Who gets another role or office signs in again, and
-- gets new tokens; who is erased is nobody's account any more.
CREATE OR REPLACE FUNCTION kg.person_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL THEN
		PERFORM kg.sign_ins_end(NEW.id, 'locked'), kg.api_tokens_end(NEW.id),
			kg.invitations_end(NEW.id, 'locked');
		UPDATE kg.account SET login = NULL, locked_at = kg.now()
		WHERE person_id = NEW.id;
		UPDATE kg.sign_in SET client = NULL WHERE person_id = NEW.id;
		RETURN NULL;
	END IF;
	IF (NEW.role, NEW.office_id, NEW.municipality)
		IS DISTINCT FROM (OLD.role, OLD.office_id, OLD.municipality) THEN
		PERFORM kg.sign_ins_end(NEW.id, 'role'), kg.api_tokens_end(NEW.id);
	END IF;
	IF NEW.mail IS DISTINCT FROM OLD.mail THEN
		-- whoever has the old address has these
		PERFORM kg.sign_in_starts_end(NEW.id),
			kg.invitations_end(NEW.id, 'replaced');
	END IF;
	UPDATE kg.account SET login = lower(NEW.mail), version = version + 1
	WHERE person_id = NEW.id;
	RETURN NULL;
EXCEPTION WHEN unique_violation THEN
	RAISE EXCEPTION USING ERRCODE = 'KG007',
		MESSAGE = 'another account has this mail address',
		HINT = 'an address of one''s own';
END
$$;

CREATE TRIGGER d_account AFTER UPDATE OF name, mail, role, office_id, municipality,
	erased_at ON kg.person FOR EACH ROW EXECUTE FUNCTION kg.person_account();

-- ---- who asks ----

-- When a sign-in ends by itself: 12 hours after it began, or when it was idle for
-- 8 hours, an admin's for 30 minutes.
CREATE OR REPLACE FUNCTION kg.sign_in_ends_at(s kg.sign_in) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT least(s.created_at + interval '12 hours', s.last_seen_at
		+ CASE s.role WHEN 'admin' THEN interval '30 minutes'
			ELSE interval '8 hours' END)
$$;

-- Of a bearer token's SHA-256: a sign-in, or an API token with its narrower role and
-- office. NULL: nobody's, or no longer good.
CREATE OR REPLACE FUNCTION kg.api_find_actor(bearer bytea) RETURNS kg.actor
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	me kg.actor;
BEGIN
	SELECT s.person_id, p.role, p.office_id, s.id, s.confirmed_at, s.last_seen_at
	INTO me.person_id, me.role, me.office_id, me.sign_in_id, me.confirmed_at,
		me.seen_at
	FROM kg.sign_in s JOIN kg.person p ON p.id = s.person_id
		LEFT JOIN kg.account a ON a.person_id = p.id
	WHERE s.hash = bearer AND s.ended_at IS NULL AND s.role = p.role
		AND kg.now() < kg.sign_in_ends_at(s)
		AND p.erased_at IS NULL AND a.locked_at IS NULL;
	IF FOUND THEN
		RETURN me;
	END IF;
	SELECT t.person_id, t.role, t.office_id, t.id, t.last_used_at
	INTO me.person_id, me.role, me.office_id, me.api_token_id, me.seen_at
	FROM kg.api_token t JOIN kg.person p ON p.id = t.person_id
		LEFT JOIN kg.account a ON a.person_id = p.id
	WHERE t.hash = bearer AND t.revoked_at IS NULL
		AND (t.expires_at IS NULL OR kg.now() < t.expires_at)
		AND p.erased_at IS NULL AND a.locked_at IS NULL;
	RETURN CASE WHEN FOUND THEN me END;
END
$$;

-- That they were seen is written once a minute, at the end of what they asked for, and
-- never waited for: a row that is locked says it already.
CREATE OR REPLACE FUNCTION kg.api_seen(me kg.actor) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a_minute_ago timestamptz := kg.now() - interval '1 minute';
BEGIN
	IF me.seen_at > a_minute_ago THEN
		RETURN;
	END IF;
	UPDATE kg.sign_in SET last_seen_at = kg.now()
	WHERE id = (SELECT s.id FROM kg.sign_in s WHERE s.id = me.sign_in_id
			AND s.last_seen_at <= a_minute_ago
		FOR NO KEY UPDATE SKIP LOCKED);
	UPDATE kg.api_token SET last_used_at = kg.now()
	WHERE id = (SELECT t.id FROM kg.api_token t WHERE t.id = me.api_token_id
			AND (t.last_used_at > a_minute_ago) IS NOT TRUE
		FOR NO KEY UPDATE SKIP LOCKED);
END
$$;

-- Sign-ins and tokens are ended by people; a token ends itself and no other. Raises
-- KG403.
CREATE OR REPLACE FUNCTION kg.by_person_must(own_token int DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	me kg.actor := kg.api_me();
BEGIN
	IF me.api_token_id <> coalesce(own_token, 0) THEN
		PERFORM kg.refuse('KG403', 'an API token changes no accounts and no tokens',
			'sign in with password and code');
	END IF;
END
$$;

-- Changes of accounts and roles ask for password and code again within ten minutes;
-- an API token cannot give them. The operator is not asked. Raises KG403.
CREATE OR REPLACE FUNCTION kg.confirmed_must() RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	me kg.actor := kg.api_me();
BEGIN
	PERFORM kg.by_person_must();
	IF me.sign_in_id IS NOT NULL
		AND me.confirmed_at <= kg.now() - interval '10 minutes' THEN
		PERFORM kg.refuse('KG403',
			'password and code were given more than ten minutes ago',
			'give them again: POST /api/v1/sign-in/again');
	END IF;
END
$$;

-- ---- secrets that are made here: 128 random bits as 26 letters a-z2-7 ----

-- As secret_token() of the daemon. The server's strong random bytes come as two
-- UUIDs of 122 bits each.
CREATE OR REPLACE FUNCTION kg.secret_new() RETURNS text
LANGUAGE sql VOLATILE SET search_path = kg, pg_temp AS $$
	SELECT string_agg(substr('abcdefghijklmnopqrstuvwxyz234567',
		(substr(bits, i * 5 + 1, 5))::bit(5)::int + 1, 1), '' ORDER BY i)
	FROM (SELECT string_agg(get_byte(b, n)::bit(8)::text, '' ORDER BY n) || '00'
			AS bits
		FROM sha256(uuid_send(gen_random_uuid())
				|| uuid_send(gen_random_uuid())) AS b,
			generate_series(0, 15) AS n) AS t,
		generate_series(0, 25) AS i
$$;

CREATE OR REPLACE FUNCTION kg.secret_hash(secret text) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT sha256(convert_to(secret, 'UTF8'))
$$;

-- ---- changes ----

-- Locks the account. Raises KG004, KG003.
CREATE OR REPLACE FUNCTION kg.account_get(person_id int, expected_version int)
RETURNS kg.account LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account;
BEGIN
	SELECT * INTO a FROM kg.account WHERE account.person_id = $1
	FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM kg.missing('account ' || $1, 'an account begins with an invitation');
	END IF;
	PERFORM kg.version_must('account ' || a.person_id, a.version,
		expected_version);
	RETURN a;
END
$$;

-- Changes of accounts come one after the other (6, 0), before any row is locked: two
-- admins who take each other's role at once would leave none.
CREATE OR REPLACE FUNCTION kg.lock_accounts() RETURNS void
LANGUAGE sql AS $$
	SELECT pg_advisory_xact_lock(6, 0)
$$;

-- Is the sign-in that asks still good? Raises KG401.
CREATE OR REPLACE FUNCTION kg.signed_in_must() RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	bearer bytea := (SELECT s.hash FROM kg.sign_in s
		WHERE s.id = (kg.api_me()).sign_in_id);
BEGIN
	IF bearer IS NOT NULL THEN
		PERFORM kg.api_actor(bearer);
	END IF;
END
$$;

-- An admin, lately confirmed, and not about oneself. Raises KG001, KG403, KG006.
CREATE OR REPLACE FUNCTION kg.account_must(actor int, person_id int) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.lock_accounts();
	-- whoever was before may have ended what the actor came with
	PERFORM kg.signed_in_must();
	PERFORM kg.may_must(actor, 'accounts', NULL), kg.confirmed_must();
	IF actor = person_id THEN
		PERFORM kg.wrong_state('nobody changes the own account',
			'another admin does, or the operator');
	END IF;
END
$$;

-- The role and the office of an account. Raises KG005, KG004.
CREATE OR REPLACE FUNCTION kg.account_role_must(role text, office text)
RETURNS int LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.match_must(coalesce(role, ''),
		'^(coordinator|planner|admin|auditor)$', 'the role',
		'coordinator, planner, admin or auditor');
	IF nullif(office, '') IS NOT NULL THEN
		RETURN (kg.office_get(office)).id;
	END IF;
	IF role = 'coordinator' THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = 'a coordinator has an office', HINT = 'name the office';
	END IF;
	RETURN NULL;
END
$$;

-- An invitation changes nobody silently: somebody found by the mail address has the
-- name that was given, and whoever has an account already keeps role and office.
-- Raises KG006.
CREATE OR REPLACE FUNCTION kg.account_person_must(p kg.person, name text, role text,
	office_id int)
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	IF kg.line_of(account_person_must.name, 'the name') <> p.name THEN
		PERFORM kg.wrong_state(format(
			'person %s has this mail address and another name', p.id),
			'another address, or the name as it stands');
	END IF;
	IF (account_person_must.role, account_person_must.office_id)
			IS DISTINCT FROM (p.role, p.office_id)
		AND account_person_must.role IS NOT NULL
		AND EXISTS (SELECT FROM kg.account a WHERE a.person_id = p.id) THEN
		PERFORM kg.wrong_state(format(
			'account %s is there already, with another role or office', p.id),
			'change the account''s role, or invite with the one it has');
	END IF;
END
$$;

-- Who is invited: the person named, the one with this mail address, or a new one.
CREATE OR REPLACE FUNCTION kg.account_person(actor int, person_id int, name text,
	mail text, role text, office text)
RETURNS int LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	its_office int;
	p kg.person;
BEGIN
	SELECT * INTO p FROM kg.person
	WHERE erased_at IS NULL AND CASE WHEN $2 IS NOT NULL THEN id = $2
		ELSE lower(person.mail) = lower(nullif($4, '')) END
	ORDER BY id LIMIT 1 FOR NO KEY UPDATE;
	IF FOUND AND actor = p.id THEN
		PERFORM kg.account_must(actor, p.id);
	END IF;
	IF p.id IS NULL AND $2 IS NOT NULL THEN
		PERFORM kg.missing('person ' || $2);
	END IF;
	IF p.id IS NULL OR $5 IS NOT NULL OR NOT kg.role_is_staff(p.role) THEN
		its_office := kg.account_role_must($5, $6);
	END IF;
	IF coalesce(nullif($4, ''), p.mail) IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = 'who signs in has a mail address', HINT = 'give the address';
	END IF;
	IF p.id IS NULL THEN
		RETURN ((kg.person_add(actor, kg.why(), $3, $4, NULL, $5, $6)).object_id)::int;
	END IF;
	PERFORM kg.account_person_must(p, CASE WHEN $2 IS NULL THEN $3 END, $5,
		its_office);
	UPDATE kg.person SET role = coalesce($5, p.role),
		office_id = CASE WHEN $5 IS NULL THEN p.office_id ELSE its_office END,
		municipality = NULL,
		mail = kg.mail_of(coalesce(nullif($4, ''), p.mail))
	WHERE id = p.id;
	RETURN p.id;
END
$$;

-- Invites somebody, or again who lost password or authenticator; an older invitation
-- is no longer good. hash: SHA-256 of the secret. hours: how long it is good (72).
CREATE OR REPLACE FUNCTION kg.account_invite(actor int, why text, person_id int,
	name text, mail text, role text, office text, hash bytea, hours int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	its_person int;
	its_version int;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.account_must(actor, account_invite.person_id);
	its_person := kg.account_person(actor, account_invite.person_id, name, mail,
		role, office);
	INSERT INTO kg.account AS a (person_id, login)
	SELECT p.id, lower(p.mail) FROM kg.person p WHERE p.id = its_person
	ON CONFLICT ON CONSTRAINT account_pkey DO NOTHING;
	SELECT a.version INTO its_version FROM kg.account a
	WHERE a.person_id = its_person AND a.locked_at IS NULL FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM kg.wrong_state(format('account %s is locked', its_person),
			'unlock it first');
	END IF;
	PERFORM kg.invitations_end(its_person, 'replaced');
	INSERT INTO kg.invitation (person_id, hash, created_at, expires_at)
	VALUES (its_person, account_invite.hash, kg.now(), kg.now()
		+ least(greatest(coalesce(hours, 72), 1), 720) * interval '1 hour');
	RETURN kg.write_end(true, 'account', its_person::text, its_version);
EXCEPTION WHEN unique_violation THEN
	RAISE EXCEPTION USING ERRCODE = 'KG007',
		MESSAGE = 'another account has this mail address',
		HINT = 'an address of one''s own';
END
$$;

-- Another role and office; office NULL: none. All sign-ins and API tokens end.
CREATE OR REPLACE FUNCTION kg.account_role(actor int, why text, person_id int,
	expected_version int, role text, office text)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	its_office int;
	a kg.account;
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.account_must(actor, account_role.person_id);
	a := kg.account_get(account_role.person_id, expected_version);
	its_office := kg.account_role_must(account_role.role, office);
	UPDATE kg.person p SET role = account_role.role, office_id = its_office,
		municipality = NULL
	WHERE p.id = a.person_id;
	changed := FOUND;
	SELECT x.version INTO a.version FROM kg.account x WHERE x.person_id = a.person_id;
	RETURN kg.write_end(changed, 'account', a.person_id::text, a.version);
END
$$;

-- Ends all sign-ins and invitations; API tokens rest until it is unlocked.
CREATE OR REPLACE FUNCTION kg.account_lock(actor int, why text, person_id int,
	expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account;
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.account_must(actor, account_lock.person_id);
	a := kg.account_get(account_lock.person_id, expected_version);
	UPDATE kg.account x SET locked_at = coalesce(a.locked_at, kg.now())
	WHERE x.person_id = a.person_id RETURNING x.version INTO a.version;
	changed := FOUND;
	PERFORM kg.sign_ins_end(a.person_id, 'locked'),
		kg.invitations_end(a.person_id, 'locked');
	RETURN kg.write_end(changed, 'account', a.person_id::text,
		(SELECT x.version FROM kg.account x WHERE x.person_id = a.person_id));
END
$$;

CREATE OR REPLACE FUNCTION kg.account_unlock(actor int, why text, person_id int,
	expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account;
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.account_must(actor, account_unlock.person_id);
	a := kg.account_get(account_unlock.person_id, expected_version);
	PERFORM FROM kg.person p WHERE p.id = a.person_id AND p.erased_at IS NOT NULL;
	IF FOUND THEN
		PERFORM kg.wrong_state(format('person %s is erased', a.person_id),
			'invite them anew as another person');
	END IF;
	UPDATE kg.account x SET locked_at = NULL WHERE x.person_id = a.person_id;
	changed := FOUND;
	RETURN kg.write_end(changed, 'account', a.person_id::text,
		(SELECT x.version FROM kg.account x WHERE x.person_id = a.person_id));
END
$$;

-- One's own, or another's as an admin. The current one: signed out.
CREATE OR REPLACE FUNCTION kg.sign_in_revoke(actor int, why text, sign_in_id int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	s kg.sign_in;
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.by_person_must();
	SELECT * INTO s FROM kg.sign_in x WHERE x.id = sign_in_revoke.sign_in_id;
	IF s.id IS NULL THEN
		PERFORM kg.missing('sign-in ' || sign_in_revoke.sign_in_id);
	END IF;
	IF actor IS DISTINCT FROM s.person_id THEN
		PERFORM kg.may_must(actor, 'accounts', NULL);
	END IF;
	UPDATE kg.sign_in x SET ended_at = kg.now(), ended_by = CASE
		WHEN x.id = (kg.api_me()).sign_in_id THEN 'sign_out' ELSE 'revoked' END
	WHERE x.id = s.id AND x.ended_at IS NULL;
	changed := FOUND;
	RETURN kg.write_end(changed, 'sign_in', s.id::text, NULL);
END
$$;

-- All of a person's but the one that asks; others' ends an admin, one by one.
-- Raises KG006.
CREATE OR REPLACE FUNCTION kg.sign_ins_end_others(actor int, why text)
RETURNS kg.written LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.write_begin(actor, why);
	IF (kg.api_me()).sign_in_id IS NULL THEN
		PERFORM kg.wrong_state('an API token is not signed in',
			'sign in with password and code');
	END IF;
	RETURN kg.write_end(kg.sign_ins_end(actor, 'revoked', (kg.api_me()).sign_in_id)
		> 0, 'sign_in', (kg.api_me()).sign_in_id::text, NULL);
END
$$;

-- ---- the own password and recovery codes ----

-- One's own account, locked, lately confirmed. Raises KG403, KG006.
CREATE OR REPLACE FUNCTION kg.account_own(actor int) RETURNS kg.account
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account;
BEGIN
	PERFORM kg.confirmed_must();
	SELECT * INTO a FROM kg.account x
	WHERE x.person_id = actor AND x.confirmed_at IS NOT NULL
	FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM kg.wrong_state('who signs in by a link has no password and no codes',
			'ask an administrator for an account');
	END IF;
	RETURN a;
END
$$;

-- Ends all sign-ins but the one that asks. password_hash: as crypt(5).
CREATE OR REPLACE FUNCTION kg.account_password(actor int, why text,
	password_hash text)
RETURNS kg.written LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account;
BEGIN
	PERFORM kg.write_begin(actor, why);
	a := kg.account_own(actor);
	UPDATE kg.account x SET password_hash = account_password.password_hash,
		password_set_at = kg.now(), version = x.version + 1
	WHERE x.person_id = a.person_id RETURNING x.version INTO a.version;
	PERFORM kg.sign_ins_end(a.person_id, 'password', (kg.api_me()).sign_in_id);
	RETURN kg.write_end(true, 'account', a.person_id::text, a.version);
END
$$;

-- Ten new ones, by the SHA-256 of each; the old ones are no longer good.
CREATE OR REPLACE FUNCTION kg.account_recovery(actor int, why text, hashes bytea[])
RETURNS kg.written LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	a kg.account;
BEGIN
	PERFORM kg.write_begin(actor, why);
	a := kg.account_own(actor);
	DELETE FROM kg.recovery_code c WHERE c.person_id = a.person_id;
	INSERT INTO kg.recovery_code (person_id, hash)
	SELECT a.person_id, h FROM unnest(hashes) AS h;
	UPDATE kg.account x SET recovery_set_at = kg.now(), version = x.version + 1
	WHERE x.person_id = a.person_id RETURNING x.version INTO a.version;
	RETURN kg.write_end(true, 'account', a.person_id::text, a.version);
END
$$;

-- ---- for the operator ----

CREATE OR REPLACE FUNCTION kg.account_state(a kg.account) RETURNS text
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT CASE WHEN a.locked_at IS NOT NULL THEN 'locked'
		WHEN a.confirmed_at IS NULL THEN 'invited' ELSE 'active' END
$$;

CREATE OR REPLACE FUNCTION kg.account_list() RETURNS TABLE (person_id int,
	name text, role text, office text, state text, recovery_codes int,
	last_sign_in_at timestamptz, version int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
	SELECT p.id, p.name, p.role, o.code, kg.account_state(a),
		(SELECT count(*)::int FROM kg.recovery_code c
			WHERE c.person_id = p.id AND c.used_at IS NULL),
		(SELECT max(s.created_at) FROM kg.sign_in s WHERE s.person_id = p.id),
		a.version
	FROM kg.account a JOIN kg.person p ON p.id = a.person_id
		LEFT JOIN kg.office o ON o.id = p.office_id
	ORDER BY p.id
$$;

-- What nobody asks for any more: called by the keeper once a day.
CREATE OR REPLACE FUNCTION kg.accounts_clean() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	old timestamptz := kg.now() - interval '30 days';
	gone int;
	n int;
BEGIN
	DELETE FROM kg.sign_in s WHERE coalesce(s.ended_at, kg.sign_in_ends_at(s)) < old;
	GET DIAGNOSTICS gone = ROW_COUNT;
	DELETE FROM kg.invitation i WHERE coalesce(i.ended_at, i.expires_at) < old;
	GET DIAGNOSTICS n = ROW_COUNT;
	gone := gone + n;
	UPDATE kg.invitation i SET password_hash = NULL, totp_secret = NULL
	WHERE i.expires_at < kg.now() AND i.password_hash IS NOT NULL;
	DELETE FROM kg.mail_link l WHERE l.expires_at < old;
	GET DIAGNOSTICS n = ROW_COUNT;
	gone := gone + n;
	DELETE FROM kg.sign_in_start s WHERE s.expires_at <= kg.now();
	GET DIAGNOSTICS n = ROW_COUNT;
	gone := gone + n;
	DELETE FROM kg.sign_in_try WHERE next_try_at < kg.now() - interval '1 hour';
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN gone + n;
END
$$;
