-- Queues a mail for each hold that expires within 48 hours, once.
--
-- Returns: one row: did, how many holds; what, NULL. No row: another keeper does it.
SELECT did, what FROM kg.job_holds_warn();
