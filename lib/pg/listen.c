#include "pg/listen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "pg/conn.h"
#include "pg/params.h"

/* For LISTEN and for a heartbeat; a server that needs longer is none. */
enum { CALL_LIMIT_MS = 5000 };

enum listen_state {
	LISTEN_DOWN,		/* the connection comes by itself */
	LISTEN_ASKING,		/* LISTEN was sent */
	LISTEN_UP,
	LISTEN_CALLING,		/* up, and a call is under way */
};

struct pg_listen {
	enum listen_state		 state;
	struct pg_conn			*conn;
	struct loop_event		*limit;		/* of what is under way */
	const struct pg_listen_hooks	*hooks;
	void				*arg;
	char				*sql;
	struct pg_statement		 listen;
	const struct pg_statement	*called;
	const char			**params;	/* of the call */
	bool				 refused;	/* the last call; said once */
};

static void
listen_enter(struct pg_listen *listen, enum listen_state state)
{
	bool was_up = listen->state >= LISTEN_UP, is_up = state >= LISTEN_UP;

	listen->state = state;
	if (state == LISTEN_ASKING || state == LISTEN_CALLING)
		loop_timer_arm(listen->limit, CALL_LIMIT_MS);
	else
		loop_event_disarm(listen->limit);
	if (state != LISTEN_CALLING) {
		free(listen->params);
		listen->params = NULL;
	}
	if (is_up == was_up)
		return;
	log_info("database: %s", is_up ? "listening" : "no longer listening");
	if (is_up)
		listen->hooks->up(listen->arg);
	else
		listen->hooks->down(listen->arg);
}

static void
conn_up(void *arg)
{
	struct pg_listen *listen = arg;

	listen_enter(listen, LISTEN_ASKING);
	pg_conn_call(listen->conn, &listen->listen, NULL);
}

static void
conn_down(void *arg)
{
	listen_enter(arg, LISTEN_DOWN);
}

static void
asked(struct pg_listen *listen, const struct pg_reply *reply)
{
	if (pg_reply_status(reply) == PG_DONE) {
		listen_enter(listen, LISTEN_UP);
		return;
	}
	log_error("%s: refused: %s %s", listen->sql, pg_reply_sqlstate(reply),
	    pg_reply_message(reply));
	pg_listen_reset(listen);
}

/* Nobody waits for it; that it never works must still be said. */
static void
called(struct pg_listen *listen, const struct pg_reply *reply)
{
	bool refused = pg_reply_status(reply) != PG_DONE;

	if (refused && !listen->refused)
		log_warn("%s: refused: %s %s", listen->called->name,
		    pg_reply_sqlstate(reply), pg_reply_message(reply));
	listen->refused = refused;
	listen_enter(listen, LISTEN_UP);
}

static void
conn_reply(const struct pg_reply *reply, void *arg)
{
	struct pg_listen *listen = arg;

	if (listen->state == LISTEN_ASKING)
		asked(listen, reply);
	else
		called(listen, reply);
}

static void
conn_heard(const char *payload, void *arg)
{
	struct pg_listen *listen = arg;

	if (listen->state >= LISTEN_UP)
		listen->hooks->heard(payload, listen->arg);
}

static void
limit_fn(enum loop_what what, void *arg)
{
	struct pg_listen *listen = arg;

	(void)what;
	log_warn("%s: no answer from the database for %d ms, connecting anew",
	    listen->state == LISTEN_ASKING ? listen->sql : listen->called->name,
	    CALL_LIMIT_MS);
	pg_listen_reset(listen);
}

static const struct pg_conn_hooks conn_hooks = {
	conn_up, conn_down, conn_reply, conn_heard,
};

/* A channel is a name of ours; it cannot be a parameter of LISTEN. */
struct pg_listen *
pg_listen_new(struct loop *loop, const char *dsn, const char *application,
    const char *channel, const struct pg_listen_hooks *hooks, void *arg)
{
	struct pg_listen *listen = xcalloc(1, sizeof(*listen));

	assert(channel[0] != '\0' && channel[strspn(channel,
	    "abcdefghijklmnopqrstuvwxyz_")] == '\0');
	listen->hooks = hooks;
	listen->arg = arg;
	listen->sql = xasprintf("LISTEN %s", channel);
	listen->listen = (struct pg_statement){ "listen", listen->sql, 0 };
	listen->limit = loop_timer_new(loop, limit_fn, listen);
	listen->conn = pg_conn_new(loop, dsn, application, 0, &conn_hooks,
	    listen);
	return listen;
}

void
pg_listen_free(struct pg_listen *listen)
{
	if (listen == NULL)
		return;
	pg_conn_free(listen->conn);
	loop_event_free(listen->limit);
	free(listen->params);
	free(listen->sql);
	free(listen);
}

void
pg_listen_reset(struct pg_listen *listen)
{
	pg_conn_reset(listen->conn);
	listen_enter(listen, LISTEN_DOWN);
}

void
pg_listen_call(struct pg_listen *listen, const struct pg_statement *statement,
    const char *const *params)
{
	if (listen->state != LISTEN_UP)
		return;
	listen->called = statement;
	listen_enter(listen, LISTEN_CALLING);
	listen->params = pg_params_copy(params, statement->nparams);
	pg_conn_call(listen->conn, statement, listen->params);
}

uint64_t
pg_listen_reconnects(const struct pg_listen *listen)
{
	return pg_conn_reconnects(listen->conn);
}
