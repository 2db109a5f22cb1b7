-- Runs one route of the API for whoever holds the bearer token.
--
-- $1 route             text    its name, "booking_create"
-- $2 bearer            bytea   SHA-256 of the token; NULL: none was given
-- $3 input             jsonb   names of path, query and body, checked by their types
-- $4 expected_version  integer of If-Match; NULL: none
-- $5 idempotency_key   text    NULL: none
-- $6 request_hash      bytea   SHA-256 of what is asked; goes with the key
--
-- Returns: one row: status, body (jsonb), etag, location, scopes to be bumped, xid of
--          the write or NULL, snapshot.
-- Raises:  KG001 not allowed, KG002 no such hour, KG003 version is another, KG004 no
--          such thing, KG005 value not usable, KG006 not in this state, KG007 something
--          is in the way, KG401 not signed in, KG422 the key was used with another
--          body. DETAIL is a JSON object.
SELECT status, body, etag, location, scopes, xid, snapshot
FROM kg.api($1, $2, $3::jsonb, $4, $5, $6);
