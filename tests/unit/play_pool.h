/*
 * play_pool.h - for unit tests: the pool of connections, played.
 *
 * Takes the place of lib/pg in a test program: one call waits until the test says
 * what the database answered. What a reply holds is the test's: it says what
 * struct pg_reply is and has the questions of lib/pg/reply.h, but for those that are
 * answered by its pg_reply_text().
 *
 * Ownership: what is kept of calls is freed by play_pool_forget().
 */
#ifndef KG_TEST_PLAY_POOL_H
#define KG_TEST_PLAY_POOL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pg/pool.h"

enum { PLAY_PARAMS = 8, PLAY_LIMIT_MS = 1500 };

struct play_call {
	int				 count;		/* since the last forgetting */
	const struct pg_statement	*statement;
	char				*params[PLAY_PARAMS];	/* the last ones */
	bool				 reads;
	pg_reply_fn			*fn;		/* NULL: none waits */
	void				*arg;
};

extern struct play_call call;

/* Of the call that waits. */
void database_answers(const struct pg_reply *reply);
void play_pool_forget(void);

#endif
