-- The keeper sends itself a word, to learn whether it still hears.
--
-- $1 word  text  "beat ID INSTANT"; nobody else acts on it
--
-- Returns: one row without meaning.
SELECT pg_notify('kattegat', $1);
