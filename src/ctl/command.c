#include "ctl/command.h"

#include "ctl/command_fields.h"
#include "ctl/queries.h"
#include "ctl/verb.h"
#include "ctl/work.h"

/* Those without help are for builders and not shown. */
const struct field command_globals[] = {
	MAY("config", FIELD_TEXT, "FILE", "configuration of the daemon, which "
	    "says where database and control socket are; " OPTIONS_DEFAULT_PATH
	    " when not given"),
	MAY("database", FIELD_TEXT, "DSN", "how PostgreSQL is reached, in "
	    "libpq's words; else the environment's KATTEGAT_DSN, else the "
	    "configuration's database, with user=kattegat_operator"),
	MAY("control", FIELD_TEXT, "SOCKET", "control socket of the daemon; "
	    "else run_dir/control of the configuration"),
	FLAG("json", "answer in JSON"),
	FLAG("wide", "tables with all columns and whole texts, also where the "
	    "terminal is narrower"),
	MAY("why", FIELD_TEXT, "TEXT", "reason for the journal; else the "
	    "command"),
	FLAG("help", "say what there is, on each level"),
	FLAG("version", "print the version"),
	WORD("print", "man|completion", NULL),
	{ NULL, FIELD_FLAG, NULL, false, NULL, NULL },
};

const struct command command_table[] = {
	{ "db", "init", "Makes the roles and the schema in an empty database. "
	    "Needs a superuser; a second time changes nothing", NONE, NONE,
	    verb_db_init, NULL, NULL, NULL },
	{ "db", "upgrade", "Brings the database up to this program: applies "
	    "pending migrations and makes all functions anew, in one "
	    "transaction. Needs a member of kattegat_owner", NONE, NONE,
	    verb_db_upgrade, NULL, NULL, NULL },
	{ "db", "status", "Shows each migration: applied, pending, edited, "
	    "skipped or unknown", NONE, NONE, verb_db_status, NULL, NULL, NULL },
	{ "db", "retime", "Makes future times anew after a change of the zone "
	    "rules, and lists what collides. Needs a member of kattegat_owner",
	    NONE, FIELDS(FLAG("dry-run", "only look")), verb_db_retime,
	    &query_ctl_retime, PARAMS("why", "dry-run"), NULL },

	{ "registry", "load", "Loads municipalities, offices, holidays and "
	    "elections; what is there already stays", NONE,
	    FIELDS(FOLDER("municipalities.csv, offices.csv, holidays.csv and "
	    "elections.csv; else what was installed")),
	    verb_registry_load, NULL, NULL, NULL },
	{ "season", "import", "Imports the runs of a season from a CSV file. "
	    "All of it, or nothing when a line is no good; a second time "
	    "changes nothing",
	    FIELDS(NEED("file", FIELD_TEXT, "FILE.csv", "the runs: run_no, "
	    "period, office, host_town, start_local, end_local, tz, capacity, "
	    "min_participants, status")),
	    FIELDS(NEED("season", FIELD_TEXT, "SLUG", "what the season's feed "
	    "is called; it is made when it is new"),
	    MAY("title", FIELD_TEXT, "TEXT", "of a new season"),
	    NEED("seminar", FIELD_TEXT, "SLUG", "of which seminar the runs are"),
	    NEED("programme", FIELD_TEXT, "FILE.csv", "the days: day, start, "
	    "end, title_da, title_en, format")),
	    verb_season_import, NULL, NULL, NULL },
	{ "season", "list", "Lists the seasons", NONE, NONE, work_list,
	    &query_ctl_season_list, NULL, NULL },
	{ "demo", NULL, "Loads demonstration data and copies of its model "
	    "season, for measurements. Only into a database that holds demo "
	    "data and nothing else. Needs a member of kattegat_owner", NONE,
	    FIELDS(NEED("scale", FIELD_INT, "N", "how many copies, 1 to 10000: "
	    "each has 34 runs, 100 sessions, 50 teachers and 100 feed addresses, "
	    "all found by number. The secret of address n is the first 32 hex "
	    "digits of the SHA-256 of \"kattegat demo token n\""),
	    FOLDER("the model season; else what was installed")),
	    verb_demo_scale, NULL, NULL, "Scale data made: {scale} seasons" },
	{ "demo", "load", "Loads demonstration data, which says so in its "
	    "texts", NONE, FIELDS(FOLDER("the model season; else what was "
	    "installed")), verb_demo_load, NULL, NULL, NULL },

	{ "run", "list", "Lists runs", NONE,
	    FIELDS(MAY("season", FIELD_TEXT, "SLUG", "only of this season"),
	    OFFICE, MAY("seminar", FIELD_TEXT, "SLUG", "only of this seminar"),
	    WORD("status", "draft|planned|open|enrolment_closed|running|"
	    "completed|cancelled", "only in this state"), FROM, TO),
	    work_list, &query_ctl_run_list, PARAMS("season", "office",
	    "seminar", "status", "from", "to"), NULL },
	{ "run", "show", "Shows a run with its sessions", FIELDS(RUN), NONE,
	    verb_run_show, NULL, NULL, NULL },
	{ "run", "create", "Makes a run of a seminar; its days are added by "
	    "session create", FIELDS(RUN),
	    FIELDS(NEED("seminar", FIELD_TEXT, "SLUG", "of which seminar"),
	    NEED("office", FIELD_TEXT, "CODE", "whose run it is"),
	    MAY("venue", FIELD_INT, "ID", "where; else the office's own house"),
	    MAY("season", FIELD_TEXT, "SLUG", "in which season"),
	    MAY("period", FIELD_INT, "N", "in which of the season's periods"),
	    MAY("title", FIELD_TEXT, "TEXT", "else the seminar's"), SEATS,
	    WORD("status", "draft|planned|open", "draft when not given")),
	    verb_write, &query_ctl_operator, PARAMS("run_create", "run_no=run",
	    "seminar", "office", "venue_id=venue", "season", "period", "title",
	    "capacity", "minimum", "status"), "Run {run} made" },
	{ "run", "change", "Changes what a run says", FIELDS(RUN),
	    FIELDS(MAY("title", FIELD_TEXT, "TEXT", "its own title"), SEATS,
	    WORD("status", "draft|planned|open|enrolment_closed|running|"
	    "completed", "its new state"),
	    MAY("office", FIELD_TEXT, "CODE", "whose run it is"), EXPECT),
	    verb_write, &query_ctl_operator, PARAMS("run_change", "run_no=run",
	    "title", "capacity", "minimum", "status", "office"),
	    "Run {run} changed" },
	{ "run", "move", "Moves a whole run to another day, venue, other rooms, "
	    "all in one go", FIELDS(RUN),
	    FIELDS(MAY("to", FIELD_DATE, "DATE", "its new first day"),
	    MAY("venue", FIELD_INT, "ID", "its new venue"),
	    MAY("rooms", FIELD_SESSION_ROOMS, "NO:ROOM", "rooms of its "
	    "sessions, with commas between several; 0: none"), EXPECT),
	    verb_write, &query_ctl_operator, PARAMS("run_move", "run_no=run",
	    "starts_on=to", "venue_id=venue", "rooms"), "Run {run} moved" },
	{ "run", "cancel", "Cancels a run and its sessions; calendars show "
	    "them as cancelled", FIELDS(RUN), FIELDS(EXPECT), work_write,
	    &query_ctl_run_cancel, PARAMS("why", "run", "expect"),
	    "Run {run} cancelled" },
	{ "run", "restore", "Brings a cancelled run back", FIELDS(RUN),
	    FIELDS(EXPECT), work_write, &query_ctl_run_restore,
	    PARAMS("why", "run", "expect"), "Run {run} restored" },

	{ "session", "list", "Lists sessions: of one run, or all from today on",
	    FIELDS(MAY("run", FIELD_TEXT, "RUN", "number of the run")),
	    FIELDS(OFFICE, FROM, TO), work_list, &query_ctl_session_list,
	    PARAMS("run", "office", "from", "to"), NULL },
	{ "session", "create", "Adds a session to a run", FIELDS(RUN),
	    FIELDS(NEED("starts", FIELD_TIME, "TIME", "local time, as "
	    "2027-01-21T09:00"), NEED("ends", FIELD_TIME, "TIME", "local time"),
	    MAY("title", FIELD_TEXT, "TEXT", "of this session"),
	    MAY("venue", FIELD_INT, "ID", "where; else as the room or the run"),
	    MAY("room", FIELD_INT, "ID", "the room, which is booked too"),
	    SETUP_AND_HEADS, ONLINE), verb_write, &query_ctl_operator,
	    PARAMS("session_create", "run_no=run", "starts_local=starts",
	    "ends_local=ends", "title", "venue_id=venue", "room_id=room",
	    "setup", "head_count=heads", "online_url=online"),
	    "Session of run {run} made" },
	{ "session", "change", "Changes what a session says", FIELDS(RUN, NO),
	    FIELDS(MAY("title", FIELD_TEXT, "TEXT", "of this session"), ONLINE,
	    EXPECT), verb_write, &query_ctl_operator, PARAMS("session_change",
	    "run_no=run", "no", "title", "online_url=online"),
	    "Session {run}/{no} changed" },
	{ "session", "move", "Gives a session another time, venue or room",
	    FIELDS(RUN, NO),
	    FIELDS(MAY("starts", FIELD_TIME, "TIME", "local time, as "
	    "2027-01-21T09:00"), MAY("ends", FIELD_TIME, "TIME", "local time"),
	    MAY("venue", FIELD_INT, "ID", "its new venue"),
	    MAY("room", FIELD_INT, "ID", "its new room"), EXPECT), work_write,
	    &query_ctl_session_move, PARAMS("why", "run", "no", "expect",
	    "starts", "ends", "venue", "room"), "Session {run}/{no} moved" },
	{ "session", "cancel", "Cancels one session", FIELDS(RUN, NO),
	    FIELDS(EXPECT), work_write, &query_ctl_session_cancel,
	    PARAMS("why", "run", "no", "expect"),
	    "Session {run}/{no} cancelled" },
	{ "session", "restore", "Brings a cancelled session back",
	    FIELDS(RUN, NO), FIELDS(EXPECT), work_write,
	    &query_ctl_session_restore, PARAMS("why", "run", "no", "expect"),
	    "Session {run}/{no} restored" },
	{ "session", "teacher", "Asks a teacher for a session, or notes the "
	    "answer", FIELDS(RUN, NO, NEED("person", FIELD_INT, "PERSON",
	    "id of the teacher"), WORD_NEED("answer",
	    "asked|accepted|declined", "how it stands")), NONE, work_write,
	    &query_ctl_session_teacher, PARAMS("why", "run", "no", "person",
	    "answer"), "Session {run}/{no}: person {person} {answer}" },

	{ "session", "unteach", "Takes a teacher off a session who was asked by "
	    "mistake or teaches it no longer", FIELDS(RUN, NO,
	    NEED("person", FIELD_INT, "PERSON", "id of the teacher")),
	    FIELDS(EXPECT), verb_write, &query_ctl_operator,
	    PARAMS("session_teacher_remove", "run_no=run", "no",
	    "person_id=person"), "Session {run}/{no}: without person {person}" },

	{ "seminar", "list", "Lists seminars", NONE,
	    FIELDS(MAY("q", FIELD_TEXT, "TEXT", "only with this in slug or "
	    "title")), verb_seminars, &query_ctl_operator,
	    PARAMS("seminars_list", "q"), NULL },
	{ "seminar", "create", "Makes a seminar, of which runs are held",
	    FIELDS(SLUG), FIELDS(NEED("title", FIELD_TEXT, "TEXT", "its title"),
	    SEMINAR_OPTIONS), verb_write, &query_ctl_operator,
	    PARAMS("seminar_create", "slug", "title", "kind", "description",
	    "colour"), "Seminar {slug} made" },
	{ "seminar", "change", "Changes what a seminar says; every session of "
	    "its runs shows it", FIELDS(SLUG),
	    FIELDS(MAY("title", FIELD_TEXT, "TEXT", "its title"),
	    SEMINAR_OPTIONS, EXPECT), verb_write, &query_ctl_operator,
	    PARAMS("seminar_change", "slug", "title", "kind", "description",
	    "colour"), "Seminar {slug} changed" },

	{ "room", "add", "Adds a room to a venue",
	    FIELDS(NEED("venue", FIELD_INT, "VENUE", "id of the venue"),
	    NEED("name", FIELD_TEXT, "NAME", "its name there")),
	    FIELDS(MAY("halves", FIELD_IDS, "ID,ID", "rooms this one is made "
	    "of; it and they exclude each other"),
	    FLAG("step-free", "can be reached without a step"),
	    FLAG("hearing-loop", "has a hearing loop"),
	    MAY("setups", FIELD_SETUPS, "LIST", "SETUP:SEATS or "
	    "SETUP:SEATS:MINUTES:MINUTES (to set up, to clear), with commas "
	    "between; SETUP is one of " SETUPS)),
	    work_write, &query_ctl_room_add, PARAMS("why", "venue", "name",
	    "halves", "step-free", "hearing-loop", "setups"),
	    "Room {id} added: {name}" },
	{ "room", "free", "Finds rooms that are free, the best first", NONE,
	    FIELDS(NEED("starts", FIELD_TIME, "TIME", "local time, as "
	    "2027-01-21T09:00"), NEED("ends", FIELD_TIME, "TIME", "local time"),
	    OFFICE, SETUP_AND_HEADS,
	    MAY("equipment", FIELD_WORDS, "WORD,WORD", "what must be there, as "
	    "projector"),
	    FLAG("step-free", "can be reached without a step"),
	    FLAG("hearing-loop", "has a hearing loop"), MINUTES,
	    MAY("limit", FIELD_COUNT, "COUNT", "how many at most, 1 to 200; 50 "
	    "when not given")), verb_room_free, &query_ctl_operator,
	    PARAMS("rooms_free", "starts_local=starts", "ends_local=ends",
	    "office", "setup", "head_count=heads", "equipment",
	    "step_free=step-free", "hearing_loop=hearing-loop",
	    "setup_min=setup-min", "clear_min=clear-min", "limit"), NULL },
	{ "room", "list", "Lists rooms with their set-ups", NONE,
	    FIELDS(OFFICE, MAY("venue", FIELD_INT, "ID", "only there")),
	    work_list, &query_ctl_room_list, PARAMS("office", "venue"), NULL },

	{ "office", "add", "Adds an office",
	    FIELDS(NEED("code", FIELD_TEXT, "CODE", "two to eight capital "
	    "letters, as AAR"), NEED("name", FIELD_TEXT, "NAME", "its name")),
	    FIELDS(NEED("town", FIELD_TEXT, "TOWN", "where it is"),
	    MAY("street", FIELD_TEXT, "STREET", "street and number"),
	    MAY("postcode", FIELD_TEXT, "CODE", "four digits"),
	    MAY("mail", FIELD_TEXT, "ADDRESS", "where the warnings of its "
	    "holds go"),
	    MAY("lat", FIELD_DEGREES, "DEGREES", "latitude, as 55.67594"),
	    MAY("lon", FIELD_DEGREES, "DEGREES", "longitude, as 12.56553")),
	    verb_write, &query_ctl_operator, PARAMS("office_create", "code",
	    "name", "town", "street", "postcode", "mail", "lat", "lon"),
	    "Office {code} added: {name}" },
	{ "office", "list", "Lists the offices", NONE, NONE, verb_offices,
	    &query_ctl_operator, PARAMS("offices_list"), NULL },
	{ "office", "change", "Changes an office; every session of its runs "
	    "shows it", FIELDS(NEED("code", FIELD_TEXT, "CODE", "as AAR")),
	    FIELDS(MAY("name", FIELD_TEXT, "NAME", "its new name"),
	    MAY("street", FIELD_TEXT, "STREET", "street and number; empty: "
	    "none"), MAY("postcode", FIELD_TEXT, "CODE", "four digits; empty: "
	    "none"), MAY("town", FIELD_TEXT, "TOWN", "where it is"),
	    MAY("mail", FIELD_TEXT, "ADDRESS", "where the warnings of its "
	    "holds go; empty: none"),
	    MAY("lat", FIELD_DEGREES, "DEGREES", "latitude"),
	    MAY("lon", FIELD_DEGREES, "DEGREES", "longitude"), EXPECT),
	    verb_write, &query_ctl_operator, PARAMS("office_change", "code",
	    "name", "town", "street", "postcode", "mail", "lat", "lon"),
	    "Office {code} changed" },
	{ "venue", "add", "Adds a venue to an office",
	    FIELDS(NEED("office", FIELD_TEXT, "OFFICE", "code of the office, as "
	    "AAR"), NEED("name", FIELD_TEXT, "NAME", "its name")),
	    FIELDS(NEED("town", FIELD_TEXT, "TOWN", "where it is"),
	    MAY("street", FIELD_TEXT, "STREET", "street and number"),
	    MAY("postcode", FIELD_TEXT, "CODE", "four digits"),
	    MAY("lat", FIELD_DEGREES, "DEGREES", "latitude, as 55.67594"),
	    MAY("lon", FIELD_DEGREES, "DEGREES", "longitude, as 12.56553"),
	    FLAG("own", "the office's own house")),
	    work_write, &query_ctl_venue_add, PARAMS("why", "office", "name",
	    "street", "postcode", "town", "lat", "lon", "own"),
	    "Venue {id} added: {name}" },
	{ "venue", "list", "Lists venues", NONE, FIELDS(OFFICE), work_list,
	    &query_ctl_venue_list, PARAMS("office"), NULL },
	{ "venue", "change", "Changes a venue; every session there shows it",
	    FIELDS(NEED("venue", FIELD_INT, "ID", "id of the venue")),
	    FIELDS(MAY("name", FIELD_TEXT, "NAME", "its new name"),
	    MAY("street", FIELD_TEXT, "STREET", "street and number; empty: "
	    "none"), MAY("postcode", FIELD_TEXT, "CODE", "four digits; empty: "
	    "none"), MAY("town", FIELD_TEXT, "TOWN", "where it is"),
	    MAY("lat", FIELD_DEGREES, "DEGREES", "latitude"),
	    MAY("lon", FIELD_DEGREES, "DEGREES", "longitude"), EXPECT),
	    work_write, &query_ctl_venue_change, PARAMS("why", "venue",
	    "expect", "name", "street", "postcode", "town", "lat", "lon"),
	    "Venue {venue} changed" },

	{ "person", "add", "Adds a person: of the staff, a teacher, a member of "
	    "a council, or the secretary of a municipality",
	    FIELDS(NEED("name", FIELD_TEXT, "NAME", "the whole name")),
	    FIELDS(WORD_NEED("role", ROLES, "what the person does"),
	    MAY("mail", FIELD_TEXT, "ADDRESS", "mail address"),
	    MAY("phone", FIELD_TEXT, "NUMBER", "telephone"),
	    MAY("office", FIELD_TEXT, "CODE", "the office; a coordinator needs "
	    "one"),
	    MAY("municipality", FIELD_TEXT, "CODE", "of a councillor or a "
	    "secretary, as 0751; a secretary needs one")),
	    work_write, &query_ctl_person_add, PARAMS("why", "name", "mail",
	    "phone", "role", "office", "municipality"), "Person {id} added" },
	{ "person", "list", "Lists people", NONE,
	    FIELDS(WORD("role", ROLES, "only in this role"), OFFICE),
	    work_list, &query_ctl_person_list, PARAMS("role", "office"), NULL },

	{ "token", "create", "Makes a secret feed address for a person and "
	    "prints it, once",
	    FIELDS(NEED("person", FIELD_INT, "PERSON", "id of the person"),
	    NEED("name", FIELD_TEXT, "NAME", "what its owner calls it, as "
	    "\"min telefon\"")),
	    FIELDS(WORD("cancelled", "mark|text|hide", "how cancelled sessions "
	    "look: as such, in the title only, or not at all"),
	    BASE_URL), verb_token_create, NULL, NULL, "Feed address {id} made" },
	{ "token", "list", "Lists feed addresses, without their secret", NONE,
	    FIELDS(MAY("person", FIELD_INT, "ID", "only of this person")),
	    work_list, &query_ctl_token_list, PARAMS("person"), NULL },
	{ "token", "revoke", "Closes a feed address for good",
	    FIELDS(NEED("token", FIELD_INT, "ID", "id of the feed address")),
	    FIELDS(EXPECT), work_write, &query_ctl_token_revoke,
	    PARAMS("why", "token", "expect"), "Feed address {token} revoked" },

	{ "booking", "create", "Books a room, or several in one go: all of them, "
	    "or none", FIELDS(ROOMS_NEED),
	    FIELDS(MAY("starts", FIELD_TIME, "TIME", "local time, as "
	    "2027-01-21T09:00; else the session's"),
	    MAY("ends", FIELD_TIME, "TIME", "local time; else the session's"),
	    MAY("title", FIELD_TEXT, "TEXT", "what for; else as the session"),
	    WORD("kind", "internal|let_out|session", "what kind; internal when "
	    "not given"),
	    MAY("session", FIELD_SESSION, "RUN/NO", "the session it is for, as "
	    "KAT27-03/1"), SETUP_AND_HEADS, MINUTES, NOTES,
	    MAY("hold-until", FIELD_TIME, "TIME", "only hold it until then"),
	    CATERING), verb_bookings, &query_ctl_operator,
	    PARAMS("booking_create", "room_ids=rooms", "starts_local=starts",
	    "ends_local=ends", "title", "kind", "session", "setup",
	    "head_count=heads", "setup_min=setup-min", "clear_min=clear-min",
	    "notes", "expires_local=hold-until", CATERING_PARAMS),
	    "Booking {id} made" },
	{ "booking", "move", "Gives a booking another time, room or set-up",
	    FIELDS(BOOKING),
	    FIELDS(MAY("room", FIELD_INT, "ID", "its new room"),
	    MAY("starts", FIELD_TIME, "TIME", "local time"),
	    MAY("ends", FIELD_TIME, "TIME", "local time"),
	    WORD("setup", SETUPS, "how the room is set up"), EXPECT),
	    verb_bookings, &query_ctl_operator, PARAMS("booking_move",
	    "booking_id=booking", "room_id=room", "starts_local=starts",
	    "ends_local=ends", "setup"), "Booking {booking} moved" },
	{ "booking", "change", "Changes what a booking says, but its time and "
	    "room", FIELDS(BOOKING),
	    FIELDS(MAY("title", FIELD_TEXT, "TEXT", "what for"),
	    WORD("kind", "internal|let_out", "what kind"), SETUP_AND_HEADS,
	    MINUTES, NOTES, MAY("hold-until", FIELD_TIME, "TIME", "hold it "
	    "until then"), CATERING, EXPECT), verb_bookings,
	    &query_ctl_operator, PARAMS("booking_change", "booking_id=booking",
	    "title", "kind", "setup", "head_count=heads",
	    "setup_min=setup-min", "clear_min=clear-min", "notes",
	    "expires_local=hold-until", CATERING_PARAMS),
	    "Booking {booking} changed" },
	{ "booking", "cancel", "Gives a booked room free", FIELDS(BOOKING),
	    FIELDS(EXPECT), verb_write, &query_ctl_operator,
	    PARAMS("booking_cancel", "booking_id=booking"),
	    "Booking {booking} cancelled" },
	{ "booking", "restore", "Brings a cancelled booking back, if its room "
	    "is still free", FIELDS(BOOKING), FIELDS(EXPECT), verb_write,
	    &query_ctl_operator, PARAMS("booking_restore",
	    "booking_id=booking"), "Booking {booking} restored" },
	{ "booking", "confirm", "Makes a hold a booking", FIELDS(BOOKING),
	    FIELDS(EXPECT), verb_write, &query_ctl_operator,
	    PARAMS("booking_confirm", "booking_id=booking"),
	    "Booking {booking} confirmed" },
	{ "booking", "show", "Shows a booking with notes and catering",
	    FIELDS(BOOKING), NONE, verb_booking_show, &query_ctl_operator,
	    PARAMS("booking_get", "booking_id=booking"), NULL },
	{ "booking", "list", "Lists bookings from today on", NONE,
	    FIELDS(OFFICE, MAY("room", FIELD_INT, "ID", "only what takes this "
	    "room, or a part of it"),
	    MAY("venue", FIELD_INT, "ID", "only there"), FROM, TO,
	    WORD("status", "held|confirmed|cancelled|expired", "only in this "
	    "state"),
	    WORD("kind", "session|internal|let_out|block_out", "only this kind"),
	    MAY("series", FIELD_INT, "ID", "only of this series"),
	    MAY("run", FIELD_TEXT, "RUN", "only for this run"),
	    FLAG("all", "also cancelled and expired ones"),
	    FLAG("over-capacity", "only those for more people than their room "
	    "holds")), work_list, &query_ctl_booking_list, PARAMS("office",
	    "room", "venue", "from", "to", "status", "kind", "series", "run",
	    "all", "over-capacity"), NULL },

	{ "block", NULL, "Closes rooms, or all rooms of an office's own houses, "
	    "for some time. Refused when something is in the way, unless "
	    "--around is given", FIELDS(ROOMS_MAY),
	    FIELDS(NEED("from", FIELD_TIME, "TIME", "local time"),
	    NEED("to", FIELD_TIME, "TIME", "local time"), BLOCK_OPTIONS),
	    verb_block, &query_ctl_operator, PARAMS("block_out_create",
	    "room_ids=rooms", "office", "starts_local=from", "ends_local=to",
	    "title", "notes", "around"), "Block-out {id} made" },
	{ "closing-day", NULL, "Closes rooms, or all rooms of an office's own "
	    "houses, for whole days. Refused when something is in the way, "
	    "unless --around is given", FIELDS(ROOMS_MAY),
	    FIELDS(NEED("from", FIELD_DATE, "DATE", "the first day"),
	    MAY("to", FIELD_DATE, "DATE", "the last day; else the first"),
	    BLOCK_OPTIONS), verb_block, &query_ctl_operator,
	    PARAMS("closing_day_create", "room_ids=rooms", "office", "from",
	    "to", "title", "notes", "around"), "Closing day {id} made" },

	{ "series", "preview", "Shows the dates of a series with holidays, what "
	    "is in the way, and what would do instead; writes nothing",
	    FIELDS(ROOM), FIELDS(SERIES_OPTIONS), verb_series_preview,
	    &query_ctl_operator, PARAMS("series_preview", SERIES_PARAMS), NULL },
	{ "series", "create", "Books a room again and again. Refused with the "
	    "dates that cannot be had: --skip them, or give them another room",
	    FIELDS(ROOM), FIELDS(SERIES_OPTIONS), verb_series_create,
	    &query_ctl_operator, PARAMS("series_create", SERIES_PARAMS),
	    "Series {id} made" },
	{ "series", "show", "Lists the bookings of a series, a block-out or a "
	    "closing day", FIELDS(SERIES), NONE, verb_bookings,
	    &query_ctl_operator, PARAMS("series_get", "series_id=series"),
	    NULL },
	{ "series", "change", "Changes all bookings of a series that are to "
	    "come", FIELDS(SERIES),
	    FIELDS(MAY("from", FIELD_DATE, "DATE", "those of this day and "
	    "later; today when not given"),
	    MAY("title", FIELD_TEXT, "TEXT", "what for"),
	    MAY("room", FIELD_INT, "ID", "their new room"),
	    MAY("starts", FIELD_HOUR, "HH:MM", "from when on each day"),
	    MAY("ends", FIELD_HOUR, "HH:MM", "until when"), SETUP_AND_HEADS,
	    MINUTES, NOTES, WORD("exceptions", "leave|too", "those that were "
	    "changed by themselves: leave them, when not given, or change "
	    "them too"),
	    MAY("skip", FIELD_DATES, "DATE,DATE", "leave these as they are"),
	    MAY("in-room", FIELD_ROOMS, "DATE:ROOM", "on these dates in "
	    "another room; with commas between several"), EXPECT),
	    verb_series_change, &query_ctl_operator,
	    PARAMS("series_change", "series_id=series", "from", "title",
	    "room_id=room", "starts", "ends", "setup", "head_count=heads",
	    "setup_min=setup-min", "clear_min=clear-min", "notes",
	    "exceptions"), "Series {series} changed" },
	{ "series", "restore", "Takes the cancellation of a series back, all "
	    "of it or nothing", FIELDS(SERIES),
	    FIELDS(MAY("from", FIELD_DATE, "DATE", "those of this day and "
	    "later; today when not given"),
	    MAY("bookings", FIELD_IDS, "ID,ID", "only these, also if they were "
	    "cancelled by themselves"), EXPECT), verb_bookings,
	    &query_ctl_operator, PARAMS("series_restore", "series_id=series",
	    "from", "bookings"), "Series {series} restored" },
	{ "series", "cancel", "Cancels all bookings of a series, a block-out or "
	    "a closing day that are to come", FIELDS(SERIES),
	    FIELDS(MAY("from", FIELD_DATE, "DATE", "those of this day and "
	    "later; today when not given"), EXPECT), verb_write,
	    &query_ctl_operator, PARAMS("series_cancel", "series_id=series",
	    "from"), "Series {series} cancelled" },

	{ "journal", "list", "Lists what was changed, the latest first", NONE,
	    FIELDS(MAY("object", FIELD_TEXT, "TABLE", "only of this kind, as "
	    "booking"), MAY("id", FIELD_TEXT, "ID", "only of this object"),
	    MAY("person", FIELD_INT, "ID", "only what this person did"), OFFICE,
	    MAY("from", FIELD_MOMENT, "TIME", "only from this day or local "
	    "time on"),
	    MAY("to", FIELD_MOMENT, "TIME", "only until this day or local "
	    "time"),
	    MAY("limit", FIELD_COUNT, "COUNT", "how many at most, 1 to 200; 50 "
	    "when not given"),
	    MAY("cursor", FIELD_TEXT, "TEXT", "where the list before ended")),
	    verb_journal, &query_ctl_operator, PARAMS("journal_list", "object",
	    "object_id=id", "person", "office", "from", "to", "limit",
	    "cursor"), NULL },
	{ "journal", "undo", "Takes a change back, with all that was changed in "
	    "the same go. Refused when somebody built upon it since",
	    FIELDS(NEED("row", FIELD_INT, "ROW", "number of a row of the "
	    "journal")), NONE, verb_journal, &query_ctl_operator,
	    PARAMS("journal_undo", "journal_id=row"),
	    "Row {row} of the journal undone" },
	{ "journal", "verify", "Checks every row of the journal against its seal, "
	    "and the seals against each other; ends with 1 when something was "
	    "changed", NONE, NONE, verb_journal_verify,
	    &query_ctl_journal_verify, NULL, NULL },

	{ "mail", "list", "Lists mails that wait or have ended, without text "
	    "and address", NONE, FIELDS(WORD("state", "waiting|sent|given_up",
	    "only in this state")), work_list, &query_ctl_mail_list,
	    PARAMS("state"), NULL },

	{ "account", "invite", "Invites somebody, or again who lost password or "
	    "authenticator: sends the link by mail and prints it, once", NONE,
	    FIELDS(MAY("person", FIELD_INT, "ID", "who is there already; else "
	    "found by mail, or new"),
	    MAY("name", FIELD_TEXT, "NAME", "of a new person"),
	    MAY("mail", FIELD_TEXT, "ADDRESS", "mail address, which is the "
	    "login"), WORD("role", STAFF_ROLES, "what the person may do"),
	    MAY("office", FIELD_TEXT, "CODE", "the office; a coordinator needs "
	    "one"),
	    MAY("hours", FIELD_COUNT, "HOURS", "how long the link is good; 72 "
	    "when not given"), FLAG("no-mail", "only print the link"),
	    BASE_URL), verb_account_invite,
	    NULL, NULL, "Account {id} invited" },
	{ "account", "list", "Lists accounts", NONE,
	    FIELDS(WORD("role", STAFF_ROLES, "only in this role"),
	    WORD("state", "invited|active|locked", "only in this state")),
	    work_list, &query_ctl_account_list, PARAMS("role", "state"), NULL },
	{ "account", "role", "Gives an account another role and office; its "
	    "sign-ins and API tokens end", FIELDS(PERSON,
	    WORD_NEED("role", STAFF_ROLES, "what the person may do")),
	    FIELDS(MAY("office", FIELD_TEXT, "CODE", "the office; else none"),
	    EXPECT), work_write, &query_ctl_account_role, PARAMS("why",
	    "person", "expect", "role", "office"), "Account {person} is {role}" },
	{ "account", "lock", "Locks an account; its sign-ins and invitations "
	    "end, its API tokens rest", FIELDS(PERSON), FIELDS(EXPECT),
	    work_write, &query_ctl_account_lock, PARAMS("why", "person",
	    "expect"), "Account {person} locked" },
	{ "account", "unlock", "Unlocks an account", FIELDS(PERSON),
	    FIELDS(EXPECT), work_write, &query_ctl_account_unlock,
	    PARAMS("why", "person", "expect"), "Account {person} unlocked" },
	{ "account", "token", "Makes a token for the API and prints it, once",
	    FIELDS(PERSON, NEED("name", FIELD_TEXT, "NAME", "what it is for, "
	    "as \"signage\"")),
	    FIELDS(WORD("role", STAFF_ROLES, "a narrower role than the "
	    "person's"),
	    MAY("office", FIELD_TEXT, "CODE", "for this office only"),
	    MAY("until", FIELD_DATE, "DATE", "the last day it is good; no end "
	    "when not given")), verb_account_token,
	    NULL, NULL, "API token {id} made" },
	{ "account", "tokens", "Lists tokens for the API, without their secret",
	    NONE, FIELDS(MAY("person", FIELD_INT, "ID", "only of this person"),
	    FLAG("all", "also those that are no longer good")), work_list,
	    &query_ctl_api_token_list, PARAMS("person", "all"), NULL },
	{ "account", "revoke", "Ends a token for the API for good",
	    FIELDS(NEED("token", FIELD_INT, "TOKEN", "id of the token")),
	    FIELDS(EXPECT), work_write, &query_ctl_api_token_revoke,
	    PARAMS("why", "token", "expect"), "API token {token} revoked" },

	{ "reload", NULL, "Tells the daemon to take its configuration and "
	    "certificates anew, and waits for the outcome", NONE, NONE,
	    verb_reload, NULL, NULL, NULL },
	{ "status", NULL, "Shows the daemon's processes", NONE, NONE,
	    verb_status, NULL, NULL, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
