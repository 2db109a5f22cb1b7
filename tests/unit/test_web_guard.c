/*
 * Unit tests of src/web: what stands between a form and its page.
 *
 * The table of pages is this file's own.
 */
#include "web_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "web/visit.h"

static struct {
	int	 posts;
	char	*word;			/* of the form */
} seen;

static void
form_sent(struct visit *visit)
{
	seen.posts++;
	free(seen.word);
	seen.word = xstrdup_null(http_form_find(&visit->form, "ord"));
	visit_redirect(visit, "/tak?n=%d", 1);
}

const struct web_route web_routes[] = {
	{ "/ord", WEB_SESSION, NULL, form_sent },
	{ .path = NULL }
};

static void
is_refused(struct http_request *request, int status, const char *part)
{
	seen.posts = 0;
	serve(request, NULL);
	assert_int_equal(request->status, status);
	is_page(request);
	has(request->head, "\r\nCache-Control: private, no-store\r\n");
	has(request->body, part);
	has(request->body, "ntet er gemt");
	assert_int_equal(seen.posts, 0);
	play_clear(request);
}

static void
test_a_form_of_our_own_page_reaches_its_page(void **state)
{
	static const char *const types[] = {
		URLENCODED, URLENCODED "; charset=UTF-8",
		"Application/X-WWW-Form-Urlencoded",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(types); i++) {
		struct http_request request = post("/ord");

		play_field(&request, "content-type", types[i]);
		seen.posts = 0;
		serve(&request, NULL);
		assert_int_equal(request.status, 303);
		assert_int_equal(seen.posts, 1);
		assert_string_equal(seen.word, "fem");
		has(request.head, "\r\nLocation: /tak?n=1\r\n");
		has(request.head, "\r\nCache-Control: private, no-store\r\n");
		has_not(request.head, "Set-Cookie");
		play_clear(&request);
	}
}

static void
test_a_browser_that_names_no_origin_is_believed(void **state)
{
	static const char *const sites[] = { NULL, "same-origin", "none" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(sites); i++) {
		struct http_request request = post("/ord");

		play_field(&request, "origin", NULL);
		play_field(&request, "sec-fetch-site", sites[i]);
		serve(&request, NULL);
		assert_int_equal(request.status, 303);
		play_clear(&request);
	}
}

static void
test_a_form_of_a_foreign_page_is_refused(void **state)
{
	static const char *const origins[] = {
		"https://example.com", "https://kalender.example",
		"http://kalender.example:8443", "null", "",
		"https://kalender.example:8443.evil.example",
		"https://x.kalender.example:8443",
		"https://kalender.example:8443/",
		"https://kalender.example:8443, https://example.com",
	};
	struct http_request request;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(origins); i++) {
		request = post("/ord");
		play_field(&request, "origin", origins[i]);
		is_refused(&request, 403, "en anden side end vores");
	}
	request = post("/ord");
	play_field(&request, "sec-fetch-site", "cross-site");
	is_refused(&request, 403, "en anden side end vores");
}

/* Browsers write an origin in lower case and without the port 443. */
static void
test_an_origin_is_ours_however_base_url_is_written(void **state)
{
	static const struct {
		const char *base_url, *origin;
		int status;
	} cases[] = {
		{ "https://Kalender.Example:443", "https://kalender.example",
		    303 },
		{ "https://kalender.example:8443", "https://kalender.example",
		    403 },
		{ "https://kalender.example", "https://kalender.example",
		    303 },
	};
	struct web_options options = { .limit_ms = 1500 };
	struct http_request request;
	struct web *web;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		options.base_url = cases[i].base_url;
		web = web_new(NULL, NULL, &options);
		request = post("/ord");
		play_field(&request, "origin", cases[i].origin);
		web_request(web, &request);
		assert_int_equal(request.status, cases[i].status);
		play_clear(&request);
		web_free(web);
	}
}

static void
test_a_foreign_page_is_told_nothing_about_the_form(void **state)
{
	struct http_request request = post("/ord");

	(void)state;
	play_field(&request, "origin", "https://example.com");
	play_field(&request, "content-type", "text/plain");
	play_field(&request, "cookie", NULL);
	request.sent = "%";
	is_refused(&request, 403, "en anden side end vores");
}

static void
test_what_is_no_form_is_415(void **state)
{
	static const char *const types[] = {
		NULL, "", "text/plain", "application/json",
		"multipart/form-data; boundary=x", URLENCODED "x",
	};
	struct http_request request;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(types); i++) {
		request = post("/ord");
		play_field(&request, "content-type", types[i]);
		is_refused(&request, 415, "Vi kunne ikke læse det");
	}
	request = post("/ord");
	play_field(&request, "content-encoding", "gzip");
	is_refused(&request, 415, "Vi kunne ikke læse det");
}

static void
test_a_form_that_cannot_be_read_is_400(void **state)
{
	static const char *const bodies[] = { "ord=%", "ord=%00", "a=1&a=1" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bodies); i++) {
		struct http_request request = post("/ord");

		request.sent = bodies[i];
		is_refused(&request, 400, "Vi kunne ikke læse det");
	}
}

static void
csrf_is_refused(const char *csrf, const char *cookie)
{
	struct http_request request;
	char body[200];

	snprintf(body, sizeof(body), "ord=fem%s%s",
	    csrf == NULL ? "" : "&csrf=", csrf == NULL ? "" : csrf);
	request = post("/ord");
	request.sent = body;
	play_field(&request, "cookie", cookie);
	is_refused(&request, 403, "Gå tilbage, genindlæs siden, og prøv igen.");
}

static void
test_a_form_with_another_csrf_than_the_cookies_is_refused(void **state)
{
	static const char ours[] = "__Host-kattegat=" COOKIE;
	char text[80];

	(void)state;
	csrf_is_refused(NULL, ours);
	csrf_is_refused("", ours);
	csrf_is_refused(csrf_of(OTHER_COOKIE), ours);
	csrf_is_refused(COOKIE, ours);
	snprintf(text, sizeof(text), "%sf", csrf_of(COOKIE));
	csrf_is_refused(text, ours);
	text[31] = '\0';
	csrf_is_refused(text, ours);
}

static void
test_a_form_without_a_good_cookie_is_refused(void **state)
{
	(void)state;
	csrf_is_refused(csrf_of(COOKIE), NULL);
	csrf_is_refused("", NULL);
	csrf_is_refused(csrf_of(""), "__Host-kattegat=");
	csrf_is_refused(csrf_of("a"), "__Host-kattegat=a");
	csrf_is_refused(csrf_of(COOKIE), "kattegat=" COOKIE);
	csrf_is_refused(csrf_of(COOKIE),
	    "__Host-kattegat=" COOKIE "; __Host-kattegat=" COOKIE);
}

static int
quiet(void **state)
{
	(void)state;
	log_open("test_web_guard", LOG_LEVEL_ERROR);
	return 0;
}

static int
forget(void **state)
{
	(void)state;
	play_forget();
	free(seen.word);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_form_of_our_own_page_reaches_its_page),
		cmocka_unit_test(
		    test_a_browser_that_names_no_origin_is_believed),
		cmocka_unit_test(test_a_form_of_a_foreign_page_is_refused),
		cmocka_unit_test(
		    test_an_origin_is_ours_however_base_url_is_written),
		cmocka_unit_test(
		    test_a_foreign_page_is_told_nothing_about_the_form),
		cmocka_unit_test(test_what_is_no_form_is_415),
		cmocka_unit_test(test_a_form_that_cannot_be_read_is_400),
		cmocka_unit_test(
		    test_a_form_with_another_csrf_than_the_cookies_is_refused),
		cmocka_unit_test(test_a_form_without_a_good_cookie_is_refused),
	};

	return cmocka_run_group_tests(tests, quiet, forget);
}
