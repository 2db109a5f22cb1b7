-- Takes mails that are due; that counts as a try, and the next one comes later.
--
-- $1 base_url  text     of this server, for links
-- $2 most      integer  at most so many
--
-- Returns: a row for each: id, kind, message_id, recipient (NULL: nobody has an
--          address any more), subject, body, at_s (Unix seconds).
SELECT id, kind, message_id, recipient, subject, body, at_s
FROM kg.mails_claim($1, $2);
