/*
 * desk.h - the thread that hashes passwords, and its bounded queue.
 *
 * Inside the room only. One desk a sign.
 *
 * Ownership: a job is the caller's and zeroed by desk_job_free().
 * Context:   the worker's loop only.
 */
#ifndef KG_SIGN_DESK_H
#define KG_SIGN_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "loop/loop.h"
#include "secret/password.h"

struct desk;
struct desk_job;
struct sign_flow;

/* Runs exactly once, later; asks flow_goes_on() or flow_is_kept() before all else,
 * and frees the job. */
typedef void desk_done_fn(struct desk_job *job);

enum desk_wish {
	DESK_VERIFY,		/* and a new hash if it is right but outdated */
	DESK_HASH,
};

struct desk_job {
	/* What is wished. */
	enum desk_wish	 wish;
	struct sign_flow *flow;
	desk_done_fn	*done;
	char		*password;
	char		*hash;		/* to verify; NULL: of nobody */
	/* The caller's notes. */
	int64_t		 person_id, now_s, totp_last_step;
	char		*totp_hex;
	/* What came of it. */
	bool		 worked;	/* false: no memory, or the daemon ends */
	bool		 right;
	bool		 made;		/* `fresh` is a new hash */
	char		 fresh[PASSWORD_HASH_BYTES];
	struct err	 err;		/* why it did not work */
};

struct desk *desk_new(struct loop *loop);
/* Hands all jobs back first. */
void desk_free(struct desk *desk);

/* Whether another job would be taken. */
bool desk_has_room(const struct desk *desk);
/* Copies password and hash. */
struct desk_job *desk_job_new(struct sign_flow *flow, enum desk_wish wish,
    const char *password, const char *hash);
void desk_job_free(struct desk_job *job);
/* False: too many wait; the job is still the caller's. */
must_check bool desk_put(struct desk *desk, struct desk_job *job,
    desk_done_fn *done);

#endif
