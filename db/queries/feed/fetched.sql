-- Notes the last fetch of token feeds, many in one statement.
--
-- $1 token_ids  int[]
-- $2 at_s       bigint[]  Unix seconds, rounded to the minute
-- $3 clients    text[]    family of the client: 'google', 'apple', ...
--
-- Returns: one row, nothing in it.
SELECT kg.feed_fetched($1, $2, $3);
