-- One route of the JSON API, asked by the operator.
--
-- $1 route   text   its name, as booking_move
-- $2 input   jsonb  one object, as the route's handler names its members
-- $3 expect  int    version the thing must have; NULL: any
--
-- Returns: one row: the columns of kg.written (object_id with commas when several
--          things came of it) and body, the route's answer.
-- Raises:  what the handler raises; KG004 no such route.
SELECT * FROM kg.operator_call($1, $2::jsonb, $3::int)
