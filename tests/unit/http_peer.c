#include "http_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#include "base/mem.h"

/* ---- the handler ---- */

static void
answer_ok(struct http_request *request, const char *bytes, size_t length,
    bool close_after)
{
	struct http_answer answer = { .status = 200, .close = close_after };
	char head[128];

	answer.head = head;
	answer.head_length = (size_t)snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n", length);
	answer.extra = "X-Extra: yes\r\n";
	answer.body = http_body_new(xstrndup(bytes, length), length);
	http_answer(request, &answer);
	http_body_unref(answer.body);
}

static void
answer_shared(struct http_request *request, struct http_body *body)
{
	struct http_answer answer = { .status = 200, .body = body };
	char head[128];

	answer.head = head;
	answer.head_length = (size_t)snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n", body->length);
	http_answer(request, &answer);
}

static void
peer_take_waiting(struct peer *peer, int at)
{
	memmove(peer->waiting + at, peer->waiting + at + 1,
	    (size_t)(PEER_WAITING_MOST - at - 1) * sizeof(*peer->waiting));
	peer->nwaiting--;
}

void
peer_answer(struct peer *peer, const char *text)
{
	struct http_request *request = peer->waiting[0];

	peer_take_waiting(peer, 0);
	answer_ok(request, text, strlen(text), false);
}

static void
peer_request(struct http_request *request, void *arg)
{
	static const char head_304[] = "HTTP/1.1 304 Not Modified\r\n";
	static const struct http_answer not_modified = { .status = 304,
	    .head = head_304, .head_length = sizeof(head_304) - 1 };
	struct peer *peer = arg;
	const char *path = http_request_path(request), *body;
	size_t length;

	http_request_set_note(request, peer);
	if (strncmp(path, "/kind", 5) == 0)
		http_request_set_kind(request, path[5] - '0');
	if (strcmp(path, "/too") == 0)
		peer_answer(peer, "too");
	if (strcmp(path, "/echo") == 0) {
		body = http_request_body(request, &length);
		answer_ok(request, body, length, false);
	} else if (strcmp(path, "/big") == 0) {
		answer_shared(request, peer->big);
	} else if (strcmp(path, "/medium") == 0) {
		answer_ok(request, peer->big->bytes, PEER_MEDIUM_SIZE, false);
	} else if (strcmp(path, "/304") == 0) {
		http_answer(request, &not_modified);
	} else if (strcmp(path, "/wait") == 0) {
		assert_in_range(peer->nwaiting, 0, PEER_WAITING_MOST - 1);
		peer->waiting[peer->nwaiting++] = request;
	} else {
		answer_ok(request, path, strlen(path),
		    strcmp(path, "/close") == 0);
	}
}

static void
peer_gone(struct http_request *request, void *arg)
{
	struct peer *peer = arg;
	int i;

	assert_ptr_equal(http_request_note(request), peer);
	assert_string_equal(http_request_path(request), "/wait");
	peer->ngone++;
	for (i = 0; i < peer->nwaiting && peer->waiting[i] != request; i++)
		continue;
	assert_int_not_equal(i, peer->nwaiting);
	peer_take_waiting(peer, i);
}

static bool
peer_refused(const struct http_refusal *refusal, struct buf *fields,
    struct buf *body, void *arg)
{
	const struct peer *peer = arg;

	if (strncmp(refusal->path, "/words", 6) != 0)
		return false;
	assert_int_equal(refusal->limits->body_bytes, peer->limits.body_bytes);
	buf_adds(fields, "Content-Type: text/x-words\r\n"
	    "Cache-Control: private\r\n");
	buf_addf(body, "%d %s %s [%s]", refusal->status, refusal->why,
	    refusal->path, refusal->language == NULL ? "none" :
	    refusal->language);
	return true;
}

static const struct http_handler handler = { peer_request, peer_gone, peer_refused };

/* ---- the server ---- */

void
peer_init(struct peer *peer)
{
	char *bytes = xmalloc(PEER_BIG_SIZE);
	size_t i;

	alarm(120);
	*peer = (struct peer){ .loop = loop_new(), .limits = {
		.connections = 100, .connections_per_address = 100,
		.handshake_ms = 100000, .header_ms = 100000,
		.body_ms = 100000, .idle_ms = 100000, .stalled_ms = 100000,
		.body_bytes_per_s = 500,
		.request_line_bytes = 512, .header_bytes = 2048,
		.header_fields = 20, .body_bytes = 64 * 1024, .pipelined = 16,
		.requests_per_connection = 1000, .output_bytes = 65536,
	} };
	for (i = 0; i < PEER_BIG_SIZE; i++)
		bytes[i] = (char)('a' + (i * 7 + i / 1000) % 26);
	peer->big = http_body_new(bytes, PEER_BIG_SIZE);
}

void
peer_serve(struct peer *peer)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t length = sizeof(at);
	const int small = 32 * 1024;
	struct http_server_options options = {
		.tls = peer->tls, .limits = &peer->limits,
		.hosts = peer->hosts, .fields = "Kattegat-Worker: 7\r\n",
		.handler = &handler, .arg = peer,
	};

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	peer->listen_fd = socket(AF_INET,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(peer->listen_fd >= 0);
	/* The sockets it accepts inherit this. */
	(void)setsockopt(peer->listen_fd, SOL_SOCKET, SO_SNDBUF, &small,
	    sizeof(small));
	assert_int_equal(bind(peer->listen_fd, (struct sockaddr *)&at,
	    sizeof(at)), 0);
	assert_int_equal(listen(peer->listen_fd, 64), 0);
	assert_int_equal(getsockname(peer->listen_fd, (struct sockaddr *)&at,
	    &length), 0);
	peer->port = ntohs(at.sin_port);
	options.listen_fd = peer->listen_fd;
	peer->server = http_server_new(peer->loop, &options);
}

void
peer_clear(struct peer *peer)
{
	http_server_free(peer->server);
	assert_int_equal(peer->nwaiting, 0);
	/* No connection kept a reference. */
	assert_int_equal(peer->big->references, 1);
	http_body_unref(peer->big);
	http_tls_free(peer->tls);
	close(peer->listen_fd);
	loop_free(peer->loop);
	alarm(0);
}

int
peer_make(void **state)
{
	struct peer *peer = xmalloc(sizeof(*peer));

	peer_init(peer);
	*state = peer;
	return 0;
}

int
peer_make_served(void **state)
{
	peer_make(state);
	peer_serve(*state);
	return 0;
}

int
peer_drop(void **state)
{
	peer_clear(*state);
	free(*state);
	return 0;
}

/* ---- the client ---- */

static void
client_ssl_trouble(struct client *client, int rc)
{
	switch (SSL_get_error(client->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return;
	case SSL_ERROR_ZERO_RETURN:
		client->close_notify = true;
		client->eof = true;
		return;
	default:
		client->ssl_reason = ERR_GET_REASON(ERR_peek_error());
		client->broken = true;
	}
}

static size_t
client_write(struct client *client)
{
	size_t written = 0;
	ssize_t n;
	int rc;

	if (client->ssl != NULL) {
		rc = SSL_write_ex(client->ssl, client->out.data,
		    client->out.length, &written);
		if (rc != 1)
			client_ssl_trouble(client, rc);
		return written;
	}
	n = send(client->fd, client->out.data, client->out.length,
	    MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN)
		client->broken = true;
	return n > 0 ? (size_t)n : 0;
}

/* How many bytes came; 0 when there are none now. */
static size_t
client_read(struct client *client)
{
	char *end = buf_reserve(&client->in, 64 * 1024);
	size_t length = 0;
	ssize_t n;
	int rc;

	if (client->ssl != NULL) {
		rc = SSL_read_ex(client->ssl, end, 64 * 1024, &length);
		if (rc != 1)
			client_ssl_trouble(client, rc);
	} else {
		n = recv(client->fd, end, 64 * 1024, 0);
		if (n == 0)
			client->eof = true;
		else if (n < 0 && errno != EAGAIN)
			client->broken = true;
		length = n > 0 ? (size_t)n : 0;
	}
	client->in.length += length;
	client->in.data[client->in.length] = '\0';
	return length;
}

static void
client_arm(struct client *client)
{
	unsigned int what = client->paused || client->eof || client->broken ?
	    0 : LOOP_READ;

	if (client->out.length > 0 && !client->broken)
		what |= LOOP_WRITE;
	loop_event_disarm(client->event);
	if (what != 0)
		loop_fd_arm(client->event, what, -1);
}

static void
client_turn(enum loop_what what, void *arg)
{
	struct client *client = arg;
	size_t sent;
	int rc;

	(void)what;
	ERR_clear_error();
	if (client->ssl != NULL && !client->secure) {
		if ((rc = SSL_do_handshake(client->ssl)) == 1)
			client->secure = true;
		else
			client_ssl_trouble(client, rc);
		client_arm(client);
		return;
	}
	while (client->out.length > 0 && !client->broken &&
	    (sent = client_write(client)) > 0)
		buf_drop(&client->out, sent);
	if (client->out.length == 0 && client->shut_after) {
		shutdown(client->fd, SHUT_WR);
		client->shut_after = false;
	}
	while (!client->paused && !client->broken && !client->eof &&
	    client_read(client) > 0)
		continue;
	client_arm(client);
}

struct client *
client_new(struct peer *peer)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct client *client = xcalloc(1, sizeof(*client));
	int small = 16 * 1024;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)peer->port);
	client->peer = peer;
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(client->fd >= 0);
	/* So that a client that does not read stops the server soon. */
	(void)setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &small,
	    sizeof(small));
	assert_int_equal(connect(client->fd, (struct sockaddr *)&to,
	    sizeof(to)), 0);
	assert_int_equal(fcntl(client->fd, F_SETFL, O_NONBLOCK), 0);
	client->event = loop_fd_new(peer->loop, client->fd, client_turn,
	    client);
	client_arm(client);
	return client;
}

struct client *
client_new_tls(struct peer *peer, SSL_CTX *context, SSL_SESSION *session)
{
	struct client *client = client_new(peer);

	client->ssl = SSL_new(context);
	assert_non_null(client->ssl);
	if (session != NULL)
		assert_int_equal(SSL_set_session(client->ssl, session), 1);
	SSL_set_fd(client->ssl, client->fd);
	SSL_set_connect_state(client->ssl);
	SSL_set_mode(client->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	client_turn(LOOP_WRITE, client);
	wait_for(peer, client->secure || client->broken || client->eof);
	return client;
}

void
client_send_bytes(struct client *client, const void *bytes, size_t length)
{
	buf_add(&client->out, bytes, length);
	client_arm(client);
}

void
client_send(struct client *client, const char *text)
{
	client_send_bytes(client, text, strlen(text));
}

struct client *
client_ask(struct peer *peer, const char *text)
{
	struct client *client = client_new(peer);

	client_send(client, text);
	return client;
}

void
client_half_close(struct client *client)
{
	client->shut_after = true;
	if (client->out.length == 0)
		client_turn(LOOP_WRITE, client);
}

void
client_pause(struct client *client, bool paused)
{
	client->paused = paused;
	client_arm(client);
}

void
client_reset(struct client *client)
{
	struct linger at_once = { .l_onoff = 1 };

	(void)setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once,
	    sizeof(at_once));
	client_free(client);
}

void
client_free(struct client *client)
{
	loop_event_free(client->event);
	SSL_free(client->ssl);
	close(client->fd);
	buf_clear(&client->in);
	buf_clear(&client->out);
	free(client);
}

/* ---- answers ---- */

/* Takes a whole answer from what came; false when there is none yet. */
static bool
take(struct client *client, struct got *got, bool no_body)
{
	const char *bytes = client->in.data, *end, *field;
	size_t head_length, length = 0;

	if (bytes == NULL || (end = strstr(bytes, "\r\n\r\n")) == NULL)
		return false;
	head_length = (size_t)(end - bytes) + 4;
	assert_memory_equal(bytes, "HTTP/1.1 ", 9);
	got->status = atoi(bytes + 9);
	field = strstr(bytes, "Content-Length: ");
	if (field != NULL && field < end && !no_body)
		length = (size_t)strtoul(field + 16, NULL, 10);
	if (client->in.length < head_length + length)
		return false;
	got->head = xstrndup(bytes, head_length - 2);
	got->body = xmalloc(length + 1);
	memcpy(got->body, bytes + head_length, length);
	got->body[length] = '\0';
	got->length = length;
	buf_drop(&client->in, head_length + length);
	return true;
}

void
client_expect(struct client *client, struct got *got, bool no_body)
{
	while (!take(client, got, no_body)) {
		if (client->eof || client->broken)
			fail_msg("the connection ended before the answer");
		loop_turn(client->peer->loop, true);
	}
}

void
client_expect_status(struct client *client, int status)
{
	struct got got;

	client_expect(client, &got, false);
	assert_int_equal(got.status, status);
	got_clear(&got);
}

void
client_expect_body(struct client *client, const char *body)
{
	struct got got;

	client_expect(client, &got, false);
	assert_int_equal(got.status, 200);
	assert_string_equal(got.body, body);
	got_clear(&got);
}

void
got_clear(struct got *got)
{
	free(got->head);
	free(got->body);
}

bool
got_line(const struct got *got, const char *line)
{
	char *whole = xasprintf("\r\n%s\r\n", line);
	bool found = strstr(got->head, whole) != NULL;

	free(whole);
	return found;
}

void
client_expect_end(struct client *client)
{
	wait_for(client->peer, client->eof || client->broken);
	assert_false(client->broken);
	assert_int_equal(client->in.length, 0);
}
