/*
 * chars.h - which bytes may stand where (RFC 9110 5.6.2, RFC 3986 2 and 3).
 *
 * One table of bits; the room's own header. The unit test builds it again from
 * the words of the standards.
 */
#ifndef KG_HTTP_CHARS_H
#define KG_HTTP_CHARS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	HTTP_TOKEN = 1,		/* tchar */
	HTTP_VISIBLE = 2,	/* 0x21 to 0x7e */
	HTTP_VALUE = 4,		/* visible, blank, tab, 0x80 and up */
	HTTP_HEX = 8,
	HTTP_PATH = 16,		/* pchar, '/' and '%' */
	HTTP_QUERY = 32,	/* visible but " < > #; browsers send { | } ^ */
	HTTP_NAME = 64,		/* of a host: letters, digits, - . _ */
};

extern const unsigned char http_chars[256];

static inline bool
http_is(char c, unsigned char kind)
{
	return (http_chars[(unsigned char)c] & kind) != 0;
}

static inline char
http_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* 0 to 15, or -1. */
int http_hex_digit(char c);
/* ASCII only; `word` ends with a zero, `text` need not. */
bool http_same_nocase(const char *text, size_t length, const char *word);

#endif
