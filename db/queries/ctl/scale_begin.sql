-- Begins scale data; in a transaction, and so are the statements that go on.
--
-- $1 why    text  for the journal
-- $2 scale  int
--
-- Returns: one row: aside int, how many constraints and indexes are to be made
--          again.
-- Raises:  as scale_check.sql.
SELECT kg.scale_begin($1, $2::int) AS aside
