/*
 * work.h - the one background thread of a process, for what takes long to compute.
 *
 * Jobs wait in a bounded queue and run one after the other on the thread; each is
 * handed back on the loop. The loop never waits for the thread. The thread is made
 * with the first job, so that a process that never needs it has none.
 *
 * Ownership: a job is the caller's, but between work_put() and `done` only `run`
 *            touches it.
 * Errors:    a full queue is an answer: false. So is a system that gives no thread,
 *            which is logged.
 * Context:   all calls from the process's loop, after the fork. `run` is called on
 *            the thread and must touch nothing but its job; `done` on the loop,
 *            exactly once a job.
 */
#ifndef KG_LOOP_WORK_H
#define KG_LOOP_WORK_H

#include <stdbool.h>

#include "base/mem.h"
#include "loop/loop.h"

struct work;

typedef void work_run_fn(void *job);
/* ran is false for a job that work_free() found waiting. */
typedef void work_done_fn(void *job, bool ran);

/* jobs_most: how many may wait or run at once. */
struct work *work_new(struct loop *loop, int jobs_most);
/*
 * Waits for the job that runs, ends the thread and hands every job back. NULL is
 * allowed. Not from within `done`.
 */
void work_free(struct work *work);
/* Whether work_put() would take another job. */
bool work_has_room(const struct work *work);
/* False: the queue is full, nothing happened. */
must_check bool work_put(struct work *work, work_run_fn *run,
    work_done_fn *done, void *job);

#endif
