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

-- a holiday comes, and goes: 17 May 2030 is a Friday
CREATE FUNCTION due(day text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', b.catering_due, 'version ' || b.version), ', '
		ORDER BY b.id)
	FROM kg.booking b WHERE b.starts_local = (day || ' 09:00')::timestamp
$$;
SELECT wish('2030-05-17', '{"catering_count": 3, "catering_days": 1}') \g /dev/null
SELECT wish('2030-05-20', '{"catering_count": 3, "catering_days": 2}') \g /dev/null
SELECT wish('2030-05-16', '{"catering_count": 3, "catering_days": 1}') \g /dev/null
SELECT wish('2030-08-07', '{"catering_count": 3, "catering_days": 60}') \g /dev/null

SELECT is(due('2030-05-17'), '2030-05-16 version 1', 'the kitchen is told the day before');
BEGIN;
SELECT kg.write_begin(NULL, 'fridag') \g /dev/null
INSERT INTO kg.holiday (day, name, kind) VALUES ('2030-05-16', 'Fridag', 'closed');
COMMIT;
SELECT is(due('2030-05-17'), '2030-05-15 version 2', 'which is a holiday now: one before');
SELECT is(due('2030-05-20'), '2030-05-15 version 2', 'counted over it too');
SELECT is(due('2030-05-16'), '2030-05-15 version 1', 'but not what is on that day');
SELECT is(due('2030-08-07'), '2030-05-14 version 2', 'sixty working days reach as far');
SELECT is((SELECT format('%s %s', before, after) FROM kg.journal
		WHERE why = 'fridag' AND object = 'booking' ORDER BY id LIMIT 1),
	'{"catering_due": "2030-05-16"} {"catering_due": "2030-05-15"}',
	'the journal tells when and why');
UPDATE kg.clock SET shift = ('2030-05-18 08:00+02'::timestamptz
	- clock_timestamp());
DELETE FROM kg.holiday WHERE name = 'Fridag';
SELECT is(due('2030-05-20'), '2030-05-16 version 3', 'it goes, and all is as before');
SELECT is(due('2030-08-07'), '2030-05-15 version 3', 'far away too');
SELECT is(due('2030-05-17'), '2030-05-15 version 2', 'what has been stays');
SELECT * FROM finish();
