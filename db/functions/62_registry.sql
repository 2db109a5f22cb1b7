-- The registries: municipalities, offices, holidays and elections as dated data. Every
-- row of every file is checked first; all are written or none. What stands in the
-- database and not in the files stays.
SET LOCAL ROLE kattegat_owner;

-- The municipalities as they are today began with the reform of 2007.
CREATE OR REPLACE FUNCTION kg.reform_on() RETURNS date
LANGUAGE sql IMMUTABLE AS $$ SELECT date '2007-01-01' $$;

-- In which region a row says a municipality is, and when. The columns say it: region,
-- and region_from_2027 from that year on.
CREATE OR REPLACE FUNCTION kg.registry_regions(cell jsonb)
RETURNS TABLE (name text, valid daterange)
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	WITH named AS (
		SELECT kg.text_line(value) AS name, CASE key
			WHEN 'region' THEN kg.reform_on()
			ELSE make_date(right(key, 4)::int, 1, 1) END AS since
		FROM jsonb_each_text(cell)
		WHERE key ~ '^region(_from_\d{4})?$' AND value <> ''
	), changed AS (
		SELECT name, since FROM (SELECT *, lag(name) OVER (ORDER BY since) AS old
			FROM named) AS t WHERE name IS DISTINCT FROM old
	)
	SELECT name, daterange(since, lead(since) OVER (ORDER BY since))
	FROM changed
$$;

-- How many seats a row says a council has, and in which term: seats_2022_2025.
CREATE OR REPLACE FUNCTION kg.registry_seats(cell jsonb)
RETURNS TABLE (term daterange, seats int)
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT daterange(make_date(substr(key, 7, 4)::int, 1, 1),
			make_date(right(key, 4)::int, 12, 31), '[]'),
		kg.text_int(value)
	FROM jsonb_each_text(cell)
	WHERE key ~ '^seats_\d{4}_\d{4}$' AND value <> ''
$$;

CREATE OR REPLACE FUNCTION kg.registry_wrong_municipalities(files jsonb)
RETURNS SETOF kg.bad_row LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT b.* FROM (
		SELECT f.*, f.cell ->> 'code' AS code, count(*) OVER (
				PARTITION BY f.cell ->> 'code') AS times,
			count(*) OVER (PARTITION BY f.cell ->> 'name') AS namesakes
		FROM kg.file_rows(files -> 'municipalities') AS f) AS f
		CROSS JOIN LATERAL kg.bad_row_of('municipalities', f.line, array[
			CASE WHEN coalesce(code, '') !~ '^\d{4}$' THEN
				format('code cannot be "%s"|four digits', code) END,
			CASE WHEN times > 1 THEN
				format('code %s stands twice|each once', code) END,
			CASE WHEN kg.text_line(cell ->> 'name') IS NULL THEN
				'name is missing|a name'
				WHEN namesakes > 1 THEN format('name %s stands twice|'
					'a name of its own', cell ->> 'name') END,
			CASE WHEN kg.text_line(cell ->> 'official_name') IS NULL THEN
				'official_name is missing|a name' END,
			CASE WHEN kg.text_line(cell ->> 'seat_town') IS NULL THEN
				'seat_town is missing|the town of the council' END,
			CASE WHEN kg.text_line(cell ->> 'region') IS NULL THEN
				'region is missing|the name of the region' END,
			CASE WHEN NOT kg.text_number(cell ->> 'lat') BETWEEN 54 AND 58
				OR kg.text_number(cell ->> 'lat') IS NULL THEN
				format('lat cannot be "%s"|degrees north, 54 to 58',
					cell ->> 'lat') END,
			CASE WHEN NOT kg.text_number(cell ->> 'lon') BETWEEN 7 AND 16
				OR kg.text_number(cell ->> 'lon') IS NULL THEN
				format('lon cannot be "%s"|degrees east, 7 to 16',
					cell ->> 'lon') END,
			(SELECT 'a council has no seats|a number above 0'
				FROM kg.registry_seats(cell) AS s
				WHERE coalesce(s.seats, 0) < 1 LIMIT 1),
			CASE WHEN cell ->> 'nearest_office' <> '' AND NOT EXISTS (
				SELECT FROM kg.office o WHERE o.code = cell ->> 'nearest_office'
				UNION ALL SELECT FROM kg.file_rows(files -> 'offices') AS o
				WHERE o.cell ->> 'office' = f.cell ->> 'nearest_office') THEN
				format('nearest_office cannot be "%s"|the code of an office',
					cell ->> 'nearest_office') END]) AS b
	WHERE b.line IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION kg.registry_wrong_offices(files jsonb)
RETURNS SETOF kg.bad_row LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT b.* FROM (
		SELECT f.*, f.cell ->> 'office' AS code, count(*) OVER (
				PARTITION BY f.cell ->> 'office') AS times,
			count(*) OVER (PARTITION BY f.cell ->> 'name') AS namesakes
		FROM kg.file_rows(files -> 'offices') AS f) AS f
		CROSS JOIN LATERAL kg.bad_row_of('offices', f.line, array[
			CASE WHEN coalesce(code, '') !~ '^[A-Z]{2,8}$' THEN
				format('office cannot be "%s"|2 to 8 capital letters', code) END,
			CASE WHEN times > 1 THEN
				format('office %s stands twice|each once', code) END,
			CASE WHEN kg.text_line(cell ->> 'name') IS NULL THEN
				'name is missing|a name'
				WHEN namesakes > 1 THEN format('name %s stands twice|'
					'a name of its own', cell ->> 'name') END,
			CASE WHEN kg.text_line(cell ->> 'city') IS NULL THEN
				'city is missing|a town' END,
			CASE WHEN cell ->> 'street' <> ''
				AND kg.text_line(cell ->> 'street') IS NULL THEN
				'street is no clean line|a street and number' END,
			CASE WHEN cell ->> 'postcode' <> ''
				AND cell ->> 'postcode' !~ '^\d{4}$' THEN
				format('postcode cannot be "%s"|four digits',
					cell ->> 'postcode') END,
			CASE WHEN cell ->> 'mail' <> '' AND NOT kg.mail_ok(cell ->> 'mail') THEN
				'mail is no address|a functional mailbox, no person''s' END,
			CASE WHEN cell ->> 'municipality_code' <> '' AND NOT EXISTS (
				SELECT FROM kg.municipality m
				WHERE m.code = cell ->> 'municipality_code'
				UNION ALL SELECT FROM kg.file_rows(files -> 'municipalities') AS m
				WHERE m.cell ->> 'code' = f.cell ->> 'municipality_code') THEN
				format('municipality_code cannot be "%s"|the code of a '
					'municipality', cell ->> 'municipality_code') END,
			CASE WHEN kg.text_number(nullif(cell ->> 'lat', '')) IS NULL
					<> (kg.text_number(nullif(cell ->> 'lon', '')) IS NULL)
				OR abs(kg.text_number(cell ->> 'lat')) > 90
				OR abs(kg.text_number(cell ->> 'lon')) > 180 THEN
				format('lat, lon cannot be "%s, %s"|degrees, or neither',
					cell ->> 'lat', cell ->> 'lon') END]) AS b
	WHERE b.line IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION kg.registry_wrong_holidays(files jsonb)
RETURNS SETOF kg.bad_row LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT b.* FROM (
		SELECT f.*, count(*) OVER (
				PARTITION BY f.cell ->> 'date', f.cell ->> 'name') AS times
		FROM kg.file_rows(files -> 'holidays') AS f) AS f
		CROSS JOIN LATERAL kg.bad_row_of('holidays', f.line, array[
			CASE WHEN kg.text_date(cell ->> 'date') IS NULL THEN
				format('date cannot be "%s"|a day such as 2027-03-26',
					cell ->> 'date') END,
			CASE WHEN kg.text_line(cell ->> 'name') IS NULL THEN
				'name is missing|the name of the day' END,
			CASE WHEN times > 1 THEN format('%s %s stands twice|each once',
				cell ->> 'date', cell ->> 'name') END,
			CASE WHEN coalesce(cell ->> 'kind', '')
				NOT IN ('public', 'closed', 'bridge') THEN
				format('kind cannot be "%s"|public, closed or bridge',
					cell ->> 'kind') END]) AS b
	WHERE b.line IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION kg.registry_wrong_elections(files jsonb)
RETURNS SETOF kg.bad_row LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT b.* FROM (
		SELECT f.*, count(*) OVER (
				PARTITION BY f.cell ->> 'election') AS times
		FROM kg.file_rows(files -> 'elections') AS f) AS f
		CROSS JOIN LATERAL kg.bad_row_of('elections', f.line,
			array[
			CASE WHEN coalesce(cell ->> 'election', '') !~ '^KV\d{2}$' THEN
				format('election cannot be "%s"|a code such as KV25',
					cell ->> 'election') END,
			CASE WHEN times > 1 THEN
				format('election %s stands twice|each once',
					cell ->> 'election') END,
			CASE WHEN kg.text_date(cell ->> 'term_start')
				<= kg.text_date(cell ->> 'election_date') THEN
				'the term starts before the election|a later term_start' END,
			(SELECT format('its term is %s''s too|terms that do not overlap',
					o.cell ->> 'election')
				FROM kg.file_rows(files -> 'elections') AS o
				WHERE o.line <> f.line AND kg.text_days(
					o.cell ->> 'term_start', o.cell ->> 'term_end')
					&& kg.text_days(f.cell ->> 'term_start',
					f.cell ->> 'term_end') LIMIT 1),
			CASE WHEN kg.text_date(cell ->> 'term_end')
				< kg.text_date(cell ->> 'term_start') THEN
				'the term ends before it starts|a later term_end' END,
			CASE WHEN kg.text_date(cell ->> 'constituting_to')
				< kg.text_date(cell ->> 'constituting_from') THEN
				'constituting_to is before constituting_from|a later day' END]
			|| array(SELECT format('%s cannot be "%s"|a day such as 2025-11-18',
				c, cell ->> c) FROM unnest(array['election_date',
				'constituting_from', 'constituting_to', 'term_start',
				'term_end']) AS c WHERE kg.text_date(cell ->> c) IS NULL)
			|| array(SELECT format('%s cannot be "%s"|a number, or nothing',
				c, cell ->> c) FROM unnest(array['seats', 'newly_elected',
				'kattegat_participants']) AS c
				WHERE cell ->> c <> '' AND NOT coalesce(
					kg.text_int(cell ->> c) > 0, false))) AS b
	WHERE b.line IS NOT NULL
$$;

-- One row each: what it did to the database, added, changed or unchanged.
CREATE OR REPLACE FUNCTION kg.registry_municipality(cell jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	its_code text := cell ->> 'code';
	added bool;
	changed bool;
	parts bool;
BEGIN
	INSERT INTO kg.municipality (code, name, official_name, seat_town, lat, lon,
		nearest_office)
	VALUES (its_code, kg.text_line(cell ->> 'name'),
		kg.text_line(cell ->> 'official_name'),
		kg.text_line(cell ->> 'seat_town'), kg.text_number(cell ->> 'lat'),
		kg.text_number(cell ->> 'lon'), nullif(cell ->> 'nearest_office', ''))
	ON CONFLICT (code) DO NOTHING;
	added := FOUND;
	UPDATE kg.municipality SET name = kg.text_line(cell ->> 'name'),
		official_name = kg.text_line(cell ->> 'official_name'),
		seat_town = kg.text_line(cell ->> 'seat_town'),
		lat = kg.text_number(cell ->> 'lat'),
		lon = kg.text_number(cell ->> 'lon'),
		nearest_office = nullif(cell ->> 'nearest_office', '')
	WHERE code = its_code;
	changed := FOUND;
	DELETE FROM kg.municipality_region r USING kg.region g
	WHERE r.municipality = its_code AND g.id = r.region_id
		AND NOT EXISTS (SELECT FROM kg.registry_regions(cell) AS w
			WHERE w.name = g.name AND w.valid = r.valid);
	parts := FOUND;
	INSERT INTO kg.municipality_region (municipality, region_id, valid)
		SELECT its_code, g.id, w.valid FROM kg.registry_regions(cell) AS w
			JOIN kg.region g ON g.name = w.name
		WHERE NOT EXISTS (SELECT FROM kg.municipality_region r
			WHERE r.municipality = its_code AND r.region_id = g.id
				AND r.valid = w.valid);
	parts := parts OR FOUND;
	DELETE FROM kg.council_seats s USING kg.registry_seats(cell) AS w
	WHERE s.municipality = its_code AND s.term && w.term
		AND (s.term, s.seats) <> (w.term, w.seats);
	INSERT INTO kg.council_seats (municipality, term, seats)
		SELECT its_code, w.term, w.seats FROM kg.registry_seats(cell) AS w
		WHERE NOT EXISTS (SELECT FROM kg.council_seats s
			WHERE s.municipality = its_code AND s.term = w.term);
	RETURN CASE WHEN added THEN 'added'
		WHEN changed OR parts OR FOUND THEN 'changed' ELSE 'unchanged' END;
END
$$;

-- An empty street or mail keeps what an operator has set.
CREATE OR REPLACE FUNCTION kg.registry_office(cell jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	o kg.office;
BEGIN
	o.code := cell ->> 'office';
	o.name := kg.text_line(cell ->> 'name');
	o.street := kg.text_line(cell ->> 'street');
	o.postcode := nullif(cell ->> 'postcode', '');
	o.town := kg.text_line(cell ->> 'city');
	o.municipality_code := nullif(cell ->> 'municipality_code', '');
	o.lat := kg.text_number(cell ->> 'lat');
	o.lon := kg.text_number(cell ->> 'lon');
	o.mail := nullif(cell ->> 'mail', '');
	INSERT INTO kg.office (code, name, street, postcode, town,
		municipality_code, lat, lon, mail)
	VALUES (o.code, o.name, o.street, o.postcode, o.town, o.municipality_code,
		o.lat, o.lon, o.mail)
	ON CONFLICT (code) DO NOTHING;
	IF FOUND THEN
		RETURN 'added';
	END IF;
	UPDATE kg.office x SET name = o.name, street = coalesce(o.street, x.street),
		postcode = o.postcode, town = o.town,
		municipality_code = o.municipality_code, lat = o.lat, lon = o.lon,
		mail = coalesce(o.mail, x.mail)
	WHERE x.code = o.code;
	RETURN CASE WHEN FOUND THEN 'changed' ELSE 'unchanged' END;
END
$$;

CREATE OR REPLACE FUNCTION kg.registry_holiday(cell jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	INSERT INTO kg.holiday (day, name, kind)
	VALUES (kg.text_date(cell ->> 'date'), kg.text_line(cell ->> 'name'),
		cell ->> 'kind')
	ON CONFLICT (day, name) DO NOTHING;
	IF FOUND THEN
		RETURN 'added';
	END IF;
	UPDATE kg.holiday h SET kind = cell ->> 'kind'
	WHERE h.day = kg.text_date(cell ->> 'date')
		AND h.name = kg.text_line(cell ->> 'name');
	RETURN CASE WHEN FOUND THEN 'changed' ELSE 'unchanged' END;
END
$$;

CREATE OR REPLACE FUNCTION kg.registry_election(cell jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	e kg.election;
BEGIN
	e.held_on := kg.text_date(cell ->> 'election_date');
	e.constituting := kg.text_days(cell ->> 'constituting_from',
		cell ->> 'constituting_to');
	e.term := kg.text_days(cell ->> 'term_start', cell ->> 'term_end');
	INSERT INTO kg.election (code, held_on, constituting, term, seats,
		newly_elected, kattegat_participants, note)
	VALUES (cell ->> 'election', e.held_on, e.constituting, e.term,
		kg.text_int(cell ->> 'seats'), kg.text_int(cell ->> 'newly_elected'),
		kg.text_int(cell ->> 'kattegat_participants'),
		kg.prose_of(cell ->> 'note', 'the note'))
	ON CONFLICT (code) DO NOTHING;
	IF FOUND THEN
		RETURN 'added';
	END IF;
	UPDATE kg.election x SET held_on = e.held_on, constituting = e.constituting,
		term = e.term, seats = kg.text_int(cell ->> 'seats'),
		newly_elected = kg.text_int(cell ->> 'newly_elected'),
		kattegat_participants
			= kg.text_int(cell ->> 'kattegat_participants'),
		note = kg.prose_of(cell ->> 'note', 'the note')
	WHERE x.code = cell ->> 'election';
	RETURN CASE WHEN FOUND THEN 'changed' ELSE 'unchanged' END;
END
$$;

-- The regions that the municipalities' rows name, each as long as any is in it.
CREATE OR REPLACE FUNCTION kg.registry_region_rows(rows jsonb) RETURNS void
LANGUAGE sql SET search_path = kg, pg_temp AS $$
	INSERT INTO kg.region AS old (code, name, valid)
		SELECT max(f.cell ->> 'region_code')
				FILTER (WHERE w.name = f.cell ->> 'region'),
			w.name, range_merge(range_agg(w.valid))
		FROM kg.file_rows(rows) AS f
			CROSS JOIN LATERAL kg.registry_regions(f.cell) AS w
		GROUP BY w.name ORDER BY min(f.line), w.name
	ON CONFLICT (name) DO UPDATE SET valid = excluded.valid,
		code = coalesce(excluded.code, old.code)
$$;

-- Answers `refused` rows, one a bad line, and nothing is written; or one `done` row a
-- file.
CREATE OR REPLACE FUNCTION kg.registry_load(actor int, why text, files jsonb)
RETURNS TABLE (result text, source text, line int, message text, hint text,
	added int, changed int, unchanged int, scopes text, xid xid8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	file text;
	did text;
	one record;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.may_must(actor, 'registry', NULL);
	RETURN QUERY SELECT 'refused', b.source, b.line, b.message, b.hint, NULL::int,
			NULL::int, NULL::int, NULL::text, NULL::xid8
		FROM (SELECT * FROM kg.registry_wrong_municipalities(files)
			UNION ALL SELECT * FROM kg.registry_wrong_offices(files)
			UNION ALL SELECT * FROM kg.registry_wrong_holidays(files)
			UNION ALL SELECT * FROM kg.registry_wrong_elections(files)) AS b
		ORDER BY b.source, b.line;
	IF FOUND THEN
		RETURN;
	END IF;
	PERFORM kg.registry_region_rows(files -> 'municipalities');
	FOREACH file IN ARRAY array['municipalities', 'offices', 'holidays',
		'elections'] LOOP
		CONTINUE WHEN files -> file IS NULL;
		added := 0;
		changed := 0;
		unchanged := 0;
		FOR one IN SELECT * FROM kg.file_rows(files -> file) AS f
			ORDER BY f.line LOOP
			did := CASE file
				WHEN 'municipalities' THEN kg.registry_municipality(one.cell)
				WHEN 'offices' THEN kg.registry_office(one.cell)
				WHEN 'holidays' THEN kg.registry_holiday(one.cell)
				ELSE kg.registry_election(one.cell) END;
			added := added + (did = 'added')::int;
			changed := changed + (did = 'changed')::int;
			unchanged := unchanged + (did = 'unchanged')::int;
		END LOOP;
		result := 'done';
		source := file;
		scopes := kg.scopes();
		xid := pg_current_xact_id_if_assigned();
		RETURN NEXT;
	END LOOP;
END
$$;
