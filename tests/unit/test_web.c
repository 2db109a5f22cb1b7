/*
 * Unit tests of src/web and src/store/pages: addresses, public pages, fields.
 */
#include "web_play.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

/* ---- what the database says ---- */

static const struct pg_reply feeds = {
	.status = PG_DONE,
	.columns = { "kind", "title", "path" },
	.rows = {
		{ "alle", "Alle seminarer", "/f/alle.ics" },
		{ "kontor", "Kontor <Århus> & omegn", "/f/kontor/aar.ics" },
		{ "hold", "KAT30-07", "/f/hold/kat30-07.ics" },
	},
	.nrows = 3,
};

#define RUN_COLUMNS	{ "run_no", "title", "office", "place", "status", \
	"demo", "feed_path", "session_no", "session_title", \
	"session_place", "starts", "ends", "cancelled" }
#define RUN_TEXTS(status)	"KAT30-07", "Kattegat <i> Hobro", \
	"Aalborg", "Hobro", status, "f", "/f/hold/kat30-07.ics"

static const struct pg_reply run = {
	.status = PG_DONE,
	.columns = RUN_COLUMNS,
	.rows = {
		{ RUN_TEXTS("open"), "1", "Velkommen", "Sal A, Hobro",
		    "20300117T130000", "20300117T213000", "f" },
		{ RUN_TEXTS("open"), "2", NULL, NULL,
		    "20300118T220000", "20300119T020000", "t" },
	},
	.nrows = 2,
};

static const struct pg_reply run_called_off = {
	.status = PG_DONE,
	.columns = RUN_COLUMNS,
	.rows = { { RUN_TEXTS("cancelled"), NULL, NULL, NULL, NULL, NULL,
	    NULL } },
	.nrows = 1,
};

static const struct pg_reply nothing = {
	.status = PG_DONE, .columns = RUN_COLUMNS,
};

/* ---- the tests ---- */

static void
test_the_front_and_kalendere_list_all_open_feeds(void **state)
{
	static const char *const paths[] = { "/", "/kalendere" };
	struct http_request request;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		ask(&request, HTTP_GET, paths[i], &feeds);
		assert_string_equal(call.statement->name, "query_feed_list");
		assert_int_equal(request.status, 200);
		is_page(&request);
		has_not(request.head, "Set-Cookie:");
		has(request.head, "HTTP/1.1 200 OK\r\n");
		has(request.head, "\r\nCache-Control: public, max-age=60\r\n");
		has(request.body, "<h2 id=\"gruppe-0\">Hele landet</h2>");
		has(request.body,
		    "<code>https://kalender.example:8443/f/alle.ics</code>");
		has(request.body, "href=\"webcal://kalender.example:8443/f/"
		    "kontor/aar.ics\"");
		has(request.body, "<h3>KAT30-07</h3>");
		play_clear(&request);
	}
}

static void
test_what_comes_from_the_database_is_escaped(void **state)
{
	struct http_request request;

	(void)state;
	ask(&request, HTTP_GET, "/kalendere", &feeds);
	has(request.body, "<h3>Kontor &lt;Århus&gt; &amp; omegn</h3>");
	has_not(request.body, "<Århus>");
	play_clear(&request);
	ask(&request, HTTP_GET, "/s/kat30-07", &run);
	has(request.body, "<h1>Kattegat &lt;i&gt; Hobro</h1>");
	play_clear(&request);
}

static void
test_a_list_without_feeds_says_so(void **state)
{
	static const struct pg_reply none = {
		.status = PG_DONE, .columns = { "kind", "title", "path" },
	};
	struct http_request request;

	(void)state;
	ask(&request, HTTP_GET, "/kalendere", &none);
	assert_int_equal(request.status, 200);
	is_page(&request);
	has(request.body, "Der er ingen åbne kalendere endnu.");
	play_clear(&request);
}

static void
test_a_feed_of_a_new_kind_is_listed_too(void **state)
{
	static const struct pg_reply new_kind = {
		.status = PG_DONE, .columns = { "path", "kind", "title" },
		.rows = { { "/f/ledige-pladser.ics", "ledige", "Pladser" } },
		.nrows = 1,
	};
	struct http_request request;

	(void)state;
	ask(&request, HTTP_GET, "/kalendere", &new_kind);
	has(request.body, ">Andre</h2>");
	has(request.body, "/f/ledige-pladser.ics</code>");
	play_clear(&request);
}

static void
test_a_run_shows_its_sessions_in_local_time(void **state)
{
	struct http_request request;

	(void)state;
	ask(&request, HTTP_GET, "/s/KAT30-07", &run);
	assert_string_equal(call.statement->name, "query_web_run");
	assert_string_equal(call.params[0], "KAT30-07");
	assert_int_equal(request.status, 200);
	is_page(&request);
	has(request.body, "<title>Kattegat &lt;i&gt; Hobro (KAT30-07) – ");
	has(request.body, "<dd>Aalborg</dd>");
	has(request.body, "Torsdag den 17. januar 2030");
	has(request.body, "<time datetime=\"2030-01-17T13:00\">13.00</time>–"
	    "<time datetime=\"2030-01-17T21:30\">21.30</time>");
	has(request.body, "<p>Sal A, Hobro</p>");
	has(request.body, "webcal://kalender.example:8443/f/hold/"
	    "kat30-07.ics\"");
	has_not(request.body, "Prøvedata");
	play_clear(&request);
}

static void
test_a_session_into_the_next_day_names_both_days(void **state)
{
	struct http_request request;

	(void)state;
	ask(&request, HTTP_GET, "/s/kat30-07", &run);
	has(request.body, "kl. 22.00</time> – <time datetime=\""
	    "2030-01-19T02:00\">19. januar 2030 kl. 2.00</time>");
	play_clear(&request);
}

static void
test_only_the_cancelled_session_of_a_run_is_marked(void **state)
{
	struct http_request request;

	(void)state;
	ask(&request, HTTP_GET, "/s/kat30-07", &run);
	has(request.body, "<h3>Torsdag den 17.");
	has(request.body, "AFLYST</strong> Fredag den 18.");
	has_not(request.body, "class=\"band\"");
	play_clear(&request);
}

static void
test_a_cancelled_run_keeps_its_page(void **state)
{
	struct http_request request;

	(void)state;
	ask(&request, HTTP_GET, "/s/kat30-07", &run_called_off);
	assert_int_equal(request.status, 200);
	is_page(&request);
	has(request.body, "<p class=\"band\"><strong>AFLYST.</strong>");
	has(request.body, "Datoerne er ikke fastlagt endnu.");
	play_clear(&request);
}

static void
test_a_run_of_the_demo_says_so(void **state)
{
	struct pg_reply demo = run;
	struct http_request request;

	(void)state;
	demo.rows[0][5] = "t";
	ask(&request, HTTP_GET, "/s/kat30-07", &demo);
	has(request.body, "Prøvedata");
	is_page(&request);
	play_clear(&request);
}

static void
test_an_unknown_run_is_404(void **state)
{
	struct http_request request;

	(void)state;
	ask(&request, HTTP_GET, "/s/kat99-99", &nothing);
	assert_int_equal(request.status, 404);
	is_page(&request);
	has(request.body, "<h1>Siden findes ikke</h1>");
	play_clear(&request);
}

static void
test_an_unknown_address_is_404_without_the_database(void **state)
{
	static const char *const paths[] = {
		"/s", "/s/", "/s/a/b", "/kalendere/", "/x", "/static/",
		"/static/kattegat.0123456789abcdef.css", "/s/\xff\xfe",
	};
	struct http_request request;
	char path[200] = "/s/";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		ask(&request, HTTP_GET, paths[i], NULL);
		assert_int_equal(request.status, 404);
		is_page(&request);
		play_clear(&request);
	}
	memset(path + 3, 'a', 101);
	ask(&request, HTTP_GET, path, NULL);
	assert_int_equal(request.status, 404);
	play_clear(&request);
}

static void
test_a_method_that_changes_something_is_405(void **state)
{
	static const enum http_method methods[] = {
		HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS,
		HTTP_OTHER,
	};
	struct http_request request;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(methods); i++) {
		ask(&request, methods[i], "/s/kat30-07", NULL);
		assert_int_equal(request.status, 405);
		is_page(&request);
		has(request.head, "\r\nAllow: GET, HEAD\r\n");
		has(request.body, "<h1>Siden kan kun læses</h1>");
		play_clear(&request);
	}
	ask(&request, HTTP_POST, "/x", NULL);
	assert_int_equal(request.status, 404);
	play_clear(&request);
}

static void
test_head_is_answered_as_get(void **state)
{
	struct http_request get, head;

	(void)state;
	ask(&get, HTTP_GET, "/kalendere", &feeds);
	ask(&head, HTTP_HEAD, "/kalendere", &feeds);
	assert_string_equal(get.head, head.head);
	play_clear(&get);
	play_clear(&head);
}

static void
test_without_the_database_pages_are_503_and_say_when_to_come_back(
    void **state)
{
	static const enum pg_status statuses[] = {
		PG_AWAY, PG_LATE, PG_BUSY, PG_REFUSED,
	};
	static const char *const paths[] = { "/", "/s/kat30-07" };
	struct pg_reply reply = { .status = PG_AWAY };
	struct http_request request;
	size_t i;

	(void)state;
	for (i = 0; i < 2 * ARRAY_LEN(statuses); i++) {
		reply.status = statuses[i / 2];
		ask(&request, HTTP_GET, paths[i % 2], &reply);
		assert_int_equal(request.status, 503);
		is_page(&request);
		has(request.head, "\r\nRetry-After: 60\r\n");
		has(request.head, "\r\nCache-Control: no-store\r\n");
		has(request.body, "Siden kan ikke vises lige nu");
		play_clear(&request);
	}
}

static void
test_what_the_server_refuses_is_a_danish_page(void **state)
{
	static const struct {
		int		 status;
		const char	*title;
	} cases[] = {
		{ 400, "Vi kunne ikke læse adressen" },
		{ 405, "Vi kunne ikke læse adressen" },
		{ 408, "Det tog for lang tid" },
		{ 413, "Det, du sendte, er for stort" },
		{ 414, "Adressen er for lang" },
		{ 431, "Din browser sendte for meget" },
	};
	struct http_refusal refusal = {
		.why = "In English.", .path = "/kalendere<i>",
	};
	struct web *web = web_make();
	struct buf fields, body;
	struct http_request answer;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		refusal.status = cases[i].status;
		buf_init(&fields);
		buf_init(&body);
		assert_true(web_refused(web, &refusal, &fields, &body));
		answer = (struct http_request){
			.head = xasprintf("\r\n%sContent-Length: %zu\r\n",
			    fields.data, body.length),
			.body = body.data, .length = body.length,
		};
		is_page(&answer);
		has(answer.head, "\r\nCache-Control: no-store\r\n");
		has(answer.body, cases[i].title);
		has_not(answer.body, "English");
		has_not(answer.body, "<i>");
		free(answer.head);
		buf_clear(&fields);
		buf_clear(&body);
	}
	web_free(web);
}

static void
test_a_time_that_cannot_be_read_is_never_shown(void **state)
{
	static const char *const bad[] = {
		"20300230T130000", "20300117T250000", "20300117T1300",
		"2030-01-17 13:00", "", NULL,
	};
	struct http_request request;
	struct pg_reply reply = run;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		reply.rows[1][10] = bad[i];
		ask(&request, HTTP_GET, "/s/kat30-07", &reply);
		assert_int_equal(request.status, 503);
		play_clear(&request);
	}
}

static void
test_the_style_sheet_lies_where_the_pages_say_and_is_kept(void **state)
{
	struct http_request page, style;
	char *path;

	(void)state;
	ask(&page, HTTP_GET, "/kalendere", &feeds);
	path = strstr(page.body, "/static/kattegat.");
	assert_non_null(path);
	path[strcspn(path, "\"")] = '\0';
	ask(&style, HTTP_GET, path, NULL);
	assert_int_equal(style.status, 200);
	has(style.head, "\r\nContent-Type: text/css; charset=utf-8\r\n");
	has(style.head,
	    "\r\nCache-Control: public, max-age=31536000, immutable\r\n");
	has(style.head, "\r\nX-Content-Type-Options: nosniff\r\n");
	assert_true(text_starts(style.body, ":root {"));
	play_clear(&style);
	ask(&style, HTTP_POST, path, NULL);
	assert_int_equal(style.status, 405);
	play_clear(&style);
	play_clear(&page);
}

static void
test_a_visitor_who_has_gone_is_not_answered(void **state)
{
	struct web *web = web_make();
	struct http_request request = { .path = "/kalendere" };

	(void)state;
	web_request(web, &request);
	assert_non_null(request.note);
	web_gone(web, &request);
	database_answers(&feeds);
	assert_int_equal(request.answers, 0);
	web_free(web);
}

static void
test_a_web_may_be_freed_before_the_database_has_answered(void **state)
{
	struct web *web = web_make();
	struct http_request request = { .path = "/kalendere" };

	(void)state;
	web_request(web, &request);
	web_free(web);
	assert_null(request.note);
	database_answers(&feeds);
	assert_int_equal(request.answers, 0);
}

static int
quiet(void **state)
{
	(void)state;
	log_open("test_web", LOG_LEVEL_ERROR);
	return 0;
}

static int
forget(void **state)
{
	(void)state;
	play_forget();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_the_front_and_kalendere_list_all_open_feeds),
		cmocka_unit_test(test_what_comes_from_the_database_is_escaped),
		cmocka_unit_test(test_a_list_without_feeds_says_so),
		cmocka_unit_test(test_a_feed_of_a_new_kind_is_listed_too),
		cmocka_unit_test(test_a_run_shows_its_sessions_in_local_time),
		cmocka_unit_test(
		    test_a_session_into_the_next_day_names_both_days),
		cmocka_unit_test(
		    test_only_the_cancelled_session_of_a_run_is_marked),
		cmocka_unit_test(test_a_cancelled_run_keeps_its_page),
		cmocka_unit_test(test_a_run_of_the_demo_says_so),
		cmocka_unit_test(test_an_unknown_run_is_404),
		cmocka_unit_test(
		    test_an_unknown_address_is_404_without_the_database),
		cmocka_unit_test(test_a_method_that_changes_something_is_405),
		cmocka_unit_test(test_head_is_answered_as_get),
		cmocka_unit_test(test_what_the_server_refuses_is_a_danish_page),
		cmocka_unit_test(
		    test_without_the_database_pages_are_503_and_say_when_to_come_back),
		cmocka_unit_test(
		    test_a_time_that_cannot_be_read_is_never_shown),
		cmocka_unit_test(
		    test_the_style_sheet_lies_where_the_pages_say_and_is_kept),
		cmocka_unit_test(test_a_visitor_who_has_gone_is_not_answered),
		cmocka_unit_test(
		    test_a_web_may_be_freed_before_the_database_has_answered),
	};

	return cmocka_run_group_tests(tests, quiet, forget);
}
