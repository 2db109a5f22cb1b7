-- Mail on its way: queued in the transaction of the change it tells of, sent by the
-- keeper. No table here can be read by the daemon's role.
SET LOCAL ROLE kattegat_owner;

CREATE TABLE kg.outbox (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind		text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
	-- to whom: the address is looked up when it is sent, so none lies here
	person_id	int REFERENCES kg.person,
	office_id	int REFERENCES kg.office,
	-- the same at each try, so that who gets it twice can tell
	message_id	text NOT NULL UNIQUE,
	facts		jsonb,			-- what its text is filled with
	created_at	timestamptz NOT NULL,
	give_up_at	timestamptz NOT NULL,	-- nobody wants it later
	tries		int NOT NULL DEFAULT 0,
	next_try_at	timestamptz NOT NULL,
	problem		text CHECK (length(problem) <= 200),	-- of the last try
	ended_at	timestamptz,
	ended_as	text CHECK (ended_as IN ('sent', 'given_up')),
	CONSTRAINT outbox_is_for_one CHECK (num_nonnulls(person_id, office_id) = 1),
	CONSTRAINT outbox_ends_as_something CHECK (
		(ended_at IS NULL) = (ended_as IS NULL)),
	-- a fact may be a secret: what has ended leaves none behind
	CONSTRAINT outbox_ended_forgets CHECK ((ended_at IS NULL) = (facts IS NOT NULL))
);
CREATE INDEX outbox_waiting ON kg.outbox (next_try_at) WHERE ended_at IS NULL;
CREATE INDEX outbox_ended ON kg.outbox (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX outbox_person ON kg.outbox (person_id) WHERE person_id IS NOT NULL;
