-- Adds a room to a venue.
--
-- $1 why        text   for the journal
-- $2 venue      int    id
-- $3 name       text
-- $4 halves     text   ids "3,4" a combined room is made of; NULL
-- $5 step_free  bool   'true' or NULL
-- $6 loop       bool   hearing loop; 'true' or NULL
-- $7 setups     jsonb  [{"setup":..,"capacity":..}, ...] or NULL
--
-- Returns: the row of kg.written.
-- Raises:  KG004, KG005.
SELECT * FROM kg.room_add(NULL, $1, $2::int, $3,
	string_to_array($4, ',')::int[], coalesce($5::bool, false),
	coalesce($6::bool, false), $7::jsonb)
