-- The operator's way to the routes of the API.
CREATE FUNCTION ask(route text, input jsonb, expected_version int DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
	SELECT to_jsonb(c) FROM kg.operator_call(route, input, expected_version) AS c
$$;

SET ROLE kattegat_operator;
SELECT is(rows_of($$SELECT * FROM kg.operator_call('rooms_list', '{}', NULL)$$), 1::bigint,
	'kattegatctl''s role asks');
RESET ROLE;

-- a change
SELECT ask('booking_create', '{"room_ids": [2, 1], "title": "Møde", "why": "fordi",
	"starts_local": "2030-03-04T09:00", "ends_local": "2030-03-04T12:00"}') AS made
\gset
SELECT is((:'made'::jsonb) - array['body', 'xid', 'scopes'], '{"changed": true,
	"object": "booking", "object_id": "1, 2", "version": null}',
	'several things are told with their ids');
SELECT is(jsonb_array_length((:'made'::jsonb) #> '{body,items}'), 2,
	'and the route''s answer stands beside them');
SELECT isnt((:'made'::jsonb) ->> 'scopes', '', 'with what a daemon must hear');
SELECT is((:'made'::jsonb) ->> 'xid', (SELECT max(j.xid::text::bigint)::text
	FROM kg.journal j), 'and the number of the transaction');
SELECT is(array(SELECT DISTINCT j.why || ' ' || coalesce(j.actor_id, 0)
	FROM kg.journal j WHERE j.object = 'booking'), '{"fordi 0"}',
	'the journal knows why, and that it was the operator');

-- every office, and every title
SELECT is(ask('booking_create', '{"room_id": 4, "title": "Nabo",
	"starts_local": "2030-03-04T09:00", "ends_local": "2030-03-04T12:00"}')
	-> 'version', '1', 'one thing has its version');
SELECT is(ask('bookings_list', '{"q": "nab"}') #>> '{body,items,0,title}', 'Nabo',
	'nothing is hidden from the operator');

-- nothing changed
SELECT is(ask('booking_cancel', '{"booking_id": 3}', 1) -> 'changed', 'true',
	'cancelled');
SELECT is(ask('booking_cancel', '{"booking_id": 3}') -> 'changed', 'false',
	'what was so already is no change');
SELECT is(ask('bookings_list', '{}') -> 'changed', 'false', 'reading is none');
SELECT throws_ok($$SELECT ask('booking_restore', '{"booking_id": 3}', 1)$$, 'KG003',
	NULL, 'a stale version is refused');

-- a block-out is a series of bookings
SELECT is(ask('block_out_create', '{"room_ids": [4], "title": "Maling",
	"starts_local": "2030-04-04T09:00", "ends_local": "2030-04-04T12:00"}')
	- array['body', 'xid', 'scopes'], '{"changed": true, "object": "series",
	"object_id": "1", "version": 1}', 'a block-out is told as a series');

-- who is not signed in cannot mean oneself
SELECT throws_ok(format('SELECT ask(%L, ''{}'')', r), 'KG004', NULL,
	format('%s is not for the operator', r))
FROM unnest(array['me', 'sign_in_begin', 'invitation_begin', 'nowhere']) AS r;
SELECT is(array(SELECT r.name FROM kg.api_route r
	WHERE (r.verb IS NULL OR r.verb = 'self')
		AND r.name IN ('me', 'sign_in_begin', 'invitation_begin') ORDER BY 1),
	'{invitation_begin,me,sign_in_begin}', 'which are routes');

-- mails: whom they go to and how they fare, not what they say
INSERT INTO kg.outbox (kind, person_id, office_id, message_id, facts, created_at,
	give_up_at, next_try_at, problem, ended_at, ended_as)
VALUES ('one', 1, NULL, 'a', '{"token": "sesam"}', now(), now(), now(), 'no answer',
	NULL, NULL), ('two', NULL, 2, 'b', NULL, now(), now(), now(), NULL, now(), 'sent');
SELECT is(array(SELECT format('%s %s %s %s %s %s', kind, person_id, office, state,
	next_try_at IS NULL, problem) FROM kg.operator_mails()),
	'{"two  KBH sent t ","one 1  waiting f no answer"}', 'mails are listed');
SELECT ok(bool_and(m::text !~ 'sesam|@'), 'without secret or address')
	FROM kg.operator_mails() AS m;
SET ROLE kattegat_operator;
SELECT lives_ok('SELECT * FROM kg.operator_mails()', 'kattegatctl''s role asks');
RESET ROLE;
SELECT * FROM finish();
