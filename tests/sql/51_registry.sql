-- The registries: whole or not at all, dated, and once.
\ir files.sql
DELETE FROM kg.agenda_item; UPDATE kg.run SET published_at = NULL;
SET session_replication_role = replica;
TRUNCATE kg.office CASCADE;
SET session_replication_role = origin;
CREATE FUNCTION load(files jsonb DEFAULT registry_files())
RETURNS TABLE (result text, source text, line int, message text, hint text,
	added int, changed int, unchanged int, scopes text, xid xid8)
LANGUAGE sql AS $$
	SELECT * FROM kg.registry_load(NULL, 'x', files)
$$;
CREATE FUNCTION bad(files jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s %s %s', source, line, message), ' / '
		ORDER BY source, line) FROM load(files) WHERE result = 'refused'
$$;
SELECT is(array_agg(format('%s %s %s %s', source, added, changed, unchanged)
	ORDER BY source), '{elections 6 0 0,holidays 304 0 0,municipalities 98 0 0,'
	'offices 6 0 0}', 'all are loaded') FROM load();
SELECT is(array_agg(format('%s %s %s %s', source, added, changed, unchanged)
	ORDER BY source), '{elections 0 0 6,holidays 0 0 304,municipalities 0 0 98,'
	'offices 0 0 6}', 'a second load changes nothing') FROM load();
SELECT is(count(*), 98::bigint + 6 + 304 + 6 + 6 + 144 + 196, 'not a row')
	FROM kg.journal WHERE why = 'x';
SELECT is(array_agg(name || ' ' || valid ORDER BY name), array[
	'Hovedstaden [2007-01-01,2027-01-01)', 'Midtjylland [2007-01-01,)',
	'Nordjylland [2007-01-01,)', 'Sjælland [2007-01-01,2027-01-01)',
	'Syddanmark [2007-01-01,)', 'Østdanmark [2027-01-01,)'],
	'regions are dated: five, then four') FROM kg.region;
SELECT is(count(*), 5::bigint, 'five until the end of 2026') FROM kg.region
	WHERE valid @> '2026-12-31'::date;
SELECT is(count(*), 4::bigint, 'four from then on') FROM kg.region
	WHERE valid @> '2027-01-01'::date;
SELECT is(count(*), 98::bigint, 'every municipality is in one on ' || day)
	FROM kg.municipality_region r, unnest('{2026-12-31,2027-01-01}'::date[]) AS day
	WHERE r.valid @> day GROUP BY day;
SELECT is(sum(seats), CASE WHEN term @> '2025-12-31'::date THEN 2436 ELSE 2432
	END::bigint, 'seats of the term ' || term) FROM kg.council_seats GROUP BY term;
SELECT is(count(*), 0::bigint, 'Store bededag is no holiday after 2023')
	FROM kg.holiday WHERE name = 'Store bededag' AND day > '2023-12-31';
SELECT is((term, newly_elected), ('[2018-01-01,2022-01-01)'::daterange, 945),
	'an election has its term') FROM kg.election WHERE code = 'KV17';
SELECT is((mail, street), (NULL::kg.mail, NULL::kg.line),
	'what is not known of an office is not invented') FROM kg.office
	WHERE code = 'AAR';

-- changes
UPDATE kg.office SET mail = 'aarhus@example.org', street = 'Gade 1'
WHERE code = 'AAR';
UPDATE office_file SET name = 'Århus' WHERE office = 'AAR';
UPDATE holiday_file SET kind = 'closed' WHERE date = '2030-01-01';
UPDATE municipality_file SET seats_2026_2029 = '57' WHERE code = '0101';
UPDATE municipality_file SET region_from_2027 = 'Syddanmark' WHERE code = '0147';
UPDATE election_file SET seats = '2000' WHERE election = 'KV29';
SELECT is(array_agg(format('%s %s %s %s', source, added, changed, unchanged)
	ORDER BY source), '{elections 0 1 5,holidays 0 1 303,municipalities 0 2 96,'
	'offices 0 1 5}', 'what differs is changed') FROM load();
SELECT is((name, street, mail), ('Århus'::kg.line, 'Gade 1'::kg.line,
	'aarhus@example.org'::kg.mail), 'but not what an operator has set')
	FROM kg.office WHERE code = 'AAR';
SELECT is(seats, 57, 'a council has its new size') FROM kg.council_seats
	WHERE municipality = '0101' AND term @> '2027-01-01'::date;
SELECT is(g.name, 'Syddanmark', 'a municipality its new region')
	FROM kg.municipality_region r JOIN kg.region g ON g.id = r.region_id
	WHERE municipality = '0147' AND r.valid @> '2027-01-01'::date;

-- bad lines
SELECT is(bad(files), said, said) FROM (VALUES
	('{"municipalities": [{"line": 7, "code": "x", "name": "A", "official_name":
		"A", "seat_town": "A", "region": "R", "lat": "56", "lon": "10"}]}'::jsonb,
		'municipalities 7 code cannot be "x"'),
	('{"municipalities": [{"line": 2, "code": "0101", "name": "", "lat": "12"}]}',
		'municipalities 2 name is missing; official_name is missing; seat_town '
		'is missing; region is missing; lat cannot be "12"; lon cannot be ""'),
	('{"municipalities": [{"line": 2, "code": "0101", "name": "A",
		"official_name": "A", "seat_town": "A", "region": "R", "lat": "56",
		"lon": "10", "seats_2030_2033": "0", "nearest_office": "QQQ"}]}',
		'municipalities 2 a council has no seats; nearest_office cannot be '
		'"QQQ"'),
	('{"offices": [{"line": 3, "office": "aar", "name": "A", "city": "A",
		"postcode": "1", "mail": "x", "municipality_code": "9999",
		"lat": "56"}]}', 'offices 3 office cannot be "aar"; postcode cannot be '
		'"1"; mail is no address; municipality_code cannot be "9999"; lat, lon '
		'cannot be "56, "'),
	('{"offices": [{"line": 2, "office": "AB", "name": "A", "city": "A"},
		{"line": 3, "office": "AB", "name": "A", "city": "A"}]}',
		'offices 2 office AB stands twice; name A stands twice / '
		'offices 3 office AB stands twice; name A stands twice'),
	('{"holidays": [{"line": 2, "date": "2030-02-30", "name": "", "kind": "x"}]}',
		'holidays 2 date cannot be "2030-02-30"; name is missing; kind cannot '
		'be "x"'),
	('{"elections": [{"line": 2, "election": "KV33", "election_date":
		"2034-11-15", "constituting_from": "2033-12-01", "constituting_to":
		"2033-11-01", "term_start": "2034-01-01", "term_end": "2033-12-31",
		"seats": "-1"}]}', 'elections 2 the term starts before the election; '
		'the term ends before it starts; constituting_to is before '
		'constituting_from; seats cannot be "-1"'),
	('{"elections": [{"line": 2, "election": "KV33", "election_date":
		"2033-11-15", "constituting_from": "2033-12-01", "constituting_to":
		"2033-12-15", "term_start": "2034-01-01", "term_end": "2037-12-31"},
		{"line": 3, "election": "KV34", "election_date": "2033-11-16",
		"constituting_from": "x", "constituting_to": "2033-12-15",
		"term_start": "2037-12-31", "term_end": "2038-12-31"}]}',
		'elections 2 its term is KV34''s too / elections 3 its term is '
		'KV33''s too; constituting_from cannot be "x"')
) AS t (files, said);
CREATE TABLE counted AS SELECT count(*) AS n FROM kg.journal;
SELECT is((SELECT count(*) FROM load(jsonb_set(registry_files(),
	'{holidays,300,date}', '"x"'))), 1::bigint, 'one bad line in all files');
SELECT is(count(*), n, 'and nothing is written') FROM kg.journal, counted GROUP BY n;
SELECT * FROM finish();
