-- Checks the journal against its seals.
--
-- Returns: rows of kg.journal_verify(): bad (the first that is), sealed (up to where
--          everything is right), unsealed.
SELECT result, seal, journal_id, row_count, message, hash FROM kg.journal_verify()
