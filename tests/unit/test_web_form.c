/*
 * Unit tests of src/web: methods, addresses, the cookie, forms.
 *
 * The table of pages is this file's own. What pages ask the database is in
 * test_web_ask.c.
 */
#include "web_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "web/visit.h"

/* ---- pages ---- */

static struct seen {
	int	 gets, posts;
	char	*segments[VISIT_SEGMENTS_MOST];
} seen;

static void
words_missing(struct out *out, long number)
{
	out_text(out, "Skriv et ord på ");
	out_int(out, number);
	out_text(out, " bogstaver");
}

static void
words_wrong(struct out *out, long number)
{
	(void)number;
	out_text(out, "Det passer ikke");
}

/* Both fields wrong, for one address; else a form to fill in. */
static void
form_page(struct visit *visit)
{
	struct view_form form = visit_form(visit);
	struct view_frame frame = visit_frame(visit);
	struct view_field *word, *code;
	struct out out = OUT_INIT;
	const char *kind = visit->segments[0];

	seen.gets++;
	word = view_form_add(&form, "ord", "a\"b");
	code = view_form_add(&form, "kode", NULL);
	if (kind != NULL && strcmp(kind, "forkert") == 0) {
		word->mistake = words_missing;
		word->number = 7;
		code->mistake = words_wrong;
	} else if (kind != NULL && strcmp(kind, "afvist") == 0) {
		form.refusal = words_wrong;
	} else if (kind != NULL && strcmp(kind, "kendt") == 0) {
		frame.person = "Eva <Holm>";
	}
	part_top_begin(&out);
	part_mistake_mark(&out, &form);
	out_text(&out, "Prøve");
	part_top_end(&out, &frame);
	out_text_raw(&out, "<h1>Prøve</h1>\n");
	part_mistakes(&out, &form);
	part_form_begin(&out, &form, NULL);
	part_field(&out, word, VIEW_INPUT_TEXT, "Ord", "Et godt et");
	part_field(&out, code, VIEW_INPUT_CODE, "Kode", NULL);
	out_text_raw(&out, "</form>\n");
	part_foot(&out);
	visit_private_page(visit, form.refusal != NULL ? 422 : 200, &out);
}

static void
form_sent(struct visit *visit)
{
	seen.posts++;
	visit_redirect(visit, "/tak");
}

static void
signed_in(struct visit *visit)
{
	seen.posts++;
	visit_set_cookie(visit, OTHER_COOKIE);
	visit_redirect(visit, "/konto");
}

static void
signed_out(struct visit *visit)
{
	seen.posts++;
	visit_clear_cookie(visit);
	visit_redirect(visit, "/");
}

static void
segments(struct visit *visit)
{
	int i;

	for (i = 0; i < VISIT_SEGMENTS_MOST; i++) {
		free(seen.segments[i]);
		seen.segments[i] = xstrdup_null(visit->segments[i]);
	}
	visit_redirect(visit, "/");
}

static void
waits(struct visit *visit)
{
	visit_too_many(visit, 90);
}

const struct web_route web_routes[] = {
	{ "/ord", WEB_SESSION, form_page, form_sent },
	{ "/ord/{kind}", WEB_SESSION, form_page, form_sent },
	{ "/ind", WEB_SESSION, NULL, signed_in },
	{ "/af", WEB_SESSION, NULL, signed_out },
	{ "/s/fast", WEB_SESSION | WEB_SECRET, waits, NULL },
	{ "/s/{a}", WEB_SESSION | WEB_SECRET, segments, NULL },
	{ "/s/{a}/slut", WEB_SESSION, segments, NULL },
	{ "/s/{a}/{b}", WEB_SESSION, segments, NULL },
	{ .path = NULL }
};

/* ---- requests ---- */

static void
seen_forget(void)
{
	int i;

	for (i = 0; i < VISIT_SEGMENTS_MOST; i++)
		free(seen.segments[i]);
	memset(&seen, 0, sizeof(seen));
}

static void
visited(struct http_request *request, const struct pg_reply *reply)
{
	seen_forget();
	serve(request, reply);
}

/* ---- methods and addresses ---- */

static void
test_a_page_says_which_methods_it_takes(void **state)
{
	static const struct {
		const char *path, *allow;
		enum http_method method;
	} cases[] = {
		{ "/ord", "Allow: GET, HEAD, POST", HTTP_PUT },
		{ "/ord", "Allow: GET, HEAD, POST", HTTP_OPTIONS },
		{ "/ind", "Allow: POST", HTTP_GET },
		{ "/ind", "Allow: POST", HTTP_HEAD },
		{ "/ind", "Allow: POST", HTTP_DELETE },
		{ "/s/x", "Allow: GET, HEAD", HTTP_POST },
	};
	char line[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_request request = get(cases[i].path);

		request.method = cases[i].method;
		visited(&request, NULL);
		assert_int_equal(request.status, 405);
		is_page(&request);
		snprintf(line, sizeof(line), "\r\n%s\r\n", cases[i].allow);
		has(request.head, line);
		assert_int_equal(seen.posts + seen.gets, 0);
		play_clear(&request);
	}
}

static void
segments_are(const char *path, const char *a, const char *b)
{
	struct http_request request = get(path);

	visited(&request, NULL);
	assert_int_equal(request.status, 303);
	assert_string_equal(seen.segments[0], a);
	if (b == NULL)
		assert_null(seen.segments[1]);
	else
		assert_string_equal(seen.segments[1], b);
	play_clear(&request);
}

static void
test_segments_in_braces_are_handed_to_the_page(void **state)
{
	(void)state;
	segments_are("/s/x", "x", NULL);
	segments_are("/s/x/slut", "x", NULL);
	segments_are("/s/x/y", "x", "y");
	segments_are("/s/fast/y", "fast", "y");
}

static void
test_fixed_segments_come_before_others(void **state)
{
	struct http_request request = get("/s/fast");

	(void)state;
	visited(&request, NULL);
	assert_int_equal(request.status, 429);
	play_clear(&request);
}

static void
test_an_empty_or_further_segment_is_another_address(void **state)
{
	static const char *const paths[] = {
		"/s", "/s/", "/s//", "/s/x/", "/s//slut", "/s/x/y/z", "/ord/",
		"/ordet",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		struct http_request request = get(paths[i]);

		visited(&request, NULL);
		assert_int_equal(request.status, 404);
		play_clear(&request);
	}
}

static void
test_a_path_with_a_secret_is_in_no_referer(void **state)
{
	struct http_request secret = get("/s/x"), page = get("/ord");

	(void)state;
	visited(&secret, NULL);
	has(secret.head, "\r\nReferrer-Policy: strict-origin\r\n");
	visited(&page, NULL);
	has(page.head, "\r\nReferrer-Policy: same-origin\r\n");
	play_clear(&secret);
	play_clear(&page);
}

/* ---- the cookie ---- */

/* What the answer sets it to, or NULL; the caller frees it. */
static char *
cookie_set(const struct http_request *request)
{
	static const char line[] = "\r\nSet-Cookie: __Host-kattegat=";
	const char *at = strstr(request->head, line), *value;

	if (at == NULL)
		return NULL;
	value = at + strlen(line);
	has(value, "; Path=/; Secure; HttpOnly; SameSite=Lax\r\n");
	assert_null(strstr(value, "Set-Cookie"));
	return xstrndup(value, strcspn(value, ";"));
}

static void
test_a_form_is_shown_with_a_cookie_that_carries_its_csrf(void **state)
{
	struct http_request page = get("/ord"), again = get("/ord");
	char hidden[200], line[100], *cookie, *other;

	(void)state;
	visited(&page, NULL);
	is_page(&page);
	cookie = cookie_set(&page);
	assert_true(secret_token_form(cookie));
	snprintf(hidden, sizeof(hidden),
	    "<input type=\"hidden\" name=\"csrf\" value=\"%s\">",
	    csrf_of(cookie));
	has(page.body, hidden);
	visited(&again, NULL);
	other = cookie_set(&again);
	assert_string_not_equal(cookie, other);
	play_clear(&again);

	snprintf(line, sizeof(line), "a=b; __Host-kattegat=%s", cookie);
	again = get("/ord");
	play_field(&again, "cookie", line);
	visited(&again, NULL);
	assert_null(cookie_set(&again));
	has(again.body, hidden);
	play_clear(&page);
	play_clear(&again);
	free(cookie);
	free(other);
}

static void
test_a_cookie_of_another_form_is_replaced(void **state)
{
	static const char *const cookies[] = {
		"__Host-kattegat=kort", "__Host-kattegat=" COOKIE "a",
		"__Host-kattegat=AAAAAAAAAAAAAAAAAAAAAAAAAA",
		"__Host-kattegat=" COOKIE "; __Host-kattegat=" OTHER_COOKIE,
	};
	char *cookie;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cookies); i++) {
		struct http_request request = get("/ord");

		play_field(&request, "cookie", cookies[i]);
		visited(&request, NULL);
		cookie = cookie_set(&request);
		assert_non_null(cookie);
		free(cookie);
		play_clear(&request);
	}
}

static void
test_signing_in_changes_the_cookie_and_signing_out_ends_it(void **state)
{
	struct http_request in = post("/ind"), out = post("/af");
	char *cookie;

	(void)state;
	visited(&in, NULL);
	cookie = cookie_set(&in);
	assert_string_equal(cookie, OTHER_COOKIE);
	visited(&out, NULL);
	has(out.head, "\r\nSet-Cookie: __Host-kattegat=; Path=/; Secure; "
	    "HttpOnly; SameSite=Lax; Max-Age=0\r\n");
	play_clear(&in);
	play_clear(&out);
	free(cookie);
}

static void
test_pages_with_a_session_are_never_stored(void **state)
{
	static const char *const paths[] = { "/ord", "/s/fast", "/s/x" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		struct http_request request = get(paths[i]);

		visited(&request, NULL);
		has(request.head,
		    "\r\nCache-Control: private, no-store\r\n");
		has_not(request.head, "public");
		play_clear(&request);
	}
}

/* ---- forms ---- */

static void
test_a_form_without_a_mistake_has_no_summary(void **state)
{
	struct http_request request = get("/ord");

	(void)state;
	visited(&request, NULL);
	is_page(&request);
	has(request.body, "<title>Prøve – ");
	has(request.body, "<label for=\"ord\">Ord</label>\n"
	    "<p class=\"hint\" id=\"ord-hjaelp\">Et godt et</p>\n"
	    "<input id=\"ord\" name=\"ord\" type=\"text\" "
	    "value=\"a&quot;b\" aria-describedby=\"ord-hjaelp\">");
	has(request.body, "autocomplete=\"one-time-code\"");
	has_not(request.body, "role=\"alert\"");
	has_not(request.body, "aria-invalid");
	play_clear(&request);
}

static void
test_mistakes_stand_on_top_and_at_their_fields(void **state)
{
	struct http_request request = get("/ord/forkert");
	const char *top, *field;

	(void)state;
	visited(&request, NULL);
	is_page(&request);
	has(request.body, "<title>Fejl: Prøve – ");
	has(request.body, "<div class=\"alert bad\" role=\"alert\">\n"
	    "<h2 tabindex=\"-1\" autofocus>Ret 2 felter</h2>");
	has(request.body,
	    "<a href=\"#ord\">Skriv et ord på 7 bogstaver</a>");
	has(request.body, "<a href=\"#kode\">Det passer ikke</a>");
	has(request.body, "aria-invalid=\"true\" "
	    "aria-describedby=\"ord-fejl ord-hjaelp\">");
	has(request.body, "aria-invalid=\"true\" "
	    "aria-describedby=\"kode-fejl\">");
	top = strstr(request.body, "role=\"alert\"");
	field = strstr(request.body, "<p class=\"mistake\" id=\"ord-fejl\">");
	assert_non_null(field);
	assert_true(top < field);
	assert_true(strstr(request.body, "<label for=\"ord\"") < field);
	assert_true(field < strstr(request.body, "<input id=\"ord\""));
	play_clear(&request);
}

static void
test_a_refusal_of_the_whole_is_told_on_top(void **state)
{
	struct http_request request = get("/ord/afvist");

	(void)state;
	visited(&request, NULL);
	assert_int_equal(request.status, 422);
	is_page(&request);
	has(request.body, "<title>Fejl: Prøve – ");
	has(request.body, "role=\"alert\"><p tabindex=\"-1\" autofocus>"
	    "Det passer ikke</p></div>");
	play_clear(&request);
}

static void
test_the_head_shows_who_is_signed_in(void **state)
{
	struct http_request known = get("/ord/kendt"), nobody = get("/ord");
	char *cookie;
	char button[200];

	(void)state;
	visited(&known, NULL);
	is_page(&known);
	cookie = cookie_set(&known);
	has(known.body, "<a href=\"/konto\">Eva &lt;Holm&gt;</a>");
	snprintf(button, sizeof(button), "action=\"/log-ud\"><input "
	    "type=\"hidden\" name=\"csrf\" value=\"%s\">", csrf_of(cookie));
	has(known.body, button);
	has_not(known.body, ">Log ind<");
	visited(&nobody, NULL);
	has(nobody.body, "<a href=\"/log-ind\">Log ind</a>");
	has_not(nobody.body, "/log-ud");
	play_clear(&known);
	play_clear(&nobody);
	free(cookie);
}

static void
test_too_many_tries_says_how_long_to_wait(void **state)
{
	struct http_request request = get("/s/fast");

	(void)state;
	visited(&request, NULL);
	assert_int_equal(request.status, 429);
	is_page(&request);
	has(request.head, "\r\nRetry-After: 90\r\n");
	has(request.body, "Vent 2 minutter, og prøv så igen.");
	play_clear(&request);
}

static int
quiet(void **state)
{
	(void)state;
	log_open("test_web_form", LOG_LEVEL_ERROR);
	return 0;
}

static int
forget(void **state)
{
	(void)state;
	play_forget();
	seen_forget();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_page_says_which_methods_it_takes),
		cmocka_unit_test(
		    test_segments_in_braces_are_handed_to_the_page),
		cmocka_unit_test(test_fixed_segments_come_before_others),
		cmocka_unit_test(
		    test_an_empty_or_further_segment_is_another_address),
		cmocka_unit_test(test_a_path_with_a_secret_is_in_no_referer),
		cmocka_unit_test(
		    test_a_form_is_shown_with_a_cookie_that_carries_its_csrf),
		cmocka_unit_test(test_a_cookie_of_another_form_is_replaced),
		cmocka_unit_test(
		    test_signing_in_changes_the_cookie_and_signing_out_ends_it),
		cmocka_unit_test(test_pages_with_a_session_are_never_stored),
		cmocka_unit_test(test_a_form_without_a_mistake_has_no_summary),
		cmocka_unit_test(
		    test_mistakes_stand_on_top_and_at_their_fields),
		cmocka_unit_test(test_a_refusal_of_the_whole_is_told_on_top),
		cmocka_unit_test(test_the_head_shows_who_is_signed_in),
		cmocka_unit_test(test_too_many_tries_says_how_long_to_wait),
	};

	return cmocka_run_group_tests(tests, quiet, forget);
}
