-- Signing in on pages, in two steps, and the roles of those who have no account.
SET LOCAL ROLE kattegat_owner;

-- Whom a one-time link by mail signs in: teachers, members of a council, and the
-- secretaries who act for one municipality.
ALTER TABLE kg.person
	DROP CONSTRAINT person_role_check,
	ADD CONSTRAINT person_role_check CHECK (role IN ('teacher', 'councillor',
		'secretary', 'coordinator', 'planner', 'admin', 'auditor')),
	ADD COLUMN municipality text REFERENCES kg.municipality,
	ADD CONSTRAINT secretary_has_a_municipality CHECK (
		role <> 'secretary' OR municipality IS NOT NULL),
	ADD CONSTRAINT municipality_is_of_a_council CHECK (
		municipality IS NULL OR role IN ('councillor', 'secretary'));
CREATE INDEX person_municipality ON kg.person (municipality);

-- The password was right and the code is not given yet. The row goes when it is
-- used or its person has to begin anew, and holds nothing that signs in.
CREATE TABLE kg.sign_in_start (
	hash		bytea PRIMARY KEY CHECK (length(hash) = 32),
	person_id	int NOT NULL REFERENCES kg.account,
	-- SHA-256 of the account's password_hash: another password ends it
	password_sha256	bytea NOT NULL CHECK (length(password_sha256) = 32),
	client		text CHECK (length(client) <= 100),
	created_at	timestamptz NOT NULL,
	expires_at	timestamptz NOT NULL
);
CREATE INDEX sign_in_start_person ON kg.sign_in_start (person_id);
CREATE INDEX sign_in_start_ends ON kg.sign_in_start (expires_at);

ALTER TABLE kg.account ADD COLUMN recovery_set_at timestamptz;
