/*
 * ticket.h - seals session tickets with the keys of the shared page.
 *
 * A ticket is AES-256-CBC with HMAC-SHA-256, as RFC 5077 section 4 recommends.
 * One sealed with the previous key is accepted and replaced.
 *
 * Ownership: the caller's storage; the keys must outlive it, and it the
 *            context.
 * Errors:    a ticket that cannot be opened is a full handshake.
 */
#ifndef KG_HTTP_TICKET_H
#define KG_HTTP_TICKET_H

#include "http/tls.h"

struct ssl_ctx_st;
struct evp_cipher_st;

struct ticket {
	const struct http_ticket_keys *keys;
	struct evp_cipher_st	*cipher;	/* fetched once: it costs */
};

/* keys NULL: no tickets are given out. -1 with err filled: nothing was kept. */
must_check int ticket_init(struct ticket *ticket, struct ssl_ctx_st *context,
    const struct http_ticket_keys *keys, struct err *err);
void ticket_clear(struct ticket *ticket);

#endif
