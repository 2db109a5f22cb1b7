-- A form that ended well may come again within a minute: who clicks twice has only the
-- answer to the second click. Holds nothing that signs in.
SET LOCAL ROLE kattegat_owner;

CREATE TABLE kg.sign_in_form (
	-- SHA-256 of the browser's cookie and of what was typed
	hash		bytea PRIMARY KEY CHECK (length(hash) = 32),
	-- what it began; NULL: it confirmed an invitation
	sign_in_id	int REFERENCES kg.sign_in ON DELETE CASCADE,
	ends_at		timestamptz NOT NULL
);
CREATE INDEX sign_in_form_sign_in ON kg.sign_in_form (sign_in_id);
CREATE INDEX sign_in_form_ends ON kg.sign_in_form (ends_at);
