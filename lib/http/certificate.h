/*
 * certificate.h - reads a certificate with its chain and its key, and says in
 * words what is wrong with them.
 *
 * Errors:  a message begins with the path of the file at fault. A certificate
 *          that is out of date is a warning: an old one serves better than
 *          none.
 */
#ifndef KG_HTTP_CERTIFICATE_H
#define KG_HTTP_CERTIFICATE_H

#include "base/err.h"

struct ssl_ctx_st;

/*
 * `kind` is the kind of key of the certificate that the context has already,
 * and becomes the new one's; EVP_PKEY_NONE for none.
 */
must_check int certificate_use(struct ssl_ctx_st *context, int *kind,
    const char *certificate_path, const char *key_path, struct err *err);

#endif
