#include "http/tls.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/log.h"
#include "http/certificate.h"
#include "http/session.h"
#include "http/ticket.h"

/* The only protocol spoken here, as ALPN writes it (RFC 7301). */
static const char alpn_http_1_1[] = "http/1.1";

/* Cheapest first; a client that prefers ChaCha20 gets it. */
static const char ciphers_1_2[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
static const char ciphers_1_3[] =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:"
    "TLS_CHACHA20_POLY1305_SHA256";
static const char groups[] = "X25519:P-256:P-384";

enum {
	/* Two lives of a ticket's key: no ticket is opened after that. */
	SESSION_LIFE_S = 24 * 3600,
};

struct http_tls {
	SSL_CTX		*context;
	struct ticket	 ticket;
};

/* RFC 7301 section 3.2: a client that speaks nothing of ours is refused. */
static int
alpn_select(SSL *ssl, const unsigned char **out, unsigned char *out_length,
    const unsigned char *offered, unsigned int length, void *arg)
{
	const size_t wanted = sizeof(alpn_http_1_1) - 1;
	unsigned int at, one;

	(void)ssl;
	(void)arg;
	for (at = 0; at < length; at += 1 + one) {
		one = offered[at];
		if (one == wanted && at + 1 + one <= length &&
		    memcmp(offered + at + 1, alpn_http_1_1, wanted) == 0) {
			*out = offered + at + 1;
			*out_length = (unsigned char)one;
			return SSL_TLSEXT_ERR_OK;
		}
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* All but certificates and tickets; false when this OpenSSL cannot do it. */
static bool
context_set_up(SSL_CTX *context)
{
	static const unsigned char id[] = "kattegat";

	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION |
	    SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
	    SSL_OP_PRIORITIZE_CHACHA | SSL_OP_CLEANSE_PLAINTEXT);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	/* One recv for a record instead of one for its header and one more. */
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_timeout(context, SESSION_LIFE_S);
	SSL_CTX_set_alpn_select_cb(context, alpn_select, NULL);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(context, ciphers_1_2) == 1 &&
	    SSL_CTX_set_ciphersuites(context, ciphers_1_3) == 1 &&
	    SSL_CTX_set1_groups_list(context, groups) == 1 &&
	    SSL_CTX_set_max_early_data(context, 0) == 1 &&
	    SSL_CTX_set_session_id_context(context, id, sizeof(id) - 1) == 1;
}

static bool
named(const char *path)
{
	return path != NULL && path[0] != '\0';
}

static int
certificates(SSL_CTX *context, const struct http_tls_files *files,
    struct err *err)
{
	int kind = EVP_PKEY_NONE;

	if (certificate_use(context, &kind, files->certificate, files->key,
	    err) != 0)
		return -1;
	if (!named(files->certificate2) && !named(files->key2))
		return 0;
	if (!named(files->key2)) {
		return err_set(err, "%s: this second certificate has no key; "
		    "name its file in key2", files->certificate2);
	}
	if (!named(files->certificate2)) {
		return err_set(err, "%s: this second key has no certificate; "
		    "name its file in certificate2", files->key2);
	}
	return certificate_use(context, &kind, files->certificate2, files->key2,
	    err);
}

int
http_tls_new(struct http_tls **out, const struct http_tls_files *files,
    struct http_ticket_keys *keys, struct err *err)
{
	struct http_tls *tls = xcalloc(1, sizeof(*tls));

	ERR_clear_error();
	tls->context = SSL_CTX_new(TLS_server_method());
	if (tls->context == NULL || !context_set_up(tls->context)) {
		err_set(err, "%s: this OpenSSL cannot serve TLS 1.2 and 1.3 "
		    "(%s); see its own configuration file, openssl.cnf",
		    files->certificate,
		    ERR_reason_error_string(ERR_peek_last_error()));
		goto fail;
	}
	if (certificates(tls->context, files, err) != 0 ||
	    ticket_init(&tls->ticket, tls->context, keys, err) != 0)
		goto fail;
	*out = tls;
	return 0;
fail:
	ERR_clear_error();
	http_tls_free(tls);
	return -1;
}

void
http_tls_free(struct http_tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	ticket_clear(&tls->ticket);
	free(tls);
}

SSL *
http_tls_session(struct http_tls *tls)
{
	SSL *ssl = SSL_new(tls->context);

	if (ssl == NULL)
		http_tls_out_of_memory();
	return ssl;
}

void
http_tls_out_of_memory(void)
{
	log_error("OpenSSL is out of memory; this process ends");
	_exit(71);
}
