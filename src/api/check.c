#include "api/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

static const char *const where_words[] = {
	[API_BODY] = "body", [API_PATH] = "path", [API_QUERY] = "query",
};

enum { COUNTS_MOST = 50, COUNT_MOST = 10000, COUNT_NAME_MOST = 40 };

void
api_faults_clear(struct api_faults *faults)
{
	json_value_free(faults->list);
	faults->list = NULL;
}

void
api_fault_note(struct api_faults *faults, enum api_fault fault,
    enum api_where where, const char *name, const char *const fill[2])
{
	if (faults->list == NULL)
		faults->list = json_value_array();
	api_fault_add(faults->list, faults->in_danish, fault,
	    where_words[where], name, fill);
}

static void
note(struct api_faults *faults, enum api_fault fault,
    const struct api_field *field, const char *name)
{
	static const char *const nothing[2] = { "", "" };

	api_fault_note(faults, fault, field->where, name, nothing);
}

void
api_fault_unknown(struct api_faults *faults, enum api_where where,
    const char *name, const struct api_field *fields)
{
	struct buf known = BUF_INIT;
	const char *fill[2] = { "-", "" };
	const struct api_field *field;

	for (field = fields; field != NULL && field->name != NULL; field++)
		if (field->where == where)
			buf_addf(&known, "%s%s", known.length > 0 ? ", " : "",
			    field->name);
	if (known.length > 0)
		fill[0] = known.data;
	api_fault_note(faults, API_FAULT_UNKNOWN, where, name, fill);
	buf_clear(&known);
}

/* ---- forms of texts ---- */

static int64_t
text_least(const struct api_field *field)
{
	return field->least == 0 && field->flags & API_NEEDED ? 1 :
	    field->least;
}

/* C0 but for the line's end in prose, DEL, and C1 (U+0080 to U+009F). */
static bool
has_controls(const char *text, bool prose)
{
	const unsigned char *p = (const unsigned char *)text;

	for (; *p != '\0'; p++) {
		if (prose && *p == '\n')
			continue;
		if (*p < 0x20 || *p == 0x7f ||
		    (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f))
			return true;
	}
	return false;
}

/* Whether the text has the form: 9 is any digit, all else stands for itself. */
static bool
has_form(const char *text, const char *form)
{
	for (; *form != '\0'; text++, form++) {
		if (*form == '9' ? *text < '0' || *text > '9' : *text != *form)
			return false;
	}
	return *text == '\0';
}

static int
two(const char *p)
{
	return (p[0] - '0') * 10 + p[1] - '0';
}

/* The first ten characters, whose form has been seen. */
static bool
is_day(const char *text)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };
	int year = two(text) * 100 + two(text + 2);
	int month = two(text + 5), day = two(text + 8);
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap);
}

static bool
is_date(const char *text)
{
	return has_form(text, "9999-99-99") && is_day(text);
}

static bool
is_hour(const char *text)
{
	return has_form(text, "99:99") && two(text) < 24 && two(text + 3) < 60;
}

static bool
is_local(const char *text)
{
	return has_form(text, "9999-99-99T99:99") && is_day(text) &&
	    is_hour(text + 11);
}

static bool
is_moment(const char *text)
{
	return is_date(text) || is_local(text);
}

static bool
is_instant(const char *text)
{
	return has_form(text, "9999-99-99T99:99:99Z") && is_day(text) &&
	    two(text + 11) < 24 && two(text + 14) < 60 && two(text + 17) < 60;
}

static bool
is_week(const char *text)
{
	return has_form(text, "9999-W99") && two(text + 6) >= 1 &&
	    two(text + 6) <= 53 && two(text) >= 19 && two(text) <= 21;
}

/* ---- checks by type ---- */

struct check {
	struct api_faults	*faults;
	const struct api_field	*field;
	const char		*name;
	const struct json_value	*value;
};

static void
note_bounds(const struct check *check, enum api_fault fault, int64_t least)
{
	char from[24], to[24];
	const char *fill[2] = { from, to };

	snprintf(from, sizeof(from), "%" PRId64, least);
	snprintf(to, sizeof(to), "%" PRId64, check->field->most);
	api_fault_note(check->faults, fault, check->field->where, check->name,
	    fill);
}

static void
check_text(const struct check *check)
{
	const char *text = json_value_get_text(check->value);
	int64_t least = text_least(check->field);
	size_t length;

	if (text == NULL) {
		note_bounds(check, API_FAULT_NOT_TEXT, least);
		return;
	}
	length = text_utf8_count(text);
	if (length < (size_t)least || length > (size_t)check->field->most)
		note_bounds(check, API_FAULT_NOT_TEXT, least);
	else if (has_controls(text, check->field->type == API_PROSE))
		note(check->faults, API_FAULT_CONTROLS, check->field,
		    check->name);
}

static void
check_int(const struct check *check)
{
	int64_t number = json_value_get_int(check->value, INT64_MIN);

	if (number < check->field->least || number > check->field->most)
		note_bounds(check, API_FAULT_NOT_INT, check->field->least);
}

static void
check_number(const struct check *check)
{
	double number = json_value_get_real(check->value, -1e300);

	if (!(number >= (double)check->field->least &&
	    number <= (double)check->field->most))
		note_bounds(check, API_FAULT_NOT_NUMBER, check->field->least);
}

static void
check_word(const struct check *check)
{
	const char *text = json_value_get_text(check->value);
	const char *const *word = check->field->words;
	struct buf list = BUF_INIT;
	const char *fill[2] = { NULL, "" };

	for (; *word != NULL; word++) {
		if (text != NULL && strcmp(text, *word) == 0) {
			buf_clear(&list);
			return;
		}
		buf_addf(&list, "%s%s", list.length > 0 ? ", " : "", *word);
	}
	fill[0] = list.data;
	api_fault_note(check->faults, API_FAULT_NOT_WORD, check->field->where,
	    check->name, fill);
	buf_clear(&list);
}

static void
check_count(const char *name, const struct json_value *value, void *arg)
{
	const struct check *check = arg;
	int64_t count = json_value_get_int(value, -1);
	char *place = xasprintf("%s/%s", check->name, name);
	struct check one = *check;

	one.name = place;
	if (has_controls(name, false) || text_utf8_count(name) > COUNT_NAME_MOST)
		note(one.faults, API_FAULT_CONTROLS, one.field, one.name);
	if (count < 0 || count > COUNT_MOST)
		api_fault_note(one.faults, API_FAULT_NOT_INT, one.field->where,
		    one.name, (const char *const[]){ "0", "10000" });
	free(place);
}

static void
check_counts(const struct check *check)
{
	struct check each = *check;

	if (json_value_kind(check->value) != JSON_KIND_OBJECT ||
	    json_value_count(check->value) > COUNTS_MOST)
		note(check->faults, API_FAULT_NOT_OBJECT, check->field,
		    check->name);
	else
		json_value_each(check->value, check_count, &each);
}

static void
check_object(const struct check *check)
{
	if (json_value_kind(check->value) != JSON_KIND_OBJECT)
		note(check->faults, API_FAULT_NOT_OBJECT, check->field,
		    check->name);
	else
		api_check_object(check->faults, check->field->of->fields,
		    check->name, check->value);
}

static void
check_bool(const struct check *check)
{
	if (json_value_kind(check->value) != JSON_KIND_BOOL)
		note(check->faults, API_FAULT_NOT_BOOL, check->field,
		    check->name);
}

static const struct {
	bool		(*is)(const char *text);
	enum api_fault	fault;
} forms[] = {
	[API_DATE] = { is_date, API_FAULT_NOT_DATE },
	[API_HOUR] = { is_hour, API_FAULT_NOT_HOUR },
	[API_LOCAL] = { is_local, API_FAULT_NOT_LOCAL },
	[API_MOMENT] = { is_moment, API_FAULT_NOT_LOCAL },
	[API_INSTANT] = { is_instant, API_FAULT_NOT_INSTANT },
	[API_WEEK] = { is_week, API_FAULT_NOT_WEEK },
};

static void
check_form(const struct check *check)
{
	const char *text = json_value_get_text(check->value);

	if (text == NULL || !forms[check->field->type].is(text))
		note(check->faults, forms[check->field->type].fault,
		    check->field, check->name);
}

static void
check_nothing(const struct check *check)
{
	(void)check;
}

static void (*const check_one[])(const struct check *check) = {
	[API_TEXT] = check_text, [API_PROSE] = check_text,
	[API_SECRET] = check_text, [API_INT] = check_int,
	[API_NUMBER] = check_number, [API_BOOL] = check_bool,
	[API_WORD] = check_word, [API_DATE] = check_form,
	[API_HOUR] = check_form, [API_LOCAL] = check_form,
	[API_MOMENT] = check_form,
	[API_INSTANT] = check_form, [API_WEEK] = check_form,
	[API_COUNTS] = check_counts, [API_OBJECT] = check_object,
	[API_ANY] = check_nothing,
};

static void
check_many(const struct check *check)
{
	struct check one = *check;
	size_t count = json_value_count(check->value), i;
	int limit = api_field_many(check->field);
	char most[24];

	if (json_value_kind(check->value) != JSON_KIND_ARRAY ||
	    count > (size_t)limit) {
		snprintf(most, sizeof(most), "%d", limit);
		api_fault_note(check->faults, API_FAULT_NOT_MANY,
		    check->field->where, check->name,
		    (const char *const[]){ most, "" });
		return;
	}
	for (i = 0; i < count; i++) {
		char *place = xasprintf("%s/%zu", check->name, i);

		one.name = place;
		one.value = json_value_at(check->value, i);
		check_one[one.field->type](&one);
		free(place);
	}
}

void
api_check_value(struct api_faults *faults, const struct api_field *field,
    const char *name, const struct json_value *value)
{
	struct check check = { faults, field, name, value };

	if (json_value_kind(value) == JSON_KIND_NULL) {
		if ((field->flags & API_NULL) == 0)
			note(faults, API_FAULT_NULLED, field, name);
	} else if (field->flags & API_MANY) {
		check_many(&check);
	} else {
		check_one[field->type](&check);
	}
}

/* ---- objects ---- */

struct walk {
	struct api_faults	*faults;
	const struct api_field	*fields;
	const char		*prefix;	/* "" at the top */
};

static char *
place_of(const char *prefix, const char *name)
{
	return *prefix == '\0' ? xstrdup(name) :
	    xasprintf("%s/%s", prefix, name);
}

static void
check_member(const char *name, const struct json_value *value, void *arg)
{
	const struct walk *walk = arg;
	const struct api_field *field = api_field_find(walk->fields, name,
	    strlen(name));
	char *place = place_of(walk->prefix, name);

	if (field == NULL || field->where != API_BODY)
		api_fault_unknown(walk->faults, API_BODY, place, walk->fields);
	else
		api_check_value(walk->faults, field, place, value);
	free(place);
}

void
api_check_object(struct api_faults *faults, const struct api_field *fields,
    const char *prefix, const struct json_value *object)
{
	struct walk walk = { faults, fields, prefix };
	const struct api_field *field;
	char *place;

	json_value_each(object, check_member, &walk);
	for (field = fields; field != NULL && field->name != NULL; field++) {
		if (field->where != API_BODY ||
		    (field->flags & API_NEEDED) == 0 ||
		    json_value_find(object, field->name) != NULL)
			continue;
		place = place_of(prefix, field->name);
		note(faults, API_FAULT_MISSING, field, place);
		free(place);
	}
}

/* ---- texts of path and query ---- */

/* What cannot be made into the type stays a text, which the check then refuses. */
static struct json_value *
value_of_one(const struct api_field *field, const char *text)
{
	int64_t number;

	switch (field->type) {
	case API_INT:
		if (text_int(&number, text, INT64_MIN, INT64_MAX) == 0)
			return json_value_int(number);
		break;
	case API_NUMBER:
		return json_value_number(text);
	case API_BOOL:
		if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
			return json_value_bool(*text == 't');
		break;
	default:
		break;
	}
	return json_value_text(text);
}

struct json_value *
api_value_of_text(const struct api_field *field, const char *text)
{
	struct json_value *many;
	size_t length;
	char *one;

	if ((field->flags & API_MANY) == 0)
		return value_of_one(field, text);
	many = json_value_array();
	for (;; text += length + 1) {
		length = strcspn(text, ",");
		one = xstrndup(text, length);
		json_value_add(many, value_of_one(field, one));
		free(one);
		if (text[length] == '\0')
			return many;
	}
}
