-- Tells how a try to send a mail went.
--
-- $1 id       bigint
-- $2 problem  text    NULL: the server has taken it
--
-- Returns: one row: done, false when it had ended otherwise meanwhile.
SELECT kg.mail_end($1, $2) AS done;
