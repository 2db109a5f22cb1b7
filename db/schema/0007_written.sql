-- What every function that changes something answers.
SET LOCAL ROLE kattegat_owner;

CREATE TYPE kg.written AS (
	changed		bool,		-- false: it was so already
	object		text,		-- as in the journal
	object_id	text,
	version		int,
	scopes		text,		-- what to bump, as in the NOTIFY
	xid		xid8		-- the Kattegat-Version of this write
);
