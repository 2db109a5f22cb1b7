/*
 * Due work with a database and a mail server of the test: what is asked again, what
 * is not sent twice, and what a stop waits for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "jobs/jobs.h"
#include "mail/message.h"

enum { TURNS_MOST = 400 };

static struct loop *loop;
static struct jobs *jobs;

/* What was asked and is not answered yet. */
static struct {
	struct { store_job_fn *fn; void *arg; int asked; } job[STORE_JOBS];
	store_mails_fn	*claim_fn;
	void		*claim_arg;
	int		 claims, most;
	store_told_fn	*told_fn;
	void		*told_arg;
	int		 tells;
	int64_t		 told_id;
	char		 problem[128];
	bool		 drained;
} db;

static struct {
	mail_sent_fn	*fn[POST_AT_ONCE * 2];
	void		*arg[POST_AT_ONCE * 2];
	int		 sent;
	char		 to[64];
} server;

void
store_job_run(struct pg_pool *pool, enum store_job job, store_job_fn *fn,
    void *arg)
{
	(void)pool;
	assert_null(db.job[job].fn);
	db.job[job].fn = fn;
	db.job[job].arg = arg;
	db.job[job].asked++;
}

void
store_mails_claim(struct pg_pool *pool, const char *base_url, int most,
    store_mails_fn *fn, void *arg)
{
	(void)pool;
	assert_string_equal(base_url, "https://x");
	assert_null(db.claim_fn);
	db.claim_fn = fn;
	db.claim_arg = arg;
	db.most = most;
	db.claims++;
}

void
store_mail_end(struct pg_pool *pool, int64_t id, const char *problem,
    store_told_fn *fn, void *arg)
{
	(void)pool;
	db.told_fn = fn;
	db.told_arg = arg;
	db.told_id = id;
	db.tells++;
	snprintf(db.problem, sizeof(db.problem), "%s",
	    problem != NULL ? problem : "sent");
}

void
mail_send(struct mail_sender *sender, const char *from, const char *to,
    const struct buf *text, mail_sent_fn *fn, void *arg)
{
	(void)sender;
	assert_string_equal(from, "kurser@example.org");
	assert_non_null(strstr(text->data, "Subject: Hej\r\n"));
	assert_true(server.sent < (int)ARRAY_LEN(server.fn));
	snprintf(server.to, sizeof(server.to), "%s", to);
	server.fn[server.sent] = fn;
	server.arg[server.sent++] = arg;
}

void
mail_sender_close(struct mail_sender *sender)
{
	(void)sender;
}

static int
set_up(void **state)
{
	static const struct post_options post = {
		.from = "kurser@example.org", .base_url = "https://x",
	};

	(void)state;
	memset(&db, 0, sizeof(db));
	memset(&server, 0, sizeof(server));
	log_open("test", LOG_LEVEL_ERROR);
	loop = loop_new();
	jobs = jobs_new(loop, NULL, &post);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	jobs_free(jobs);
	loop_free(loop);
	return 0;
}

/* Turns the loop until *number is at least `least`. */
static void
turn_until(const int *number, int least)
{
	int turns = 0;

	while (*number < least) {
		assert_true(++turns < TURNS_MOST);
		loop_turn(loop, true);
	}
}

static void
answer_job(enum store_job job, enum store_job_result result, int64_t did)
{
	const struct store_job_row row = { did, NULL };
	struct store_job_answer answer = {
		.result = result, .row = &row,
		.nrows = result == STORE_JOB_DONE, .problem = "no",
	};
	store_job_fn *fn = db.job[job].fn;

	assert_non_null(fn);
	db.job[job].fn = NULL;
	fn(&answer, db.job[job].arg);
}

/* n: how many mails there are; -1: no answer. */
static void
answer_claim(int n)
{
	static const struct store_mail one = {
		.id = 7, .kind = "x", .message_id = "a@b",
		.recipient = "anna@example.org", .subject = "Hej", .body = "Hej\n",
	};
	struct store_mail mails[POST_AT_ONCE];
	store_mails_fn *fn = db.claim_fn;
	int i;

	for (i = 0; i < n; i++)
		mails[i] = one;
	db.claim_fn = NULL;
	fn(mails, n, db.claim_arg);
}

static void
drained(void *arg)
{
	(void)arg;
	assert_false(db.drained);
	db.drained = true;
}

static void
test_every_job_is_asked_for_at_once(void **state)
{
	int i;

	(void)state;
	loop_turn(loop, false);
	for (i = 0; i < STORE_JOBS; i++)
		assert_int_equal(db.job[i].asked, 1);
	assert_int_equal(jobs_mails_waiting(jobs), -1);
	answer_job(STORE_MAILS_WAITING, STORE_JOB_DONE, 12);
	assert_int_equal(jobs_mails_waiting(jobs), 12);
}

static void
test_job_that_fails_is_asked_again(void **state)
{
	(void)state;
	loop_turn(loop, false);
	answer_job(STORE_HOLDS_EXPIRE, STORE_JOB_UNKNOWN, 0);
	turn_until(&db.job[STORE_HOLDS_EXPIRE].asked, 2);
	assert_int_equal(db.job[STORE_HOLDS_WARN].asked, 1);
}

static void
test_full_batch_is_followed_by_the_next(void **state)
{
	(void)state;
	loop_turn(loop, false);
	answer_job(STORE_JOURNAL_SEAL, STORE_JOB_DONE, STORE_SEAL_MOST);
	loop_turn(loop, false);
	assert_int_equal(db.job[STORE_JOURNAL_SEAL].asked, 2);
	answer_job(STORE_JOURNAL_SEAL, STORE_JOB_DONE, STORE_SEAL_MOST - 1);
	loop_turn(loop, false);
	assert_int_equal(db.job[STORE_JOURNAL_SEAL].asked, 2);
}

static void
test_mail_is_sent_once_and_told_until_it_is_heard(void **state)
{
	(void)state;
	turn_until(&db.claims, 1);
	assert_int_equal(db.most, POST_AT_ONCE);
	answer_claim(1);
	assert_int_equal(server.sent, 1);
	assert_string_equal(server.to, "anna@example.org");
	server.fn[0](NULL, server.arg[0]);
	assert_int_equal(db.tells, 1);
	db.told_fn(false, db.told_arg);
	turn_until(&db.tells, 2);
	assert_int_equal(db.told_id, 7);
	assert_string_equal(db.problem, "sent");
	assert_int_equal(server.sent, 1);
	/* Its place is not free meanwhile. */
	assert_int_equal(db.most, POST_AT_ONCE - 1);
	db.told_fn(true, db.told_arg);
	answer_claim(0);
	turn_until(&db.claims, 3);
	assert_int_equal(db.most, POST_AT_ONCE);
}

static void
test_problem_is_told_and_not_tried_at_once(void **state)
{
	(void)state;
	turn_until(&db.claims, 1);
	answer_claim(1);
	server.fn[0]("text: no", server.arg[0]);
	assert_string_equal(db.problem, "text: no");
	db.told_fn(true, db.told_arg);
	loop_turn(loop, false);
	assert_int_equal(db.claims, 1);
	assert_int_equal(server.sent, 1);
}

static void
test_no_more_mails_than_places(void **state)
{
	(void)state;
	turn_until(&db.claims, 1);
	answer_claim(POST_AT_ONCE);
	assert_int_equal(server.sent, POST_AT_ONCE);
	turn_until(&db.job[STORE_HOLDS_EXPIRE].asked, 1);
	answer_job(STORE_HOLDS_EXPIRE, STORE_JOB_DONE, 0);
	/* A second later. */
	turn_until(&db.job[STORE_HOLDS_EXPIRE].asked, 2);
	assert_int_equal(db.claims, 1);
}

static void
test_stop_waits_for_what_is_under_way(void **state)
{
	int i;

	(void)state;
	loop_turn(loop, false);
	turn_until(&db.claims, 1);
	jobs_drain(jobs, drained, NULL);
	answer_claim(1);
	answer_job(STORE_HOLDS_EXPIRE, STORE_JOB_DONE, 1);
	loop_turn(loop, false);
	assert_false(db.drained);
	server.fn[0](NULL, server.arg[0]);
	for (i = STORE_HOLDS_EXPIRE + 1; i < STORE_JOBS; i++)
		answer_job((enum store_job)i, STORE_JOB_DONE, STORE_SEAL_MOST);
	loop_turn(loop, false);
	assert_false(db.drained);
	db.told_fn(true, db.told_arg);
	loop_turn(loop, false);
	assert_true(db.drained);
	for (i = 0; i < STORE_JOBS; i++)
		assert_int_equal(db.job[i].asked, 1);
	assert_int_equal(db.claims, 1);
}

static void
test_stop_waits_for_every_job(void **state)
{
	int i;

	(void)state;
	turn_until(&db.claims, 1);
	jobs_drain(jobs, drained, NULL);
	answer_claim(-1);
	for (i = 0; i < STORE_JOBS; i++) {
		loop_turn(loop, false);
		assert_false(db.drained);
		answer_job((enum store_job)i, STORE_JOB_UNKNOWN, 0);
	}
	loop_turn(loop, false);
	assert_true(db.drained);
}

static void
test_stop_with_nothing_under_way_ends_later(void **state)
{
	(void)state;
	jobs_drain(jobs, drained, NULL);
	assert_false(db.drained);
	loop_turn(loop, false);
	assert_true(db.drained);
	assert_int_equal(db.claims, 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_job_is_asked_for_at_once),
		TEST(test_job_that_fails_is_asked_again),
		TEST(test_full_batch_is_followed_by_the_next),
		TEST(test_mail_is_sent_once_and_told_until_it_is_heard),
		TEST(test_problem_is_told_and_not_tried_at_once),
		TEST(test_no_more_mails_than_places),
		TEST(test_stop_waits_for_what_is_under_way),
		TEST(test_stop_waits_for_every_job),
		TEST(test_stop_with_nothing_under_way_ends_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
