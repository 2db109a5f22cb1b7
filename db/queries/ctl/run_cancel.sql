-- Cancels a run (aflysning) with all its sessions.
--
-- $1 why     text  for the journal
-- $2 run     text  its number
-- $3 expect  int   version it must have; NULL: any
--
-- Returns: the row of kg.written.
-- Raises:  KG003, KG004, KG006.
SELECT * FROM kg.run_cancel(NULL, $1, $2, $3::int)
