#include "http/wire.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "http/session.h"

enum {
	/* What a record adds: 5 bytes of header, 17 to 24 of nonce and tag. */
	RECORD_OVERHEAD = 64,
	ROOM_LEAST = 1024,
};

void
wire_gather_init(struct wire_gather *gather, size_t pending_most,
    uint64_t *sent)
{
	gather->owner = NULL;
	gather->length = 0;
	/* Room for a full send and the answer written behind it, at least. */
	gather->pending_most = 2 * WIRE_SEND_MOST + pending_most;
	gather->sent = sent;
}

/* ---- to and from the socket ---- */

/* What the kernel took; 0 when it takes no more, or the socket is broken. */
static size_t
wire_send(struct wire *wire, const char *bytes, size_t length)
{
	ssize_t n;

	do {
		n = send(wire->fd, bytes, length, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			wire->broken = true;
		return 0;
	}
	wire->sent += (uint64_t)n;
	*wire->gather->sent += (uint64_t)n;
	return (size_t)n;
}

static void
wire_flush_pending(struct wire *wire)
{
	struct buf *pending = &wire->pending;
	size_t part, taken;

	do {
		part = pending->length - wire->pending_at;
		if (part > WIRE_SEND_MOST)
			part = WIRE_SEND_MOST;
		taken = wire_send(wire, pending->data + wire->pending_at, part);
		wire->pending_at += taken;
		if (taken > 0)
			wire->stuck = false;
	} while (taken == part && wire->pending_at < pending->length);
	if (wire->broken || wire->pending_at == pending->length) {
		buf_clear(pending);
		wire->pending_at = 0;
	}
}

static void
wire_flush_gathered(struct wire *wire)
{
	struct wire_gather *gather = wire->gather;
	size_t taken = 0;

	if (!wire->broken)
		taken = wire_send(wire, gather->bytes, gather->length);
	if (!wire->broken && taken < gather->length) {
		buf_add(&wire->pending, gather->bytes + taken,
		    gather->length - taken);
	}
	gather->owner = NULL;
	gather->length = 0;
}

void
wire_flush(struct wire *wire)
{
	/* Never both: with bytes pending, wire_put() adds to them. */
	if (wire->gather->owner == wire)
		wire_flush_gathered(wire);
	else if (wire->pending.length > 0)
		wire_flush_pending(wire);
}

bool
wire_blocked(const struct wire *wire)
{
	return wire->pending.length > 0;
}

/* Takes all of the bytes; false when they must wait, or it is broken. */
static bool
wire_put(struct wire *wire, const char *bytes, size_t length)
{
	struct wire_gather *gather = wire->gather;

	if (wire->broken)
		return false;
	if (!wire_blocked(wire)) {
		if (gather->owner != NULL && (gather->owner != wire ||
		    gather->length + length > WIRE_SEND_MOST))
			wire_flush(gather->owner);
		if (wire->broken)
			return false;
	}
	if (!wire_blocked(wire) && length <= WIRE_SEND_MOST) {
		gather->owner = wire;
		memcpy(gather->bytes + gather->length, bytes, length);
		gather->length += length;
		return true;
	}
	if (wire->pending.length + length > gather->pending_most) {
		wire->stuck = true;
		return false;
	}
	buf_add(&wire->pending, bytes, length);
	return true;
}

static enum wire_result
wire_receive(struct wire *wire, char *bytes, size_t size, size_t *length)
{
	ssize_t n;

	if (wire->drained)
		return WIRE_AGAIN;
	do {
		n = recv(wire->fd, bytes, size, 0);
	} while (n < 0 && errno == EINTR);
	if (n > 0) {
		/* Saves the call that would only say there is no more. */
		wire->drained = (size_t)n < size;
		*length = (size_t)n;
		return WIRE_OK;
	}
	if (n == 0) {
		wire->eof = true;
		return WIRE_EOF;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK) {
		wire->drained = true;
		return WIRE_AGAIN;
	}
	wire->broken = true;
	return WIRE_BROKEN;
}

void
wire_readable(struct wire *wire)
{
	wire->drained = false;
}

/* ---- what OpenSSL sees ---- */

static int
bio_write(BIO *bio, const char *bytes, int length)
{
	struct wire *wire = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	if (wire_put(wire, bytes, (size_t)length))
		return length;
	if (!wire->broken)
		BIO_set_retry_write(bio);
	return -1;
}

static int
bio_read(BIO *bio, char *bytes, int size)
{
	struct wire *wire = BIO_get_data(bio);
	size_t length = 0;

	BIO_clear_retry_flags(bio);
	switch (wire_receive(wire, bytes, (size_t)size, &length)) {
	case WIRE_OK:
		return (int)length;
	case WIRE_EOF:
		return 0;
	case WIRE_AGAIN:
		BIO_set_retry_read(bio);
		return -1;
	default:
		return -1;
	}
}

static long
bio_ctrl(BIO *bio, int what, long number, void *pointer)
{
	const struct wire *wire = BIO_get_data(bio);

	(void)number;
	(void)pointer;
	switch (what) {
	case BIO_CTRL_FLUSH:	/* the end of our turn flushes */
		return 1;
	case BIO_CTRL_EOF:
		return wire->eof;
	default:
		return 0;
	}
}

static const BIO_METHOD *
bio_method(void)
{
	static BIO_METHOD *method;

	if (method != NULL)
		return method;
	method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
	    "wire");
	if (method == NULL || !BIO_meth_set_write(method, bio_write) ||
	    !BIO_meth_set_read(method, bio_read) ||
	    !BIO_meth_set_ctrl(method, bio_ctrl))
		http_tls_out_of_memory();
	return method;
}

void
wire_open(struct wire *wire, int fd, struct http_tls *tls,
    struct wire_gather *gather)
{
	BIO *bio;

	*wire = (struct wire){ .fd = fd, .gather = gather };
	buf_init(&wire->pending);
	if (tls == NULL)
		return;
	wire->ssl = http_tls_session(tls);
	if ((bio = BIO_new(bio_method())) == NULL)
		http_tls_out_of_memory();
	BIO_set_data(bio, wire);
	BIO_set_init(bio, 1);
	SSL_set_bio(wire->ssl, bio, bio);
	SSL_set_accept_state(wire->ssl);
}

void
wire_close(struct wire *wire)
{
	wire_flush(wire);
	SSL_free(wire->ssl);
	buf_clear(&wire->pending);
	close(wire->fd);
	wire->ssl = NULL;
	wire->fd = -1;
}

/* ---- plain bytes ---- */

/* SSL_get_error() looks at what stands there; mostly nothing does. */
static void
forget_errors(void)
{
	if (ERR_peek_error() != 0)
		ERR_clear_error();
}

static enum wire_result
wire_trouble(struct wire *wire, int rc)
{
	switch (SSL_get_error(wire->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return WIRE_AGAIN;
	case SSL_ERROR_ZERO_RETURN:
		wire->eof = true;
		return WIRE_EOF;
	default:
		wire->failed = true;
		return WIRE_BROKEN;
	}
}

enum wire_result
wire_handshake(struct wire *wire)
{
	int rc;

	if (wire->ssl == NULL)
		return WIRE_OK;
	forget_errors();
	rc = SSL_do_handshake(wire->ssl);
	return rc == 1 ? WIRE_OK : wire_trouble(wire, rc);
}

bool
wire_resumed(const struct wire *wire)
{
	return wire->ssl != NULL && SSL_session_reused(wire->ssl);
}

void
wire_cleanse(struct wire *wire, bool on)
{
	if (wire->ssl == NULL)
		return;
	if (on)
		SSL_set_options(wire->ssl, SSL_OP_CLEANSE_PLAINTEXT);
	else
		SSL_clear_options(wire->ssl, SSL_OP_CLEANSE_PLAINTEXT);
}

enum wire_result
wire_read(struct wire *wire, char *bytes, size_t size, size_t *length)
{
	int rc;

	if (wire->broken || wire->failed)
		return WIRE_BROKEN;
	if (wire->eof)
		return WIRE_EOF;
	if (wire->ssl == NULL)
		return wire_receive(wire, bytes, size, length);
	if (wire->drained && !SSL_has_pending(wire->ssl))
		return WIRE_AGAIN;
	forget_errors();
	rc = SSL_read_ex(wire->ssl, bytes, size, length);
	return rc == 1 ? WIRE_OK : wire_trouble(wire, rc);
}

enum wire_result
wire_discard(struct wire *wire, size_t *length)
{
	char bytes[16 * 1024];

	return wire_receive(wire, bytes, sizeof(bytes), length);
}

void
wire_write(struct wire *wire, const char *bytes, size_t length)
{
	size_t written;

	assert(length <= WIRE_RECORD_MOST);
	if (wire->broken || wire->failed || length == 0)
		return;
	if (wire->ssl == NULL) {
		if (!wire_put(wire, bytes, length))
			wire->broken = true;
		return;
	}
	forget_errors();
	/* One record, so it is all or nothing. */
	if (SSL_write_ex(wire->ssl, bytes, length, &written) != 1)
		wire->broken = true;
}

size_t
wire_room(const struct wire *wire)
{
	const struct wire_gather *gather = wire->gather;
	size_t used = gather->owner == wire ? gather->length : 0;
	size_t left = WIRE_SEND_MOST - used;

	if (left < ROOM_LEAST + RECORD_OVERHEAD)
		return 0;
	left -= RECORD_OVERHEAD;
	return left < WIRE_RECORD_MOST ? left : WIRE_RECORD_MOST;
}

void
wire_shutdown(struct wire *wire)
{
	if (wire->ssl == NULL || wire->broken || wire->failed ||
	    !SSL_is_init_finished(wire->ssl))
		return;
	forget_errors();
	(void)SSL_shutdown(wire->ssl);
}

void
wire_finish(struct wire *wire)
{
	if (shutdown(wire->fd, SHUT_WR) != 0)
		wire->broken = true;
	/* What comes now is no longer told apart. */
	wire->drained = false;
	wire->eof = false;
}
