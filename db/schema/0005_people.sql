-- People: staff and teachers, what they were asked for, and their feed links.
SET LOCAL ROLE kattegat_owner;

-- name, mail and phone are personal: the journal keeps them apart (0006).
CREATE TABLE kg.person (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name		kg.line NOT NULL,
	mail		kg.mail,
	phone		text CHECK (phone ~ '^\+?[0-9 ]{4,20}$'),
	role		text NOT NULL CHECK (role IN
			('teacher', 'coordinator', 'planner', 'admin', 'auditor')),
	office_id	int REFERENCES kg.office,
	erased_at	timestamptz,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	CONSTRAINT coordinator_has_an_office CHECK (
		role <> 'coordinator' OR office_id IS NOT NULL)
);
CREATE INDEX person_office ON kg.person (office_id);

-- Who may do what; read by kg.may().
CREATE TABLE kg.permission (
	role		text NOT NULL,
	verb		text NOT NULL,
	own_office	bool NOT NULL,		-- only there
	PRIMARY KEY (role, verb)
);
INSERT INTO kg.permission (role, verb, own_office) VALUES
	('coordinator', 'calendar', true),	-- runs, sessions, bookings
	('coordinator', 'places', true),	-- venues and rooms
	('planner', 'calendar', false),
	('planner', 'places', false),
	('planner', 'catalogue', false),	-- seminars and seasons
	('planner', 'people', false),
	('planner', 'registry', false),
	('admin', 'people', false),
	('admin', 'registry', false);

CREATE TABLE kg.session_teacher (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	session_id	int NOT NULL REFERENCES kg.session ON DELETE CASCADE,
	person_id	int NOT NULL REFERENCES kg.person,
	status		text NOT NULL DEFAULT 'asked'
			CHECK (status IN ('asked', 'accepted', 'declined')),
	-- the session's, by trigger; NULL while it is cancelled: it binds nobody then
	during		tsrange,
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int,
	UNIQUE (session_id, person_id),
	CONSTRAINT teacher_in_one_place EXCLUDE USING gist (
		int4range(person_id, person_id, '[]') WITH &&, during WITH &&)
		WHERE (status = 'accepted')
		DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX session_teacher_person ON kg.session_teacher (person_id);

-- A secret feed address, named by its owner. Only its SHA-256 is kept.
CREATE TABLE kg.feed_token (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person_id	int NOT NULL REFERENCES kg.person,
	hash		bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
	name		kg.line NOT NULL,	-- "min iPhone"
	show_cancelled	text NOT NULL DEFAULT 'mark'
			CHECK (show_cancelled IN ('mark', 'text', 'hide')),
	created_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	revoked_at	timestamptz,
	erased		bool NOT NULL DEFAULT false,
	-- written once a minute without version, journal or NOTIFY
	last_fetch_at	timestamptz,
	last_client	text CHECK (length(last_client) <= 40),
	version		int NOT NULL DEFAULT 1,
	changed_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by	int
-- The last fetch finds room in its page, and then no index hears of it.
) WITH (fillfactor = 85);
CREATE INDEX feed_token_person ON kg.feed_token (person_id);
