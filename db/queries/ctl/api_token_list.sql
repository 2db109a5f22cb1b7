-- API tokens, without their secret.
--
-- $1 person  int   id, or NULL
-- $2 all     bool  'true': also those that were revoked or have ended
--
-- Returns: one row a token.
SELECT t.api_token_id AS id, t.person_id AS person, t.person AS owner, t.name,
	t.role, t.office,
	to_char((t.expires_at AT TIME ZONE 'Europe/Copenhagen')
		- interval '1 day', 'YYYY-MM-DD') AS until,
	to_char(t.last_used_at AT TIME ZONE 'Europe/Copenhagen',
		'YYYY-MM-DD HH24:MI') AS last_used,
	t.revoked_at IS NOT NULL AS revoked, t.version
FROM kg.api_token_list() AS t
WHERE ($1::int IS NULL OR t.person_id = $1)
	AND ($2::bool OR t.revoked_at IS NULL
		AND (t.expires_at IS NULL OR t.expires_at > kg.now()))
