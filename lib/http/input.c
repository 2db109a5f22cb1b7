#include "http/conn.h"

#include <string.h>

enum {
	/* One read for a poll, and small enough to be lent by the dozen. */
	INPUT_FIRST_SIZE = 4 * 1024,
	INPUT_READ_LEAST = 1024,
};

static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

/* Into what is free of the request's buffer. */
static enum wire_result
input_read(struct conn *conn)
{
	struct buf *in = &conn->request->in;
	size_t length = 0;
	enum wire_result result;

	result = wire_read(&conn->wire, in->data + in->length,
	    in->size - in->length - 1, &length);
	in->length += length;
	in->data[in->length] = '\0';
	return result;
}

/* More of the request; false when it must be waited for. */
static bool
input_more(struct conn *conn)
{
	struct buf *in = &conn->request->in;
	enum wire_result result;

	/* buf.h keeps one byte for its zero. */
	buf_reserve(in, in->size == 0 ? INPUT_FIRST_SIZE - 1 :
	    INPUT_READ_LEAST);
	result = input_read(conn);
	if (result == WIRE_AGAIN)
		return false;
	if (result != WIRE_OK)
		conn_unreadable(conn, result);
	return true;
}

bool
conn_idle_step(struct conn *conn)
{
	if (conn->turn_requests <= 0)
		return false;
	if (conn->request == NULL)
		conn->request = request_take(conn);
	if (!input_more(conn))
		return false;
	if (conn->state == CONN_IDLE)
		conn_enter(conn, CONN_HEAD);
	return true;
}

/* The client waits for leave to send the body (RFC 9110 section 10.1.1). */
static bool
wants_leave(const struct http_request *request)
{
	const struct http_parser *parser = &request->parser;

	return parser->expect_continue &&
	    (parser->chunked || parser->content_length > 0) &&
	    request->in.length == parser->head_length;
}

bool
conn_head_step(struct conn *conn)
{
	struct http_request *request = conn->request;
	struct http_parser *parser = &request->parser;

	if (conn->turn_requests <= 0)
		return false;
	switch (http_parser_head(parser, request->in.data,
	    request->in.length)) {
	case HTTP_PARSE_DONE:
		if (wants_leave(request))
			wire_write(&conn->wire, go_on, sizeof(go_on) - 1);
		conn_enter(conn, CONN_BODY);
		return true;
	case HTTP_PARSE_BAD:
		conn_refuse(conn, parser->status, parser->why);
		return true;
	default:
		return input_more(conn);
	}
}

static void
input_ask(struct conn *conn)
{
	const struct http_server_options *options = &conn->server->options;
	struct http_request *request = conn->request;

	http_parser_end_texts(&request->parser, request->in.data);
	conn->nrequests++;
	conn->turn_requests--;
	conn->server->counts.requests++;
	conn_enter(conn, CONN_ASKED);
	options->handler->request(request, options->arg);
}

bool
conn_body_step(struct conn *conn)
{
	struct http_request *request = conn->request;
	struct http_parser *parser = &request->parser;
	struct buf *in = &request->in;
	size_t before = in->length;
	enum http_parse result;

	/* What came in chunks has moved together. */
	result = http_parser_body(parser, in->data, &in->length);
	explicit_bzero(in->data + in->length, before - in->length + 1);
	switch (result) {
	case HTTP_PARSE_DONE:
		input_ask(conn);
		return true;
	case HTTP_PARSE_BAD:
		conn_refuse(conn, parser->status, parser->why);
		return true;
	default:
		return input_more(conn);
	}
}

bool
conn_wants_input(const struct conn *conn)
{
	const struct buf *in = &conn->request->in;

	return !conn->wire.eof && in->length + 1 < in->size;
}

/*
 * Only to learn that the client goes away. The buffer must not move, since the
 * handler reads from it; when it is full, the rest waits in the kernel. A
 * client that has only closed its own side still gets its answer.
 */
bool
conn_asked_step(struct conn *conn)
{
	enum wire_result result;

	if (!conn_wants_input(conn))
		return false;
	result = input_read(conn);
	if (result == WIRE_BROKEN)
		conn_enter(conn, CONN_ENDED);
	return result == WIRE_OK || result == WIRE_BROKEN;
}
