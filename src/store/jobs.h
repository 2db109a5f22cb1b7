/*
 * jobs.h - what the keeper asks of the database every so often, and its mails.
 *
 * Ownership: what a reply function gets is good until it returns.
 * Errors:    an answer that did not come says so. STORE_JOB_REFUSED: the database
 *            said no, which problem tells of.
 * Context:   the process's loop; a reply function runs exactly once, later.
 */
#ifndef KG_STORE_JOBS_H
#define KG_STORE_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "pg/pool.h"

enum store_job {
	STORE_HOLDS_EXPIRE,
	STORE_HOLDS_WARN,
	STORE_JOURNAL_SEAL,
	STORE_ANSWERS_CLEAN,
	STORE_ACCOUNTS_CLEAN,
	STORE_MAILS_GIVE_UP,
	STORE_MAILS_CLEAN,
	STORE_MAILS_WAITING,
	STORE_JOBS
};

/* So many rows are sealed in one go; as many: there are more. */
enum { STORE_SEAL_MOST = 2000 };

enum store_job_result {
	STORE_JOB_DONE,
	STORE_JOB_REFUSED,
	STORE_JOB_UNKNOWN,		/* no answer came */
};

struct store_job_row {
	int64_t		 did;
	const char	*what;		/* NULL: the number says it all */
};

struct store_job_answer {
	enum store_job_result		 result;
	/* STORE_JOB_DONE; none: another keeper is at it */
	const struct store_job_row	*row;
	int				 nrows;
	const char			*problem;	/* STORE_JOB_REFUSED */
};

typedef void store_job_fn(const struct store_job_answer *answer, void *arg);

void store_job_run(struct pg_pool *pool, enum store_job job, store_job_fn *fn,
    void *arg);

struct store_mail {
	int64_t		 id;
	const char	*kind, *message_id;
	/* NULL: nobody has an address, or no text is known for the kind. */
	const char	*recipient, *subject, *body;
	int64_t		 at_s;
};

/* nmails -1: no answer came. */
typedef void store_mails_fn(const struct store_mail *mails, int nmails,
    void *arg);
typedef void store_told_fn(bool told, void *arg);

/* Takes at most so many mails that are due; base_url is for their links. */
void store_mails_claim(struct pg_pool *pool, const char *base_url, int most,
    store_mails_fn *fn, void *arg);
/* How the try went; problem NULL: it was sent. */
void store_mail_end(struct pg_pool *pool, int64_t id, const char *problem,
    store_told_fn *fn, void *arg);

#endif
