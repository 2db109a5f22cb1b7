/* Unit tests of src/feed: what is not simply served. */
#include "feed_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "feed/house.h"
#include "ical/ical.h"

#define SEASON	"/f/saeson/kattegat-2030.ics"
#define TOKEN	"/f/abcdefghijklmnopqrstuvwxy2.ics"

static struct pg_reply one, two, away, unknown;

static int
begin(void **state)
{
	play_feed(&one, "100:104:102", "1 5");
	play_event(&one, "1", "Et");
	play_feed(&two, "200:200:", "1 5,2 1");
	play_event(&two, "2", "To");
	play_state(&unknown, "unknown", "100:100:");
	away.status = PG_AWAY;
	return play_set_up(state);
}

/* ---- a request that must see a write ---- */

static void
ask_since(struct http_request *request, const char *version)
{
	play_get(request, SEASON);
	play_field(request, "kattegat-min-version", version);
}

static void
test_a_body_that_shows_the_write_is_served(void **state)
{
	static const char *const shown[] = { "99", "100", "101", "103" };
	struct http_request request;
	size_t i;

	play_fetch(*state, &request, SEASON, &one);
	for (i = 0; i < ARRAY_LEN(shown); i++) {
		ask_since(&request, shown[i]);
		play_ask(*state, &request, NULL);
		assert_int_equal(request.status, 200);
		play_clear(&request);
	}
}

static void
test_a_body_that_does_not_show_the_write_is_rebuilt_once(void **state)
{
	static const char *const hidden[] = { "102", "104", "199" };
	struct http_request request;
	size_t i;

	play_fetch(*state, &request, SEASON, &one);
	ask_since(&request, "300");
	play_ask(*state, &request, &one);
	assert_int_equal(request.status, 503);
	assert_non_null(play_value(&request, "Retry-After"));
	play_clear(&request);
	for (i = 0; i < ARRAY_LEN(hidden); i++) {
		ask_since(&request, hidden[i]);
		play_ask(*state, &request, i == 0 ? &two : NULL);
		assert_int_equal(request.status, 200);
		assert_non_null(strstr(request.body, "SUMMARY:To"));
		play_clear(&request);
	}
}

static void
test_a_write_may_be_newer_than_the_query_that_is_out(void **state)
{
	struct play *play = *state;
	struct http_request first, second;

	play_get(&first, SEASON);
	ask_since(&second, "150");
	feed_request(play->house, &first);
	feed_request(play->house, &second);
	play_answer(play, &one);
	assert_int_equal(first.status, 200);
	assert_int_equal(second.answers, 0);
	play_answer(play, &two);
	assert_int_equal(second.status, 200);
	play_clear(&first);
	play_clear(&second);
}

static void
test_an_unreadable_version_is_400(void **state)
{
	static const char *const bad[] = {
		"", "x", "-1", "+1", "1 ", " 1", "0", "1, 2", "0x10",
		"18446744073709551616",
	};
	struct http_request request;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		ask_since(&request, bad[i]);
		play_ask(*state, &request, NULL);
		assert_int_equal(request.status, 400);
		play_clear(&request);
	}
}

/* ---- the database away ---- */

static void
test_without_a_copy_it_is_503(void **state)
{
	static const enum pg_status statuses[] = {
		PG_AWAY, PG_LATE, PG_BUSY, PG_REFUSED,
	};
	struct http_request request;
	size_t i;

	for (i = 0; i < ARRAY_LEN(statuses); i++) {
		away.status = statuses[i];
		play_get(&request, SEASON);
		play_ask(*state, &request, &away);
		assert_int_equal(request.status, 503);
		assert_string_equal(play_value(&request, "Retry-After"), "5");
		assert_null(strstr(request.body, "VCALENDAR"));
		play_clear(&request);
	}
}

static void
test_the_last_copy_is_served_with_its_age(void **state)
{
	struct play *play = *state;
	struct http_request request;

	play_fetch(play, &request, SEASON, &one);
	play_pass(play, 70);
	generations_bump(play->generations, "run:7");
	play_ask(play, &request, &away);
	assert_int_equal(request.status, 200);
	assert_non_null(strstr(request.body, "SUMMARY:Et"));
	assert_string_equal(play_value(&request, "Age"), "70");
	play_clear(&request);
	ask_since(&request, "300");
	play_ask(play, &request, &away);
	assert_int_equal(request.status, 503);
	play_clear(&request);
}

static void
test_after_a_failure_the_database_is_left_alone_for_a_second(void **state)
{
	struct play *play = *state;
	struct http_request request;

	play_fetch(play, &request, SEASON, &one);
	generations_bump(play->generations, "run:7");
	play_ask(play, &request, &away);
	play_clear(&request);
	play_ask(play, &request, NULL);
	assert_string_equal(play_value(&request, "Age"), "0");
	play_clear(&request);
	play_pass(play, 1);
	play_ask(play, &request, &two);
	assert_null(play_value(&request, "Age"));
	play_clear(&request);
}

static void
test_a_write_after_a_failure_is_looked_for_at_once(void **state)
{
	struct play *play = *state;
	struct http_request request;

	play_fetch(play, &request, SEASON, &one);
	generations_bump(play->generations, "run:7");
	play_ask(play, &request, &away);
	play_clear(&request);
	generations_bump(play->generations, "run:7");
	play_ask(play, &request, &two);
	assert_non_null(strstr(request.body, "SUMMARY:To"));
	play_clear(&request);
}

/* ---- events that are not there ---- */

static void
test_an_event_that_cannot_be_written_is_never_left_out(void **state)
{
	struct http_request request;

	one.rows[1][13] = "20300230T130000";
	play_get(&request, SEASON);
	play_ask(*state, &request, &one);
	assert_int_equal(request.status, 503);
	play_clear(&request);
}

static void
test_an_event_that_the_database_left_out_is_never_left_out(void **state)
{
	struct http_request request;

	play_feed(&one, "100:100:", "1 5,3 1");
	play_event(&one, "1", "Et");
	play_get(&request, SEASON);
	play_ask(*state, &request, &one);
	assert_int_equal(request.status, 503);
	play_clear(&request);
}

static void
test_an_empty_feed_is_a_calendar_and_stays_the_same(void **state)
{
	struct play *play = *state;
	struct http_request first, second;

	play_feed(&one, "100:100:", NULL);
	play_get(&first, SEASON);
	play_get(&second, SEASON);
	play_ask(play, &first, &one);
	assert_int_equal(first.status, 200);
	assert_non_null(strstr(first.body, "BEGIN:VTIMEZONE"));
	assert_null(strstr(first.body, "BEGIN:VEVENT"));
	generations_bump(play->generations, "*");
	play_ask(play, &second, &one);
	assert_string_equal(first.body, second.body);
	play_clear(&first);
	play_clear(&second);
}

/* ---- feeds that are not there ---- */

static void
test_wrong_and_unknown_addresses_are_answered_alike(void **state)
{
	static const char *const paths[] = {
		TOKEN, "/f/saeson/none.ics", "/f/saeson/None.ics", "/f/x.ics",
		"/f/", "/f/alle", "/f/alle.ics/", "/f/kontor/A%.ics",
		"/f/lokale/0.ics", "/f/ledige-pladser.ics", "/f/../alle.ics",
	};
	struct http_request first, other;
	size_t i;

	play_get(&first, "/f/abcdefghijklmnopqrstuvwxy3.ics");
	play_ask(*state, &first, &unknown);
	assert_int_equal(first.status, 404);
	assert_string_equal(play_value(&first, "Kattegat-Version"),
	    "100:100:");
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		play_get(&other, paths[i]);
		other.address[0] = (unsigned char)i;
		play_ask(*state, &other, &unknown);
		assert_int_equal(other.status, 404);
		assert_string_equal(first.head, other.head);
		assert_string_equal(first.body, other.body);
		play_clear(&other);
	}
	play_clear(&first);
}

static void
test_a_stranger_with_many_links_is_429_but_nobody_else(void **state)
{
	struct play *play = *state;
	struct http_request request;
	struct pg_reply reply;
	int i;

	for (i = 0; i < 5; i++) {
		play_get(&request, TOKEN);
		play_ask(play, &request, &unknown);
		assert_int_equal(request.status, i < 3 ? 404 : 429);
		if (i >= 3)
			assert_string_equal(play_value(&request,
			    "Retry-After"), "60");
		play_clear(&request);
	}
	play_token(&reply, "100:100:", "1 5");
	play_event(&reply, "1", "Et");
	play_ask(play, &request, &reply);
	assert_int_equal(request.status, 200);
	play_clear(&request);
	play_state(&reply, "gone", "100:100:");
	play_get(&request, "/f/abcdefghijklmnopqrstuvwxy4.ics");
	play_ask(play, &request, &reply);
	assert_int_equal(request.status, 410);
	play_clear(&request);
	play_pass(play, 60);
	play_ask(play, &request, &unknown);
	assert_int_equal(request.status, 404);
	play_clear(&request);
}

static void
test_a_public_feed_that_has_gone_is_never_429(void **state)
{
	struct http_request request;
	int i;

	for (i = 0; i < 6; i++) {
		play_get(&request, SEASON);
		play_ask(*state, &request, &unknown);
		assert_int_equal(request.status, 404);
		play_clear(&request);
	}
}

static void
test_a_closed_link_says_so_and_then_is_gone(void **state)
{
	struct play *play = *state;
	struct http_request request;
	struct pg_reply reply;

	play_token(&reply, "100:100:", "21474836483 2");
	reply.rows[0][0] = "revoked";
	reply.rows[0][3] = "Lukket kalenderlink";
	play_event(&reply, "21474836483", "Kalenderlinket er lukket");
	reply.rows[1][13] = "20300101";
	reply.rows[1][14] = "20300102";
	play_get(&request, TOKEN);
	play_ask(play, &request, &reply);
	assert_int_equal(request.status, 200);
	assert_non_null(strstr(request.body,
	    "DTSTART;VALUE=DATE:20300101\r\n"));
	play_clear(&request);
	generations_bump(play->generations, "*");
	play_state(&reply, "gone", "100:100:");
	play_ask(play, &request, &reply);
	assert_int_equal(request.status, 410);
	assert_string_equal(play_value(&request, "X-Robots-Tag"), "noindex");
	play_clear(&request);
	play_ask(play, &request, &away);
	assert_int_equal(request.status, 503);
	play_clear(&request);
}

static void
test_a_link_made_during_the_query_is_found(void **state)
{
	struct play *play = *state;
	struct http_request before, after;
	struct pg_reply reply;

	play_token(&reply, "100:100:", "1 5");
	play_event(&reply, "1", "Et");
	play_get(&before, TOKEN);
	play_get(&after, TOKEN);
	feed_request(play->house, &before);
	generations_bump(play->generations, "token:3 person:1");
	feed_request(play->house, &after);
	play_answer(play, &unknown);
	assert_int_equal(before.status, 404);
	play_answer(play, &reply);
	assert_int_equal(after.status, 200);
	play_clear(&before);
	play_clear(&after);
}

/* ---- who goes away ---- */

static void
test_a_client_who_has_gone_is_not_answered(void **state)
{
	struct play *play = *state;
	struct http_request first, second;

	play_get(&first, SEASON);
	play_get(&second, SEASON);
	feed_request(play->house, &first);
	feed_request(play->house, &second);
	feed_gone(play->house, &first);
	play_answer(play, &one);
	assert_int_equal(first.answers, 0);
	assert_int_equal(second.answers, 1);
	play_clear(&second);
}

static void
test_a_house_may_go_while_queries_and_builds_are_out(void **state)
{
	struct play play;
	struct http_request request;

	(void)state;
	play_begin(&play);
	play_get(&request, SEASON);
	feed_request(play.house, &request);
	play_end(&play);
	assert_int_equal(request.answers, 0);
	assert_null(request.note);
}

/* ---- the last fetch of a link ---- */

static void
test_the_last_fetch_is_written_once_a_minute(void **state)
{
	struct play *play = *state;
	struct http_request request;
	struct pg_reply reply, written = { .status = PG_DONE };

	play_token(&reply, "100:100:", "1 5");
	play_event(&reply, "1", "Et");
	play_get(&request, TOKEN);
	play_field(&request, "user-agent",
	    "Mozilla/5.0 (compatible; Google-Calendar-Importer; x)");
	play_ask(play, &request, &reply);
	play_clear(&request);
	play_ask(play, &request, NULL);
	play_clear(&request);
	assert_int_equal(play_total, 1);
	feed_fetches_write(play->house->fetches);
	assert_int_equal(play_ncalls, 1);
	assert_string_equal(play_calls[0].statement->name,
	    "query_feed_fetched");
	assert_string_equal(play_calls[0].params[0], "{3}");
	assert_string_equal(play_calls[0].params[1], "{1893499200}");
	assert_string_equal(play_calls[0].params[2], "{google}");
	play_answer(play, &written);
}

/* ---- what is counted ---- */

static void
test_a_request_is_counted_as_public_or_secret(void **state)
{
	struct http_request request;

	play_get(&request, SEASON);
	play_ask(*state, &request, &one);
	assert_int_equal(request.kind, PLAY_PUBLIC);
	play_clear(&request);
	play_get(&request, TOKEN);
	play_ask(*state, &request, &unknown);
	assert_int_equal(request.kind, PLAY_TOKEN);
	play_clear(&request);
	play_get(&request, TOKEN);
	request.method = HTTP_POST;
	play_ask(*state, &request, NULL);
	assert_int_equal(request.kind, PLAY_TOKEN);
	play_clear(&request);
}

static uint64_t
served_delays(const struct play *play)
{
	const struct feed_counts *counts = feed_house_counts(play->house);
	uint64_t sum = 0;
	int i;

	for (i = 0; i < HISTOGRAM_BUCKETS; i++)
		sum += counts->served_delays.bucket[i];
	return sum;
}

static void
test_the_delay_of_a_change_is_that_of_its_first_answer(void **state)
{
	struct play *play = *state;
	const struct feed_counts *counts = feed_house_counts(play->house);
	struct http_request request;

	/* Nobody has waited for the first body, nor for the same one again. */
	play_fetch(play, &request, SEASON, &one);
	play_ask(play, &request, NULL);
	play_clear(&request);
	assert_int_equal(served_delays(play), 0);
	generations_bump(play->generations, "run:7");
	play_pass(play, 2);
	play_ask(play, &request, &away);	/* the last copy shows nothing */
	play_clear(&request);
	assert_int_equal(served_delays(play), 0);
	play_pass(play, 1);
	play_ask(play, &request, &two);
	play_clear(&request);
	play_ask(play, &request, NULL);
	play_clear(&request);
	assert_int_equal(served_delays(play), 1);
	assert_int_equal(counts->served_delays.sum_us, 3000000);
}

static void
test_a_change_nobody_was_shown_is_still_waited_for(void **state)
{
	struct play *play = *state;
	const struct feed_counts *counts = feed_house_counts(play->house);
	struct http_request request;

	play_fetch(play, &request, SEASON, &one);
	generations_bump(play->generations, "run:7");
	play_pass(play, 1);
	feed_request(play->house, &request);
	feed_gone(play->house, &request);
	play_answer(play, &two);
	assert_int_equal(served_delays(play), 0);
	play_pass(play, 1);
	generations_bump(play->generations, "run:7");
	play_pass(play, 1);
	play_ask(play, &request, &two);
	play_clear(&request);
	assert_int_equal(served_delays(play), 1);
	assert_int_equal(counts->served_delays.sum_us, 3000000);
}

static void
test_a_rebuild_is_timed_from_its_question(void **state)
{
	struct play *play = *state;
	const struct feed_counts *counts = feed_house_counts(play->house);
	struct http_request request;

	play_get(&request, SEASON);
	feed_request(play->house, &request);
	play_pass(play, 2);
	play_answer(play, &one);
	play_clear(&request);
	assert_int_equal(counts->rebuild_times.sum_us, 2000000);
	assert_int_equal(counts->rebuild_us, 2000000);
	assert_int_equal(counts->rebuilds, 1);
}

int
main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, begin, \
	play_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_body_that_shows_the_write_is_served),
		TEST(test_a_body_that_does_not_show_the_write_is_rebuilt_once),
		TEST(test_a_write_may_be_newer_than_the_query_that_is_out),
		TEST(test_an_unreadable_version_is_400),
		TEST(test_without_a_copy_it_is_503),
		TEST(test_the_last_copy_is_served_with_its_age),
		TEST(test_after_a_failure_the_database_is_left_alone_for_a_second),
		TEST(test_a_write_after_a_failure_is_looked_for_at_once),
		TEST(test_an_event_that_cannot_be_written_is_never_left_out),
		TEST(test_an_event_that_the_database_left_out_is_never_left_out),
		TEST(test_an_empty_feed_is_a_calendar_and_stays_the_same),
		TEST(test_wrong_and_unknown_addresses_are_answered_alike),
		TEST(test_a_stranger_with_many_links_is_429_but_nobody_else),
		TEST(test_a_public_feed_that_has_gone_is_never_429),
		TEST(test_a_closed_link_says_so_and_then_is_gone),
		TEST(test_a_link_made_during_the_query_is_found),
		TEST(test_a_client_who_has_gone_is_not_answered),
		TEST(test_a_house_may_go_while_queries_and_builds_are_out),
		TEST(test_the_last_fetch_is_written_once_a_minute),
		TEST(test_a_request_is_counted_as_public_or_secret),
		TEST(test_the_delay_of_a_change_is_that_of_its_first_answer),
		TEST(test_a_change_nobody_was_shown_is_still_waited_for),
		TEST(test_a_rebuild_is_timed_from_its_question),
	};
	struct err err;
	int failed;

	log_open("test_feed_states", (enum log_level)0);
	if (ical_open(&err) != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	ical_close();
	return failed;
}
