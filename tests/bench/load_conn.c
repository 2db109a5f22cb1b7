#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>

#include "base/text.h"

enum { READ_SIZE = 64 * 1024 };

static struct sockaddr_in server_address;

/* ---- set up ---- */

static void
parse_address(const char *text)
{
	const char *colon = strrchr(text, ':');
	char *host;
	int64_t port;

	if (colon == NULL || text_int(&port, colon + 1, 1, 65535) != 0)
		load_die("--connect %s: write 127.0.0.1:PORT", text);
	host = xstrndup(text, (size_t)(colon - text));
	server_address.sin_family = AF_INET;
	server_address.sin_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, host, &server_address.sin_addr) != 1)
		load_die("--connect %s: write 127.0.0.1:PORT", text);
	/* A benchmark has no business on a network. */
	if ((ntohl(server_address.sin_addr.s_addr) >> 24) != 127)
		load_die("--connect %s: only addresses of this machine, "
		    "127.0.0.0/8", text);
	free(host);
}

/* Tickets come after the handshake in TLS 1.3; the newest is kept. */
static int
session_new(SSL *ssl, SSL_SESSION *session)
{
	struct conn *conn = SSL_get_app_data(ssl);

	SSL_SESSION_free(conn->session);
	conn->session = session;
	return 1;
}

/* As browsers order them; OpenSSL itself would begin with AES-256. */
static const char ciphers_1_3[] = "TLS_AES_128_GCM_SHA256:"
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
static const char ciphers_1_2[] = "ECDHE-ECDSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384";

static void
context_init(struct load *load)
{
	const struct load_options *options = &load->options;
	static const unsigned char alpn[] = "\x08http/1.1";
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL)
		load_die("OpenSSL does not start");
	if (options->tls != 0 &&
	    (SSL_CTX_set_min_proto_version(context, options->tls) != 1 ||
	    SSL_CTX_set_max_proto_version(context, options->tls) != 1))
		load_die("this OpenSSL does not speak that version of TLS");
	if (SSL_CTX_set_ciphersuites(context, ciphers_1_3) != 1 ||
	    SSL_CTX_set_cipher_list(context, ciphers_1_2) != 1)
		load_die("this OpenSSL lacks the ciphers");
	if (options->authority != NULL) {
		if (SSL_CTX_load_verify_file(context, options->authority) != 1)
			load_die("%s: no certificates in it",
			    options->authority);
		SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	}
	(void)SSL_CTX_set_alpn_protos(context, alpn, sizeof(alpn) - 1);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_read_ahead(context, 1);
	if (options->resume) {
		SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT |
		    SSL_SESS_CACHE_NO_INTERNAL);
		SSL_CTX_sess_set_new_cb(context, session_new);
	}
	load->context = context;
}

void
conn_init(struct load *load)
{
	int64_t i;

	parse_address(load->options.connect);
	context_init(load);
	load->conns = xcalloc((size_t)load->options.connections,
	    sizeof(*load->conns));
	for (i = 0; i < load->options.connections; i++) {
		load->conns[i].load = load;
		load->conns[i].fd = -1;
	}
}

/* ---- the machine ---- */

void
conn_close(struct conn *conn)
{
	if (conn->ssl != NULL) {
		ERR_clear_error();
		if (SSL_is_init_finished(conn->ssl))
			(void)SSL_shutdown(conn->ssl);
		SSL_free(conn->ssl);
		conn->ssl = NULL;
	}
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
	conn->state = CONN_CLOSED;
	answer_clear(&conn->answer);
}

static void
conn_fail(struct conn *conn, const char *what)
{
	struct load *load = conn->load;

	conn_close(conn);
	load_error(load, conn->target, what);
	load_finished(load, conn);
}

static void
conn_open(struct conn *conn)
{
	struct load *load = conn->load;
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
		.data.ptr = conn,
	};
	const int on = 1;

	conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	if (conn->fd < 0)
		load_die("socket: %s", strerror(errno));
	(void)setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(conn->fd, (const struct sockaddr *)&server_address,
	    sizeof(server_address)) != 0 && errno != EINPROGRESS)
		load_die("connect: %s", strerror(errno));
	conn->ssl = SSL_new(load->context);
	if (conn->ssl == NULL || SSL_set_fd(conn->ssl, conn->fd) != 1 ||
	    SSL_set_tlsext_host_name(conn->ssl, load->options.host) != 1 ||
	    SSL_set1_host(conn->ssl, load->options.host) != 1)
		load_die("OpenSSL makes no connection");
	(void)SSL_set_app_data(conn->ssl, conn);
	SSL_set_connect_state(conn->ssl);
	if (load->options.resume && conn->session != NULL)
		(void)SSL_set_session(conn->ssl, conn->session);
	conn->state = CONN_SHAKE;
	if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, conn->fd, &event) != 0)
		load_die("epoll_ctl: %s", strerror(errno));
}

/* Whether it must wait; otherwise it has failed and says how. */
static bool
conn_waits(struct conn *conn, int rc, const char *what)
{
	int error = SSL_get_error(conn->ssl, rc);
	char *words;

	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return true;
	if (error == SSL_ERROR_SSL)
		words = xasprintf("%s: %s", what,
		    ERR_reason_error_string(ERR_peek_error()));
	else
		words = xasprintf("%s: %s", what,
		    error == SSL_ERROR_ZERO_RETURN || errno == 0 ?
		    "the server closed" : strerror(errno));
	conn_fail(conn, words);
	free(words);
	return false;
}

static void
conn_shaken(struct conn *conn)
{
	struct load *load = conn->load;

	load->handshakes += load->counts;
	load->resumed += load->counts && SSL_session_reused(conn->ssl);
	if (load->tls[0] == '\0') {
		strncpy(load->tls, SSL_get_version(conn->ssl),
		    sizeof(load->tls) - 1);
		strncpy(load->cipher, SSL_get_cipher_name(conn->ssl),
		    sizeof(load->cipher) - 1);
	} else if (strcmp(load->tls, SSL_get_version(conn->ssl)) != 0) {
		load_error(load, conn->target, "another version of TLS than "
		    "before");
	}
	conn->state = CONN_SEND;
}

static bool
shake_step(struct conn *conn)
{
	int rc = SSL_do_handshake(conn->ssl);

	if (rc != 1) {
		(void)conn_waits(conn, rc, "handshake");
		return false;
	}
	conn_shaken(conn);
	return true;
}

/* To be held against the times of a database. */
static int64_t
real_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool
send_step(struct conn *conn)
{
	const struct target *target = conn->target;
	int rc;

	memcpy(conn->sent_etag, target->etag, sizeof(conn->sent_etag));
	conn->sent_us = real_us();
	rc = SSL_write(conn->ssl, target->request,
	    (int)target->request_length);
	if (rc <= 0) {
		(void)conn_waits(conn, rc, "sending");
		return false;
	}
	conn->state = CONN_READ;
	return true;
}

static void
conn_answered(struct conn *conn)
{
	struct load *load = conn->load;
	bool by_server = conn->answer.close;

	answer_judge(load, conn);
	if (by_server && !load->options.fresh)
		load->closed_by_server += load->counts;
	if (load->options.fresh || by_server || conn->answer.wrong != NULL)
		conn_close(conn);
	else
		conn->state = CONN_FREE;
	load_finished(load, conn);
}

static bool
read_step(struct conn *conn)
{
	static char bytes[READ_SIZE];
	struct answer *answer = &conn->answer;
	int rc = SSL_read(conn->ssl, bytes, sizeof(bytes));

	if (rc <= 0) {
		(void)conn_waits(conn, rc, "reading");
		return false;
	}
	conn->load->bytes += conn->load->counts ? rc : 0;
	answer_feed(answer, conn->target, bytes, (size_t)rc);
	if (answer->done || answer->wrong != NULL) {
		conn_answered(conn);
		return false;
	}
	return true;
}

/* On a free connection only a ticket or the end can come. */
static void
free_step(struct conn *conn)
{
	char byte;
	int rc = SSL_read(conn->ssl, &byte, 1);

	if (rc > 0) {
		load_error(conn->load, conn->target, "bytes nobody asked for");
		conn_close(conn);
		return;
	}
	if (SSL_get_error(conn->ssl, rc) != SSL_ERROR_WANT_READ)
		conn_close(conn);
}

void
conn_event(struct conn *conn)
{
	bool more = true;

	while (more) {
		ERR_clear_error();
		errno = 0;
		switch (conn->state) {
		case CONN_SHAKE:
			more = shake_step(conn);
			break;
		case CONN_SEND:
			more = send_step(conn);
			break;
		case CONN_READ:
			more = read_step(conn);
			break;
		case CONN_FREE:
			free_step(conn);
			return;
		default:
			return;
		}
	}
}

void
conn_ask(struct conn *conn, struct target *target, int64_t due_us)
{
	conn->target = target;
	conn->due_us = due_us;
	answer_begin(&conn->answer, target, !conn->load->options.changing);
	if (conn->state == CONN_CLOSED)
		conn_open(conn);
	else
		conn->state = CONN_SEND;
	conn_event(conn);
}
