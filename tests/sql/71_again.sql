-- The functions are made again at every upgrade: the same comes out, and what was
-- renamed is gone.
CREATE FUNCTION state() RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(t.line, E'\n' ORDER BY t.line)) FROM (
		SELECT pg_get_functiondef(oid) || coalesce(proacl::text, '') AS line
		FROM pg_proc WHERE pronamespace = 'kg'::regnamespace
		UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t
			JOIN pg_class c ON c.oid = t.tgrelid
		WHERE c.relnamespace = 'kg'::regnamespace AND NOT tgisinternal
		UNION ALL SELECT c.relname || coalesce(relacl::text, '') FROM pg_class c
		WHERE c.relnamespace = 'kg'::regnamespace
		UNION ALL SELECT attrelid::regclass || attname || attacl::text
		FROM pg_attribute WHERE attacl IS NOT NULL
			AND attrelid::regclass::text LIKE 'kg.%') AS t
$$;
SELECT state() AS before \gset
CREATE FUNCTION kg.of_an_older_release() RETURNS trigger LANGUAGE plpgsql AS
	'BEGIN RETURN NEW; END';
ALTER FUNCTION kg.of_an_older_release() OWNER TO kattegat_owner;
CREATE TRIGGER older BEFORE INSERT ON kg.run
	FOR EACH ROW EXECUTE FUNCTION kg.of_an_older_release();
GRANT EXECUTE ON FUNCTION kg.write_begin TO kattegat;
GRANT EXECUTE ON FUNCTION kg.span TO PUBLIC;
SELECT isnt(state(), :'before', 'an older release was here');
-- psql reads a list of files from a file only: cat writes one statement stream
\set functions `cat db/functions/*.sql`
BEGIN;
:functions
COMMIT;
SELECT is(state(), :'before', 'what it left is gone, the rest is as it was');
SELECT is(count(*), 4::bigint, 'and no row is lost') FROM kg.session;
SELECT lives_ok($$UPDATE kg.session SET title = 'x'$$, 'and all goes on');
SELECT * FROM finish();
