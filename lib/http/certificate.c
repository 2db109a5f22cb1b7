#include "http/certificate.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/clock.h"
#include "base/log.h"

/* OpenSSL's last word, for what has no better one. */
static const char *
last_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	return reason != NULL ? reason : "no reason was given";
}

static FILE *
file_open(const char *path, const char *right, struct err *err)
{
	struct stat about;
	FILE *file = fopen(path, "re");

	if (file == NULL) {
		err_set(err, "%s: %s; %s", path, strerror(errno), right);
		return NULL;
	}
	if (fstat(fileno(file), &about) != 0 || S_ISDIR(about.st_mode)) {
		fclose(file);
		err_set(err, "%s: is no file; %s", path, right);
		return NULL;
	}
	return file;
}

/* ---- the certificate and its chain ---- */

/* The certificates of a file in order, at least one; NULL with err filled. */
static STACK_OF(X509) *
chain_read(const char *path, struct err *err)
{
	FILE *file = file_open(path, "it must be a file with the certificate "
	    "and its chain, in PEM, that the daemon can read", err);
	STACK_OF(X509) *chain = sk_X509_new_null();
	X509 *one;
	unsigned long code;

	while (file != NULL && chain != NULL &&
	    (one = PEM_read_X509(file, NULL, NULL, NULL)) != NULL)
		sk_X509_push(chain, one);
	if (file == NULL)
		goto fail;
	fclose(file);
	code = ERR_peek_last_error();
	if (sk_X509_num(chain) < 1) {
		err_set(err, "%s: holds no certificate in PEM; it must begin "
		    "with -----BEGIN CERTIFICATE-----", path);
		goto fail;
	}
	if (ERR_GET_REASON(code) != PEM_R_NO_START_LINE) {
		err_set(err, "%s: certificate number %d is damaged (%s); copy "
		    "the file again", path, sk_X509_num(chain) + 1,
		    last_reason());
		goto fail;
	}
	ERR_clear_error();
	return chain;
fail:
	sk_X509_pop_free(chain, X509_free);
	ERR_clear_error();
	return NULL;
}

static void
warn_dates(const char *path, X509 *own)
{
	time_t now = (time_t)clock_real_s();

	if (X509_cmp_time(X509_get0_notAfter(own), &now) < 0) {
		log_warn("%s: the certificate is out of date; clients will "
		    "refuse it until it is renewed", path);
	}
	if (X509_cmp_time(X509_get0_notBefore(own), &now) > 0) {
		log_warn("%s: the certificate is not valid yet; clients will "
		    "refuse it until then", path);
	}
}

/* ---- the key ---- */

/* Instead of asking at a terminal nobody sits at. */
static int
no_passphrase(char *buf, int size, int writing, void *asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

static EVP_PKEY *
key_read(const char *path, struct err *err)
{
	FILE *file = file_open(path, "it must be the key of the certificate, in "
	    "PEM, readable by the daemon's group (root:kattegat 0640)", err);
	EVP_PKEY *key;
	struct stat about;
	bool asked = false;

	if (file == NULL)
		return NULL;
	if (fstat(fileno(file), &about) == 0 && (about.st_mode & S_IROTH) != 0)
		log_warn("%s: everyone on this machine can read the key; "
		    "0640 would be right", path);
	key = PEM_read_PrivateKey(file, NULL, no_passphrase, &asked);
	fclose(file);
	if (key == NULL && asked) {
		err_set(err, "%s: the key is protected by a passphrase; write "
		    "it without one (openssl pkey -in FILE -out NEW)", path);
	} else if (key == NULL) {
		err_set(err, "%s: holds no private key in PEM; it must begin "
		    "with -----BEGIN PRIVATE KEY----- or the like", path);
	}
	ERR_clear_error();
	return key;
}

/* -1 with err filled when the key is not the first certificate's. */
static int
match(STACK_OF(X509) *chain, EVP_PKEY *key, const char *certificate_path,
    const char *key_path, struct err *err)
{
	int i;

	for (i = 0; i < sk_X509_num(chain); i++) {
		if (X509_check_private_key(sk_X509_value(chain, i), key) == 1)
			break;
	}
	ERR_clear_error();
	if (i == 0)
		return 0;
	if (i < sk_X509_num(chain)) {
		return err_set(err, "%s: the server's own certificate is "
		    "number %d; it must stand first, its issuers after it",
		    certificate_path, i + 1);
	}
	return err_set(err, "%s: is not the key of the certificate in %s; both "
	    "must come from the same request", key_path, certificate_path);
}

/* ---- both ---- */

static int
use(SSL_CTX *context, STACK_OF(X509) *chain, EVP_PKEY *key,
    const char *certificate_path, const char *key_path, struct err *err)
{
	int i;

	ERR_clear_error();
	if (SSL_CTX_use_certificate(context, sk_X509_value(chain, 0)) != 1)
		return err_set(err, "%s: OpenSSL refuses the certificate: %s",
		    certificate_path, last_reason());
	if (SSL_CTX_use_PrivateKey(context, key) != 1)
		return err_set(err, "%s: OpenSSL refuses the key: %s",
		    key_path, last_reason());
	for (i = 1; i < sk_X509_num(chain); i++) {
		if (SSL_CTX_add1_chain_cert(context, sk_X509_value(chain, i)) !=
		    1)
			return err_set(err, "%s: OpenSSL refuses certificate "
			    "number %d: %s", certificate_path, i + 1,
			    last_reason());
	}
	return 0;
}

int
certificate_use(SSL_CTX *context, int *kind, const char *certificate_path,
    const char *key_path, struct err *err)
{
	STACK_OF(X509) *chain = chain_read(certificate_path, err);
	EVP_PKEY *key = NULL;
	int rc = -1;

	if (chain == NULL || (key = key_read(key_path, err)) == NULL ||
	    match(chain, key, certificate_path, key_path, err) != 0)
		goto out;
	if (EVP_PKEY_get_base_id(key) == *kind) {
		err_set(err, "%s: is of the same kind (%s) as the first "
		    "certificate; a second one must be of another kind, or left "
		    "out", certificate_path, EVP_PKEY_get0_type_name(key));
		goto out;
	}
	if (use(context, chain, key, certificate_path, key_path, err) != 0)
		goto out;
	warn_dates(certificate_path, sk_X509_value(chain, 0));
	*kind = EVP_PKEY_get_base_id(key);
	rc = 0;
out:
	EVP_PKEY_free(key);
	sk_X509_pop_free(chain, X509_free);
	ERR_clear_error();
	return rc;
}
