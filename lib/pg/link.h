/*
 * link.h - one connection that waits: for kattegatctl.
 *
 * Ownership: the caller closes the link and frees each reply.
 * Errors:    -1 with err filled. A refusal by the database is not an error of
 *            pg_link_call(): look at the reply's status.
 * Context:   a command line program; never the daemon.
 */
#ifndef KG_PG_LINK_H
#define KG_PG_LINK_H

#include "base/err.h"
#include "pg/pg.h"

struct pg_link;

enum { PG_SQLSTATE_SIZE = 6 };	/* with its zero */

/* `user`: who logs in instead of whom the DSN names, or NULL. */
must_check int pg_link_open(struct pg_link **out, const char *dsn,
    const char *user, const char *application, struct err *err);
void pg_link_close(struct pg_link *link);
must_check int pg_link_call(struct pg_link *link,
    const struct pg_statement *statement, const char *const *params,
    struct pg_reply **out, struct err *err);
/*
 * Runs a script of many statements; a refusal is an error here, with its place, and
 * its SQLSTATE in `sqlstate` (08006 when the connection broke), which may be NULL.
 */
must_check int pg_link_script(struct pg_link *link, const char *name,
    const char *sql, char sqlstate[PG_SQLSTATE_SIZE], struct err *err);

#endif
