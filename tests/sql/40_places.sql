-- Venues, rooms, people, links and seminars through their functions.
SELECT * FROM kg.venue_add(NULL, 'x', 'AAR', '  Kroen  ', 'Vej 1', '8900', 'Randers',
	56.46, 10.04, false) \gset w_
SELECT is(:'w_changed' || ' ' || :'w_object' || ' ' || :'w_object_id' || ' '
	|| :'w_version' || ' ' || :'w_scopes', 't venue 4 1 office:1', 'a venue');
SELECT is((name, lat), ('Kroen'::kg.line, 56.46::kg.latitude), 'is trimmed')
	FROM kg.venue WHERE id = 4;
SELECT kg.venue_add(NULL, 'x', 'AAR', U&'Cafe\0301', NULL, NULL, 'Ry', NULL, NULL,
	false) \g /dev/null
SELECT is(name, 'Café', 'and in NFC') FROM kg.venue WHERE id = 5;
SELECT throws_ok($$SELECT kg.venue_add(NULL, 'x', 'AAR', 'Kroen', NULL, NULL, 'Ry',
	NULL, NULL, false)$$, 'KG006', NULL, 'one of a name an office');
SELECT throws_ok($$SELECT kg.venue_add(NULL, 'x', 'AAR', 'To', NULL, NULL, 'Ry',
	NULL, NULL, true)$$, 'KG006', NULL, 'one own house an office');
SELECT throws_ok($$SELECT kg.venue_add(NULL, 'x', 'QQQ', 'To', NULL, NULL, 'Ry',
	NULL, NULL, true)$$, 'KG004', 'there is no office "QQQ"',
	'an office that is there');
SELECT throws_ok(format('SELECT kg.venue_add(NULL, ''x'', ''AAR'', %L, NULL, %L, %L,
	%L, %L, false)', name, postcode, town, lat, lon), 'KG005', NULL, why)
FROM (VALUES ('', NULL, 'Ry', NULL, NULL, 'a name'),
	(E'a\r\nBEGIN:VEVENT', NULL, 'Ry', NULL, NULL, 'one line'),
	('A', '80', 'Ry', NULL, NULL, 'a postcode of four digits'),
	('A', NULL, '', NULL, NULL, 'a town'),
	('A', NULL, 'Ry', 56.0, NULL, 'both or neither on the map'),
	('A', NULL, 'Ry', 91, 10, 'a place on the map')
) AS t (name, postcode, town, lat, lon, why);
SELECT is((kg.venue_change(NULL, 'x', 4, 1, NULL, '', '', NULL, NULL, NULL)).version,
	2, 'a venue changes');
SELECT is((name, street, postcode, town), ('Kroen'::kg.line, NULL::kg.line,
	NULL::text, 'Randers'::kg.line), 'what is empty is cleared, the rest kept')
	FROM kg.venue WHERE id = 4;
SELECT throws_ok($$SELECT kg.venue_change(NULL, 'x', 4, 1, 'A', NULL, NULL, NULL,
	NULL, NULL)$$, 'KG003', NULL, 'who saw an older one is told');
SELECT throws_ok($$SELECT kg.venue_change(NULL, 'x', 4, NULL, 'Café', NULL, NULL,
	NULL, NULL, NULL)$$, 'KG006', NULL, 'a name of its own');
SELECT throws_ok($$SELECT kg.venue_change(NULL, 'x', 99, NULL, 'A', NULL, NULL,
	NULL, NULL, NULL)$$, 'KG004', 'there is no venue 99', 'one that is there');

SELECT setval('kg.room_atom', 100) AS _ \gset
SELECT * FROM kg.room_add(NULL, 'x', 4, 'Stuen', NULL, true, false, '[{"setup":
	"islands", "capacity": 25, "setup_min": 60, "clear_min": 30},
	{"setup": "theatre", "capacity": 40}]') \gset w_
SELECT is(:'w_object' || ' ' || :'w_object_id', 'room 6', 'a room');
SELECT is((parts, step_free, hearing_loop), ('{[101,102)}'::int4multirange, true,
	false), 'is an atom') FROM kg.room WHERE id = 6;
SELECT is(array_agg(format('%s %s %s %s', setup, capacity, setup_min, clear_min)
	ORDER BY setup), '{islands 25 60 30,theatre 40 0 0}', 'with its set-ups')
	FROM kg.room_setup WHERE room_id = 6;
SELECT kg.room_add(NULL, 'x', 4, 'Salen', NULL, NULL, NULL, NULL) \g /dev/null
SELECT kg.room_add(NULL, 'x', 4, 'Begge', '{6,7}', NULL, NULL, NULL) \g /dev/null
SELECT is(parts, '{[101,103)}', 'a combined one has the parts of its halves')
	FROM kg.room WHERE name = 'Begge';
SELECT throws_ok(format('SELECT kg.room_add(NULL, ''x'', %s, %L, %L, false, false,
	%L)', venue, name, halves, setups), state, NULL, why)
FROM (VALUES (99, 'A', NULL, NULL, 'KG004', 'a venue that is there'),
	(4, 'Stuen', NULL, NULL, 'KG006', 'a name of its own'),
	(4, ' ', NULL, NULL, 'KG005', 'a name'),
	(4, 'A', '{6}', NULL, 'KG005', 'two halves at least'),
	(4, 'A', '{6,1}', NULL, 'KG005', 'halves of one house'),
	(4, 'A', NULL, '[{"setup": "chaos", "capacity": 1}]', 'KG005', 'a set-up'),
	(4, 'A', NULL, '[{"setup": "circle"}]', 'KG005', 'a capacity'),
	(4, 'A', NULL, '[{"setup": "circle", "capacity": 0}]', 'KG005', 'above 0'),
	(4, 'A', NULL, '[{"setup": "circle", "capacity": 1, "setup_min": 1441}]',
		'KG005', 'minutes of a day'),
	(4, 'A', NULL, '[{"setup": "circle", "capacity": 1},
		{"setup": "circle", "capacity": 2}]', 'KG005', 'each set-up once')
) AS t (venue, name, halves, setups, state, why);

SELECT is((kg.person_add(NULL, 'x', 'Ny', 'ny@example.org', '+45 1234 5678',
	'coordinator', 'KBH')).object_id, '8', 'a person');
SELECT is((role, office_id), ('coordinator'::text, 2), 'of an office')
	FROM kg.person WHERE id = 8;
SELECT throws_ok(format('SELECT kg.person_add(NULL, ''x'', %L, %L, %L, %L, %L)',
	name, mail, phone, role, office), state, NULL, why)
FROM (VALUES ('', NULL, NULL, 'teacher', NULL, 'KG005', 'a name'),
	('A', 'a', NULL, 'teacher', NULL, 'KG005', 'a mail address'),
	('A', 'søren@x.dk', NULL, 'teacher', NULL, 'KG005', 'one that mails reach'),
	('A', E'a\u0001@x.dk', NULL, 'teacher', NULL, 'KG005', 'without control characters'),
	('A', NULL, 'ring', 'teacher', NULL, 'KG005', 'a phone number'),
	('A', NULL, NULL, 'boss', NULL, 'KG005', 'a role'),
	('A', NULL, NULL, NULL, NULL, 'KG005', 'some role'),
	('A', NULL, NULL, 'coordinator', NULL, 'KG005', 'a coordinator''s office'),
	('A', NULL, NULL, 'teacher', 'QQQ', 'KG004', 'an office that is there')
) AS t (name, mail, phone, role, office, state, why);

SELECT is((kg.token_create(NULL, 'x', 3, sha256('1'), 'min telefon', NULL)).scopes,
	'person:3 token:1', 'a link');
SELECT is((show_cancelled, revoked_at), ('mark'::text, NULL::timestamptz),
	'marks what is cancelled') FROM kg.feed_token;
SELECT throws_ok($$SELECT kg.token_create(NULL, 'x', 99, sha256('2'), 'a',
	NULL)$$, 'KG004', 'there is no person 99', 'of a person who is there');
SELECT throws_ok($$SELECT kg.token_create(NULL, 'x', 3, sha256('2'), 'a',
	'often')$$, 'KG005', NULL, 'that shows them in a way that is');
UPDATE kg.clock SET shift = '10 days';
SELECT is((kg.token_revoke(NULL, 'x', 1, 1)).version, 2, 'it is revoked');
SELECT ok(revoked_at > now() + interval '9 days', 'by the clock of all')
	FROM kg.feed_token;
SELECT ok(NOT (kg.token_revoke(NULL, 'x', 1, NULL)).changed, 'once');
SELECT throws_ok($$SELECT kg.token_revoke(NULL, 'x', 1, 1)$$, 'KG003', NULL,
	'who saw an older one is told');
SELECT throws_ok($$SELECT kg.token_revoke(NULL, 'x', 99, NULL)$$, 'KG004', NULL,
	'one that is there');
UPDATE kg.clock SET shift = '0';

CREATE FUNCTION add(slug text, title text, tags text[] DEFAULT '{b,a}',
	kind text DEFAULT 'course', colour text DEFAULT NULL,
	description text DEFAULT E'To\nlinjer')
RETURNS kg.written LANGUAGE sql AS $$
	SELECT kg.seminar_add(NULL, 'x', slug, title, kind, description, colour,
		false, tags)
$$;
SELECT is((add('nyt', 'Nyt')).object_id, '3', 'a seminar');
SELECT ok(NOT (add('nyt', 'Nyt', '{a,b,a}')).changed, 'the same again is no other');
SELECT throws_ok(statement, state, NULL, why)
FROM (VALUES ($$SELECT add('nyt', 'Andet')$$, 'KG006', 'another title is another'),
	($$SELECT add('nyt', 'Nyt', '{a}')$$, 'KG006', 'so are other tags'),
	($$SELECT add('Nyt', 'Nyt')$$, 'KG005', 'a slug'),
	($$SELECT add('a', '')$$, 'KG005', 'a title'),
	($$SELECT add('a', 'A', '{"a,b"}')$$, 'KG005', 'tags without commas'),
	($$SELECT add('a', 'A', '{}', 'party')$$, 'KG005', 'a kind'),
	($$SELECT add('a', 'A', '{}', 'course', '#fff')$$, 'KG005', 'a CSS name'),
	($$SELECT add('a', 'A', '{}', 'course', NULL, E'\u0007')$$, 'KG005',
		'a clean description')
) AS t (statement, state, why);
-- an address that no mail can go to stays where it is, until it is changed
ALTER DOMAIN kg.mail DROP CONSTRAINT mail_is_plain;
UPDATE kg.person SET mail = 'søren@example.org' WHERE id = 7;
ALTER DOMAIN kg.mail ADD CONSTRAINT mail_is_plain CHECK (value !~ 'ø') NOT VALID;
SELECT lives_ok('UPDATE kg.person SET phone = ''12345678'' WHERE id = 7',
	'who has one can be changed');
SELECT throws_ok($$SELECT kg.account_invite(4, 'x', 7, NULL, NULL, 'planner', NULL,
	sha256('x'), NULL)$$, 'KG005', 'the mail address cannot be "søren@example.org"',
	'but is not invited there');
SELECT * FROM finish();
