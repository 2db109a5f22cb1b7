-- Changes a venue; every session there shows it.
--
-- $1 why       text     for the journal
-- $2 venue     int      id
-- $3 expect    int      version it must have; NULL: any
-- $4 name      text     NULL: stays; so below
-- $5 street    text     '' clears it
-- $6 postcode  text     '' clears it
-- $7 town      text
-- $8 lat       numeric  degrees
-- $9 lon       numeric  degrees
--
-- Returns: the row of kg.written.
-- Raises:  KG003, KG004, KG005.
SELECT * FROM kg.venue_change(NULL, $1, $2::int, $3::int, $4, $5, $6, $7,
	$8::numeric, $9::numeric)
