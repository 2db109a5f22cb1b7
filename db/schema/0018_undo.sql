-- What an undo works with (db/functions/45_undo.sql).
SET LOCAL ROLE kattegat_owner;

-- What one transaction did to one row.
CREATE TYPE kg.undo_step AS (
	object		text,		-- the table, as in the journal
	object_id	text,
	before		jsonb,		-- NULL: it added the row
	after		jsonb,		-- NULL: it took it away
	place		int		-- of the table, parents first
);
