-- Forgets the answers that were kept for an Idempotency-Key, after a day.
--
-- Returns: one row: did, how many; what, NULL. No row: another keeper does it.
SELECT did, what FROM kg.job_answers_clean();
