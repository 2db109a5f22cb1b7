-- Seals that guard the office of an entry too.
SET LOCAL ROLE kattegat_owner;

-- What the hashes are of (db/functions/45_journal.sql): 1 as until now, 2 with the
-- office, which decides who reads an entry.
ALTER TABLE kg.journal_seal ADD COLUMN form int NOT NULL DEFAULT 1
	CHECK (form IN (1, 2));
ALTER TABLE kg.journal_seal ALTER COLUMN form DROP DEFAULT;
