-- Makes a stretch of seasons of the scale data.
--
-- $1 first  int
-- $2 last   int
--
-- Returns: one row, nothing in it.
SELECT kg.scale_part($1::int, $2::int)
