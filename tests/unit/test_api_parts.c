/*
 * Unit tests of the parts of src/api: header fields, the table, the check of input,
 * problems.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "api/check.h"
#include "api/head.h"
#include "api/input.h"
#include "api/openapi.h"
#include "api/problem.h"
#include "api/route.h"

/* ---- header fields ---- */

#define TOKEN	"abcdefghijklmnopqrstuvwxyz"

static void
test_a_bearer_token_is_one_word_of_its_letters(void **state)
{
	static const char *const wrong[] = {
		"", "Bearer", "Bearer ", "Bearer short", "Basic " TOKEN,
		"Bearer " TOKEN " x", "Bearer " TOKEN ", Bearer " TOKEN,
		"Bearer " TOKEN "\xc3\xa5", "Bearer" TOKEN,
	};
	const char *token = NULL;
	size_t i;

	(void)state;
	assert_int_equal(api_bearer_read(&token, NULL), API_BEARER_NONE);
	assert_int_equal(api_bearer_read(&token, "Bearer " TOKEN),
	    API_BEARER_TOKEN);
	assert_string_equal(token, TOKEN);
	assert_int_equal(api_bearer_read(&token, "bEARER   " TOKEN),
	    API_BEARER_TOKEN);
	assert_string_equal(token, TOKEN);
	for (i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(api_bearer_read(&token, wrong[i]),
		    API_BEARER_MALFORMED);
}

static void
test_if_match_is_one_strong_tag_that_is_a_version(void **state)
{
	static const struct {
		const char		*field;
		enum api_precondition	 what;
	} cases[] = {
		{ NULL, API_PRECONDITION_NONE },
		{ "\"3\"", API_PRECONDITION_VERSION },
		{ "*", API_PRECONDITION_ANY },
		{ "W/\"3\"", API_PRECONDITION_NEVER },
		{ "\"\"", API_PRECONDITION_NEVER },
		{ "\"03\"", API_PRECONDITION_NEVER },
		{ "\"-3\"", API_PRECONDITION_NEVER },
		{ "\"2147483648\"", API_PRECONDITION_NEVER },
		{ "\"333333333333333333333333\"", API_PRECONDITION_NEVER },
		{ "3", API_PRECONDITION_MALFORMED },
		{ "\"3", API_PRECONDITION_MALFORMED },
		{ "\"3\", \"4\"", API_PRECONDITION_MALFORMED },
		{ "\"3 4\"", API_PRECONDITION_MALFORMED },
	};
	int64_t version = 0;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(api_if_match_read(&version, cases[i].field),
		    cases[i].what);
	assert_int_equal(version, 3);
}

static void
test_a_key_is_8_to_200_visible_characters(void **state)
{
	char key[202];

	(void)state;
	memset(key, 'k', sizeof(key));
	key[201] = '\0';
	assert_false(api_key_ok(key));
	key[200] = '\0';
	assert_true(api_key_ok(key));
	assert_true(api_key_ok("\"a-b_c~\""));
	assert_false(api_key_ok("1234567"));
	assert_false(api_key_ok("1234 678"));
	assert_false(api_key_ok("1234567\xe5"));
}

static void
test_only_json_in_utf8_is_json(void **state)
{
	(void)state;
	assert_true(api_is_json("application/json"));
	assert_true(api_is_json("Application/Json ; Charset=UTF-8"));
	assert_true(api_is_json("application/json;charset=\"utf-8\""));
	assert_false(api_is_json(NULL));
	assert_false(api_is_json("application/json; charset=latin1"));
	assert_false(api_is_json("application/jsonp"));
	assert_false(api_is_json("text/json"));
}

static void
test_danish_unless_english_is_wanted_more(void **state)
{
	(void)state;
	assert_true(api_in_danish(NULL));
	assert_true(api_in_danish(""));
	assert_true(api_in_danish("da, en"));
	assert_true(api_in_danish("fr"));
	assert_true(api_in_danish("en;q=0.5, da-DK;q=0.6"));
	assert_true(api_in_danish("en;q=0.9, *"));
	assert_true(api_in_danish("en;q=abc"));
	assert_false(api_in_danish("en"));
	assert_false(api_in_danish("EN-gb;q=0.1"));
	assert_false(api_in_danish("da;q=0.8,en;q=0.801"));
	assert_false(api_in_danish("da;q=0, en;q=0.001"));
	assert_false(api_in_danish("enough, en;level=1;q=1"));
}

/* ---- the table ---- */

static void
each_route(void (*check)(const struct api_route *route))
{
	const struct api_route *route;
	size_t i;

	for (i = 0; api_topics[i] != NULL; i++)
		for (route = api_topics[i]; route->name != NULL; route++)
			check(route);
}

/* A path that fits the pattern: every {name} is 7, or a word of its own. */
static char *
path_of(const struct api_route *route)
{
	char *path = xstrdup(route->path), *in = path, *out = path;

	for (; *in != '\0'; in++) {
		if (*in == '{') {
			in = strchr(in, '}');
			*out++ = '7';
		} else {
			*out++ = *in;
		}
	}
	*out = '\0';
	return path;
}

static void
finds_itself(const struct api_route *route)
{
	char *path = path_of(route);
	struct api_match match;

	api_route_match(&match, route->method, path);
	assert_ptr_equal(match.route, route);
	assert_true(match.methods & 1u << route->method);
	free(path);
}

static void
test_every_route_is_found_by_its_own_path(void **state)
{
	(void)state;
	each_route(finds_itself);
}

static void
names_its_fields(const struct api_route *route)
{
	const struct api_field *field, *other;
	struct api_span name;
	int n, npath = 0;

	for (n = 0; (name = api_route_name(route, n)).length > 0; n++) {
		field = api_field_find(route->fields, name.at, name.length);
		assert_non_null(field);
		assert_int_equal(field->where, API_PATH);
		assert_true(field->flags & API_NEEDED);
	}
	assert_true(n <= API_PATH_VALUES_MOST);
	for (field = route->fields; field != NULL && field->name != NULL;
	    field++) {
		npath += field->where == API_PATH;
		assert_true(field->where != API_BODY ||
		    route->method != HTTP_GET);
		assert_true((field->type == API_WORD) ==
		    (field->words != NULL));
		assert_true((field->type == API_OBJECT) ==
		    (field->of != NULL));
		for (other = field + 1; other->name != NULL; other++)
			assert_string_not_equal(field->name, other->name);
	}
	assert_int_equal(npath, n);
	assert_true((route->answer == NULL) ==
	    (route->status == 204 || strcmp(route->name, "openapi") == 0));
	assert_true(!(route->flags & API_LIST) || route->status == 200);
}

static void
test_every_route_names_its_fields_once(void **state)
{
	(void)state;
	each_route(names_its_fields);
}

static void
test_a_path_without_names_wins(void **state)
{
	struct api_match match;

	(void)state;
	api_route_match(&match, HTTP_GET, "/rooms/free");
	assert_string_equal(match.route->name, "rooms_free");
	api_route_match(&match, HTTP_HEAD, "/rooms/freed");
	assert_string_equal(match.route->name, "room_get");
	assert_int_equal(match.value[0].length, 5);
	assert_memory_equal(match.value[0].at, "freed", 5);
}

static void
test_an_address_that_is_none_has_no_methods(void **state)
{
	static const char *const paths[] = {
		"", "/", "/rooms/", "/rooms//week", "/rooms/1/week/",
		"/rooms/1/2", "rooms", "/Rooms", "/openapi.jso",
	};
	struct api_match match;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		api_route_match(&match, HTTP_GET, paths[i]);
		assert_null(match.route);
		assert_int_equal(match.methods, 0);
	}
	api_route_match(&match, HTTP_PUT, "/rooms/1");
	assert_null(match.route);
	assert_int_equal(match.methods, 1u << HTTP_GET | 1u << HTTP_PATCH);
}

/* ---- input ---- */

/* What became of a request: the input, or the refusal and its details. */
static char *
read_input(enum api_problem *problem, enum http_method method,
    const char *path, const char *query, const char *body)
{
	struct api_match match;
	struct api_sent sent = {
		.match = &match, .query = query, .body = body,
		.body_length = body == NULL ? 0 : strlen(body),
		.content_type = "application/json",
	};
	struct api_refusal refusal = { API_PROBLEMS, NULL };
	struct json_value *input = NULL;
	char *text;

	api_route_match(&match, method, path);
	assert_non_null(match.route);
	*problem = API_PROBLEMS;
	if (api_input_read(&input, &refusal, &sent) != 0) {
		*problem = refusal.problem;
		input = refusal.details;
	}
	text = json_value_canonical(input);
	json_value_free(input);
	return text;
}

static void
becomes(enum http_method method, const char *path, const char *query,
    const char *body, const char *input)
{
	enum api_problem problem;
	char *text = read_input(&problem, method, path, query, body);

	assert_string_equal(text, input);
	assert_int_equal(problem, API_PROBLEMS);
	free(text);
}

/* `part` stands in the details. */
static void
is_refused(enum http_method method, const char *path, const char *query,
    const char *body, enum api_problem problem, const char *part)
{
	enum api_problem found;
	char *text = read_input(&found, method, path, query, body);

	assert_int_equal(found, problem);
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in %s", part, text);
	free(text);
}

static void
test_path_query_and_body_become_one_object(void **state)
{
	(void)state;
	becomes(HTTP_PATCH, "/bookings/12", "", "{\"title\":\"A\"}",
	    "{\"booking_id\":12,\"title\":\"A\"}");
	becomes(HTTP_PUT, "/rooms/1/setups/islands", "",
	    "{\"capacity\":24}",
	    "{\"capacity\":24,\"room_id\":1,\"setup\":\"islands\"}");
	becomes(HTTP_POST, "/bookings/12/cancel", "", NULL,
	    "{\"booking_id\":12}");
	becomes(HTTP_POST, "/sign-out", "", "{}", "{}");
}

static void
test_a_query_becomes_values_of_its_types(void **state)
{
	(void)state;
	becomes(HTTP_GET, "/rooms/free",
	    "starts_local=2030-01-17T09%3A00&ends_local=2030-01-17T10:00"
	    "&&step_free=true&limit=5&equipment=projector,%C3%B8re+krog",
	    NULL, "{\"ends_local\":\"2030-01-17T10:00\","
	    "\"equipment\":[\"projector\",\"\xc3\xb8re krog\"],\"limit\":5,"
	    "\"starts_local\":\"2030-01-17T09:00\",\"step_free\":true}");
}

static void
test_a_query_that_cannot_be_read_is_refused(void **state)
{
	static const char *const queries[] = {
		"q=%", "q=%4", "q=%zz", "q=%ff", "q=%00", "%=1",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(queries); i++)
		is_refused(HTTP_GET, "/venues", queries[i], NULL,
		    API_PROBLEM_INVALID_INPUT, "\"malformed\"");
	is_refused(HTTP_GET, "/venues", "limit=+5", NULL,
	    API_PROBLEM_INVALID_INPUT, "\"not-integer\"");
	is_refused(HTTP_GET, "/venues", "q=a%0Ab", NULL,
	    API_PROBLEM_INVALID_INPUT, "\"not-text\"");
	is_refused(HTTP_GET, "/rooms/free", "", NULL,
	    API_PROBLEM_INVALID_INPUT, "\"missing\"");
	is_refused(HTTP_GET, "/venues", "limit=5&limit=6", NULL,
	    API_PROBLEM_INVALID_INPUT, "\"twice\"");
}

static void
test_a_path_that_can_be_nothing_is_not_found(void **state)
{
	(void)state;
	is_refused(HTTP_GET, "/bookings/x", "", NULL, API_PROBLEM_NOT_FOUND,
	    "booking_id");
	is_refused(HTTP_GET, "/bookings/2147483648", "", NULL,
	    API_PROBLEM_NOT_FOUND, "2147483647");
	is_refused(HTTP_DELETE, "/rooms/1/setups/chaos", "", NULL,
	    API_PROBLEM_NOT_FOUND, "theatre, classroom");
}

static void
test_a_name_counts_only_where_the_table_has_it(void **state)
{
	(void)state;
	is_refused(HTTP_PATCH, "/bookings/12", "", "{\"booking_id\":13}",
	    API_PROBLEM_INVALID_INPUT, "\"unknown\"");
	is_refused(HTTP_PATCH, "/bookings/12", "title=A", NULL,
	    API_PROBLEM_INVALID_INPUT, "known are: -");
	is_refused(HTTP_GET, "/offices", "x=1", NULL,
	    API_PROBLEM_INVALID_INPUT, "\"unknown\"");
}

static void
test_a_body_that_is_no_object_is_malformed(void **state)
{
	static const char *const bodies[] = {
		"{", "[]", "1", "null", "{} x", "{\"a\":1,\"a\":1}",
		"{\"a\":\"\xff\"}", "{\"\xc3\xa5\":\xff", "nul",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bodies); i++)
		is_refused(HTTP_POST, "/venues", "", bodies[i],
		    API_PROBLEM_MALFORMED_BODY, "reason");
	is_refused(HTTP_GET, "/venues", "", "{}", API_PROBLEM_MALFORMED_BODY,
	    "GET");
}

/* jansson quotes what it read so far, which may end within a letter. */
static void
test_the_reason_is_text_whatever_it_quotes(void **state)
{
	(void)state;
	is_refused(HTTP_POST, "/venues", "", "{\"a\":\"\\\xc3\xa5\"}",
	    API_PROBLEM_MALFORMED_BODY, "escape");
}

/* Why a body cannot be read, to a Danish reader; the caller frees it. */
static char *
reason_danish(const char *body, size_t length)
{
	struct api_match match;
	const struct api_sent sent = {
		.match = &match, .query = "", .body = body,
		.body_length = length, .content_type = "application/json",
		.in_danish = true,
	};
	struct api_refusal refusal = { API_PROBLEMS, NULL };
	struct json_value *input;
	char *reason;

	api_route_match(&match, HTTP_POST, "/venues");
	assert_int_equal(api_input_read(&input, &refusal, &sent), -1);
	assert_int_equal(refusal.problem, API_PROBLEM_MALFORMED_BODY);
	reason = xstrdup(json_value_get_text(json_value_find(refusal.details,
	    "reason")));
	json_value_free(refusal.details);
	return reason;
}

/* Each of what libjansson complains about. */
static void
test_the_reason_of_a_body_is_told_in_danish(void **state)
{
	static const struct {
		const char	*body, *reason;
	} cases[] = {
		{ "{", "JSON, linje 1, tegn 1, ved slutningen: her skal st\xc3\xa5 et "
		    "navn i anf\xc3\xb8rselstegn eller '}'." },
		{ "{\n \"a\" 1}", "JSON, linje 2, tegn 6, ved '1': her skal st\xc3\xa5 "
		    "':'." },
		{ "{\"a\": 1, \"a\": 2}", "\xc3\xa9n gang" },
		{ "{\"a\": 1 2}", "',' eller '}'." },
		{ "{\"a\": [1, 2}", "',' eller ']'." },
		{ "{} {}", "ved '{': her skal indholdet v\xc3\xa6re slut." },
		{ "{\"a\": nul}", "ved 'nul': her skal st\xc3\xa5 en tekst i" },
		{ "{\"a\": }", "ved '}': her skal st\xc3\xa5 en v\xc3\xa6rdi." },
		{ "{\"\\u0000\": 1}", "tegnet NUL" },
		{ "{\"a\": \"\\u0000\"}", "\\u0000 kan ikke" },
		{ "{\"a\": 99999999999999999999}", "tallet er for stort." },
		{ "{\"a\": -99999999999999999999}", "negative tal er for stort." },
		{ "{\"a\": 1e999}", "tallet er for stort." },
		{ "{\"a\": \"b", "mangler et anf\xc3\xb8rselstegn." },
		{ "{\"a\": \"\n\"}", "skriv et linjeskift" },
		{ "{\"a\": \"\t\"}", "styretegnet 0x9" },
		{ "{\"a\": \"\\x\"}", "efter \\ skal" },
		{ "{\"a\": \"\\u12\"}", "efter \\ skal" },
		{ "{\"a\": \"\\ud800\"}", "er ikke et tegn." },
		{ "{\"a\": \"\xff\"}", "byten 0xff er ikke UTF-8." },
		{ "[]", "Indholdet er JSON, men ikke et objekt." },
	};
	char *reason, deep[41];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		reason = reason_danish(cases[i].body, strlen(cases[i].body));
		if (strstr(reason, cases[i].reason) == NULL ||
		    strstr(reason, " near ") != NULL)
			fail_msg("%s: %s", cases[i].body, reason);
		free(reason);
	}
	memset(deep, '[', sizeof(deep));
	reason = reason_danish(deep, sizeof(deep));
	assert_non_null(strstr(reason, "lag."));
	free(reason);
}

/* A booking with one more member is refused for it, or taken. */
static void
member_is(const char *member, const char *code)
{
	char *body = xasprintf("{\"room_id\":1,%s}", member), *text;
	enum api_problem problem;

	text = read_input(&problem, HTTP_POST, "/bookings", "", body);
	assert_int_equal(problem, code == NULL ? API_PROBLEMS :
	    API_PROBLEM_INVALID_INPUT);
	if (code != NULL && strstr(text, code) == NULL)
		fail_msg("%s: \"%s\" is not in %s", member, code, text);
	free(text);
	free(body);
}

static void
test_days_and_hours_must_be_of_the_calendar(void **state)
{
	(void)state;
	member_is("\"starts_local\":\"2028-02-29T23:59\"", NULL);
	member_is("\"starts_local\":\"2000-02-29T00:00\"", NULL);
	member_is("\"starts_local\":\"2100-02-29T00:00\"", "not-local-time");
	member_is("\"starts_local\":\"2030-04-31T09:00\"", "not-local-time");
	member_is("\"starts_local\":\"2030-13-01T09:00\"", "not-local-time");
	member_is("\"starts_local\":\"2030-00-01T09:00\"", "not-local-time");
	member_is("\"starts_local\":\"2030-01-01T24:00\"", "not-local-time");
	member_is("\"starts_local\":\"2030-01-01T09:60\"", "not-local-time");
	member_is("\"starts_local\":\"2030-01-01T09:00:00\"",
	    "not-local-time");
	member_is("\"starts_local\":\"2030-01-01T09:00Z\"",
	    "not-local-time");
	member_is("\"starts_local\":\"2030-1-01T09:00\"", "not-local-time");
	member_is("\"starts_local\":20300101", "not-local-time");
}

static void
test_values_must_be_of_their_type_and_within_bounds(void **state)
{
	char many[420] = "\"room_ids\":[1";
	int i;

	(void)state;
	for (i = 0; i < 200; i++)
		strcat(many, ",1");
	strcat(many, "]");
	member_is("\"head_count\":1", NULL);
	member_is("\"head_count\":null", NULL);
	member_is("\"head_count\":0", "not-integer");
	member_is("\"head_count\":1.0", "not-integer");
	member_is("\"head_count\":\"1\"", "not-integer");
	member_is("\"head_count\":true", "not-integer");
	member_is("\"room_ids\":null", "\"null\"");
	member_is("\"room_ids\":[1,2]", NULL);
	member_is("\"room_ids\":7", "not-array");
	member_is("\"room_ids\":[1,\"2\"]", "room_ids/1");
	member_is(many, "not-array");
	member_is("\"title\":7", "not-text");
	member_is("\"title\":\"a\\nb\"", "not-text");
	member_is("\"title\":\"a\xc2\x85\"", "not-text");
	member_is("\"notes\":\"a\\nb\"", NULL);
	member_is("\"kind\":\"party\"", "not-one-of");
	member_is("\"catering_diets\":{\"vegan\":3}", NULL);
	member_is("\"catering_diets\":[]", "not-object");
	member_is("\"catering_diets\":{\"vegan\":-1}",
	    "catering_diets/vegan");
}

static void
test_an_instant_is_in_utc(void **state)
{
	static const struct api_field field = {
		"at", API_BODY, API_INSTANT, 0, 0, 0, NULL, NULL, NULL,
	};
	static const char *const texts[] = {
		"2030-01-21T08:00:00Z", "2030-01-21T24:00:00Z",
		"2030-01-21T08:60:00Z", "2030-01-21T08:00:60Z",
		"2030-01-32T08:00:00Z", "2030-01-21T08:00:00+01:00",
	};
	struct api_faults faults = { false, NULL };
	struct json_value *value;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		value = json_value_text(texts[i]);
		api_check_value(&faults, &field, "at", value);
		assert_int_equal(json_value_count(faults.list), i);
		json_value_free(value);
	}
	api_faults_clear(&faults);
}

static void
test_lengths_count_characters_and_not_bytes(void **state)
{
	char text[420], *member;
	size_t i;

	(void)state;
	for (i = 0; i < 400; i += 2)
		memcpy(text + i, "\xc3\xa5", 2);
	text[400] = '\0';
	member = xasprintf("\"title\":\"%s\"", text);
	member_is(member, NULL);
	free(member);
	member = xasprintf("\"title\":\"%sa\"", text);
	member_is(member, "not-text");
	free(member);
}

static void
test_objects_in_a_body_are_checked_too(void **state)
{
	(void)state;
	is_refused(HTTP_POST, "/rooms", "", "{\"venue_id\":1,\"name\":\"A\","
	    "\"setups\":[{\"setup\":\"islands\",\"capacity\":0},"
	    "{\"capacity\":4,\"colour\":1}]}", API_PROBLEM_INVALID_INPUT,
	    "\"setups/0/capacity\"");
	is_refused(HTTP_POST, "/rooms", "", "{\"venue_id\":1,\"name\":\"A\","
	    "\"setups\":[{\"capacity\":4,\"colour\":1}]}",
	    API_PROBLEM_INVALID_INPUT, "\"setups/0/colour\"");
	is_refused(HTTP_POST, "/rooms", "", "{\"venue_id\":1,\"name\":\"A\","
	    "\"setups\":[{\"capacity\":4}]}",
	    API_PROBLEM_INVALID_INPUT, "\"setups/0/setup\"");
	is_refused(HTTP_POST, "/rooms", "", "{\"venue_id\":1,\"name\":\"A\","
	    "\"setups\":[7]}", API_PROBLEM_INVALID_INPUT, "not-object");
	is_refused(HTTP_POST, "/rooms", "", "{\"venue_id\":1,\"name\":\"\"}",
	    API_PROBLEM_INVALID_INPUT, "1 to 200");
}

/* ---- problems ---- */

static char *
document(enum api_problem problem, bool in_danish, const char *message,
    struct json_value *details)
{
	const struct api_problem_wish wish = {
		.problem = problem, .in_danish = in_danish,
		.base_url = "https://k.dk", .instance = "/api/v1/x",
		.message = message, .hint = "", .details = details,
	};

	return api_problem_document(&wish);
}

static void
test_a_problem_is_told_in_both_languages(void **state)
{
	char *text = document(API_PROBLEM_NOT_FOUND, false,
	    "there is no room 7", NULL);

	(void)state;
	assert_string_equal(text, "{\"type\":\"https://k.dk/api/problems/"
	    "not-found\",\"title\":\"There is no such thing\",\"status\":404,"
	    "\"detail\":\"there is no room 7\",\"instance\":\"/api/v1/x\","
	    "\"message\":\"there is no room 7\"}");
	free(text);
	text = document(API_PROBLEM_NOT_FOUND, true, "there is no room 7",
	    NULL);
	assert_string_equal(text, "{\"type\":\"https://k.dk/api/problems/"
	    "not-found\",\"title\":\"Det findes ikke\",\"status\":404,"
	    "\"detail\":\"Der er ikke noget lokale 7.\","
	    "\"instance\":\"/api/v1/x\","
	    "\"message\":\"Der er ikke noget lokale 7.\"}");
	free(text);
	/* what there is no Danish of is not said in English either */
	text = document(API_PROBLEM_NOT_FOUND, true, "there is no unicorn 7",
	    NULL);
	assert_non_null(strstr(text, "\"detail\":\"Det findes ikke, eller"));
	assert_null(strstr(text, "unicorn"));
	free(text);
}

static void
test_details_join_a_problem_and_replace_nothing(void **state)
{
	struct json_value *details = json_value_object();
	char *text;

	(void)state;
	json_value_set(details, "status", json_value_int(200));
	json_value_set(details, "conflicts", json_value_array());
	text = document(API_PROBLEM_IN_THE_WAY, false, NULL, details);
	assert_non_null(strstr(text, "\"status\":409"));
	assert_null(strstr(text, "200"));
	assert_non_null(strstr(text, "\"conflicts\":[]"));
	free(text);
}

static void
test_every_problem_and_fault_has_all_its_texts(void **state)
{
	const struct api_problem_text *text;
	int i, k;

	(void)state;
	for (i = 0; i < API_PROBLEMS; i++) {
		text = api_problem_text((enum api_problem)i);
		assert_in_range(text->status, 400, 599);
		for (k = 0; k < 2; k++) {
			assert_true(strlen(text->title[k]) > 5);
			assert_true(strlen(text->detail[k]) > 5);
		}
		for (k = 0; k < i; k++)
			assert_string_not_equal(text->name,
			    api_problem_text((enum api_problem)k)->name);
	}
}

static void
test_an_sqlstate_is_its_problem_or_a_fault(void **state)
{
	static const struct {
		const char	*sqlstate;
		int		 status;
	} cases[] = {
		{ "KG001", 403 }, { "KG002", 422 }, { "KG003", 412 },
		{ "KG004", 404 }, { "KG005", 422 }, { "KG006", 409 },
		{ "KG007", 409 }, { "KG401", 401 }, { "KG403", 403 },
		{ "KG409", 409 }, { "KG422", 422 }, { "KG999", 500 },
		{ "23P01", 409 }, { "40P01", 503 }, { "57014", 503 },
		{ "25006", 503 }, { "25001", 500 }, { "42883", 500 },
		{ "", 500 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(api_problem_text(api_problem_of_state(
		    cases[i].sqlstate))->status, cases[i].status);
}

static void
test_a_faults_sentence_is_filled_in(void **state)
{
	static const char *const fill[2] = { "1", "{}200" };
	struct json_value *list = json_value_array();
	char *text;

	(void)state;
	api_fault_add(list, true, API_FAULT_NOT_INT, "query", "limit", fill);
	text = json_value_format(list, false);
	assert_string_equal(text, "[{\"in\":\"query\",\"name\":\"limit\","
	    "\"code\":\"not-integer\",\"sentence\":\"skal v\xc3\xa6re et helt "
	    "tal fra 1 til {}200\"}]");
	free(text);
	json_value_free(list);
}

/* ---- the document ---- */

/* With each status that comes before the route is known: parser.h, and 408. */
static void
route_is_told(const struct json_value *path, const struct api_route *route)
{
	static const char *const refused[] = {
		"400", "408", "413", "414", "417", "421", "431", "503", "505",
	};
	static const char *const methods[] = {
		[HTTP_GET] = "get", [HTTP_POST] = "post", [HTTP_PUT] = "put",
		[HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete",
	};
	const struct json_value *responses = json_value_find(json_value_find(
	    path, methods[route->method]), "responses");
	size_t i;

	for (i = 0; i < ARRAY_LEN(refused); i++)
		assert_string_equal(json_value_get_text(json_value_find(
		    json_value_find(responses, refused[i]), "$ref")),
		    "#/components/responses/Problem");
}

static void
test_the_document_has_every_route(void **state)
{
	char *text = api_openapi_document("https://k.dk");
	struct json_value *document;
	const struct json_value *paths;
	const struct api_route *route;
	struct err err;
	size_t i;

	(void)state;
	assert_int_equal(json_value_parse(&document, text, strlen(text),
	    &err), 0);
	paths = json_value_find(document, "paths");
	for (i = 0; api_topics[i] != NULL; i++)
		for (route = api_topics[i]; route->name != NULL; route++)
			route_is_told(json_value_find(paths, route->path),
			    route);
	json_value_free(document);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_a_bearer_token_is_one_word_of_its_letters),
		cmocka_unit_test(
		    test_if_match_is_one_strong_tag_that_is_a_version),
		cmocka_unit_test(test_a_key_is_8_to_200_visible_characters),
		cmocka_unit_test(test_only_json_in_utf8_is_json),
		cmocka_unit_test(test_danish_unless_english_is_wanted_more),
		cmocka_unit_test(test_every_route_is_found_by_its_own_path),
		cmocka_unit_test(test_every_route_names_its_fields_once),
		cmocka_unit_test(test_a_path_without_names_wins),
		cmocka_unit_test(test_an_address_that_is_none_has_no_methods),
		cmocka_unit_test(test_path_query_and_body_become_one_object),
		cmocka_unit_test(test_a_query_becomes_values_of_its_types),
		cmocka_unit_test(test_a_query_that_cannot_be_read_is_refused),
		cmocka_unit_test(test_a_path_that_can_be_nothing_is_not_found),
		cmocka_unit_test(
		    test_a_name_counts_only_where_the_table_has_it),
		cmocka_unit_test(test_a_body_that_is_no_object_is_malformed),
		cmocka_unit_test(test_the_reason_is_text_whatever_it_quotes),
		cmocka_unit_test(test_the_reason_of_a_body_is_told_in_danish),
		cmocka_unit_test(test_days_and_hours_must_be_of_the_calendar),
		cmocka_unit_test(
		    test_values_must_be_of_their_type_and_within_bounds),
		cmocka_unit_test(test_an_instant_is_in_utc),
		cmocka_unit_test(test_lengths_count_characters_and_not_bytes),
		cmocka_unit_test(test_objects_in_a_body_are_checked_too),
		cmocka_unit_test(test_a_problem_is_told_in_both_languages),
		cmocka_unit_test(
		    test_details_join_a_problem_and_replace_nothing),
		cmocka_unit_test(
		    test_every_problem_and_fault_has_all_its_texts),
		cmocka_unit_test(test_an_sqlstate_is_its_problem_or_a_fault),
		cmocka_unit_test(test_a_faults_sentence_is_filled_in),
		cmocka_unit_test(test_the_document_has_every_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
