-- Ends an API token for good.
--
-- $1 why     text  for the journal
-- $2 token   int   id
-- $3 expect  int   version it must have; NULL: any
--
-- Returns: the row of kg.written.
-- Raises:  KG003, KG004.
SELECT * FROM kg.api_token_revoke(NULL, $1, $2::int, $3::int)
