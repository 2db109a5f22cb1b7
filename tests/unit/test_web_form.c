/*
 * Unit tests of src/web: methods, forms, the guard, the cookie, what is asked.
 *
 * The table of pages is this file's own.
 */
#include "web_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "web/visit.h"

/* ---- pages ---- */

#define COOKIE		"aaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER_COOKIE	"bbbbbbbbbbbbbbbbbbbbbbbbbb"
#define URLENCODED	"application/x-www-form-urlencoded"

static struct seen {
	int	 gets, posts, said, owned;
	char	*word;			/* of the form */
	char	*segments[VISIT_SEGMENTS_MOST];
	int	 status;		/* what the database said */
	char	*name;			/* the name in its answer */
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
	free(seen.word);
	seen.word = xstrdup_null(http_form_find(&visit->form, "ord"));
	visit_redirect(visit, "/tak?n=%d", 1);
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
owned(void *own)
{
	assert_string_equal(own, "mine");
	seen.owned++;
}

static void
said(struct visit *visit, const struct store_api_answer *answer)
{
	struct json_value *body = NULL;
	struct err err;

	seen.said++;
	if (answer->result == STORE_API_REFUSED) {
		visit_refused(visit, answer);
		return;
	}
	seen.status = answer->status;
	if (answer->body != NULL && json_value_parse(&body, answer->body,
	    answer->body_length, &err) == 0) {
		free(seen.name);
		seen.name = xstrdup_null(json_value_get_text(
		    json_value_find(body, "name")));
	}
	json_value_free(body);
	visit_redirect(visit, "/konto");
}

static void
asks(struct visit *visit)
{
	static char mine[] = "mine";
	struct json_value *input = json_value_object();

	visit->own = mine;
	visit->own_free = owned;
	json_value_set(input, "mail", json_value_text("eva@example.dk"));
	visit_ask(visit, "sign_in_begin", input, said);
}

static void
asks_for_nothing(struct visit *visit)
{
	visit_ask(visit, "me", NULL, said);
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
	{ "/spoerg", WEB_SESSION | WEB_STAFF, asks_for_nothing, asks },
	{ "/s/fast", WEB_SESSION | WEB_SECRET, waits, NULL },
	{ "/s/{a}", WEB_SESSION | WEB_SECRET, segments, NULL },
	{ "/s/{a}/slut", WEB_SESSION, segments, NULL },
	{ "/s/{a}/{b}", WEB_SESSION, segments, NULL },
	{ .path = NULL }
};

/* ---- requests ---- */

/* The csrf of a cookie, as the issue says. */
static const char *
csrf_of(const char *cookie)
{
	static char hex[2 * SECRET_SHA256_BYTES + 1];
	char text[80];

	snprintf(text, sizeof(text), "form %s", cookie);
	secret_sha256_hex(hex, text, strlen(text));
	hex[32] = '\0';
	return hex;
}

static struct http_request
get(const char *path)
{
	return (struct http_request){ .method = HTTP_GET, .path = path };
}

/* A form as our own page would send it. */
static struct http_request
post(const char *path)
{
	static char body[200], cookie[100];
	struct http_request request = {
		.method = HTTP_POST, .path = path, .sent = body,
		.fields = {
			{ "content-type", URLENCODED },
			{ "origin", "https://kalender.example:8443" },
			{ "sec-fetch-site", "same-origin" },
			{ "cookie", cookie },
		},
	};

	snprintf(body, sizeof(body), "csrf=%s&ord=fem", csrf_of(COOKIE));
	snprintf(cookie, sizeof(cookie), "__Host-kattegat=%s", COOKIE);
	return request;
}

static void
field_set(struct http_request *request, const char *name, const char *value)
{
	size_t i;

	for (i = 0; request->fields[i].name != NULL &&
	    strcmp(request->fields[i].name, name) != 0; i++)
		continue;
	request->fields[i].name = name;
	request->fields[i].value = value;
}

static void
seen_forget(void)
{
	int i;

	free(seen.word);
	free(seen.name);
	for (i = 0; i < VISIT_SEGMENTS_MOST; i++)
		free(seen.segments[i]);
	memset(&seen, 0, sizeof(seen));
}

/* As ask(), but with the fields and the body of the request. */
static void
serve(struct http_request *request, const struct pg_reply *reply)
{
	struct web *web = web_make();

	seen_forget();
	web_request(web, request);
	if (reply != NULL)
		database_answers(reply);
	assert_null(call.fn);
	assert_int_equal(request->answers, 1);
	assert_null(request->note);
	web_free(web);
}

static void
is_refused(struct http_request *request, int status, const char *part)
{
	serve(request, NULL);
	assert_int_equal(request->status, status);
	is_page(request);
	has(request->head, "\r\nCache-Control: private, no-store\r\n");
	has(request->body, part);
	has(request->body, "ntet er gemt");
	assert_int_equal(seen.posts, 0);
	request_clear(request);
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
		serve(&request, NULL);
		assert_int_equal(request.status, 405);
		is_page(&request);
		snprintf(line, sizeof(line), "\r\n%s\r\n", cases[i].allow);
		has(request.head, line);
		assert_int_equal(seen.posts + seen.gets, 0);
		request_clear(&request);
	}
}

static void
segments_are(const char *path, const char *a, const char *b)
{
	struct http_request request = get(path);

	serve(&request, NULL);
	assert_int_equal(request.status, 303);
	assert_string_equal(seen.segments[0], a);
	if (b == NULL)
		assert_null(seen.segments[1]);
	else
		assert_string_equal(seen.segments[1], b);
	request_clear(&request);
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
	serve(&request, NULL);
	assert_int_equal(request.status, 429);
	request_clear(&request);
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

		serve(&request, NULL);
		assert_int_equal(request.status, 404);
		request_clear(&request);
	}
}

static void
test_a_path_with_a_secret_is_in_no_referer(void **state)
{
	struct http_request secret = get("/s/x"), page = get("/ord");

	(void)state;
	serve(&secret, NULL);
	has(secret.head, "\r\nReferrer-Policy: strict-origin\r\n");
	serve(&page, NULL);
	has(page.head, "\r\nReferrer-Policy: same-origin\r\n");
	request_clear(&secret);
	request_clear(&page);
}

/* ---- the guard ---- */

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

		field_set(&request, "content-type", types[i]);
		serve(&request, NULL);
		assert_int_equal(request.status, 303);
		assert_int_equal(seen.posts, 1);
		assert_string_equal(seen.word, "fem");
		has(request.head, "\r\nLocation: /tak?n=1\r\n");
		has(request.head, "\r\nCache-Control: private, no-store\r\n");
		has_not(request.head, "Set-Cookie");
		request_clear(&request);
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

		field_set(&request, "origin", NULL);
		field_set(&request, "sec-fetch-site", sites[i]);
		serve(&request, NULL);
		assert_int_equal(request.status, 303);
		request_clear(&request);
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
		field_set(&request, "origin", origins[i]);
		is_refused(&request, 403, "en anden side end vores");
	}
	request = post("/ord");
	field_set(&request, "sec-fetch-site", "cross-site");
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
		field_set(&request, "origin", cases[i].origin);
		web_request(web, &request);
		assert_int_equal(request.status, cases[i].status);
		request_clear(&request);
		web_free(web);
	}
}

static void
test_a_foreign_page_is_told_nothing_about_the_form(void **state)
{
	struct http_request request = post("/ord");

	(void)state;
	field_set(&request, "origin", "https://example.com");
	field_set(&request, "content-type", "text/plain");
	field_set(&request, "cookie", NULL);
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
		field_set(&request, "content-type", types[i]);
		is_refused(&request, 415, "Vi kunne ikke læse det");
	}
	request = post("/ord");
	field_set(&request, "content-encoding", "gzip");
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
	field_set(&request, "cookie", cookie);
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
	serve(&page, NULL);
	is_page(&page);
	cookie = cookie_set(&page);
	assert_true(secret_token_form(cookie));
	snprintf(hidden, sizeof(hidden),
	    "<input type=\"hidden\" name=\"csrf\" value=\"%s\">",
	    csrf_of(cookie));
	has(page.body, hidden);
	serve(&again, NULL);
	other = cookie_set(&again);
	assert_string_not_equal(cookie, other);
	request_clear(&again);

	snprintf(line, sizeof(line), "a=b; __Host-kattegat=%s", cookie);
	again = get("/ord");
	field_set(&again, "cookie", line);
	serve(&again, NULL);
	assert_null(cookie_set(&again));
	has(again.body, hidden);
	request_clear(&page);
	request_clear(&again);
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

		field_set(&request, "cookie", cookies[i]);
		serve(&request, NULL);
		cookie = cookie_set(&request);
		assert_non_null(cookie);
		free(cookie);
		request_clear(&request);
	}
}

static void
test_signing_in_changes_the_cookie_and_signing_out_ends_it(void **state)
{
	struct http_request in = post("/ind"), out = post("/af");
	char *cookie;

	(void)state;
	serve(&in, NULL);
	cookie = cookie_set(&in);
	assert_string_equal(cookie, OTHER_COOKIE);
	serve(&out, NULL);
	has(out.head, "\r\nSet-Cookie: __Host-kattegat=; Path=/; Secure; "
	    "HttpOnly; SameSite=Lax; Max-Age=0\r\n");
	request_clear(&in);
	request_clear(&out);
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

		serve(&request, NULL);
		has(request.head,
		    "\r\nCache-Control: private, no-store\r\n");
		has_not(request.head, "public");
		request_clear(&request);
	}
}

/* ---- forms ---- */

static void
test_a_form_without_a_mistake_has_no_summary(void **state)
{
	struct http_request request = get("/ord");

	(void)state;
	serve(&request, NULL);
	is_page(&request);
	has(request.body, "<title>Prøve – ");
	has(request.body, "<label for=\"ord\">Ord</label>\n"
	    "<p class=\"hint\" id=\"ord-hjaelp\">Et godt et</p>\n"
	    "<input id=\"ord\" name=\"ord\" type=\"text\" "
	    "value=\"a&quot;b\" aria-describedby=\"ord-hjaelp\">");
	has(request.body, "autocomplete=\"one-time-code\"");
	has_not(request.body, "role=\"alert\"");
	has_not(request.body, "aria-invalid");
	request_clear(&request);
}

static void
test_mistakes_stand_on_top_and_at_their_fields(void **state)
{
	struct http_request request = get("/ord/forkert");
	const char *top, *field;

	(void)state;
	serve(&request, NULL);
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
	request_clear(&request);
}

static void
test_a_refusal_of_the_whole_is_told_on_top(void **state)
{
	struct http_request request = get("/ord/afvist");

	(void)state;
	serve(&request, NULL);
	assert_int_equal(request.status, 422);
	is_page(&request);
	has(request.body, "<title>Fejl: Prøve – ");
	has(request.body, "role=\"alert\"><p tabindex=\"-1\" autofocus>"
	    "Det passer ikke</p></div>");
	request_clear(&request);
}

static void
test_the_head_shows_who_is_signed_in(void **state)
{
	struct http_request known = get("/ord/kendt"), nobody = get("/ord");
	char *cookie;
	char button[200];

	(void)state;
	serve(&known, NULL);
	is_page(&known);
	cookie = cookie_set(&known);
	has(known.body, "<a href=\"/konto\">Eva &lt;Holm&gt;</a>");
	snprintf(button, sizeof(button), "action=\"/log-af\"><input "
	    "type=\"hidden\" name=\"csrf\" value=\"%s\">", csrf_of(cookie));
	has(known.body, button);
	has_not(known.body, ">Log ind<");
	serve(&nobody, NULL);
	has(nobody.body, "<a href=\"/log-ind\">Log ind</a>");
	has_not(nobody.body, "/log-af");
	request_clear(&known);
	request_clear(&nobody);
	free(cookie);
}

static void
test_too_many_tries_says_how_long_to_wait(void **state)
{
	struct http_request request = get("/s/fast");

	(void)state;
	serve(&request, NULL);
	assert_int_equal(request.status, 429);
	is_page(&request);
	has(request.head, "\r\nRetry-After: 90\r\n");
	has(request.body, "Vent 2 minutter, og prøv så igen.");
	request_clear(&request);
}

/* ---- the database ---- */

#define ANSWER_COLUMNS	{ "status", "body", "etag", "location", "scopes", \
	"xid", "snapshot" }

static const struct pg_reply done = {
	.status = PG_DONE, .columns = ANSWER_COLUMNS,
	.rows = { { "201", "{\"name\": \"Eva\"}", NULL, NULL, "alle run:7",
	    "9", "9:9:" } },
	.nrows = 1,
};

static void
test_the_database_is_asked_as_whom_the_cookie_names(void **state)
{
	struct http_request request = post("/spoerg");
	char wanted[2 * SECRET_SHA256_BYTES + 3] = "\\x";
	const char cookie[] = "__Host-kattegat=" COOKIE;

	(void)state;
	serve(&request, &done);
	assert_string_equal(call.params[0], "sign_in_begin");
	secret_sha256_hex(wanted + 2, cookie, strlen(cookie));
	assert_string_equal(call.params[1], wanted);
	assert_string_equal(call.params[2], "{\"mail\":\"eva@example.dk\"}");
	assert_int_equal(seen.status, 201);
	assert_string_equal(seen.name, "Eva");
	assert_int_equal(request.status, 303);
	assert_int_equal(seen.owned, 1);
	request_clear(&request);
}

static void
test_without_a_cookie_nobody_is_named(void **state)
{
	struct http_request request = get("/spoerg");

	(void)state;
	serve(&request, &done);
	assert_string_equal(call.params[0], "me");
	assert_null(call.params[1]);
	assert_string_equal(call.params[2], "{}");
	request_clear(&request);
}

static void
test_what_a_page_changes_is_told_to_all(void **state)
{
	struct http_request request = post("/spoerg");
	struct pg_reply none = done;

	(void)state;
	serve(&request, &done);
	assert_string_equal(bumped, "alle run:7");
	request_clear(&request);
	none.rows[0][4] = "";
	request = post("/spoerg");
	serve(&request, &none);
	assert_null(bumped);
	request_clear(&request);
}

static void
no_answer(struct http_request *request, enum pg_status status,
    const char *part)
{
	const struct pg_reply reply = { .status = status };

	serve(request, &reply);
	assert_int_equal(request->status, 503);
	is_page(request);
	has(request->head, "\r\nRetry-After: 60\r\n");
	has(request->body, part);
	assert_int_equal(seen.said, 0);
	assert_null(bumped);
	request_clear(request);
}

static void
test_no_answer_is_503_and_says_what_became_of_the_form(void **state)
{
	struct http_request request = post("/spoerg");

	(void)state;
	no_answer(&request, PG_AWAY, "Vi ved ikke, om det blev gemt");
	assert_int_equal(seen.owned, 1);
	request = post("/spoerg");
	no_answer(&request, PG_LATE, "Vi ved ikke, om det blev gemt");
	request = post("/spoerg");
	no_answer(&request, PG_BUSY, "Det blev ikke gemt");
	request = get("/spoerg");
	no_answer(&request, PG_AWAY, "Siden kan ikke vises lige nu");
}

static void
test_a_refusal_becomes_a_page(void **state)
{
	static const struct {
		const char *sqlstate, *part;
		int status;
	} cases[] = {
		{ "KG001", "Du har ikke adgang til siden", 403 },
		{ "KG004", "Siden findes ikke", 404 },
		{ "40001", "Det blev ikke gemt", 503 },
		{ "25006", "Det blev ikke gemt", 503 },
		{ "42P01", "Der gik noget galt hos os", 500 },
		{ "KG005", "Der gik noget galt hos os", 500 },
	};
	const struct pg_reply reply = { .status = PG_REFUSED };
	struct http_request request;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		play_sqlstate = cases[i].sqlstate;
		request = post("/spoerg");
		serve(&request, &reply);
		assert_int_equal(request.status, cases[i].status);
		is_page(&request);
		has(request.head,
		    "\r\nCache-Control: private, no-store\r\n");
		has(request.body, cases[i].part);
		has(request.body, "<body class=\"staff\">");
		request_clear(&request);
	}
	play_sqlstate = "KG401";
	request = post("/spoerg");
	serve(&request, &reply);
	assert_int_equal(request.status, 303);
	has(request.head, "\r\nLocation: /log-ind\r\n");
	request_clear(&request);
}

static void
test_who_has_gone_is_not_answered_but_the_change_is_told(void **state)
{
	struct http_request request = post("/spoerg");
	struct web *web = web_make();

	(void)state;
	seen_forget();
	web_request(web, &request);
	web_gone(web, &request);
	web_free(web);
	database_answers(&done);
	assert_int_equal(request.answers, 0);
	assert_int_equal(seen.said, 0);
	assert_int_equal(seen.owned, 1);
	assert_string_equal(bumped, "alle run:7");
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
		cmocka_unit_test(
		    test_the_database_is_asked_as_whom_the_cookie_names),
		cmocka_unit_test(test_without_a_cookie_nobody_is_named),
		cmocka_unit_test(test_what_a_page_changes_is_told_to_all),
		cmocka_unit_test(
		    test_no_answer_is_503_and_says_what_became_of_the_form),
		cmocka_unit_test(test_a_refusal_becomes_a_page),
		cmocka_unit_test(
		    test_who_has_gone_is_not_answered_but_the_change_is_told),
	};

	return cmocka_run_group_tests(tests, quiet, forget);
}
