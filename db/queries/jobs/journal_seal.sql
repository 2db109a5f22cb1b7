-- Seals rows of the journal, 2000 at most; with nothing new it writes nothing.
--
-- Returns: one row: did, how many, 2000: there are more; what, NULL. No row: nothing
--          is new.
SELECT kg.journal_seal(2000)::bigint AS did, NULL::text AS what
WHERE EXISTS (SELECT FROM kg.journal j
	WHERE j.id > coalesce((SELECT max(s.last_id) FROM kg.journal_seal s), 0));
