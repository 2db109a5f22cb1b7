/*
 * routes_bookings.c - bookings of rooms, series, block-outs, closing days.
 */
#include "api/table.h"

/* How a room is booked, said the same way everywhere. */
#define FIELDS_HOW \
	FIELD_WORD(BODY, "setup", API_NULL, api_words_setup, \
	    "the room's default set-up when left out"), \
	FIELD_INT(BODY, "setup_min", 0, 0, 1440, "minutes before"), \
	FIELD_INT(BODY, "clear_min", 0, 0, 1440, "minutes after"), \
	FIELD_INT(BODY, "head_count", API_NULL, 1, 10000, NULL)

/* What it is, and what the kitchen is to know. */
#define FIELDS_WHAT \
	FIELD_NAME(BODY, "title", 0, 200, NULL), \
	FIELD_PROSE(BODY, "notes", API_NULL, NULL), \
	FIELD_INT(BODY, "catering_count", API_NULL, 0, 10000, NULL), \
	FIELD_INT(BODY, "catering_days", API_NULL, 0, 60, \
	    "working days before the start by which the count is due"), \
	FIELD_PLAIN(BODY, "catering_diets", COUNTS, API_NULL, \
	    "how many of each, never who")

static const char *const words_status[] = {
	"active", "held", "confirmed", "cancelled", "expired", "all", NULL
};

static const struct api_field bookings_list[] = {
	FIELD_OFFICE(QUERY, 0),
	FIELD_ID(QUERY, "venue_id", 0, NULL),
	FIELD_ID(QUERY, "room_id", 0, NULL),
	FIELD_ID(QUERY, "series_id", 0, NULL),
	FIELDS_DAYS,
	FIELD_WORD(QUERY, "status", 0, words_status,
	    "active: held or confirmed, when left out"),
	FIELD_TEXT(QUERY, "run_no", 0, 40, NULL),
	FIELD_WORD(QUERY, "kind", 0, api_words_kind, NULL),
	FIELD_TEXT(QUERY, "q", 0, 100, "part of the title"),
	FIELD_PLAIN(QUERY, "over_capacity", BOOL, 0,
	    "true: only those for more than their room holds"),
	FIELDS_PAGE,
	FIELDS_END
};

static const struct api_field booking_create[] = {
	FIELD_ID(BODY, "room_id", 0, "or room_ids"),
	FIELD_IDS(BODY, "room_ids", 0, API_ROOMS_MOST,
	    "several rooms: all or none"),
	FIELD_PLAIN(BODY, "starts_local", LOCAL, 0,
	    "the session's own when left out"),
	FIELD_PLAIN(BODY, "ends_local", LOCAL, 0, NULL),
	FIELD_WORD(BODY, "kind", 0, api_words_kind,
	    "internal, or with run_no session"),
	FIELD_TEXT(BODY, "run_no", 0, 40, "of the session"),
	FIELD_INT(BODY, "session_no", 0, 1, 1000, "1"),
	FIELD_PLAIN(BODY, "expires_local", LOCAL, 0,
	    "makes it a hold that ends then"),
	FIELDS_HOW,
	FIELDS_WHAT,
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field booking_get[] = {
	FIELD_ID(PATH, "booking_id", API_NEEDED, NULL),
	FIELDS_END
};

static const struct api_field booking_change[] = {
	FIELD_ID(PATH, "booking_id", API_NEEDED, NULL),
	FIELD_WORD(BODY, "kind", 0, api_words_kind, NULL),
	FIELD_PLAIN(BODY, "expires_local", LOCAL, 0, "of a hold"),
	FIELDS_HOW,
	FIELDS_WHAT,
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field booking_move[] = {
	FIELD_ID(PATH, "booking_id", API_NEEDED, NULL),
	FIELD_ID(BODY, "room_id", 0, NULL),
	FIELD_PLAIN(BODY, "starts_local", LOCAL, 0, NULL),
	FIELD_PLAIN(BODY, "ends_local", LOCAL, 0,
	    "as long as before when left out"),
	FIELD_WORD(BODY, "setup", API_NULL, api_words_setup, NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field booking_word[] = {
	FIELD_ID(PATH, "booking_id", API_NEEDED, NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const char *const words_freq[] = {
	"daily", "weekly", "monthly", NULL
};
static const char *const words_weekday[] = {
	"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL
};
static const char *const words_series_kind[] = {
	"internal", "let_out", NULL
};

static const struct api_field series_rule[] = {
	FIELD_ID(BODY, "room_id", API_NEEDED, NULL),
	FIELD_TEXT(BODY, "title", API_NEEDED, 200, NULL),
	FIELD_PLAIN(BODY, "starts", HOUR, API_NEEDED, NULL),
	FIELD_PLAIN(BODY, "ends", HOUR, API_NEEDED, NULL),
	FIELD_PLAIN(BODY, "from", DATE, API_NEEDED, "the first day"),
	FIELD_PLAIN(BODY, "until", DATE, API_NEEDED, "the last possible day"),
	FIELD_WORD(BODY, "freq", 0, words_freq,
	    "weekly; monthly: as the second Tuesday of each month"),
	FIELD_INT(BODY, "interval", 0, 1, 52, "1; 2: every second"),
	FIELD_WORD(BODY, "weekdays", API_MANY, words_weekday,
	    "that of the first day when left out"),
	FIELD_WORD(BODY, "kind", 0, words_series_kind, "internal"),
	FIELDS_HOW,
	FIELD_PROSE(BODY, "notes", API_NULL, NULL),
	FIELD_INT(BODY, "catering_count", API_NULL, 0, 10000, NULL),
	FIELD_INT(BODY, "catering_days", API_NULL, 0, 60, NULL),
	FIELD_PLAIN(BODY, "skip_holidays", BOOL, 0, "true"),
	FIELD_OBJECT(BODY, "overrides", API_MANY, api_object_override,
	    "dates that are to be otherwise"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field series_get[] = {
	FIELD_ID(PATH, "series_id", API_NEEDED, NULL),
	FIELDS_END
};

static const char *const words_exceptions[] = { "leave", "too", NULL };

static const struct api_field series_change[] = {
	FIELD_ID(PATH, "series_id", API_NEEDED, NULL),
	FIELD_PLAIN(BODY, "from", DATE, 0, "from this day on; today"),
	FIELD_ID(BODY, "room_id", 0, NULL),
	FIELD_PLAIN(BODY, "starts", HOUR, 0, NULL),
	FIELD_PLAIN(BODY, "ends", HOUR, 0, NULL),
	FIELD_NAME(BODY, "title", 0, 200, NULL),
	FIELDS_HOW,
	FIELD_PROSE(BODY, "notes", API_NULL, NULL),
	FIELD_INT(BODY, "catering_count", API_NULL, 0, 10000, NULL),
	FIELD_INT(BODY, "catering_days", API_NULL, 0, 60, NULL),
	FIELD_WORD(BODY, "exceptions", 0, words_exceptions,
	    "leave: what was changed by itself stays as it is; too: it follows"),
	FIELD_OBJECT(BODY, "overrides", API_MANY, api_object_override,
	    "dates that are to be otherwise; skip: as they are now"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field series_restore[] = {
	FIELD_ID(PATH, "series_id", API_NEEDED, NULL),
	FIELD_PLAIN(BODY, "from", DATE, 0, "from this day on; today"),
	FIELD_ID(BODY, "bookings", API_MANY,
	    "these; else all that were cancelled together"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field series_cancel[] = {
	FIELD_ID(PATH, "series_id", API_NEEDED, NULL),
	FIELD_PLAIN(BODY, "from", DATE, 0, "from this day on; today"),
	FIELD_WHY(BODY),
	FIELDS_END
};

#define FIELDS_WHERE \
	FIELD_ID(BODY, "room_id", 0, "or room_ids, or office"), \
	FIELD_IDS(BODY, "room_ids", 0, API_ROOMS_MOST, NULL), \
	FIELD_OFFICE(BODY, 0)
#define FIELDS_BLOCK \
	FIELD_TEXT(BODY, "title", API_NEEDED, 200, NULL), \
	FIELD_PROSE(BODY, "notes", API_NULL, NULL), \
	FIELD_PLAIN(BODY, "around", BOOL, 0, \
	    "only the free stretches; else a taken time refuses it")

static const struct api_field block_out_create[] = {
	FIELDS_WHERE,
	FIELD_PLAIN(BODY, "starts_local", LOCAL, API_NEEDED, NULL),
	FIELD_PLAIN(BODY, "ends_local", LOCAL, API_NEEDED, NULL),
	FIELDS_BLOCK,
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field closing_day_create[] = {
	FIELDS_WHERE,
	FIELD_PLAIN(BODY, "from", DATE, API_NEEDED, "the first day"),
	FIELD_PLAIN(BODY, "to", DATE, 0, "the last day; the first"),
	FIELDS_BLOCK,
	FIELD_WHY(BODY),
	FIELDS_END
};

enum { WRITES = API_IF_MATCH | API_KEYED | API_CONFLICT | API_VERSIONED };

const struct api_route api_routes_bookings[] = {
	{ "bookings_list", HTTP_GET, "/bookings", API_LIST, 200,
	    bookings_list, &api_object_booking,
	    "Bookings, by their start", NULL },
	{ "booking_create", HTTP_POST, "/bookings", API_KEYED | API_CONFLICT |
	    API_VERSIONED | API_OR_ITEMS | API_BODIED, 201, booking_create,
	    &api_object_booking,
	    "Books one room or several", NULL },
	{ "booking_get", HTTP_GET, "/bookings/{booking_id}", API_VERSIONED,
	    200, booking_get, &api_object_booking, "One booking", NULL },
	{ "booking_change", HTTP_PATCH, "/bookings/{booking_id}",
	    API_IF_MATCH | API_CONFLICT | API_VERSIONED, 200,
	    booking_change, &api_object_booking,
	    "Changes what is given of a booking", NULL },
	{ "booking_move", HTTP_POST, "/bookings/{booking_id}/move", WRITES,
	    200, booking_move, &api_object_booking,
	    "To another time or room", NULL },
	{ "booking_cancel", HTTP_POST, "/bookings/{booking_id}/cancel",
	    WRITES, 200, booking_word, &api_object_booking,
	    "Cancels a booking; its room is free", NULL },
	{ "booking_restore", HTTP_POST, "/bookings/{booking_id}/restore",
	    WRITES, 200, booking_word, &api_object_booking,
	    "Takes a cancellation back", NULL },
	{ "booking_confirm", HTTP_POST, "/bookings/{booking_id}/confirm",
	    WRITES, 200, booking_word, &api_object_booking,
	    "Makes a hold a booking", NULL },
	{ "series_preview", HTTP_POST, "/series/preview", API_KEYED, 200,
	    series_rule, &api_object_series_preview,
	    "What a series would be; writes nothing", NULL },
	{ "series_create", HTTP_POST, "/series", API_KEYED | API_CONFLICT |
	    API_VERSIONED, 201, series_rule, &api_object_series,
	    "Books a series: all of it, or nothing", NULL },
	{ "series_get", HTTP_GET, "/series/{series_id}", API_VERSIONED, 200,
	    series_get, &api_object_series, "One series", NULL },
	{ "series_change", HTTP_PATCH, "/series/{series_id}", API_IF_MATCH |
	    API_CONFLICT | API_VERSIONED, 200, series_change,
	    &api_object_series, "Changes what is given of a series", NULL },
	{ "series_cancel", HTTP_POST, "/series/{series_id}/cancel", WRITES,
	    200, series_cancel, &api_object_series,
	    "Cancels a series", NULL },
	{ "series_restore", HTTP_POST, "/series/{series_id}/restore", WRITES,
	    200, series_restore, &api_object_series,
	    "Takes the cancellation of a series back: all, or nothing", NULL },
	{ "block_out_create", HTTP_POST, "/block-outs", API_KEYED |
	    API_CONFLICT | API_VERSIONED, 201, block_out_create,
	    &api_object_blocked,
	    "Takes a room, or all of an office, out of use", NULL },
	{ "closing_day_create", HTTP_POST, "/closing-days", API_KEYED |
	    API_CONFLICT | API_VERSIONED, 201, closing_day_create,
	    &api_object_blocked,
	    "Closes for a day; deletes nothing", NULL },
	{ .name = NULL }
};
