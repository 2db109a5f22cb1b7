-- Whether the database answers this role and holds our schema.
--
-- Returns: one row: now.
SELECT kg.now() AS now;
