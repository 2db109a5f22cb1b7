-- The catalogue: seminars, seasons, periods, and the dated holdings of them, runs.
SET LOCAL ROLE kattegat_owner;

CREATE TABLE kg.seminar (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	slug		kg.slug NOT NULL UNIQUE,
	title		kg.line NOT NULL,
	kind		text NOT NULL DEFAULT 'course' CHECK (kind IN (
				'course', 'theme_day', 'education', 'conference', 'network',
				'annual_meeting', '24h_seminar', 'advisory', 'webinar')),
	description	kg.prose,
	colour		text NOT NULL DEFAULT 'steelblue'	-- a CSS name
			CHECK (colour ~ '^[a-z]{3,30}$'),
	demo		bool NOT NULL DEFAULT false,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int
);

-- Pillars, policy areas and themes; shown as CATEGORIES, hence no comma.
CREATE TABLE kg.seminar_tag (
	seminar_id	int NOT NULL REFERENCES kg.seminar ON DELETE CASCADE,
	tag		kg.line NOT NULL CHECK (tag !~ '[,;]'),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	PRIMARY KEY (seminar_id, tag)
);

CREATE TABLE kg.season (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	slug		kg.slug NOT NULL UNIQUE,
	title		kg.line NOT NULL,
	seminar_id	int NOT NULL REFERENCES kg.seminar,
	demo		bool NOT NULL DEFAULT false,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int
);
CREATE INDEX season_seminar ON kg.season (seminar_id);

CREATE TABLE kg.period (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	season_id	int NOT NULL REFERENCES kg.season,
	no		int NOT NULL CHECK (no BETWEEN 1 AND 99),
	starts_on	date NOT NULL,
	ends_on		date NOT NULL,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	UNIQUE (season_id, no),
	UNIQUE (id, season_id),			-- for kg.run
	CONSTRAINT period_runs_forward CHECK (ends_on >= starts_on)
);

-- A run is full or guaranteed by its counts: derived, never stored.
CREATE TABLE kg.run (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	run_no		text NOT NULL CHECK (
				run_no ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$'
				AND length(run_no) BETWEEN 2 AND 20),
	seminar_id	int NOT NULL REFERENCES kg.seminar,
	season_id	int REFERENCES kg.season,
	period_id	int,
	office_id	int NOT NULL REFERENCES kg.office,
	venue_id	int NOT NULL REFERENCES kg.venue,
	title		kg.line,		-- NULL: the seminar's
	capacity	int NOT NULL CHECK (capacity BETWEEN 1 AND 10000),
	min_participants int NOT NULL DEFAULT 0,
	status		text NOT NULL DEFAULT 'draft' CHECK (status IN (
				'draft', 'planned', 'open', 'enrolment_closed', 'running',
				'completed', 'cancelled')),
	-- when it was first open to the public; from then on it never hides again
	published_at	timestamptz,
	cancelled_at	timestamptz,
	status_before_cancel text,
	-- of the row it was imported from, so that the same row changes nothing
	import_hash	bytea,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT run_no_once UNIQUE (run_no),
	UNIQUE (id, office_id),			-- for kg.session
	CONSTRAINT run_in_a_period_of_its_season
		FOREIGN KEY (period_id, season_id) REFERENCES kg.period (id, season_id),
	CONSTRAINT run_minimum_fits CHECK (min_participants BETWEEN 0 AND capacity),
	CONSTRAINT run_cancelled_knows_when_and_from CHECK (
		(status = 'cancelled') = (cancelled_at IS NOT NULL)
		AND (status = 'cancelled') = (status_before_cancel IS NOT NULL))
);
CREATE INDEX run_seminar ON kg.run (seminar_id);
CREATE INDEX run_season ON kg.run (season_id);
CREATE INDEX run_period ON kg.run (period_id);
CREATE INDEX run_office ON kg.run (office_id);
CREATE INDEX run_venue ON kg.run (venue_id);
