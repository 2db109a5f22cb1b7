/*
 * secret.h - random tokens, hashes, comparison in constant time (libcrypto).
 *
 * Units:     lengths in bytes.
 * Ownership: the caller's storage everywhere.
 * Errors:    -1 with err filled when the system gives no randomness.
 */
#ifndef KG_SECRET_SECRET_H
#define KG_SECRET_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum {
	SECRET_TOKEN_LENGTH = 26,	/* base32 (RFC 4648, lower case) of 16 bytes */
	SECRET_SHA256_BYTES = 32,
};

/* 128 random bits as 26 letters a-z2-7, and a zero. */
must_check int secret_token(char out[SECRET_TOKEN_LENGTH + 1], struct err *err);
/* Whether the text has the form of a token; says nothing about whether it is one. */
bool secret_token_form(const char *text);
void secret_sha256(unsigned char out[SECRET_SHA256_BYTES], const void *bytes,
    size_t length);
/* As lower-case hex with a zero. */
void secret_sha256_hex(char out[2 * SECRET_SHA256_BYTES + 1],
    const void *bytes, size_t length);
bool secret_equal(const void *a, const void *b, size_t length);

#endif
