-- Due work: holds that run out, who is told of them, and what is kept no longer.
CREATE FUNCTION hold(starts timestamp, expires_in interval, room int DEFAULT 4)
RETURNS int LANGUAGE sql AS $$
	INSERT INTO kg.booking (room_id, kind, title, starts_local, ends_local,
		setup_min, clear_min, status, expires_at)
	VALUES (room, 'internal', 'Møde {room}', starts, starts + interval '3 hours', 0,
		0, 'held', kg.now() + expires_in)
	RETURNING id
$$;
CREATE VIEW mails AS SELECT id, kind, person_id, office_id, facts, tries, ended_as,
	problem FROM kg.outbox ORDER BY id;

-- ---- warnings and expiry ----
BEGIN;
SELECT is(set_config('kg.actor', '6', true), '6', 'coordinator K acts');
SELECT is(hold('2030-03-01 09:00', '47 hours'), 1, 'a hold of somebody''s');
COMMIT;
SELECT is(hold('2030-03-02 09:00', '49 hours'), 2, 'a later one, by the operator');
SELECT results_eq('SELECT * FROM kg.job_holds_warn()', 'VALUES (1::bigint, NULL::text)',
	'a hold that ends within 48 hours is warned about');
SELECT is((SELECT count(*) FROM mails), 0::bigint,
	'who has no address, and no office with a mailbox, gets no mail');
UPDATE kg.person SET mail = 'k@example.org' WHERE id = 6;
UPDATE kg.booking SET warned_at = NULL WHERE id = 1;
SELECT is((SELECT did FROM kg.job_holds_warn()), 1::bigint, 'again');
SELECT results_eq('SELECT kind, person_id, office_id FROM mails',
	$$VALUES ('hold_warning', 6, NULL::int)$$, 'who made it gets the mail');
SELECT is((SELECT did FROM kg.job_holds_warn()), 0::bigint, 'and only once');
SELECT is((SELECT count(*) FROM mails), 1::bigint, 'one mail');
UPDATE kg.office SET mail = 'herlev@example.org' WHERE id = 2;
UPDATE kg.clock SET shift = '2 hours';
SELECT is((SELECT did FROM kg.job_holds_warn()), 1::bigint, 'the later one in time');
SELECT is((SELECT office_id FROM mails WHERE facts ->> 'booking' = '2'), 2,
	'an office with a mailbox gets it there');
SELECT is((SELECT give_up_at = expires_at FROM kg.outbox m JOIN kg.booking b
		ON b.id = (m.facts ->> 'booking')::int WHERE b.id = 1), true,
	'a warning is not sent when the hold has ended');
SELECT is((SELECT did FROM kg.job_holds_expire()), 0::bigint, 'nothing is due');
UPDATE kg.clock SET shift = '47 hours';
SELECT is((SELECT did FROM kg.job_holds_expire()), 1::bigint, 'the first one is');
SELECT is((SELECT status FROM kg.booking WHERE id = 1), 'expired', 'it has expired');
SELECT is((SELECT why FROM kg.journal WHERE object = 'booking' AND object_id = '1'
	ORDER BY id DESC LIMIT 1), 'the hold has run out', 'the journal says why');
SELECT is((SELECT count(*) FROM mails WHERE kind = 'hold_expired'
	AND office_id = 2), 1::bigint, 'and the office is told');
UPDATE kg.clock SET shift = '50 hours';
SELECT is((kg.booking_create(NULL, 'x', 4, '2030-03-02 10:00', '2030-03-02 11:00', 0, 0,
	'internal', NULL, NULL, NULL, 'Andet møde', NULL)).changed, true,
	'who wants the room makes the second expire');
SELECT is((SELECT count(*) FROM mails WHERE kind = 'hold_expired'
	AND facts ->> 'booking' = '2'), 1::bigint, 'and the office is told as well');

-- ---- one keeper at a time ----
SELECT dblink_connect('other', :'dsn') AS _ \gset
SELECT dblink_exec('other', 'BEGIN') AS _ \gset
SELECT is((SELECT n FROM dblink('other', 'SELECT count(*) FROM kg.job_holds_expire()')
	AS t (n bigint)), 1::bigint, 'another keeper is at it');
SELECT is_empty('SELECT * FROM kg.job_holds_expire()', 'so this one does nothing');
SELECT isnt_empty('SELECT * FROM kg.job_holds_warn()', 'but other jobs');
SELECT dblink_exec('other', 'COMMIT') AS _ \gset
SELECT isnt_empty('SELECT * FROM kg.job_holds_expire()', 'then it may again');

-- ---- sending ----
UPDATE kg.clock SET shift = '60 hours';
DELETE FROM kg.outbox;
SELECT isnt(kg.mail_queue('hold_expired', NULL, 2, '{"room": "Øst {venue}",
	"title": "A {secret}", "venue": "Huset"}'), NULL, 'a mail is queued');
SELECT results_eq(
	$$SELECT recipient, subject, position('A {secret}' in body) > 0,
		position('Øst {venue}, Huset' in body) > 0
	FROM kg.mails_claim('https://x', 10)$$,
	$$VALUES ('herlev@example.org', 'Forhåndsreservationen af Øst {venue} er udløbet',
		true, true)$$, 'it is filled in once, and braces in a fact stay');
SELECT is_empty($$SELECT * FROM kg.mails_claim('https://x', 10)$$,
	'a mail that was taken is nobody else''s');
SELECT is((SELECT kg.mail_end(id, 'no answer') FROM mails), true, 'a try fails');
SELECT is((SELECT round(extract(epoch FROM next_try_at - kg.now()) / 60)
	FROM kg.outbox), 1::numeric,
	'the next comes after a minute');
CREATE FUNCTION tries(n int) RETURNS interval[] LANGUAGE plpgsql AS $$
DECLARE
	all_waits interval[];
	wait interval;
BEGIN
	FOR i IN 1..n LOOP
		UPDATE kg.outbox SET next_try_at = kg.now() WHERE ended_at IS NULL;
		PERFORM kg.mails_claim('https://x', 10);
		SELECT next_try_at - kg.now() INTO wait FROM kg.outbox;
		all_waits := all_waits || wait;
	END LOOP;
	RETURN all_waits;
END
$$;
SELECT is(tries(8), '{2 min,4 min,8 min,16 min,32 min,1 h,1 h,1 h}'::interval[],
	'then later and later, up to an hour');
SELECT is_empty('SELECT * FROM kg.job_mails_give_up()', 'it is not given up yet');
UPDATE kg.clock SET shift = '133 hours';
SELECT is_empty($$SELECT * FROM kg.mails_claim('https://x', 10)$$,
	'after three days it is not sent');
SELECT results_eq('SELECT did, what ~ ''^mail \d+ \(hold_expired\), tried 9 times: no'
	' answer$'' FROM kg.job_mails_give_up()', 'VALUES (1::bigint, true)',
	'but given up, and the log is told once, without the address');
SELECT is_empty('SELECT * FROM kg.job_mails_give_up()', 'once');
SELECT results_eq('SELECT ended_as, facts FROM mails',
	'VALUES (''given_up'', NULL::jsonb)', 'its text is forgotten');
SELECT is(kg.mails_waiting(), 0::bigint, 'nothing waits');
SELECT is((SELECT kg.mail_end(id, NULL) FROM mails), false,
	'a try that ends later changes nothing');

SELECT is(kg.mail_queue('hold_warning', 6, NULL, '{"room": "Øst"}') IS NULL, false,
	'another mail');
SELECT is((SELECT kg.mail_end(id, NULL) FROM kg.mails_claim('https://x', 10)), true,
	'is sent');
SELECT results_eq('SELECT ended_as, facts FROM mails WHERE kind = ''hold_warning''',
	'VALUES (''sent'', NULL::jsonb)', 'its text is forgotten');
SELECT is(kg.mail_queue('hold_warning', 5, NULL, '{}'), NULL,
	'who has no address gets no mail');
SELECT is(kg.mail_queue('hold_warning', 1, NULL, '{}') IS NULL, false, 'a third');
UPDATE kg.person SET erased_at = kg.now(), name = 'slettet', mail = NULL WHERE id = 1;
SELECT is(kg.mails_waiting(), 0::bigint, 'who is erased gets no more mail');

-- Claimed at once by two: each gets others.
SELECT isnt(kg.mail_queue('hold_warning', 6, NULL, '{}'), NULL, n || ' waits')
	FROM (VALUES ('one'), ('another')) AS t (n);
SELECT dblink_exec('other', 'BEGIN') AS _ \gset
SELECT is((SELECT n FROM dblink('other',
	$$SELECT count(*) FROM kg.mails_claim('https://x', 1)$$) AS t (n bigint)),
	1::bigint, 'a keeper takes one');
SELECT is((SELECT count(*) FROM kg.mails_claim('https://x', 10)), 1::bigint,
	'another does not wait for it and takes the other one');
SELECT dblink_exec('other', 'COMMIT') AS _ \gset
SELECT is(kg.mails_waiting(), 2::bigint, 'both wait until they were sent');

-- ---- invitations ----
UPDATE kg.person SET mail = 'adm@example.org' WHERE id = 4;
SELECT is((kg.account_invite(NULL, 'x', 4, NULL, NULL, NULL, NULL,
	kg.secret_hash('secret one'), 48)).changed, true, 'somebody is invited');
SELECT ok(kg.account_invitation_mail('secret one'), 'by mail');
SELECT is((SELECT m.give_up_at = i.expires_at FROM kg.outbox m
		JOIN kg.invitation i ON i.person_id = m.person_id AND i.ended_at IS NULL
	WHERE m.kind = 'account_invitation'), true,
	'which is not sent when the link is no longer good');
SELECT is((kg.account_invite(NULL, 'x', 4, NULL, NULL, NULL, NULL,
	kg.secret_hash('secret two'), 48)).changed, true, 'and again');
SELECT throws_ok($$SELECT kg.account_invitation_mail('secret one')$$, 'KG004', NULL,
	'an older link is not sent');
SELECT ok(kg.account_invitation_mail('secret two'), 'the newer is');
SELECT results_eq($$SELECT recipient, body ~ 'Hej Administrator\n'
		AND body ~ '\nhttps://x/log-ind/invitation/secret two\n'
		AND body ~ 'adgang som administrator', body !~ '[{}]', body !~ '[^\n]{79}'
	FROM kg.mails_claim('https://x', 10)$$,
	$$VALUES ('adm@example.org', true, true, true)$$, 'and leads to this server');
SELECT is((SELECT kg.mail_end(id, NULL) FROM mails
	WHERE kind = 'account_invitation'), true, 'it is sent');
SELECT is((SELECT count(*) FROM kg.outbox m WHERE m::text ~ 'secret'), 0::bigint,
	'and no secret stays behind');

-- ---- what is kept no longer ----
INSERT INTO kg.idempotency (actor_id, key, route, request_hash, status, created_at)
VALUES (0, 'old', 'x', '', 200, kg.now() - interval '25 hours'),
	(0, 'new', 'x', '', 200, kg.now() - interval '23 hours');
SELECT is((SELECT did FROM kg.job_answers_clean()), 1::bigint, 'an answer, after a day');
SELECT is((SELECT string_agg(key, ' ') FROM kg.idempotency), 'new', 'not before');
INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at, last_seen_at,
	ended_at, ended_by)
SELECT 4, sha256(d::text::bytea), 'admin', t, t, t, t, 'revoked'
FROM unnest('{29,31}'::int[]) AS d,
	LATERAL (SELECT kg.now() - d * interval '1 day' AS t) AS at;
SELECT is((SELECT did FROM kg.job_accounts_clean()), 1::bigint,
	'a sign-in, 30 days after its end');
UPDATE kg.clock SET shift = '800 hours';
SELECT is((SELECT did FROM kg.job_mails_clean()), 0::bigint, 'no mail before');
UPDATE kg.clock SET shift = '1000 hours';
SELECT is((SELECT did FROM kg.job_mails_clean()), (SELECT count(*) FROM kg.outbox
	WHERE ended_at IS NOT NULL), 'mails, 30 days after their end');

-- ---- constraints ----
SELECT isnt(kg.mail_queue('hold_warning', 6, NULL, '{}'), NULL, 'one to be changed');
SELECT throws_matching('UPDATE kg.outbox SET ' || change, violates,
	violates || ': ' || change)
FROM (VALUES ('kind = ''A b''', 'outbox_kind_check'),
	('problem = repeat(''x'', 201)', 'outbox_problem_check'),
	('ended_at = now(), ended_as = ''x'', facts = NULL', 'outbox_ended_as_check'),
	('office_id = 1', 'outbox_is_for_one'), ('person_id = NULL', 'outbox_is_for_one'),
	('ended_at = now(), facts = NULL', 'outbox_ends_as_something'),
	('ended_as = ''sent''', 'outbox_ends_as_something'),
	('ended_at = now(), ended_as = ''sent''', 'outbox_ended_forgets'),
	('facts = NULL', 'outbox_ended_forgets')) AS t (change, violates);

-- ---- every text ----
SELECT is_empty($$SELECT k FROM unnest('{account_invitation,hold_warning,
	hold_expired}'::text[]) AS k, kg.mail_template(k) AS t
	WHERE t.subject IS NULL OR t.body IS NULL OR t.body ~ '[^\n]{79}'
		OR t.body !~ '\n$'$$, 'each kind has a text, in short lines');
SET ROLE kattegat;
SELECT throws_ok(s, '42501', NULL, s) FROM (VALUES ('SELECT * FROM kg.outbox'),
	('SELECT kg.mail_queue(''x'', 1, NULL, ''{}'')')) AS t (s);
RESET ROLE;
SELECT dblink_disconnect('other') AS _ \gset
SELECT * FROM finish();
