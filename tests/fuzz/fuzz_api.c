/*
 * fuzz_api.c - libFuzzer target: header fields, path, query and body of the API.
 *
 * The first line is a path, the second a query, the rest a body; a table of the
 * target's own has a field of every type. What is taken must be the same after it
 * was written and read again; what is refused must be told in valid UTF-8.
 * Run by tests/fuzz/run.
 *
 * fuzz: src/api/check.c src/api/head.c src/api/input.c src/api/problem.c
 * fuzz: src/api/routes.c src/words/words.c lib/page/moment.c lib/page/sentence.c
 * fuzz: lib/json/value.c lib/base/buf.c lib/base/err.c lib/base/mem.c
 * fuzz: lib/base/text.c -ljansson
 */
#include <stdlib.h>
#include <string.h>

#include "api/head.h"
#include "api/input.h"
#include "api/table.h"
#include "base/text.h"
#include "store/api.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No database is asked here; its own file would need libpq. */
bool
store_api_passes(const char *sqlstate)
{
	(void)sqlstate;
	return false;
}

static const char *const words[] = { "a", "b", NULL };

static const struct api_field inner[] = {
	FIELD_PLAIN(BODY, "date", DATE, 0, NULL),
	FIELD_TEXT(BODY, "text", API_NEEDED, 5, NULL),
	FIELDS_END
};

static const struct api_object object = { "Inner", inner };

static const struct api_field fields[] = {
	FIELD_ID(PATH, "id", API_NEEDED, NULL),
	FIELD_TEXT(QUERY, "q", 0, 10, NULL),
	FIELD_INT(QUERY, "n", API_MANY, -5, 5, NULL),
	FIELD_PLAIN(QUERY, "week", WEEK, 0, NULL),
	FIELD_PLAIN(QUERY, "yes", BOOL, 0, NULL),
	FIELD_NUMBER(QUERY, "lat", 0, -90, 90, NULL),
	FIELD_WORD(QUERY, "word", 0, words, NULL),
	FIELD_TEXT(BODY, "title", API_NULL, 10, NULL),
	FIELD_PROSE(BODY, "notes", 0, NULL),
	FIELD_NUMBER(BODY, "lon", 0, -180, 180, NULL),
	FIELD_PLAIN(BODY, "at", LOCAL, 0, NULL),
	FIELD_PLAIN(BODY, "hour", HOUR, 0, NULL),
	FIELD_PLAIN(BODY, "instant", INSTANT, 0, NULL),
	FIELD_PLAIN(BODY, "counts", COUNTS, 0, NULL),
	FIELD_OBJECT(BODY, "list", API_MANY, object, NULL),
	FIELDS_END
};

const struct api_route api_routes_places[] = {
	{ "change", HTTP_PATCH, "/x/{id}", 0, 200, fields, NULL, "", NULL },
	{ .name = NULL }
};
const struct api_route api_routes_bookings[] = { { .name = NULL } };
const struct api_route api_routes_runs[] = { { .name = NULL } };
const struct api_route api_routes_journal[] = { { .name = NULL } };
const struct api_route api_routes_accounts[] = { { .name = NULL } };
const struct api_route api_routes_openapi[] = { { .name = NULL } };

/* Up to the line's end, which is cut off; the rest begins behind it. */
static char *
line(const char **rest, size_t *length)
{
	const char *end = memchr(*rest, '\n', *length);
	size_t size = end == NULL ? *length : (size_t)(end - *rest);
	char *text = xstrndup(*rest, size);

	size += end != NULL;
	*rest += size;
	*length -= size;
	return text;
}

static void
reads_again(const struct json_value *value)
{
	char *text = json_value_canonical(value), *again;
	struct json_value *same;
	struct err err;

	if (!text_utf8_ok(text, strlen(text)) ||
	    json_value_parse(&same, text, strlen(text), &err) != 0)
		abort();
	again = json_value_canonical(same);
	if (strcmp(text, again) != 0)
		abort();
	json_value_free(same);
	free(again);
	free(text);
}

static void
head_is_read(const char *text)
{
	const char *token;
	int64_t version = 1;
	char *versions;

	(void)api_bearer_read(&token, text);
	if (api_if_match_read(&version, &versions, text) ==
	    API_PRECONDITION_VERSION && version < 1)
		abort();
	free(versions);
	(void)api_key_ok(text);
	(void)api_is_json(text);
	(void)api_in_danish(text);
	(void)api_xid_ok(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *rest = (const char *)data;
	char *path = line(&rest, &size), *query = line(&rest, &size);
	struct api_match match;
	struct api_sent sent = {
		.match = &match, .query = query, .body = rest,
		.body_length = size, .content_type = "application/json",
	};
	struct api_refusal refusal = { API_PROBLEM_FAULT, NULL };
	struct json_value *input = NULL;

	head_is_read(query);
	api_route_match(&match, HTTP_PATCH, path);
	/* The server refuses paths that are not UTF-8. */
	if (match.route != NULL && text_utf8_ok(path, strlen(path))) {
		if (api_input_read(&input, &refusal, &sent) != 0)
			input = refusal.details;
		reads_again(input);
		json_value_free(input);
	}
	free(path);
	free(query);
	return 0;
}
