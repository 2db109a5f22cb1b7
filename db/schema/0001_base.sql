-- What every table stands on: migrations, the clock, the site, texts, time.
SET LOCAL ROLE kattegat_owner;

-- Written by `kattegatctl db upgrade`; the checksum guards released files.
CREATE TABLE kg.migration (
	number		int PRIMARY KEY,
	name		text NOT NULL,
	checksum	bytea NOT NULL,
	applied_at	timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row: how far kg.now() stands from the real time. Tests move it.
CREATE TABLE kg.clock (
	only_row	bool PRIMARY KEY DEFAULT true CHECK (only_row),
	shift		interval NOT NULL DEFAULT '0'
);
INSERT INTO kg.clock DEFAULT VALUES;

-- Short and long text as people write it: NFC, no control characters, bounded.
CREATE DOMAIN kg.line AS text
	CONSTRAINT line_is_one_clean_line CHECK (
		length(value) BETWEEN 1 AND 200
		AND value = btrim(value)
		AND value !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029]'
		AND value IS NFC NORMALIZED);
CREATE DOMAIN kg.prose AS text
	CONSTRAINT prose_is_clean CHECK (
		length(value) <= 10000
		AND value !~ '[\u0001-\u0009\u000b-\u001f\u007f-\u009f]'
		AND value IS NFC NORMALIZED);
-- What stands in an address: /f/saeson/{slug}.ics
CREATE DOMAIN kg.slug AS text
	CONSTRAINT slug_is_lower_case CHECK (
		value ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(value) <= 60);
CREATE DOMAIN kg.mail AS text
	CONSTRAINT mail_is_an_address CHECK (
		value ~ '^[^[:space:]@<>",;:\\]+@[a-zA-Z0-9.-]+$' AND length(value) <= 254);
CREATE DOMAIN kg.latitude AS numeric(8, 5)
	CONSTRAINT latitude_in_degrees CHECK (value BETWEEN -90 AND 90);
CREATE DOMAIN kg.longitude AS numeric(8, 5)
	CONSTRAINT longitude_in_degrees CHECK (value BETWEEN -180 AND 180);

-- One row: this installation.
CREATE TABLE kg.site (
	only_row	bool PRIMARY KEY DEFAULT true CHECK (only_row),
	-- right of the @ in every new UID; old UIDs keep theirs for ever
	domain		text NOT NULL DEFAULT 'kattegat.example'
			CHECK (domain ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$'),
	-- every office has a mail address, so events carry an ORGANIZER; by trigger
	organizer	bool NOT NULL DEFAULT false,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int
);
INSERT INTO kg.site DEFAULT VALUES;

-- The zones of this server, as kg.retime() last saw them: pg_timezone_names itself
-- reads a thousand files and is too slow for a foreign key.
CREATE TABLE kg.zone (
	name		text PRIMARY KEY
);
INSERT INTO kg.zone SELECT name FROM pg_timezone_names;

-- The time a thing takes, half-open, as `timestamp` at UTC: timestamptz plus
-- interval is not immutable, and a generated column must be. It stands here and not
-- in db/functions because the columns of 0004 are made from it.
CREATE FUNCTION kg.span(
	starts_local timestamp, ends_local timestamp, zone text,
	setup_min int DEFAULT 0, clear_min int DEFAULT 0)
RETURNS tsrange LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT tsrange(
		starts_local AT TIME ZONE zone AT TIME ZONE 'UTC'
			- setup_min * interval '1 minute',
		ends_local AT TIME ZONE zone AT TIME ZONE 'UTC'
			+ clear_min * interval '1 minute',
		'[)')
$$;
