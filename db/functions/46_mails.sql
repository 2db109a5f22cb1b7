-- Mail: what each says, how one is queued, and how the keeper takes it from there.
SET LOCAL ROLE kattegat_owner;

-- ---- the texts ----

-- In Danish. {name} is filled in from the mail's facts; {base_url} is this server's,
-- {name} the recipient's.
CREATE OR REPLACE FUNCTION kg.mail_template(kind text, OUT subject text, OUT body text)
LANGUAGE sql IMMUTABLE AS $$
	SELECT t.subject, t.body FROM (VALUES
('account_invitation',
'Du er inviteret til Kattegat',
'Hej {name}

Du er inviteret til Kattegat, hvor Politikerakademiet planlægger sine kurser
og booker lokaler. Du får adgang som {role}.

Åbn linket, vælg en adgangskode, og knyt en app til engangskoder til din
konto (som Aegis, Microsoft Authenticator eller Google Authenticator):

{base_url}/log-ind/invitation/{token}

Linket gælder til {expires} og kan kun bruges én gang.
Send det ikke videre: den, der har linket, kan oprette sig som dig.

Ventede du ikke denne mail, så slet den. Så sker der ikke mere.

Venlig hilsen
Politikerakademiet
'),
('mail_link',
'Dit link til Kattegat',
'Hej {name}

Her er linket, du bad om. Åbn det for at logge ind:

{base_url}/log-ind/{token}

Linket gælder i et kvarter og kan kun bruges én gang.
Send det ikke videre: den, der har linket, kan logge ind som dig.

Bad du ikke om det, så slet mailen. Så sker der ikke mere.

Venlig hilsen
Politikerakademiet
'),
('hold_warning',
'Forhåndsreservationen af {room} udløber {expires}',
'Hej

Forhåndsreservationen udløber {expires}:

    {title}
    {room}, {venue}
    {span}

Bekræft den inden da, hvis I stadig skal bruge lokalet. Ellers bliver lokalet
frit for andre, uden at I skal gøre mere.

Forhåndsreservationen har nummer {booking}.

Venlig hilsen
Kattegat, Politikerakademiets lokalebooking
'),
('hold_expired',
'Forhåndsreservationen af {room} er udløbet',
'Hej

Forhåndsreservationen udløb {expires}, og lokalet er igen frit for andre:

    {title}
    {room}, {venue}
    {span}

Skal I alligevel bruge lokalet, så book det igen, hvis det stadig er ledigt.

Forhåndsreservationen havde nummer {booking}.

Venlig hilsen
Kattegat, Politikerakademiets lokalebooking
')
	) AS t (kind, subject, body)
	WHERE t.kind = mail_template.kind
$$;

-- Fills a template in, in one pass: what is filled in is never looked at again.
CREATE OR REPLACE FUNCTION kg.mail_fill(template text, facts jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT string_agg(CASE WHEN n = 1 THEN piece
		ELSE coalesce(facts ->> split_part(piece, '}', 1), '')
			|| substr(piece, strpos(piece, '}') + 1) END, '' ORDER BY n)
	FROM unnest(string_to_array(template, '{')) WITH ORDINALITY AS t (piece, n)
$$;

-- "21. januar 2027 kl. 09.00"
CREATE OR REPLACE FUNCTION kg.local_in_danish(at_local timestamp) RETURNS text
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT kg.day_in_danish(at_local AT TIME ZONE 'UTC', 'UTC')
		|| to_char(at_local, '" kl. "HH24.MI')
$$;

CREATE OR REPLACE FUNCTION kg.role_in_danish(role text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE role WHEN 'coordinator' THEN 'koordinator'
		WHEN 'planner' THEN 'planlægger' WHEN 'admin' THEN 'administrator'
		WHEN 'auditor' THEN 'revisor' WHEN 'councillor' THEN 'kommunalbestyrelsesmedlem'
		WHEN 'secretary' THEN 'byrådssekretariat' ELSE 'underviser' END
$$;

-- ---- queueing ----

-- To a person or to an office's mailbox, in the transaction of the change that it
-- tells of; when that is rolled back, so is the mail. Who has no address gets none
-- and the change stands: NULL. A mail is tried until give_up_at, three days at most.
CREATE OR REPLACE FUNCTION kg.mail_queue(kind text, person_id int, office_id int,
	facts jsonb, give_up_at timestamptz DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	new_id bigint;
BEGIN
	IF kg.mail_address(person_id, office_id) IS NULL THEN
		RETURN NULL;
	END IF;
	INSERT INTO kg.outbox (kind, person_id, office_id, message_id, facts,
		created_at, give_up_at, next_try_at)
	VALUES (mail_queue.kind, mail_queue.person_id, mail_queue.office_id,
		gen_random_uuid() || '@' || (SELECT s.domain FROM kg.site s),
		coalesce(mail_queue.facts, '{}'), kg.now(),
		least(mail_queue.give_up_at, kg.now() + interval '3 days'), kg.now())
	RETURNING id INTO new_id;
	RETURN new_id;
END
$$;

CREATE OR REPLACE FUNCTION kg.mail_address(person_id int, office_id int)
RETURNS text LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT p.mail::text FROM kg.person p WHERE p.id = $1 AND p.erased_at IS NULL
	UNION ALL
	SELECT o.mail::text FROM kg.office o WHERE o.id = $2
$$;

-- Sends the link to who was invited. secret: what the invitation's hash is of.
-- Raises KG004 when no open invitation has it.
CREATE OR REPLACE FUNCTION kg.account_invitation_mail(secret text) RETURNS bool
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	its kg.invitation;
BEGIN
	SELECT * INTO its FROM kg.invitation i
	WHERE i.hash = kg.secret_hash(secret) AND i.ended_at IS NULL;
	IF NOT FOUND THEN
		PERFORM kg.missing('such invitation', 'invite again');
	END IF;
	-- a mail with an older link would lead nowhere
	DELETE FROM kg.outbox m WHERE m.person_id = its.person_id
		AND m.kind = 'account_invitation' AND m.ended_at IS NULL;
	RETURN kg.mail_queue('account_invitation', its.person_id, NULL,
		jsonb_build_object('token', secret,
			'role', (SELECT kg.role_in_danish(p.role) FROM kg.person p
				WHERE p.id = its.person_id),
			'expires', kg.local_in_danish(
				its.expires_at AT TIME ZONE 'Europe/Copenhagen')),
		its.expires_at) IS NOT NULL;
END
$$;

-- Who is erased gets no more mail.
CREATE OR REPLACE FUNCTION kg.person_mails() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	DELETE FROM kg.outbox m WHERE m.person_id = NEW.id AND m.ended_at IS NULL;
	RETURN NULL;
END
$$;

CREATE TRIGGER e_mails AFTER UPDATE OF erased_at ON kg.person
	FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL)
	EXECUTE FUNCTION kg.person_mails();

-- ---- sending: for the keeper ----

-- Takes at most so many that are due. Taking counts as a try and names the next one
-- (after 1 minute, doubling to an hour), so that a keeper that dies over a mail does
-- not keep it; one that is skipped here is in another keeper's hands. recipient is
-- NULL when nobody has an address any more.
CREATE OR REPLACE FUNCTION kg.mails_claim(base_url text, most int)
RETURNS TABLE (id bigint, kind text, message_id text, recipient text, subject text,
	body text, at_s bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
	WITH due AS (
		SELECT m.id FROM kg.outbox m
		WHERE m.ended_at IS NULL AND m.next_try_at <= kg.now()
			AND m.give_up_at > kg.now()
		ORDER BY m.next_try_at, m.id LIMIT most
		FOR UPDATE SKIP LOCKED
	), taken AS (
		UPDATE kg.outbox m SET tries = m.tries + 1, next_try_at = kg.now()
			+ least(power(2, least(m.tries, 10)), 60) * interval '1 minute'
		FROM due WHERE m.id = due.id
		RETURNING m.*
	), filled AS (
		SELECT t.*, t.facts || jsonb_build_object('base_url', base_url,
			'name', p.name) AS all_facts
		FROM taken t LEFT JOIN kg.person p ON p.id = t.person_id)
	SELECT f.id, f.kind, f.message_id, kg.mail_address(f.person_id, f.office_id),
		kg.mail_fill(l.subject, f.all_facts), kg.mail_fill(l.body, f.all_facts),
		extract(epoch FROM f.created_at)::bigint
	FROM filled f CROSS JOIN kg.mail_template(f.kind) AS l
	ORDER BY f.id
$$;

-- A try is over: problem NULL: the server has taken it, and its text is forgotten.
CREATE OR REPLACE FUNCTION kg.mail_end(id bigint, problem text) RETURNS bool
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF mail_end.problem IS NOT NULL THEN
		UPDATE kg.outbox m SET problem = left(mail_end.problem, 200)
		WHERE m.id = mail_end.id AND m.ended_at IS NULL;
	ELSE
		UPDATE kg.outbox m SET ended_at = kg.now(), ended_as = 'sent',
			facts = NULL, problem = NULL
		WHERE m.id = mail_end.id AND m.ended_at IS NULL;
	END IF;
	RETURN FOUND;
END
$$;

-- How many wait.
CREATE OR REPLACE FUNCTION kg.mails_waiting() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
	SELECT count(*) FROM kg.outbox m WHERE m.ended_at IS NULL
$$;
