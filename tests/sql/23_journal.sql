-- The journal: who, when, why, what before and after; personal columns apart.
CREATE VIEW last_row AS SELECT * FROM kg.journal ORDER BY id DESC LIMIT 1;

UPDATE kg.venue SET name = 'Kroen', street = NULL WHERE id = 2;
SELECT is(concat_ws(' ', object, object_id, action, actor_id, actor, why),
	concat_ws(' ', 'venue 2 update', session_user, 'direct'),
	'a change by hand is written down') FROM last_row;
SELECT is(before, '{"name": "Hotellet", "street": "Vej 2"}',
	'with what changed, before') FROM last_row;
SELECT is(after, '{"name": "Kroen", "street": null}', 'and after')
	FROM last_row;
SELECT is(xid, v.xmin::text::xid8, 'in the same transaction')
	FROM last_row, kg.venue v WHERE v.id = 2;
SELECT kg.venue_change(2, 'nyt skilt', 1, NULL, 'Det gamle hus', NULL, NULL, NULL,
	NULL, NULL) \g /dev/null
SELECT is((actor_id, why), (2, 'nyt skilt'::text), 'a function says who and why')
	FROM last_row;
INSERT INTO kg.venue (office_id, name, town) VALUES (1, 'Møllen', 'Ry');
SELECT is((action, before, after ->> 'name'), ('insert'::text, NULL::jsonb, 'Møllen'::text),
	'of a new row the whole') FROM last_row;
DELETE FROM kg.venue WHERE name = 'Møllen';
SELECT is((action, after, before ->> 'town'), ('delete'::text, NULL::jsonb, 'Ry'::text),
	'of a row that is gone too') FROM last_row;

CREATE TABLE counted AS SELECT count(*) AS n FROM kg.journal;
UPDATE kg.venue SET name = name;
SELECT is(count(*), n, 'what changes nothing is not written down')
	FROM kg.journal, counted GROUP BY n;
UPDATE kg.venue SET name = 'Huset' WHERE id = 1;
SELECT is(count(*), n + 1, 'and touched sessions are not: their venue is')
	FROM kg.journal, counted GROUP BY n;
UPDATE kg.session SET starts_local = '2030-01-10 12:00' WHERE id = 1;
SELECT is(after - 'last_change', '{"starts_local": "2030-01-10T12:00:00"}',
	'of a session what people changed, and not its marks') FROM last_row;
UPDATE kg.room_setup SET capacity = 26 WHERE room_id = 1 AND setup = 'islands';
SELECT is(object || ' ' || object_id, 'room_setup 1:islands',
	'a key of two columns is one') FROM last_row;

-- the clock of tests
UPDATE kg.clock SET shift = '100 days';
UPDATE kg.venue SET name = 'Kroen ved åen' WHERE id = 2;
SELECT ok(at > now() + interval '99 days', 'its time is kg.now()') FROM last_row;
UPDATE kg.clock SET shift = '0';

-- personal
INSERT INTO kg.person (name, mail, phone, role)
VALUES ('Navn Navnesen', 'navn@example.org', '12 34 56 78', 'teacher');
SELECT is(after ?| array['name', 'mail', 'phone'], false,
	'a person''s name, mail and phone are not in the journal') FROM last_row;
SELECT is(p.data, '{"before": {}, "after": {"name": "Navn Navnesen",
	"mail": "navn@example.org", "phone": "12 34 56 78"}}', 'they stand apart')
	FROM kg.journal_personal p JOIN last_row l ON l.id = p.journal_id;
SELECT is(l.personal_hash, sha256(p.salt || convert_to(p.data::text, 'UTF8')),
	'their salted hash is in the row')
	FROM kg.journal_personal p JOIN last_row l ON l.id = p.journal_id;
UPDATE kg.person SET mail = 'ny@example.org' WHERE name = 'Navn Navnesen';
SELECT is(p.data, '{"before": {"mail": "navn@example.org"},
	"after": {"mail": "ny@example.org"}}', 'of a change what changed')
	FROM kg.journal_personal p JOIN last_row l ON l.id = p.journal_id;
SELECT is((before, after), ('{}'::jsonb, '{}'::jsonb),
	'and nothing of it in the row') FROM last_row;
UPDATE kg.person SET role = 'planner' WHERE name = 'Navn Navnesen';
SELECT is((after, personal_hash), ('{"role": "planner"}'::jsonb, NULL::bytea),
	'what is not personal needs no hash') FROM last_row;
SELECT is((count(DISTINCT salt), min(length(salt))), (count(*), 16),
	'each has a salt of its own') FROM kg.journal_personal;
INSERT INTO kg.feed_token (person_id, hash, name)
VALUES (3, sha256('hemmelig'), 'Ts telefon');
SELECT is(after ?| array['hash', 'name', 'last_client'], false,
	'of a link neither hash nor name is in the journal') FROM last_row;
SELECT is(p.data -> 'after', '{"name": "Ts telefon"}',
	'its name stands apart, its hash nowhere')
	FROM kg.journal_personal p JOIN last_row l ON l.id = p.journal_id;
UPDATE kg.feed_token SET revoked_at = now();
SELECT is(after ? 'revoked_at', true, 'that it was revoked is written down')
	FROM last_row;

-- only ever added to
SELECT throws_ok('UPDATE kg.journal SET why = ''x''', 'KG006', NULL,
	'a row of the journal stays');
SELECT throws_ok('DELETE FROM kg.journal', 'KG006', NULL, 'and is not taken out');
SELECT lives_ok('DELETE FROM kg.journal_personal',
	'an erasure deletes the personal half');
SELECT throws_ok($$SELECT kg.venue_change(NULL, '', 1, NULL, 'x', NULL, NULL,
	NULL, NULL, NULL)$$, 'KG005', 'the reason (why) is missing',
	'no function changes a thing without a reason');
SELECT * FROM finish();
