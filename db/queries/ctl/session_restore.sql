-- Brings a cancelled session back.
--
-- $1 why     text  for the journal
-- $2 run     text  its number
-- $3 no      int   of the session in its run
-- $4 expect  int   version it must have; NULL: any
--
-- Returns: the row of kg.written.
-- Raises:  KG003, KG004, KG006, KG007 taken meanwhile.
SELECT * FROM kg.session_restore(NULL, $1, $2, $3::int, $4::int)
