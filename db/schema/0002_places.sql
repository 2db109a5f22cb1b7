-- Places: the registries as dated data; offices, venues and rooms.
SET LOCAL ROLE kattegat_owner;

-- Five regions until the end of 2026, four after: dated, never an enum.
CREATE TABLE kg.region (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	code		text UNIQUE,		-- NULL: not given yet
	name		kg.line NOT NULL UNIQUE,
	valid		daterange NOT NULL,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int
);

CREATE TABLE kg.municipality (
	code		text PRIMARY KEY CHECK (code ~ '^\d{4}$'),
	name		kg.line NOT NULL UNIQUE,
	official_name	kg.line NOT NULL,
	seat_town	kg.line NOT NULL,
	lat		kg.latitude,		-- of the seat town (GeoNames, CC BY 4.0)
	lon		kg.longitude,
	nearest_office	text,			-- office.code; the offices may come later
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int
);

-- One region at a time. Ranges of one number stand in for equality, so that the
-- constraint needs no extension.
CREATE TABLE kg.municipality_region (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	municipality	text NOT NULL REFERENCES kg.municipality,
	region_id	int NOT NULL REFERENCES kg.region,
	valid		daterange NOT NULL CHECK (NOT isempty(valid)),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT municipality_in_one_region EXCLUDE USING gist (
		int4range(municipality::int, municipality::int, '[]') WITH &&,
		valid WITH &&)
);

CREATE TABLE kg.council_seats (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	municipality	text NOT NULL REFERENCES kg.municipality,
	term		daterange NOT NULL CHECK (NOT isempty(term)),
	seats		int NOT NULL CHECK (seats > 0),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT council_has_one_size_a_term EXCLUDE USING gist (
		int4range(municipality::int, municipality::int, '[]') WITH &&,
		term WITH &&)
);

CREATE TABLE kg.election (
	code		text PRIMARY KEY CHECK (code ~ '^KV\d{2}$'),
	held_on		date NOT NULL UNIQUE,
	constituting	daterange NOT NULL,
	term		daterange NOT NULL CHECK (lower(term) > held_on),
	seats		int CHECK (seats > 0),
	newly_elected	int CHECK (newly_elected >= 0),
	kattegat_participants int CHECK (kattegat_participants >= 0),
	note		kg.prose,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT terms_never_overlap EXCLUDE USING gist (term WITH &&)
);

CREATE TABLE kg.holiday (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	day		date NOT NULL,
	name		kg.line NOT NULL,
	kind		text NOT NULL CHECK (kind IN ('public', 'closed', 'bridge')),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	UNIQUE (day, name)
);

-- Who runs a thing.
CREATE TABLE kg.office (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	code		text NOT NULL UNIQUE CHECK (code ~ '^[A-Z]{2,8}$'),
	name		kg.line NOT NULL UNIQUE,
	street		kg.line,
	postcode	text CHECK (postcode ~ '^\d{4}$'),
	town		kg.line NOT NULL,
	municipality_code text,
	lat		kg.latitude,
	lon		kg.longitude,
	mail		kg.mail,		-- a functional mailbox, no person's
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int
);

-- Where a thing is: an office's own house, or a hotel that an office uses.
CREATE TABLE kg.venue (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	office_id	int NOT NULL REFERENCES kg.office,
	name		kg.line NOT NULL,
	street		kg.line,
	postcode	text CHECK (postcode ~ '^\d{4}$'),
	town		kg.line NOT NULL,
	lat		kg.latitude,
	lon		kg.longitude,
	own		bool NOT NULL DEFAULT false,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT venue_name_once_an_office UNIQUE (office_id, name),
	CONSTRAINT venue_on_the_map_or_not CHECK ((lat IS NULL) = (lon IS NULL))
);
CREATE UNIQUE INDEX office_has_one_own_venue ON kg.venue (office_id) WHERE own;

-- A room is a set of atoms: a hall that divides in two has the parts of both
-- halves, so that whole and half exclude each other and the halves do not.
CREATE SEQUENCE kg.room_atom AS int;
CREATE TABLE kg.room (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	venue_id	int NOT NULL REFERENCES kg.venue,
	name		kg.line NOT NULL,
	parts		int4multirange NOT NULL CHECK (
				NOT isempty(parts) AND NOT lower_inf(parts)
				AND NOT upper_inf(parts)),
	step_free	bool NOT NULL DEFAULT false,
	hearing_loop	bool NOT NULL DEFAULT false,
	retired_at	timestamptz,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT room_name_once_a_venue UNIQUE (venue_id, name),
	UNIQUE (id, parts)			-- for kg.booking
);
CREATE INDEX room_parts ON kg.room USING gist (parts);

-- Capacity is per room and set-up.
CREATE TABLE kg.room_setup (
	room_id		int NOT NULL REFERENCES kg.room,
	setup		text NOT NULL CHECK (setup IN
			('theatre', 'classroom', 'horseshoe', 'islands', 'circle')),
	capacity	int NOT NULL CHECK (capacity > 0),
	setup_min	int NOT NULL DEFAULT 0 CHECK (setup_min BETWEEN 0 AND 1440),
	clear_min	int NOT NULL DEFAULT 0 CHECK (clear_min BETWEEN 0 AND 1440),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	PRIMARY KEY (room_id, setup),
	UNIQUE (room_id, setup, capacity)	-- for kg.booking
);
