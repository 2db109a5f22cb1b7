#include "base/buf.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST_SIZE = 256 };

void
buf_init(struct buf *buf)
{
	*buf = (struct buf)BUF_INIT;
}

void
buf_clear(struct buf *buf)
{
	if (buf->data != NULL)
		explicit_bzero(buf->data, buf->length);
	free(buf->data);
	buf_init(buf);
}

void
buf_reset(struct buf *buf)
{
	if (buf->data != NULL)
		explicit_bzero(buf->data, buf->length);
	buf->length = 0;
}

/* Not realloc(): that would leave the bytes where they were. */
static void
buf_grow(struct buf *buf, size_t size)
{
	char *data = xmalloc(size);

	if (buf->data != NULL) {
		memcpy(data, buf->data, buf->length);
		explicit_bzero(buf->data, buf->length);
		free(buf->data);
	}
	data[buf->length] = '\0';
	buf->data = data;
	buf->size = size;
}

char *
buf_reserve(struct buf *buf, size_t more)
{
	size_t size = buf->size > 0 ? buf->size : BUF_FIRST_SIZE;

	assert(more < SIZE_MAX / 4 && buf->length < SIZE_MAX / 4);
	while (size < buf->length + more + 1)
		size *= 2;
	if (size != buf->size)
		buf_grow(buf, size);
	return buf->data + buf->length;
}

void
buf_add(struct buf *buf, const void *bytes, size_t length)
{
	char *end = buf_reserve(buf, length);

	if (length > 0)
		memcpy(end, bytes, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void
buf_adds(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_addc(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void
buf_addf(struct buf *buf, const char *fmt, ...)
{
	va_list args, again;
	int length;

	va_start(args, fmt);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	assert(length >= 0);
	vsnprintf(buf_reserve(buf, (size_t)length), (size_t)length + 1, fmt,
	    again);
	va_end(again);
	buf->length += (size_t)length;
}

void
buf_drop(struct buf *buf, size_t length)
{
	assert(length <= buf->length);
	if (length == 0)
		return;
	memmove(buf->data, buf->data + length, buf->length - length + 1);
	buf->length -= length;
	explicit_bzero(buf->data + buf->length + 1, length);
}

char *
buf_take(struct buf *buf)
{
	char *data;

	buf_reserve(buf, 0);
	data = buf->data;
	buf_init(buf);
	return data;
}
