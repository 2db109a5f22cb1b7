-- Mails of the last weeks, without text and address.
--
-- $1 state  text  waiting, sent, given_up, or NULL
--
-- Returns: one row a mail, the latest first.
SELECT m.id, m.kind, m.person_id AS person, m.office, m.state, m.tries,
	to_char(m.created_at AT TIME ZONE 'Europe/Copenhagen',
		'YYYY-MM-DD HH24:MI') AS made,
	to_char(m.next_try_at AT TIME ZONE 'Europe/Copenhagen',
		'YYYY-MM-DD HH24:MI') AS next_try,
	to_char(m.ended_at AT TIME ZONE 'Europe/Copenhagen',
		'YYYY-MM-DD HH24:MI') AS ended, m.problem
FROM kg.operator_mails() AS m
WHERE $1::text IS NULL OR m.state = $1
