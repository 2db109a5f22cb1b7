#include "http/conn.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"

enum {
	/* Long enough for a client that is still sending to see the answer. */
	LINGER_MS = 10 * 1000,
	LINGER_QUIET_MS = 2 * 1000,
	LINGER_BYTES = 16 * 1024 * 1024,
	/* So that a request that is on its way still arrives. */
	HURRIED_IDLE_MS = 500,
};

static bool handshake_step(struct conn *conn);
static bool flush_step(struct conn *conn);
static bool farewell_step(struct conn *conn);
static bool linger_step(struct conn *conn);
static bool ended_step(struct conn *conn);

static const struct {
	const char	*name;
	bool		(*step)(struct conn *conn);
	unsigned int	 what;		/* that the next step needs */
} states[CONN_STATES] = {
	[CONN_HANDSHAKE] = { "handshake", handshake_step, LOOP_READ },
	[CONN_IDLE] = { "idle", conn_idle_step, LOOP_READ },
	[CONN_HEAD] = { "head", conn_head_step, LOOP_READ },
	[CONN_BODY] = { "body", conn_body_step, LOOP_READ },
	[CONN_ASKED] = { "asked", conn_asked_step, LOOP_READ },
	[CONN_ANSWER] = { "answer", conn_answer_step, LOOP_WRITE },
	[CONN_FLUSH] = { "flush", flush_step, LOOP_WRITE },
	[CONN_FAREWELL] = { "farewell", farewell_step, LOOP_WRITE },
	[CONN_LINGER] = { "linger", linger_step, LOOP_READ },
	[CONN_ENDED] = { "ended", ended_step, 0 },
};

void
conn_enter(struct conn *conn, enum conn_state state)
{
	const struct http_server_options *options = &conn->server->options;
	enum conn_state before = conn->state;

	log_debug("connection %d: %s", conn->wire.fd, states[state].name);
	conn->state = state;
	conn->since_ms = clock_mono_ms();
	conn->progress_ms = conn->since_ms;
	conn->since_sent = conn->wire.sent;
	conn->progress_sent = conn->wire.sent;
	if (before == CONN_ASKED && state == CONN_ENDED)
		options->handler->gone(conn->request, options->arg);
}

/* ---- waiting ---- */

static int64_t
earlier(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

/* What a client has earned by moving so many bytes at the least rate. */
static int64_t
earned_ms(const struct conn *conn, uint64_t bytes)
{
	return (int64_t)bytes * 1000 / conn->server->limits.body_bytes_per_s;
}

static uint64_t
body_received(const struct conn *conn)
{
	const struct http_request *request = conn->request;

	return request->in.length - request->parser.head_length;
}

/* INT64_MAX: none; while the handler works, its own limits hold. */
static int64_t
conn_deadline_ms(const struct conn *conn)
{
	const struct http_limits *limits = &conn->server->limits;

	switch (conn->state) {
	case CONN_HANDSHAKE:
		return conn->since_ms + limits->handshake_ms;
	case CONN_IDLE:
		return conn->since_ms + (conn->server->hurried ? earlier(
		    limits->idle_ms, HURRIED_IDLE_MS) : limits->idle_ms);
	case CONN_HEAD:
		return conn->since_ms + limits->header_ms;
	case CONN_BODY:
		return conn->since_ms + limits->body_ms + earned_ms(conn,
		    body_received(conn));
	case CONN_ANSWER:
	case CONN_FLUSH:
	case CONN_FAREWELL:
		return earlier(conn->progress_ms + limits->stalled_ms,
		    conn->since_ms + limits->stalled_ms + earned_ms(conn,
		    conn->wire.sent - conn->since_sent));
	case CONN_LINGER:
		return earlier(conn->progress_ms + LINGER_QUIET_MS,
		    conn->since_ms + LINGER_MS);
	default:
		return INT64_MAX;
	}
}

void
conn_arm(struct conn *conn)
{
	unsigned int what = states[conn->state].what;
	int64_t now_ms = clock_mono_ms(), deadline_ms, left_ms = -1;

	if (conn->wire.sent != conn->progress_sent) {
		conn->progress_sent = conn->wire.sent;
		conn->progress_ms = now_ms;
	}
	if (conn->state == CONN_ASKED && !conn_wants_input(conn))
		what = 0;
	/* It has had its share of requests and goes on in the next turn. */
	if ((conn->state == CONN_IDLE || conn->state == CONN_HEAD) &&
	    conn->turn_requests <= 0)
		what |= LOOP_WRITE;
	if (wire_blocked(&conn->wire))
		what |= LOOP_WRITE;
	if (conn->wire.stuck)
		what = LOOP_WRITE;
	if ((deadline_ms = conn_deadline_ms(conn)) != INT64_MAX)
		left_ms = deadline_ms > now_ms ? deadline_ms - now_ms : 0;
	if (what != 0)
		loop_fd_arm(conn->event, what, left_ms);
}

static void
conn_farewell(struct conn *conn)
{
	wire_shutdown(&conn->wire);
	conn_enter(conn, CONN_FAREWELL);
}

void
conn_next(struct conn *conn)
{
	const struct http_request *request = conn->request;

	if (conn->wire.broken)
		conn_enter(conn, CONN_ENDED);
	else if (conn->last)
		conn_farewell(conn);
	else if (wire_blocked(&conn->wire))
		conn_enter(conn, CONN_FLUSH);
	else if (request != NULL && request->in.length > 0)
		conn_enter(conn, CONN_HEAD);
	else
		conn_enter(conn, CONN_IDLE);
}

/* The socket's own end: nobody is there to read a farewell. */
static bool
client_has_left(struct conn *conn)
{
	size_t length;

	wire_readable(&conn->wire);
	return wire_discard(&conn->wire, &length) == WIRE_EOF;
}

void
conn_unreadable(struct conn *conn, enum wire_result result)
{
	if (result == WIRE_EOF && !client_has_left(conn))
		conn_farewell(conn);
	else
		conn_enter(conn, CONN_ENDED);
}

/* ---- the steps that neither read requests nor write answers ---- */

static bool
handshake_step(struct conn *conn)
{
	struct http_counts *counts = &conn->server->counts;
	const struct wire *wire = &conn->wire;

	switch (wire_handshake(&conn->wire)) {
	case WIRE_OK:
		counts->handshakes++;
		if (wire_resumed(wire))
			counts->resumed++;
		conn_next(conn);
		return true;
	case WIRE_AGAIN:
		return false;
	default:
		counts->handshake_failures++;
		/* An alert that says why is worth a farewell. */
		if (wire->broken || wire->eof)
			conn_enter(conn, CONN_ENDED);
		else
			conn_farewell(conn);
		return true;
	}
}

static bool
flush_step(struct conn *conn)
{
	wire_flush(&conn->wire);
	if (!conn->wire.broken && wire_blocked(&conn->wire))
		return false;
	conn_next(conn);
	return true;
}

static bool
farewell_step(struct conn *conn)
{
	wire_flush(&conn->wire);
	if (!conn->wire.broken && wire_blocked(&conn->wire))
		return false;
	if (!conn->wire.broken)
		wire_finish(&conn->wire);
	conn_enter(conn, conn->wire.broken ? CONN_ENDED : CONN_LINGER);
	return true;
}

/*
 * Closing a socket with bytes unread resets the connection, and a reset can
 * throw away the answer before the client has seen it.
 */
static bool
linger_step(struct conn *conn)
{
	size_t length;

	switch (wire_discard(&conn->wire, &length)) {
	case WIRE_OK:
		conn->lingered += (int64_t)length;
		conn->progress_ms = clock_mono_ms();
		if (conn->lingered > LINGER_BYTES)
			conn_enter(conn, CONN_ENDED);
		return true;
	case WIRE_AGAIN:
		return false;
	default:
		conn_enter(conn, CONN_ENDED);
		return true;
	}
}

static bool
ended_step(struct conn *conn)
{
	(void)conn;
	return false;
}

/* ---- turns ---- */

static void
conn_timeout(struct conn *conn)
{
	struct http_counts *counts = &conn->server->counts;

	switch (conn->state) {
	case CONN_IDLE:
		conn_farewell(conn);
		return;
	case CONN_HEAD:
	case CONN_BODY:
		counts->timeouts++;
		conn_refuse(conn, 408, "The request did not come in time.");
		return;
	case CONN_LINGER:
		break;
	default:
		counts->timeouts++;
		break;
	}
	conn_enter(conn, CONN_ENDED);
}

static void
conn_turn(enum loop_what what, void *arg)
{
	struct conn *conn = arg;
	struct http_request *request;

	conn->turn_requests = conn->server->limits.pipelined;
	conn->in_turn = true;
	if ((what & LOOP_READ) != 0)
		wire_readable(&conn->wire);
	if (what == LOOP_TIMEOUT)
		conn_timeout(conn);
	while (states[conn->state].step(conn))
		continue;
	if (conn->state != CONN_ENDED)
		wire_flush(&conn->wire);
	if (conn->wire.broken && conn->state != CONN_ENDED)
		conn_enter(conn, CONN_ENDED);
	if (wire_blocked(&conn->wire) && (conn->state == CONN_IDLE ||
	    conn->state == CONN_HEAD))
		conn_enter(conn, CONN_FLUSH);
	conn->in_turn = false;
	if (conn->state == CONN_ENDED) {
		conn_free(conn);
		return;
	}
	request = conn->request;
	if (request != NULL && (conn->state == CONN_LINGER ||
	    (conn->state == CONN_IDLE && request->in.length == 0))) {
		request_give_back(request);
		conn->request = NULL;
	}
	conn_arm(conn);
}

void
conn_new(struct http_server *server, int fd, struct address_count *count,
    const unsigned char address[ADDRESS_SIZE])
{
	struct conn *conn = xcalloc(1, sizeof(*conn));
	const int on = 1;

	/* Without it the first answer waits 40 ms. A Unix socket has none. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	conn->server = server;
	conn->count = count;
	memcpy(conn->address, address, ADDRESS_SIZE);
	wire_open(&conn->wire, fd, server->options.tls, &server->gather);
	conn->event = loop_fd_new(server->loop, fd, conn_turn, conn);
	conn->next = server->first;
	conn->link = &server->first;
	if (conn->next != NULL)
		conn->next->link = &conn->next;
	server->first = conn;
	server->counts.connections++;
	conn->turn_requests = server->limits.pipelined;
	conn_enter(conn, server->options.tls != NULL ? CONN_HANDSHAKE :
	    CONN_IDLE);
	conn_arm(conn);
}

void
conn_free(struct conn *conn)
{
	struct http_server *server = conn->server;

	if (conn->state != CONN_ENDED)
		conn_enter(conn, CONN_ENDED);
	loop_event_free(conn->event);
	wire_close(&conn->wire);
	http_body_unref(conn->body);
	if (conn->request != NULL)
		request_give_back(conn->request);
	address_leave(server->book, conn->count);
	*conn->link = conn->next;
	if (conn->next != NULL)
		conn->next->link = conn->link;
	server->counts.connections--;
	free(conn);
	server_left(server);
}
