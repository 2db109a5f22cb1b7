-- Gives a booked room free.
--
-- $1 why      text  for the journal
-- $2 booking  int   id
-- $3 expect   int   version it must have; NULL: any
--
-- Returns: the row of kg.written.
-- Raises:  KG003, KG004, KG006.
SELECT * FROM kg.booking_cancel(NULL, $1, $2::int, $3::int)
