#include "api/desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "loop/work.h"

enum {
	JOBS_MOST = 8,		/* the last one waits 1.5 s */
	WAIT_MOST_S = 60, FORGET_MS = 600 * 1000,
	SLOTS = 1024, NEIGHBOURS = 8, ADDRESS_BYTES = 16,
};

struct knocker {
	unsigned char	address[ADDRESS_BYTES];
	int64_t		failures;	/* 0: free */
	int64_t		last_ms, next_ms;
};

struct desk {
	struct work	*work;
	int64_t		 free_failures;
	struct knocker	 knocker[SLOTS];
};

struct desk *
desk_new(struct loop *loop, int64_t free_failures)
{
	struct desk *desk = xcalloc(1, sizeof(*desk));

	desk->free_failures = free_failures;
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

/* ---- jobs ---- */

bool
desk_has_room(const struct desk *desk)
{
	return work_has_room(desk->work);
}

struct desk_job *
desk_job_new(struct api_call *call, enum desk_wish wish, const char *password,
    const char *hash)
{
	struct desk_job *job = xcalloc(1, sizeof(*job));

	job->call = call;
	job->wish = wish;
	job->password = xstrdup(password);
	job->hash = xstrdup_null(hash);
	return job;
}

static void
forget(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

void
desk_job_free(struct desk_job *job)
{
	forget(job->password);
	forget(job->hash);
	forget(job->totp_hex);
	explicit_bzero(job->fresh, sizeof(job->fresh));
	free(job);
}

/* On the thread. */
static void
job_run(void *arg)
{
	struct desk_job *job = arg;

	if (job->wish == DESK_VERIFY) {
		job->worked = password_verify(&job->right, job->hash,
		    job->password, &job->err) == 0;
		if (!job->right || !password_outdated(job->hash))
			return;
	}
	job->made = password_hash(job->fresh, job->password, &job->err) == 0;
	if (job->wish == DESK_HASH)
		job->worked = job->made;
}

static void
job_done(void *arg, bool ran)
{
	struct desk_job *job = arg;

	if (ran && !job->worked)
		log_error("api: no password can be hashed: %s", job->err.text);
	job->done(job);
}

bool
desk_put(struct desk *desk, struct desk_job *job, desk_done_fn *done)
{
	job->done = done;
	return work_put(desk->work, job_run, job_done, job);
}

/* ---- addresses ---- */

/* The address's own slot, or the one that was quiet the longest. */
static struct knocker *
slot_get(struct desk *desk, const unsigned char *address)
{
	uint64_t hash = hash_bytes(address, ADDRESS_BYTES);
	struct knocker *slot, *oldest = NULL;
	int64_t now_ms = clock_mono_ms();
	size_t i;

	for (i = 0; i < NEIGHBOURS; i++) {
		slot = &desk->knocker[((hash ^ hash >> 32) + i) % SLOTS];
		if (slot->failures > 0 && now_ms - slot->last_ms > FORGET_MS)
			slot->failures = 0;
		if (slot->failures > 0 &&
		    memcmp(slot->address, address, ADDRESS_BYTES) == 0)
			return slot;
		if (oldest == NULL || slot->failures == 0 ||
		    (oldest->failures > 0 && slot->last_ms < oldest->last_ms))
			oldest = slot;
	}
	memcpy(oldest->address, address, ADDRESS_BYTES);
	oldest->failures = 0;
	oldest->next_ms = 0;
	return oldest;
}

int64_t
desk_wait_s(struct desk *desk, const unsigned char *address)
{
	int64_t left_ms = slot_get(desk, address)->next_ms - clock_mono_ms();

	return left_ms <= 0 ? 0 : (left_ms + 999) / 1000;
}

void
desk_failed(struct desk *desk, const unsigned char *address)
{
	struct knocker *slot = slot_get(desk, address);
	int64_t more;

	slot->last_ms = clock_mono_ms();
	more = ++slot->failures - desk->free_failures;
	if (more > 6)
		slot->next_ms = slot->last_ms + WAIT_MOST_S * 1000;
	else if (more > 0)
		slot->next_ms = slot->last_ms + (INT64_C(1000) << (more - 1));
}
