/*
 * desk.h - what signing in needs beside the database: the thread that hashes
 * passwords, and who has been wrong how often, by address.
 *
 * Inside the room only. One desk an api.
 *
 * After some free failures from one address the next attempt is 1, 2, 4 ... 60
 * seconds away; ten minutes without one forget them. An office behind one address
 * may err a little; the back-off of each account (the database's) is stricter.
 *
 * Units:     seconds.
 * Ownership: a job is the caller's and zeroed by desk_job_free(). Addresses stand
 *            in a table of fixed size; when it is full the oldest is forgotten.
 * Context:   the worker's loop only.
 */
#ifndef KG_API_DESK_H
#define KG_API_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "loop/loop.h"
#include "secret/password.h"

struct api_call;
struct desk;
struct desk_job;

/* Runs exactly once, later; asks api_call_goes_on() before all else, and then
 * frees the job. */
typedef void desk_done_fn(struct desk_job *job);

enum desk_wish {
	DESK_VERIFY,		/* and a new hash if it is right but outdated */
	DESK_HASH,
};

struct desk_job {
	/* What is wished. */
	enum desk_wish	 wish;
	struct api_call	*call;
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

struct desk *desk_new(struct loop *loop, int64_t free_failures);
/* Hands all jobs back first. */
void desk_free(struct desk *desk);

/* Whether another job would be taken. */
bool desk_has_room(const struct desk *desk);
/* Copies password and hash. */
struct desk_job *desk_job_new(struct api_call *call, enum desk_wish wish,
    const char *password, const char *hash);
void desk_job_free(struct desk_job *job);
/* False: too many wait; the job is still the caller's. */
must_check bool desk_put(struct desk *desk, struct desk_job *job,
    desk_done_fn *done);

/* 0, or how long this address (16 bytes) has to wait. */
int64_t desk_wait_s(struct desk *desk, const unsigned char *address);
void desk_failed(struct desk *desk, const unsigned char *address);

#endif
