#include "secret/totp.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/buf.h"
#include "base/log.h"
#include "secret/secret.h"

enum { SHA1_BYTES = 20, COUNTER_BYTES = 8, WINDOW_STEPS = 1 };

int
totp_secret_new(unsigned char out[TOTP_SECRET_BYTES], struct err *err)
{
	if (RAND_bytes(out, TOTP_SECRET_BYTES) == 1)
		return 0;
	ERR_clear_error();
	return err_set(err, "the system gives no random bytes");
}

/* 20 bytes are four times five, so no letter is half full. */
void
totp_secret_format(char out[TOTP_SECRET_LETTERS + 1],
    const unsigned char secret[TOTP_SECRET_BYTES])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned int held = 0;
	int bits = 0, i, n = 0;

	for (i = 0; i < TOTP_SECRET_BYTES; i++) {
		held = (held << 8 | secret[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			out[n++] = letters[held >> (bits - 5) & 31];
	}
	out[n] = '\0';
}

/* Everything but the letters that no URI reads otherwise (RFC 3986). */
static void
add_escaped(struct buf *buf, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			buf_addc(buf, *text);
		else
			buf_addf(buf, "%%%02X", (unsigned char)*text);
	}
}

char *
totp_uri(const unsigned char secret[TOTP_SECRET_BYTES], const char *issuer,
    const char *name)
{
	char letters[TOTP_SECRET_LETTERS + 1];
	struct buf buf = BUF_INIT;

	totp_secret_format(letters, secret);
	buf_adds(&buf, "otpauth://totp/");
	add_escaped(&buf, issuer);
	buf_adds(&buf, ":");
	add_escaped(&buf, name);
	buf_addf(&buf, "?secret=%s&issuer=", letters);
	add_escaped(&buf, issuer);
	buf_addf(&buf, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS,
	    TOTP_STEP_S);
	explicit_bzero(letters, sizeof(letters));
	return buf_take(&buf);
}

void
totp_code(char out[TOTP_DIGITS + 1], const void *secret, size_t length,
    int64_t step)
{
	unsigned char counter[COUNTER_BYTES], hash[EVP_MAX_MD_SIZE];
	unsigned int hash_length = 0, at, number;
	int i;

	for (i = 0; i < COUNTER_BYTES; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	if (length > INT_MAX || HMAC(EVP_sha1(), secret, (int)length, counter,
	    sizeof(counter), hash, &hash_length) == NULL ||
	    hash_length != SHA1_BYTES) {
		log_error("secret: libcrypto has no HMAC with SHA-1");
		abort();
	}
	/* RFC 4226 section 5.3. */
	at = hash[SHA1_BYTES - 1] & 15;
	number = (hash[at] & 127U) << 24 | (unsigned int)hash[at + 1] << 16 |
	    (unsigned int)hash[at + 2] << 8 | hash[at + 3];
	snprintf(out, TOTP_DIGITS + 1, "%06u", number % 1000000);
	explicit_bzero(hash, sizeof(hash));
}

int64_t
totp_check(const void *secret, size_t length, const char *code,
    int64_t now_s, int64_t last_step)
{
	int64_t now = now_s / TOTP_STEP_S, step, found = -1;
	char right[TOTP_DIGITS + 1];
	bool same;

	if (strlen(code) != TOTP_DIGITS)
		return -1;
	for (step = now - WINDOW_STEPS; step <= now + WINDOW_STEPS; step++) {
		totp_code(right, secret, length, step);
		same = secret_equal(right, code, TOTP_DIGITS);
		if (same & (step > last_step))
			found = step;
	}
	explicit_bzero(right, sizeof(right));
	return found;
}
