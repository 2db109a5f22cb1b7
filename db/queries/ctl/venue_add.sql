-- Adds a venue to an office.
--
-- $1 why       text     for the journal
-- $2 office    text     code
-- $3 name      text
-- $4 street    text     or NULL
-- $5 postcode  text     or NULL
-- $6 town      text
-- $7 lat       numeric  degrees, or NULL
-- $8 lon       numeric  degrees, or NULL
-- $9 own       bool     'true': the office's own house
--
-- Returns: the row of kg.written.
-- Raises:  KG004, KG005.
SELECT * FROM kg.venue_add(NULL, $1, $2, $3, $4, $5, $6, $7::numeric,
	$8::numeric, coalesce($9::bool, false))
