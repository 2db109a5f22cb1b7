-- Feed links, without what could open them.
--
-- $1 person  int  id, or NULL for all
--
-- Returns: one row a token.
SELECT t.id, t.person_id, p.name AS person, t.name, t.show_cancelled,
	date_trunc('second', t.created_at) AS created_at,
	date_trunc('second', t.revoked_at) AS revoked_at,
	date_trunc('second', t.last_fetch_at) AS last_fetch_at,
	t.last_client, t.version
FROM kg.feed_token t
JOIN kg.person p ON p.id = t.person_id
WHERE $1::int IS NULL OR t.person_id = $1
ORDER BY t.id
