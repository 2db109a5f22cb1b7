-- Makes a feed link for a person.
--
-- $1 why        text   for the journal
-- $2 person     int    id
-- $3 hash       bytea  SHA-256 of the token, as \x...
-- $4 name       text   what its owner calls it
-- $5 cancelled  text   mark, text or hide
--
-- Returns: the row of kg.written.
-- Raises:  KG004, KG005.
SELECT * FROM kg.token_create(NULL, $1, $2::int, $3::bytea, $4,
	coalesce($5, 'mark'))
