#include "tls_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/mem.h"

static char folder[] = "/tmp/tls_files.XXXXXX";

char *tls_paths[FILES];

static void
key_save(enum file file, EVP_PKEY *key, const char *passphrase)
{
	FILE *out = fopen(tls_paths[file], "w");

	assert_non_null(out);
	assert_int_equal(PEM_write_PrivateKey(out, key, passphrase != NULL ?
	    EVP_aes_128_cbc() : NULL, (const unsigned char *)passphrase,
	    passphrase != NULL ? (int)strlen(passphrase) : 0, NULL, NULL), 1);
	fclose(out);
	chmod(tls_paths[file], 0600);
}

static X509 *
certificate_new(EVP_PKEY *key, long days)
{
	X509 *own = X509_new();
	X509_NAME *name = X509_get_subject_name(own);

	X509_set_version(own, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(own), 1);
	X509_gmtime_adj(X509_getm_notBefore(own), -7 * 86400);
	X509_gmtime_adj(X509_getm_notAfter(own), days * 86400);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(own, name);
	X509_set_pubkey(own, key);
	assert_int_not_equal(X509_sign(own, key, EVP_sha256()), 0);
	return own;
}

static void
certificate_save(enum file file, X509 *first, X509 *second)
{
	FILE *out = fopen(tls_paths[file], "w");

	assert_non_null(out);
	assert_int_equal(PEM_write_X509(out, first), 1);
	if (second != NULL)
		assert_int_equal(PEM_write_X509(out, second), 1);
	fclose(out);
}

/* The first certificate whole, the second with its last line torn off. */
static void
save_damaged(X509 *one)
{
	struct stat about;

	certificate_save(FILE_DAMAGED, one, one);
	assert_int_equal(stat(tls_paths[FILE_DAMAGED], &about), 0);
	assert_int_equal(truncate(tls_paths[FILE_DAMAGED], about.st_size - 30), 0);
}

int
tls_files_make(void **state)
{
	EVP_PKEY *ec = EVP_EC_gen("P-256"), *rsa = EVP_RSA_gen(2048);
	EVP_PKEY *other = EVP_EC_gen("P-256");
	X509 *own, *second, *expired, *issuer;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (i = 0; i < FILES; i++)
		tls_paths[i] = xasprintf("%s/%zu.pem", folder, i);
	key_save(FILE_EC_KEY, ec, NULL);
	key_save(FILE_RSA_KEY, rsa, NULL);
	key_save(FILE_OTHER_KEY, other, NULL);
	key_save(FILE_LOCKED_KEY, ec, "secret");
	own = certificate_new(ec, 30);
	second = certificate_new(rsa, 30);
	issuer = certificate_new(other, 30);
	expired = certificate_new(ec, -1);
	certificate_save(FILE_EC, own, NULL);
	certificate_save(FILE_RSA, second, NULL);
	certificate_save(FILE_EXPIRED, expired, NULL);
	certificate_save(FILE_TURNED, issuer, own);
	certificate_save(FILE_CHAIN, own, issuer);
	save_damaged(own);
	X509_free(own);
	X509_free(second);
	X509_free(issuer);
	X509_free(expired);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(other);
	return 0;
}

int
tls_files_remove(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < FILES; i++) {
		unlink(tls_paths[i]);
		free(tls_paths[i]);
	}
	return rmdir(folder);
}
