#include "ctl/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/when.h"
#include "json/value.h"

enum {
	TEXT_BYTES_MOST = 10000,
	SETUPS_MOST = 5, SETUP_PARTS = 4,
	LIST_MOST = 200,		/* as many dates as a series may have */
	WORD_LETTERS_MOST = 40,
};

/* Each gives the text for SQL, or NULL when it is not what it must be. */
static char *
convert_text(const struct field *field, const char *text)
{
	(void)field;
	return strlen(text) <= TEXT_BYTES_MOST ? xstrdup(text) : NULL;
}

static char *
convert_int(const struct field *field, const char *text)
{
	int64_t value;

	(void)field;
	return text_int(&value, text, 0, INT32_MAX) == 0 ? xstrdup(text) : NULL;
}

static char *
convert_count(const struct field *field, const char *text)
{
	int64_t value;

	(void)field;
	return text_int(&value, text, 1, INT32_MAX) == 0 ? xstrdup(text) : NULL;
}

static char *
convert_degrees(const struct field *field, const char *text)
{
	const char *digits = text + (*text == '-');
	size_t whole = strspn(digits, "0123456789"), part = 0;

	(void)field;
	if (digits[whole] == '.')
		part = 1 + strspn(digits + whole + 1, "0123456789");
	return whole >= 1 && whole <= 3 && part != 1 && part <= 12 &&
	    digits[whole + part] == '\0' ? xstrdup(text) : NULL;
}

static char *
convert_date(const struct field *field, const char *text)
{
	char date[WHEN_DATE_LENGTH + 1];

	(void)field;
	return when_date_parse(date, text) == 0 ? xstrdup(date) : NULL;
}

static char *
convert_time(const struct field *field, const char *text)
{
	char time[WHEN_TIME_LENGTH + 1];

	(void)field;
	return when_time_parse(time, text) == 0 ? xstrdup(time) : NULL;
}

static char *
convert_moment(const struct field *field, const char *text)
{
	char *date = convert_date(field, text);

	return date != NULL ? date : convert_time(field, text);
}

static char *
convert_word(const struct field *field, const char *text)
{
	const char *at = field->words;
	size_t length;

	for (; *at != '\0'; at += length + (at[length] == '|')) {
		length = strcspn(at, "|");
		if (strlen(text) == length && strncmp(at, text, length) == 0)
			return xstrdup(text);
	}
	return NULL;
}

static char *
convert_ids(const struct field *field, const char *text)
{
	const char *at = text;
	size_t digits;

	(void)field;
	for (;;) {
		digits = strspn(at, "0123456789");
		if (digits < 1 || digits > 9)
			return NULL;
		at += digits;
		if (*at == '\0')
			return xstrdup(text);
		if (*at++ != ',')
			return NULL;
	}
}

static char *
convert_session(const struct field *field, const char *text)
{
	size_t run = strcspn(text, "/");
	int64_t no;

	(void)field;
	return run > 0 && text[run] == '/' &&
	    text_int(&no, text + run + 1, 1, 999) == 0 ? xstrdup(text) : NULL;
}

/* "islands:25:60:30"; NULL when it is none. The text is cut up. */
static struct json_value *
setup_parse(char *text)
{
	static const char *const names[SETUP_PARTS] = { "setup", "capacity",
		"setup_min", "clear_min" };
	struct json_value *setup = json_value_object();
	char *part, *rest = text;
	int64_t number;
	int i;

	for (i = 0; i < SETUP_PARTS && (part = strsep(&rest, ":")) != NULL; i++) {
		if (i == 0)
			json_value_set(setup, names[i], json_value_text(part));
		else if (text_int(&number, part, i == 1 ? 1 : 0, 9999) == 0)
			json_value_set(setup, names[i], json_value_int(number));
		else
			break;
	}
	/* Ended by the end of the text, or by its fourth part. */
	if (*text != '\0' && ((part == NULL && i >= 2) ||
	    (i == SETUP_PARTS && rest == NULL)))
		return setup;
	json_value_free(setup);
	return NULL;
}

static char *
convert_setups(const struct field *field, const char *text)
{
	struct json_value *setups = json_value_array(), *setup;
	char *copy = xstrdup(text), *rest = copy, *part, *json = NULL;

	(void)field;
	while ((part = strsep(&rest, ",")) != NULL) {
		setup = setup_parse(part);
		if (setup == NULL || json_value_count(setups) == SETUPS_MOST) {
			json_value_free(setup);
			goto out;
		}
		json_value_add(setups, setup);
	}
	json = json_value_format(setups, false);
out:
	json_value_free(setups);
	free(copy);
	return json;
}

/* Whether the text is a list with commas, and every part passes; it is cut up. */
static bool
list_ok(const char *text, bool (*part_ok)(char *part))
{
	char *copy = xstrdup(text), *rest = copy, *part;
	bool ok = true;
	int count = 0;

	while (ok && (part = strsep(&rest, ",")) != NULL)
		ok = part_ok(part) && ++count <= LIST_MOST;
	free(copy);
	return ok;
}

static bool
is_name(char *part)
{
	const size_t length = strspn(part, "abcdefghijklmnopqrstuvwxyz_");

	return length >= 1 && length <= WORD_LETTERS_MOST &&
	    part[length] == '\0';
}

static bool
is_date(char *part)
{
	char date[WHEN_DATE_LENGTH + 1];

	return when_date_parse(date, part) == 0;
}

static bool
is_date_and_room(char *part)
{
	char *rest = part;
	int64_t room;

	strsep(&rest, ":");
	return rest != NULL && is_date(part) &&
	    text_int(&room, rest, 1, INT32_MAX) == 0;
}

static bool
is_name_and_count(char *part)
{
	char *rest = part;
	int64_t count;

	strsep(&rest, ":");
	return rest != NULL && is_name(part) &&
	    text_int(&count, rest, 0, 9999) == 0;
}

static char *
convert_words(const struct field *field, const char *text)
{
	(void)field;
	return list_ok(text, is_name) ? xstrdup(text) : NULL;
}

static char *
convert_dates(const struct field *field, const char *text)
{
	(void)field;
	return list_ok(text, is_date) ? xstrdup(text) : NULL;
}

static char *
convert_rooms(const struct field *field, const char *text)
{
	(void)field;
	return list_ok(text, is_date_and_room) ? xstrdup(text) : NULL;
}

static char *
convert_hour(const struct field *field, const char *text)
{
	char day[WHEN_TIME_LENGTH + 1], time[WHEN_TIME_LENGTH + 1];

	(void)field;
	if (strlen(text) != 5)
		return NULL;
	snprintf(day, sizeof(day), "2000-01-01T%s", text);
	return when_time_parse(time, day) == 0 ? xstrdup(text) : NULL;
}

static bool
is_session_and_room(char *part)
{
	char *rest = part;
	int64_t number;

	strsep(&rest, ":");
	return rest != NULL && text_int(&number, part, 1, 999) == 0 &&
	    text_int(&number, rest, 0, INT32_MAX) == 0;
}

/* [{"no":1,"room_id":3}]; without a room it is null. */
static char *
convert_session_rooms(const struct field *field, const char *text)
{
	struct json_value *rooms, *room;
	char *copy, *rest, *part, *json;

	(void)field;
	if (!list_ok(text, is_session_and_room))
		return NULL;
	rooms = json_value_array();
	copy = rest = xstrdup(text);
	while ((part = strsep(&rest, ",")) != NULL) {
		char *number = part;

		strsep(&number, ":");
		room = json_value_object();
		json_value_set(room, "no", json_value_number(part));
		json_value_set(room, "room_id", strcmp(number, "0") == 0 ?
		    json_value_null() : json_value_number(number));
		json_value_add(rooms, room);
	}
	json = json_value_format(rooms, false);
	json_value_free(rooms);
	free(copy);
	return json;
}

static char *
convert_counts(const struct field *field, const char *text)
{
	struct json_value *counts;
	char *copy, *rest, *part, *json;
	bool twice = false;

	(void)field;
	if (!list_ok(text, is_name_and_count))
		return NULL;
	counts = json_value_object();
	copy = rest = xstrdup(text);
	while ((part = strsep(&rest, ",")) != NULL) {
		char *number = part;

		strsep(&number, ":");
		twice = twice || json_value_find(counts, part) != NULL;
		json_value_set(counts, part, json_value_number(number));
	}
	json = twice ? NULL : json_value_format(counts, false);
	json_value_free(counts);
	free(copy);
	return json;
}

static const struct {
	char		*(*convert)(const struct field *field, const char *text);
	const char	*right;
} types[] = {
	[FIELD_FLAG] = { convert_text, "" },
	[FIELD_TEXT] = { convert_text, "write at most 10000 bytes" },
	[FIELD_INT] = { convert_int, "write a whole number, as 12" },
	[FIELD_COUNT] = { convert_count, "write a whole number from 1 on, as 12" },
	[FIELD_DEGREES] = { convert_degrees,
	    "write degrees with a point, as 55.67594" },
	[FIELD_DATE] = { convert_date,
	    "write a day that exists, as 2027-01-21" },
	[FIELD_TIME] = { convert_time,
	    "write a day and an hour, as 2027-01-21T09:00" },
	[FIELD_MOMENT] = { convert_moment, "write a day that exists, as "
	    "2027-01-21, with an hour or without, as 2027-01-21T09:00" },
	[FIELD_WORD] = { convert_word, NULL },
	[FIELD_IDS] = { convert_ids,
	    "write numbers with commas between them, as 3,4" },
	[FIELD_SESSION] = { convert_session,
	    "write run and number of the session, as KAT27-03/1" },
	[FIELD_SETUPS] = { convert_setups, "write SETUP:SEATS, or "
	    "SETUP:SEATS:MINUTES TO SET UP:MINUTES TO CLEAR, with commas "
	    "between several, as islands:25:60:30,theatre:60" },
	[FIELD_WORDS] = { convert_words, "write words of a-z with commas "
	    "between them, as projector,stage" },
	[FIELD_DATES] = { convert_dates, "write days that exist, with commas "
	    "between them, as 2027-01-21,2027-02-04" },
	[FIELD_HOUR] = { convert_hour, "write an hour, as 09:00" },
	[FIELD_ROOMS] = { convert_rooms, "write DATE:ROOM with commas between "
	    "several, as 2027-01-21:3,2027-02-04:5" },
	[FIELD_SESSION_ROOMS] = { convert_session_rooms, "write number of the "
	    "session:room with commas between several, as 1:3,2:4" },
	[FIELD_COUNTS] = { convert_counts, "write what and how many, each "
	    "once, with commas between several, as vegetarian:3,vegan:1" },
};

int
field_convert(char **out, const struct field *field, const char *text,
    struct err *err)
{
	char *converted = NULL;

	if (!text_utf8_ok(text, strlen(text)))
		return err_set(err, "%s: not UTF-8; write it in UTF-8",
		    field->name);
	converted = types[field->type].convert(field, text);
	if (converted == NULL && field->type == FIELD_WORD)
		return err_set(err, "%s: \"%.80s\" is not known; write one of "
		    "%s", field->name, text, field->words);
	if (converted == NULL)
		return err_set(err, "%s: \"%.80s\" cannot be used; %s",
		    field->name, text, types[field->type].right);
	*out = converted;
	return 0;
}

const char *
field_shown(const struct field *field)
{
	if (field->type == FIELD_FLAG)
		return NULL;
	return field->shown != NULL ? field->shown : field->words;
}
