/*
 * Unit tests of src/feed: long feeds, which are built a slice at a time. How much is
 * done in a turn of the loop is counted where it costs most: an event rendered, a
 * byte compressed.
 */
#include "feed_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libdeflate.h>
#include <zlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "feed/house.h"
#include "ical/ical.h"

#define SEASON	"/f/saeson/kattegat-2030.ics"

enum { TURNS_MOST = 2000 };

/* What was done so far. */
static struct work {
	size_t rendered, compressed, blocks;
} work;

int __real_ical_event(struct buf *out, const struct ical_event *event,
    struct err *err);
int __wrap_ical_event(struct buf *out, const struct ical_event *event,
    struct err *err);
int __real_deflate(z_stream *stream, int flush);
int __wrap_deflate(z_stream *stream, int flush);

int
__wrap_ical_event(struct buf *out, const struct ical_event *event,
    struct err *err)
{
	work.rendered++;
	return __real_ical_event(out, event, err);
}

int
__wrap_deflate(z_stream *stream, int flush)
{
	work.compressed += stream->avail_in;
	work.blocks++;
	return __real_deflate(stream, flush);
}

static struct pg_reply reply;

static int
begin(void **state)
{
	memset(&work, 0, sizeof(work));
	return play_set_up(state);
}

static void
ask(struct play *play, struct http_request *request, const char *accept)
{
	play_get(request, SEASON);
	if (accept != NULL)
		play_field(request, "accept-encoding", accept);
	feed_request(play->house, request);
}

/* Turns the loop until the request is answered; how often. */
static int
turn_until(struct play *play, struct http_request *request)
{
	int turns;

	for (turns = 0; request->answers == 0; turns++) {
		assert_true(turns < TURNS_MOST);
		loop_turn(play->loop, true);
	}
	return turns;
}

static void
cold(struct play *play, struct http_request *request)
{
	ask(play, request, "gzip");
	play_long(&reply, "100:100:");
	play_answer(play, &reply);
	turn_until(play, request);
	assert_int_equal(request->status, 200);
}

/* The same after a change of one event. */
static void
change(struct play *play, struct http_request *request, int id)
{
	generations_bump(play->generations, "run:7");
	ask(play, request, "gzip");
	play_long_changed(&reply, "200:200:", id);
	play_answer(play, &reply);
	turn_until(play, request);
	assert_int_equal(request->status, 200);
}

/* What the gzip form says, by the other library; freed by the caller. */
static char *
unpack(const struct http_request *request, size_t *length)
{
	enum { MOST = 8 << 20 };
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	char *out = xmalloc(MOST);

	/* One member, whole: what is behind it would be an error. */
	assert_int_equal(libdeflate_gzip_decompress(d, request->body,
	    request->length, out, MOST, length), 0);
	libdeflate_free_decompressor(d);
	return out;
}

static void
same_in_both_forms(struct play *play, const struct http_request *packed)
{
	struct http_request plain;
	char *bytes;
	size_t length;

	play_get(&plain, SEASON);
	play_ask(play, &plain, NULL);
	bytes = unpack(packed, &length);
	assert_int_equal(length, plain.length);
	assert_memory_equal(bytes, plain.body, length);
	free(bytes);
	play_clear(&plain);
}

static void
test_a_long_feed_is_whole_and_read_from_a_kept_reply(void **state)
{
	struct play *play = *state;
	struct http_request request;
	const char *p;
	int count = 0;

	ask(play, &request, NULL);
	play_long(&reply, "100:100:");
	play_answer(play, &reply);
	memset(&reply, 0x55, sizeof(reply));
	turn_until(play, &request);
	for (p = request.body; (p = strstr(p, "\r\nSUMMARY:")) != NULL; p++)
		assert_int_equal(atoi(p + 10), ++count);
	assert_int_equal(count, PLAY_LONG);
	play_clear(&request);
}

/* The figure printed is only for the reader: how long it is depends on the machine. */
static void
test_no_turn_does_more_than_a_slice(void **state)
{
	struct play *play = *state;
	struct http_request request;
	struct work before;
	clock_t start, took, most = 0;
	int turns = 0;

	ask(play, &request, "gzip");
	play_long(&reply, "100:100:");
	do {
		before = work;
		start = clock();
		if (turns++ == 0)
			play_answer(play, &reply);
		else
			loop_turn(play->loop, true);
		took = clock() - start;
		most = took > most ? took : most;
		assert_true(work.rendered - before.rendered <= 50);
		assert_true(work.compressed - before.compressed <= 310000);
		assert_true(turns < TURNS_MOST);
	} while (request.answers == 0);
	assert_int_equal(work.rendered, PLAY_LONG);
	assert_true(turns > PLAY_LONG / 50);
	print_message("%d turns, the longest %ld us of CPU\n", turns,
	    (long)(most * 1000000 / CLOCKS_PER_SEC));
	play_clear(&request);
}

static void
test_the_blocks_of_a_long_feed_are_one_gzip_member(void **state)
{
	struct play *play = *state;
	struct http_request request;

	cold(play, &request);
	assert_true(work.blocks > 20);
	same_in_both_forms(play, &request);
	play_clear(&request);
	change(play, &request, 5000);
	same_in_both_forms(play, &request);
	play_clear(&request);
}

static void
test_a_changed_event_costs_its_own_block_again(void **state)
{
	static const int places[] = { 1, 77, 1234, 77, 9000, PLAY_LONG };
	struct play *play = *state;
	struct http_request request;
	size_t i;

	cold(play, &request);
	play_clear(&request);
	for (i = 0; i < ARRAY_LEN(places); i++) {
		memset(&work, 0, sizeof(work));
		change(play, &request, places[i]);
		assert_int_equal(work.rendered, 1);
		assert_in_range(work.blocks, 1, 3);
		play_clear(&request);
	}
}

/* Whoever builds it, and on whatever way: one address has one body with one ETag. */
static void
test_the_gzip_form_has_no_history(void **state)
{
	struct play *play = *state, other;
	struct http_request here, there;
	char etag[60];

	play_begin(&other);
	cold(play, &here);
	play_clear(&here);
	change(play, &here, 4321);
	play_clear(&here);
	change(play, &here, 8765);
	cold(&other, &there);
	snprintf(etag, sizeof(etag), "%s", play_value(&here, "ETag"));
	assert_string_equal(play_value(&there, "ETag"), etag);
	assert_int_equal(here.length, there.length);
	assert_memory_equal(here.body, there.body, here.length);
	feed_house_free(other.house);
	free(other.generations);
	loop_free(other.loop);
	play_clear(&here);
	play_clear(&there);
}

/* The identity form is there long before the gzip form. */
static void
test_who_wants_no_gzip_does_not_wait_for_it(void **state)
{
	struct play *play = *state;
	struct http_request packed, plain, later, waiting;
	char *bytes;
	size_t length;

	ask(play, &packed, "gzip");
	ask(play, &plain, NULL);
	play_long(&reply, "100:100:");
	play_answer(play, &reply);
	turn_until(play, &plain);
	assert_int_equal(packed.answers, 0);
	play_get(&later, SEASON);
	play_ask(play, &later, NULL);
	assert_string_equal(later.head, plain.head);
	ask(play, &waiting, "gzip");
	assert_int_equal(waiting.answers, 0);
	turn_until(play, &packed);
	assert_int_equal(waiting.answers, 1);
	assert_string_equal(waiting.head, packed.head);
	assert_int_equal(play_total, 1);
	assert_string_equal(play_value(&packed, "Content-Encoding"), "gzip");
	bytes = unpack(&packed, &length);
	assert_int_equal(length, plain.length);
	free(bytes);
	play_clear(&packed);
	play_clear(&plain);
	play_clear(&later);
	play_clear(&waiting);
}

/* A change while a body is compressed: nobody who comes after it may get that body. */
static void
test_who_comes_after_a_change_is_not_served_what_is_being_packed(void **state)
{
	static const char *const accepts[] = { "gzip", NULL };
	struct play *play = *state;
	struct http_request packed, plain, after[2];
	size_t i;

	ask(play, &packed, "gzip");
	ask(play, &plain, NULL);
	play_long(&reply, "100:100:");
	play_answer(play, &reply);
	turn_until(play, &plain);
	generations_bump(play->generations, "run:7");
	for (i = 0; i < ARRAY_LEN(accepts); i++)
		ask(play, &after[i], accepts[i]);
	turn_until(play, &packed);
	assert_int_equal(play_ncalls, 1);
	play_long_changed(&reply, "200:200:", 5);
	play_answer(play, &reply);
	for (i = 0; i < ARRAY_LEN(accepts); i++) {
		turn_until(play, &after[i]);
		assert_string_equal(play_value(&after[i],
		    "Kattegat-Version"), "200:200:");
		play_clear(&after[i]);
	}
	play_clear(&packed);
	play_clear(&plain);
}

static void
test_a_house_may_go_in_the_middle_of_any_slice(void **state)
{
	struct http_request request;
	struct play play;
	int i, turns = 0, before = 0;

	(void)state;
	do {
		play_begin(&play);
		ask(&play, &request, "gzip");
		play_long(&reply, "100:100:");
		play_answer(&play, &reply);
		for (i = 0; i < turns && request.answers == 0; i++)
			loop_turn(play.loop, true);
		before = request.answers;
		play_end(&play);
		play_clear(&request);
		turns += 83;
	} while (before == 0);
}

int
main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, begin, \
	play_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_long_feed_is_whole_and_read_from_a_kept_reply),
		TEST(test_no_turn_does_more_than_a_slice),
		TEST(test_the_blocks_of_a_long_feed_are_one_gzip_member),
		TEST(test_a_changed_event_costs_its_own_block_again),
		TEST(test_the_gzip_form_has_no_history),
		TEST(test_who_wants_no_gzip_does_not_wait_for_it),
		TEST(test_who_comes_after_a_change_is_not_served_what_is_being_packed),
		TEST(test_a_house_may_go_in_the_middle_of_any_slice),
	};
	struct err err;
	int failed;

	log_open("test_feed_long", LOG_LEVEL_ERROR);
	if (ical_open(&err) != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	ical_close();
	return failed;
}
