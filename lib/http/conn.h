/*
 * conn.h - one connection, its request, and the server they share: the insides
 * of server.h.
 *
 * A connection is a small machine. It handles one request after the other; what
 * a client sends ahead waits, most of it in the kernel. Between requests it
 * holds neither a request nor a buffer: both are lent by the server for as long
 * as a request lasts, so that an idle connection is small and a poll allocates
 * nothing.
 *
 * Files:     server.c accepts and ends; conn.c is the machine; input.c reads
 *            requests; answer.c writes answers; request.c lends requests.
 * Units:     bytes; milliseconds of clock_mono_ms().
 * Ownership: the server owns its connections, a connection its request.
 * Context:   the process's loop only. A handler is never called from inside
 *            http_answer(): what follows an answer given later waits for the
 *            loop.
 */
#ifndef KG_HTTP_CONN_H
#define KG_HTTP_CONN_H

#include "base/buf.h"
#include "http/address.h"
#include "http/cond.h"
#include "http/parser.h"
#include "http/server.h"
#include "http/wire.h"

enum conn_state {
	CONN_HANDSHAKE,	/* TLS is being agreed on */
	CONN_IDLE,	/* no byte of a next request is here */
	CONN_HEAD,	/* part of a head is here */
	CONN_BODY,	/* the head is whole, the body is not */
	CONN_ASKED,	/* the handler has the request */
	CONN_ANSWER,	/* part of the answer is not yet enciphered */
	CONN_FLUSH,	/* answers wait for the kernel; nothing is read */
	CONN_FAREWELL,	/* the last bytes and the close_notify are on their way */
	CONN_LINGER,	/* our side is closed; what comes is read away */
	CONN_ENDED,	/* to be freed when its turn ends */
	CONN_STATES,
};

struct http_request {
	struct conn		*conn;
	struct http_request	*next_spare;
	struct buf		 in;	/* the request, and what follows it */
	struct http_parser	 parser;
	struct http_texts	 texts;
	void			*note;	/* the handler's */
	int			 kind;	/* what it is counted as */
};

struct conn {
	struct http_server	*server;
	struct conn		*next, **link;	/* where it hangs in the list */
	struct loop_event	*event;
	struct address_count	*count;
	unsigned char		 address[ADDRESS_SIZE];
	struct wire		 wire;
	enum conn_state		 state;
	bool			 in_turn;	/* conn_turn() is at work on it */
	bool			 last;		/* no request after this one */
	int64_t			 since_ms;	/* when the state was entered */
	int64_t			 progress_ms;	/* when bytes last moved */
	uint64_t		 since_sent, progress_sent;	/* wire.sent then */
	int64_t			 lingered;
	int64_t			 nrequests;
	int64_t			 turn_requests;	/* that this turn may still take */
	struct http_request	*request;	/* NULL: nothing of one is here */
	struct http_body	*body;		/* of the answer, from body_at on */
	size_t			 body_at;
};

struct http_server {
	struct loop		*loop;
	struct http_server_options options;
	struct http_limits	 limits;
	char			*fields;
	struct http_counts	 counts;
	struct address_book	*book;
	struct conn		*first;
	struct loop_event	*accept_event;
	struct loop_event	*pause_timer;	/* after EMFILE */
	bool			 short_of;	/* descriptors: said once */
	bool			 hurried;
	struct loop_event	*drained_timer;
	void			(*drained)(void *arg);
	void			*drained_arg;
	struct http_request	*spare;
	int64_t			 nspare;
	struct buf		 compose;	/* head of the answer being written */
	int64_t			 date_s;	/* what `date` says */
	char			 date[HTTP_DATE_SIZE];
	struct wire_gather	 gather;
};

/* ---- conn.c ---- */

/* Takes the socket and the count over. */
void conn_new(struct http_server *server, int fd, struct address_count *count,
    const unsigned char address[ADDRESS_SIZE]);
/* Ends at once; the handler is told when it has the request. */
void conn_free(struct conn *conn);
/* The only way a state changes. */
void conn_enter(struct conn *conn, enum conn_state state);
/* Its next turn comes when the socket is ready for what the state needs. */
void conn_arm(struct conn *conn);
/* To whatever comes after an answer. */
void conn_next(struct conn *conn);
/* To the end: in order after WIRE_EOF, at once when broken. */
void conn_unreadable(struct conn *conn, enum wire_result result);

/* ---- input.c: steps; false when there is nothing to do but wait ---- */

bool conn_idle_step(struct conn *conn);
bool conn_head_step(struct conn *conn);
bool conn_body_step(struct conn *conn);
bool conn_asked_step(struct conn *conn);
/* Whether there is memory for more bytes that may be read now. */
bool conn_wants_input(const struct conn *conn);

/* ---- answer.c ---- */

bool conn_answer_step(struct conn *conn);
/* What a client did wrong is answered, and that is the end of it. */
void conn_refuse(struct conn *conn, int status, const char *why);

/* ---- request.c ---- */

struct http_request *request_take(struct conn *conn);
/* Makes it ready for the bytes that follow the request in its buffer. */
void request_next(struct http_request *request);
void request_give_back(struct http_request *request);
void request_free_spares(struct http_server *server);

/* ---- server.c ---- */

/* A connection is gone: accepts again, or is done. */
void server_left(struct http_server *server);

#endif
