-- Gives a session another time, venue or room.
--
-- $1 why     text       for the journal
-- $2 run     text       its number
-- $3 no      int        of the session in its run
-- $4 expect  int        version it must have; NULL: any
-- $5 starts  timestamp  local; NULL: stays
-- $6 ends    timestamp  local; NULL: stays
-- $7 venue   int        id; NULL: stays
-- $8 room    int        id; NULL: stays
--
-- Returns: the row of kg.written.
-- Raises:  KG002 no such hour, KG003, KG004, KG006, KG007 taken.
SELECT * FROM kg.session_move(NULL, $1, $2, $3::int, $4::int,
	$5::timestamp, $6::timestamp, $7::int, $8::int)
