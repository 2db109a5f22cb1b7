/*
 * wire.h - the bytes of one connection: TLS or clear over a socket that never
 * blocks.
 *
 * What is written is gathered, records side by side, in memory that all
 * connections of a server share, and goes out in one send of at most 60 KB
 * (a single send of 140 KB has a tail of 16-20 ms under bbr). What the kernel
 * does not take is kept by the connection and is the only output it ever owns.
 *
 * Units:     bytes.
 * Ownership: the caller's storage; wire_open() takes the socket over,
 *            wire_close() closes it. The gather must outlive its wires.
 * Errors:    WIRE_BROKEN: nothing more can be read. What OpenSSL wanted to say
 *            about it (an alert) still waits for wire_flush().
 * Context:   the process's loop only.
 */
#ifndef KG_HTTP_WIRE_H
#define KG_HTTP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "http/tls.h"

enum {
	WIRE_SEND_MOST = 60 * 1024,
	WIRE_RECORD_MOST = 16 * 1024,	/* of plain bytes (RFC 8446 5.1) */
};

enum wire_result {
	WIRE_OK,
	WIRE_AGAIN,	/* when the socket is readable, or writable if blocked */
	WIRE_EOF,	/* the client has said its last byte, in order */
	WIRE_BROKEN,
};

struct wire;
struct ssl_st;

/* The shared memory. Between two turns of the loop it is empty. */
struct wire_gather {
	struct wire	*owner;		/* whose bytes these are; NULL: empty */
	size_t		 length;
	size_t		 pending_most;	/* of each wire */
	uint64_t	*sent;		/* counts what the kernel took */
	char		 bytes[WIRE_SEND_MOST];
};

struct wire {
	int		 fd;
	struct ssl_st	*ssl;		/* NULL: clear */
	struct wire_gather *gather;
	struct buf	 pending;	/* what the kernel did not take */
	size_t		 pending_at;	/* of it, already sent since */
	uint64_t	 sent;
	bool		 drained;	/* the last read emptied the socket */
	bool		 eof;
	bool		 stuck;		/* pending is full, OpenSSL must wait */
	bool		 failed;	/* TLS is at its end, the socket is not */
	bool		 broken;	/* the socket is */
};

/* Output that waits on one wire beyond this makes OpenSSL wait as well. */
void wire_gather_init(struct wire_gather *gather, size_t pending_most,
    uint64_t *sent);

/* tls NULL: clear. */
void wire_open(struct wire *wire, int fd, struct http_tls *tls,
    struct wire_gather *gather);
/* Sends what it can of what is left, and closes. */
void wire_close(struct wire *wire);

enum wire_result wire_handshake(struct wire *wire);
bool wire_resumed(const struct wire *wire);
/*
 * Whether OpenSSL overwrites what it has deciphered once it was read; it does until
 * it is told otherwise. That costs 0.9 us a request, since it is the whole buffer.
 */
void wire_cleanse(struct wire *wire, bool on);
/* At least one byte when it says WIRE_OK. */
enum wire_result wire_read(struct wire *wire, char *bytes, size_t size,
    size_t *length);
/* Reads away what comes behind the end, undeciphered. */
enum wire_result wire_discard(struct wire *wire, size_t *length);
/* The loop says there is something to read. */
void wire_readable(struct wire *wire);

/* At most WIRE_RECORD_MOST bytes; all are taken, or the wire is broken. */
void wire_write(struct wire *wire, const char *bytes, size_t length);
/* Plain bytes that fit into the next record of this send; 0: flush first. */
size_t wire_room(const struct wire *wire);
/* Sends what was gathered. */
void wire_flush(struct wire *wire);
/* Whether bytes wait until the socket is writable. */
bool wire_blocked(const struct wire *wire);
/* Says close_notify: no more will be written. Flush, then wire_finish(). */
void wire_shutdown(struct wire *wire);
void wire_finish(struct wire *wire);

#endif
