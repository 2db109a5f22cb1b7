-- Loads the registries: all of it, or nothing when a line is no good.
--
-- $1 why    text   for the journal
-- $2 files  jsonb  {"municipalities":[...],"offices":[...],"holidays":[...],
--                  "elections":[...]}
--
-- Returns: refused rows (source, line, message, hint), or one done row a source.
SELECT * FROM kg.registry_load(NULL, $1, $2::jsonb)
