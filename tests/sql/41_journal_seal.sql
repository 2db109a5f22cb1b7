-- The journal's seals: what they wait for, and what they find out.
CREATE FUNCTION verified() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', result, 'seal ' || seal, 'row ' || journal_id,
		row_count, message), '; ') FROM kg.journal_verify()
$$;
-- Tampers as only the owner of the tables could, looks, and takes it back.
CREATE FUNCTION tampered(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	seen text;
BEGIN
	SET LOCAL session_replication_role = replica;
	EXECUTE statement;
	seen := split_part(verified(), ';', 1);
	RAISE EXCEPTION USING ERRCODE = 'KGTST', MESSAGE = seen;
EXCEPTION WHEN SQLSTATE 'KGTST' THEN
	RETURN seen;
END
$$;
SELECT is(verified(), format('sealed 0; unsealed row 1 %s',
	(SELECT count(*) FROM kg.journal)), 'nothing is sealed yet, and that is told');
SELECT count(*) AS made, count(*) - 24 AS rest FROM kg.journal \gset
-- the first as releases before 2 made them: no office in it
INSERT INTO kg.journal_seal (id, last_id, ids, hashes, before, hash, sealed_at, form)
SELECT 1, 12, a.ids, a.hashes, a.zero, sha256(a.zero || int4send(1) || int8send(12)
		|| convert_to('2026-01-02T03:04:05.000006Z', 'UTF8') || a.rows),
	'2026-01-02 03:04:05.000006+00', 1
FROM (SELECT decode(repeat('00', 32), 'hex') AS zero, array_agg(id ORDER BY id) AS ids,
		array_agg(h.hash ORDER BY id) AS hashes,
		string_agg(int8send(id) || h.hash, '' ORDER BY id) AS rows
	FROM kg.journal j CROSS JOIN LATERAL (SELECT sha256(convert_to(
		jsonb_build_array(j.id, to_char(j.at AT TIME ZONE 'UTC',
			'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), j.xid::text, j.actor_id, j.actor,
			j.why, j.action, j.object, j.object_id, j.before, j.after,
			encode(j.personal_hash, 'hex'))::text, 'UTF8')) AS hash) AS h
	WHERE id <= 12) AS a;
SELECT is(verified(), format('sealed seal 1 row 12 12; unsealed row 13 %s', :rest + 12),
	'a seal of an older release is good');
SELECT is(kg.journal_seal(12), 12, 'and the next');
SELECT is(verified(), format('sealed seal 2 row 24 24; unsealed row 25 %s', :rest),
	'the rest is told as unsealed');
SELECT is(kg.journal_seal(1000), :rest, 'and the rest');
SELECT is(kg.journal_seal(1000), 0, 'then there is nothing to seal');
SELECT is(verified(), format('sealed seal 3 row %1$s %1$s; unsealed 0', :made),
	'everything is right');
SELECT is(before, (SELECT hash FROM kg.journal_seal WHERE id = 2),
	'each seal has the hash of the one before') FROM kg.journal_seal WHERE id = 3;
SELECT is(hash, encode((SELECT s.hash FROM kg.journal_seal s WHERE id = 3), 'hex'),
	'the last hash is told, to be kept elsewhere')
	FROM kg.journal_verify() WHERE result = 'sealed';

-- one byte
SELECT is(tampered(format('UPDATE kg.journal SET %s WHERE id = 7', change)),
	'bad seal 1 row 7 the row was changed', change || ' is found out')
FROM (VALUES ('why = ''Direct'''), ('actor = actor || '' '''), ('actor_id = 2'),
	('at = at + interval ''1 microsecond'''),
	('xid = (xid::text::bigint + 1)::text::xid8'),
	('after = jsonb_set(after, ''{name}'', ''"x"'')'),
	('before = ''{}'''), ('object_id = ''8'''), ('object = ''run'''),
	('action = ''delete'''), ('personal_hash = ''x''')) AS c (change);
SELECT is(tampered(format('UPDATE kg.journal SET %s WHERE id = 20', change)),
	'bad seal 2 row 20 the row was changed', change || ' is found out')
FROM (VALUES ('office_id = 1 + coalesce(office_id, 0)'),
	('why = ''Direct''')
	) AS c (change);
SELECT max(id) AS owned FROM kg.journal WHERE office_id IS NOT NULL \gset
SELECT is(tampered(format('UPDATE kg.journal SET office_id = NULL WHERE id = %s', :owned)),
	format('bad seal 3 row %s the row was changed', :owned),
	'an office that is taken away is found out');
SELECT is(split_part(tampered('UPDATE kg.journal SET office_id = 2 WHERE id = 7'), ' ', 1),
	'sealed', 'whose office an older release did not seal, nobody can tell');
SELECT is(tampered('UPDATE kg.journal_seal SET form = 1 WHERE id = 2'),
	'bad seal 2 row 13 the seal was changed', 'a new seal is no old one');
SELECT is(tampered('UPDATE kg.journal_seal SET form = 2 WHERE id = 1'),
	'bad seal 1 row 1 the seal was changed', 'nor an old one new');
SELECT is(tampered('DELETE FROM kg.journal WHERE id = 20'),
	'bad seal 2 row 20 the row is gone', 'a row that was taken out is named');
SELECT is(tampered('UPDATE kg.journal SET object_id = ''9'' WHERE id = 20'),
	'bad seal 2 row 20 the row was changed', 'and one that is another''s');
SELECT is(tampered('UPDATE kg.journal_seal SET hashes[1] = hash WHERE id = 2'),
	'bad seal 2 row 13 the seal was changed', 'a changed hash is found out');
SELECT is(tampered('UPDATE kg.journal_seal SET sealed_at = now() WHERE id = 2'),
	'bad seal 2 the seal was changed', 'a changed time of sealing');
SELECT is(tampered('DELETE FROM kg.journal_seal WHERE id = 2'),
	'bad seal 3 row 13 seal 2 is gone', 'a seal that was taken out');
SELECT is(tampered($t$DO $do$
DECLARE s kg.journal_seal;
BEGIN
	UPDATE kg.journal SET why = 'x' WHERE id = 17;
	SELECT * INTO s FROM kg.journal_seal WHERE id = 2;
	s.hashes[5] := (SELECT kg.journal_hash(j, 2) FROM kg.journal j WHERE id = 17);
	UPDATE kg.journal_seal SET hashes = s.hashes, hash = kg.seal_hash(s) WHERE id = 2;
END $do$ $t$), 'bad seal 3 the seal does not follow the one before',
	'a seal that was made anew breaks the chain');
SELECT is(tampered($t$DO $do$
DECLARE s kg.journal_seal;
BEGIN
	UPDATE kg.journal SET why = 'x' WHERE id = 17;
	SELECT * INTO s FROM kg.journal_seal WHERE id = 2;
	s.hashes[5] := (SELECT kg.journal_hash(j, 2) FROM kg.journal j WHERE id = 17);
	UPDATE kg.journal_seal SET hashes = s.hashes, hash = kg.seal_hash(s) WHERE id = 2;
	UPDATE kg.journal_seal x SET before = s2.hash FROM kg.journal_seal s2
	WHERE x.id = 3 AND s2.id = 2;
END $do$ $t$), 'bad seal 3 the seal was changed',
	'and joining the next to it is found out');

-- the personal half
SELECT journal_id AS personal FROM kg.journal_personal ORDER BY 1 LIMIT 1 \gset
SELECT is(tampered(format('UPDATE kg.journal_personal SET data = ''{}''
	WHERE journal_id = %s', :personal)),
	(SELECT format('bad seal %s row %s its personal half was changed', s.id, :personal)
	FROM kg.journal_seal s WHERE :personal = ANY (s.ids)),
	'a changed name is found out');
SELECT is(tampered(format('INSERT INTO kg.journal_personal VALUES (7, ''x'', ''{}'')')),
	'bad seal 1 row 7 its personal half was changed', 'and one that was slipped in');
DELETE FROM kg.journal_personal;
SELECT is(verified(), format('sealed seal 3 row %1$s %1$s; unsealed 0', :made),
	'after an erasure the chain still verifies');

-- a transaction under way: its row has the older id, the other's is there first
SELECT dblink_connect('slow', :'dsn');
SELECT dblink_exec('slow', 'BEGIN');
SELECT dblink_exec('slow', 'UPDATE kg.venue SET name = ''Langsomt'' WHERE id = 1');
UPDATE kg.venue SET name = 'Hurtigt' WHERE id = 2;
SELECT is(kg.journal_seal(1000), 0, 'no seal is put over a row that may still come');
SELECT is(kg.journal_seal(1000), 0, 'nor the second time');
SELECT is(verified(), format('sealed seal 3 row %1$s %1$s; unsealed row %2$s 1',
	:made, :made + 2), 'meanwhile the younger one is unsealed');
SELECT dblink_exec('slow', 'COMMIT');
SELECT is(kg.journal_seal(1000), 2, 'then both are');
SELECT is(verified(), format('sealed seal 4 row %1$s %1$s; unsealed 0', :made + 2),
	'and nothing is missing');
-- one that begins after the mark holds nothing up
SELECT dblink_exec('slow', 'BEGIN');
SELECT dblink_exec('slow', 'UPDATE kg.venue SET name = ''Huset'' WHERE id = 1');
SELECT kg.journal_seal(1000) \g /dev/null
SELECT dblink_connect('third', :'dsn');
SELECT dblink_exec('third', 'BEGIN');
SELECT dblink_exec('third', 'UPDATE kg.venue SET name = ''Tredje'' WHERE id = 3');
SELECT dblink_exec('slow', 'COMMIT');
SELECT is(kg.journal_seal(1000), 1, 'what is behind the mark is sealed beside a younger one');
SELECT is(tampered('INSERT INTO kg.journal OVERRIDING SYSTEM VALUE '
	'SELECT 5000, at, xid, actor_id, actor, why, action, object, object_id FROM kg.journal WHERE id = 1'),
	format('sealed seal 5 row %1$s %1$s', :made + 3), 'a row behind the last seal waits');
SELECT dblink_exec('third', 'ROLLBACK');
UPDATE kg.venue SET name = 'Fjerde' WHERE id = 3;
SELECT is(kg.journal_seal(1000), 1, 'an id that was drawn for nothing is no hindrance');
SELECT is(tampered(format('INSERT INTO kg.journal OVERRIDING SYSTEM VALUE
	SELECT %s, at, xid, actor_id, actor,
	why, action, object, object_id FROM kg.journal WHERE id = 1', :made + 4)),
	format('bad seal 6 row %s the row was not there when it was sealed', :made + 4),
	'but nobody fills its gap');
SELECT dblink_exec('slow', 'BEGIN');
SELECT * FROM dblink('slow', 'SELECT pg_try_advisory_xact_lock(5, 0)') AS t (l bool);
UPDATE kg.venue SET name = 'Femte' WHERE id = 3;
SELECT is(kg.journal_seal(1000), 0, 'while another node seals, this one does not wait');
SELECT dblink_exec('slow', 'ROLLBACK');
-- after a dump into another server, its numbers are smaller
UPDATE kg.journal_mark SET xid = '900000000000';
SELECT is(kg.journal_seal(1000), 1, 'a mark of another server holds nothing up');
SELECT throws_ok('UPDATE kg.journal_seal SET sealed_at = now()', 'KG006', NULL,
	'a seal stays as it was made');
SELECT throws_ok('DELETE FROM kg.journal_seal', 'KG006', NULL, 'and where');
BEGIN;
UPDATE kg.venue SET name = 'Sjette' WHERE id = 3;
SELECT throws_ok('SELECT kg.journal_seal(10)', 'KG006', NULL,
	'it is a transaction of its own');
ROLLBACK;
SET ROLE kattegat;
SELECT lives_ok('SELECT kg.journal_seal(1000)', 'the keeper seals');
SELECT throws_ok('DELETE FROM kg.journal_seal', '42501', NULL, 'and no more');
SET ROLE kattegat_operator;
SELECT lives_ok('SELECT * FROM kg.journal_verify()', 'the operator verifies');
RESET ROLE;
SELECT * FROM finish();
