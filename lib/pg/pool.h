/*
 * pool.h - connections to PostgreSQL that never block.
 *
 * A call copies its parameters, returns at once, and its reply function runs
 * exactly once and always from the loop. Statements are prepared on first use on
 * each connection, and once again on SQLSTATE 26000 and 0A000. A broken
 * connection comes back by itself with back-off (100 ms doubling to 5 s).
 *
 * Units:   limits in milliseconds.
 * Errors:  come as the reply's status. A call that passed its limit is cancelled
 *          on the server and its connection reset; the reply says PG_LATE at once.
 * Context: the process's loop only.
 */
#ifndef KG_PG_POOL_H
#define KG_PG_POOL_H

#include "loop/loop.h"
#include "pg/pg.h"

struct pg_pool;

struct pg_pool_options {
	const char	*dsn;		/* hosts are addresses or socket folders */
	const char	*application;	/* application_name */
	int		 connections;
	int		 queue_most;	/* calls waiting for a connection */
	int64_t		 limit_ms;	/* of a call, when it gives none */
};

typedef void pg_reply_fn(const struct pg_reply *reply, void *arg);

struct pg_pool *pg_pool_new(struct loop *loop,
    const struct pg_pool_options *options);
/* Calls that are under way get PG_AWAY first. */
void pg_pool_free(struct pg_pool *pool);
/* `params` are text or NULL, statement->nparams of them. limit_ms 0: default. */
void pg_pool_call(struct pg_pool *pool, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg);
bool pg_pool_up(const struct pg_pool *pool);

struct pg_pool_counts {
	uint64_t calls, refused, away, late, reconnects;
	int	 waiting, under_way;
};

void pg_pool_counts(const struct pg_pool *pool, struct pg_pool_counts *out);

#endif
