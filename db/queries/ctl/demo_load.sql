-- Loads the demonstration: seasons, seminars, rooms and people.
--
-- $1 why        text   for the journal
-- $2 rows       jsonb  the runs of the model season
-- $3 programme  jsonb  the blocks of the days
--
-- Returns: one row of kg.written for each thing.
SELECT * FROM kg.demo_load(NULL, $1, $2::jsonb, $3::jsonb)
