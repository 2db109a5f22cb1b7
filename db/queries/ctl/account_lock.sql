-- Locks an account; its sign-ins and invitations end.
--
-- $1 why     text  for the journal
-- $2 person  int   id
-- $3 expect  int   version it must have; NULL: any
--
-- Returns: the row of kg.written.
-- Raises:  KG003, KG004.
SELECT * FROM kg.account_lock(NULL, $1, $2::int, $3::int)
