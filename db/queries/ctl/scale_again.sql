-- Makes a constraint or an index again that was laid aside.
--
-- $1 i  int  from 1 on
--
-- Returns: one row: next text, the name of the one after it, or NULL.
SELECT kg.scale_again($1::int) AS next
