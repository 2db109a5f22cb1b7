-- The calendar: sessions (what a calendar shows), their programme, and bookings.
--
-- Wall-clock time is what people agree on: the local start and end and the zone are
-- stored, and `during` is made from them.
SET LOCAL ROLE kattegat_owner;

CREATE TABLE kg.session (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	uid		text NOT NULL UNIQUE,	-- uuid@domain, for ever
	run_id		int NOT NULL,
	office_id	int NOT NULL,		-- the run's, for the office's feed
	no		int NOT NULL CHECK (no BETWEEN 1 AND 999),
	title		kg.line,		-- "dag 1 af 3"; NULL: the run's is enough
	venue_id	int NOT NULL REFERENCES kg.venue,
	starts_local	timestamp NOT NULL,
	ends_local	timestamp NOT NULL,
	zone		text NOT NULL DEFAULT 'Europe/Copenhagen' REFERENCES kg.zone,
	during		tsrange NOT NULL GENERATED ALWAYS AS
			(kg.span(starts_local, ends_local, zone)) STORED,
	status		text NOT NULL DEFAULT 'confirmed'
			CHECK (status IN ('confirmed', 'cancelled')),
	cancelled_at	timestamptz,
	cancelled_with_run bool NOT NULL DEFAULT false,	-- and comes back with it
	online_url	text CHECK (online_url ~ '^https://[!-~]+$'
				AND length(online_url) <= 500),
	last_change	kg.prose,		-- in Danish, as the description shows it
	sequence	int NOT NULL DEFAULT 0 CHECK (sequence >= 0),
	created_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	-- one new version, and one new sequence, a transaction is enough
	changed_xid	xid8,
	sequence_xid	xid8,
	CONSTRAINT session_no_once_a_run UNIQUE (run_id, no),
	CONSTRAINT session_has_the_office_of_its_run
		FOREIGN KEY (run_id, office_id) REFERENCES kg.run (id, office_id)
		ON UPDATE CASCADE,
	CONSTRAINT session_ends_after_it_starts CHECK (ends_local > starts_local),
	CONSTRAINT session_takes_time CHECK (NOT isempty(during)),
	CONSTRAINT session_cancelled_knows_when CHECK (
		(status = 'cancelled') = (cancelled_at IS NOT NULL)
		AND (status = 'cancelled' OR NOT cancelled_with_run))
);
CREATE INDEX session_venue ON kg.session (venue_id);
CREATE INDEX session_ends ON kg.session (upper(during));
CREATE INDEX session_office_ends ON kg.session (office_id, upper(during));

-- In minutes of the wall clock after the session's local start.
CREATE TABLE kg.agenda_item (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	session_id	int NOT NULL REFERENCES kg.session ON DELETE CASCADE,
	no		int NOT NULL CHECK (no BETWEEN 1 AND 999),
	starts_min	int NOT NULL CHECK (starts_min >= 0),
	ends_min	int NOT NULL,
	title		kg.line NOT NULL,
	title_en	kg.line,
	format		text CHECK (format ~ '^[a-z_]{1,30}$'),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT agenda_item_no_once_a_session UNIQUE (session_id, no),
	CONSTRAINT agenda_item_runs_forward CHECK (ends_min > starts_min)
);

-- A room, taken. No override: to take a room, move the other booking.
CREATE TABLE kg.booking (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	uid		text NOT NULL UNIQUE,
	room_id		int NOT NULL,
	parts		int4multirange NOT NULL,	-- the room's atoms
	starts_local	timestamp NOT NULL,
	ends_local	timestamp NOT NULL,
	zone		text NOT NULL DEFAULT 'Europe/Copenhagen' REFERENCES kg.zone,
	setup_min	int NOT NULL CHECK (setup_min BETWEEN 0 AND 1440),
	clear_min	int NOT NULL CHECK (clear_min BETWEEN 0 AND 1440),
	during		tsrange NOT NULL GENERATED ALWAYS AS
			(kg.span(starts_local, ends_local, zone, setup_min, clear_min)) STORED,
	status		text NOT NULL DEFAULT 'confirmed' CHECK (status IN
			('held', 'confirmed', 'cancelled', 'expired')),
	-- set while the booking rests with its cancelled session, to come back with it
	status_before_cancel text CHECK (status_before_cancel IN ('held', 'confirmed')),
	kind		text NOT NULL CHECK (kind IN
			('session', 'internal', 'let_out', 'block_out')),
	session_id	int REFERENCES kg.session ON DELETE CASCADE,
	room_setup	text,
	setup_capacity	int,			-- the room's in that set-up
	head_count	int CHECK (head_count > 0),
	title		kg.line NOT NULL,
	expires_at	timestamptz,		-- of a hold
	sequence	int NOT NULL DEFAULT 0 CHECK (sequence >= 0),
	created_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT booking_ends_after_it_starts CHECK (ends_local > starts_local),
	CONSTRAINT booking_takes_time CHECK (NOT isempty(during)),
	CONSTRAINT booking_of_a_session_names_it CHECK (
		(kind = 'session') = (session_id IS NOT NULL)),
	CONSTRAINT booking_held_has_an_end CHECK (
		status <> 'held' OR expires_at IS NOT NULL),
	CONSTRAINT booking_rests_only_when_cancelled CHECK (
		status_before_cancel IS NULL OR status = 'cancelled'),
	CONSTRAINT booking_has_the_atoms_of_its_room
		FOREIGN KEY (room_id, parts) REFERENCES kg.room (id, parts)
		ON UPDATE CASCADE,
	CONSTRAINT booking_in_a_setup_of_its_room
		FOREIGN KEY (room_id, room_setup, setup_capacity)
		REFERENCES kg.room_setup (room_id, setup, capacity)
		ON UPDATE CASCADE,
	CONSTRAINT booking_setup_has_its_capacity CHECK (
		(room_setup IS NULL) = (setup_capacity IS NULL)),
	CONSTRAINT booking_fits_its_room CHECK (head_count <= setup_capacity),
	-- Deferrable, and checked at the end of each statement: a run whose days all
	-- move by one must not meet itself half-way.
	CONSTRAINT room_taken_once EXCLUDE USING gist (
		parts WITH &&, during WITH &&)
		WHERE (status NOT IN ('cancelled', 'expired'))
		DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX booking_session ON kg.booking (session_id);
CREATE INDEX booking_room ON kg.booking (room_id);
CREATE INDEX booking_due ON kg.booking (expires_at) WHERE status = 'held';
