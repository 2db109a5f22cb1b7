-- Expires holds that are due; whoever hears NOTIFY shows it at the next fetch.
--
-- Returns: one row: did, how many; what, NULL. No row: another keeper does it.
SELECT did, what FROM kg.job_holds_expire();
