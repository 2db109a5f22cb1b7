-- The files under db, as kattegatctl hands them over: every cell as text.
CREATE TEMP SEQUENCE line_no MINVALUE 2;
CREATE TABLE season_file (run_no text, period text, office text, host_town text,
	start_local text, end_local text, tz text, capacity text,
	min_participants text, status text, line int DEFAULT nextval('line_no'));
CREATE TABLE programme_file (day text, start text, "end" text, title_da text,
	title_en text, format text, line int DEFAULT nextval('line_no'));
CREATE TABLE municipality_file (code text, name text, official_name text,
	region_code text, region text, region_from_2027 text, seat_town text,
	lat text, lon text, seats_2022_2025 text, seats_2026_2029 text,
	nearest_office text, line int DEFAULT nextval('line_no'));
CREATE TABLE office_file (office text, name text, street text, postcode text,
	city text, municipality_code text, lat text, lon text, mail text,
	line int DEFAULT nextval('line_no'));
CREATE TABLE holiday_file (date text, name text, kind text,
	line int DEFAULT nextval('line_no'));
CREATE TABLE election_file (election text, election_date text,
	constituting_from text, constituting_to text, term_start text,
	term_end text, seats text, newly_elected text, kattegat_participants text,
	note text, line int DEFAULT nextval('line_no'));
\copy season_file (run_no, period, office, host_town, start_local, end_local, tz, capacity, min_participants, status) FROM 'db/demo/kattegat-season-model.csv' CSV HEADER
ALTER SEQUENCE line_no RESTART;
\copy programme_file (day, start, "end", title_da, title_en, format) FROM 'db/demo/kattegat-programme-model.csv' CSV HEADER
ALTER SEQUENCE line_no RESTART;
\copy municipality_file (code, name, official_name, region_code, region, region_from_2027, seat_town, lat, lon, seats_2022_2025, seats_2026_2029, nearest_office) FROM 'db/registry/municipalities.csv' CSV HEADER
ALTER SEQUENCE line_no RESTART;
\copy office_file (office, name, street, postcode, city, municipality_code, lat, lon, mail) FROM 'db/registry/offices.csv' CSV HEADER
ALTER SEQUENCE line_no RESTART;
\copy holiday_file (date, name, kind) FROM 'db/registry/holidays.csv' CSV HEADER
ALTER SEQUENCE line_no RESTART;
\copy election_file (election, election_date, constituting_from, constituting_to, term_start, term_end, seats, newly_elected, kattegat_participants, note) FROM 'db/registry/elections.csv' CSV HEADER

CREATE FUNCTION season_rows() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(to_jsonb(f) ORDER BY line) FROM season_file f
$$;
CREATE FUNCTION programme_rows() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(to_jsonb(f) ORDER BY line) FROM programme_file f
$$;
CREATE FUNCTION registry_files() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object(
		'municipalities', (SELECT jsonb_agg(to_jsonb(f)) FROM municipality_file f),
		'offices', (SELECT jsonb_agg(to_jsonb(f)) FROM office_file f),
		'holidays', (SELECT jsonb_agg(to_jsonb(f)) FROM holiday_file f),
		'elections', (SELECT jsonb_agg(to_jsonb(f)) FROM election_file f))
$$;
