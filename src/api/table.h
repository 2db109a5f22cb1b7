/*
 * table.h - shorthand for the tables of routes and objects.
 *
 * Only routes_TOPIC.c and objects.c include it. A row says where a field stands, its
 * name, its flags, its bounds, and what it is for.
 */
#ifndef KG_API_TABLE_H
#define KG_API_TABLE_H

#include "api/route.h"

#define FIELDS_END \
	{ NULL, API_BODY, API_TEXT, 0, 0, 0, NULL, NULL, NULL, 0 }

/* In requests. */
#define FIELD_TEXT(where, name, flags, most, summary) \
	{ name, API_##where, API_TEXT, flags, 0, most, NULL, NULL, summary, 0 }
#define FIELD_PROSE(where, name, flags, summary) \
	{ name, API_##where, API_PROSE, flags, 0, 10000, NULL, NULL, summary, 0 }
#define FIELD_SECRET(where, name, flags, most, summary) \
	{ name, API_##where, API_SECRET, flags, 1, most, NULL, NULL, summary, 0 }
#define FIELD_INT(where, name, flags, least, most, summary) \
	{ name, API_##where, API_INT, flags, least, most, NULL, NULL, summary, 0 }
#define FIELD_ID(where, name, flags, summary) \
	{ name, API_##where, API_INT, flags, 1, INT32_MAX, NULL, NULL, summary, 0 }
#define FIELD_IDS(where, name, flags, many_most, summary) \
	{ name, API_##where, API_INT, API_MANY | (flags), 1, INT32_MAX, NULL, \
	NULL, summary, many_most }
/* A text that is never empty, whether it must be there or not. */
#define FIELD_NAME(where, name, flags, most, summary) \
	{ name, API_##where, API_TEXT, flags, 1, most, NULL, NULL, summary, 0 }
#define FIELD_NUMBER(where, name, flags, least, most, summary) \
	{ name, API_##where, API_NUMBER, flags, least, most, NULL, NULL, summary, 0 }
#define FIELD_WORD(where, name, flags, words, summary) \
	{ name, API_##where, API_WORD, flags, 0, 0, words, NULL, summary, 0 }
#define FIELD_OBJECT(where, name, flags, of, summary) \
	{ name, API_##where, API_OBJECT, flags, 0, 0, NULL, &(of), summary, 0 }
/* BOOL, DATE, HOUR, LOCAL, INSTANT, WEEK, COUNTS, ANY */
#define FIELD_PLAIN(where, name, type, flags, summary) \
	{ name, API_##where, API_##type, flags, 0, 0, NULL, NULL, summary, 0 }

/* What several routes take. */
#define FIELDS_PAGE \
	FIELD_INT(QUERY, "limit", 0, 1, 200, "items in a page; 50"), \
	FIELD_TEXT(QUERY, "cursor", 0, 500, "`next` of the page before")
#define FIELDS_DAYS \
	FIELD_PLAIN(QUERY, "week", WEEK, 0, "this week, Monday first"), \
	FIELD_PLAIN(QUERY, "from", DATE, 0, "the first day"), \
	FIELD_PLAIN(QUERY, "to", DATE, 0, "the last day")
#define FIELD_OFFICE(where, flags) \
	FIELD_TEXT(where, "office", flags, 10, "its code, such as AAR")
#define FIELD_WHY(where) \
	FIELD_TEXT(where, "why", 0, 200, "for the journal")

extern const char *const api_words_setup[], *const api_words_kind[],
    *const api_words_booking_status[], *const api_words_role[],
    *const api_words_run_status[], *const api_words_seminar_kind[],
    *const api_words_account_state[];

extern const struct api_object api_object_office, api_object_venue,
    api_object_seminar,
    api_object_room, api_object_setup, api_object_setup_wish,
    api_object_free_room, api_object_room_week, api_object_booking,
    api_object_series, api_object_series_preview,
    api_object_series_exception, api_object_override, api_object_series_day,
    api_object_blocked, api_object_run, api_object_session,
    api_object_session_wish, api_object_session_room, api_object_agenda,
    api_object_teacher, api_object_session_booking, api_object_entry,
    api_object_undone, api_object_later,
    api_object_me, api_object_own_account, api_object_signed_in,
    api_object_confirmed,
    api_object_mail_link, api_object_sign_in,
    api_object_account, api_object_invited, api_object_totp,
    api_object_recovery, api_object_recovery_new, api_object_api_token,
    api_object_api_token_new,
    api_object_problem, api_object_fault, api_object_conflict,
    api_object_alternative, api_object_named, api_object_session_ref,
    api_object_catering, api_object_holiday;

#endif
