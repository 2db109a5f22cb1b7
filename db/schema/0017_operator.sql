-- kattegatctl has a role of its own: until here it shared the daemon's.
--
-- A new database has it from db init already. In an older one whoever upgrades makes it,
-- or is told who can.
SET LOCAL ROLE NONE;

DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kattegat_operator') THEN
		RETURN;
	END IF;
	IF NOT (SELECT rolsuper OR rolcreaterole FROM pg_roles
		WHERE rolname = current_user) THEN
		RAISE insufficient_privilege USING
			MESSAGE = 'the role kattegat_operator is missing, and '
				|| current_user || ' may not make roles',
			HINT = 'as a superuser first: kattegatctl --database DSN db init';
	END IF;
	CREATE ROLE kattegat_operator LOGIN;
END
$$;

SET LOCAL ROLE kattegat_owner;
