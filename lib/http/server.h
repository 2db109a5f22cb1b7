/*
 * server.h - HTTP/1.1 over TLS: connections, limits, requests and answers.
 *
 * The server owns the sockets it accepts, reads one request after the other on
 * each (RFC 9112), hands it to the handler, and writes the answer. A handler
 * answers now or later, exactly once a request. Heads and bodies are gathered
 * into records and sent at most 60 KB at a time.
 *
 * Units:     sizes in bytes, times in milliseconds.
 * Ownership: a request is the server's and good until it was answered; if the
 *            client goes away before, `gone` is called and the request must not
 *            be touched again. A http_body is shared: it is counted by
 *            reference.
 * Errors:    what a client does wrong is answered by the server itself; a handler
 *            may put that answer into words.
 * Context:   the process's loop only.
 */
#ifndef KG_HTTP_SERVER_H
#define KG_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "loop/loop.h"

struct http_server;
struct http_request;
struct http_tls;		/* tls.h */

enum http_method {
	HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE,
	HTTP_OPTIONS, HTTP_OTHER,
};

/* All of them from the configuration; see kattegat.conf(5). */
struct http_limits {
	int64_t	connections, connections_per_address;	/* of this worker */
	int64_t	handshake_ms, header_ms, body_ms, idle_ms, stalled_ms;
	int64_t	body_bytes_per_s;
	int64_t	request_line_bytes, header_bytes, header_fields, body_bytes;
	int64_t	pipelined, requests_per_connection, output_bytes;
};

/* Bytes that several connections may be sending at once. */
struct http_body {
	char	*bytes;
	size_t	 length;
	int	 references;
	void	(*free)(struct http_body *body);	/* at zero references */
};

/* Takes the bytes over (malloc) with one reference. */
struct http_body *http_body_new(char *bytes, size_t length);
struct http_body *http_body_ref(struct http_body *body);
void http_body_unref(struct http_body *body);		/* NULL is allowed */

/*
 * A head that is ready to send but for the Date, the Connection field and what
 * http_answer.extra adds: "HTTP/1.1 200 OK\r\nContent-Type: ...\r\n", every
 * line ended, no empty line at the end. The server adds Date (formatted once a
 * second), Connection: close when it closes, and the end.
 */
struct http_answer {
	int			 status;	/* for counts; stands in head too */
	const char		*head;
	size_t			 head_length;
	const char		*extra;		/* more whole field lines, or NULL */
	struct http_body	*body;		/* NULL: none; HEAD: not sent */
	bool			 close;		/* after this answer */
};

/* What is known of a request that the server refuses; good during the call. */
struct http_refusal {
	int		 status;
	const char	*why;		/* constant, English, one sentence */
	/*
	 * The first bytes of the path that was asked for, visible ASCII,
	 * unchecked: it may be wrong and may go on. "": none has come.
	 */
	const char	*path;
	/* Accept-Language; NULL: none has come. */
	const char	*language;
	const struct http_limits *limits;
};

struct http_handler {
	void	(*request)(struct http_request *request, void *arg);
	/* The client went away before its request was answered. */
	void	(*gone)(struct http_request *request, void *arg);
	/*
	 * Puts a refusal into words: adds whole field lines, Content-Type and
	 * Cache-Control among them, and the body; of 405 Allow, if it knows what
	 * the address takes. False, with nothing added: the
	 * server says `why` as text/plain. NULL: it always does. No request is
	 * handed over, and the connection ends with the answer.
	 */
	bool	(*refused)(const struct http_refusal *refusal,
	    struct buf *fields, struct buf *body, void *arg);
};

enum { HTTP_KINDS = 8, HTTP_STATUS_LEAST = 100, HTTP_STATUSES = 500 };

struct http_counts {
	uint64_t accepted, refused, handshakes, resumed, handshake_failures;
	uint64_t requests, bad_requests, timeouts, bytes_out;
	uint64_t answers[6];		/* by the status's first digit */
	/* By http_request_set_kind() and status - HTTP_STATUS_LEAST. */
	uint64_t kinds[HTTP_KINDS][HTTP_STATUSES];
	int64_t	 connections;
};

struct http_server_options {
	int			 listen_fd;	/* listening, non-blocking; shared */
	struct http_tls		*tls;		/* NULL: cleartext */
	const struct http_limits *limits;
	const char *const	*hosts;		/* own names for Host, ended by NULL,
						 * must stay; NULL: any */
	/* Without connections_per_address (network.h), or NULL; read at once. */
	const char		*free_networks;
	const char		*fields;	/* own whole field lines of every answer
						 * (Kattegat-Worker), or "" */
	/* Bits 1 << kind of requests after which what the same connection sends next
	 * holds no secret either: polls, which go on for days. */
	unsigned		 plain_kinds;
	const struct http_handler *handler;
	void			*arg;
};

struct http_server *http_server_new(struct loop *loop,
    const struct http_server_options *options);
/* Ends every connection at once. */
void http_server_free(struct http_server *server);
/*
 * Stops accepting, answers each next request with Connection: close, leaves
 * idle connections to their idle limit; calls done when the last one is gone.
 */
void http_server_drain(struct http_server *server, void (*done)(void *arg),
    void *arg);
/*
 * Of one that drains: connections end after half a second idle and not at their
 * limit; who has been idle as long ends at once.
 */
void http_server_hurry(struct http_server *server);
const struct http_counts *http_server_counts(const struct http_server *server);

/* What was asked. Texts are good until the answer. */
enum http_method http_request_method(const struct http_request *request);
/* Decoded and checked path, beginning with '/', without the query. */
const char *http_request_path(const struct http_request *request);
const char *http_request_query(const struct http_request *request);	/* or "" */
/* A field by its lower-case name, several joined with ", "; NULL: none. */
const char *http_request_field(struct http_request *request, const char *name);
const char *http_request_body(const struct http_request *request,
    size_t *length);
/* The client's address as 16 bytes, IPv4 mapped; an IPv6 one cut to its /64. */
const unsigned char *http_request_address(const struct http_request *request);
/* The caller's own note on a request, for `gone`. */
void http_request_set_note(struct http_request *request, void *note);
void *http_request_note(const struct http_request *request);
/* What it is counted as: the caller's number below HTTP_KINDS; 0 until then. */
void http_request_set_kind(struct http_request *request, int kind);

/* The answer, exactly once. The body gets a reference of its own. */
void http_answer(struct http_request *request,
    const struct http_answer *answer);
/* A short plain answer: status line, Content-Type text/plain, these fields. */
void http_answer_text(struct http_request *request, int status,
    const char *fields, const char *text);

/* "OK", "Not Modified"; "" when unknown. RFC 9110 section 15. */
const char *http_reason(int status);

#endif
