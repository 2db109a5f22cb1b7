-- Venues.
--
-- $1 office  text  code, or NULL
--
-- Returns: one row a venue.
SELECT v.id, o.code AS office, v.name, v.street, v.postcode, v.town,
	v.lat, v.lon, v.own, v.version
FROM kg.venue v
JOIN kg.office o ON o.id = v.office_id
WHERE $1::text IS NULL OR o.code = $1
ORDER BY o.code, v.name
