-- What every function that changes something answers.
SET LOCAL ROLE kattegat_owner;

CREATE TYPE kg.written AS (
	changed		bool,		-- false: it was so already
	object		text,		-- as in the journal
	object_id	text,
	version		int,
	scopes		text,		-- what to bump, as in the NOTIFY
	xid		xid8		-- the Kattegat-Version of this write
);

-- A run as a season file wishes it, read and checked (db/functions/61_season.sql).
CREATE TYPE kg.run_wish AS (
	line		int,
	run_no		text,
	period		int,
	office_id	int,
	town		text,
	starts_local	timestamp,
	ends_local	timestamp,
	zone		text,
	capacity	int,
	min_participants int,
	hash		bytea
);

-- One block of a programme, on day 1, 2, ...
CREATE TYPE kg.programme_block AS (
	line		int,
	day		int,
	starts		time,
	ends		time,
	title		text,
	title_en	text,
	format		text
);

-- What is wrong with one line of a file, and what would be right.
CREATE TYPE kg.bad_row AS (
	source		text,
	line		int,
	message		text,
	hint		text
);
