/*
 * target.h - what a request line asks for (RFC 9112 3.2) and host names.
 *
 * Refused: bytes that may not stand there, escapes that are none, escaped zeros
 * and control bytes, escaped slashes (they could be read in two ways), paths
 * that are not UTF-8 after decoding, "." or ".." as a part of the decoded path.
 *
 * Units:   places in bytes from the target's first byte.
 * Errors:  false; nothing else can fail.
 */
#ifndef KG_HTTP_TARGET_H
#define KG_HTTP_TARGET_H

#include <stdbool.h>
#include <stddef.h>

enum http_target_form { HTTP_ORIGIN, HTTP_ABSOLUTE, HTTP_ASTERISK };

struct http_target {
	enum http_target_form form;
	size_t	host_at, host_length;	/* HTTP_ABSOLUTE only; with its port */
	size_t	path_at, path_length;	/* HTTP_ABSOLUTE: may be empty */
	size_t	query_at, query_length;
};

/* Splits and checks. *out is untouched when false. */
bool http_target_parse(struct http_target *out, const char *text,
    size_t length);
/*
 * The first bytes of the path of a target that may be wrong or broken off, which is
 * of visible bytes: see http_parser_path_begin(). Empty when there is none.
 */
void http_target_path_begin(char *out, size_t size, const char *text,
    size_t length);
/* Decodes a checked path in place; returns its new length. */
size_t http_target_decode(char *path, size_t length);

/* host [ ":" port ] as it may stand in Host: a name, IPv4, [IPv6]; no user. */
bool http_host_ok(const char *text, size_t length);
/* Whether it is this name, with any port, a dot at its end or not. */
bool http_host_is(const char *text, size_t length, const char *name);

#endif
