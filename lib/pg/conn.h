/*
 * conn.h - inside of lib/pg: one connection that never blocks.
 *
 * It connects by itself, again and again with back-off, prepares a statement when
 * it is first used, and runs one at a time. It does not know limits of calls: who
 * finds one late calls pg_conn_reset().
 *
 * Ownership: statement and parameters stay the caller's and must live until the
 *            reply. The reply is good until the hook returns.
 * Errors:    `down` says that the connection is lost; a statement that was under
 *            way then gets no reply, and its outcome is unknown.
 * Context:   hooks are called from the loop only, and may call pg_conn_call() and
 *            pg_conn_reset(), but not pg_conn_free().
 */
#ifndef KG_PG_CONN_H
#define KG_PG_CONN_H

#include "loop/loop.h"
#include "pg/pg.h"

struct pg_conn;

struct pg_conn_hooks {
	void	(*up)(void *arg);	/* can take a statement */
	void	(*down)(void *arg);	/* lost, or could not be made */
	void	(*reply)(const struct pg_reply *reply, void *arg);
	void	(*heard)(const char *payload, void *arg);	/* may be NULL */
};

/* limit_ms: after which the server gives up a statement; 0: never. */
struct pg_conn *pg_conn_new(struct loop *loop, const char *dsn,
    const char *application, int64_t limit_ms,
    const struct pg_conn_hooks *hooks, void *arg);
/* No hook is called any more. */
void pg_conn_free(struct pg_conn *conn);
/* Connected, and no statement under way. */
bool pg_conn_idle(const struct pg_conn *conn);
bool pg_conn_up(const struct pg_conn *conn);
/* Up, or lost so lately that it has not failed to come back. */
bool pg_conn_hopeful(const struct pg_conn *conn);
/* Only when idle. */
void pg_conn_call(struct pg_conn *conn, const struct pg_statement *statement,
    const char *const *params);
/* Closes it, which makes the server give up what runs; comes back by itself. */
void pg_conn_reset(struct pg_conn *conn);
/* How often it was made anew. */
uint64_t pg_conn_reconnects(const struct pg_conn *conn);

#endif
