-- Whether db init and the first migration were done.
--
-- Returns: one row: schema and migrations, as bool.
SELECT to_regnamespace('kg') IS NOT NULL AS schema,
	to_regclass('kg.migration') IS NOT NULL AS migrations
