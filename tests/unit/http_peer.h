/*
 * http_peer.h - for tests: a server in this process and clients on the same
 * loop.
 *
 * The handler answers by path:
 *	/echo	200, the body that was sent	/wait	kept in `waiting`
 *	/big	200, the shared body `big`	/close	200 and the end
 *	/medium	200, the begin of `big`		/too	also the first that waits
 *	/304	304				others	200, the path
 * What is refused below /words is told in the handler's words.
 * Nothing sleeps: wait_for() turns the loop until its condition holds, and an
 * alarm ends a test that hangs.
 */
#ifndef KG_TEST_HTTP_PEER_H
#define KG_TEST_HTTP_PEER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/ssl.h>

#include "base/buf.h"
#include "http/server.h"
#include "http/tls.h"
#include "loop/loop.h"

enum {
	PEER_BIG_SIZE = 1024 * 1024,
	PEER_MEDIUM_SIZE = 9 * 1024,
	PEER_WAITING_MOST = 8,
};

struct peer {
	struct loop		*loop;
	struct http_server	*server;
	struct http_limits	 limits;
	struct http_tls		*tls;
	const char *const	*hosts;
	int			 listen_fd;
	int			 port;
	struct http_body	*big;
	struct http_request	*waiting[PEER_WAITING_MOST];
	int			 nwaiting, ngone, ndrained;
};

struct client {
	struct peer		*peer;
	struct loop_event	*event;
	int			 fd;
	SSL			*ssl;
	struct buf		 in, out;
	bool			 shut_after;	/* half-close once out is sent */
	bool			 paused;	/* reads nothing */
	bool			 secure;	/* the handshake is over */
	bool			 eof, broken;
	bool			 close_notify;	/* came before the eof */
	int			 ssl_reason;	/* of broken */
};

struct got {
	int	 status;
	char	*head, *body;
	size_t	 length;
};

#define wait_for(peer, condition) do {					\
	while (!(condition))						\
		loop_turn((peer)->loop, true);				\
} while (0)

/* A whole request. */
#define PEER_GET(path)	"GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"

/*
 * A test whose *state is a peer: one that serves, or one with limits still to
 * be lowered, which the test makes serve.
 */
#define SERVED(test)	cmocka_unit_test_setup_teardown(test, \
			    peer_make_served, peer_drop)
#define LIMITED(test)	cmocka_unit_test_setup_teardown(test, \
			    peer_make, peer_drop)

int peer_make(void **state);
int peer_make_served(void **state);
int peer_drop(void **state);

/*
 * Generous limits, those of time longer than the alarm; a test lowers one and
 * calls peer_serve().
 */
void peer_init(struct peer *peer);
void peer_serve(struct peer *peer);
void peer_clear(struct peer *peer);
/* Answers the first that waits. */
void peer_answer(struct peer *peer, const char *text);

struct client *client_new(struct peer *peer);
/* One that sends this at once. */
struct client *client_ask(struct peer *peer, const char *text);
/* A handshake with this context; `session` may be NULL. */
struct client *client_new_tls(struct peer *peer, SSL_CTX *context,
    SSL_SESSION *session);
void client_send(struct client *client, const char *text);
void client_send_bytes(struct client *client, const void *bytes, size_t length);
/* Sends nothing more after this, but still reads. */
void client_half_close(struct client *client);
void client_pause(struct client *client, bool paused);
/* Reset at once, without any orderly end. */
void client_reset(struct client *client);
void client_free(struct client *client);

/* Waits for a whole answer; `no_body` for one to HEAD. */
void client_expect(struct client *client, struct got *got, bool no_body);
/* The same with nothing kept: the status must be this one. */
void client_expect_status(struct client *client, int status);
/* The same for a 200 with this body. */
void client_expect_body(struct client *client, const char *body);
void got_clear(struct got *got);
/* Whether the head holds this line. */
bool got_line(const struct got *got, const char *line);
/* Waits for the end and checks that no byte came before. */
void client_expect_end(struct client *client);

#endif
