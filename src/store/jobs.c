#include "store/jobs.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/queries.h"

static const struct pg_statement *const statements[STORE_JOBS] = {
	[STORE_HOLDS_EXPIRE] = &query_jobs_holds_expire,
	[STORE_HOLDS_WARN] = &query_jobs_holds_warn,
	[STORE_JOURNAL_SEAL] = &query_jobs_journal_seal,
	[STORE_ANSWERS_CLEAN] = &query_jobs_answers_clean,
	[STORE_ACCOUNTS_CLEAN] = &query_jobs_accounts_clean,
	[STORE_MAILS_GIVE_UP] = &query_jobs_mails_give_up,
	[STORE_MAILS_CLEAN] = &query_jobs_mails_clean,
	[STORE_MAILS_WAITING] = &query_jobs_mails_waiting,
};

/* A call under way. */
struct call {
	store_job_fn	*job_fn;
	store_mails_fn	*mails_fn;
	store_told_fn	*told_fn;
	void		*arg;
};

static struct call *
call_new(void *arg)
{
	struct call *call = xcalloc(1, sizeof(*call));

	call->arg = arg;
	return call;
}

/* The statements are compiled in, so a column that is missing is a mistake here. */
static int
column(const struct pg_reply *reply, const char *name)
{
	int at = pg_reply_column(reply, name);

	assert(at >= 0);
	return at;
}

/* ---- a job ---- */

static void
job_done(const struct pg_reply *reply, void *arg)
{
	struct store_job_answer answer = { .result = STORE_JOB_UNKNOWN };
	struct store_job_row *rows = NULL;
	struct call *call = arg;
	int i;

	if (pg_reply_status(reply) == PG_REFUSED) {
		answer.result = STORE_JOB_REFUSED;
		answer.problem = pg_reply_message(reply);
	} else if (pg_reply_status(reply) == PG_DONE) {
		answer.result = STORE_JOB_DONE;
		answer.nrows = pg_reply_rows(reply);
		rows = xcalloc((size_t)answer.nrows + 1, sizeof(*rows));
		for (i = 0; i < answer.nrows; i++) {
			rows[i].did = pg_reply_int(reply, i,
			    column(reply, "did"), 0);
			rows[i].what = pg_reply_text(reply, i,
			    column(reply, "what"));
		}
		answer.row = rows;
	}
	call->job_fn(&answer, call->arg);
	free(rows);
	free(call);
}

void
store_job_run(struct pg_pool *pool, enum store_job job, store_job_fn *fn,
    void *arg)
{
	struct call *call = call_new(arg);

	call->job_fn = fn;
	pg_pool_write(pool, statements[job], NULL, 0, job_done, call);
}

/* ---- mails ---- */

static void
mail_read(struct store_mail *out, const struct pg_reply *reply, int row)
{
	out->id = pg_reply_int(reply, row, column(reply, "id"), 0);
	out->kind = pg_reply_text(reply, row, column(reply, "kind"));
	out->message_id = pg_reply_text(reply, row, column(reply, "message_id"));
	out->recipient = pg_reply_text(reply, row, column(reply, "recipient"));
	out->subject = pg_reply_text(reply, row, column(reply, "subject"));
	out->body = pg_reply_text(reply, row, column(reply, "body"));
	out->at_s = pg_reply_int(reply, row, column(reply, "at_s"), 0);
}

static void
mails_claimed(const struct pg_reply *reply, void *arg)
{
	struct store_mail *mails = NULL;
	struct call *call = arg;
	int nmails = -1, i;

	if (pg_reply_status(reply) == PG_DONE) {
		nmails = pg_reply_rows(reply);
		mails = xcalloc((size_t)nmails + 1, sizeof(*mails));
		for (i = 0; i < nmails; i++)
			mail_read(&mails[i], reply, i);
	}
	call->mails_fn(mails, nmails, call->arg);
	pg_reply_forget(reply);
	free(mails);
	free(call);
}

void
store_mails_claim(struct pg_pool *pool, const char *base_url, int most,
    store_mails_fn *fn, void *arg)
{
	struct call *call = call_new(arg);
	const char *params[2];
	char number[16];

	call->mails_fn = fn;
	snprintf(number, sizeof(number), "%d", most);
	params[0] = base_url;
	params[1] = number;
	pg_pool_write(pool, &query_jobs_mails_claim, params, 0, mails_claimed,
	    call);
}

static void
mail_told(const struct pg_reply *reply, void *arg)
{
	struct call *call = arg;

	call->told_fn(pg_reply_status(reply) == PG_DONE, call->arg);
	free(call);
}

void
store_mail_end(struct pg_pool *pool, int64_t id, const char *problem,
    store_told_fn *fn, void *arg)
{
	struct call *call = call_new(arg);
	const char *params[2];
	char number[24];

	call->told_fn = fn;
	snprintf(number, sizeof(number), "%" PRId64, id);
	params[0] = number;
	params[1] = problem;
	pg_pool_write(pool, &query_jobs_mail_end, params, 0, mail_told, call);
}
