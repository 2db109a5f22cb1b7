#include "http/server.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
body_free(struct http_body *body)
{
	explicit_bzero(body->bytes, body->length);
	free(body->bytes);
	free(body);
}

struct http_body *
http_body_new(char *bytes, size_t length)
{
	struct http_body *body = xcalloc(1, sizeof(*body));

	body->bytes = bytes;
	body->length = length;
	body->references = 1;
	body->free = body_free;
	return body;
}

struct http_body *
http_body_ref(struct http_body *body)
{
	assert(body->references > 0);
	body->references++;
	return body;
}

void
http_body_unref(struct http_body *body)
{
	if (body == NULL)
		return;
	assert(body->references > 0);
	if (--body->references == 0)
		body->free(body);
}
