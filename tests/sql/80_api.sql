-- kg.api: who asks, whether they may, whether they asked before; lists and times.
\ir api.sql
CREATE FUNCTION kg.api_test_write(actor_id int, input jsonb, expected_version int)
RETURNS kg.api_answer LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.write_begin(actor_id, 'test');
	UPDATE kg.venue SET name = input ->> 'name' WHERE id = 2;
	RETURN ((input ->> 'status')::int, jsonb_build_object('actor', actor_id,
		'name', input ->> 'name', 'version', expected_version,
		'secret', 'sesam'), '"7"', '/there')::kg.api_answer;
END
$$;
INSERT INTO kg.api_route (name, verb, secrets) VALUES
	('test_write', 'calendar', '{secret}');
CREATE FUNCTION kg.api_test_open(actor_id int, input jsonb, expected_version int)
RETURNS kg.api_answer LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT kg.api_ok(jsonb_build_object('actor', actor_id,
		'may', kg.may(actor_id, 'calendar', 1), 'n', input -> 'n'))
$$;
INSERT INTO kg.api_route (name, verb) VALUES ('test_open', NULL),
	('test_self', 'self');
CREATE FUNCTION kg.api_test_self(actor_id int, input jsonb, expected_version int)
RETURNS kg.api_answer LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT kg.api_ok(to_jsonb(kg.api_me()))
$$;

-- who
SELECT is(call('test_self', 99) ->> 'state', 'KG401', 'an unknown token is nobody''s');
SELECT throws_ok($$SELECT * FROM kg.api('test_self', NULL, '{}', NULL, NULL, NULL)$$,
	'KG401', NULL, 'nor is none');
SELECT is(call('nowhere', 1) ->> 'state', 'KG004', 'a route that is not there');
SELECT is(call('test_write', 3) ->> 'state', 'KG001', 'a teacher books nothing');
SELECT is(call('test_write', 4) ->> 'state', 'KG001', 'nor does an admin');
SELECT is(call('test_write', 5) ->> 'state', 'KG001', 'nor an auditor');
SELECT is((call('test_self', 1) -> 'body') - array['api_token_id', 'seen_at'],
	'{"person_id": 1,
	"role": "coordinator", "office_id": 1, "sign_in_id": null, "confirmed_at": null}',
	'a handler knows who asks');
SELECT is(call('test_self', 3) #>> '{body,role}', 'teacher',
	'"self" is for everybody who is signed in');
SELECT is(body, '{"actor": 0, "may": false, "n": 1}',
	'who is not signed in is nobody, and may nothing')
	FROM kg.api('test_open', NULL, '{"n": 1}', NULL, NULL, NULL);

-- a token that is narrower than its person
UPDATE kg.api_token SET role = 'coordinator', office_id = 1 WHERE person_id = 2;
CREATE FUNCTION kg.api_test_may(actor_id int, input jsonb, expected_version int)
RETURNS kg.api_answer LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT kg.api_ok(jsonb_build_object('own', kg.may(actor_id, 'calendar', 1),
		'other', kg.may(actor_id, 'calendar', 2),
		'places', kg.may(actor_id, 'places', 1)))
$$;
INSERT INTO kg.api_route (name, verb) VALUES ('test_may', 'staff');
SELECT is(call('test_may', 2) -> 'body', '{"own": true, "other": false,
	"places": false}', 'a planner''s token for one office is good for that office');
UPDATE kg.api_token SET role = 'planner', office_id = NULL WHERE person_id = 2;
SELECT is(call('test_may', 2) -> 'body', '{"own": true, "other": true,
	"places": true}', 'one for all is good for all');
UPDATE kg.api_token SET role = 'planner' WHERE person_id = 1;
SELECT is(call('test_may', 1) -> 'body', '{"own": true, "other": false,
	"places": false}', 'and none for more than its person may');
UPDATE kg.api_token SET role = 'coordinator' WHERE person_id = 1;

-- the answer
SELECT is(call('test_write', 1, '{"name": "A", "status": 201}', 3) - 'xid'
		- 'snapshot',
	'{"status": 201, "etag": "\"7\"", "location": "/there", "scopes":
	"office:1 room:5", "body": {"actor": 1,
	"name": "A", "version": 3, "secret": "sesam"}}',
	'status, body, ETag, location and scopes are the handler''s');
SELECT call('test_write', 1, '{"name": "B", "status": 200}') ->> 'xid' AS xid \gset
SELECT is(xid::text, :'xid', 'a write tells its transaction') FROM kg.journal
	ORDER BY id DESC LIMIT 1;
SELECT ok(call('test_self', 1) ->> 'xid' IS NULL, 'a question has none');
SELECT is(actor_id, 1, 'the journal knows who') FROM kg.journal
	ORDER BY id DESC LIMIT 1;

-- the same request again
CREATE FUNCTION again(name text, hash text DEFAULT 'h', status int DEFAULT 201,
	who int DEFAULT 1)
RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('test_write', who, jsonb_build_object('name', name,
		'status', status), NULL, 'key', hash::bytea)
$$;
SELECT again('C') AS first \gset
SELECT is((:'first')::jsonb #>> '{body,secret}', 'sesam', 'a secret is shown');
SELECT again('D') AS second \gset
SELECT is((:'second')::jsonb -> 'xid', (:'first')::jsonb -> 'xid',
	'the same key gets the same write''s answer');
SELECT is((:'second')::jsonb -> 'body', '{"actor": 1, "name": "C", "version": null,
	"not_repeated": ["secret"]}', 'without the secret, which it says');
SELECT is((:'second')::jsonb - 'body' - 'scopes' - 'snapshot',
	(:'first')::jsonb - 'body' - 'scopes' - 'snapshot', 'else the same');
SELECT is(name, 'C', 'nothing was written') FROM kg.venue WHERE id = 2;
SELECT ok(body::text NOT LIKE '%sesam%', 'no secret is kept') FROM kg.idempotency;
SELECT is(again('D', 'other') ->> 'state', 'KG422', 'another body under it is refused');
SELECT is(again('E', 'h', 201, 2) #>> '{body,name}', 'E', 'another''s key is another');
SELECT is(call('test_self', 1, '{}', NULL, 'key', 'h') ->> 'state', 'KG422',
	'so is another route');
UPDATE kg.clock SET shift = '23 hours 59 minutes';
SELECT is(again('F') #>> '{body,name}', 'C', 'it is kept for 24 hours');
UPDATE kg.clock SET shift = '24 hours 1 minute';
SELECT is(again('F') #>> '{body,name}', 'F', 'and then forgotten');
UPDATE kg.clock SET shift = '0';
SELECT is(call('test_write', 1, '{"name": "G", "status": 409}', NULL, 'k2', 'h')
	-> 'status', '409', 'an answer that is no success');
SELECT is(count(*), 0::bigint, 'is not kept') FROM kg.idempotency WHERE key = 'k2';
SELECT is(call('test_write', 1, '{"name": "", "status": 201}', NULL, 'k3', 'h')
	->> 'state', '23514', 'nor is a failure');
SELECT is(call('test_write', 1, '{"name": "H", "status": 201}', NULL, 'k3', 'h')
	-> 'status', '201', 'whose key can be used again');

-- two at once under one key
SELECT dblink_connect('one', :'dsn') AS _, dblink_connect('two', :'dsn') AS __ \gset
SELECT pid AS two_pid FROM dblink('two', 'SELECT pg_backend_pid()') AS t (pid int)
\gset
CREATE FUNCTION waits(pid int) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
	until timestamptz := clock_timestamp() + interval '5 seconds';
BEGIN
	WHILE clock_timestamp() < until LOOP
		PERFORM pg_stat_clear_snapshot();
		IF EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = waits.pid
			AND a.wait_event = 'advisory') THEN
			RETURN true;
		END IF;
		PERFORM pg_sleep(0.002);
	END LOOP;
	RETURN false;
END
$$;
SELECT dblink_exec('one', 'BEGIN') AS _ \gset
SELECT x AS won FROM dblink('one', $$SELECT call('test_write', 1,
	'{"name": "I", "status": 201}', NULL, 'k4', 'h') #>> '{body,name}'$$) AS t (x text)
\gset
SELECT dblink_send_query('two', $$SELECT call('test_write', 1,
	'{"name": "J", "status": 201}', NULL, 'k4', 'h') #>> '{body,name}'$$) AS _ \gset
SELECT ok(waits(:two_pid), 'the second under a key waits for the first');
SELECT dblink_exec('one', 'COMMIT') AS _ \gset
SELECT is(x, 'I', 'and gets its answer') FROM dblink_get_result('two') AS t (x text);
SELECT dblink_disconnect('one') AS _, dblink_disconnect('two') AS __ \gset

-- strangers' keys do not meet
SELECT is(a.body ->> 'n', n::text, 'two strangers with one key are two')
FROM generate_series(1, 2) AS n, LATERAL kg.api('test_open', NULL,
	jsonb_build_object('n', n), NULL, 'k', n::text::bytea) AS a;

-- lists
INSERT INTO kg.venue (office_id, name, town)
SELECT 1, 'Sted ' || chr(64 + n), 'By' FROM generate_series(1, 7) AS n;
CREATE FUNCTION pages(route text, input jsonb, size int) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	page jsonb;
	told text := '';
BEGIN
	LOOP
		page := call(route, 1, input || jsonb_build_object('limit', size)) -> 'body';
		told := told || (SELECT string_agg(right(i ->> 'name', 1), '' ORDER BY n)
			FROM jsonb_array_elements(page -> 'items') WITH ORDINALITY AS u (i, n))
			|| ' ';
		EXIT WHEN page ->> 'next' IS NULL;
		input := input || jsonb_build_object('cursor', page -> 'next');
	END LOOP;
	RETURN rtrim(told);
END
$$;
SELECT is(pages('venues_list', '{"q": "sted"}', size), expected,
	format('seven by pages of %s', size))
FROM (VALUES (1, 'A B C D E F G'), (3, 'ABC DEF G'), (7, 'ABCDEFG'),
	(200, 'ABCDEFG')) AS t (size, expected);
SELECT is(call('venues_list', 1, jsonb_build_object('cursor', cursor)) ->> 'state',
	'KG005', format('"%s" is no cursor', cursor))
FROM unnest(array['x', '%%%', 'e30', 'æ', '', 'WzFd']) AS cursor;
-- of another list, or made up: no list takes it
CREATE FUNCTION cursor_of(key jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT translate(encode(convert_to(key::text, 'UTF8'), 'base64'), E'+/=\n', '-_')
$$;
SELECT is(call(route, who, jsonb_build_object('cursor', cursor_of(key))) ->> 'message',
	'the cursor is none of ours', format('%s takes no cursor %s', route, key))
FROM (VALUES ('venues_list', 1), ('rooms_list', 1), ('bookings_list', 1),
		('seminars_list', 1), ('runs_list', 1), ('sessions_list', 1),
		('journal_list', 1), ('api_tokens_list', 1), ('accounts_list', 4))
		AS r (route, who)
	CROSS JOIN (VALUES ('[]'::jsonb), ('["x"]'), ('["x", "y"]'), ('[["a"], 1]'),
		('["2031-05-01", 99999999999999999999]'), ('["a", 1, 2]')) AS k (key)
UNION ALL SELECT is(call(route, 1, jsonb_build_object('cursor',
	cursor_of('["2031-02-30", 1]'))) ->> 'message', 'the cursor is none of ours',
	route || ' knows its days')
FROM unnest(array['bookings_list', 'sessions_list', 'journal_list']) AS route;
SELECT is(kg.api_limit('{}'), 50, 'fifty, when nobody says');
SELECT is(kg.api_limit('{"limit": 1000}'), 200, 'and 200 at most');
SELECT is(kg.api_days('{"week": "2027-W03"}'), '[2027-01-18,2027-01-25)', 'a week');
SELECT is(kg.api_days('{"week": "2026-W53"}'), '[2026-12-28,2027-01-04)',
	'the last of a year');
SELECT throws_ok($$SELECT kg.api_days('{"week": "2027-W53"}')$$, 'KG005',
	'there is no week 2027-W53', 'that not every year has');
SELECT is(kg.api_days('{"from": "2027-01-01", "to": "2027-01-31"}'),
	'[2027-01-01,2027-02-01)', 'a range, the last day included');
SELECT is(kg.api_days('{"from": "2027-01-01"}'), '[2027-01-01,)', 'or open');
SELECT throws_ok($$SELECT kg.api_days('{"week": "2027-W60"}')$$, 'KG005');
SELECT throws_ok($$SELECT kg.api_days('{"from": "2027-02-01", "to": "2027-01-31"}')$$,
	'KG005', 'the range ends before it begins', 'it runs forward');

-- local times
SELECT is(kg.local_of('2027-01-21T09:00'), '2027-01-21 09:00', 'a local time');
SELECT throws_ok(format('SELECT kg.local_of(%L)', bad), 'KG005', NULL,
	format('"%s" is none', bad))
FROM unnest(array['2027-02-30T09:00', '2027-01-21', '2027-01-21T09:00Z', 'now',
	'2027-01-21T24:00', '2027-01-21T09:00+01:00', '']) AS bad;
SELECT is(kg.api_instant(kg.local_must('2027-07-21T09:00', 'Europe/Copenhagen')),
	'2027-07-21T07:00:00Z', 'and its instant');
SELECT throws_ok($$SELECT kg.local_must('2027-03-28T02:30', 'Europe/Copenhagen')$$,
	'KG002', NULL, 'an hour that does not exist has none');
SET ROLE kattegat;
SELECT lives_ok($$SELECT * FROM kg.api('offices_list', sha256('token 1'), '{}', NULL,
	NULL, NULL)$$, 'the daemon''s role asks');
SELECT throws_ok($$SELECT kg.api_offices_list(1, '{}', NULL)$$, '42501', NULL,
	'through the one door only');
SELECT throws_ok($$SELECT * FROM kg.idempotency$$, '42501', NULL,
	'and reads no kept answer');
RESET ROLE;
SELECT is(array(SELECT r.name FROM kg.api_route r LEFT JOIN pg_proc p
	ON p.pronamespace = 'kg'::regnamespace AND p.proname = 'api_' || r.name
	WHERE p.oid IS NULL), '{}', 'every route has its handler');
SELECT * FROM finish();
