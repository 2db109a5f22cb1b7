-- Forgets mails that ended 30 days ago.
--
-- Returns: one row: did, how many; what, NULL. No row: another keeper does it.
SELECT did, what FROM kg.job_mails_clean();
