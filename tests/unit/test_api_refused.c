/*
 * Unit tests of src/api: what the server refuses, and the pages about problems.
 */
#include "api_play.h"

#include <stdlib.h>
#include <string.h>

#include "page/out.h"

/* ---- what the server refuses ---- */

static const struct http_limits limits = {
	.request_line_bytes = 8192, .header_bytes = 16384, .header_fields = 100,
	.body_bytes = 65536,
};

/* As a problem of the API; the caller clears both. */
static void
refuse(struct play *play, int status, const char *language, struct buf *fields,
    struct buf *body)
{
	const struct http_refusal refusal = {
		.status = status, .why = "Wrong \"so\".",
		.path = "/api/<\"\r\n", .language = language,
		.limits = &limits,
	};

	buf_init(fields);
	buf_init(body);
	assert_true(api_refused(play->api, &refusal, fields, body));
	has(body->data, "\"reason\":\"Wrong \\\"so\\\".\"");
	has_not(body->data, "<");
	has_not(body->data, "instance");
	has_not(fields->data, "\r\n\r\n");
	assert_string_equal(fields->data + fields->length - 2, "\r\n");
}

static void
test_why_it_was_refused_is_told_in_danish(void **state)
{
	const struct http_refusal refusal = {
		.status = 400, .why = "A field has no colon.", .path = "/api",
		.language = "da", .limits = &limits,
	};
	struct buf fields = BUF_INIT, body = BUF_INIT;
	struct play *play = *state;

	assert_true(api_refused(play->api, &refusal, &fields, &body));
	has(body.data, "\"reason\":\"Et felt i hovedet har intet kolon.\"");
	buf_clear(&fields);
	buf_clear(&body);
}

static void
test_what_the_server_refuses_is_a_problem_in_two_languages(void **state)
{
	static const struct {
		int		 status;
		const char	*name, *english, *danish, *details;
	} cases[] = {
		{ 400, "malformed-request", "cannot be read", "ikke læses", "" },
		{ 405, "method-not-allowed", "be done here", "ikke gøres", "" },
		{ 408, "too-slow", "come in time", "kom ikke i tide", "" },
		{ 413, "body-too-large", "body is too", "er for stort",
		    "\"limit_bytes\":65536" },
		{ 414, "address-too-long", "address is too", "er for lang",
		    "\"limit_bytes\":8192" },
		{ 417, "no-such-expectation", "expected", "forventes", "" },
		{ 421, "other-host", "This host", "det navn", "" },
		{ 431, "head-too-large", "in the head", "meget i hovedet",
		    "\"limit_bytes\":16384,\"limit_fields\":100" },
		{ 505, "other-http-version", "is not spoken", "bruges ikke",
		    "" },
	};
	struct buf fields, body;
	char *told;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		told = xasprintf("{\"type\":\"https://k.example/api/problems/"
		    "%s\",\"title\":", cases[i].name);
		refuse(*state, cases[i].status, "en", &fields, &body);
		has(body.data, told);
		has(body.data, cases[i].english);
		has(body.data, cases[i].details);
		has(fields.data, "Content-Language: en\r\n");
		buf_clear(&fields);
		buf_clear(&body);
		refuse(*state, cases[i].status, NULL, &fields, &body);
		has(body.data, told);
		has(body.data, cases[i].danish);
		has(fields.data, "Content-Language: da\r\n");
		buf_clear(&fields);
		buf_clear(&body);
		free(told);
	}
}

static void
test_a_refusal_has_the_fields_of_every_answer(void **state)
{
	static const char *const lines[] = {
		"Content-Type: application/problem+json\r\n",
		"\r\nVary: Accept-Language\r\n",
		"\r\nCache-Control: private, no-store\r\n",
		"\r\nX-Content-Type-Options: nosniff\r\n",
		"\r\nStrict-Transport-Security: max-age=31536000\r\n",
		"\r\nCross-Origin-Resource-Policy: same-origin\r\n",
		"\r\nContent-Security-Policy: default-src 'none'; "
		    "style-src 'self'; frame-ancestors 'none'\r\n",
		"\r\nReferrer-Policy: no-referrer\r\n",
	};
	struct http_request request;
	struct buf fields, body;
	size_t i;

	refuse(*state, 413, "da", &fields, &body);
	prepare(&request, HTTP_GET, "/api/v1/nothing", NULL);
	ask(*state, &request, NULL);
	for (i = 0; i < ARRAY_LEN(lines); i++) {
		has(fields.data, lines[i]);
		has(request.head, lines[i]);
	}
	play_clear(&request);
	buf_clear(&fields);
	buf_clear(&body);
}

static void
test_a_status_without_a_problem_is_left_to_the_server(void **state)
{
	const struct http_refusal refusal = {
		.status = 418, .why = "", .path = "/api", .limits = &limits,
	};
	struct play *play = *state;
	struct buf fields = BUF_INIT, body = BUF_INIT;

	assert_false(api_refused(play->api, &refusal, &fields, &body));
	assert_int_equal(fields.length + body.length, 0);
}

/* ---- pages about problems ---- */

static void
page(struct play *play, struct http_request *request, const char *path)
{
	memset(request, 0, sizeof(*request));
	request->path = path;
	ask(play, request, NULL);
	assert_int_equal(request->status, 200);
	has(request->head, "\r\nContent-Type: text/html; charset=utf-8\r\n");
	has(request->head, "\r\nContent-Language: da, en\r\n");
	has(request->head, "\r\nCache-Control: public, max-age=3600\r\n");
	has(request->head, "\r\nContent-Security-Policy: default-src 'none'");
	has(request->body, "<html lang=\"da\">");
}

static void
has_escaped(const struct http_request *request, const char *part)
{
	struct out out = OUT_INIT;

	out_text(&out, part);
	has(request->body, out.buf.data);
	out_clear(&out);
}

struct told {
	int		 status;
	const char	*name, *texts[4];
};

/* What stands in problems.def is what a client finds there. */
static void
test_every_type_of_problem_leads_to_words_for_people(void **state)
{
	static const struct told problems[] = {
#define API_PROBLEM(id, status, name, title, title_da, detail, detail_da) \
		{ status, name, { title, title_da, detail, detail_da } },
#include "api/problems.def"
	};
	const struct told *problem;
	struct http_request all, one;
	char *path, *type;
	size_t i;

	page(*state, &all, "/api/problems");
	has(all.body, "https://k.example/api/v1/openapi.json");
	for (problem = problems; problem < problems + ARRAY_LEN(problems);
	    problem++) {
		path = xasprintf("/api/problems/%s", problem->name);
		type = xasprintf("<code>%d · https://k.example%s"
		    "</code>", problem->status, path);
		page(*state, &one, path);
		has(one.body, "<link rel=\"stylesheet\" href=\"/static/x.css\">");
		has(one.body, type);
		has(all.body, type);
		for (i = 0; i < ARRAY_LEN(problem->texts); i++) {
			has_escaped(&one, problem->texts[i]);
			has_escaped(&all, problem->texts[i]);
		}
		play_clear(&one);
		free(type);
		free(path);
	}
	play_clear(&all);
}

static void
test_a_problem_that_is_none_and_a_page_that_is_written_to(void **state)
{
	static const char *const none[] = {
		"/api/problems/", "/api/problems/nothing",
		"/api/problems/not-found/", "/api/problemsxnot-found",
	};
	struct http_request request;
	size_t i;

	for (i = 0; i < ARRAY_LEN(none); i++) {
		prepare(&request, HTTP_GET, none[i], NULL);
		ask(*state, &request, NULL);
		assert_int_equal(request.status, 404);
		has(request.body, "/api/problems/no-such-address\"");
		play_clear(&request);
	}
	prepare(&request, HTTP_POST, "/api/problems/not-found", "{}");
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 405);
	has(request.head, "\r\nAllow: GET, HEAD, OPTIONS\r\n");
	play_clear(&request);
	prepare(&request, HTTP_OPTIONS, "/api/problems", NULL);
	ask(*state, &request, NULL);
	assert_int_equal(request.status, 204);
	play_clear(&request);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_why_it_was_refused_is_told_in_danish),
		TEST(test_what_the_server_refuses_is_a_problem_in_two_languages),
		TEST(test_a_refusal_has_the_fields_of_every_answer),
		TEST(test_a_status_without_a_problem_is_left_to_the_server),
		TEST(test_every_type_of_problem_leads_to_words_for_people),
		TEST(test_a_problem_that_is_none_and_a_page_that_is_written_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
