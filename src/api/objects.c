/*
 * objects.c - what answers hold and bodies are made of, for check and OpenAPI.
 */
#include "api/table.h"

const char *const api_words_setup[] = {
	"theatre", "classroom", "horseshoe", "islands", "circle", NULL
};
const char *const api_words_kind[] = {
	"session", "internal", "let_out", "block_out", NULL
};
const char *const api_words_booking_status[] = {
	"held", "confirmed", "cancelled", "expired", NULL
};
const char *const api_words_role[] = {
	"coordinator", "planner", "admin", "auditor", NULL
};
const char *const api_words_run_status[] = {
	"draft", "planned", "open", "enrolment_closed", "running", "completed",
	"cancelled", NULL
};
const char *const api_words_seminar_kind[] = {
	"course", "theme_day", "education", "conference", "network",
	"annual_meeting", "24h_seminar", "advisory", "webinar", NULL
};
const char *const api_words_account_state[] = {
	"invited", "active", "locked", NULL
};

/* Always there, and there but perhaps null. */
#define SURE	API_NEEDED
#define NULLED	(API_NEEDED | API_NULL)

#define ITS_VERSION	FIELD_ID(BODY, "version", SURE, "goes into If-Match")
#define START_AND_END \
	FIELD_PLAIN(BODY, "starts_local", LOCAL, SURE, NULL), \
	FIELD_PLAIN(BODY, "ends_local", LOCAL, SURE, NULL), \
	FIELD_PLAIN(BODY, "starts_at", INSTANT, SURE, NULL), \
	FIELD_PLAIN(BODY, "ends_at", INSTANT, SURE, NULL)
#define TIMES \
	START_AND_END, \
	FIELD_TEXT(BODY, "zone", SURE, 100, NULL)

#define OBJECT(var, name, ...) \
	static const struct api_field fields_##var[] = { \
		__VA_ARGS__, FIELDS_END \
	}; \
	const struct api_object api_object_##var = { name, fields_##var }

#define PLACE \
	FIELD_TEXT(BODY, "street", NULLED, 200, NULL), \
	FIELD_TEXT(BODY, "postcode", NULLED, 4, NULL), \
	FIELD_TEXT(BODY, "town", NULLED, 200, NULL), \
	FIELD_NUMBER(BODY, "lat", NULLED, -90, 90, NULL), \
	FIELD_NUMBER(BODY, "lon", NULLED, -180, 180, NULL)

OBJECT(office, "Office",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "code", SURE, 10, NULL),
    FIELD_TEXT(BODY, "name", SURE, 200, NULL),
    FIELD_TEXT(BODY, "mail", NULLED, 200, NULL),
    PLACE, ITS_VERSION);

OBJECT(seminar, "Seminar",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "slug", SURE, 60, "names it in a run"),
    FIELD_TEXT(BODY, "title", SURE, 200, NULL),
    FIELD_WORD(BODY, "kind", SURE, api_words_seminar_kind, NULL),
    FIELD_PROSE(BODY, "description", NULLED, NULL),
    FIELD_TEXT(BODY, "colour", SURE, 30, "a CSS name"),
    FIELD_PLAIN(BODY, "demo", BOOL, SURE, "not held in reality"),
    FIELD_TEXT(BODY, "tags", SURE | API_MANY, 200, NULL),
    ITS_VERSION);

OBJECT(venue, "Venue",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "office", SURE, 10, NULL),
    FIELD_TEXT(BODY, "name", SURE, 200, NULL),
    PLACE,
    FIELD_PLAIN(BODY, "own", BOOL, SURE, "the office's own house"),
    ITS_VERSION);

OBJECT(named, "Named",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "name", SURE, 200, NULL));

#define MINUTES(flags) \
	FIELD_INT(BODY, "setup_min", flags, 0, 1440, "minutes before"), \
	FIELD_INT(BODY, "clear_min", flags, 0, 1440, "minutes after")

OBJECT(setup, "RoomSetup",
    FIELD_WORD(BODY, "setup", SURE, api_words_setup, NULL),
    FIELD_INT(BODY, "capacity", SURE, 1, 100000, NULL),
    MINUTES(SURE));

OBJECT(setup_wish, "RoomSetupWish",
    FIELD_WORD(BODY, "setup", API_NEEDED, api_words_setup, NULL),
    FIELD_INT(BODY, "capacity", API_NEEDED, 1, 10000, NULL),
    MINUTES(0));

#define EQUIPPED \
	FIELD_PLAIN(BODY, "step_free", BOOL, SURE, NULL), \
	FIELD_PLAIN(BODY, "hearing_loop", BOOL, SURE, NULL), \
	FIELD_TEXT(BODY, "equipment", SURE | API_MANY, 100, NULL)

OBJECT(room, "Room",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "name", SURE, 200, NULL),
    FIELD_TEXT(BODY, "office", SURE, 10, NULL),
    FIELD_OBJECT(BODY, "venue", SURE, api_object_named, NULL),
    EQUIPPED,
    FIELD_WORD(BODY, "default_setup", NULLED, api_words_setup, NULL),
    MINUTES(SURE),
    FIELD_OBJECT(BODY, "setups", SURE | API_MANY, api_object_setup, NULL),
    FIELD_OBJECT(BODY, "made_of", SURE | API_MANY, api_object_named,
	"rooms that are parts of it"),
    FIELD_OBJECT(BODY, "part_of", SURE | API_MANY, api_object_named,
	"combined rooms that hold it"),
    FIELD_PLAIN(BODY, "retired", BOOL, SURE, NULL),
    ITS_VERSION);

OBJECT(free_room, "FreeRoom",
    FIELD_ID(BODY, "rank", SURE, NULL),
    FIELD_OBJECT(BODY, "room", SURE, api_object_named, NULL),
    FIELD_OBJECT(BODY, "venue", SURE, api_object_named, NULL),
    FIELD_TEXT(BODY, "office", SURE, 10, NULL),
    FIELD_WORD(BODY, "setup", NULLED, api_words_setup, NULL),
    FIELD_INT(BODY, "capacity", NULLED, 1, 100000, NULL),
    FIELD_INT(BODY, "spare_seats", NULLED, 0, 100000, NULL),
    MINUTES(SURE),
    FIELD_PLAIN(BODY, "default_setup", BOOL, SURE,
	"setup is the room's default"),
    EQUIPPED);

OBJECT(session_ref, "SessionRef",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "run_no", SURE, 40, NULL),
    FIELD_ID(BODY, "no", SURE, NULL));

OBJECT(catering, "Catering",
    FIELD_INT(BODY, "count", NULLED, 0, 10000, NULL),
    FIELD_INT(BODY, "days", NULLED, 0, 60, "working days before the start"),
    FIELD_PLAIN(BODY, "due", DATE, NULLED, "the last day for the count"),
    FIELD_PLAIN(BODY, "diets", COUNTS, NULLED, NULL));

OBJECT(booking, "Booking",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_WORD(BODY, "status", SURE, api_words_booking_status, NULL),
    FIELD_PLAIN(BODY, "busy", BOOL, SURE,
	"another office's: no more is told than that it is taken"),
    FIELD_OBJECT(BODY, "room", SURE, api_object_named, NULL),
    FIELD_OBJECT(BODY, "venue", SURE, api_object_named, NULL),
    FIELD_TEXT(BODY, "office", SURE, 10, NULL),
    TIMES,
    MINUTES(SURE),
    FIELD_PLAIN(BODY, "occupied_from_local", LOCAL, SURE, NULL),
    FIELD_PLAIN(BODY, "occupied_to_local", LOCAL, SURE, NULL),
    FIELD_PLAIN(BODY, "occupied_from_at", INSTANT, SURE, NULL),
    FIELD_PLAIN(BODY, "occupied_to_at", INSTANT, SURE, NULL),
    FIELD_TEXT(BODY, "uid", NULLED, 200, NULL),
    FIELD_WORD(BODY, "kind", NULLED, api_words_kind, NULL),
    FIELD_TEXT(BODY, "title", SURE, 400, NULL),
    FIELD_WORD(BODY, "setup", NULLED, api_words_setup, NULL),
    FIELD_INT(BODY, "head_count", NULLED, 1, 100000, NULL),
    FIELD_INT(BODY, "capacity", NULLED, 1, 100000, NULL),
    FIELD_PROSE(BODY, "notes", NULLED, NULL),
    FIELD_ID(BODY, "series_id", NULLED, NULL),
    FIELD_OBJECT(BODY, "session", NULLED, api_object_session_ref, NULL),
    FIELD_PLAIN(BODY, "expires_local", LOCAL, NULLED, "of a hold"),
    FIELD_PLAIN(BODY, "expires_at", INSTANT, NULLED, NULL),
    FIELD_OBJECT(BODY, "catering", NULLED, api_object_catering, NULL),
    FIELD_PLAIN(BODY, "changed_at", INSTANT, SURE, NULL),
    ITS_VERSION);

OBJECT(holiday, "Holiday",
    FIELD_PLAIN(BODY, "date", DATE, SURE, NULL),
    FIELD_TEXT(BODY, "name", SURE, 200, NULL),
    FIELD_TEXT(BODY, "kind", SURE, 40, NULL));

OBJECT(room_week, "RoomWeek",
    FIELD_OBJECT(BODY, "room", SURE, api_object_room, NULL),
    FIELD_PLAIN(BODY, "week", WEEK, SURE, NULL),
    FIELD_PLAIN(BODY, "from", DATE, SURE, NULL),
    FIELD_PLAIN(BODY, "to", DATE, SURE, "the last day"),
    FIELD_TEXT(BODY, "zone", SURE, 100, NULL),
    FIELD_OBJECT(BODY, "holidays", SURE | API_MANY, api_object_holiday, NULL),
    FIELD_OBJECT(BODY, "items", SURE | API_MANY, api_object_booking, NULL));

OBJECT(override, "SeriesOverride",
    FIELD_PLAIN(BODY, "date", DATE, API_NEEDED, "which one"),
    FIELD_PLAIN(BODY, "skip", BOOL, 0, NULL),
    FIELD_PLAIN(BODY, "keep", BOOL, 0, "although it is a holiday"),
    FIELD_PLAIN(BODY, "starts_local", LOCAL, 0, NULL),
    FIELD_PLAIN(BODY, "ends_local", LOCAL, 0, NULL),
    FIELD_ID(BODY, "room_id", 0, NULL));

OBJECT(series_exception, "SeriesException",
    FIELD_ID(BODY, "booking_id", SURE, NULL),
    FIELD_PLAIN(BODY, "date", DATE, SURE, NULL),
    START_AND_END,
    FIELD_ID(BODY, "room_id", SURE, NULL),
    FIELD_WORD(BODY, "status", SURE, api_words_booking_status, NULL),
    FIELD_TEXT(BODY, "own", SURE | API_MANY, 40,
	"what was changed by itself: place, heads, title, notes, catering, status"));

OBJECT(series, "Series",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "title", SURE, 200, NULL),
    FIELD_TEXT(BODY, "kind", SURE, 40, NULL),
    FIELD_TEXT(BODY, "office", SURE, 10, NULL),
    FIELD_PLAIN(BODY, "rule", ANY, SURE,
	"as it was asked for, with what was changed of all since"),
    FIELD_OBJECT(BODY, "items", SURE | API_MANY, api_object_booking, NULL),
    FIELD_OBJECT(BODY, "exceptions", SURE | API_MANY,
	api_object_series_exception, "those changed by themselves"),
    FIELD_OBJECT(BODY, "left", API_MANY, api_object_series_exception,
	"those that a change of all left as they are"),
    FIELD_PLAIN(BODY, "changed_at", INSTANT, SURE, NULL),
    ITS_VERSION);

OBJECT(series_day, "SeriesDay",
    FIELD_PLAIN(BODY, "date", DATE, SURE, NULL),
    FIELD_TEXT(BODY, "weekday", SURE, 3, NULL),
    FIELD_PLAIN(BODY, "starts_local", LOCAL, SURE, NULL),
    FIELD_PLAIN(BODY, "ends_local", LOCAL, SURE, NULL),
    FIELD_PLAIN(BODY, "starts_at", INSTANT, NULLED,
	"null: the hour does not exist, or exists twice"),
    FIELD_PLAIN(BODY, "ends_at", INSTANT, NULLED, NULL),
    FIELD_ID(BODY, "room_id", SURE, NULL),
    FIELD_TEXT(BODY, "room", SURE, 200, NULL),
    FIELD_TEXT(BODY, "holiday", NULLED, 400, NULL),
    FIELD_PLAIN(BODY, "skipped", BOOL, SURE, NULL),
    FIELD_TEXT(BODY, "problem", NULLED, 400, "an hour that does not exist"),
    FIELD_OBJECT(BODY, "conflicts", SURE | API_MANY, api_object_conflict,
	NULL),
    FIELD_OBJECT(BODY, "alternatives", SURE | API_MANY,
	api_object_alternative, NULL));

OBJECT(series_preview, "SeriesPreview",
    FIELD_INT(BODY, "count", SURE, 0, 200, "dates that are not skipped"),
    FIELD_INT(BODY, "conflicts", SURE, 0, 200, "dates that cannot be had"),
    FIELD_INT(BODY, "holidays", SURE, 0, 200, NULL),
    FIELD_OBJECT(BODY, "items", SURE | API_MANY, api_object_series_day, NULL));

OBJECT(blocked, "Blocked",
    FIELD_ID(BODY, "series_id", SURE, "to cancel it all together"),
    FIELD_OBJECT(BODY, "items", SURE | API_MANY, api_object_booking, NULL),
    FIELD_OBJECT(BODY, "conflicts", SURE | API_MANY, api_object_conflict,
	"what it went around"),
    ITS_VERSION);

OBJECT(agenda, "AgendaItem",
    FIELD_PLAIN(BODY, "starts_local", LOCAL, SURE, NULL),
    FIELD_PLAIN(BODY, "ends_local", LOCAL, SURE, NULL),
    FIELD_PLAIN(BODY, "starts_at", INSTANT, API_NULL,
	"where it is read; nobody looks at it where it is sent"),
    FIELD_PLAIN(BODY, "ends_at", INSTANT, API_NULL, "the same"),
    FIELD_TEXT(BODY, "title", SURE, 200, NULL),
    FIELD_TEXT(BODY, "title_en", API_NULL, 200, NULL),
    FIELD_TEXT(BODY, "format", API_NULL, 30, "plenum, group_work, meal, ..."));

OBJECT(teacher, "SessionTeacher",
    FIELD_ID(BODY, "person_id", SURE, NULL),
    FIELD_TEXT(BODY, "name", NULLED, 200, "null: to an auditor"),
    FIELD_TEXT(BODY, "status", SURE, 40, "asked, accepted or declined"));

OBJECT(session_booking, "SessionBooking",
    FIELD_ID(BODY, "id", SURE, "the room's"),
    FIELD_TEXT(BODY, "name", SURE, 200, NULL),
    FIELD_ID(BODY, "booking_id", SURE, NULL),
    FIELD_WORD(BODY, "setup", NULLED, api_words_setup, NULL));

OBJECT(session, "Session",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "uid", SURE, 200, "in calendars, for ever"),
    FIELD_TEXT(BODY, "run_no", SURE, 40, NULL),
    FIELD_ID(BODY, "no", SURE, NULL),
    FIELD_TEXT(BODY, "title", NULLED, 200, NULL),
    FIELD_TEXT(BODY, "run_title", SURE, 200, NULL),
    FIELD_TEXT(BODY, "status", SURE, 40, "confirmed or cancelled"),
    FIELD_WORD(BODY, "run_status", SURE, api_words_run_status, NULL),
    FIELD_TEXT(BODY, "office", SURE, 10, NULL),
    FIELD_OBJECT(BODY, "venue", SURE, api_object_named, NULL),
    FIELD_OBJECT(BODY, "rooms", SURE | API_MANY, api_object_session_booking,
	NULL),
    TIMES,
    FIELD_TEXT(BODY, "online_url", NULLED, 500, NULL),
    FIELD_PROSE(BODY, "last_change", NULLED, "in Danish"),
    FIELD_INT(BODY, "sequence", SURE, 0, INT32_MAX, "iCalendar's"),
    FIELD_OBJECT(BODY, "agenda", SURE | API_MANY, api_object_agenda, NULL),
    FIELD_OBJECT(BODY, "teachers", NULLED | API_MANY, api_object_teacher,
	"null: not for you to know"),
    FIELD_PLAIN(BODY, "changed_at", INSTANT, SURE, NULL),
    ITS_VERSION);

OBJECT(session_wish, "SessionWish",
    FIELD_PLAIN(BODY, "starts_local", LOCAL, API_NEEDED, NULL),
    FIELD_PLAIN(BODY, "ends_local", LOCAL, API_NEEDED, NULL),
    FIELD_TEXT(BODY, "title", API_NULL, 200, NULL),
    FIELD_ID(BODY, "venue_id", API_NULL, "the room's, or the run's"),
    FIELD_TEXT(BODY, "online_url", API_NULL, 500, NULL),
    FIELD_ID(BODY, "room_id", API_NULL, "books it too"),
    FIELD_WORD(BODY, "setup", API_NULL, api_words_setup, "of the room"),
    FIELD_INT(BODY, "head_count", API_NULL, 1, 10000, "in the room"),
    FIELD_OBJECT(BODY, "agenda", API_MANY, api_object_agenda, NULL));

OBJECT(session_room, "SessionRoom",
    FIELD_INT(BODY, "no", API_NEEDED, 1, 1000, "the session"),
    FIELD_ID(BODY, "room_id", API_NEEDED | API_NULL, "null: none"),
    FIELD_WORD(BODY, "setup", API_NULL, api_words_setup,
	"as it was booked; of a first room its default"),
    FIELD_INT(BODY, "head_count", API_NULL, 1, 10000,
	"as it was booked; of a first room the run's capacity"),
    MINUTES(0),
    FIELD_INT(BODY, "catering_count", API_NULL, 0, 10000, "as it was ordered"),
    FIELD_INT(BODY, "catering_days", API_NULL, 0, 60, "as it was ordered"),
    FIELD_PLAIN(BODY, "catering_diets", COUNTS, API_NULL,
	"as it was ordered"));

OBJECT(run, "Run",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "run_no", SURE, 40, NULL),
    FIELD_TEXT(BODY, "seminar", SURE, 100, "its slug"),
    FIELD_TEXT(BODY, "season", NULLED, 100, "its slug"),
    FIELD_INT(BODY, "period", NULLED, 1, 99, "its number in the season"),
    FIELD_TEXT(BODY, "office", SURE, 10, NULL),
    FIELD_OBJECT(BODY, "venue", SURE, api_object_named, NULL),
    FIELD_TEXT(BODY, "title", SURE, 200, NULL),
    FIELD_TEXT(BODY, "own_title", NULLED, 200, "null: the seminar's"),
    FIELD_INT(BODY, "capacity", SURE, 1, 10000, NULL),
    FIELD_INT(BODY, "minimum", SURE, 0, 10000, NULL),
    FIELD_WORD(BODY, "status", SURE, api_words_run_status, NULL),
    FIELD_PLAIN(BODY, "published_at", INSTANT, NULLED, NULL),
    FIELD_PLAIN(BODY, "starts_local", LOCAL, NULLED, "of its first session"),
    FIELD_PLAIN(BODY, "ends_local", LOCAL, NULLED, "of its last session"),
    FIELD_PLAIN(BODY, "starts_at", INSTANT, NULLED, NULL),
    FIELD_PLAIN(BODY, "ends_at", INSTANT, NULLED, NULL),
    FIELD_INT(BODY, "session_count", SURE, 0, 1000, NULL),
    FIELD_OBJECT(BODY, "sessions", API_MANY, api_object_session,
	"of one run that is asked for"),
    FIELD_PLAIN(BODY, "changed_at", INSTANT, SURE, NULL),
    ITS_VERSION);

OBJECT(entry, "JournalEntry",
    FIELD_INT(BODY, "id", SURE, 1, INT64_MAX, NULL),
    FIELD_PLAIN(BODY, "at", INSTANT, SURE, NULL),
    FIELD_PLAIN(BODY, "at_local", LOCAL, SURE, "to the minute"),
    FIELD_TEXT(BODY, "transaction", SURE, 40,
	"what was changed in one go, and is undone in one go"),
    FIELD_ID(BODY, "person_id", NULLED, "null: the operator"),
    FIELD_TEXT(BODY, "person", NULLED, 200, "null: the operator, or to an auditor"),
    FIELD_TEXT(BODY, "why", SURE, 200, NULL),
    FIELD_TEXT(BODY, "action", SURE, 40, "insert, update or delete"),
    FIELD_TEXT(BODY, "object", SURE, 40, NULL),
    FIELD_TEXT(BODY, "object_id", SURE, 100, NULL),
    FIELD_TEXT(BODY, "office", NULLED, 10, NULL),
    FIELD_PLAIN(BODY, "before", ANY, NULLED, NULL),
    FIELD_PLAIN(BODY, "after", ANY, NULLED, NULL));

OBJECT(undone, "Undone",
    FIELD_INT(BODY, "undone", SURE | API_MANY, 1, INT64_MAX,
	"rows of the journal that were taken back"),
    FIELD_OBJECT(BODY, "items", SURE | API_MANY, api_object_entry,
	"and what was written for it"));

OBJECT(me, "Me",
    FIELD_ID(BODY, "person_id", SURE, NULL),
    FIELD_TEXT(BODY, "name", SURE, 200, NULL),
    FIELD_TEXT(BODY, "mail", NULLED, 254, NULL),
    FIELD_TEXT(BODY, "role", SURE, 40, "that this session or token has"),
    FIELD_TEXT(BODY, "office", NULLED, 10, NULL),
    FIELD_TEXT(BODY, "municipality", NULLED, 4,
        "of a secretary or a member of its council"),
    FIELD_ID(BODY, "sign_in_id", NULLED, "null: by an API token"),
    FIELD_PLAIN(BODY, "ends_at", INSTANT, NULLED, "unless used again"),
    FIELD_PLAIN(BODY, "confirmed_until", INSTANT, NULLED,
        "until then accounts may be changed; see /sign-in/again"),
    FIELD_INT(BODY, "recovery_codes", NULLED, 0, 10, "that are left"),
    FIELD_ID(BODY, "api_token_id", NULLED, NULL));

OBJECT(signed_in, "SignedIn",
    FIELD_TEXT(BODY, "token", SURE, 100, "for Authorization: Bearer"),
    FIELD_ID(BODY, "sign_in_id", SURE, NULL),
    FIELD_ID(BODY, "person_id", SURE, NULL),
    FIELD_TEXT(BODY, "name", SURE, 200, NULL),
    FIELD_TEXT(BODY, "role", SURE, 40, NULL),
    FIELD_TEXT(BODY, "office", NULLED, 10, NULL),
    FIELD_PLAIN(BODY, "ends_at", INSTANT, SURE, "unless used again"),
    FIELD_INT(BODY, "recovery_codes", SURE, 0, 10, "that are left"),
    FIELD_PLAIN(BODY, "signed_in", BOOL, SURE, NULL));

OBJECT(mail_link, "MailLink",
    FIELD_INT(BODY, "valid_min", SURE, 15, 15,
        "if the address is somebody's without an account"));

OBJECT(confirmed, "Confirmed",
    FIELD_PLAIN(BODY, "signed_in", BOOL, SURE, NULL),
    FIELD_PLAIN(BODY, "confirmed_until", INSTANT, SURE,
        "until then accounts may be changed"));

OBJECT(sign_in, "SignIn",
    FIELD_ID(BODY, "id", SURE, NULL),
    FIELD_TEXT(BODY, "client", NULLED, 100, "what it called itself"),
    FIELD_PLAIN(BODY, "created_at", INSTANT, SURE, NULL),
    FIELD_PLAIN(BODY, "created_local", LOCAL, SURE, NULL),
    FIELD_PLAIN(BODY, "last_seen_at", INSTANT, SURE, "to the minute"),
    FIELD_PLAIN(BODY, "last_seen_local", LOCAL, SURE, NULL),
    FIELD_PLAIN(BODY, "ends_at", INSTANT, SURE, "unless used again"),
    FIELD_PLAIN(BODY, "by_recovery", BOOL, SURE, "with a recovery code"),
    FIELD_PLAIN(BODY, "current", BOOL, SURE, "the one that asks"));

#define API_TOKEN_FIELDS \
    FIELD_ID(BODY, "id", SURE, NULL), \
    FIELD_TEXT(BODY, "name", SURE, 200, NULL), \
    FIELD_TEXT(BODY, "role", SURE, 40, NULL), \
    FIELD_TEXT(BODY, "office", NULLED, 10, NULL), \
    FIELD_PLAIN(BODY, "created_at", INSTANT, SURE, NULL), \
    FIELD_PLAIN(BODY, "expires_at", INSTANT, NULLED, NULL), \
    FIELD_PLAIN(BODY, "expires_local", LOCAL, NULLED, NULL), \
    FIELD_PLAIN(BODY, "expires_on", DATE, NULLED, "its last day"), \
    FIELD_PLAIN(BODY, "last_used_at", INSTANT, NULLED, "to the minute"), \
    FIELD_PLAIN(BODY, "last_used_local", LOCAL, NULLED, NULL), \
    ITS_VERSION

OBJECT(api_token, "ApiToken", API_TOKEN_FIELDS);

/* A kept answer, repeated, has not the token but its name in not_repeated. */
OBJECT(api_token_new, "ApiTokenNew", API_TOKEN_FIELDS,
    FIELD_TEXT(BODY, "token", 0, 100, "shown this once"),
    FIELD_TEXT(BODY, "not_repeated", API_MANY, 40, "shown before"));

OBJECT(own_secrets, "OwnSecrets",
    FIELD_PLAIN(BODY, "password_set_at", INSTANT, NULLED, NULL),
    FIELD_PLAIN(BODY, "password_set_local", LOCAL, NULLED, NULL),
    FIELD_INT(BODY, "recovery_codes", SURE, 0, 10, "that are left"));

OBJECT(own_account, "OwnAccount",
    FIELD_ID(BODY, "person_id", SURE, NULL),
    FIELD_TEXT(BODY, "name", SURE, 200, NULL),
    FIELD_TEXT(BODY, "mail", NULLED, 254, NULL),
    FIELD_TEXT(BODY, "role", SURE, 40, NULL),
    FIELD_TEXT(BODY, "office", NULLED, 10, NULL),
    FIELD_TEXT(BODY, "office_name", NULLED, 200, NULL),
    FIELD_TEXT(BODY, "municipality", NULLED, 4, NULL),
    FIELD_TEXT(BODY, "municipality_name", NULLED, 200, NULL),
    FIELD_OBJECT(BODY, "secrets", NULLED, api_object_own_secrets,
        "null: signs in by links"),
    FIELD_OBJECT(BODY, "sign_ins", SURE | API_MANY, api_object_sign_in,
        "that are good"),
    FIELD_OBJECT(BODY, "latest", SURE | API_MANY, api_object_sign_in,
        "the last ten, also those that have ended"),
    FIELD_OBJECT(BODY, "api_tokens", SURE | API_MANY, api_object_api_token,
        "that are good"));

#define ACCOUNT_FIELDS \
    FIELD_ID(BODY, "id", SURE, "the person's"), \
    FIELD_TEXT(BODY, "name", SURE, 200, NULL), \
    FIELD_TEXT(BODY, "mail", NULLED, 254, NULL), \
    FIELD_TEXT(BODY, "role", SURE, 40, NULL), \
    FIELD_TEXT(BODY, "office", NULLED, 10, NULL), \
    FIELD_WORD(BODY, "state", SURE, api_words_account_state, NULL), \
    FIELD_PLAIN(BODY, "confirmed_at", INSTANT, NULLED, NULL), \
    FIELD_PLAIN(BODY, "locked_at", INSTANT, NULLED, NULL), \
    FIELD_INT(BODY, "recovery_codes", SURE, 0, 10, "that are left"), \
    FIELD_PLAIN(BODY, "last_sign_in_at", INSTANT, NULLED, NULL), \
    ITS_VERSION

OBJECT(account, "Account", ACCOUNT_FIELDS,
    FIELD_OBJECT(BODY, "sign_ins", API_MANY, api_object_sign_in,
        "of one account that is asked for"),
    FIELD_OBJECT(BODY, "api_tokens", API_MANY, api_object_api_token,
        "of one account that is asked for"));

OBJECT(invited, "Invited", ACCOUNT_FIELDS,
    FIELD_PLAIN(BODY, "expires_at", INSTANT, SURE,
        "of the invitation, which goes by mail"));

OBJECT(totp, "Authenticator",
    FIELD_TEXT(BODY, "secret", SURE, 100, "base32, for typing"),
    FIELD_TEXT(BODY, "uri", SURE, 1000, "otpauth:, for a QR code"));

OBJECT(recovery, "RecoveryCodes",
    FIELD_TEXT(BODY, "recovery_codes", SURE | API_MANY, 40,
        "each works once, instead of a code"));

/* A kept answer, repeated, has not the codes but their name in not_repeated. */
OBJECT(recovery_new, "RecoveryCodesNew",
    FIELD_TEXT(BODY, "recovery_codes", API_MANY, 40,
        "each works once, instead of a code; shown this once"),
    FIELD_TEXT(BODY, "not_repeated", API_MANY, 40, "shown before"));

OBJECT(fault, "Fault",
    FIELD_TEXT(BODY, "in", 0, 10, "body, path or query"),
    FIELD_TEXT(BODY, "name", SURE, 1000, "setups/0/capacity"),
    FIELD_TEXT(BODY, "code", SURE, 40, NULL),
    FIELD_TEXT(BODY, "sentence", SURE, 10000, NULL));

/* Whose the last change was: of what is in the way, and of what is newer. */
#define WHOSE \
	FIELD_TEXT(BODY, "changed_by", API_NULL, 200, \
	    "the person; null: the operator, or not for you to know"), \
	FIELD_PLAIN(BODY, "changed_at", INSTANT, 0, NULL)

OBJECT(conflict, "Conflict",
    FIELD_ID(BODY, "booking_id", 0, NULL),
    FIELD_PLAIN(BODY, "busy", BOOL, 0, "another office's"),
    FIELD_TEXT(BODY, "title", 0, 400, NULL),
    FIELD_TEXT(BODY, "kind", API_NULL, 40, NULL),
    FIELD_TEXT(BODY, "room", 0, 200, NULL),
    FIELD_ID(BODY, "room_id", 0, NULL),
    FIELD_PLAIN(BODY, "from", LOCAL, 0, "with its set-up"),
    FIELD_PLAIN(BODY, "to", LOCAL, 0, "with its clearing"),
    FIELD_PLAIN(BODY, "from_at", INSTANT, 0, NULL),
    FIELD_PLAIN(BODY, "to_at", INSTANT, 0, NULL),
    FIELD_PLAIN(BODY, "date", DATE, 0, "another one of the same series"),
    FIELD_WORD(BODY, "setup", API_NULL, api_words_setup, NULL),
    MINUTES(0),
    WHOSE);

OBJECT(alternative, "Alternative",
    FIELD_TEXT(BODY, "reason", SURE, 40, "room, time, day or office"),
    FIELD_TEXT(BODY, "room", SURE, 200, NULL),
    FIELD_ID(BODY, "room_id", SURE, "one that is another, or free then"),
    FIELD_ID(BODY, "room_ids", SURE | API_MANY, "all that are to be asked for"),
    FIELD_TEXT(BODY, "venue", SURE, 200, NULL),
    FIELD_TEXT(BODY, "office", SURE, 10, NULL),
    START_AND_END,
    FIELD_INT(BODY, "sessions", API_MANY, 1, 1000,
	"the sessions of the run that it is for, where it is for several"),
    FIELD_WORD(BODY, "setup", NULLED, api_words_setup,
	"to be asked for; null: as it was"),
    FIELD_INT(BODY, "capacity", NULLED, 1, 100000,
	"of room_id; null: nobody has said"),
    FIELD_TEXT(BODY, "missing", SURE | API_MANY, 100,
	"equipment of the wished room, step-free or hearing-loop"),
    FIELD_PLAIN(BODY, "may_book", BOOL, SURE,
	"else it is another office's: ask there"));

OBJECT(later, "LaterChange",
    FIELD_INT(BODY, "journal_id", 0, 1, INT64_MAX, NULL),
    FIELD_TEXT(BODY, "object", SURE, 40, NULL),
    FIELD_TEXT(BODY, "object_id", SURE, 100, NULL),
    FIELD_TEXT(BODY, "action", 0, 40, "insert, update or delete"),
    FIELD_ID(BODY, "person_id", API_NULL, "null: the operator"),
    FIELD_TEXT(BODY, "person", API_NULL, 200,
	"null: the operator, or to an auditor"),
    FIELD_PLAIN(BODY, "at", INSTANT, 0, NULL),
    FIELD_PLAIN(BODY, "at_local", LOCAL, 0, "to the minute"),
    FIELD_TEXT(BODY, "why", 0, 200, NULL),
    FIELD_TEXT(BODY, "columns", API_NULL | API_MANY, 100, NULL));

OBJECT(problem, "Problem",
    FIELD_TEXT(BODY, "type", SURE, 500,
	"what kind of refusal; stable, and the address of a page about it"),
    FIELD_TEXT(BODY, "title", SURE, 500, NULL),
    FIELD_INT(BODY, "status", SURE, 400, 599, NULL),
    FIELD_TEXT(BODY, "detail", SURE, 10000, NULL),
    FIELD_TEXT(BODY, "instance", 0, 10000,
	"the path; left out when the request could not be read"),
    FIELD_TEXT(BODY, "message", 0, 10000,
	"what the database says, by Accept-Language"),
    FIELD_TEXT(BODY, "hint", 0, 10000,
	"what would be right, by Accept-Language"),
    FIELD_OBJECT(BODY, "fields", API_MANY, api_object_fault, NULL),
    FIELD_PLAIN(BODY, "conflicts", ANY, 0, "what is in the way"),
    FIELD_OBJECT(BODY, "items", API_MANY, api_object_series_day,
	"the dates of a series that cannot be had"),
    FIELD_OBJECT(BODY, "alternatives", API_MANY, api_object_alternative,
	"what would do, the best one first"),
    FIELD_OBJECT(BODY, "agenda", API_MANY, api_object_agenda,
	"items that run past the end of their session"),
    FIELD_PLAIN(BODY, "session", ANY, 0,
	"which a booking must cover: {run_no, no, starts_local, ends_local, "
	"starts_at, ends_at}"),
    FIELD_INT(BODY, "version", 0, 1, INT32_MAX, "the present one"),
    FIELD_INT(BODY, "expected", 0, 1, INT32_MAX, "If-Match's"),
    FIELD_PLAIN(BODY, "difference", ANY, 0,
	"what changed since: {name: {before, after}}"),
    WHOSE,
    FIELD_OBJECT(BODY, "later", API_MANY, api_object_later,
	"what was built since upon a change that is to be undone"),
    FIELD_PLAIN(BODY, "earliest", DATE, 0, "the first day that would do"),
    FIELD_PLAIN(BODY, "date", DATE, 0,
	"of a series, whose override is refused"),
    FIELD_PLAIN(BODY, "due", DATE, 0,
	"by when the kitchen would have wanted the number"),
    FIELD_ID(BODY, "booking_id", 0, "the booking that stands against it"),
    FIELD_INT(BODY, "head_count", 0, 1, 10000, "more than the room holds"),
    FIELD_INT(BODY, "capacity", 0, 1, 100000, "what it holds as it is set up"),
    FIELD_OBJECT(BODY, "setups", API_MANY, api_object_setup,
	"of the room, in which it would do"),
    FIELD_TEXT(BODY, "rule", 0, 100, "of the database, that stands against it"),
    FIELD_TEXT(BODY, "reason", 0, 2000,
	"in English: where a body is malformed, what a request does wrong"),
    FIELD_TEXT(BODY, "header", 0, 100, "the field that is malformed"),
    FIELD_TEXT(BODY, "form", 0, 200, "what it should be"),
    FIELD_INT(BODY, "limit_bytes", 0, 1, INT64_MAX, "what may be sent"),
    FIELD_INT(BODY, "limit_fields", 0, 1, INT64_MAX, "as many in a head"),
    FIELD_INT(BODY, "retry_after", 0, 1, 86400, "seconds"));
