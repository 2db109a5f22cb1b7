-- People who were not erased; mail and phone are not for listings.
--
-- $1 role    text  or NULL
-- $2 office  text  code, or NULL
--
-- Returns: one row a person; tokens counts the feed links in force.
SELECT p.id, p.name, p.role, o.code AS office, p.municipality,
	(SELECT count(*) FROM kg.feed_token t
		WHERE t.person_id = p.id AND t.revoked_at IS NULL) AS tokens,
	p.version
FROM kg.person p
LEFT JOIN kg.office o ON o.id = p.office_id
WHERE p.erased_at IS NULL
	AND ($1::text IS NULL OR p.role = $1)
	AND ($2::text IS NULL OR o.code = $2)
ORDER BY p.name, p.id
