-- Who is erased is in no answer that was kept for a repeated request.
\ir api.sql
CREATE FUNCTION kept(who int, key text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT i.body FROM kg.idempotency i WHERE i.actor_id = who AND i.key = kept.key
$$;
-- answers of and about person 1, and one of others
SELECT call('booking_create', 1, '{"room_id": 2, "title": "Eget", "setup": "",
	"starts_local": "2030-06-04T09:00", "ends_local": "2030-06-04T10:00"}', NULL,
	'eget', sha256('1')) \g /dev/null
SELECT call('session_teacher_put', 2, '{"run_no": "R-1", "no": 1, "person_id": 3,
	"status": "accepted"}', NULL, 'lærer', sha256('2')) \g /dev/null
SELECT call('booking_create', 2, '{"room_id": 2, "title": "Med Underviser T",
	"setup": "", "starts_local": "2030-06-05T09:00",
	"ends_local": "2030-06-05T10:00"}', NULL, 'navn', sha256('3')) \g /dev/null
SELECT call('booking_create', 2, '{"room_id": 2, "title": "Andet", "setup": "",
	"starts_local": "2030-06-06T09:00", "ends_local": "2030-06-06T10:00"}', NULL,
	'andet', sha256('4')) \g /dev/null
SELECT is(array_agg(key ORDER BY key), '{andet,eget,lærer,navn}', 'answers are kept')
	FROM kg.idempotency;
SELECT kept(2, 'andet') AS other, kept(2, 'navn') AS named \gset
UPDATE kg.person SET name = 'slettet ' || id, mail = NULL, phone = NULL, erased_at = now()
WHERE id IN (1, 3);
SELECT is(count(*), 0::bigint, 'those of who is erased are gone')
	FROM kg.idempotency WHERE actor_id = 1;
SELECT is(count(*), 0::bigint, 'no answer has the name, the address or the number')
FROM kg.idempotency i WHERE i.body::text ~ 'Underviser T|t@example.org|"person_id": 3\M';
SELECT is(kept(2, 'navn') -> 'not_repeated' ? 'title', true,
	'what had it tells what it had');
SELECT is(kept(2, 'andet'), (:'other')::jsonb, 'and what others have stays');
SELECT is(call('booking_create', 2, '{"room_id": 2, "title": "Med Underviser T",
	"setup": "", "starts_local": "2030-06-05T09:00",
	"ends_local": "2030-06-05T10:00"}', NULL, 'navn', sha256('3')) -> 'status', '201',
	'the same request again has its answer');
SELECT is(count(*), 1::bigint, 'and is not done twice')
	FROM kg.booking WHERE starts_local = '2030-06-05 09:00';
SELECT * FROM finish();
