/*
 * code.h - codes of authenticators (RFC 6238), and recovery codes.
 *
 * Inside the room only.
 *
 * Ownership: the caller's storage everywhere.
 * Errors:    code_recovery_add() returns -1 with err filled when the system gives no
 *            random bytes.
 */
#ifndef KG_SIGN_CODE_H
#define KG_SIGN_CODE_H

#include <stdint.h>

#include "base/err.h"
#include "json/value.h"

enum {
	CODE_BYTES = 64,		/* of a code without blanks, with its zero */
	CODE_RECOVERY_LETTERS = 16,	/* 80 bits */
	CODE_RECOVERY_CODES = 10,
};

/* In lower case, without blanks and hyphens; cut when it is too long. */
void code_clean(char out[CODE_BYTES], const char *text);
/* totp_check() of a secret in hex; of NULL, of nobody, -1 after the same time. */
int64_t code_check(const char *totp_hex, const char *code, int64_t now_s,
    int64_t last_step);
/*
 * Adds recovery codes for people to `codes`, their hashes in hex to `hashes`: new ones,
 * or those of a seed, a secret nobody can guess, which are always the same.
 */
must_check int code_recovery_add(struct json_value *codes,
    struct json_value *hashes, const char *seed, struct err *err);

#endif
