#include "api/input.h"

#include <stdlib.h>
#include <string.h>

#include "api/check.h"
#include "api/head.h"
#include "base/buf.h"
#include "base/text.h"

struct reader {
	const struct api_sent	*sent;
	const struct api_route	*route;
	struct json_value	*input;
	struct api_faults	 faults;
	struct api_faults	 path_faults;	/* then there is no such thing */
};

static const char *const nothing[2] = { "", "" };

/* ---- the body ---- */

/* The reason says line and column. It may quote what was sent, cut anywhere. */
static struct api_refusal
malformed(bool in_danish, const char *reason)
{
	struct api_refusal refusal = {
		API_PROBLEM_MALFORMED_BODY, json_value_object()
	};
	char *clean = xstrdup(reason), *told, *p;

	if (!text_utf8_ok(clean, strlen(clean)))
		for (p = clean; *p != '\0'; p++)
			if ((unsigned char)*p >= 0x80)
				*p = '?';
	told = api_reason_told(in_danish, clean);
	json_value_set(refusal.details, "reason", json_value_text(told));
	free(told);
	free(clean);
	return refusal;
}

/*
 * The body's own object becomes the input. A route that reads only takes no body:
 * RFC 9110 9.3.1 gives it no meaning there.
 */
must_check static int
body_read(struct reader *reader, struct api_refusal *refusal)
{
	const struct api_sent *sent = reader->sent;
	struct err err;

	if (sent->body_length == 0) {
		reader->input = json_value_object();
		api_check_object(&reader->faults, reader->route->fields, "",
		    reader->input);
		return 0;
	}
	if (reader->route->method == HTTP_GET) {
		*refusal = malformed(sent->in_danish,
		    "there is a body; a GET takes none");
		return -1;
	}
	if (!api_is_json(sent->content_type)) {
		*refusal = (struct api_refusal){ API_PROBLEM_NOT_JSON, NULL };
		return -1;
	}
	if (json_value_parse(&reader->input, sent->body, sent->body_length,
	    &err) != 0) {
		*refusal = malformed(sent->in_danish, err.text);
		return -1;
	}
	if (json_value_kind(reader->input) != JSON_KIND_OBJECT) {
		*refusal = malformed(sent->in_danish, "the body is JSON, but "
		    "no object: write {\"name\": value}");
		return -1;
	}
	api_check_object(&reader->faults, reader->route->fields, "",
	    reader->input);
	return 0;
}

/* ---- the path ---- */

static void
path_read(struct reader *reader)
{
	const struct api_match *match = reader->sent->match;
	const struct api_field *field;
	struct json_value *value;
	struct api_span name;
	char *text;
	int i;

	for (i = 0; i < API_PATH_VALUES_MOST; i++) {
		name = api_route_name(reader->route, i);
		if (name.length == 0)
			return;
		field = api_field_find(reader->route->fields, name.at,
		    name.length);
		text = xstrndup(match->value[i].at, match->value[i].length);
		value = api_value_of_text(field, text);
		api_check_value(&reader->path_faults, field, field->name,
		    value);
		json_value_set(reader->input, field->name, value);
		free(text);
	}
}

/* ---- the query ---- */

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits) % 16;
}

/* Form encoding: "+" is a blank. NULL when it is malformed. */
static char *
decoded(const char *text, size_t length)
{
	struct buf out = BUF_INIT;
	size_t i;
	int high, low;

	for (i = 0; i < length; i++) {
		if (text[i] != '%') {
			buf_addc(&out, text[i] == '+' ? ' ' : text[i]);
			continue;
		}
		high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
		low = high < 0 ? -1 : hex_digit(text[i + 2]);
		if (high < 0 || low < 0 || high + low == 0)
			break;
		buf_addc(&out, (char)(high * 16 + low));
		i += 2;
	}
	if (i < length || !text_utf8_ok(out.data == NULL ? "" : out.data,
	    out.length)) {
		buf_clear(&out);
		return NULL;
	}
	return buf_take(&out);
}

static void
query_value(struct reader *reader, const char *name, const char *text)
{
	const struct api_field *field = api_field_find(reader->route->fields,
	    name, strlen(name));
	struct json_value *value;

	if (field == NULL || field->where != API_QUERY) {
		api_fault_unknown(&reader->faults, API_QUERY, name,
		    reader->route->fields);
		return;
	}
	if (json_value_find(reader->input, name) != NULL) {
		api_fault_note(&reader->faults, API_FAULT_TWICE, API_QUERY,
		    name, nothing);
		return;
	}
	value = api_value_of_text(field, text);
	api_check_value(&reader->faults, field, name, value);
	json_value_set(reader->input, name, value);
}

static void
query_pair(struct reader *reader, const char *pair, size_t length)
{
	const char *sign = memchr(pair, '=', length);
	size_t name_length = sign == NULL ? length : (size_t)(sign - pair);
	char *name = decoded(pair, name_length);
	char *text = sign == NULL ? xstrdup("") :
	    decoded(sign + 1, length - name_length - 1);

	if (name == NULL || text == NULL)
		api_fault_note(&reader->faults, API_FAULT_ESCAPE, API_QUERY,
		    name == NULL ? "" : name, nothing);
	else
		query_value(reader, name, text);
	free(name);
	free(text);
}

static void
query_read(struct reader *reader)
{
	const struct api_field *field = reader->route->fields;
	const char *query = reader->sent->query;
	size_t length;

	while (*query != '\0') {
		length = strcspn(query, "&");
		if (length > 0)
			query_pair(reader, query, length);
		query += length + (query[length] == '&');
	}
	for (; field != NULL && field->name != NULL; field++)
		if (field->where == API_QUERY && field->flags & API_NEEDED &&
		    json_value_find(reader->input, field->name) == NULL)
			api_fault_note(&reader->faults, API_FAULT_MISSING,
			    API_QUERY, field->name, nothing);
}

/* ---- all of it ---- */

static struct api_refusal
refused(enum api_problem problem, struct api_faults *faults)
{
	struct api_refusal refusal = { problem, json_value_object() };

	json_value_set(refusal.details, "fields", faults->list);
	faults->list = NULL;
	return refusal;
}

int
api_input_read(struct json_value **out, struct api_refusal *refusal,
    const struct api_sent *sent)
{
	struct reader reader = { .sent = sent, .route = sent->match->route };
	int rc = -1;

	reader.faults.in_danish = sent->in_danish;
	reader.path_faults.in_danish = sent->in_danish;
	if (body_read(&reader, refusal) != 0)
		goto out;
	path_read(&reader);
	query_read(&reader);
	if (reader.path_faults.list != NULL) {
		*refusal = refused(API_PROBLEM_NOT_FOUND, &reader.path_faults);
		goto out;
	}
	if (reader.faults.list != NULL) {
		*refusal = refused(API_PROBLEM_INVALID_INPUT, &reader.faults);
		goto out;
	}
	*out = reader.input;
	reader.input = NULL;
	rc = 0;
out:
	api_faults_clear(&reader.faults);
	api_faults_clear(&reader.path_faults);
	json_value_free(reader.input);
	return rc;
}
