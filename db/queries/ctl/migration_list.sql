-- The migrations that were applied.
--
-- Returns: number, name, checksum (hex), applied_at; by number.
SELECT number, name, encode(checksum, 'hex') AS checksum,
	date_trunc('second', applied_at) AS applied_at
FROM kg.migration
ORDER BY number
