-- What the kitchen is told: by a deadline that is still to come, and no more diets than
-- there are persons.
\ir api.sql
UPDATE kg.clock SET shift = ('2030-05-06 08:00+02'::timestamptz
	- clock_timestamp());
CREATE FUNCTION wish(day text, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('booking_create', 1, jsonb_build_object('room_id', 1, 'title', 'Møde',
		'starts_local', day || 'T09:00', 'ends_local', day || 'T12:00') || more)
$$;
CREATE FUNCTION said(answer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', answer ->> 'state', answer ->> 'status',
		answer ->> 'message', answer #> '{detail,fields}')
$$;
-- 6 May 2030 is a Monday
SELECT is(said(wish('2030-05-07', '{"catering_count": 3, "catering_days": 5}')),
	'KG005 the kitchen would have wanted the number by 2030-04-30 ["catering_days"]',
	'a deadline that is past is refused with its date');
SELECT is(wish('2030-05-07', '{"catering_count": 3, "catering_days": 5}') ->> 'hint',
	'fewer working days before; or none, and call the kitchen', 'and what to do');
SELECT is(wish('2030-05-07', '{"catering_count": 3, "catering_days": 1}')
	#>> '{body,catering,due}', '2030-05-06', 'today will do');
SELECT is(said(call('booking_change', 1, '{"booking_id": 1, "catering_days": 2}', 1)),
	'KG005 the kitchen would have wanted the number by 2030-05-03 ["catering_days"]',
	'a change orders no later either');
SELECT is(said(wish('2030-05-08', '{"catering_count": 3,
	"catering_diets": {"vegan": 30}}')), 'KG005 the diets are of more than the 3 who eat '
	'["catering_diets", "catering_count"]', 'more diets than persons are refused');
SELECT is(said(wish('2030-05-08', '{"catering_count": 3,
	"catering_diets": {"vegan": 2, "gluten_free": 2}}')), 'KG005 the diets are of more '
	'than the 3 who eat ["catering_diets", "catering_count"]', 'summed');
SELECT is(said(wish('2030-05-08', '{"head_count": 1,
	"catering_diets": {"vegan": 2}}')), 'KG005 the diets are of more than the 1 who eat '
	'["catering_diets", "catering_count"]', 'all eat, where nobody says how many');
SELECT is(said(wish('2030-05-08', '{"catering_count": 4,
	"catering_diets": {"vegan": 2, "gluten_free": 2}}')), '201', 'as many will do');
SELECT is(said(call('booking_change', 1, '{"booking_id": 2, "catering_count": 3}', 1)),
	'KG005 the diets are of more than the 3 who eat'
	' ["catering_diets", "catering_count"]', 'nor does a change go below them');
SELECT is(said(call('booking_change', 1, '{"booking_id": 2, "title": "Nyt"}', 1)), '200',
	'what else changes, changes');
UPDATE kg.clock SET shift = shift + interval '1 day';
SELECT is(said(call('booking_change', 1, '{"booking_id": 1, "title": "Nyt"}', 1)), '200',
	'also when the deadline is past since');
SELECT is(said(call('booking_change', 1, '{"booking_id": 1, "catering_count": 4}', 2)),
	'KG006 the kitchen wanted the number by 2030-05-06', 'when the number stays');
SELECT * FROM finish();
