/*
 * routes_places.c - offices, venues and rooms.
 */
#include "api/table.h"

#define FIELD_CODE	FIELD_TEXT(PATH, "code", API_NEEDED, 10, "such as AAR")
#define MAILBOX \
	FIELD_TEXT(BODY, "mail", API_NULL, 200, \
	    "where the warnings of its holds go; no person's")

static const struct api_field office_get[] = { FIELD_CODE, FIELDS_END };

static const struct api_field office_create[] = {
	FIELD_TEXT(BODY, "code", API_NEEDED, 8, "two to eight capital letters"),
	FIELD_TEXT(BODY, "name", API_NEEDED, 200, NULL),
	FIELD_TEXT(BODY, "street", API_NULL, 200, NULL),
	FIELD_TEXT(BODY, "postcode", API_NULL, 4, NULL),
	FIELD_TEXT(BODY, "town", API_NEEDED, 200, NULL),
	FIELD_NUMBER(BODY, "lat", API_NULL, -90, 90, "with lon"),
	FIELD_NUMBER(BODY, "lon", API_NULL, -180, 180, "with lat"),
	MAILBOX,
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field office_change[] = {
	FIELD_CODE,
	FIELD_TEXT(BODY, "name", 0, 200, NULL),
	FIELD_TEXT(BODY, "street", API_NULL, 200, NULL),
	FIELD_TEXT(BODY, "postcode", API_NULL, 4, NULL),
	FIELD_TEXT(BODY, "town", 0, 200, NULL),
	FIELD_NUMBER(BODY, "lat", API_NULL, -90, 90, NULL),
	FIELD_NUMBER(BODY, "lon", API_NULL, -180, 180, NULL),
	MAILBOX,
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field venues_list[] = {
	FIELD_OFFICE(QUERY, 0),
	FIELD_TEXT(QUERY, "q", 0, 100, "part of its name or town"),
	FIELDS_PAGE,
	FIELDS_END
};

static const struct api_field venue_create[] = {
	FIELD_OFFICE(BODY, API_NEEDED),
	FIELD_TEXT(BODY, "name", API_NEEDED, 200, NULL),
	FIELD_TEXT(BODY, "street", API_NULL, 200, NULL),
	FIELD_TEXT(BODY, "postcode", API_NULL, 4, NULL),
	FIELD_TEXT(BODY, "town", API_NEEDED, 200, NULL),
	FIELD_NUMBER(BODY, "lat", API_NULL, -90, 90, "with lon"),
	FIELD_NUMBER(BODY, "lon", API_NULL, -180, 180, "with lat"),
	FIELD_PLAIN(BODY, "own", BOOL, 0, "the office's own house"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field venue_get[] = {
	FIELD_ID(PATH, "venue_id", API_NEEDED, NULL),
	FIELDS_END
};

static const struct api_field venue_change[] = {
	FIELD_ID(PATH, "venue_id", API_NEEDED, NULL),
	FIELD_TEXT(BODY, "name", 0, 200, NULL),
	FIELD_TEXT(BODY, "street", API_NULL, 200, NULL),
	FIELD_TEXT(BODY, "postcode", API_NULL, 4, NULL),
	FIELD_TEXT(BODY, "town", 0, 200, NULL),
	FIELD_NUMBER(BODY, "lat", API_NULL, -90, 90, NULL),
	FIELD_NUMBER(BODY, "lon", API_NULL, -180, 180, NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field rooms_list[] = {
	FIELD_OFFICE(QUERY, 0),
	FIELD_ID(QUERY, "venue_id", 0, NULL),
	FIELD_TEXT(QUERY, "q", 0, 100, "part of its name"),
	FIELDS_PAGE,
	FIELDS_END
};

static const struct api_field rooms_free[] = {
	FIELD_PLAIN(QUERY, "starts_local", LOCAL, API_NEEDED, NULL),
	FIELD_PLAIN(QUERY, "ends_local", LOCAL, API_NEEDED, NULL),
	FIELD_OFFICE(QUERY, 0),
	FIELD_INT(QUERY, "head_count", 0, 1, 10000, "seats that are needed"),
	FIELD_WORD(QUERY, "setup", 0, api_words_setup, NULL),
	FIELD_INT(QUERY, "setup_min", 0, 0, 1440,
	    "minutes before; the room's own for the set-up"),
	FIELD_INT(QUERY, "clear_min", 0, 0, 1440, "minutes after"),
	FIELD_TEXT(QUERY, "equipment", API_MANY, 40, "all of them are there"),
	FIELD_PLAIN(QUERY, "step_free", BOOL, 0, NULL),
	FIELD_PLAIN(QUERY, "hearing_loop", BOOL, 0, NULL),
	FIELD_INT(QUERY, "limit", 0, 1, 200, NULL),
	FIELDS_END
};

static const struct api_field room_create[] = {
	FIELD_ID(BODY, "venue_id", API_NEEDED, NULL),
	FIELD_TEXT(BODY, "name", API_NEEDED, 200, NULL),
	FIELD_ID(BODY, "halves", API_MANY,
	    "ids of the rooms that a combined one is made of"),
	FIELD_PLAIN(BODY, "step_free", BOOL, 0, NULL),
	FIELD_PLAIN(BODY, "hearing_loop", BOOL, 0, NULL),
	FIELD_TEXT(BODY, "equipment", API_MANY, 40, NULL),
	FIELD_OBJECT(BODY, "setups", API_MANY, api_object_setup_wish, NULL),
	FIELD_WORD(BODY, "default_setup", API_NULL, api_words_setup, NULL),
	FIELD_INT(BODY, "setup_min", 0, 0, 1440, "without a set-up"),
	FIELD_INT(BODY, "clear_min", 0, 0, 1440, "without a set-up"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field room_get[] = {
	FIELD_ID(PATH, "room_id", API_NEEDED, NULL),
	FIELDS_END
};

static const struct api_field room_change[] = {
	FIELD_ID(PATH, "room_id", API_NEEDED, NULL),
	FIELD_TEXT(BODY, "name", 0, 200, NULL),
	FIELD_ID(BODY, "halves", API_MANY, "none: it is a room by itself"),
	FIELD_PLAIN(BODY, "step_free", BOOL, 0, NULL),
	FIELD_PLAIN(BODY, "hearing_loop", BOOL, 0, NULL),
	FIELD_TEXT(BODY, "equipment", API_MANY, 40, NULL),
	FIELD_WORD(BODY, "default_setup", API_NULL, api_words_setup, NULL),
	FIELD_INT(BODY, "setup_min", 0, 0, 1440, NULL),
	FIELD_INT(BODY, "clear_min", 0, 0, 1440, NULL),
	FIELD_PLAIN(BODY, "retired", BOOL, 0, "it can be booked no longer"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field room_setup_put[] = {
	FIELD_ID(PATH, "room_id", API_NEEDED, NULL),
	FIELD_WORD(PATH, "setup", API_NEEDED, api_words_setup, NULL),
	FIELD_INT(BODY, "capacity", API_NEEDED, 1, 10000, NULL),
	FIELD_INT(BODY, "setup_min", 0, 0, 1440, NULL),
	FIELD_INT(BODY, "clear_min", 0, 0, 1440, NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field room_setup_remove[] = {
	FIELD_ID(PATH, "room_id", API_NEEDED, NULL),
	FIELD_WORD(PATH, "setup", API_NEEDED, api_words_setup, NULL),
	FIELD_WHY(QUERY),
	FIELDS_END
};

static const struct api_field room_week[] = {
	FIELD_ID(PATH, "room_id", API_NEEDED, NULL),
	FIELD_PLAIN(QUERY, "week", WEEK, 0, "this one when left out"),
	FIELDS_END
};

const struct api_route api_routes_places[] = {
	{ "offices_list", HTTP_GET, "/offices", API_LIST, 200, NULL,
	    &api_object_office, "The offices", NULL },
	{ "office_get", HTTP_GET, "/offices/{code}", API_VERSIONED, 200,
	    office_get, &api_object_office, "One office", NULL },
	{ "office_create", HTTP_POST, "/offices", API_KEYED | API_CONFLICT |
	    API_VERSIONED, 201, office_create, &api_object_office,
	    "A new office", NULL },
	{ "office_change", HTTP_PATCH, "/offices/{code}", API_IF_MATCH |
	    API_CONFLICT | API_VERSIONED, 200, office_change,
	    &api_object_office, "Changes what is given of an office", NULL },
	{ "venues_list", HTTP_GET, "/venues", API_LIST, 200, venues_list,
	    &api_object_venue, "Venues, by name", NULL },
	{ "venue_create", HTTP_POST, "/venues", API_KEYED | API_CONFLICT |
	    API_VERSIONED, 201, venue_create, &api_object_venue,
	    "A new venue", NULL },
	{ "venue_get", HTTP_GET, "/venues/{venue_id}", API_VERSIONED, 200,
	    venue_get, &api_object_venue, "One venue", NULL },
	{ "venue_change", HTTP_PATCH, "/venues/{venue_id}", API_IF_MATCH |
	    API_CONFLICT | API_VERSIONED, 200, venue_change,
	    &api_object_venue, "Changes what is given of a venue", NULL },
	{ "rooms_list", HTTP_GET, "/rooms", API_LIST, 200, rooms_list,
	    &api_object_room, "Rooms, by venue and name", NULL },
	{ "rooms_free", HTTP_GET, "/rooms/free", API_LIST, 200, rooms_free,
	    &api_object_free_room, "Free rooms, the best one first", NULL },
	{ "room_create", HTTP_POST, "/rooms", API_KEYED | API_CONFLICT |
	    API_VERSIONED, 201, room_create, &api_object_room,
	    "A new room", NULL },
	{ "room_get", HTTP_GET, "/rooms/{room_id}", API_VERSIONED, 200,
	    room_get, &api_object_room, "One room", NULL },
	{ "room_change", HTTP_PATCH, "/rooms/{room_id}", API_IF_MATCH |
	    API_CONFLICT | API_VERSIONED, 200, room_change,
	    &api_object_room, "Changes what is given of a room", NULL },
	{ "room_setup_put", HTTP_PUT, "/rooms/{room_id}/setups/{setup}",
	    API_IF_MATCH | API_CONFLICT | API_VERSIONED, 200,
	    room_setup_put, &api_object_room,
	    "How many the room seats in a set-up", NULL },
	{ "room_setup_remove", HTTP_DELETE, "/rooms/{room_id}/setups/{setup}",
	    API_IF_MATCH | API_CONFLICT | API_VERSIONED, 200,
	    room_setup_remove, &api_object_room,
	    "The room has this set-up no longer", NULL },
	{ "room_week", HTTP_GET, "/rooms/{room_id}/week", 0, 200, room_week,
	    &api_object_room_week, "What takes a room in a week", NULL },
	{ .name = NULL }
};
