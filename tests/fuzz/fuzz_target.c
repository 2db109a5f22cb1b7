/*
 * fuzz_target.c - libFuzzer target: what a request line asks for, and host names.
 *
 * A path that is taken and decoded is one that can be trusted: text without
 * control characters, without a segment "." or "..", as many slashes as before.
 * Run by tests/fuzz/run.
 *
 * fuzz: lib/http/target.c lib/http/chars.c lib/base/err.c lib/base/mem.c
 * fuzz: lib/base/text.c
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
slashes(const char *text, size_t length)
{
	size_t i, count = 0;

	for (i = 0; i < length; i++)
		count += text[i] == '/';
	return count;
}

static void
no_dots(const char *path)
{
	size_t length;

	for (; *path != '\0'; path += length + (path[length] == '/')) {
		length = strcspn(path, "/");
		if ((length == 1 && path[0] == '.') ||
		    (length == 2 && path[0] == '.' && path[1] == '.'))
			abort();
	}
}

static void
path_holds(const char *encoded, size_t length)
{
	char *path = xstrndup(encoded, length);
	size_t decoded = http_target_decode(path, length), i;

	if (decoded > length)
		abort();
	path[decoded] = '\0';
	if (strlen(path) != decoded || !text_utf8_ok(path, decoded) ||
	    slashes(path, decoded) != slashes(encoded, length))
		abort();
	for (i = 0; i < decoded; i++)
		if ((unsigned char)path[i] < ' ' || path[i] == 0x7f ||
		    path[i] == '\\')
			abort();
	no_dots(path);
	free(path);
}

static void
target_holds(const struct http_target *target, const char *text, size_t length)
{
	const char *path = text + target->path_at;

	if (target->path_at + target->path_length > length ||
	    target->query_at + target->query_length > length ||
	    target->host_at + target->host_length > length)
		abort();
	if (target->form == HTTP_ASTERISK)
		return;
	if (target->path_length > 0 && *path != '/')
		abort();
	if (target->form == HTTP_ABSOLUTE &&
	    !http_host_ok(text + target->host_at, target->host_length))
		abort();
	path_holds(path, target->path_length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct http_target target;

	if (http_target_parse(&target, text, size))
		target_holds(&target, text, size);
	/* A name is never the same as one that it only begins with. */
	if (http_host_ok(text, size) &&
	    http_host_is(text, size, "kalender.dk") &&
	    http_host_is(text, size, "kalender.d"))
		abort();
	return 0;
}
