-- Invites somebody to an account, or again who lost password or authenticator.
--
-- $1 why     text   for the journal
-- $2 person  int    id of who is there already; NULL: found by mail, or new
-- $3 name    text   of a new person, or NULL
-- $4 mail    text   address, or NULL: the person's
-- $5 role    text   or NULL: the person's
-- $6 office  text   code, or NULL
-- $7 hash    bytea  SHA-256 of the secret, as \x...
-- $8 hours   int    how long it is good, or NULL
-- $9 secret  text   to be sent by mail, or NULL: no mail
--
-- Returns: the row of kg.written, and mailed: whether a mail waits to be sent.
-- Raises:  KG004, KG005, KG006 locked, KG007 another account has this address.
SELECT w.*, CASE WHEN $9::text IS NULL THEN false
	ELSE kg.account_invitation_mail($9) END AS mailed
FROM kg.account_invite(NULL, $1, $2::int, $3, $4, $5, $6, $7::bytea, $8::int) AS w
