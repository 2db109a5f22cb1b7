-- Bookings as the office makes them all day: rooms with equipment and a set-up of
-- their own choice, notes, catering, series; and what the JSON API stands on.
SET LOCAL ROLE kattegat_owner;

-- Rooms: how one is set up when nobody says, and what stands in it.
ALTER TABLE kg.room
	ADD COLUMN default_setup text,
	ADD COLUMN setup_min int NOT NULL DEFAULT 0
		CHECK (setup_min BETWEEN 0 AND 1440),	-- without a set-up
	ADD COLUMN clear_min int NOT NULL DEFAULT 0
		CHECK (clear_min BETWEEN 0 AND 1440),
	ADD COLUMN equipment kg.slug[] NOT NULL DEFAULT '{}'
		CHECK (cardinality(equipment) <= 50),
	ADD CONSTRAINT room_has_its_default_setup
		FOREIGN KEY (id, default_setup) REFERENCES kg.room_setup (room_id, setup);

-- What a series, a block-out of an office or a closing day wrote in one go.
CREATE TABLE kg.series (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	office_id	int NOT NULL REFERENCES kg.office,
	title		kg.line NOT NULL,
	kind		text NOT NULL CHECK (kind IN
				('internal', 'let_out', 'block_out', 'closing_day')),
	rule		jsonb NOT NULL,		-- as it was asked for
	created_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int
);
CREATE INDEX series_office ON kg.series (office_id);

ALTER TABLE kg.booking
	ADD COLUMN series_id int REFERENCES kg.series,
	ADD COLUMN notes kg.prose,
	ADD COLUMN warned_at timestamptz,	-- a hold: 48 hours before it expires
	ADD COLUMN catering_count int CHECK (catering_count BETWEEN 0 AND 10000),
	-- working days before the start by which the kitchen wants the number
	ADD COLUMN catering_days int CHECK (catering_days BETWEEN 0 AND 60),
	ADD COLUMN catering_due date,		-- that day, by trigger
	-- how many of each, never who: {"vegetarian": 3}
	ADD COLUMN catering_diets jsonb CHECK (
		jsonb_typeof(catering_diets) = 'object'
		AND length(catering_diets::text) <= 2000),
	ADD CONSTRAINT booking_catering_due_of_days CHECK (
		(catering_days IS NULL) = (catering_due IS NULL));
CREATE INDEX booking_series ON kg.booking (series_id) WHERE series_id IS NOT NULL;
CREATE INDEX booking_starts ON kg.booking (starts_local, id);

-- Staff read; places are the planners' and admins' to write.
INSERT INTO kg.permission (role, verb, own_office) VALUES
	('coordinator', 'staff', false),
	('planner', 'staff', false),
	('admin', 'staff', false),
	('auditor', 'staff', false),
	('admin', 'places', false);
DELETE FROM kg.permission WHERE role = 'coordinator' AND verb = 'places';

-- Who asks through the API: a sign-in, or a token with a narrower role and office.
CREATE TYPE kg.actor AS (
	person_id	int,
	role		text,
	office_id	int,
	sign_in_id	int,
	api_token_id	int,
	confirmed_at	timestamptz	-- when password and code were last given
);

CREATE TYPE kg.api_answer AS (
	status		int,
	body		jsonb,
	etag		text,
	location	text
);

-- Filled anew by db/functions at every upgrade.
CREATE TABLE kg.api_route (
	name		text PRIMARY KEY CHECK (name ~ '^[a-z_]{1,40}$'),
	-- of kg.permission; 'self': whoever is signed in; NULL: everybody
	verb		text,
	-- members of the answer that are shown once and never kept
	secrets		text[] NOT NULL DEFAULT '{}'
);

-- Answers that were given, so that the same request again gets the same one.
CREATE TABLE kg.idempotency (
	actor_id	int NOT NULL,		-- 0: nobody signed in
	key		text NOT NULL CHECK (length(key) BETWEEN 1 AND 400),
	route		text NOT NULL,
	request_hash	bytea NOT NULL,
	status		int NOT NULL CHECK (status BETWEEN 200 AND 299),
	body		jsonb,
	etag		text,
	location	text,
	xid		xid8,
	created_at	timestamptz NOT NULL,
	PRIMARY KEY (actor_id, key)
);
CREATE INDEX idempotency_created ON kg.idempotency (created_at);
