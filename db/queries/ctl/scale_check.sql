-- Whether scale data may come into this database.
--
-- $1 scale  int  how many times the model season
--
-- Returns: one row: seasons int, how many there are: none, or as many.
-- Raises:  KG005 a scale that cannot be, KG006 other data, or another scale.
SELECT kg.scale_check($1::int) AS seasons
