-- One-time links by mail, for those who have no account: 15 minutes, used up by the
-- request that signs in with it, never by one that only looks.
SET LOCAL ROLE kattegat_owner;

CREATE TABLE kg.mail_link (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person_id	int NOT NULL REFERENCES kg.person,
	hash		bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
	created_at	timestamptz NOT NULL,
	expires_at	timestamptz NOT NULL,
	used_at		timestamptz
);
CREATE INDEX mail_link_person ON kg.mail_link (person_id);
