#include "sign/code.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "secret/secret.h"
#include "secret/totp.h"

void
code_clean(char out[CODE_BYTES], const char *text)
{
	size_t n = 0;

	for (; *text != '\0' && n + 1 < CODE_BYTES; text++)
		if (*text != ' ' && *text != '-')
			out[n++] = (char)tolower((unsigned char)*text);
	out[n] = '\0';
}

/* Hex as the database writes it; false when it is something else. */
static bool
hex_read(unsigned char out[TOTP_SECRET_BYTES], const char *hex)
{
	static const char digits[] = "0123456789abcdef";
	const char *high, *low;
	size_t i;

	if (strlen(hex) != 2 * TOTP_SECRET_BYTES)
		return false;
	for (i = 0; i < TOTP_SECRET_BYTES; i++) {
		high = strchr(digits, hex[2 * i]);
		low = strchr(digits, hex[2 * i + 1]);
		if (high == NULL || low == NULL)
			return false;
		out[i] = (unsigned char)((high - digits) << 4 | (low - digits));
	}
	return true;
}

int64_t
code_check(const char *totp_hex, const char *code, int64_t now_s,
    int64_t last_step)
{
	unsigned char secret[TOTP_SECRET_BYTES] = { 0 };
	bool known = totp_hex != NULL && hex_read(secret, totp_hex);
	int64_t step = totp_check(secret, sizeof(secret), code, now_s,
	    last_step);

	explicit_bzero(secret, sizeof(secret));
	return known ? step : -1;
}

/* "abcd-efgh-ijkl-mnop" for people; what is hashed has no hyphens. */
static void
recovery_format(char out[CODE_BYTES], const char *letters)
{
	int i, n = 0;

	for (i = 0; i < CODE_RECOVERY_LETTERS; i++) {
		if (i > 0 && i % 4 == 0)
			out[n++] = '-';
		out[n++] = letters[i];
	}
	out[n] = '\0';
}

/* As base32 in lower case, as secret_token() has it. */
static void
seeded(char out[CODE_RECOVERY_LETTERS + 1], const char *seed, int number)
{
	unsigned char bytes[SECRET_SHA256_BYTES];
	char letters[TOTP_SECRET_LETTERS + 1];
	char *text = xasprintf("recovery code %d %s", number, seed);
	int i;

	secret_sha256(bytes, text, strlen(text));
	totp_secret_format(letters, bytes);
	for (i = 0; i < CODE_RECOVERY_LETTERS; i++)
		out[i] = (char)tolower((unsigned char)letters[i]);
	out[i] = '\0';
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(letters, sizeof(letters));
	xforget(text);
}

int
code_recovery_add(struct json_value *codes, struct json_value *hashes,
    const char *seed, struct err *err)
{
	char token[SECRET_TOKEN_LENGTH + 1], code[CODE_BYTES];
	char hex[2 * SECRET_SHA256_BYTES + 1];
	int i, rc = 0;

	for (i = 0; i < CODE_RECOVERY_CODES && rc == 0; i++) {
		if (seed != NULL)
			seeded(token, seed, i);
		else
			rc = secret_token(token, err);
		if (rc != 0)
			break;
		secret_sha256_hex(hex, token, CODE_RECOVERY_LETTERS);
		recovery_format(code, token);
		json_value_add(hashes, json_value_text(hex));
		json_value_add(codes, json_value_text(code));
	}
	explicit_bzero(token, sizeof(token));
	explicit_bzero(code, sizeof(code));
	return rc;
}
