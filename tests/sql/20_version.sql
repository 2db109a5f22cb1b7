-- Version, changed_at and changed_by: by trigger, and never down.
SELECT is(version, 1, 'a new row has version 1') FROM kg.venue WHERE id = 2;
INSERT INTO kg.venue (office_id, name, town, version, changed_at, changed_by)
VALUES (1, 'Kroen', 'Rebild', 7, '2000-01-01', 5);
SELECT is((version, changed_by, changed_at > now() - interval '1 minute'),
	(1, NULL::int, true), 'whatever the statement says')
	FROM kg.venue WHERE name = 'Kroen';

CREATE TABLE old AS SELECT * FROM kg.venue WHERE id = 2;
SELECT is(rows_of('UPDATE kg.venue SET name = ''Hotellet'' WHERE id = 2'), 0::bigint,
	'an update that changes nothing is no update');
SELECT is(v::text, o::text, 'and leaves the row as it was')
	FROM kg.venue v JOIN old o USING (id);
UPDATE kg.venue SET name = 'Kurhotellet', version = 1, changed_at = '2000-01-01'
WHERE id = 2;
SELECT is((v.version, v.changed_at > o.changed_at), (2, true),
	'a change raises version and changed_at, whatever it says')
	FROM kg.venue v JOIN old o USING (id);

-- every table that people change; no feed shows anything of accounts
SELECT has_trigger('kg', c.relname, t.name, format('%s has %s', c.relname, t.name))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'version'
	CROSS JOIN LATERAL (VALUES ('a_journal'), ('b_scopes'),
		(CASE WHEN c.relname IN ('session', 'booking') THEN 'm_rules'
			ELSE 'z_version' END)) AS t (name)
WHERE c.relnamespace = 'kg'::regnamespace AND c.relkind = 'r'
	AND NOT (c.relname IN ('account', 'api_token') AND t.name = 'b_scopes')
ORDER BY c.relname, t.name;

-- changed_at never goes down, not even by a clock that was set back
ALTER TABLE kg.venue DISABLE TRIGGER z_version;
ALTER TABLE kg.session DISABLE TRIGGER m_rules;
ALTER TABLE kg.booking DISABLE TRIGGER m_rules;
INSERT INTO kg.booking (uid, room_id, parts, kind, title, starts_local, ends_local,
	setup_min, clear_min) VALUES ('u@x', 5, '{[20,21)}', 'internal', 'x',
	'2030-05-02 09:00', '2030-05-02 13:00', 0, 0);
UPDATE kg.venue SET changed_at = '2199-01-01' WHERE id = 2;
UPDATE kg.session SET changed_at = '2199-01-01' WHERE id = 1;
UPDATE kg.booking SET changed_at = '2199-01-01';
ALTER TABLE kg.venue ENABLE TRIGGER z_version;
ALTER TABLE kg.session ENABLE TRIGGER m_rules;
ALTER TABLE kg.booking ENABLE TRIGGER m_rules;
UPDATE kg.venue SET name = 'Hotellet' WHERE id = 2;
UPDATE kg.session SET title = 'ny' WHERE id = 1;
UPDATE kg.booking SET title = 'ny';
SELECT is((version, changed_at), (3, '2199-01-01'::timestamptz),
	'a venue''s changed_at never goes down') FROM kg.venue WHERE id = 2;
SELECT is((version, changed_at), (2, '2199-01-01'::timestamptz),
	'nor a session''s') FROM kg.session WHERE id = 1;
SELECT is((version, changed_at), (2, '2199-01-01'::timestamptz),
	'nor a booking''s') FROM kg.booking;
SELECT is(rows_of('UPDATE kg.session SET title = title'), 0::bigint,
	'a session that changes nothing does not change');
SELECT is(rows_of('UPDATE kg.booking SET title = title'), 0::bigint,
	'nor does a booking');

-- one new version a transaction is enough for a session
BEGIN;
UPDATE kg.session SET title = 'en' WHERE id = 4;
UPDATE kg.session SET title = 'to' WHERE id = 4;
UPDATE kg.venue SET name = 'Nabo' WHERE id = 3;
COMMIT;
SELECT is(marks(4), 'sequence 1 version 2',
	'a session touched three times in a transaction has one new version');
UPDATE kg.session SET title = 'tre' WHERE id = 4;
SELECT is(marks(4), 'sequence 1 version 3', 'and another in the next');

-- the stamp of a dump may be that of a transaction to come
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE kg.session SET changed_xid = pg_current_xact_id(),
	sequence_xid = pg_current_xact_id(), changed_at = '2026-01-01' WHERE id = 4;
SET LOCAL session_replication_role = origin;
UPDATE kg.session SET starts_local = '2030-02-01 10:00' WHERE id = 4;
COMMIT;
SELECT is(marks(4), 'sequence 2 version 4',
	'an old stamp with the number of this transaction does not count');

-- who and why
SELECT is(changed_by, NULL, 'by hand nobody is named') FROM kg.venue WHERE id = 2;
SELECT lives_ok($$SELECT kg.venue_change(2, 'nyt navn', 2, NULL, 'Kroen ved åen',
	NULL, NULL, NULL, NULL, NULL)$$, 'a planner renames a venue');
SELECT is(changed_by, 2, 'a function names who') FROM kg.venue WHERE id = 2;
UPDATE kg.venue SET name = 'Hotellet' WHERE id = 2;
SELECT is(changed_by, NULL, 'for its own transaction')
	FROM kg.venue WHERE id = 2;

-- a link's last fetch is no change
INSERT INTO kg.feed_token (person_id, hash, name)
VALUES (3, sha256('1'), 'min telefon');
CREATE TABLE journal_was AS SELECT count(*) AS n FROM kg.journal;
UPDATE kg.feed_token SET last_fetch_at = now(), last_client = 'google';
SELECT is((version, last_client), (1, 'google'::text),
	'a fetch is noted without a version') FROM kg.feed_token;
SELECT is(count(*), n, 'and without a row in the journal')
	FROM kg.journal, journal_was GROUP BY n;
SELECT * FROM finish();
