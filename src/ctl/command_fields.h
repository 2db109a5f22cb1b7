/*
 * command_fields.h - how the table of command.c is written: arguments and options,
 * and those that several commands share.
 *
 * Inside command.c only.
 */
#ifndef KG_CTL_COMMAND_FIELDS_H
#define KG_CTL_COMMAND_FIELDS_H

#include "ctl/command.h"

#define FIELDS(...)	(const struct field[]){ __VA_ARGS__, \
	{ NULL, FIELD_FLAG, NULL, false, NULL, NULL } }
#define NONE		NULL
#define PARAMS(...)	(const char *const[]){ __VA_ARGS__, NULL }

#define NEED(name, type, shown, help)	{ name, type, shown, true, NULL, help }
#define MAY(name, type, shown, help)	{ name, type, shown, false, NULL, help }
#define FLAG(name, help)	{ name, FIELD_FLAG, NULL, false, NULL, help }
#define WORD(name, words, help)	{ name, FIELD_WORD, NULL, false, words, help }
#define WORD_NEED(name, words, help)	\
	{ name, FIELD_WORD, NULL, true, words, help }

#define RUN	NEED("run", FIELD_TEXT, "RUN", "number of the run, as KAT27-03")
#define SLUG	NEED("slug", FIELD_TEXT, "SLUG", "short name of the seminar, " \
	"as kattegat-kommune")
#define SEMINAR_OPTIONS	WORD("kind", "course|theme_day|education|conference|" \
	"network|annual_meeting|24h_seminar|advisory|webinar", "what kind; " \
	"course when nobody says"), \
	MAY("description", FIELD_TEXT, "TEXT", "what it is about"), \
	MAY("colour", FIELD_TEXT, "NAME", "a CSS name, as steelblue")
#define NO	NEED("no", FIELD_INT, "NO", "number of the session in its run")
#define OFFICE	MAY("office", FIELD_TEXT, "CODE", "only of this office, as AAR")
#define FROM	MAY("from", FIELD_DATE, "DATE", "only what ends on this day or " \
	"later")
#define TO	MAY("to", FIELD_DATE, "DATE", "only what begins on this day or " \
	"earlier")
#define EXPECT	MAY("expect", FIELD_INT, "VERSION", "refuse when the version " \
	"is another by now")
#define FOLDER(what)	MAY("from", FIELD_TEXT, "DIR", "folder with " what)

#define STAFF_ROLES	"coordinator|planner|admin|auditor"
#define ROLES	"teacher|councillor|secretary|" STAFF_ROLES
#define SETUPS	"theatre|classroom|horseshoe|islands|circle"

#define PERSON	NEED("person", FIELD_INT, "PERSON", "id of the person")
#define ROOM	NEED("room", FIELD_INT, "ROOM", "id of the room")
#define ROOMS_NEED	NEED("rooms", FIELD_IDS, "ROOM,ROOM", "ids of rooms")
#define ROOMS_MAY	MAY("rooms", FIELD_IDS, "ROOM,ROOM", "ids of rooms; " \
	"else --office")
#define BOOKING	NEED("booking", FIELD_INT, "ID", "id of the booking")
#define SERIES	NEED("series", FIELD_INT, "ID", "id of the series")
#define NOTES	MAY("notes", FIELD_TEXT, "TEXT", "what the office should know")
#define BASE_URL	MAY("base-url", FIELD_TEXT, "URL", "how the server is " \
	"reached; else the configuration's base_url")
#define SETUP_AND_HEADS	WORD("setup", SETUPS, "how the room is set up"), \
	MAY("heads", FIELD_COUNT, "COUNT", "how many people come")
#define MINUTES	MAY("setup-min", FIELD_INT, "MINUTES", "to set up; else as " \
	"the set-up says"), \
	MAY("clear-min", FIELD_INT, "MINUTES", "to clear; else as the set-up " \
	"says")
#define SEATS	MAY("capacity", FIELD_INT, "COUNT", "how many may come"), \
	MAY("minimum", FIELD_INT, "COUNT", "how many must come")
#define ONLINE	MAY("online", FIELD_TEXT, "URL", "where it is joined online")
#define CATERING	MAY("catering", FIELD_INT, "COUNT", "for how many " \
	"food is ordered"), \
	MAY("catering-days", FIELD_INT, "DAYS", "working days before, by " \
	"which it must be ordered"), \
	MAY("diets", FIELD_COUNTS, "DIET:COUNT", "as vegetarian:3,vegan:1")
#define CATERING_PARAMS	"catering_count=catering", \
	"catering_days=catering-days", "catering_diets=diets"
#define BLOCK_OPTIONS	MAY("office", FIELD_TEXT, "CODE", "all rooms there, " \
	"instead of naming rooms"), \
	NEED("title", FIELD_TEXT, "TEXT", "why; others than " \
	"the office's see \"optaget\""), NOTES, \
	FLAG("around", "take only what is free, and list the rest")
#define SERIES_OPTIONS	NEED("title", FIELD_TEXT, "TEXT", "what for"), \
	NEED("starts", FIELD_HOUR, "HH:MM", "from when on each day"), \
	NEED("ends", FIELD_HOUR, "HH:MM", "until when"), \
	NEED("from", FIELD_DATE, "DATE", "the first day"), \
	NEED("until", FIELD_DATE, "DATE", "no day after this one"), \
	WORD("freq", "daily|weekly|monthly", "weekly when not given; monthly " \
	"is the same weekday of the month, as the second Tuesday"), \
	MAY("interval", FIELD_COUNT, "N", "every n-th day, week or month"), \
	MAY("weekdays", FIELD_WORDS, "DAY,DAY", "mon, tue, wed, thu, fri, " \
	"sat, sun; else that of the first day"), \
	WORD("kind", "internal|let_out", "what kind; internal when not " \
	"given"), SETUP_AND_HEADS, MINUTES, NOTES, \
	MAY("catering", FIELD_INT, "COUNT", "for how many food is ordered"), \
	MAY("catering-days", FIELD_INT, "DAYS", "working days before, by " \
	"which it must be ordered"), \
	FLAG("on-holidays", "on holidays too; they are left out else"), \
	MAY("skip", FIELD_DATES, "DATE,DATE", "without these"), \
	MAY("keep", FIELD_DATES, "DATE,DATE", "these, though they are " \
	"holidays"), \
	MAY("in-room", FIELD_ROOMS, "DATE:ROOM", "on these dates in another " \
	"room; with commas between several")
#define SERIES_PARAMS	"room_id=room", "title", "starts", "ends", "from", \
	"until", "freq", "interval", "weekdays", "kind", "setup", \
	"head_count=heads", "setup_min=setup-min", "clear_min=clear-min", \
	"notes", "catering_count=catering", "catering_days=catering-days", \
	"!skip_holidays=on-holidays"

#endif
