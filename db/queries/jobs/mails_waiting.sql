-- How many mails wait.
--
-- Returns: one row: did, how many; what, NULL.
SELECT kg.mails_waiting() AS did, NULL::text AS what;
