-- The migrations that were applied.
--
-- Returns: number, name, checksum (hex), applied_at; by number.
SELECT number, name, encode(checksum, 'hex') AS checksum,
	applied_at::timestamp(0) AS applied_at
FROM kg.migration
ORDER BY number
