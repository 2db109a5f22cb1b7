#include "http/server.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "http/conn.h"

enum {
	/* Sockets taken in one turn, so that neither side starves. */
	ACCEPTS_A_TURN = 16,
	PAUSE_MS = 100,
};

/* ---- accepting ---- */

static void
server_listen(struct http_server *server)
{
	if (server->accept_event == NULL ||
	    loop_event_armed(server->accept_event) ||
	    loop_event_armed(server->pause_timer) ||
	    server->counts.connections >= server->limits.connections)
		return;
	loop_fd_arm(server->accept_event, LOOP_READ, -1);
}

/* The next socket, which is then the caller's; -1 with errno. */
static int
server_take(struct http_server *server)
{
	struct sockaddr_storage from;
	socklen_t length = sizeof(from);
	struct address_count *count;
	unsigned char address[ADDRESS_SIZE];
	int fd;

	memset(&from, 0, sizeof(from));
	fd = accept4(server->options.listen_fd, (struct sockaddr *)&from,
	    &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return -1;
	address_of(address, (struct sockaddr *)&from);
	if ((count = address_enter(server->book, address)) == NULL) {
		server->counts.refused++;
		close(fd);
		return 0;
	}
	server->counts.accepted++;
	conn_new(server, fd, count, address);
	return 0;
}

/* Whether the error is about us, and the same call would fail again at once. */
static bool
is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	    error == ENOMEM;
}

static void
accept_ready(enum loop_what what, void *arg)
{
	struct http_server *server = arg;
	int i;

	(void)what;
	for (i = 0; i < ACCEPTS_A_TURN; i++) {
		if (server->counts.connections >= server->limits.connections)
			break;
		if (server_take(server) == 0)
			continue;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			break;
		/* Others are about a client that is gone already. */
		if (is_shortage(errno)) {
			if (!server->short_of)
				log_warn("accept: %s; the next connections wait",
				    strerror(errno));
			server->short_of = true;
			loop_timer_arm(server->pause_timer, PAUSE_MS);
			return;
		}
	}
	if (i > 0)
		server->short_of = false;
	server_listen(server);
}

static void
pause_over(enum loop_what what, void *arg)
{
	(void)what;
	server_listen(arg);
}

/* ---- ending ---- */

static void
drained(enum loop_what what, void *arg)
{
	struct http_server *server = arg;

	(void)what;
	server->drained(server->drained_arg);
}

void
server_left(struct http_server *server)
{
	if (server->drained == NULL)
		server_listen(server);
	else if (server->first == NULL)
		loop_timer_arm(server->drained_timer, 0);
}

void
http_server_drain(struct http_server *server, void (*done)(void *arg),
    void *arg)
{
	assert(server->drained == NULL && done != NULL);
	loop_event_free(server->accept_event);
	server->accept_event = NULL;
	loop_event_disarm(server->pause_timer);
	server->drained = done;
	server->drained_arg = arg;
	if (server->first == NULL)
		loop_timer_arm(server->drained_timer, 0);
}

void
http_server_hurry(struct http_server *server)
{
	struct conn *conn;

	server->hurried = true;
	for (conn = server->first; conn != NULL; conn = conn->next) {
		if (conn->state == CONN_IDLE)
			conn_arm(conn);
	}
}

/* ---- the server ---- */

struct http_server *
http_server_new(struct loop *loop, const struct http_server_options *options)
{
	struct http_server *server = xcalloc(1, sizeof(*server));

	server->loop = loop;
	server->options = *options;
	server->limits = *options->limits;
	server->fields = xstrdup(options->fields != NULL ? options->fields :
	    "");
	assert(server->limits.connections >= 1 &&
	    server->limits.connections_per_address >= 1 &&
	    server->limits.pipelined >= 1 &&
	    server->limits.body_bytes_per_s >= 1);
	server->book = address_book_new(server->limits.connections_per_address,
	    server->limits.connections, options->free_networks);
	buf_init(&server->compose);
	server->date_s = -1;
	wire_gather_init(&server->gather, (size_t)server->limits.output_bytes,
	    &server->counts.bytes_out);
	server->accept_event = loop_fd_new(loop, options->listen_fd,
	    accept_ready, server);
	server->pause_timer = loop_timer_new(loop, pause_over, server);
	server->drained_timer = loop_timer_new(loop, drained, server);
	server_listen(server);
	return server;
}

void
http_server_free(struct http_server *server)
{
	if (server == NULL)
		return;
	loop_event_free(server->accept_event);
	server->accept_event = NULL;
	while (server->first != NULL)
		conn_free(server->first);
	loop_event_free(server->pause_timer);
	loop_event_free(server->drained_timer);
	request_free_spares(server);
	buf_clear(&server->compose);
	address_book_free(server->book);
	free(server->fields);
	free(server);
}

const struct http_counts *
http_server_counts(const struct http_server *server)
{
	return &server->counts;
}
