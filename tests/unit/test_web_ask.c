/*
 * Unit tests of src/web: what a page asks the database, and what it makes of the
 * answer.
 *
 * The table of pages is this file's own.
 */
#include "web_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "web/visit.h"

/* ---- pages ---- */

static struct seen {
	int	 said, owned;
	int	 status;		/* what the database said */
	char	*name;			/* the name in its answer */
} seen;

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
again(struct visit *visit)
{
	struct view_form form = visit_form(visit);
	struct view_frame frame = visit_frame(visit);
	struct out out = OUT_INIT;

	view_form_add(&form, "ord", visit_sent(visit, "ord"));
	part_top_begin(&out);
	part_mistake_mark(&out, &form);
	part_top_end(&out, &frame);
	out_text_raw(&out, "<h1>Igen</h1>\n");
	part_mistakes(&out, &form);
	part_form_begin(&out, &form, NULL);
	part_field(&out, &form.fields[0], VIEW_INPUT_TEXT, "Ord", NULL);
	out_text_raw(&out, "</form>\n");
	part_foot(&out);
	visit_private_page(visit, 200, &out);
}

static void
asks_again(struct visit *visit)
{
	visit->again = again;
	if (*visit_sent(visit, "vent") != '\0')
		visit_too_many(visit, 90);
	else
		visit_ask(visit, "me", NULL, said);
}

const struct web_route web_routes[] = {
	{ "/spoerg", WEB_SESSION | WEB_STAFF, asks_for_nothing, asks },
	{ "/igen", WEB_SESSION, NULL, asks_again },
	{ .path = NULL }
};

/* ---- requests ---- */

static void
seen_forget(void)
{
	free(seen.name);
	memset(&seen, 0, sizeof(seen));
}

static void
visited(struct http_request *request, const struct pg_reply *reply)
{
	seen_forget();
	serve(request, reply);
}

/* ---- what is asked and answered ---- */

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
	visited(&request, &done);
	assert_string_equal(call.params[0], "sign_in_begin");
	secret_sha256_hex(wanted + 2, cookie, strlen(cookie));
	assert_string_equal(call.params[1], wanted);
	assert_string_equal(call.params[2], "{\"mail\":\"eva@example.dk\"}");
	assert_int_equal(seen.status, 201);
	assert_string_equal(seen.name, "Eva");
	assert_int_equal(request.status, 303);
	assert_int_equal(seen.owned, 1);
	play_clear(&request);
}

static void
test_without_a_cookie_nobody_is_named(void **state)
{
	struct http_request request = get("/spoerg");

	(void)state;
	visited(&request, &done);
	assert_string_equal(call.params[0], "me");
	assert_null(call.params[1]);
	assert_string_equal(call.params[2], "{}");
	play_clear(&request);
}

static void
test_what_a_page_changes_is_told_to_all(void **state)
{
	struct http_request request = post("/spoerg");
	struct pg_reply none = done;

	(void)state;
	visited(&request, &done);
	assert_string_equal(bumped, "alle run:7");
	play_clear(&request);
	none.rows[0][4] = "";
	request = post("/spoerg");
	visited(&request, &none);
	assert_null(bumped);
	play_clear(&request);
}

static void
no_answer(struct http_request *request, enum pg_status status,
    const char *part)
{
	const struct pg_reply reply = { .status = status };

	visited(request, &reply);
	assert_int_equal(request->status, 503);
	is_page(request);
	has(request->head, "\r\nRetry-After: 60\r\n");
	has(request->body, part);
	assert_int_equal(seen.said, 0);
	assert_null(bumped);
	play_clear(request);
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
	no_answer(&request, PG_UNSENT, "Det blev ikke gemt");
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
		{ "KG004", "Det kan ikke lade sig gøre", 404 },
		{ "KG006", "Noget er ændret, siden du åbnede siden", 409 },
		{ "40001", "Det blev ikke gemt", 503 },
		{ "25006", "Det blev ikke gemt", 503 },
		{ "42P01", "Der gik noget galt hos os", 500 },
		{ "KG005", "Det kan ikke lade sig gøre", 422 },
	};
	const struct pg_reply reply = { .status = PG_REFUSED };
	struct http_request request;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		play_sqlstate = cases[i].sqlstate;
		request = post("/spoerg");
		visited(&request, &reply);
		assert_int_equal(request.status, cases[i].status);
		is_page(&request);
		has(request.head,
		    "\r\nCache-Control: private, no-store\r\n");
		has(request.body, cases[i].part);
		has(request.body, "<body class=\"staff\">");
		play_clear(&request);
	}
}

static void
test_who_is_not_signed_in_is_led_there_and_hears_why(void **state)
{
	static const char *const cases[][2] = {
		{ "{}", "/log-ind/personale?slut=login" },
		{ "{\"staff\": true, \"why\": \"idle\"}",
		    "/log-ind/personale?slut=pause" },
		{ "{\"staff\": false, \"why\": \"day\"}",
		    "/log-ind?slut=tid" },
	};
	const struct pg_reply reply = { .status = PG_REFUSED };
	struct pg_reply over = done;
	struct http_request request;
	struct web *web;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		seen_forget();
		play_sqlstate = "KG401";
		over.rows[0][1] = cases[i][0];
		request = post("/spoerg");
		web = web_make();
		web_request(web, &request);
		database_answers(&reply);
		assert_string_equal(call.params[0], "sign_in_over_look");
		database_answers(&over);
		assert_int_equal(request.status, 303);
		has(request.head, "\r\nLocation: ");
		has(request.head, cases[i][1]);
		play_clear(&request);
		web_free(web);
	}
}

static void
test_what_the_database_said_is_told_in_danish(void **state)
{
	static const char *const cases[][2] = {
		{ "KG001", "<p>Du har ikke lov til at ændre konti.</p>" },
		{ "KG006", "<p>Du har ikke lov til at ændre konti.</p>" },
	};
	const struct pg_reply reply = { .status = PG_REFUSED };
	struct http_request request;
	size_t i;

	(void)state;
	play_message = "person 7 may not change accounts";
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		play_sqlstate = cases[i][0];
		request = post("/spoerg");
		visited(&request, &reply);
		is_page(&request);
		has(request.body, cases[i][1]);
		play_clear(&request);
	}
	play_message = "no such table";
	play_sqlstate = "KG004";
	request = get("/spoerg");
	visited(&request, &reply);
	assert_int_equal(request.status, 404);
	has(request.body, "Siden findes ikke");
	play_clear(&request);
}

/* What was typed is kept when it has to be sent again. */
static void
test_a_delay_shows_the_form_again(void **state)
{
	static const struct {
		const char	*more;
		enum pg_status	 reply;
		int		 status;
		const char	*retry, *part;
	} cases[] = {
		{ "&vent=1", PG_DONE, 429, "90", "Vent 2 minutter, og prøv" },
		{ "", PG_BUSY, 503, "60", "og intet er gemt. Prøv igen om 1 minut" },
		{ "", PG_AWAY, 503, "60", "se efter, om det er gemt" },
	};
	char line[40], body[120];
	struct http_request request;
	struct pg_reply reply = { .status = PG_DONE };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		reply.status = cases[i].reply;
		request = post("/igen");
		snprintf(body, sizeof(body), "%s%s", request.sent,
		    cases[i].more);
		request.sent = body;
		visited(&request, cases[i].status == 429 ? NULL : &reply);
		assert_int_equal(request.status, cases[i].status);
		is_page(&request);
		snprintf(line, sizeof(line), "\r\nRetry-After: %s\r\n",
		    cases[i].retry);
		has(request.head, line);
		has(request.body, "<title>Fejl: ");
		has(request.body, "role=\"alert\"");
		has(request.body, cases[i].part);
		has(request.body, "value=\"fem\"");
		play_clear(&request);
	}
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
	log_open("test_web_ask", LOG_LEVEL_ERROR);
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
		cmocka_unit_test(
		    test_the_database_is_asked_as_whom_the_cookie_names),
		cmocka_unit_test(test_without_a_cookie_nobody_is_named),
		cmocka_unit_test(test_what_a_page_changes_is_told_to_all),
		cmocka_unit_test(
		    test_no_answer_is_503_and_says_what_became_of_the_form),
		cmocka_unit_test(test_a_refusal_becomes_a_page),
		cmocka_unit_test(
		    test_who_is_not_signed_in_is_led_there_and_hears_why),
		cmocka_unit_test(
		    test_what_the_database_said_is_told_in_danish),
		cmocka_unit_test(test_a_delay_shows_the_form_again),
		cmocka_unit_test(
		    test_who_has_gone_is_not_answered_but_the_change_is_told),
	};

	return cmocka_run_group_tests(tests, quiet, forget);
}
