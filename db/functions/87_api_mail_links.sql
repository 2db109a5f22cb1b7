-- The JSON API: signing in by a one-time link that came by mail, for teachers and
-- whoever else has no account. Staff with an account give password and code.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.api_route (name, verb, secrets) VALUES
	('mail_link_send', NULL, '{}'), ('mail_link_use', NULL, '{token}');

-- Who gets a link at this address: one person without an account; else nobody.
CREATE OR REPLACE FUNCTION kg.mail_link_person(mail text) RETURNS int
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT min(p.id) FROM kg.person p
	WHERE lower(p.mail) = lower(btrim($1)) AND p.erased_at IS NULL
		AND p.role = 'teacher'
		AND NOT EXISTS (SELECT FROM kg.account a WHERE a.person_id = p.id)
	HAVING count(*) = 1
$$;

-- Queues the mail. The answer is the same whoever has the address; more than three
-- links that are good at once are not sent. input: mail
CREATE OR REPLACE FUNCTION kg.api_mail_link_send(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	person int := kg.mail_link_person(input ->> 'mail');
	secret text := kg.secret_new();
	ends timestamptz := kg.now() + interval '15 minutes';
BEGIN
	-- several at once count each other
	PERFORM FROM kg.person p WHERE p.id = person FOR NO KEY UPDATE;
	IF person IS NOT NULL AND (SELECT count(*) < 3 FROM kg.mail_link l
		WHERE l.person_id = person AND kg.now() < l.expires_at) THEN
		INSERT INTO kg.mail_link (person_id, hash, created_at, expires_at)
		VALUES (person, kg.secret_hash(secret), kg.now(), ends);
		PERFORM kg.mail_queue('mail_link', person, NULL,
			jsonb_build_object('token', secret), ends);
	END IF;
	RETURN kg.api_ok(jsonb_build_object('valid_min', 15), 202);
END
$$;

-- Signs in and uses the link up. Raises KG004. input: token
CREATE OR REPLACE FUNCTION kg.api_mail_link_use(actor_id int, input jsonb,
	expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	its kg.mail_link;
	p kg.person;
	s kg.sign_in;
	secret text := kg.secret_new();
BEGIN
	UPDATE kg.mail_link l SET used_at = kg.now()
	WHERE l.hash = kg.secret_hash(input ->> 'token') AND l.used_at IS NULL
		AND kg.now() < l.expires_at
	RETURNING * INTO its;
	SELECT * INTO p FROM kg.person x
	WHERE x.id = its.person_id AND x.id = kg.mail_link_person(x.mail);
	IF NOT FOUND THEN
		PERFORM kg.missing('such link, or it is no longer good',
			'ask for a new one');
	END IF;
	PERFORM kg.write_begin(p.id, 'API: mail_link_use');
	INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at,
		last_seen_at)
	VALUES (p.id, kg.secret_hash(secret), p.role, kg.now(), kg.now(), kg.now())
	RETURNING * INTO s;
	RETURN kg.api_ok(kg.api_signed_in(s) || jsonb_build_object('token', secret), 201,
		'/api/v1/sign-ins/' || s.id);
END
$$;
