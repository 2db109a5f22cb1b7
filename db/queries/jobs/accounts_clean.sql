-- Forgets sign-ins and invitations that have ended long ago.
--
-- Returns: one row: did, how many; what, NULL. No row: another keeper does it.
SELECT did, what FROM kg.job_accounts_clean();
