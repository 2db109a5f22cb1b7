-- Gives up the mails that come too late now.
--
-- Returns: a row for each: did, 1; what, its number and kind, without the address.
SELECT did, what FROM kg.job_mails_give_up();
