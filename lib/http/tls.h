/*
 * tls.h - certificates, tickets and the context behind every connection.
 *
 * Ownership: http_tls_free() by who made it, after its servers are gone.
 * Errors:    -1 with err filled: which file, what is wrong, what would be
 *            right.
 * Context:   the files are read in the parent before privileges are dropped (or
 *            at reload, where the key must be readable by the daemon's group).
 */
#ifndef KG_HTTP_TLS_H
#define KG_HTTP_TLS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/err.h"

struct http_tls;

enum { HTTP_TICKET_SLOTS = 3 };

/*
 * In the shared page: keys of session tickets (RFC 5077, RFC 8446 section
 * 4.6.1). The parent writes a slot first and then names it in `current`; the
 * previous one is still accepted. `current` counts up; the slot is current % 3;
 * 0 is none.
 */
struct http_ticket_keys {
	struct http_ticket_key {
		unsigned char	name[16];
		unsigned char	aes[32];
		unsigned char	hmac[32];
	} slot[HTTP_TICKET_SLOTS];
	_Atomic uint32_t current;
};

/* In the parent: makes the first key, or the next. -1 when no randomness. */
must_check int http_ticket_keys_rotate(struct http_ticket_keys *keys,
    struct err *err);

struct http_tls_files {
	const char	*certificate, *key;	/* PEM, chain in certificate */
	const char	*certificate2, *key2;	/* a second kind (RSA), or NULL */
};

must_check int http_tls_new(struct http_tls **out,
    const struct http_tls_files *files, struct http_ticket_keys *keys,
    struct err *err);
void http_tls_free(struct http_tls *tls);

#endif
