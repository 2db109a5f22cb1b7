#include "pg/pool.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "pg/conn.h"
#include "pg/params.h"
#include "pg/reply.h"

/*
 * A call is in one list until its reply, and its timer is what ends it when
 * nothing else does.
 */
enum call_state {
	CALL_READ_WAITS,	/* in the queue; the timer is its limit */
	CALL_WRITE_WAITS,	/* likewise */
	CALL_UNDER_WAY,		/* on a connection; the timer is its limit */
	CALL_TURNED_AWAY,	/* busy or away; the timer says so at once */
};

struct call {
	enum call_state			 state;
	struct call			*prev, *next;	/* in calls of its state */
	struct pg_pool			*pool;
	struct pool_conn		*conn;		/* when under way */
	struct loop_event		*timer;
	const struct pg_statement	*statement;
	const char			**params;
	bool				 reads;
	uint64_t			 number;	/* in the order they came */
	int64_t				 limit_ms, asked_us;
	enum pg_status			 turned_away;
	pg_reply_fn			*fn;
	void				*arg;
};

/* Secrets are short, and so is what is said with them. */
enum { OVERWRITTEN_BYTES = 8192 };

struct calls {
	struct call	*first, *last;
	int		 count;
};

struct pool_conn {
	struct pg_pool	*pool;
	struct pg_conn	*conn;
	struct call	*call;		/* under way here */
	bool		 forgets;	/* its buffers hold a secret */
};

struct pg_pool {
	struct loop		*loop;
	struct pool_conn	*conns;
	int			 nconns;
	int			 writes, writes_most;	/* under way at once */
	int			 queue_most;
	int64_t			 limit_ms;
	bool			 freeing;
	struct calls		 calls[CALL_TURNED_AWAY + 1];
	struct pg_pool_counts	 counts;
};

static void
call_link(struct call *call, enum call_state state)
{
	struct calls *calls = &call->pool->calls[state];

	call->state = state;
	call->prev = calls->last;
	call->next = NULL;
	if (calls->last != NULL)
		calls->last->next = call;
	else
		calls->first = call;
	calls->last = call;
	calls->count++;
}

static void
call_unlink(struct call *call)
{
	struct calls *calls = &call->pool->calls[call->state];

	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		calls->first = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	else
		calls->last = call->prev;
	calls->count--;
}

static void
call_enter(struct call *call, enum call_state state)
{
	call_unlink(call);
	call_link(call, state);
}

/* The one place where a call ends. */
static void
call_end(struct call *call, const struct pg_reply *reply)
{
	pg_reply_fn *fn = call->fn;
	void *arg = call->arg;

	call_unlink(call);
	if (call->conn != NULL) {
		call->conn->call = NULL;
		call->pool->writes -= !call->reads;
	}
	call->pool->counts.replies[reply->status]++;
	loop_event_free(call->timer);
	pg_params_free(call->params, call->statement->nparams);
	free(call);
	fn(reply, arg);
}

static void
call_end_without(struct call *call, enum pg_status status)
{
	struct pg_reply reply = { .status = status };

	call_end(call, &reply);
}

static void
call_turn_away(struct call *call, enum pg_status status)
{
	call->turned_away = status;
	call_enter(call, CALL_TURNED_AWAY);
	loop_timer_arm(call->timer, 0);
}

static void
call_timer(enum loop_what what, void *arg)
{
	struct call *call = arg;

	(void)what;
	switch (call->state) {
	case CALL_READ_WAITS:
	case CALL_WRITE_WAITS:
		call_end_without(call, PG_UNSENT);
		break;
	case CALL_UNDER_WAY:
		log_warn("%s: no answer from the database for %" PRId64 " ms, "
		    "given up", call->statement->name, call->limit_ms);
		pg_conn_reset(call->conn->conn);
		call_end_without(call, PG_LATE);
		break;
	case CALL_TURNED_AWAY:
		call_end_without(call, call->turned_away);
		break;
	}
}

/* The one that has waited longest of those that may have a connection, or NULL. */
static struct call *
pool_next(const struct pg_pool *pool)
{
	struct call *read = pool->calls[CALL_READ_WAITS].first;
	struct call *write = pool->calls[CALL_WRITE_WAITS].first;

	if (write == NULL || pool->writes >= pool->writes_most)
		return read;
	return read == NULL || write->number < read->number ? write : read;
}

static void
call_start(struct call *call, struct pool_conn *conn)
{
	call_enter(call, CALL_UNDER_WAY);
	histogram_add(&call->pool->counts.waits,
	    clock_mono_us() - call->asked_us);
	call->conn = conn;
	conn->call = call;
	call->pool->writes += !call->reads;
	pg_conn_call(conn->conn, call->statement, call->params);
}

/* Gives what waits to the connections that are idle. */
static void
pool_dispatch(struct pg_pool *pool)
{
	struct call *call = pool_next(pool);
	int i;

	for (i = 0; i < pool->nconns && call != NULL; i++) {
		struct pool_conn *conn = &pool->conns[i];

		if (!pg_conn_idle(conn->conn))
			continue;
		call_start(call, conn);
		call = pool_next(pool);
	}
}

static bool
pool_hopeful(const struct pg_pool *pool)
{
	int i;

	for (i = 0; i < pool->nconns; i++)
		if (pg_conn_hopeful(pool->conns[i].conn))
			return true;
	return false;
}

static void
conn_up(void *arg)
{
	struct pool_conn *conn = arg;

	pool_dispatch(conn->pool);
}

/* When no connection can be had, whoever waits for one is told. */
static void
conn_down(void *arg)
{
	struct pool_conn *conn = arg;
	struct pg_pool *pool = conn->pool;
	int i;

	if (conn->call != NULL)
		call_end_without(conn->call, PG_AWAY);
	for (i = CALL_READ_WAITS; i <= CALL_WRITE_WAITS; i++)
		while (pool->calls[i].first != NULL && !pool_hopeful(pool))
			call_end_without(pool->calls[i].first, PG_UNSENT);
}

static void conn_reply(const struct pg_reply *reply, void *arg);

static const struct pg_conn_hooks hooks = {
	conn_up, conn_down, conn_reply, NULL,
};

struct pg_pool *
pg_pool_new(struct loop *loop, const struct pg_pool_options *options)
{
	struct pg_pool *pool = xcalloc(1, sizeof(*pool));
	int i;

	pool->loop = loop;
	pool->nconns = options->connections;
	pool->writes_most = pool->nconns > 1 ? pool->nconns - 1 : 1;
	pool->queue_most = options->queue_most;
	pool->limit_ms = options->limit_ms;
	pool->conns = xcalloc((size_t)pool->nconns, sizeof(*pool->conns));
	for (i = 0; i < pool->nconns; i++) {
		pool->conns[i].pool = pool;
		pool->conns[i].conn = pg_conn_new(loop, options->dsn,
		    options->application, options->limit_ms, &hooks,
		    &pool->conns[i]);
	}
	return pool;
}

void
pg_pool_free(struct pg_pool *pool)
{
	int i;

	if (pool == NULL)
		return;
	pool->freeing = true;
	for (i = 0; i <= CALL_TURNED_AWAY; i++)
		while (pool->calls[i].first != NULL)
			call_end_without(pool->calls[i].first,
			    i == CALL_UNDER_WAY ? PG_AWAY : PG_UNSENT);
	for (i = 0; i < pool->nconns; i++)
		pg_conn_free(pool->conns[i].conn);
	free(pool->conns);
	free(pool);
}

/* ---- calls ---- */

static struct call *
call_new(struct pg_pool *pool, bool reads, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg)
{
	struct call *call = xcalloc(1, sizeof(*call));

	call->pool = pool;
	call->reads = reads;
	call->statement = statement;
	call->params = pg_params_copy(params, statement->nparams);
	call->limit_ms = limit_ms > 0 && limit_ms < pool->limit_ms ? limit_ms :
	    pool->limit_ms;
	call->fn = fn;
	call->arg = arg;
	call->timer = loop_timer_new(pool->loop, call_timer, call);
	call->asked_us = clock_mono_us();
	call->number = pool->counts.calls++;
	call_link(call, reads ? CALL_READ_WAITS : CALL_WRITE_WAITS);
	return call;
}

static void
pool_call(struct call *call)
{
	struct pg_pool *pool = call->pool;
	enum call_state waits = call->state;

	if (pool->freeing || !pool_hopeful(pool)) {
		call_turn_away(call, PG_UNSENT);
		return;
	}
	loop_timer_arm(call->timer, call->limit_ms);
	pool_dispatch(pool);
	if (pool->calls[waits].count > pool->queue_most)
		call_turn_away(call, PG_BUSY);
}

void
pg_pool_read(struct pg_pool *pool, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg)
{
	pool_call(call_new(pool, true, statement, params, limit_ms, fn, arg));
}

void
pg_pool_write(struct pg_pool *pool, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg)
{
	pool_call(call_new(pool, false, statement, params, limit_ms, fn, arg));
}

static void
nobody(const struct pg_reply *reply, void *arg)
{
	(void)reply;
	(void)arg;
}

/*
 * libpq's buffers keep what was sent and received until the next call writes over
 * it: this one does, both ways, with blanks.
 */
static void
conn_overwrite(struct pool_conn *conn)
{
	static const struct pg_statement blanks = {
		"blanks", "SELECT $1::text", 1,
	};
	char *text = xasprintf("%*s", OVERWRITTEN_BYTES, "");
	const char *const params[] = { text };
	struct call *call = call_new(conn->pool, true, &blanks, params, 0,
	    nobody, NULL);

	conn->forgets = false;
	loop_timer_arm(call->timer, call->limit_ms);
	call_start(call, conn);
	free(text);
}

static void
conn_reply(const struct pg_reply *reply, void *arg)
{
	struct pool_conn *conn = arg;
	struct pg_reply own = *reply;

	own.forget = &conn->forgets;
	call_end(conn->call, &own);
	/* Its reply function may have called again, and been given this one. */
	if (conn->forgets && pg_conn_idle(conn->conn))
		conn_overwrite(conn);
	pool_dispatch(conn->pool);
}

bool
pg_pool_up(const struct pg_pool *pool)
{
	int i;

	for (i = 0; i < pool->nconns; i++)
		if (pg_conn_up(pool->conns[i].conn))
			return true;
	return false;
}

void
pg_pool_counts(const struct pg_pool *pool, struct pg_pool_counts *out)
{
	int i;

	*out = pool->counts;
	for (i = 0; i < pool->nconns; i++)
		out->reconnects += pg_conn_reconnects(pool->conns[i].conn);
	out->waiting = pool->calls[CALL_READ_WAITS].count +
	    pool->calls[CALL_WRITE_WAITS].count;
	out->under_way = pool->calls[CALL_UNDER_WAY].count;
}
