-- Who may do what: the whole matrix.
CREATE TABLE matrix AS
SELECT p.id, p.role, v.verb, o.place, kg.may(p.id, v.verb, CASE o.place
	WHEN 'own' THEN coalesce(p.office_id, 1)
	WHEN 'other' THEN 3 - coalesce(p.office_id, 1) END) AS may
FROM kg.person p
	CROSS JOIN unnest(array['calendar', 'places', 'catalogue', 'people',
		'registry', 'staff', 'accounts', 'anything']) AS v (verb)
	CROSS JOIN unnest(array['own', 'other', 'none']) AS o (place);
SELECT is(may, expected, format('a %s may %schange %s of %s office', role,
	CASE WHEN expected THEN '' ELSE 'not ' END, verb, place))
FROM (SELECT DISTINCT role, verb, place, may, CASE role
		WHEN 'coordinator' THEN verb = 'staff'
			OR verb = 'calendar' AND place = 'own'
		WHEN 'auditor' THEN verb = 'staff'
		WHEN 'planner' THEN verb NOT IN ('accounts', 'anything')
		WHEN 'admin' THEN verb IN ('people', 'places', 'registry',
			'staff', 'accounts')
		ELSE false END AS expected
	FROM matrix) AS t
ORDER BY role, verb, place;
SELECT ok(kg.may(NULL, 'anything', NULL), 'the operator may');
SELECT ok(NOT kg.may(99, 'calendar', 1), 'nobody that is not there may');
UPDATE kg.person SET erased_at = now() WHERE id = 2;
SELECT ok(NOT kg.may(2, 'calendar', 1), 'nor somebody erased');
UPDATE kg.person SET erased_at = NULL WHERE id = 2;

-- every function that changes something asks
CREATE TABLE asks (verb text, statement text);
INSERT INTO asks VALUES
('places', $$kg.office_add(%1$s, 'x', '{"code": "XYZ", "name": "A", "town": "A"}')$$),
('places', $$kg.office_change(%1$s, 'x', 'AAR', NULL, '{"town": "A"}')$$),
('places', $$kg.venue_add(%1$s, 'x', 'AAR', 'A', NULL, NULL, 'A', NULL, NULL,
	false)$$),
('places', $$kg.venue_change(%1$s, 'x', 2, NULL, 'A', NULL, NULL, NULL, NULL,
	NULL)$$),
('places', $$kg.room_add(%1$s, 'x', 1, 'A', NULL, false, false, NULL)$$),
('places', $$kg.room_change(%1$s, 'x', 1, NULL, '{}')$$),
('places', $$kg.room_setup_put(%1$s, 'x', 1, NULL, 'circle', 10, 0, 0)$$),
('places', $$kg.room_setup_remove(%1$s, 'x', 1, NULL, 'none')$$),
('people', $$kg.person_add(%1$s, 'x', 'A', NULL, NULL, 'teacher', NULL)$$),
('people', $$kg.token_create(%1$s, 'x', 7, sha256('%1$s'), 'A', NULL)$$),
('people', $$kg.token_revoke(%1$s, 'x', (SELECT max(id) FROM kg.feed_token),
	NULL)$$),
('catalogue', $$kg.seminar_change(%1$s, 'x', 'kursus', NULL, '{}')$$),
('catalogue', $$kg.seminar_add(%1$s, 'x', 's%1$s', 'S', NULL, NULL, NULL, false,
	NULL)$$),
('calendar', $$kg.run_move(%1$s, 'x', 'R-1', NULL, '2030-03-01', NULL)$$),
('calendar', $$kg.run_cancel(%1$s, 'x', 'R-1', NULL)$$),
('calendar', $$kg.run_restore(%1$s, 'x', 'R-1', NULL)$$),
('calendar', $$kg.session_move(%1$s, 'x', 'R-1', 1, NULL, '2030-02-01 10:00',
	NULL, NULL, NULL)$$),
('calendar', $$kg.session_cancel(%1$s, 'x', 'R-1', 1, NULL)$$),
('calendar', $$kg.session_restore(%1$s, 'x', 'R-1', 1, NULL)$$),
('calendar', $$kg.session_teacher_set(%1$s, 'x', 'R-1', 1, 7, 'asked')$$),
('calendar', $$kg.session_teacher_remove(%1$s, 'x', 'R-1', 1, 7)$$),
('calendar', $$kg.booking_create(%1$s, 'x', 1, '2030-05-02 09:00',
	'2030-05-02 10:00', 0, 0, 'internal', NULL, NULL, NULL, 'A', NULL)$$),
('calendar', $$kg.run_create(%1$s, 'x', '{"run_no": "NY-1", "seminar": "kursus",
	"office": "AAR", "venue_id": 1, "capacity": 10, "sessions": [{"starts_local":
	"2031-05-02T09:00", "ends_local": "2031-05-02T12:00"}]}')$$),
('calendar', $$kg.run_change(%1$s, 'x', 'R-1', NULL, '{}')$$),
('calendar', $$kg.session_create(%1$s, 'x', 'R-1', '{"starts_local":
	"2031-05-02T09:00", "ends_local": "2031-05-02T12:00"}')$$),
('calendar', $$kg.session_change(%1$s, 'x', 'R-1', 1, NULL, '{}')$$),
('calendar', $$kg.journal_undo(%1$s, 'x', (SELECT max(id) FROM kg.journal
	WHERE object = 'booking'))$$),
('calendar', $$kg.block_out_create(%1$s, 'x', 'AAR', NULL, '2031-05-02 09:00',
	'2031-05-02 10:00', 'x', NULL, true, 'block_out')$$),
('calendar', $$kg.series_create(%1$s, 'x', '{"room_id": 1, "title": "x",
	"from": "2031-06-02", "until": "2031-06-02", "starts": "09:00",
	"ends": "10:00"}')$$),
('calendar', $$kg.series_change(%1$s, 'x', (SELECT max(id) FROM kg.series), NULL,
	NULL, '{}')$$),
('calendar', $$kg.series_restore(%1$s, 'x', (SELECT max(id) FROM kg.series), NULL,
	NULL, NULL)$$),
('calendar', $$kg.series_cancel(%1$s, 'x', (SELECT max(id) FROM kg.series), NULL,
	NULL)$$),
('calendar', $$kg.booking_change(%1$s, 'x', (SELECT max(id) FROM kg.booking),
	NULL, '{}')$$),
('calendar', $$kg.booking_move(%1$s, 'x', (SELECT max(id) FROM kg.booking),
	NULL, NULL, NULL, NULL, NULL)$$),
('calendar', $$kg.booking_confirm(%1$s, 'x', (SELECT max(id) FROM kg.booking),
	NULL)$$),
('calendar', $$kg.booking_restore(%1$s, 'x', (SELECT max(id) FROM kg.booking),
	NULL)$$),
('calendar', $$kg.booking_cancel(%1$s, 'x', (SELECT max(id) FROM kg.booking),
	NULL)$$),
('catalogue', $$kg.season_import(%1$s, 'x', 'z', NULL, 'kursus', '[]', '[]')$$),
('registry', $$kg.registry_load(%1$s, 'x', '{}')$$),
('catalogue', $$kg.demo_load(%1$s, 'x', '[]', '[]')$$),
('registry', $$kg.retime(%1$s, 'x', true)$$),
('accounts', $$kg.account_invite(%1$s, 'x', NULL, 'Ny', 'ny@example.org',
	'planner', NULL, sha256('i%1$s'), NULL)$$),
('accounts', $$kg.account_role(%1$s, 'x', 8, NULL, 'auditor', NULL)$$),
('accounts', $$kg.account_lock(%1$s, 'x', 8, NULL)$$),
('accounts', $$kg.account_unlock(%1$s, 'x', 8, NULL)$$),
-- a token is made by who will use it
('anything', $$kg.api_token_create(%1$s, 'x', 8, sha256('t%1$s'), 'x', NULL, NULL,
	NULL)$$),
('accounts', $$kg.api_token_revoke(%1$s, 'x', (SELECT max(id) FROM kg.api_token),
	NULL)$$),
('accounts', $$kg.sign_in_revoke(%1$s, 'x', (SELECT max(id) FROM kg.sign_in))$$);
SELECT is(array(SELECT proname::text FROM pg_proc
	WHERE pronamespace = 'kg'::regnamespace AND proargnames[1:2] = '{actor,why}'
		AND prosecdef EXCEPT SELECT substring(statement FROM 'kg\.(\w+)')
		FROM asks ORDER BY 1), '{}', 'every such function is listed here');
INSERT INTO kg.feed_token (person_id, hash, name) VALUES (7, sha256('0'), 'x');
INSERT INTO kg.person (name, mail, role) VALUES ('Planlægger Q', 'q@example.org', 'planner');
INSERT INTO kg.account (person_id, login) VALUES (8, 'q@example.org');
INSERT INTO kg.api_token (person_id, hash, name, role, created_at)
VALUES (8, sha256('0'), 'x', 'planner', now());
INSERT INTO kg.sign_in (person_id, hash, role, created_at, confirmed_at, last_seen_at)
VALUES (8, sha256('0'), 'planner', now(), now(), now());
INSERT INTO kg.booking (room_id, kind, title, starts_local, ends_local, setup_min,
	clear_min) VALUES (1, 'internal', 'x', '2030-05-03 09:00',
	'2030-05-03 13:00', 0, 0);
INSERT INTO kg.series (office_id, title, kind, rule)
VALUES (1, 'x', 'internal', '{}');
-- Tries it, and takes it back.
CREATE FUNCTION refused(statement text) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'SELECT ' || statement;
	RAISE SQLSTATE 'KG000';
EXCEPTION WHEN OTHERS THEN
	IF SQLSTATE !~ '^KG' THEN
		RAISE;
	END IF;
	RETURN SQLSTATE = 'KG001';	-- any other came further than who asks
END
$$;
SELECT is(refused(format(statement, p.id)), NOT kg.may(p.id, verb, 1),
	format('%s as person %s (%s%s)', substring(statement FROM 'kg\.\w+'), p.id,
		p.role, coalesce(' of office ' || p.office_id, '')))
FROM asks CROSS JOIN kg.person p
WHERE statement NOT LIKE '%demo_load%' AND p.id <= 6;
SELECT ok(refused(format(statement, 1)), 'a coordinator loads no demo')
FROM asks WHERE statement LIKE '%demo_load%';

-- of others' offices and of oneself
SELECT throws_ok($$SELECT kg.session_move(1, 'x', 'R-1', 1, NULL, NULL, NULL, NULL,
	4)$$, 'KG001', 'person 1 may not change calendar of office KBH',
	'a coordinator takes no room of another office');
SELECT throws_ok($$SELECT kg.booking_create(1, 'x', 1, NULL, NULL, NULL, NULL,
	'session', 4, NULL, NULL, NULL, NULL)$$, 'KG001', NULL,
	'nor a room for a session of another office');
SELECT lives_ok($$SELECT kg.token_create(3, 'x', 3, sha256('own'), 'min', NULL)$$,
	'everyone makes links of their own');
SELECT lives_ok($$SELECT kg.token_revoke(3, 'x',
	(SELECT id FROM kg.feed_token WHERE hash = sha256('own')), NULL)$$,
	'and revokes them');

-- what an API token narrows
CREATE FUNCTION with_token(role text, office_id int) RETURNS void LANGUAGE sql AS $$
	SELECT set_config('kg.api_actor', (2, role, office_id, NULL, 9, NULL,
		NULL)::kg.actor::text,
		false)
$$;
SELECT with_token('planner', NULL) \g /dev/null
SELECT ok(kg.may(2, 'calendar', 2) AND kg.may(2, 'catalogue', NULL),
	'a token without an office is for all');
SELECT is(kg.offices_seen(2), '{1,2}', 'and sees all');
SELECT with_token('planner', 1) \g /dev/null
SELECT ok(kg.may(2, 'calendar', 1) AND kg.may_somewhere(2, 'staff'),
	'one for an office is for that');
SELECT ok(NOT kg.may(2, verb, office), format('and not for %s of %s', verb,
	coalesce('office ' || office, 'none')))
FROM (VALUES ('calendar', 2), ('places', 2), ('calendar', NULL), ('catalogue', NULL),
	('people', NULL)) AS t (verb, office);
SELECT is(kg.offices_seen(2), '{1}', 'and sees that');
SELECT with_token('coordinator', 1) \g /dev/null
SELECT ok(kg.may(2, 'calendar', 1) AND NOT kg.may(2, 'places', 1)
	AND NOT kg.may(2, 'calendar', 2), 'a coordinator''s is that of one');
SELECT set_config('kg.api_actor', '', false) \g /dev/null
SELECT * FROM finish();
