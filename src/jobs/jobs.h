/*
 * jobs.h - due work, done every so often in the keeper's loop, and the mails.
 *
 * A job is one statement; what is due, the database knows. Every node's keeper asks,
 * and the database sees to it that one at a time is at a job and that no mail is in
 * two hands. So nothing here must be remembered over a restart.
 *
 * Ownership: options are copied; the pool is the caller's and outlives the jobs.
 * Errors:    are logged when they begin and when they end; the next turn tries again.
 * Context:   the process's loop.
 */
#ifndef KG_JOBS_JOBS_H
#define KG_JOBS_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "jobs/post.h"
#include "loop/loop.h"
#include "store/jobs.h"

struct jobs;

/* Begins at once. post: NULL: no mail server, mails stay where they are. */
struct jobs *jobs_new(struct loop *loop, struct pg_pool *pool,
    const struct post_options *post);
/*
 * Begins nothing more; `fn` runs once, later, when nothing is under way. Once.
 */
void jobs_drain(struct jobs *jobs, void (*fn)(void *arg), void *arg);
/*
 * After the pool has been freed, so that no reply is due any more. Mails under way
 * are cut off. NULL is allowed.
 */
void jobs_free(struct jobs *jobs);
/* -1: nobody has counted yet. */
int64_t jobs_mails_waiting(const struct jobs *jobs);

#endif
