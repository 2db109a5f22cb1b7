/*
 * pool.h - connections to PostgreSQL that never block.
 *
 * A call copies its parameters, returns at once, and its reply function runs
 * exactly once and always from the loop. Statements are prepared on first use on
 * each connection, and once again on SQLSTATE 26000 and 0A000. A broken
 * connection comes back by itself with back-off (100 ms doubling to 2 s).
 *
 * Writes may wait for each other's locks on the server, reads do not: of several
 * connections one is left to reads. Otherwise whoever has waited longest is next.
 *
 * A call is never sent twice, since it may have run: a connection that breaks under
 * it makes it PG_AWAY. Calls wait while a connection is being made; once no
 * connection can be had they are PG_UNSENT at once, as those that wait to their limit.
 *
 * A call that passed its limit under way is PG_LATE at once. libpq's cancel would
 * block, so its connection is closed instead and made anew; the server sees that
 * within a second (client_connection_check_interval) and gives it up. Each
 * connection has the pool's limit as statement_timeout too, for a client whose
 * machine has vanished.
 *
 * Values that are secrets: a reply function says pg_reply_forget(), and then nothing
 * of the call stays here; before the connection is another's, a statement of blanks
 * overwrites what libpq's buffers hold of it.
 *
 * Units:     limits in milliseconds.
 * Ownership: parameters are copied, and the copy is overwritten when the call ends.
 *            A reply is the pool's (pg.h).
 * Errors:    come as the reply's status.
 * Context:   the process's loop only.
 */
#ifndef KG_PG_POOL_H
#define KG_PG_POOL_H

#include "base/histogram.h"
#include "loop/loop.h"
#include "pg/pg.h"

struct pg_pool;

struct pg_pool_options {
	const char	*dsn;		/* hosts are addresses or socket folders */
	const char	*application;	/* application_name */
	int		 connections;
	int		 queue_most;	/* waiting for one: reads, and writes */
	int64_t		 limit_ms;	/* the most; of a call that gives none */
};

typedef void pg_reply_fn(const struct pg_reply *reply, void *arg);

struct pg_pool *pg_pool_new(struct loop *loop,
    const struct pg_pool_options *options);
/*
 * Calls that wait get PG_UNSENT first, those under way PG_AWAY; what their reply
 * functions call is PG_UNSENT. Not from within a reply function.
 */
void pg_pool_free(struct pg_pool *pool);
/* `params` are text or NULL, statement->nparams of them. limit_ms 0: default. */
void pg_pool_read(struct pg_pool *pool, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg);
void pg_pool_write(struct pg_pool *pool, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg);
bool pg_pool_up(const struct pg_pool *pool);

struct pg_pool_counts {
	uint64_t calls;			/* with those that overwrite */
	uint64_t reconnects;
	uint64_t replies[PG_STATUSES];	/* calls that have ended */
	struct histogram waits;		/* of calls, for a connection they got */
	int	 waiting, under_way;
};

void pg_pool_counts(const struct pg_pool *pool, struct pg_pool_counts *out);

#endif
