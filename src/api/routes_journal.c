/*
 * routes_journal.c - who changed what, when and why; and taking it back.
 */
#include "api/table.h"

static const struct api_field journal_list[] = {
	FIELD_TEXT(QUERY, "object", 0, 40, "booking, room, run, ..."),
	FIELD_TEXT(QUERY, "object_id", 0, 40, "with object"),
	FIELD_ID(QUERY, "person", 0, "who changed it"),
	FIELD_OFFICE(QUERY, 0),
	FIELD_ID(QUERY, "room_id", 0,
	    "of the room, and of what is or was booked there"),
	FIELD_PLAIN(QUERY, "week", WEEK, 0, "this week, Monday first"),
	FIELD_PLAIN(QUERY, "from", MOMENT, 0, "a day or a local time"),
	FIELD_PLAIN(QUERY, "to", MOMENT, 0, "the last day, or minute"),
	FIELDS_PAGE,
	FIELDS_END
};

static const struct api_field journal_undo[] = {
	FIELD_INT(PATH, "journal_id", API_NEEDED, 1, INT64_MAX, NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

const struct api_route api_routes_journal[] = {
	{ "journal_list", HTTP_GET, "/journal", API_LIST, 200, journal_list,
	    &api_object_entry, "The journal, the latest first", NULL },
	{ "journal_undo", HTTP_POST, "/journal/{journal_id}/undo", API_KEYED |
	    API_CONFLICT, 200, journal_undo, &api_object_undone,
	    "Takes a change back while nothing stands in the way", NULL },
	{ .name = NULL }
};
