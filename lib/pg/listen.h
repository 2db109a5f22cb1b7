/*
 * listen.h - one connection that hears NOTIFY.
 *
 * `up` is called after LISTEN was committed on a fresh connection, `down` when it
 * is lost; it comes back by itself with back-off. pg_listen_call() runs a
 * statement on the same connection (the keeper's heartbeat).
 *
 * Ownership: dsn, names and parameters are copied, hooks and statements are not: they
 *            are constant. A payload is good until `heard` returns.
 * Errors:    a lost connection is `down`; what the database refuses is logged.
 * Context:   the process's loop only.
 */
#ifndef KG_PG_LISTEN_H
#define KG_PG_LISTEN_H

#include "loop/loop.h"
#include "pg/pg.h"
#include "pg/pool.h"

struct pg_listen;

struct pg_listen_hooks {
	void	(*up)(void *arg);
	void	(*down)(void *arg);
	void	(*heard)(const char *payload, void *arg);
};

struct pg_listen *pg_listen_new(struct loop *loop, const char *dsn,
    const char *application, const char *channel,
    const struct pg_listen_hooks *hooks, void *arg);
void pg_listen_free(struct pg_listen *listen);
/* Breaks the connection so that it is made anew (a silent one). */
void pg_listen_reset(struct pg_listen *listen);
/* Best effort: nothing happens while the connection is down or busy. */
void pg_listen_call(struct pg_listen *listen,
    const struct pg_statement *statement, const char *const *params);
/* How often the connection was made anew. */
uint64_t pg_listen_reconnects(const struct pg_listen *listen);

#endif
