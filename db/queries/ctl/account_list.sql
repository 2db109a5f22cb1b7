-- Accounts.
--
-- $1 role   text  or NULL
-- $2 state  text  invited, active, locked, or NULL
--
-- Returns: one row an account.
SELECT a.person_id AS person, a.name, a.role, a.office, a.state, a.recovery_codes,
	to_char(a.last_sign_in_at AT TIME ZONE 'Europe/Copenhagen',
		'YYYY-MM-DD HH24:MI') AS last_sign_in, a.version
FROM kg.account_list() AS a
WHERE ($1::text IS NULL OR a.role = $1) AND ($2::text IS NULL OR a.state = $2)
