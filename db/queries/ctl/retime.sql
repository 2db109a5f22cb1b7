-- Makes future instants anew after a change of the zone rules.
--
-- $1 why      text  for the journal
-- $2 dry_run  bool  'true': only look
--
-- Returns: one row for each session and booking that moves or collides.
SELECT * FROM kg.retime(NULL, $1, coalesce($2::bool, false))
