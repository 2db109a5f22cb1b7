#include "sign/desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "loop/work.h"
#include "sign/weak.h"

enum { JOBS_MOST = 8 };		/* the last one waits 1.5 s */

struct desk {
	struct work	*work;
};

struct desk *
desk_new(struct loop *loop)
{
	struct desk *desk = xcalloc(1, sizeof(*desk));

	desk->work = work_new(loop, JOBS_MOST);
	return desk;
}

void
desk_free(struct desk *desk)
{
	if (desk == NULL)
		return;
	work_free(desk->work);
	free(desk);
}

bool
desk_has_room(const struct desk *desk)
{
	return work_has_room(desk->work);
}

struct desk_job *
desk_job_new(struct sign_flow *flow, enum desk_wish wish,
    const char *password, const char *hash)
{
	struct desk_job *job = xcalloc(1, sizeof(*job));

	job->flow = flow;
	job->wish = wish;
	job->password = xstrdup(password);
	job->hash = xstrdup_null(hash);
	return job;
}

void
desk_job_free(struct desk_job *job)
{
	xforget(job->password);
	xforget(job->hash);
	xforget(job->totp_hex);
	explicit_bzero(job->fresh, sizeof(job->fresh));
	free(job);
}

/* One that was chosen before passwords had one form is taken as it is typed. */
static void
verify(struct desk_job *job, const char *composed, bool *outdated)
{
	job->worked = password_verify(&job->right, job->hash, composed,
	    &job->err) == 0;
	if (job->worked && !job->right &&
	    strcmp(composed, job->password) != 0) {
		job->worked = password_verify(&job->right, job->hash,
		    job->password, &job->err) == 0;
		*outdated = job->right;
	}
	if (job->right && password_outdated(job->hash))
		*outdated = true;
}

/* On the thread. */
static void
job_run(void *arg)
{
	struct desk_job *job = arg;
	char *composed = xstrdup(job->password);
	bool outdated = false;

	weak_compose(composed);
	if (job->wish == DESK_VERIFY)
		verify(job, composed, &outdated);
	if (job->wish == DESK_HASH || outdated)
		job->made = password_hash(job->fresh, composed,
		    &job->err) == 0;
	if (job->wish == DESK_HASH)
		job->worked = job->made;
	xforget(composed);
}

static void
job_done(void *arg, bool ran)
{
	struct desk_job *job = arg;

	if (ran && !job->worked)
		log_error("sign-in: no password can be hashed: %s",
		    job->err.text);
	job->done(job);
}

bool
desk_put(struct desk *desk, struct desk_job *job, desk_done_fn *done)
{
	job->done = done;
	return work_put(desk->work, job_run, job_done, job);
}
