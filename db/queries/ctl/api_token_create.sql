-- Makes an API token for a person.
--
-- $1 why     text   for the journal
-- $2 person  int    id
-- $3 hash    bytea  SHA-256 of the token, as \x...
-- $4 name    text   what it is for
-- $5 role    text   a narrower one, or NULL: the person's
-- $6 office  text   code, or NULL: the person's
-- $7 until   date   the last day it is good; NULL: no end
--
-- Returns: the row of kg.written.
-- Raises:  KG004, KG005.
SELECT * FROM kg.api_token_create(NULL, $1, $2::int, $3::bytea, $4, $5, $6,
	$7::date)
