/*
 * out.h - what a compiled template writes to: HTML that grows at its end.
 *
 * lib/gen/tmpl2c turns `{{ expr }}` into out_value(), `{{ expr | url }}` into
 * out_url() and `{{ expr | raw }}` into out_raw(). The first two make any text
 * safe where they stand; the last trusts it. Texts and whole numbers are taken;
 * anything else does not compile.
 *
 * Units:     lengths in bytes; text is UTF-8.
 * Ownership: the caller's storage; out_clear() frees what it holds, and
 *            buf_take(&out->buf) gives it away. Texts are copied.
 * Errors:    none; a text that is NULL is an empty one. Out of memory ends the
 *            program.
 */
#ifndef KG_PAGE_OUT_H
#define KG_PAGE_OUT_H

#include <stddef.h>

#include "base/buf.h"

struct out {
	struct buf buf;
};

#define OUT_INIT	{ BUF_INIT }

/* Chooses the function for a number or for a text, by the value's type. */
#define OUT_BY_TYPE(value, of_text) _Generic((value),	\
	char *: of_text,				\
	const char *: of_text,				\
	int: out_int,					\
	long: out_int,					\
	long long: out_int,				\
	unsigned int: out_count,			\
	unsigned long: out_count,			\
	unsigned long long: out_count)

/* Between tags, or in an attribute that stands in quotes. */
#define out_value(out, value)	OUT_BY_TYPE(value, out_text)(out, value)
/* As one piece of an address: a segment of a path, a value in a query. */
#define out_url(out, value)	OUT_BY_TYPE(value, out_text_url)(out, value)
/* As it is. */
#define out_raw(out, value)	OUT_BY_TYPE(value, out_text_raw)(out, value)

void out_clear(struct out *out);
void out_bytes(struct out *out, const char *bytes, size_t length);
void out_text(struct out *out, const char *text);
void out_text_url(struct out *out, const char *text);
void out_text_raw(struct out *out, const char *text);
void out_int(struct out *out, long long number);
void out_count(struct out *out, unsigned long long number);

#endif
