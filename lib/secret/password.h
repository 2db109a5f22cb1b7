/*
 * password.h - passwords, kept as crypt(5) hashes (libxcrypt's yescrypt).
 *
 * The only user of crypt(3). A hash costs about 0.2 s and 64 MB on purpose: these
 * are for the background thread, never for the loop.
 *
 * Units:     lengths in bytes.
 * Ownership: the caller's storage everywhere.
 * Errors:    -1 with err filled when the system gives no randomness or no memory.
 * Context:   any thread.
 */
#ifndef KG_SECRET_PASSWORD_H
#define KG_SECRET_PASSWORD_H

#include <stdbool.h>

#include "base/err.h"

enum {
	PASSWORD_HASH_BYTES = 384,	/* with its zero */
	PASSWORD_BYTES_MOST = 500,	/* crypt(3) takes no longer ones */
};

must_check int password_hash(char out[PASSWORD_HASH_BYTES],
    const char *password, struct err *err);
/*
 * Whether the password has this hash. A hash of NULL, of somebody who does not
 * exist, costs the same and is false. -1, with *out untouched, when the hash could
 * not be computed.
 */
must_check int password_verify(bool *out, const char *hash,
    const char *password, struct err *err);
/* Whether it should be made anew: another method or cost than password_hash()'s. */
bool password_outdated(const char *hash);

#endif
