/* Unit tests of lib/loop/work: the background thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>

#include "loop/work.h"

enum { MOST = 3, JOBS = 3 };

static struct loop *loop;
static struct work *work;

/* A job that waits until it may end, and tells who ran and who took it back. */
struct job {
	sem_t		 may_end, begun;
	bool		 waits;
	pthread_t	 ran_on;
	sigset_t	 blocked;
	int		 nran, ndone;
	bool		 said_ran;
	int		 order;		/* of coming back, from 1 */
};

static struct job jobs[JOBS];
static int nback;

static int
setup(void **state)
{
	int i;

	(void)state;
	memset(jobs, 0, sizeof(jobs));
	nback = 0;
	for (i = 0; i < JOBS; i++) {
		sem_init(&jobs[i].may_end, 0, 0);
		sem_init(&jobs[i].begun, 0, 0);
	}
	loop = loop_new();
	work = work_new(loop, MOST);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	work_free(work);
	loop_free(loop);
	return 0;
}

static void
run(void *arg)
{
	struct job *job = arg;

	job->ran_on = pthread_self();
	pthread_sigmask(SIG_SETMASK, NULL, &job->blocked);
	sem_post(&job->begun);
	if (job->waits)
		sem_wait(&job->may_end);
	job->nran++;
}

static void
done(void *arg, bool ran)
{
	struct job *job = arg;

	job->said_ran = ran;
	job->ndone++;
	job->order = ++nback;
}

static void
test_a_job_runs_on_a_thread_and_comes_back_on_the_loop(void **state)
{
	(void)state;
	assert_true(work_put(work, run, done, &jobs[0]));
	loop_run(loop);		/* ends, since nothing is armed any more */
	assert_int_equal(jobs[0].nran, 1);
	assert_int_equal(jobs[0].ndone, 1);
	assert_true(jobs[0].said_ran);
	assert_false(pthread_equal(jobs[0].ran_on, pthread_self()));
}

static void
test_signals_stay_the_loops(void **state)
{
	sigset_t own;

	(void)state;
	assert_true(work_put(work, run, done, &jobs[0]));
	loop_run(loop);
	assert_true(sigismember(&jobs[0].blocked, SIGTERM));
	assert_true(sigismember(&jobs[0].blocked, SIGCHLD));
	pthread_sigmask(SIG_SETMASK, NULL, &own);
	assert_false(sigismember(&own, SIGTERM));
}

static void
test_jobs_come_back_in_the_order_they_were_put(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < JOBS; i++)
		assert_true(work_put(work, run, done, &jobs[i]));
	loop_run(loop);
	for (i = 0; i < JOBS; i++)
		assert_int_equal(jobs[i].order, i + 1);
}

static void
test_a_full_queue_refuses_and_takes_again_later(void **state)
{
	struct job more = { 0 };
	int i;

	(void)state;
	sem_init(&more.begun, 0, 0);
	jobs[0].waits = true;
	for (i = 0; i < JOBS; i++)
		assert_true(work_put(work, run, done, &jobs[i]));
	assert_false(work_has_room(work));
	assert_false(work_put(work, run, done, &more));
	sem_post(&jobs[0].may_end);
	loop_run(loop);
	assert_int_equal(more.nran + more.ndone, 0);
	assert_true(work_has_room(work));
	assert_true(work_put(work, run, done, &more));
	loop_run(loop);
	assert_int_equal(more.ndone, 1);
}

static void
test_the_loop_turns_while_a_job_runs(void **state)
{
	(void)state;
	jobs[0].waits = true;
	assert_true(work_put(work, run, done, &jobs[0]));
	sem_wait(&jobs[0].begun);
	loop_turn(loop, false);
	assert_int_equal(jobs[0].ndone, 0);
	sem_post(&jobs[0].may_end);
	loop_run(loop);
	assert_int_equal(jobs[0].ndone, 1);
}

/* By the linker: work_free() has said that it ends when it joins its thread. */
int __real_pthread_join(pthread_t thread, void **result);
int __wrap_pthread_join(pthread_t thread, void **result);

int
__wrap_pthread_join(pthread_t thread, void **result)
{
	sem_post(&jobs[0].may_end);
	return __real_pthread_join(thread, result);
}

/* The one that runs is waited for; those that wait are handed back unrun. */
static void
test_the_end_hands_every_job_back_once(void **state)
{
	int i;

	(void)state;
	jobs[0].waits = true;
	for (i = 0; i < JOBS; i++)
		assert_true(work_put(work, run, done, &jobs[i]));
	sem_wait(&jobs[0].begun);
	work_free(work);
	work = NULL;
	assert_int_equal(jobs[0].nran, 1);
	assert_true(jobs[0].said_ran);
	for (i = 0; i < JOBS; i++) {
		assert_int_equal(jobs[i].ndone, 1);
		assert_int_equal(jobs[i].nran, i == 0);
		assert_int_equal(jobs[i].said_ran, i == 0);
	}
}

static void
test_without_a_job_there_is_no_thread_and_nothing_to_wait_for(void **state)
{
	(void)state;
	loop_run(loop);
}

static void
done_and_again(void *arg, bool ran)
{
	done(arg, ran);
	assert_true(work_put(work, run, done, &jobs[1]));
}

static void
test_a_job_that_comes_back_may_put_another(void **state)
{
	(void)state;
	assert_true(work_put(work, run, done_and_again, &jobs[0]));
	loop_run(loop);
	assert_int_equal(jobs[1].ndone, 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_a_job_runs_on_a_thread_and_comes_back_on_the_loop),
		TEST(test_signals_stay_the_loops),
		TEST(test_jobs_come_back_in_the_order_they_were_put),
		TEST(test_a_full_queue_refuses_and_takes_again_later),
		TEST(test_the_loop_turns_while_a_job_runs),
		TEST(test_the_end_hands_every_job_back_once),
		TEST(test_without_a_job_there_is_no_thread_and_nothing_to_wait_for),
		TEST(test_a_job_that_comes_back_may_put_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
