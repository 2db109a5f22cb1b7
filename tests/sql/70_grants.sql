-- The daemon's role reads what it shows and changes things through functions.
SELECT is(array_agg(DISTINCT table_name || ' ' || privilege_type), NULL,
	'it writes no table')
FROM (SELECT table_name::text, privilege_type::text
	FROM information_schema.role_table_grants WHERE grantee IN ('kattegat', 'PUBLIC')
		AND table_schema = 'kg' AND privilege_type <> 'SELECT') AS t;
SET ROLE kattegat;
SELECT throws_ok(statement, '42501', NULL, statement)
FROM (VALUES ('SELECT mail FROM kg.person'), ('SELECT phone FROM kg.person'),
	('SELECT * FROM kg.person'), ('SELECT hash FROM kg.feed_token'),
	('SELECT * FROM kg.journal_personal'),
	('INSERT INTO kg.journal_personal VALUES (1, '''', ''{}'')'),
	('DELETE FROM kg.journal'), ('UPDATE kg.session SET title = ''x'''),
	('UPDATE kg.clock SET shift = ''1 day'''), ('DELETE FROM kg.booking'),
	('SELECT kg.write_begin(NULL, ''x'')'),
	('SELECT kg.sign_in_revoke(NULL, ''x'', 1)'), ('SELECT kg.accounts_clean()'),
	('SELECT kg.api_find_actor(sha256(''x''))'), ('SELECT * FROM kg.account'),
	('SELECT * FROM kg.outbox'), ('SELECT * FROM kg.sign_in_start'),
	('SELECT kg.touch(''{1}'', true)'), ('SELECT kg.scopes_tell(''*'')'),
	('SELECT kg.retime(NULL, ''x'', false)'), ('SELECT nextval(''kg.room_atom'')'),
	('CREATE TABLE kg.mine (x int)'),
	('INSERT INTO kg.permission VALUES (''admin'', ''calendar'', false)')
) AS t (statement);
SELECT lives_ok(statement, statement)
FROM (VALUES ('SELECT id, name, role FROM kg.person'),
	('SELECT id, name, last_fetch_at FROM kg.feed_token'),
	('SELECT * FROM kg.session'), ('SELECT kg.now()'),
	('SELECT kg.feed_list()'), ('SELECT kg.may(1, ''calendar'', 1)')
) AS t (statement);
SELECT ok((kg.session_move(NULL, 'x', 'R-1', 1, NULL, '2030-01-10 12:00', NULL, NULL,
	1)).changed, 'it changes things through functions, and they commit');
SELECT is(why, 'x', 'with a row in the journal') FROM kg.journal
	ORDER BY id DESC LIMIT 1;
RESET ROLE;
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
	(true, false, false, false), 'the daemon can log in, and no more')
	FROM pg_roles WHERE rolname = 'kattegat';
SELECT ok(NOT pg_has_role('kattegat', 'kattegat_owner', 'MEMBER'),
	'it is no member of the owner');
SELECT * FROM finish();
