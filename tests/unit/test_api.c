/*
 * Unit tests of src/api and src/store/api: a request's way to the database and back.
 */
#include "api_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

static const char booking[] = "{\"room_id\":3,\"title\":\"A\"}";

/* ---- the tests ---- */

static void
test_paths_of_the_room(void **state)
{
	(void)state;
	assert_true(api_owns("/api"));
	assert_true(api_owns("/api/"));
	assert_true(api_owns("/api/v1/bookings"));
	assert_false(api_owns("/apis"));
	assert_false(api_owns("/"));
	assert_false(api_owns("/f/api"));
}

static void
test_a_request_is_one_call_with_hash_and_input(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings", booking);
	ask(*state, &request, &made);
	assert_string_equal(call.params[0], "booking_create");
	assert_false(call.reads);
	/* printf TOKEN | sha256sum */
	assert_string_equal(call.params[1], "\\x71c480df93d6ae2f1efad1447c66c9"
	    "525e316218cf51fc8d9ed832f2daf18b73");
	assert_string_equal(call.params[2], booking);
	assert_null(call.params[3]);
	assert_null(call.params[4]);
	assert_null(call.params[5]);
	assert_int_equal(request.status, 201);
	assert_string_equal(request.body, "{\"id\": 7, \"version\": 1}");
	has(request.head, "HTTP/1.1 201 ");
	has(request.head, "\r\nContent-Type: application/json\r\n");
	has(request.head, "\r\nContent-Length: 23\r\n");
	has(request.head, "\r\nCache-Control: private, no-store\r\n");
	has(request.head, "\r\nKattegat-Version: 812\r\n");
	has(request.head, "\r\nETag: \"1\"\r\n");
	has(request.head, "\r\nLocation: /api/v1/bookings/7\r\n");
	play_clear(&request);
}

static void
test_what_was_committed_is_bumped_before_the_answer(void **state)
{
	struct play *play = *state;
	uint32_t slot = generations_slot("room:3", 6);
	uint64_t mark = generations_mark(play->generations);
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings", booking);
	ask(play, &request, &made);
	assert_true(generations_moved(play->generations, &slot, 1, mark));
	play_clear(&request);
}

static void
test_it_is_bumped_too_when_the_client_has_gone(void **state)
{
	struct play *play = *state;
	uint32_t slot = generations_slot("room:3", 6);
	uint64_t mark = generations_mark(play->generations);
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings", booking);
	api_request(play->api, &request);
	api_gone(play->api, &request);
	database_answers(&made);
	assert_int_equal(request.answers, 0);
	assert_true(generations_moved(play->generations, &slot, 1, mark));
}

static void
test_a_read_names_its_snapshot(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_GET, "/api/v1/bookings/7", NULL);
	ask(*state, &request, &found);
	assert_string_equal(call.params[0], "booking_get");
	assert_string_equal(call.params[2], "{\"booking_id\":7}");
	assert_true(call.reads);
	assert_int_equal(request.status, 200);
	has(request.head, "\r\nKattegat-Version: 810:812:\r\n");
	play_clear(&request);
}

static void
test_what_has_not_changed_is_304_without_a_body(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_GET, "/api/v1/bookings/7", NULL);
	play_field(&request, "if-none-match", "W/\"4\"");
	ask(*state, &request, &found);
	assert_int_equal(request.status, 304);
	assert_null(request.body);
	has(request.head, "\r\nETag: \"4\"\r\n");
	has_not(request.head, "Content-Length");
	play_clear(&request);
}

static void
test_a_write_is_never_304(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings/7/cancel", NULL);
	play_field(&request, "if-match", "\"3\"");
	play_field(&request, "if-none-match", "\"4\"");
	ask(*state, &request, &found);
	assert_int_equal(request.status, 200);
	assert_non_null(request.body);
	play_clear(&request);
}

static void
test_a_version_goes_with_the_call(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings/7/cancel", NULL);
	play_field(&request, "if-match", "\"12\"");
	ask(*state, &request, &found);
	assert_string_equal(call.params[3], "12");
	play_clear(&request);
}

static void
test_without_a_version_nothing_is_asked(void **state)
{
	static const struct {
		const char	*if_match;
		int		 status;
	} cases[] = {
		{ NULL, 428 }, { "*", 428 }, { "\"x\"", 412 }, { "1", 400 },
	};
	struct http_request request;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		prepare(&request, HTTP_POST, "/api/v1/bookings/7/cancel",
		    NULL);
		if (cases[i].if_match != NULL)
			play_field(&request, "if-match", cases[i].if_match);
		ask(*state, &request, NULL);
		assert_int_equal(request.status, cases[i].status);
		play_clear(&request);
	}
}

/* Books with a key; gives the request's hash. */
static char *
hash_of(struct play *play, const char *path, const char *body)
{
	struct http_request request;

	prepare(&request, HTTP_POST, path, body);
	play_field(&request, "idempotency-key", "key-12345");
	play_field(&request, "if-match", "\"1\"");
	ask(play, &request, &made);
	play_clear(&request);
	assert_string_equal(call.params[4], "key-12345");
	assert_int_equal(strlen(call.params[5]), 2 + 64);
	return xstrdup(call.params[5]);
}

static void
test_a_keys_hash_is_of_what_is_asked_and_not_of_its_spelling(void **state)
{
	char *first = hash_of(*state, "/api/v1/bookings", booking);
	char *spelt = hash_of(*state, "/api/v1/bookings",
	    "{ \"title\" : \"\\u0041\",\n\"room_id\":3 }");
	char *other = hash_of(*state, "/api/v1/bookings",
	    "{\"room_id\":3,\"title\":\"B\"}");
	char *there = hash_of(*state, "/api/v1/bookings/7/cancel", NULL);
	char *here = hash_of(*state, "/api/v1/bookings/7/restore", NULL);

	assert_string_equal(first, spelt);
	assert_string_not_equal(first, other);
	assert_string_not_equal(there, here);
	free(first);
	free(spelt);
	free(other);
	free(there);
	free(here);
}

static void
test_a_malformed_key_is_refused(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings", booking);
	play_field(&request, "idempotency-key", "short");
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 400);
	has(request.body, "\"header\":\"Idempotency-Key\"");
	play_clear(&request);
}

static void
test_without_a_token_nothing_is_asked(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings", booking);
	request.fields[0].name = "cookie";
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 401);
	has(request.head, "\r\nWWW-Authenticate: Bearer realm=\"kattegat\"\r\n");
	has(request.head, "\r\nContent-Type: application/problem+json\r\n");
	has(request.head, "\r\nContent-Language: en\r\n");
	play_clear(&request);
}

static const struct pg_reply nobody = {
	.status = PG_REFUSED, .sqlstate = "KG401", .message = "nobody",
};

static void
test_unknown_tokens_of_one_address_become_429(void **state)
{
	static const int statuses[] = { 401, 401, 429, 429 };
	struct http_request request;
	size_t i;

	for (i = 0; i < ARRAY_LEN(statuses); i++) {
		prepare(&request, HTTP_GET, "/api/v1/me", NULL);
		ask(*state, &request, &nobody);
		assert_int_equal(request.status, statuses[i]);
		play_clear(&request);
	}
	prepare(&request, HTTP_GET, "/api/v1/me", NULL);
	request.address[0] = 1;
	ask(*state, &request, &nobody);
	assert_int_equal(request.status, 401);
	has(request.head, "error=\"invalid_token\"");
	play_clear(&request);
}

static void
test_a_token_that_was_good_once_is_never_429(void **state)
{
	static const struct pg_reply ended = {
		.status = PG_REFUSED, .sqlstate = "KG401",
		.message = "nobody", .detail = "{\"once_valid\": true}",
	};
	struct http_request request;
	int i;

	for (i = 0; i < 5; i++) {
		prepare(&request, HTTP_GET, "/api/v1/me", NULL);
		ask(*state, &request, &ended);
		assert_int_equal(request.status, 401);
		has_not(request.body, "once_valid");
		play_clear(&request);
	}
}

static void
test_a_packed_body_is_not_json(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings", booking);
	play_field(&request, "content-encoding", "gzip");
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 415);
	play_clear(&request);
}

static void
test_a_refusal_of_ours_carries_its_details(void **state)
{
	static const struct pg_reply taken = {
		.status = PG_REFUSED, .sqlstate = "KG007",
		.message = "the room is taken", .hint = "another room",
		.detail = "{\"conflicts\": [{\"title\": \"B\"}], \"type\": 1}",
	};
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings", booking);
	ask(*state, &request, &taken);
	assert_int_equal(request.status, 409);
	has(request.body, "\"type\":\"https://k.example/api/problems/"
	    "in-the-way\"");
	has(request.body, "\"detail\":\"the room is taken\"");
	has(request.body, "\"hint\":\"another room\"");
	has(request.body, "\"conflicts\":[{\"title\":\"B\"}]");
	has(request.body, "\"instance\":\"/api/v1/bookings\"");
	play_clear(&request);
}

static void
test_names_that_the_database_refuses_are_told_like_the_checks(void **state)
{
	static const struct pg_reply refused = {
		.status = PG_REFUSED, .sqlstate = "KG005",
		.message = "too many", .detail = "{\"fields\": [\"room_ids\"]}",
	};
	struct http_request request;

	prepare(&request, HTTP_POST, "/api/v1/bookings", booking);
	ask(*state, &request, &refused);
	assert_int_equal(request.status, 422);
	has(request.body, "\"fields\":[{\"name\":\"room_ids\","
	    "\"code\":\"refused\",\"sentence\":\"too many\"}]");
	play_clear(&request);
}

static void
test_what_is_not_ours_is_not_repeated(void **state)
{
	static const struct {
		struct pg_reply	reply;
		int		status;
	} cases[] = {
		{ { .status = PG_REFUSED, .sqlstate = "23505",
		    .message = "secret", .detail = "{\"k\": \"secret\"}" },
		    409 },
		{ { .status = PG_REFUSED, .sqlstate = "22P02",
		    .message = "secret", .hint = "secret" }, 500 },
		{ { .status = PG_REFUSED, .sqlstate = "57014",
		    .message = "secret" }, 503 },
	};
	struct http_request request;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		prepare(&request, HTTP_POST, "/api/v1/bookings", booking);
		ask(*state, &request, &cases[i].reply);
		assert_int_equal(request.status, cases[i].status);
		has_not(request.body, "secret");
		play_clear(&request);
	}
}

static void
test_no_answer_is_503_and_of_a_write_says_that_nobody_knows(void **state)
{
	static const struct {
		enum pg_status	 status;
		enum http_method method;
		const char	*problem;
	} cases[] = {
		{ PG_AWAY, HTTP_GET, "/away" },
		{ PG_LATE, HTTP_GET, "/away" },
		{ PG_AWAY, HTTP_POST, "/outcome-unknown" },
		{ PG_LATE, HTTP_POST, "/outcome-unknown" },
		{ PG_BUSY, HTTP_POST, "/busy" },
		{ PG_UNSENT, HTTP_POST, "/away" },
		{ PG_UNSENT, HTTP_GET, "/away" },
	};
	struct http_request request;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		prepare(&request, cases[i].method, "/api/v1/bookings",
		    cases[i].method == HTTP_POST ? booking : NULL);
		ask(*state, &request,
		    &(struct pg_reply){ .status = cases[i].status });
		assert_int_equal(request.status, 503);
		has(request.body, cases[i].problem);
		has(request.head, "\r\nRetry-After: 2\r\n");
		play_clear(&request);
	}
}

static void
test_methods_of_an_address_are_told(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_DELETE, "/api/v1/venues", NULL);
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 405);
	has(request.head, "\r\nAllow: GET, HEAD, POST, OPTIONS\r\n");
	play_clear(&request);
	prepare(&request, HTTP_OPTIONS, "/api/v1/venues/7", NULL);
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 204);
	assert_null(request.body);
	has(request.head, "\r\nAllow: GET, HEAD, PATCH, OPTIONS\r\n");
	has_not(request.head, "Content-Length");
	play_clear(&request);
	prepare(&request, HTTP_OTHER, "/api/v1/venues", NULL);
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 405);
	play_clear(&request);
}

static void
test_an_address_that_is_none_is_told_as_it_may_stand_in_one(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_GET, "/api/v1/\xc3\xa5 \"<", NULL);
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 404);
	has(request.body, "\"instance\":\"/api/v1/%C3%A5%20%22%3C\"");
	play_clear(&request);
	prepare(&request, HTTP_GET, "/api/v1bookings", NULL);
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 404);
	play_clear(&request);
}

static void
test_the_document_needs_no_token_and_no_database(void **state)
{
	struct http_request request;
	char *etag;

	prepare(&request, HTTP_GET, "/api/v1/openapi.json", NULL);
	request.fields[0].name = "x";
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 200);
	has(request.body, "{\"openapi\":\"3.1.0\"");
	etag = xstrndup(strstr(request.head, "ETag: ") + 6, 18);
	play_clear(&request);
	prepare(&request, HTTP_HEAD, "/api/v1/openapi.json", NULL);
	play_field(&request, "if-none-match", etag);
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 304);
	play_clear(&request);
	free(etag);
}

static void
test_a_min_version_is_a_number(void **state)
{
	struct http_request request;

	prepare(&request, HTTP_GET, "/api/v1/me", NULL);
	play_field(&request, "kattegat-min-version", "812");
	ask(*state, &request, &found);
	assert_int_equal(request.status, 200);
	play_clear(&request);
	prepare(&request, HTTP_GET, "/api/v1/me", NULL);
	play_field(&request, "kattegat-min-version", "812:");
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 400);
	play_clear(&request);
}

static void
test_an_api_that_goes_answers_nobody(void **state)
{
	struct play *play = *state;
	struct http_request request;

	prepare(&request, HTTP_GET, "/api/v1/me", NULL);
	api_request(play->api, &request);
	assert_non_null(request.note);
	api_free(play->api);
	play->api = NULL;
	assert_null(request.note);
	database_answers(&found);
	assert_int_equal(request.answers, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths_of_the_room),
		TEST(test_a_request_is_one_call_with_hash_and_input),
		TEST(test_what_was_committed_is_bumped_before_the_answer),
		TEST(test_it_is_bumped_too_when_the_client_has_gone),
		TEST(test_a_read_names_its_snapshot),
		TEST(test_what_has_not_changed_is_304_without_a_body),
		TEST(test_a_write_is_never_304),
		TEST(test_a_version_goes_with_the_call),
		TEST(test_without_a_version_nothing_is_asked),
		TEST(test_a_keys_hash_is_of_what_is_asked_and_not_of_its_spelling),
		TEST(test_a_malformed_key_is_refused),
		TEST(test_without_a_token_nothing_is_asked),
		TEST(test_unknown_tokens_of_one_address_become_429),
		TEST(test_a_token_that_was_good_once_is_never_429),
		TEST(test_a_packed_body_is_not_json),
		TEST(test_a_refusal_of_ours_carries_its_details),
		TEST(test_names_that_the_database_refuses_are_told_like_the_checks),
		TEST(test_what_is_not_ours_is_not_repeated),
		TEST(test_no_answer_is_503_and_of_a_write_says_that_nobody_knows),
		TEST(test_methods_of_an_address_are_told),
		TEST(test_an_address_that_is_none_is_told_as_it_may_stand_in_one),
		TEST(test_the_document_needs_no_token_and_no_database),
		TEST(test_a_min_version_is_a_number),
		TEST(test_an_api_that_goes_answers_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
