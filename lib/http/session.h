/*
 * session.h - the side of tls.h that the connections see.
 *
 * Ownership: a session belongs to who asked for it, who frees it with
 *            SSL_free().
 * Errors:    none; out of memory ends the program.
 */
#ifndef KG_HTTP_SESSION_H
#define KG_HTTP_SESSION_H

#include "http/tls.h"

struct ssl_st;

struct ssl_st *http_tls_session(struct http_tls *tls);
/* OpenSSL could not give what base/mem.h always gives. */
_Noreturn void http_tls_out_of_memory(void);

#endif
