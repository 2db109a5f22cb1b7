-- The JSON API: signing in by a one-time link that came by mail, for teachers,
-- members of councils and their secretaries. Staff with an account give password and code.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb, secrets) VALUES
	('mail_link_send', NULL, '{}'), ('mail_link_use', NULL, '{token}');

-- Who gets a link at this address: one person without an account; else nobody.
CREATE OR REPLACE FUNCTION kg.mail_link_person(mail text) RETURNS int
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT min(p.id) FROM kg.person p
	WHERE lower(p.mail) = lower(btrim($1)) AND p.erased_at IS NULL
		AND NOT kg.role_is_staff(p.role)
		AND NOT EXISTS (SELECT FROM kg.account a WHERE a.person_id = p.id)
	HAVING count(*) = 1
$$;

-- Makes a link and queues its mail. Of one that nobody gets, keep false, all is done
-- and taken back: it takes as long, and who measures learns nothing.
CREATE OR REPLACE FUNCTION kg.mail_link_put(person_id int, keep bool) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	secret text := kg.secret_new();
	ends timestamptz := kg.now() + interval '15 minutes';
BEGIN
	INSERT INTO kg.mail_link (person_id, hash, created_at, expires_at)
	VALUES (mail_link_put.person_id, kg.secret_hash(secret), kg.now(), ends);
	PERFORM kg.mail_queue('mail_link', mail_link_put.person_id, NULL,
		jsonb_build_object('token', secret), ends);
	IF NOT keep THEN
		RAISE SQLSTATE 'KG004';
	END IF;
EXCEPTION WHEN SQLSTATE 'KG004' THEN
	NULL;
END
$$;

-- Queues the mail. The answer is the same whoever has the address, and so is the time
-- it takes; more than three links that are good at once are not sent. To ask is no
-- guess: a whole course may do it through one network. input: mail, address, free
CREATE OR REPLACE FUNCTION kg.api_mail_link_send(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	person int := kg.mail_link_person(input ->> 'mail');
	-- in whose place a link for nobody is made
	anybody int := (SELECT p.id FROM kg.person p
		WHERE p.mail IS NOT NULL AND p.erased_at IS NULL ORDER BY p.id LIMIT 1);
	-- each counts, for whom it is and not
	wait_s int := kg.sign_in_try_count(sha256(kg.sign_in_address_hash(input)),
		6 * coalesce((input ->> 'free')::int, 0), '10 minutes');
	made bigint;
BEGIN
	IF wait_s > 0 THEN
		RETURN kg.api_ok(jsonb_build_object('wait_s', wait_s), 202);
	END IF;
	-- several at once count each other
	PERFORM pg_advisory_xact_lock(7, hashtext(lower(btrim(input ->> 'mail'))));
	SELECT count(*) INTO made FROM kg.mail_link l
	WHERE l.person_id = coalesce(person, anybody) AND kg.now() < l.expires_at;
	IF anybody IS NOT NULL THEN
		PERFORM kg.mail_link_put(coalesce(person, anybody),
			person IS NOT NULL AND made < 3);
	END IF;
	RETURN kg.api_ok(jsonb_build_object('valid_min', 15), 202);
END
$$;

-- Signs in and uses the link up. input: token, address, client, and token_hash when the
-- caller has made the session's secret: then the answer holds none; with a form_hash it
-- may be sent again. An address that was
-- wrong too often waits here too: {"signed_in": false, "wait_s"}. A guess is told by
-- KG004, which takes all back: whoever asks counts it.
CREATE OR REPLACE FUNCTION kg.api_mail_link_use(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	wait_s int := kg.sign_in_try_wait(kg.sign_in_address_hash(input),
		coalesce((input ->> 'free')::int, 0));
	p kg.person;
	s kg.sign_in;
	secret text := kg.secret_new();
BEGIN
	IF wait_s > 0 THEN
		RETURN kg.api_ok(jsonb_build_object('signed_in', false,
			'wait_s', wait_s));
	END IF;
	UPDATE kg.mail_link l SET used_at = kg.now()
	FROM kg.person x
	WHERE l.hash = kg.secret_hash(input ->> 'token') AND l.used_at IS NULL
		AND kg.now() < l.expires_at
		AND x.id = l.person_id AND x.id = kg.mail_link_person(x.mail)
	RETURNING x.* INTO p;
	IF NOT FOUND THEN
		s := kg.sign_in_renew(input);
		IF s.id IS NULL THEN
			PERFORM kg.missing('such link, or it is no longer good',
				'ask for a new one');
		END IF;
		RETURN kg.api_ok(kg.api_signed_in(s), 201, '/api/v1/sign-ins/' || s.id);
	END IF;
	PERFORM kg.write_begin(p.id, 'API: mail_link_use');
	INSERT INTO kg.sign_in (person_id, hash, role, client, created_at, confirmed_at,
		last_seen_at)
	VALUES (p.id, coalesce(decode(input ->> 'token_hash', 'hex'),
		kg.secret_hash(secret)), p.role, kg.sign_in_client(input), kg.now(),
		kg.now(), kg.now())
	RETURNING * INTO s;
	PERFORM kg.sign_in_form_keep(input, s.id);
	RETURN kg.api_ok(kg.api_signed_in(s) || CASE WHEN input ? 'token_hash' THEN '{}'
			ELSE jsonb_build_object('token', secret) END, 201,
		'/api/v1/sign-ins/' || s.id);
END
$$;
