-- Brings a cancelled run back, with the sessions that fell with it.
--
-- $1 why     text  for the journal
-- $2 run     text  its number
-- $3 expect  int   version it must have; NULL: any
--
-- Returns: the row of kg.written.
-- Raises:  KG003, KG004, KG006, KG007 taken meanwhile.
SELECT * FROM kg.run_restore(NULL, $1, $2, $3::int)
