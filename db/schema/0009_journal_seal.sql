-- The journal's seals: rows that are final, hashed in batches, each with the hash of
-- the one before. What is in a seal and how it is read stands in 45_journal.sql.
SET LOCAL ROLE kattegat_owner;

CREATE TABLE kg.journal_seal (
	id		int PRIMARY KEY CHECK (id > 0),	-- 1, 2, ... without a gap
	-- every row of the journal after the seal before, up to and with this id
	last_id		bigint NOT NULL CHECK (last_id > 0),
	-- those there were, and the hash of each: so that a changed one can be named
	ids		bigint[] NOT NULL,
	hashes		bytea[] NOT NULL,
	before		bytea NOT NULL CHECK (length(before) = 32),
	hash		bytea NOT NULL CHECK (length(hash) = 32),
	sealed_at	timestamptz NOT NULL,
	CONSTRAINT journal_seal_hashes_each_row CHECK (
		cardinality(ids) = cardinality(hashes) AND cardinality(ids) > 0)
);

-- One row: up to last_id every row of the journal is final once all transactions
-- before xid have ended.
CREATE TABLE kg.journal_mark (
	only_row	bool PRIMARY KEY DEFAULT true CHECK (only_row),
	last_id		bigint NOT NULL,
	xid		xid8 NOT NULL
);

-- What belongs together: an undo takes all of a transaction back.
CREATE INDEX journal_xid ON kg.journal (xid);
CREATE INDEX journal_actor ON kg.journal (actor_id, id);
