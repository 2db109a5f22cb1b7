/*
 * Unit tests of src/api: what path, query and body become, or are refused for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "api/check.h"
#include "api/input.h"
#include "api/route.h"

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
		"at", API_BODY, API_INSTANT, 0, 0, 0, NULL, NULL, NULL, 0,
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
