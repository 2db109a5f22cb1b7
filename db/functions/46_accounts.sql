-- Accounts: who a bearer token belongs to.
SET LOCAL ROLE kattegat_owner;

-- Of the token's SHA-256; NULL: nobody's, or no longer good.
CREATE OR REPLACE FUNCTION kg.api_find_actor(bearer bytea) RETURNS kg.actor
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT NULL::kg.actor WHERE bearer IS NOT NULL
$$;
