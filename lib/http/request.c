#include <assert.h>
#include <stdlib.h>

#include "http/conn.h"

enum {
	SPARES_MOST = 64,
	/* A buffer that grew beyond this is not kept. */
	SPARE_BYTES_MOST = 16 * 1024,
};

/* ---- lending ---- */

static void
request_reset(struct http_request *request)
{
	struct http_server *server = request->conn->server;

	http_texts_clear(&request->texts);
	request->note = NULL;
	request->kind = 0;
	http_parser_init(&request->parser, &server->limits,
	    server->options.hosts);
}

struct http_request *
request_take(struct conn *conn)
{
	struct http_server *server = conn->server;
	struct http_request *request = server->spare;

	if (request != NULL) {
		server->spare = request->next_spare;
		server->nspare--;
	} else {
		request = xcalloc(1, sizeof(*request));
		buf_init(&request->in);
	}
	request->conn = conn;
	request->next_spare = NULL;
	request_reset(request);
	return request;
}

void
request_next(struct http_request *request)
{
	buf_drop(&request->in, request->parser.end);
	request_reset(request);
}

static void
request_free(struct http_request *request)
{
	buf_clear(&request->in);
	free(request);
}

void
request_give_back(struct http_request *request)
{
	struct http_server *server = request->conn->server;

	http_texts_clear(&request->texts);
	if (server->nspare >= SPARES_MOST) {
		request_free(request);
		return;
	}
	if (request->in.size > SPARE_BYTES_MOST)
		buf_clear(&request->in);
	buf_reset(&request->in);
	request->conn = NULL;
	request->next_spare = server->spare;
	server->spare = request;
	server->nspare++;
}

void
request_free_spares(struct http_server *server)
{
	struct http_request *request;

	while ((request = server->spare) != NULL) {
		server->spare = request->next_spare;
		request_free(request);
	}
	server->nspare = 0;
}

/* ---- what was asked ---- */

enum http_method
http_request_method(const struct http_request *request)
{
	return request->parser.method;
}

const char *
http_request_path(const struct http_request *request)
{
	return request->in.data + request->parser.path.at;
}

const char *
http_request_query(const struct http_request *request)
{
	return request->in.data + request->parser.query.at;
}

const char *
http_request_field(struct http_request *request, const char *name)
{
	return http_parser_field(&request->parser, request->in.data, name,
	    &request->texts);
}

const char *
http_request_body(const struct http_request *request, size_t *length)
{
	*length = request->parser.body_length;
	return request->in.data + request->parser.head_length;
}

const unsigned char *
http_request_address(const struct http_request *request)
{
	return request->conn->address;
}

void
http_request_set_note(struct http_request *request, void *note)
{
	request->note = note;
}

void *
http_request_note(const struct http_request *request)
{
	return request->note;
}

void
http_request_set_kind(struct http_request *request, int kind)
{
	assert(kind >= 0 && kind < HTTP_KINDS);
	request->kind = kind;
}
