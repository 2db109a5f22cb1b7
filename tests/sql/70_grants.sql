-- The daemon calls functions and reads next to nothing; the operator reads lists and
-- writes through functions. tests/lint/grants.py holds both to what they need.
CREATE FUNCTION refused() RETURNS SETOF text LANGUAGE sql AS $body$
	SELECT throws_ok(statement, '42501', NULL, current_user || ': ' || statement)
	FROM (VALUES ('SELECT mail FROM kg.person'), ('SELECT phone FROM kg.person'),
	('SELECT * FROM kg.person'), ('SELECT hash FROM kg.feed_token'),
	('SELECT password_hash FROM kg.account'), ('SELECT hash FROM kg.api_token'),
	('SELECT hash FROM kg.sign_in'), ('SELECT hash FROM kg.invitation'),
	('SELECT hash FROM kg.recovery_code'), ('SELECT hash FROM kg.mail_link'),
	('SELECT * FROM kg.outbox'), ('SELECT * FROM kg.sign_in_start'),
	('SELECT * FROM kg.journal_personal'), ('SELECT "before" FROM kg.journal'),
	('INSERT INTO kg.journal_personal VALUES (1, '''', ''{}'')'),
	('DELETE FROM kg.journal'), ('UPDATE kg.session SET title = ''x'''),
	('UPDATE kg.clock SET shift = ''1 day'''), ('DELETE FROM kg.booking'),
	('SELECT kg.write_begin(NULL, ''x'')'),
	('SELECT kg.sign_in_revoke(NULL, ''x'', 1)'), ('SELECT kg.accounts_clean()'),
	('SELECT kg.api_find_actor(sha256(''x''))'),
	('SELECT kg.api_sign_in_finish(0, ''{}'', NULL)'),
	('SELECT kg.touch(''{1}'', true)'), ('SELECT kg.scopes_tell(''*'')'),
	('SELECT kg.retime(NULL, ''x'', false)'), ('SELECT nextval(''kg.room_atom'')'),
	('CREATE TABLE kg.mine (x int)'), ('ALTER TABLE kg.run ADD mine int'),
	('INSERT INTO kg.permission VALUES (''admin'', ''calendar'', false)')
	) AS t (statement)
$body$;
SET ROLE kattegat;
SELECT refused();
SET ROLE kattegat_operator;
SELECT refused();
RESET ROLE;

-- ---- a worker that was taken over ----

SET ROLE kattegat;
SELECT throws_ok(statement, '42501', NULL, 'the daemon: ' || statement)
FROM (VALUES ('SELECT name FROM kg.person'), ('SELECT id FROM kg.feed_token'),
	('SELECT * FROM kg.session'), ('SELECT * FROM kg.migration'),
	('SELECT kg.account_invite(NULL, ''x'', NULL, ''X'', ''x@example.org'', ''admin'',
		NULL, sha256(''x''), NULL)'),
	('SELECT kg.account_role(NULL, ''x'', 1, NULL, ''admin'', NULL)'),
	('SELECT kg.account_lock(NULL, ''x'', 1, NULL)'),
	('SELECT kg.api_token_create(NULL, ''x'', 1, sha256(''x''), ''x'', NULL, NULL, NULL)'),
	('SELECT kg.token_create(NULL, ''x'', 3, sha256(''x''), ''x'', ''mark'')'),
	('SELECT kg.person_add(NULL, ''x'', ''X'', NULL, NULL, ''planner'', NULL, NULL)'),
	('SELECT kg.account_invitation_mail(''x'')'),
	('SELECT kg.operator_call(''people_list'', ''{}'', NULL)'),
	('SELECT kg.run_cancel(NULL, ''x'', ''R-1'', NULL)'),
	('SELECT kg.journal_undo(NULL, ''x'', 1)')
) AS t (statement);
RESET ROLE;
CREATE FUNCTION open_routes() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$
	SELECT string_agg(r.name, ' ' ORDER BY r.name) FROM kg.api_route r
	WHERE r.verb IS NULL
$$;
CREATE FUNCTION closed_routes() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS $$
	SELECT r.name FROM kg.api_route r WHERE r.verb IS NOT NULL
$$;
SET ROLE kattegat;
SELECT throws_ok(format('SELECT * FROM kg.api(%L, %s, ''{}'', NULL, NULL, NULL)',
	route, bearer), 'KG401', NULL, format('%s with %s', route, bearer))
FROM closed_routes() AS route, (VALUES ('NULL'), ('sha256(''a guess'')')) AS b (bearer);
SELECT is(open_routes(), 'invitation_begin invitation_code_begin invitation_finish '
	|| 'invitation_set mail_link_send mail_link_use password_refuse sign_in_begin '
	|| 'sign_in_code_begin sign_in_finish sign_in_gone sign_in_guess sign_in_over_look '
	|| 'sign_in_renew sign_in_start sign_in_start_look',
	'nobody need be signed in for what signs in, and for nothing else');
SELECT ok((kg.now(), (SELECT count(*) FROM kg.feed_list())) IS NOT NULL,
	'the daemon does its work');
RESET ROLE;

-- ---- the operator ----

SET SESSION AUTHORIZATION kattegat_operator;
SELECT ok((kg.session_move(NULL, 'x', 'R-1', 1, NULL, '2030-01-10 12:00', NULL, NULL,
	1)).changed, 'the operator changes things through functions');
SELECT ok((kg.account_invite(NULL, 'y', NULL, 'Eva', 'eva@example.org', 'admin', NULL,
	sha256('x'), NULL)).changed, 'and invites');
RESET SESSION AUTHORIZATION;
SELECT is(array_agg(DISTINCT format('%s %s %s', object, actor, why)
		ORDER BY format('%s %s %s', object, actor, why)),
	'{"account kattegat_operator y","booking kattegat_operator x","invitation kattegat_operator y",'
	'"person kattegat_operator y","session kattegat_operator x"}',
	'with rows in the journal: what, who and why')
FROM kg.journal WHERE xid IN (SELECT xid FROM kg.journal WHERE why IN ('x', 'y'))
	AND at IS NOT NULL;

-- ---- roles and owners ----

SELECT is(array_agg(p.oid::regprocedure::text), NULL,
	'whatever runs as the owner pins its search_path')
FROM pg_proc p WHERE pronamespace = 'kg'::regnamespace AND prosecdef
	AND NOT coalesce(array_to_string(proconfig, ' '), '')
		~ '^search_path=(kg|pg_catalog), pg_temp';
SELECT is(array_agg(p.oid::regprocedure::text), NULL, 'no function is everyone''s')
FROM pg_proc p WHERE pronamespace = 'kg'::regnamespace
	AND has_function_privilege('public', p.oid, 'EXECUTE');
SELECT is(array_agg(c.oid::regclass::text), NULL, 'everything is the owner''s')
FROM pg_class c WHERE relnamespace = 'kg'::regnamespace
	AND pg_get_userbyid(relowner) <> 'kattegat_owner';
SELECT is((rolcanlogin, rolsuper, rolbypassrls), (false, false, false),
	'nobody logs in as the owner') FROM pg_roles WHERE rolname = 'kattegat_owner';
SELECT is((rolcanlogin, rolsuper, rolcreatedb, rolcreaterole),
	(true, false, false, false), rolname || ' can log in, and no more')
	FROM pg_roles WHERE rolname IN ('kattegat', 'kattegat_operator');
SELECT is(array_agg(a.rolname || ' in ' || b.rolname), NULL, 'no role has another''s rights')
FROM pg_roles a, pg_roles b WHERE a.rolname IN ('kattegat', 'kattegat_operator')
	AND b.rolname <> a.rolname AND pg_has_role(a.oid, b.oid, 'MEMBER');

-- ---- a database of a release before ----

CREATE FUNCTION try(statements text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statements;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
\set migration `cat db/schema/0017_operator.sql`
BEGIN;
ALTER ROLE kattegat_operator RENAME TO kg_test_away;
CREATE ROLE kg_test_member LOGIN;
GRANT kattegat_owner TO kg_test_member;
SET SESSION AUTHORIZATION kg_test_member;
SELECT try(:'migration') AS as_member \gset
RESET SESSION AUTHORIZATION;
SELECT try(:'migration') AS as_superuser \gset
SELECT rolcanlogin AS is_made, rolsuper AS too_much FROM pg_roles
WHERE rolname = 'kattegat_operator' \gset
ROLLBACK;
SELECT is(:'as_member'::text, '42501 the role kattegat_operator is missing, and '
	'kg_test_member may not make roles', 'who may not make the role is told');
SELECT is(:'as_superuser'::text || :'is_made' || :'too_much', 'donetf',
	'who may upgrades and makes it');
SELECT * FROM finish();
