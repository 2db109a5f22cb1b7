-- Accounts: passwords, codes, invitations, sign-ins and API tokens of the staff. No
-- table here can be read by the daemon's role: functions answer what it must know.
SET LOCAL ROLE kattegat_owner;

INSERT INTO kg.permission (role, verb, own_office)
VALUES ('admin', 'accounts', false);

CREATE TABLE kg.account (
	person_id	int PRIMARY KEY REFERENCES kg.person,
	-- the person's mail in lower case, by trigger; NULL: cannot sign in
	login		kg.mail UNIQUE CHECK (login = lower(login)),
	password_hash	text,			-- crypt(5), yescrypt
	totp_secret	bytea CHECK (length(totp_secret) BETWEEN 16 AND 64),
	totp_last_step	bigint NOT NULL DEFAULT 0,	-- no code works twice
	password_set_at	timestamptz,
	confirmed_at	timestamptz,		-- NULL: invited only
	locked_at	timestamptz,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT account_confirmed_has_secrets CHECK (confirmed_at IS NULL
		OR password_hash IS NOT NULL AND totp_secret IS NOT NULL)
);

-- 80 random bits each, so a plain hash is enough.
CREATE TABLE kg.recovery_code (
	person_id	int NOT NULL REFERENCES kg.account,
	hash		bytea NOT NULL CHECK (length(hash) = 32),
	used_at		timestamptz,
	PRIMARY KEY (person_id, hash)
);

-- Accepted with a password, which waits here until the first code confirms that the
-- authenticator works; that uses the invitation up.
CREATE TABLE kg.invitation (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person_id	int NOT NULL REFERENCES kg.account,
	hash		bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
	created_at	timestamptz NOT NULL,
	expires_at	timestamptz NOT NULL,
	password_hash	text,
	totp_secret	bytea CHECK (length(totp_secret) BETWEEN 16 AND 64),
	ended_at	timestamptz,
	ended_by	text CHECK (ended_by IN ('used', 'replaced', 'locked')),
	CONSTRAINT invitation_ends_for_a_reason CHECK (
		(ended_at IS NULL) = (ended_by IS NULL)),
	-- what was used or replaced leaves no secret behind
	CONSTRAINT invitation_ended_forgets CHECK (ended_at IS NULL
		OR password_hash IS NULL AND totp_secret IS NULL)
);
CREATE UNIQUE INDEX invitation_open_once ON kg.invitation (person_id)
	WHERE ended_at IS NULL;

-- A session: from password and code until it is idle, too old, or ended.
CREATE TABLE kg.sign_in (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person_id	int NOT NULL REFERENCES kg.person,
	hash		bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
	role		text NOT NULL,		-- then; another role ends it
	by_recovery	bool NOT NULL DEFAULT false,
	client		text CHECK (length(client) <= 100),
	created_at	timestamptz NOT NULL,
	confirmed_at	timestamptz NOT NULL,	-- password and code, last time
	last_seen_at	timestamptz NOT NULL,	-- once a minute
	ended_at	timestamptz,
	ended_by	text CHECK (ended_by IN ('sign_out', 'revoked', 'role',
				'locked', 'password')),
	CONSTRAINT sign_in_ends_for_a_reason CHECK (
		(ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX sign_in_person ON kg.sign_in (person_id);

-- For machines: a name, a role and an office, no more than the person's own.
CREATE TABLE kg.api_token (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person_id	int NOT NULL REFERENCES kg.person,
	hash		bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
	name		kg.line NOT NULL,
	role		text NOT NULL CHECK (role IN
				('coordinator', 'planner', 'admin', 'auditor')),
	office_id	int REFERENCES kg.office,
	created_at	timestamptz NOT NULL,
	expires_at	timestamptz,
	revoked_at	timestamptz,
	last_used_at	timestamptz,		-- once a minute, without version
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT api_token_coordinator_has_an_office CHECK (
		role <> 'coordinator' OR office_id IS NOT NULL)
);
CREATE INDEX api_token_person ON kg.api_token (person_id);

-- Failed attempts, also of addresses that nobody has: who is refused for being too
-- quick learns nothing. Keyed by the SHA-256 of what was typed.
CREATE TABLE kg.sign_in_try (
	login_hash	bytea PRIMARY KEY CHECK (length(login_hash) = 32),
	failures	int NOT NULL CHECK (failures > 0),
	next_try_at	timestamptz NOT NULL
);
CREATE INDEX sign_in_try_next ON kg.sign_in_try (next_try_at);
