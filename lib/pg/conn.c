#include "pg/conn.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/table.h"
#include "pg/params.h"
#include "pg/reply.h"

enum {
	BACKOFF_LEAST_MS = 100,
	BACKOFF_MOST_MS = 2000,
	/* For each host of the DSN: libpq has no limit here when it is polled. */
	CONNECT_LIMIT_MS = 11000,
	/* A connection lost sooner counts as a failure for the back-off. */
	STEADY_MS = 1000,
};

enum conn_state {
	CONN_RESTING,		/* not connected; the timer ends it */
	CONN_CONNECTING,	/* libpq is polled; the timer limits it */
	CONN_IDLE,
	CONN_PREPARING,		/* the statement is new on this connection */
	CONN_RUNNING,
	CONN_BROKEN,		/* found while sending; the timer tells it at once */
};

struct pg_conn {
	enum conn_state			 state;
	struct loop			*loop;
	const struct pg_conn_hooks	*hooks;
	void				*arg;
	struct pg_startup		 startup;
	PGconn				*pg;
	struct loop_event		*event;		/* on libpq's socket */
	struct loop_event		*timer;
	int				 failures;	/* since it was up */
	int				 brief;		/* losses soon after */
	int64_t				 up_since_ms;
	uint64_t			 connects;
	struct table			*prepared;	/* name -> as prepared */
	int				 renamed;	/* prepared again */
	/* Of the statement under way. */
	const struct pg_statement	*statement;
	const char *const		*params;
	bool				 again;		/* already once more */
	PGresult			*result;
};

static void conn_happened(enum loop_what what, void *arg);
static void conn_timer(enum loop_what what, void *arg);

static void
conn_enter(struct pg_conn *conn, enum conn_state state)
{
	static const char *const words[] = {
		[CONN_RESTING] = "resting",
		[CONN_CONNECTING] = "connecting",
		[CONN_IDLE] = "idle",
		[CONN_PREPARING] = "preparing",
		[CONN_RUNNING] = "running",
		[CONN_BROKEN] = "broken",
	};

	if (state <= CONN_CONNECTING || conn->state <= CONN_CONNECTING)
		log_debug("database: connection %s", words[state]);
	conn->state = state;
}

bool
pg_conn_up(const struct pg_conn *conn)
{
	return conn->state == CONN_IDLE || conn->state == CONN_PREPARING ||
	    conn->state == CONN_RUNNING;
}

bool
pg_conn_idle(const struct pg_conn *conn)
{
	return conn->state == CONN_IDLE;
}

bool
pg_conn_hopeful(const struct pg_conn *conn)
{
	return conn->failures == 0;
}

uint64_t
pg_conn_reconnects(const struct pg_conn *conn)
{
	return conn->connects > 0 ? conn->connects - 1 : 0;
}

static void
each_free(const char *key, void *value, void *arg)
{
	(void)key;
	(void)arg;
	free(value);
}

static void
prepared_forget(struct pg_conn *conn)
{
	if (conn->prepared != NULL) {
		table_walk(conn->prepared, each_free, NULL);
		table_free(conn->prepared);
	}
	conn->prepared = NULL;
	conn->renamed = 0;
}

/* Closes what libpq holds. The event first: it must not outlive the socket. */
static void
conn_close(struct pg_conn *conn)
{
	loop_event_free(conn->event);
	conn->event = NULL;
	PQclear(conn->result);
	conn->result = NULL;
	PQfinish(conn->pg);
	conn->pg = NULL;
	prepared_forget(conn);
	conn->statement = NULL;
}

/* libpq's words in one line. */
static char *
conn_words(const struct pg_conn *conn)
{
	char *words = xstrdup(PQerrorMessage(conn->pg)), *p;
	size_t length = strlen(words);

	while (length > 0 && words[length - 1] == '\n')
		words[--length] = '\0';
	for (p = words; *p != '\0'; p++)
		if (*p == '\n')
			*p = ' ';
	return words;
}

/* Counts the loss; the next try is 100 ms away, doubling to 2 s. */
static void
conn_rest(struct pg_conn *conn)
{
	int64_t delay_ms = BACKOFF_LEAST_MS;
	int i;

	if (conn->state == CONN_CONNECTING)
		conn->failures++;
	else if (clock_mono_ms() - conn->up_since_ms < STEADY_MS)
		conn->brief++;
	else
		conn->brief = 0;
	for (i = conn->failures + conn->brief; i > 1 &&
	    delay_ms < BACKOFF_MOST_MS; i--)
		delay_ms *= 2;
	if (delay_ms > BACKOFF_MOST_MS)
		delay_ms = BACKOFF_MOST_MS;
	conn_enter(conn, CONN_RESTING);
	loop_timer_arm(conn->timer, delay_ms);
}

/* It could not be made, or broke. Said once, until it is up and steady again. */
static void
conn_lost(struct pg_conn *conn, const char *why)
{
	char *words = why != NULL ? xstrdup(why) : conn_words(conn);
	bool was_up = conn->state != CONN_CONNECTING;

	conn_close(conn);
	conn_rest(conn);
	if (was_up && conn->brief <= 1)
		log_warn("%s: connection to the database lost, making it anew: "
		    "%s", conn->startup.application, words);
	else if (!was_up && conn->failures == 1)
		log_warn("%s: no connection to the database, trying again: %s",
		    conn->startup.application, words);
	else
		log_debug("%s: try %d: %s", conn->startup.application,
		    conn->failures + conn->brief, words);
	free(words);
	conn->hooks->down(conn->arg);
}

/*
 * Waits for libpq's socket. While connecting, each turn makes the event anew:
 * libpq goes from host to host, and each has its own socket.
 */
static void
conn_arm(struct pg_conn *conn, unsigned int what)
{
	if (conn->event == NULL)
		conn->event = loop_fd_new(conn->loop, PQsocket(conn->pg),
		    conn_happened, conn);
	loop_fd_arm(conn->event, what, -1);
}

static void
notice_drop(void *arg, const PGresult *result)
{
	(void)arg;
	log_debug("database: notice %s",
	    pg_result_field(result, PG_DIAG_SQLSTATE));
}

static void
conn_connect(struct pg_conn *conn)
{
	conn_enter(conn, CONN_CONNECTING);
	loop_timer_arm(conn->timer,
	    (int64_t)CONNECT_LIMIT_MS * conn->startup.nhosts);
	conn->pg = PQconnectStartParams(conn->startup.keywords,
	    conn->startup.values, 1);
	assert(conn->pg != NULL);
	if (PQstatus(conn->pg) == CONNECTION_BAD) {
		conn_lost(conn, NULL);
		return;
	}
	PQsetNoticeReceiver(conn->pg, notice_drop, NULL);
	conn_arm(conn, LOOP_WRITE);
}

static void
conn_connected(struct pg_conn *conn)
{
	loop_event_disarm(conn->timer);
	if (PQsetnonblocking(conn->pg, 1) != 0) {
		conn_lost(conn, NULL);
		return;
	}
	if (conn->failures > 0)
		log_info("%s: connected to the database after %d failures",
		    conn->startup.application, conn->failures);
	conn->failures = 0;
	conn->up_since_ms = clock_mono_ms();
	conn->connects++;
	conn->prepared = table_new();
	conn_enter(conn, CONN_IDLE);
	conn_arm(conn, LOOP_READ);
	conn->hooks->up(conn->arg);
}

static void
conn_poll(struct pg_conn *conn)
{
	PostgresPollingStatusType next;

	loop_event_free(conn->event);
	conn->event = NULL;
	next = PQconnectPoll(conn->pg);
	if (next == PGRES_POLLING_OK)
		conn_connected(conn);
	else if (next == PGRES_POLLING_FAILED)
		conn_lost(conn, NULL);
	else
		conn_arm(conn, next == PGRES_POLLING_WRITING ? LOOP_WRITE :
		    LOOP_READ);
}

/* ---- a statement ---- */

/* Sends what libpq holds, as far as the socket takes it. */
static void
conn_flush(struct pg_conn *conn)
{
	int left = PQflush(conn->pg);

	if (left < 0) {
		conn_enter(conn, CONN_BROKEN);
		loop_timer_arm(conn->timer, 0);
		return;
	}
	conn_arm(conn, left > 0 ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

/* Prepares the statement, or runs it when that was done. */
static void
conn_send(struct pg_conn *conn)
{
	const struct pg_statement *statement = conn->statement;
	const char *name = table_find(conn->prepared, statement->name);
	int sent;

	if (name == NULL) {
		char *fresh = conn->renamed == 0 ? xstrdup(statement->name) :
		    xasprintf("%s %d", statement->name, conn->renamed);

		table_put(conn->prepared, statement->name, fresh);
		conn_enter(conn, CONN_PREPARING);
		sent = PQsendPrepare(conn->pg, fresh, statement->sql, 0, NULL);
	} else {
		conn_enter(conn, CONN_RUNNING);
		sent = PQsendQueryPrepared(conn->pg, name, statement->nparams,
		    conn->params, NULL, NULL, 0);
	}
	if (sent != 1) {
		conn_enter(conn, CONN_BROKEN);
		loop_timer_arm(conn->timer, 0);
		return;
	}
	conn_flush(conn);
}

void
pg_conn_call(struct pg_conn *conn, const struct pg_statement *statement,
    const char *const *params)
{
	assert(conn->state == CONN_IDLE);
	conn->statement = statement;
	conn->params = params;
	conn->again = false;
	conn_send(conn);
}

/*
 * Whether the statement must be prepared anew: the server has forgotten it, or a
 * table has changed its columns. In both cases it has not run. The old name may
 * still be taken there.
 */
static bool
is_outdated(const struct pg_conn *conn, const PGresult *result)
{
	return conn->state == CONN_RUNNING && !conn->again &&
	    (pg_result_is(result, "26000") || pg_result_is(result, "0A000"));
}

static void
conn_forget(struct pg_conn *conn, const char *name)
{
	free(table_remove(conn->prepared, name));
}

/* The server is ready for the next. */
static void
conn_finished(struct pg_conn *conn)
{
	bool kept = false;
	struct pg_reply reply = { PG_AWAY, conn->result, &kept, NULL };
	const struct pg_statement *statement = conn->statement;

	conn->result = NULL;
	if (conn->state == CONN_PREPARING &&
	    PQresultStatus(reply.result) == PGRES_COMMAND_OK) {
		conn_send(conn);
	} else if (is_outdated(conn, reply.result)) {
		conn->again = true;
		conn->renamed++;
		conn_forget(conn, statement->name);
		conn_send(conn);
	} else {
		if (conn->state == CONN_PREPARING)
			conn_forget(conn, statement->name);
		reply.status = pg_status_of(reply.result);
		if (reply.status == PG_AWAY) {
			PQclear(reply.result);
			conn_lost(conn, "no primary any more, or going down");
			return;
		}
		conn->statement = NULL;
		conn_enter(conn, CONN_IDLE);
		conn->hooks->reply(&reply, conn->arg);
	}
	if (!kept)
		PQclear(reply.result);
}

/* Takes what has come in whole. */
static void
conn_results(struct pg_conn *conn)
{
	PGresult *result;

	while ((conn->state == CONN_PREPARING || conn->state == CONN_RUNNING) &&
	    !PQisBusy(conn->pg)) {
		if ((result = PQgetResult(conn->pg)) != NULL) {
			PQclear(conn->result);
			conn->result = result;
		} else {
			conn_finished(conn);
		}
	}
}

/* A hook may close the connection between two of them. */
static void
conn_notifies(struct pg_conn *conn)
{
	PGnotify *notify;

	while (pg_conn_up(conn) && (notify = PQnotifies(conn->pg)) != NULL) {
		if (conn->hooks->heard != NULL)
			conn->hooks->heard(notify->extra, conn->arg);
		PQfreemem(notify);
	}
}

static void
conn_happened(enum loop_what what, void *arg)
{
	struct pg_conn *conn = arg;

	if (conn->state == CONN_CONNECTING) {
		conn_poll(conn);
		return;
	}
	if ((what & LOOP_READ) && PQconsumeInput(conn->pg) != 1) {
		conn_lost(conn, NULL);
		return;
	}
	conn_results(conn);
	conn_notifies(conn);
	if (pg_conn_up(conn))
		conn_flush(conn);
}

static void
conn_timer(enum loop_what what, void *arg)
{
	struct pg_conn *conn = arg;

	(void)what;
	if (conn->state == CONN_RESTING)
		conn_connect(conn);
	else if (conn->state == CONN_CONNECTING)
		conn_lost(conn, "no answer in time");
	else
		conn_lost(conn, NULL);
}

/* ---- its life ---- */

struct pg_conn *
pg_conn_new(struct loop *loop, const char *dsn, const char *application,
    int64_t limit_ms, const struct pg_conn_hooks *hooks, void *arg)
{
	struct pg_conn *conn = xcalloc(1, sizeof(*conn));

	conn->loop = loop;
	conn->hooks = hooks;
	conn->arg = arg;
	pg_startup_init(&conn->startup, dsn, application, limit_ms);
	conn->timer = loop_timer_new(loop, conn_timer, conn);
	conn_enter(conn, CONN_RESTING);
	loop_timer_arm(conn->timer, 0);
	return conn;
}

void
pg_conn_free(struct pg_conn *conn)
{
	conn_close(conn);
	loop_event_free(conn->timer);
	pg_startup_clear(&conn->startup);
	free(conn);
}

void
pg_conn_reset(struct pg_conn *conn)
{
	if (conn->state == CONN_RESTING)
		return;
	conn_close(conn);
	conn_rest(conn);
}
