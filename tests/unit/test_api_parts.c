/*
 * Unit tests of the parts of src/api: header fields, the table, problems,
 * the document. The check of input is in test_api_input.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "api/head.h"
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
test_if_match_names_versions_by_strong_tags(void **state)
{
	static const struct {
		const char		*field;
		enum api_precondition	 what;
		const char		*versions;
	} cases[] = {
		{ NULL, API_PRECONDITION_NONE, NULL },
		{ "*", API_PRECONDITION_ANY, NULL },
		{ "W/\"3\"", API_PRECONDITION_VERSION, "{}" },
		{ "\"3\", \"2\"", API_PRECONDITION_VERSION, "{3,2}" },
		{ "\"x\",W/\"3\" ,\"1\"", API_PRECONDITION_VERSION, "{1}" },
		{ "\"3-0a1b2c3d\"", API_PRECONDITION_VERSION, NULL },
		{ "\"3\"", API_PRECONDITION_VERSION, NULL },
		{ "\"3-busy\"", API_PRECONDITION_NEVER, NULL },
		{ "\"\"", API_PRECONDITION_NEVER, NULL },
		{ "\"03\"", API_PRECONDITION_NEVER, NULL },
		{ "\"-3\"", API_PRECONDITION_NEVER, NULL },
		{ "\"2147483648\"", API_PRECONDITION_NEVER, NULL },
		{ "\"333333333333333333333333\"", API_PRECONDITION_NEVER, NULL },
		{ "3", API_PRECONDITION_MALFORMED, NULL },
		{ "\"3", API_PRECONDITION_MALFORMED, NULL },
		{ "\"3\", 4", API_PRECONDITION_MALFORMED, NULL },
		{ "\"3\" \"4\"", API_PRECONDITION_MALFORMED, NULL },
		{ "\"3 4\"", API_PRECONDITION_MALFORMED, NULL },
	};
	int64_t version;
	char *versions;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		version = 3;
		assert_int_equal(api_if_match_read(&version, &versions,
		    cases[i].field), cases[i].what);
		assert_int_equal(version, 3);
		assert_true((versions == NULL) == (cases[i].versions == NULL));
		if (versions != NULL)
			assert_string_equal(versions, cases[i].versions);
		free(versions);
	}
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
		    test_if_match_names_versions_by_strong_tags),
		cmocka_unit_test(test_a_key_is_8_to_200_visible_characters),
		cmocka_unit_test(test_only_json_in_utf8_is_json),
		cmocka_unit_test(test_danish_unless_english_is_wanted_more),
		cmocka_unit_test(test_every_route_is_found_by_its_own_path),
		cmocka_unit_test(test_every_route_names_its_fields_once),
		cmocka_unit_test(test_a_path_without_names_wins),
		cmocka_unit_test(test_an_address_that_is_none_has_no_methods),
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
