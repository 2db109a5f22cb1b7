/*
 * load.h - the load client of the benchmarks: what its parts share.
 *
 * One process, one thread: some connections that ask a server for some pages, a
 * fixed number of times or at a fixed rate, and hold every answer against the
 * first one of the same page.
 *
 * Files:     load.c options and main; load_run.c who asks when; load_conn.c one
 *            connection; load_answer.c reads and judges an answer; load_report.c
 *            what came of it.
 * Units:     microseconds of the monotonic clock; bytes.
 * Ownership: struct load owns everything; it lives as long as the program.
 * Errors:    a wrong answer is counted, a wrong call ends the program.
 */
#ifndef KG_BENCH_LOAD_H
#define KG_BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "base/buf.h"

enum {
	ETAG_SIZE = 128,
	VERSION_SIZE = 256,
	SHA256_HEX_SIZE = 65,
	LOAD_STATUSES = 600,
	LOAD_ERRORS_SHOWN = 10,
	LOAD_ERRORS_MOST = 1000,	/* after so many it is pointless */
};

struct load_options {
	const char	*connect;	/* address:port */
	const char	*host;
	const char	*authority;	/* file of certificates; NULL: any */
	const char	*urls;		/* file of paths */
	const char	*save;		/* folder for the bodies seen */
	const char	*field;		/* one more header field; NULL: none */
	int		 tls;		/* TLS1_3_VERSION...; 0: whichever */
	int64_t		 connections;
	int64_t		 requests;
	int64_t		 rate;		/* a second; 0: as fast as answered */
	int64_t		 limit_s;
	int		 status;	/* expected; 0: 200, or 304 */
	bool		 fresh;		/* each request on a new connection */
	bool		 resume;
	bool		 conditional;
	bool		 gzip;
	bool		 changing;	/* bodies may change on the way */
	bool		 cold;		/* only the first page is learned */
	bool		 wait;
};

/* One body of a page that changes. */
struct seen_body {
	char		 etag[ETAG_SIZE];
	char		 version[VERSION_SIZE];	/* Kattegat-Version */
	char		 sha256[SHA256_HEX_SIZE];
	size_t		 length;
	int64_t		 count;
	int64_t		 first_sent_us, last_sent_us;	/* Unix time */
};

struct target {
	char		*path;
	char		*sha256;	/* of the body, hex; NULL: not told */
	bool		 known;		/* there was a first answer */
	struct buf	 body;
	char		 etag[ETAG_SIZE];
	char		*request;	/* ready to send */
	size_t		 request_length;
	struct seen_body *seen;
	size_t		 nseen;
};

struct answer {
	struct buf	 head;
	bool		 in_body;
	bool		 done;
	bool		 close;
	bool		 compare;	/* with the target's body, on the way */
	int		 status;
	size_t		 length, got;
	struct buf	 body;		/* when it is not compared on the way */
	char		 etag[ETAG_SIZE];
	char		 version[VERSION_SIZE];
	const char	*encoding;	/* NULL: identity */
	const char	*wrong;		/* what is wrong with it */
};

enum conn_state {
	CONN_CLOSED,
	CONN_SHAKE,	/* the socket connects, TLS is being agreed on */
	CONN_FREE,	/* nothing is asked */
	CONN_SEND,
	CONN_READ,
};

struct load;

struct conn {
	struct load	*load;
	struct conn	*next;		/* in the line of those that are free */
	enum conn_state	 state;
	int		 fd;
	SSL		*ssl;
	SSL_SESSION	*session;	/* to be resumed; NULL: none */
	struct target	*target;
	int64_t		 due_us;	/* when it was to be asked */
	int64_t		 sent_us;	/* Unix time */
	char		 sent_etag[ETAG_SIZE];
	struct answer	 answer;
};

struct load {
	struct load_options options;
	struct target	*targets;
	size_t		 ntargets;
	SSL_CTX		*context;
	struct conn	*conns;
	struct conn	*free_first, **free_last;
	int		 epoll;

	/* This phase: the first one learns the bodies, the second counts. */
	bool		 counts;
	bool		 ended;		/* no more is to be begun */
	int64_t		 wanted, begun, done;
	size_t		 next_target;
	int64_t		 began_us, ended_us;

	/* What came of it. */
	uint32_t	*latency_us;
	int64_t		 statuses[LOAD_STATUSES];
	int64_t		 bytes, handshakes, resumed, closed_by_server;
	int64_t		 errors;
	char		*error[LOAD_ERRORS_SHOWN];
	char		 tls[16], cipher[64];
};

/* Ends the program with a sentence and code 2. */
void load_die(const char *fmt, ...) printf_like(1, 2)
    __attribute__((noreturn));

/* ---- load_run.c ---- */

/* Learns, waits if it should, and runs. */
void load_run(struct load *load);
/* The connection has its answer or has failed; it is free again. */
void load_finished(struct load *load, struct conn *conn);
void load_error(struct load *load, const struct target *target,
    const char *what);

/* ---- load_conn.c ---- */

void conn_init(struct load *load);
/* Asks for the target; connects first when there is no connection. */
void conn_ask(struct conn *conn, struct target *target, int64_t due_us);
void conn_event(struct conn *conn);
void conn_close(struct conn *conn);

/* ---- load_answer.c ---- */

void target_compose(struct target *target, const struct load_options *options,
    bool conditional);
void answer_begin(struct answer *answer, const struct target *target,
    bool compare);
void answer_clear(struct answer *answer);
/* Takes bytes as they come; `done` or `wrong` says when it is over. */
void answer_feed(struct answer *answer, const struct target *target,
    const char *bytes, size_t length);
/* Says load_error() when the answer is not the one expected. */
void answer_judge(struct load *load, struct conn *conn);

/* ---- load_report.c ---- */

void load_report(const struct load *load);

#endif
