/*
 * totp.h - six digits that change every 30 seconds (RFC 6238 with SHA-1).
 *
 * Units:     seconds of Unix time; a step is 30 of them.
 * Ownership: the caller's storage, but for the URI.
 * Errors:    -1 with err filled when the system gives no randomness.
 */
#ifndef KG_SECRET_TOTP_H
#define KG_SECRET_TOTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	TOTP_SECRET_BYTES = 20,		/* as long as a SHA-1, RFC 4226 section 4 */
	TOTP_SECRET_LETTERS = 32,	/* the same in base32 */
	TOTP_DIGITS = 6,
	TOTP_STEP_S = 30,
};

must_check int totp_secret_new(unsigned char out[TOTP_SECRET_BYTES],
    struct err *err);
/* As authenticators take it by hand: A-Z2-7 (RFC 4648), and a zero. */
void totp_secret_format(char out[TOTP_SECRET_LETTERS + 1],
    const unsigned char secret[TOTP_SECRET_BYTES]);
/*
 * "otpauth://totp/ISSUER:NAME?secret=...", what an authenticator reads as a QR
 * code; the caller frees it.
 */
char *totp_uri(const unsigned char secret[TOTP_SECRET_BYTES],
    const char *issuer, const char *name);

/* The code of a step, and a zero. */
void totp_code(char out[TOTP_DIGITS + 1], const void *secret, size_t length,
    int64_t step);
/*
 * The step whose code this is: the one of now_s, or the one before or after it,
 * but none up to last_step, which was used already. -1: the code is wrong. Takes
 * the same time for every code of six digits.
 */
int64_t totp_check(const void *secret, size_t length, const char *code,
    int64_t now_s, int64_t last_step);

#endif
