-- Ends the scale data, before COMMIT.
--
-- Returns: one row of kg.written.
SELECT * FROM kg.scale_end()
