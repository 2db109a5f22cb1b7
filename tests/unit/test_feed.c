/* Unit tests of src/feed: a request's way through cache, flight and answer. */
#include "feed_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "ical/ical.h"

#define SEASON	"/f/saeson/kattegat-2030.ics"
#define TOKEN	"/f/abcdefghijklmnopqrstuvwxy2.ics"

static struct pg_reply one, two, away;

static const char one_bytes[] =
    "BEGIN:VEVENT\r\n"
    "UID:5f0c@kalender.example\r\n"
    "DTSTAMP:20260802T111213Z\r\n"
    "DTSTART;TZID=Europe/Copenhagen:20300117T130000\r\n"
    "DTEND;TZID=Europe/Copenhagen:20300117T213000\r\n"
    "SEQUENCE:2\r\n"
    "CREATED:20260801T100000Z\r\n"
    "LAST-MODIFIED:20260802T111213Z\r\n"
    "STATUS:CONFIRMED\r\n"
    "TRANSP:OPAQUE\r\n"
    "SUMMARY:Et\r\n"
    "LOCATION:Sal A\\, Gade 1\\, 5000 Odense C\r\n"
    "URL:https://kalender.example/s/KAT30-07\r\n"
    "END:VEVENT\r\n";

/* The replies of one session, and of it and a second one. */
static int
begin(void **state)
{
	play_feed(&one, "100:100:", "1 5");
	play_event(&one, "1", "Et");
	play_feed(&two, "200:200:", "1 5,2 1");
	play_event(&two, "2", "To");
	away.status = PG_AWAY;
	return play_set_up(state);
}

static void
test_a_feed_is_head_events_and_tail(void **state)
{
	static const struct ical_calendar calendar = {
		.name = "Kattegat 2030", .description = "Alle hold.",
		.colour = "steelblue",
		.source = "https://kalender.example" SEASON,
		.url = "https://kalender.example/kalendere",
	};
	struct http_request request;
	struct buf whole = BUF_INIT;

	play_get(&request, SEASON);
	play_ask(*state, &request, &one);
	ical_head(&whole, &calendar);
	buf_adds(&whole, one_bytes);
	ical_tail(&whole);
	assert_string_equal(request.body, whole.data);
	assert_int_equal(request.length, whole.length);
	buf_clear(&whole);
	play_clear(&request);
}

static void
test_the_head_of_a_public_feed(void **state)
{
	struct http_request request;
	char length[24], etag[60];

	play_get(&request, SEASON);
	play_ask(*state, &request, &one);
	snprintf(length, sizeof(length), "%zu", request.length);
	snprintf(etag, sizeof(etag), "%s", play_value(&request, "ETag"));
	assert_int_equal(request.status, 200);
	assert_true(text_starts(request.head, "HTTP/1.1 200 OK\r\n"));
	assert_string_equal(play_value(&request, "Content-Type"),
	    "text/calendar; charset=utf-8");
	assert_string_equal(play_value(&request, "Content-Length"), length);
	assert_string_equal(play_value(&request, "Content-Disposition"),
	    "inline; filename=\"kattegat-2030.ics\"");
	assert_int_equal(strlen(etag), 34);
	assert_true(etag[0] == '"' && etag[33] == '"');
	assert_string_equal(play_value(&request, "Last-Modified"),
	    "Tue, 01 Jan 2030 11:43:20 GMT");
	assert_string_equal(play_value(&request, "Vary"), "Accept-Encoding");
	assert_string_equal(play_value(&request, "Cache-Control"),
	    "public, max-age=60, stale-while-revalidate=600, "
	    "stale-if-error=86400");
	assert_string_equal(play_value(&request, "Referrer-Policy"),
	    "no-referrer");
	assert_string_equal(play_value(&request,
	    "Access-Control-Allow-Origin"), "*");
	assert_string_equal(play_value(&request, "Kattegat-Version"),
	    "100:100:");
	assert_null(play_value(&request, "Content-Encoding"));
	assert_null(play_value(&request, "X-Robots-Tag"));
	assert_null(play_value(&request, "Set-Cookie"));
	assert_null(play_value(&request, "Age"));
	play_clear(&request);
}

static void
test_the_head_of_a_secret_feed(void **state)
{
	struct http_request request;
	struct pg_reply reply;

	play_token(&reply, "100:100:", "1 5");
	play_event(&reply, "1", "Et");
	play_get(&request, TOKEN);
	play_ask(*state, &request, &reply);
	assert_int_equal(request.status, 200);
	assert_string_equal(play_value(&request, "Cache-Control"),
	    "private, no-cache");
	assert_string_equal(play_value(&request, "X-Robots-Tag"), "noindex");
	assert_string_equal(play_value(&request, "Content-Disposition"),
	    "inline; filename=\"kalender.ics\"");
	assert_null(play_value(&request, "Access-Control-Allow-Origin"));
	assert_null(strstr(request.body, "abcdefghijklmnopqrstuvwxy2"));
	assert_null(strstr(request.head, "abcdefghijklmnopqrstuvwxy2"));
	play_clear(&request);
}

static void
test_a_second_fetch_costs_no_query_and_is_the_same(void **state)
{
	struct http_request first, second;

	play_get(&first, SEASON);
	play_get(&second, SEASON);
	play_ask(*state, &first, &one);
	play_pass(*state, 60);
	play_ask(*state, &second, NULL);
	assert_string_equal(first.body, second.body);
	assert_string_equal(first.head, second.head);
	play_clear(&first);
	play_clear(&second);
}

static void
test_gzip_only_when_asked_for_with_its_own_etag(void **state)
{
	struct http_request plain, packed;
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	char out[8192], etag[60];
	size_t length;

	play_get(&plain, SEASON);
	play_ask(*state, &plain, &one);
	play_get(&packed, SEASON);
	play_field(&packed, "accept-encoding", "gzip, deflate");
	play_ask(*state, &packed, NULL);
	assert_string_equal(play_value(&packed, "Content-Encoding"), "gzip");
	assert_int_equal(atoi(play_value(&packed, "Content-Length")),
	    packed.length);
	assert_true(packed.length < plain.length);
	assert_int_equal(libdeflate_gzip_decompress(d, packed.body,
	    packed.length, out, sizeof(out), &length), 0);
	assert_int_equal(length, plain.length);
	assert_memory_equal(out, plain.body, length);
	snprintf(etag, sizeof(etag), "%s", play_value(&packed, "ETag"));
	assert_string_not_equal(etag, play_value(&plain, "ETag"));
	libdeflate_free_decompressor(d);
	play_clear(&plain);
	play_clear(&packed);
}

static void
test_an_equal_etag_is_304_with_what_belongs_to_it(void **state)
{
	struct http_request first, second;
	char etag[60];

	play_get(&first, SEASON);
	play_ask(*state, &first, &one);
	snprintf(etag, sizeof(etag), "%s", play_value(&first, "ETag"));
	play_get(&second, SEASON);
	play_field(&second, "if-none-match", etag);
	play_ask(*state, &second, NULL);
	assert_int_equal(second.status, 304);
	assert_true(text_starts(second.head,
	    "HTTP/1.1 304 Not Modified\r\n"));
	assert_null(second.body);
	assert_string_equal(play_value(&second, "ETag"), etag);
	assert_non_null(play_value(&second, "Cache-Control"));
	assert_non_null(play_value(&second, "Vary"));
	assert_non_null(play_value(&second, "Kattegat-Version"));
	assert_null(play_value(&second, "Content-Type"));
	assert_null(play_value(&second, "Content-Length"));
	play_clear(&first);
	play_clear(&second);
}

static void
test_the_etag_of_the_other_form_is_no_match(void **state)
{
	struct http_request first, second;
	char etag[60];

	play_get(&first, SEASON);
	play_ask(*state, &first, &one);
	snprintf(etag, sizeof(etag), "%s", play_value(&first, "ETag"));
	play_get(&second, SEASON);
	play_field(&second, "accept-encoding", "gzip");
	play_field(&second, "if-none-match", etag);
	play_ask(*state, &second, NULL);
	assert_int_equal(second.status, 200);
	play_clear(&first);
	play_clear(&second);
}

static int
status_since(struct play *play, const char *date)
{
	struct http_request request;
	int status;

	play_get(&request, SEASON);
	play_field(&request, "if-modified-since", date);
	play_ask(play, &request, NULL);
	status = request.status;
	play_clear(&request);
	return status;
}

static void
test_only_an_equal_date_is_304(void **state)
{
	struct http_request request;

	play_fetch(*state, &request, SEASON, &one);
	assert_int_equal(status_since(*state,
	    "Tue, 01 Jan 2030 11:43:20 GMT"), 304);
	assert_int_equal(status_since(*state,
	    "Tue, 01 Jan 2030 11:43:19 GMT"), 200);
	assert_int_equal(status_since(*state,
	    "Tue, 01 Jan 2030 11:43:21 GMT"), 200);
	assert_int_equal(status_since(*state,
	    "Fri, 01 Jan 2038 00:00:00 GMT"), 200);
	assert_int_equal(status_since(*state, "yesterday"), 200);
}

static void
test_last_modified_is_left_out_until_its_second_is_over(void **state)
{
	struct play *play = *state;
	struct http_request request;

	generations_bump(play->generations, "season:1");
	play_get(&request, SEASON);
	play_ask(play, &request, &one);
	assert_null(play_value(&request, "Last-Modified"));
	play_clear(&request);
	play_pass(play, 1);
	play_ask(play, &request, NULL);
	assert_string_equal(play_value(&request, "Last-Modified"),
	    "Tue, 01 Jan 2030 12:00:00 GMT");
	play_clear(&request);
}

static void
test_a_bump_while_the_query_is_out_gives_the_body_no_date(void **state)
{
	struct play *play = *state;
	struct http_request request;

	play_get(&request, SEASON);
	feed_request(play->house, &request);
	generations_bump(play->generations, "run:7");
	play_pass(play, 1);
	play_answer(play, &one);
	assert_int_equal(request.status, 200);
	assert_null(play_value(&request, "Last-Modified"));
	play_clear(&request);
	play_pass(play, 10);
	play_ask(play, &request, &one);
	assert_non_null(play_value(&request, "Last-Modified"));
	play_clear(&request);
}

static void
test_head_is_answered_as_get(void **state)
{
	struct http_request get, head;

	play_get(&get, SEASON);
	play_ask(*state, &get, &one);
	play_get(&head, SEASON);
	head.method = HTTP_HEAD;
	play_ask(*state, &head, NULL);
	assert_string_equal(get.head, head.head);
	play_clear(&get);
	play_clear(&head);
}

static void
test_other_methods_are_405_and_ask_nobody(void **state)
{
	static const enum http_method methods[] = {
		HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS,
		HTTP_OTHER,
	};
	struct http_request request;
	size_t i;

	for (i = 0; i < ARRAY_LEN(methods); i++) {
		play_get(&request, SEASON);
		request.method = methods[i];
		play_ask(*state, &request, NULL);
		assert_int_equal(request.status, 405);
		assert_string_equal(play_value(&request, "Allow"),
		    "GET, HEAD");
		play_clear(&request);
	}
}

static void
test_a_change_is_in_the_next_fetch_and_costs_one_event(void **state)
{
	struct play *play = *state;
	struct http_request request;

	play_get(&request, SEASON);
	play_ask(play, &request, &one);
	assert_string_equal(play_value(&request, "Kattegat-Version"),
	    "100:100:");
	play_clear(&request);
	generations_bump(play->generations, "run:7");
	feed_request(play->house, &request);
	assert_int_equal(play_ncalls, 1);
	assert_string_equal(play_calls[0].statement->name, "query_feed_load");
	assert_string_equal(play_calls[0].params[0], "saeson");
	assert_string_equal(play_calls[0].params[1], "kattegat-2030");
	assert_string_equal(play_calls[0].params[2], "{1}");
	assert_string_equal(play_calls[0].params[3], "{5}");
	play_answer(play, &two);
	assert_non_null(strstr(request.body, "SUMMARY:Et\r\n"));
	assert_non_null(strstr(request.body, "SUMMARY:To\r\n"));
	assert_string_equal(play_value(&request, "Kattegat-Version"),
	    "200:200:");
	play_clear(&request);
}

static void
test_a_bump_elsewhere_costs_no_query(void **state)
{
	struct play *play = *state;
	struct http_request request;

	play_fetch(play, &request, SEASON, &one);
	generations_bump(play->generations, "run:8 season:2");
	play_ask(play, &request, NULL);
	assert_int_equal(request.status, 200);
	play_clear(&request);
}

static void
test_the_same_bytes_keep_their_etag(void **state)
{
	struct play *play = *state;
	struct http_request first, second;
	char etag[60];

	play_get(&first, SEASON);
	play_field(&first, "accept-encoding", "gzip");
	play_ask(play, &first, &one);
	snprintf(etag, sizeof(etag), "%s", play_value(&first, "ETag"));
	generations_bump(play->generations, "*");
	play_get(&second, SEASON);
	play_field(&second, "accept-encoding", "gzip");
	play_field(&second, "if-none-match", etag);
	play_ask(play, &second, &one);
	assert_int_equal(second.status, 304);
	play_clear(&first);
	play_clear(&second);
}

static void
test_who_comes_during_a_query_waits_for_it(void **state)
{
	struct play *play = *state;
	struct http_request first, second;

	play_get(&first, SEASON);
	play_get(&second, SEASON);
	feed_request(play->house, &first);
	feed_request(play->house, &second);
	assert_int_equal(play_ncalls, 1);
	play_answer(play, &one);
	assert_int_equal(first.status, 200);
	assert_int_equal(second.status, 200);
	assert_int_equal(play_ncalls, 0);
	play_clear(&first);
	play_clear(&second);
}

/* The query may have been read before the write that its client has seen. */
static void
test_who_comes_after_a_write_is_not_served_from_an_older_query(void **state)
{
	struct play *play = *state;
	struct http_request before, after;

	play_get(&before, SEASON);
	play_get(&after, SEASON);
	feed_request(play->house, &before);
	generations_bump(play->generations, "run:7");
	feed_request(play->house, &after);
	assert_int_equal(play_ncalls, 1);
	play_answer(play, &one);
	assert_int_equal(before.answers, 1);
	assert_int_equal(after.answers, 0);
	play_answer(play, &two);
	assert_int_equal(after.answers, 1);
	assert_non_null(strstr(after.body, "SUMMARY:To"));
	play_clear(&before);
	play_clear(&after);
}

static void
test_unheard_a_body_is_served_for_five_seconds_only(void **state)
{
	struct play *play = *state;
	struct http_request request;

	atomic_store(&play->generations->listening_until_ms, 0);
	play_fetch(play, &request, SEASON, &one);
	play_pass(play, 5);
	play_ask(play, &request, NULL);
	play_clear(&request);
	play_pass(play, 1);
	play_ask(play, &request, &two);
	assert_non_null(strstr(request.body, "SUMMARY:To"));
	play_clear(&request);
}

static void
test_heard_a_body_is_served_for_ever(void **state)
{
	struct http_request request;

	play_fetch(*state, &request, SEASON, &one);
	play_pass(*state, 86400);
	play_ask(*state, &request, NULL);
	assert_int_equal(request.status, 200);
	play_clear(&request);
}

int
main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, begin, \
	play_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_feed_is_head_events_and_tail),
		TEST(test_the_head_of_a_public_feed),
		TEST(test_the_head_of_a_secret_feed),
		TEST(test_a_second_fetch_costs_no_query_and_is_the_same),
		TEST(test_gzip_only_when_asked_for_with_its_own_etag),
		TEST(test_an_equal_etag_is_304_with_what_belongs_to_it),
		TEST(test_the_etag_of_the_other_form_is_no_match),
		TEST(test_only_an_equal_date_is_304),
		TEST(test_last_modified_is_left_out_until_its_second_is_over),
		TEST(test_a_bump_while_the_query_is_out_gives_the_body_no_date),
		TEST(test_head_is_answered_as_get),
		TEST(test_other_methods_are_405_and_ask_nobody),
		TEST(test_a_change_is_in_the_next_fetch_and_costs_one_event),
		TEST(test_a_bump_elsewhere_costs_no_query),
		TEST(test_the_same_bytes_keep_their_etag),
		TEST(test_who_comes_during_a_query_waits_for_it),
		TEST(test_who_comes_after_a_write_is_not_served_from_an_older_query),
		TEST(test_unheard_a_body_is_served_for_five_seconds_only),
		TEST(test_heard_a_body_is_served_for_ever),
	};
	struct err err;
	int failed;

	log_open("test_feed", LOG_LEVEL_ERROR);
	if (ical_open(&err) != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	ical_close();
	return failed;
}
