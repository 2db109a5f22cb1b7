#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/conn.h"

enum {
	/* What a turn gives to one client's socket before others have theirs. */
	TURN_BYTES = 256 * 1024,
	/* Of a path that is refused: enough to know whose it is. */
	REFUSED_PATH_SIZE = 128,
};

static const char date_name[] = "Date: ";
static const char close_field[] = "Connection: close\r\n";

static const char text_field[] =
    "Content-Type: text/plain; charset=utf-8\r\n";
/*
 * RFC 9110 15.5.6: the parser refuses CONNECT and TRACE with 405. Of an address
 * that the handler does not know.
 */
static const char allow_field[] =
    "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";

/* ---- the head ---- */

static const char *
server_date(struct http_server *server)
{
	int64_t now_s = clock_real_s();

	if (server->date_s != now_s) {
		http_date_format(server->date, now_s);
		server->date_s = now_s;
	}
	return server->date;
}

/* Whether nothing can follow this answer on its connection. */
static bool
is_last(const struct conn *conn, const struct http_answer *answer)
{
	const struct http_request *request = conn->request;
	const struct http_server *server = conn->server;

	return conn->last || answer->close || !request->parser.keep_alive ||
	    server->drained != NULL ||
	    conn->nrequests >= server->limits.requests_per_connection ||
	    (conn->wire.eof && request->in.length <= request->parser.end);
}

static void
compose_head(struct conn *conn, const struct http_answer *answer)
{
	struct http_server *server = conn->server;
	struct buf *out = &server->compose;

	buf_reset(out);
	buf_add(out, answer->head, answer->head_length);
	buf_add(out, date_name, sizeof(date_name) - 1);
	buf_add(out, server_date(server), HTTP_DATE_SIZE - 1);
	buf_add(out, "\r\n", 2);
	buf_adds(out, server->fields);
	if (answer->extra != NULL)
		buf_adds(out, answer->extra);
	if (conn->last)
		buf_add(out, close_field, sizeof(close_field) - 1);
	buf_add(out, "\r\n", 2);
}

/* ---- the body ---- */

/* What of the answer is sent as its body; NULL when it has none. */
static struct http_body *
body_to_send(const struct conn *conn, const struct http_answer *answer)
{
	if (conn->request->parser.method == HTTP_HEAD ||
	    answer->status == 204 || answer->status == 304 ||
	    answer->body == NULL || answer->body->length == 0)
		return NULL;
	return answer->body;
}

/*
 * Head and begin of the body make one record, so that a small answer is one
 * record and one send.
 */
static void
answer_write(struct conn *conn, const struct http_answer *answer)
{
	struct buf *out = &conn->server->compose;
	struct http_body *body = body_to_send(conn, answer);
	size_t at, part;

	if (body != NULL && out->length < WIRE_RECORD_MOST) {
		part = WIRE_RECORD_MOST - out->length;
		if (part > body->length)
			part = body->length;
		buf_add(out, body->bytes, part);
		conn->body_at = part;
	} else {
		conn->body_at = 0;
	}
	for (at = 0; at < out->length; at += part) {
		part = out->length - at;
		if (part > WIRE_RECORD_MOST)
			part = WIRE_RECORD_MOST;
		wire_write(&conn->wire, out->data + at, part);
	}
	buf_reset(out);
	if (body != NULL && conn->body_at < body->length)
		conn->body = http_body_ref(body);
}

bool
conn_answer_step(struct conn *conn)
{
	struct wire *wire = &conn->wire;
	uint64_t most = wire->sent + TURN_BYTES;
	size_t part, left;

	while (conn->body != NULL && !wire->broken) {
		if ((part = wire_room(wire)) == 0 || wire_blocked(wire)) {
			wire_flush(wire);
			if (wire_blocked(wire) || wire->sent >= most)
				return false;
			continue;
		}
		left = conn->body->length - conn->body_at;
		if (part > left)
			part = left;
		wire_write(wire, conn->body->bytes + conn->body_at, part);
		conn->body_at += part;
		if (part == left) {
			http_body_unref(conn->body);
			conn->body = NULL;
		}
	}
	if (!conn->last)
		request_next(conn->request);
	conn_next(conn);
	return true;
}

/* ---- answers ---- */

static void
answer_begin(struct conn *conn, const struct http_answer *answer)
{
	struct http_counts *counts = &conn->server->counts;
	size_t at = (size_t)(answer->status - HTTP_STATUS_LEAST);

	assert(answer->status >= HTTP_STATUS_LEAST && at < HTTP_STATUSES);
	counts->answers[answer->status / 100]++;
	counts->kinds[conn->request->kind][at]++;
	conn->last = is_last(conn, answer);
	wire_cleanse(&conn->wire, (conn->server->options.plain_kinds &
	    1u << conn->request->kind) == 0);
	conn_enter(conn, CONN_ANSWER);
	compose_head(conn, answer);
	answer_write(conn, answer);
}

/* Takes what the body holds; `fields` are whole lines. */
static void
answer_begin_made(struct conn *conn, int status, const char *fields,
    struct buf *body)
{
	size_t length = body->length;
	struct http_answer answer = { .status = status };
	struct buf head = BUF_INIT;

	buf_addf(&head, "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\n%s", status,
	    http_reason(status), length, fields);
	answer.head = head.data;
	answer.head_length = head.length;
	answer.body = http_body_new(buf_take(body), length);
	answer_begin(conn, &answer);
	http_body_unref(answer.body);
	buf_clear(&head);
}

/* Outside its own turn, what was written goes out now and the rest waits. */
static void
answer_hand_on(struct conn *conn)
{
	if (conn->in_turn)
		return;
	wire_flush(&conn->wire);
	conn_arm(conn);
}

void
http_answer(struct http_request *request, const struct http_answer *answer)
{
	struct conn *conn = request->conn;

	assert(conn->state == CONN_ASKED && conn->request == request);
	answer_begin(conn, answer);
	answer_hand_on(conn);
}

void
http_answer_text(struct http_request *request, int status, const char *fields,
    const char *text)
{
	struct conn *conn = request->conn;
	struct buf lines = BUF_INIT, body = BUF_INIT;

	assert(conn->state == CONN_ASKED && conn->request == request);
	buf_adds(&lines, text_field);
	buf_adds(&lines, fields != NULL ? fields : "");
	buf_adds(&body, text);
	answer_begin_made(conn, status, lines.data, &body);
	answer_hand_on(conn);
	buf_clear(&lines);
}

/* ---- refusals ---- */

/* Whether the handler has words for it. */
static bool
refusal_worded(struct conn *conn, int status, const char *why,
    struct buf *fields, struct buf *body)
{
	const struct http_server_options *options = &conn->server->options;
	struct http_request *request = conn->request;
	char path[REFUSED_PATH_SIZE];
	struct http_refusal refusal = {
		.status = status, .why = why, .path = path,
		.limits = &conn->server->limits,
	};

	if (options->handler->refused == NULL)
		return false;
	http_parser_path_begin(&request->parser, request->in.data, path,
	    sizeof(path));
	refusal.language = http_request_field(request, "accept-language");
	return options->handler->refused(&refusal, fields, body, options->arg);
}

void
conn_refuse(struct conn *conn, int status, const char *why)
{
	struct buf fields = BUF_INIT, body = BUF_INIT;

	conn->server->counts.bad_requests++;
	conn->last = true;
	if (!refusal_worded(conn, status, why, &fields, &body)) {
		buf_addf(&fields, "%sCache-Control: no-store\r\n", text_field);
		buf_addf(&body, "%s\n", why);
	}
	if (status == 405 && strstr(fields.data, "Allow: ") == NULL)
		buf_adds(&fields, allow_field);
	answer_begin_made(conn, status, fields.data, &body);
	buf_clear(&fields);
}
