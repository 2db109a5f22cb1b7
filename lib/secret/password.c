#include "secret/password.h"

#include <assert.h>
#include <crypt.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/rand.h>

#include "base/text.h"
#include "secret/secret.h"

/* libxcrypt's scale of 1 to 11: 64 MB and about 170 ms. */
enum { COST = 7, SALT_BYTES = 16 };

static const char method[] = "$y$";

static_assert(PASSWORD_HASH_BYTES >= CRYPT_OUTPUT_SIZE,
    "a hash of crypt(3) fits");
static_assert(PASSWORD_BYTES_MOST < CRYPT_MAX_PASSPHRASE_SIZE,
    "crypt(3) takes a password of that length");

/* "$y$j.T$SALT"; false when crypt(3) was built without the method. */
static bool
setting_make(char out[CRYPT_GENSALT_OUTPUT_SIZE],
    const unsigned char salt[SALT_BYTES])
{
	return crypt_gensalt_rn(method, COST, (const char *)salt, SALT_BYTES,
	    out, CRYPT_GENSALT_OUTPUT_SIZE) != NULL;
}

/* False when there is no memory, or the setting is none. */
static bool
compute(char out[PASSWORD_HASH_BYTES], const char *password,
    const char *setting)
{
	struct crypt_data data;
	const char *hash;
	bool worked;

	memset(&data, 0, sizeof(data));
	hash = crypt_r(password, setting, &data);
	worked = hash != NULL && hash[0] != '*' &&
	    strlen(hash) < PASSWORD_HASH_BYTES;
	if (worked)
		memcpy(out, hash, strlen(hash) + 1);
	explicit_bzero(&data, sizeof(data));
	return worked;
}

int
password_hash(char out[PASSWORD_HASH_BYTES], const char *password,
    struct err *err)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	unsigned char salt[SALT_BYTES];

	if (RAND_bytes(salt, sizeof(salt)) != 1) {
		ERR_clear_error();
		return err_set(err, "the system gives no random bytes");
	}
	if (!setting_make(setting, salt))
		return err_set(err, "crypt: %s", strerror(errno));
	if (!compute(out, password, setting))
		return err_set(err, "crypt has no memory");
	return 0;
}

int
password_verify(bool *out, const char *hash, const char *password,
    struct err *err)
{
	static const unsigned char nobody[SALT_BYTES];
	char setting[CRYPT_GENSALT_OUTPUT_SIZE], found[PASSWORD_HASH_BYTES];
	const char *by = hash;

	if (hash == NULL) {
		if (!setting_make(setting, nobody))
			return err_set(err, "crypt: %s", strerror(errno));
		by = setting;
	}
	if (!compute(found, password, by)) {
		/* crypt(3) says EINVAL for everything. */
		if (crypt_checksalt(by) != CRYPT_SALT_INVALID)
			return err_set(err, "crypt has no memory");
		/* Of what is no hash there is no password. */
		*out = false;
		return 0;
	}
	*out = hash != NULL && strlen(found) == strlen(hash) &&
	    secret_equal(found, hash, strlen(hash));
	explicit_bzero(found, sizeof(found));
	return 0;
}

bool
password_outdated(const char *hash)
{
	static const unsigned char any[SALT_BYTES];
	char setting[CRYPT_GENSALT_OUTPUT_SIZE], *end;

	if (!setting_make(setting, any))
		return false;
	/* What is behind the third dollar is the salt. */
	end = strchr(setting + strlen(method), '$');
	if (end == NULL)
		return false;
	end[1] = '\0';
	return !text_starts(hash, setting);
}
