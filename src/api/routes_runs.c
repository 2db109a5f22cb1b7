/*
 * routes_runs.c - runs of seminars, and their sessions.
 */
#include "api/table.h"

#define FIELD_RUN_NO \
	FIELD_TEXT(PATH, "run_no", API_NEEDED, 40, "such as KAT30-07")
#define FIELD_NO	FIELD_INT(PATH, "no", API_NEEDED, 1, 1000, NULL)

static const struct api_field seminars_list[] = {
	FIELD_TEXT(QUERY, "q", 0, 100, "part of its slug or title"),
	FIELDS_PAGE,
	FIELDS_END
};

static const struct api_field seminar_get[] = {
	FIELD_TEXT(PATH, "slug", API_NEEDED, 60, NULL),
	FIELDS_END
};

#define FIELDS_SEMINAR \
	FIELD_WORD(BODY, "kind", 0, api_words_seminar_kind, "course"), \
	FIELD_PROSE(BODY, "description", API_NULL, NULL), \
	FIELD_TEXT(BODY, "colour", 0, 30, "a CSS name; steelblue"), \
	FIELD_TEXT(BODY, "tags", API_MANY, 200, "all of them, no commas")

static const struct api_field seminar_create[] = {
	FIELD_TEXT(BODY, "slug", API_NEEDED, 60,
	    "lower-case letters and digits with single hyphens"),
	FIELD_TEXT(BODY, "title", API_NEEDED, 200, NULL),
	FIELDS_SEMINAR,
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field seminar_change[] = {
	FIELD_TEXT(PATH, "slug", API_NEEDED, 60, NULL),
	FIELD_TEXT(BODY, "title", 0, 200, NULL),
	FIELDS_SEMINAR,
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field runs_list[] = {
	FIELD_OFFICE(QUERY, 0),
	FIELD_ID(QUERY, "venue_id", 0, NULL),
	FIELD_TEXT(QUERY, "season", 0, 100, "its slug"),
	FIELD_TEXT(QUERY, "seminar", 0, 100, "its slug"),
	FIELD_WORD(QUERY, "status", 0, api_words_run_status, NULL),
	FIELDS_DAYS,
	FIELD_TEXT(QUERY, "q", 0, 100, "part of its number or title"),
	FIELDS_PAGE,
	FIELDS_END
};

static const struct api_field run_create[] = {
	FIELD_TEXT(BODY, "run_no", API_NEEDED, 40, NULL),
	FIELD_TEXT(BODY, "seminar", API_NEEDED, 100, "its slug"),
	FIELD_OFFICE(BODY, API_NEEDED),
	FIELD_ID(BODY, "venue_id", API_NULL, "the office's own house"),
	FIELD_TEXT(BODY, "season", API_NULL, 100, "its slug"),
	FIELD_INT(BODY, "period", API_NULL, 1, 99, "its number in the season"),
	FIELD_TEXT(BODY, "title", API_NULL, 200, "the seminar's when left out"),
	FIELD_INT(BODY, "capacity", 0, 1, 10000, "25"),
	FIELD_INT(BODY, "minimum", 0, 0, 10000, "0"),
	FIELD_WORD(BODY, "status", 0, api_words_run_status,
	    "draft, planned or open; draft"),
	FIELD_OBJECT(BODY, "sessions", API_MANY, api_object_session_wish, NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field run_get[] = { FIELD_RUN_NO, FIELDS_END };

static const struct api_field run_change[] = {
	FIELD_RUN_NO,
	FIELD_TEXT(BODY, "title", API_NULL, 200, "null: the seminar's"),
	FIELD_INT(BODY, "capacity", 0, 1, 10000, NULL),
	FIELD_INT(BODY, "minimum", 0, 0, 10000, NULL),
	FIELD_WORD(BODY, "status", 0, api_words_run_status, "but cancelled"),
	FIELD_OFFICE(BODY, 0),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field run_move[] = {
	FIELD_RUN_NO,
	FIELD_PLAIN(BODY, "starts_on", DATE, 0, "by whole days"),
	FIELD_ID(BODY, "venue_id", 0, NULL),
	FIELD_OBJECT(BODY, "rooms", API_MANY, api_object_session_room,
	    "other rooms, session by session"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field run_word[] = {
	FIELD_RUN_NO, FIELD_WHY(BODY), FIELDS_END
};

static const char *const session_states[] = {
	"active", "confirmed", "cancelled", "all", NULL
};

static const struct api_field sessions_list[] = {
	FIELD_OFFICE(QUERY, 0),
	FIELD_ID(QUERY, "venue_id", 0, NULL),
	FIELD_ID(QUERY, "room_id", 0, NULL),
	FIELD_ID(QUERY, "person_id", 0, "a teacher"),
	FIELD_TEXT(QUERY, "run_no", 0, 40, NULL),
	FIELD_WORD(QUERY, "status", 0, session_states,
	    "active: those that are held"),
	FIELDS_DAYS,
	FIELDS_PAGE,
	FIELDS_END
};

static const struct api_field session_create[] = {
	FIELD_RUN_NO,
	FIELD_PLAIN(BODY, "starts_local", LOCAL, API_NEEDED, NULL),
	FIELD_PLAIN(BODY, "ends_local", LOCAL, API_NEEDED, NULL),
	FIELD_TEXT(BODY, "title", API_NULL, 200, NULL),
	FIELD_ID(BODY, "venue_id", API_NULL, "the room's, or the run's"),
	FIELD_TEXT(BODY, "online_url", API_NULL, 500, NULL),
	FIELD_ID(BODY, "room_id", API_NULL, "books it too"),
	FIELD_WORD(BODY, "setup", API_NULL, api_words_setup, "of the room"),
	FIELD_INT(BODY, "head_count", API_NULL, 1, 10000, "in the room"),
	FIELD_OBJECT(BODY, "agenda", API_MANY, api_object_agenda, NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field session_get[] = {
	FIELD_RUN_NO, FIELD_NO, FIELDS_END
};

static const struct api_field session_change[] = {
	FIELD_RUN_NO,
	FIELD_NO,
	FIELD_TEXT(BODY, "title", API_NULL, 200, NULL),
	FIELD_TEXT(BODY, "online_url", API_NULL, 500, NULL),
	FIELD_OBJECT(BODY, "agenda", API_MANY, api_object_agenda,
	    "the whole programme"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field session_move[] = {
	FIELD_RUN_NO,
	FIELD_NO,
	FIELD_PLAIN(BODY, "starts_local", LOCAL, 0, NULL),
	FIELD_PLAIN(BODY, "ends_local", LOCAL, 0, NULL),
	FIELD_ID(BODY, "venue_id", 0, NULL),
	FIELD_ID(BODY, "room_id", 0, NULL),
	FIELD_OBJECT(BODY, "agenda", API_MANY, api_object_agenda,
	    "the whole programme; else it goes along"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field session_word[] = {
	FIELD_RUN_NO, FIELD_NO, FIELD_WHY(BODY), FIELDS_END
};

static const char *const answers[] = {
	"asked", "accepted", "declined", NULL
};

static const struct api_field session_teacher_put[] = {
	FIELD_RUN_NO,
	FIELD_NO,
	FIELD_ID(PATH, "person_id", API_NEEDED, "a teacher"),
	FIELD_WORD(BODY, "status", API_NEEDED, answers, "how it stands"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field session_teacher_remove[] = {
	FIELD_RUN_NO,
	FIELD_NO,
	FIELD_ID(PATH, "person_id", API_NEEDED, "a teacher"),
	FIELD_WHY(QUERY),
	FIELDS_END
};

enum { WRITES = API_IF_MATCH | API_KEYED | API_CONFLICT | API_VERSIONED };

const struct api_route api_routes_runs[] = {
	{ "seminars_list", HTTP_GET, "/seminars", API_LIST, 200, seminars_list,
	    &api_object_seminar, "Seminars, by title", NULL },
	{ "seminar_get", HTTP_GET, "/seminars/{slug}", API_VERSIONED, 200,
	    seminar_get, &api_object_seminar, "One seminar", NULL },
	{ "seminar_create", HTTP_POST, "/seminars", API_KEYED | API_CONFLICT |
	    API_VERSIONED, 201, seminar_create, &api_object_seminar,
	    "A new seminar", NULL },
	{ "seminar_change", HTTP_PATCH, "/seminars/{slug}", API_IF_MATCH |
	    API_CONFLICT | API_VERSIONED, 200, seminar_change,
	    &api_object_seminar, "Changes what is given of a seminar", NULL },
	{ "runs_list", HTTP_GET, "/runs", API_LIST, 200, runs_list,
	    &api_object_run, "Runs, by their start", NULL },
	{ "run_create", HTTP_POST, "/runs", API_KEYED | API_CONFLICT |
	    API_VERSIONED, 201, run_create, &api_object_run,
	    "A new run", NULL },
	{ "run_get", HTTP_GET, "/runs/{run_no}", API_VERSIONED, 200, run_get,
	    &api_object_run, "One run with its sessions", NULL },
	{ "run_change", HTTP_PATCH, "/runs/{run_no}", API_IF_MATCH |
	    API_CONFLICT | API_VERSIONED, 200, run_change, &api_object_run,
	    "Changes what is given of a run", NULL },
	{ "run_move", HTTP_POST, "/runs/{run_no}/move", WRITES, 200, run_move,
	    &api_object_run, "To another day, venue or other rooms", NULL },
	{ "run_cancel", HTTP_POST, "/runs/{run_no}/cancel", WRITES, 200,
	    run_word, &api_object_run, "Calls a run off", NULL },
	{ "run_restore", HTTP_POST, "/runs/{run_no}/restore", WRITES, 200,
	    run_word, &api_object_run, "The run is held after all", NULL },
	{ "sessions_list", HTTP_GET, "/sessions", API_LIST, 200,
	    sessions_list, &api_object_session,
	    "Sessions, by their start", NULL },
	{ "session_create", HTTP_POST, "/runs/{run_no}/sessions", API_KEYED |
	    API_CONFLICT | API_VERSIONED, 201, session_create,
	    &api_object_session, "One more session of a run", NULL },
	{ "session_get", HTTP_GET, "/runs/{run_no}/sessions/{no}",
	    API_VERSIONED, 200, session_get, &api_object_session,
	    "One session", NULL },
	{ "session_change", HTTP_PATCH, "/runs/{run_no}/sessions/{no}",
	    API_IF_MATCH | API_CONFLICT | API_VERSIONED, 200,
	    session_change, &api_object_session,
	    "Changes what is given of a session", NULL },
	{ "session_move", HTTP_POST, "/runs/{run_no}/sessions/{no}/move",
	    WRITES, 200, session_move, &api_object_session,
	    "To another time, venue or room", NULL },
	{ "session_cancel", HTTP_POST, "/runs/{run_no}/sessions/{no}/cancel",
	    WRITES, 200, session_word, &api_object_session,
	    "Cancels a session", NULL },
	{ "session_restore", HTTP_POST,
	    "/runs/{run_no}/sessions/{no}/restore", WRITES, 200,
	    session_word, &api_object_session,
	    "The session is held after all", NULL },
	{ "session_teachers_list", HTTP_GET,
	    "/runs/{run_no}/sessions/{no}/teachers", API_LIST, 200,
	    session_get, &api_object_teacher,
	    "Who was asked to teach a session, and how it stands", NULL },
	{ "session_teacher_put", HTTP_PUT,
	    "/runs/{run_no}/sessions/{no}/teachers/{person_id}",
	    API_IF_MATCH | API_CONFLICT | API_VERSIONED, 200,
	    session_teacher_put, &api_object_session,
	    "Asks a teacher, or notes the answer", NULL },
	{ "session_teacher_remove", HTTP_DELETE,
	    "/runs/{run_no}/sessions/{no}/teachers/{person_id}",
	    API_IF_MATCH | API_CONFLICT | API_VERSIONED, 200,
	    session_teacher_remove, &api_object_session,
	    "This teacher is no more of the session", NULL },
	{ .name = NULL }
};
