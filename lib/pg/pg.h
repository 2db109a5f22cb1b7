/*
 * pg.h - statements and replies, shared by the pool and the link.
 *
 * Ownership: a statement is constant and compiled in (lib/gen makes it from
 *            db/queries). A reply belongs to the pool or link that made it and is
 *            good until its reply function returns, or until pg_reply_free() for
 *            one that came from a link or was kept. Values are zero-terminated
 *            text.
 */
#ifndef KG_PG_PG_H
#define KG_PG_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pg_statement {
	const char	*name;		/* "query_feed_load", prepared under it */
	const char	*sql;
	int		 nparams;	/* counted from the highest $n */
};

enum pg_status {
	PG_DONE,		/* rows are there, maybe none */
	PG_REFUSED,		/* the database said no: sqlstate and message */
	PG_AWAY,		/* the connection broke: outcome unknown */
	PG_LATE,		/* the limit passed: outcome unknown */
	PG_BUSY,		/* the queue is full: not sent */
	PG_UNSENT,		/* no connection could be had: not sent */
};

enum { PG_STATUSES = PG_UNSENT + 1 };

/*
 * NULL when the pool can use it, else what would be right: libpq must know its
 * words, and each host must be an address or a socket's folder, since the look-up
 * of a name blocks.
 */
const char *pg_dsn_problem(const char *dsn);

struct pg_reply;

/*
 * Within its reply function: the same rows, not copied, until pg_reply_free().
 * Only PG_DONE, and once.
 */
struct pg_reply *pg_reply_keep(const struct pg_reply *reply);
void pg_reply_free(struct pg_reply *reply);		/* NULL is allowed */

enum pg_status pg_reply_status(const struct pg_reply *reply);
/*
 * Overwrites its values, which are secrets, or its parameters were. Of a pool: from
 * its reply function, and what libpq's buffers hold is overwritten as well.
 */
void pg_reply_forget(const struct pg_reply *reply);
int pg_reply_rows(const struct pg_reply *reply);
int pg_reply_columns(const struct pg_reply *reply);
const char *pg_reply_column_name(const struct pg_reply *reply, int column);
/* -1 when there is no such column. */
int pg_reply_column(const struct pg_reply *reply, const char *name);
/* NULL when the value is NULL. */
const char *pg_reply_text(const struct pg_reply *reply, int row, int column);
size_t pg_reply_length(const struct pg_reply *reply, int row, int column);
int64_t pg_reply_int(const struct pg_reply *reply, int row, int column,
    int64_t if_null);
bool pg_reply_bool(const struct pg_reply *reply, int row, int column);
/* Whether the column is a number or a boolean (for JSON): by type OID. */
bool pg_reply_is_number(const struct pg_reply *reply, int column);
bool pg_reply_is_bool(const struct pg_reply *reply, int column);
bool pg_reply_is_json(const struct pg_reply *reply, int column);
/* Of a PG_REFUSED reply; never NULL, "" when not given. */
const char *pg_reply_sqlstate(const struct pg_reply *reply);
const char *pg_reply_message(const struct pg_reply *reply);
const char *pg_reply_detail(const struct pg_reply *reply);
const char *pg_reply_hint(const struct pg_reply *reply);

#endif
