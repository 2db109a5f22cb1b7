-- Makes room: every trigger and function of kg goes, for the files after this one
-- to make again, so that a function that was renamed leaves nothing behind. What a
-- column, a constraint or a view is made from stays.
SET LOCAL ROLE kattegat_owner;

DO $$
DECLARE
	thing record;
BEGIN
	FOR thing IN
		SELECT t.tgname, t.tgrelid::regclass AS tab FROM pg_trigger t
			JOIN pg_class c ON c.oid = t.tgrelid
		WHERE c.relnamespace = 'kg'::regnamespace AND NOT t.tgisinternal
	LOOP
		EXECUTE format('DROP TRIGGER %I ON %s', thing.tgname, thing.tab);
	END LOOP;
	FOR thing IN
		SELECT p.oid::regprocedure AS name FROM pg_proc p
		WHERE p.pronamespace = 'kg'::regnamespace AND NOT EXISTS (
			SELECT FROM pg_depend d
			WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid
				AND d.deptype <> 'i')
	LOOP
		EXECUTE format('DROP ROUTINE %s', thing.name);
	END LOOP;
END
$$;
