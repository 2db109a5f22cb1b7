-- Unlocks an account.
--
-- $1 why     text  for the journal
-- $2 person  int   id
-- $3 expect  int   version it must have; NULL: any
--
-- Returns: the row of kg.written.
-- Raises:  KG003, KG004, KG006.
SELECT * FROM kg.account_unlock(NULL, $1, $2::int, $3::int)
