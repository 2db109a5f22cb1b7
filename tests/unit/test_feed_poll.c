/* Unit tests of src/feed: what the common poll costs in memory: nothing. */
#include "feed_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "ical/ical.h"

#define SEASON	"/f/saeson/kattegat-2030.ics"
#define TOKEN	"/f/abcdefghijklmnopqrstuvwxy2.ics"

/* Of our own code only: libraries are not wrapped, and neither is the played server. */
static size_t allocated;
static bool counts;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
void __real_http_answer(struct http_request *request,
    const struct http_answer *answer);
void __wrap_http_answer(struct http_request *request,
    const struct http_answer *answer);

void *
__wrap_malloc(size_t size)
{
	allocated += counts;
	return __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	allocated += counts;
	return __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	allocated += counts;
	return __real_realloc(old, size);
}

char *
__wrap_strdup(const char *text)
{
	allocated += counts;
	return __real_strdup(text);
}

void
__wrap_http_answer(struct http_request *request,
    const struct http_answer *answer)
{
	counts = false;
	__real_http_answer(request, answer);
}

static int
begin(void **state)
{
	allocated = 0;
	return play_set_up(state);
}

static void
poll(struct play *play, const char *path, const char *etag, int status)
{
	struct http_request request;

	play_get(&request, path);
	play_field(&request, "accept-encoding", "gzip, deflate, br");
	play_field(&request, "user-agent", "macOS/15.1 dataaccessd/1.0");
	if (etag != NULL)
		play_field(&request, "if-none-match", etag);
	counts = true;
	feed_request(play->house, &request);
	counts = false;
	assert_int_equal(request.answers, 1);
	assert_int_equal(request.status, status);
	play_clear(&request);
}

/* The first of a token's polls in a minute is noted too. */
static void
polls_allocate_nothing(struct play *play, const char *path,
    const struct pg_reply *reply)
{
	struct http_request request;
	char etag[60];
	int i;

	play_get(&request, path);
	play_field(&request, "accept-encoding", "gzip");
	play_ask(play, &request, reply);
	snprintf(etag, sizeof(etag), "%s", play_value(&request, "ETag"));
	play_clear(&request);
	allocated = 0;
	for (i = 0; i < 3; i++) {
		play_pass(play, 60);
		poll(play, path, etag, 304);
		poll(play, path, NULL, 200);
		generations_bump(play->generations, "season:8 person:9");
		poll(play, path, etag, 304);
	}
	assert_int_equal(allocated, 0);
}

static void
test_a_poll_of_a_public_feed_allocates_nothing(void **state)
{
	struct pg_reply reply;

	play_feed(&reply, "100:100:", "1 5");
	play_event(&reply, "1", "Et");
	polls_allocate_nothing(*state, SEASON, &reply);
}

static void
test_a_poll_of_a_secret_feed_allocates_nothing(void **state)
{
	struct pg_reply reply;

	play_token(&reply, "100:100:", "1 5");
	play_event(&reply, "1", "Et");
	polls_allocate_nothing(*state, TOKEN, &reply);
}

/* That the counting counts. */
static void
test_a_build_does_allocate(void **state)
{
	struct http_request request;
	struct pg_reply reply;

	play_feed(&reply, "100:100:", "1 5");
	play_event(&reply, "1", "Et");
	play_get(&request, SEASON);
	counts = true;
	play_ask(*state, &request, &reply);
	counts = false;
	assert_true(allocated > 10);
	play_clear(&request);
}

int
main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, begin, \
	play_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_poll_of_a_public_feed_allocates_nothing),
		TEST(test_a_poll_of_a_secret_feed_allocates_nothing),
		TEST(test_a_build_does_allocate),
	};
	struct err err;
	int failed;

	log_open("test_feed_poll", LOG_LEVEL_ERROR);
	if (ical_open(&err) != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	ical_close();
	return failed;
}
