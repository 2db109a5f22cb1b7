-- Roles and schema: the only step that needs a superuser or CREATEROLE.
--
-- Run once in a database of its own; a second run changes nothing. Everything else
-- is made by db/schema and db/functions, as kattegat_owner.
--
--   kattegat_owner     owns every object; nobody logs in as it
--   kattegat           the daemon: what its statements call, and no more
--   kattegat_operator  kattegatctl: reads what it lists, and writes through functions
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kattegat_owner') THEN
		CREATE ROLE kattegat_owner NOLOGIN;
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kattegat') THEN
		CREATE ROLE kattegat LOGIN;
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kattegat_operator') THEN
		CREATE ROLE kattegat_operator LOGIN;
	END IF;
	IF NOT pg_has_role(current_user, 'kattegat_owner', 'MEMBER') THEN
		EXECUTE format('GRANT kattegat_owner TO %I', current_user);
	END IF;
	IF current_setting('server_encoding') <> 'UTF8' THEN
		RAISE EXCEPTION 'the database must be in UTF8, not %',
			current_setting('server_encoding');
	END IF;
END
$$;

CREATE SCHEMA IF NOT EXISTS kg AUTHORIZATION kattegat_owner;

-- A new function is nobody's until db/functions/95_grants.sql says whose.
ALTER DEFAULT PRIVILEGES FOR ROLE kattegat_owner
	REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
