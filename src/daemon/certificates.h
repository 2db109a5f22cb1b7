/*
 * certificates.h - the certificates that the configuration names.
 *
 * Ownership: the caller frees the context with http_tls_free().
 * Errors:    -1 with err filled: file and line of the option, which certificate or
 *            key, and what would be right.
 * Context:   the parent: at start before privileges are dropped, and at reloads.
 */
#ifndef KG_DAEMON_CERTIFICATES_H
#define KG_DAEMON_CERTIFICATES_H

#include "base/err.h"
#include "daemon/options.h"
#include "http/tls.h"

must_check int certificates_read(struct http_tls **out,
    const struct daemon_conf *conf, const char *path,
    struct http_ticket_keys *keys, struct err *err);

#endif
