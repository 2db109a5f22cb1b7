#include "jobs/jobs.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };

/*
 * What is done, how often, what the log says of a number of them, and from which
 * number on there is more to do at once.
 */
static const struct {
	const char	*name;
	int64_t		 every_ms;
	enum store_job	 statement;
	const char	*done;		/* NULL: nothing */
	int64_t		 more_at;	/* 0: never */
} table[] = {
	{ "holds_expire", SECOND_MS, STORE_HOLDS_EXPIRE, "holds have expired", 0 },
	{ "holds_warn", MINUTE_MS, STORE_HOLDS_WARN,
	  "holds that end within 48 hours were warned about", 0 },
	{ "journal_seal", 5 * SECOND_MS, STORE_JOURNAL_SEAL, NULL,
	  STORE_SEAL_MOST },
	{ "mails_give_up", MINUTE_MS, STORE_MAILS_GIVE_UP, "given up", 0 },
	{ "mails_waiting", 10 * SECOND_MS, STORE_MAILS_WAITING, NULL, 0 },
	{ "answers_clean", HOUR_MS, STORE_ANSWERS_CLEAN,
	  "answers to requests were forgotten", 0 },
	{ "accounts_clean", HOUR_MS, STORE_ACCOUNTS_CLEAN,
	  "sign-ins and invitations were forgotten", 0 },
	{ "mails_clean", HOUR_MS, STORE_MAILS_CLEAN,
	  "mails were forgotten", 0 },
};

enum { JOBS = ARRAY_LEN(table) };

struct job {
	struct jobs		*jobs;
	struct loop_event	*timer;
	int			 number;	/* in the table */
	bool			 running, failing;
};

struct jobs {
	struct pg_pool		*pool;
	struct post		*post;		/* NULL: no mail server */
	struct job		 job[JOBS];
	struct loop_event	*drained;
	int64_t			 mails_waiting;
	bool			 draining;
	void			(*fn)(void *arg);
	void			*arg;
};

static void job_done(const struct store_job_answer *answer, void *arg);

static void
job_fn(enum loop_what what, void *arg)
{
	struct job *job = arg;

	(void)what;
	job->running = true;
	store_job_run(job->jobs->pool, table[job->number].statement, job_done,
	    job);
}

static void
tell(const struct job *job, const struct store_job_row *row)
{
	const char *done = table[job->number].done;

	if (done == NULL || row->did == 0)
		return;
	if (row->what != NULL)
		log_warn("%s: %s", done, row->what);
	else
		log_info("%" PRId64 " %s", row->did, done);
}

/* When the first of several turns fails, and when one works again. */
static void
tell_state(struct job *job, const struct store_job_answer *answer)
{
	const char *name = table[job->number].name;
	bool failing = answer->result == STORE_JOB_REFUSED;

	if (failing && !job->failing)
		log_error("job %s: %s; it is tried again", name,
		    answer->problem);
	else if (!failing && job->failing)
		log_info("job %s works again", name);
	job->failing = failing;
}

static void
look_if_drained(void *arg)
{
	struct jobs *jobs = arg;
	int i;

	if (!jobs->draining || (jobs->post != NULL && !post_idle(jobs->post)))
		return;
	for (i = 0; i < JOBS; i++)
		if (jobs->job[i].running)
			return;
	loop_timer_arm(jobs->drained, 0);
}

static bool
more(const struct job *job, const struct store_job_answer *answer)
{
	int64_t more_at = table[job->number].more_at;

	return more_at > 0 && answer->nrows == 1 &&
	    answer->row[0].did >= more_at;
}

static void
job_done(const struct store_job_answer *answer, void *arg)
{
	struct job *job = arg;
	struct jobs *jobs = job->jobs;
	int i;

	job->running = false;
	/* With the database away nothing can be said of the job itself. */
	if (answer->result != STORE_JOB_UNKNOWN)
		tell_state(job, answer);
	for (i = 0; i < answer->nrows; i++)
		tell(job, &answer->row[i]);
	if (table[job->number].statement == STORE_MAILS_WAITING &&
	    answer->nrows == 1)
		jobs->mails_waiting = answer->row[0].did;
	if (jobs->draining)
		look_if_drained(jobs);
	else
		loop_timer_arm(job->timer, more(job, answer) ? 0 :
		    table[job->number].every_ms);
}

static void
drained_fn(enum loop_what what, void *arg)
{
	struct jobs *jobs = arg;
	void (*fn)(void *) = jobs->fn;

	(void)what;
	jobs->fn = NULL;
	if (fn != NULL)
		fn(jobs->arg);
}

struct jobs *
jobs_new(struct loop *loop, struct pg_pool *pool,
    const struct post_options *post)
{
	struct jobs *jobs = xcalloc(1, sizeof(*jobs));
	struct job *job;
	int i;

	jobs->pool = pool;
	jobs->mails_waiting = -1;
	jobs->drained = loop_timer_new(loop, drained_fn, jobs);
	for (i = 0; i < JOBS; i++) {
		job = &jobs->job[i];
		job->jobs = jobs;
		job->number = i;
		job->timer = loop_timer_new(loop, job_fn, job);
		loop_timer_arm(job->timer, 0);
	}
	if (post != NULL)
		jobs->post = post_new(loop, pool, post);
	return jobs;
}

void
jobs_drain(struct jobs *jobs, void (*fn)(void *arg), void *arg)
{
	int i;

	jobs->draining = true;
	jobs->fn = fn;
	jobs->arg = arg;
	for (i = 0; i < JOBS; i++)
		loop_event_disarm(jobs->job[i].timer);
	if (jobs->post != NULL)
		post_stop(jobs->post, look_if_drained, jobs);
	look_if_drained(jobs);
}

void
jobs_free(struct jobs *jobs)
{
	int i;

	if (jobs == NULL)
		return;
	post_free(jobs->post);
	for (i = 0; i < JOBS; i++)
		loop_event_free(jobs->job[i].timer);
	loop_event_free(jobs->drained);
	free(jobs);
}

int64_t
jobs_mails_waiting(const struct jobs *jobs)
{
	return jobs->mails_waiting;
}
