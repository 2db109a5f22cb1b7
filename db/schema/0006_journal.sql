-- The journal: who changed what, when and why. Rows are only ever added, by trigger.
SET LOCAL ROLE kattegat_owner;

CREATE TABLE kg.journal (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at		timestamptz NOT NULL,
	xid		xid8 NOT NULL,
	actor_id	int,			-- NULL: the operator at the command line
	actor		text NOT NULL,		-- the database's login, never a name
	why		text NOT NULL,
	action		text NOT NULL CHECK (action IN ('insert', 'update', 'delete')),
	object		text NOT NULL,		-- the table
	object_id	text NOT NULL,
	-- the whole row, or of an update the columns that changed
	before		jsonb,
	after		jsonb,
	-- SHA-256 over salt and data of journal_personal; NULL: nothing personal
	personal_hash	bytea
);
CREATE INDEX journal_object ON kg.journal (object, object_id, id);
CREATE INDEX journal_at ON kg.journal (at);

-- The personal half. An erasure deletes rows here, and the chain still verifies.
CREATE TABLE kg.journal_personal (
	journal_id	bigint PRIMARY KEY REFERENCES kg.journal,
	salt		bytea NOT NULL,
	data		jsonb NOT NULL
);
