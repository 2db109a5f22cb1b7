/*
 * fuzz_cookie.c - libFuzzer target: Cookie fields.
 *
 * A reader that is written another way (it cuts the field at "; ") must come to
 * the same answer. Run by tests/fuzz/run.
 *
 * fuzz: lib/http/cookie.c lib/base/err.c lib/base/mem.c
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char start[] = "__Host-kattegat=";

static bool
octets_ok(const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (!(c == 0x21 || (c >= 0x23 && c <= 0x2b) ||
		    (c >= 0x2d && c <= 0x3a) || (c >= 0x3c && c <= 0x5b) ||
		    (c >= 0x5d && c <= 0x7e)))
			return false;
	}
	return true;
}

/* The value, or NULL; `field` is cut into pieces. */
static const char *
find_again(char *field)
{
	const char *found = NULL;
	char *piece;
	int count = 0;

	while ((piece = strsep(&field, ";")) != NULL) {
		if (strncmp(piece, start, strlen(start)) == 0) {
			found = piece + strlen(start);
			count++;
		}
		if (field != NULL && *field == ' ')
			field++;
	}
	return count == 1 && octets_ok(found) ? found : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *field = xstrndup((const char *)data, size);
	char *pieces = xstrdup(field);
	const char *value = NULL, *wanted;
	size_t length = 0;
	bool found;

	found = http_cookie_find(&value, &length, field, "__Host-kattegat");
	wanted = find_again(pieces);
	if (found != (wanted != NULL) || (found && (length != strlen(wanted) ||
	    memcmp(value, wanted, length) != 0)))
		abort();
	free(field);
	free(pieces);
	return 0;
}
