/*
 * cookie.h - finds one cookie in a Cookie field (RFC 6265 4.2.1).
 *
 * What other programs on the same host have set may be of any form and is passed
 * over. Our own must be exactly right: a name that comes twice, or a value that
 * may not stand there (two Cookie fields joined with ", " among them), is as if
 * there were none.
 *
 * Units:     lengths in bytes.
 * Ownership: the value lies in the field.
 * Errors:    false; nothing else can fail.
 */
#ifndef KG_HTTP_COOKIE_H
#define KG_HTTP_COOKIE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The value has no zero at its end. Both are untouched when false; a field of
 * NULL holds no cookie.
 */
bool http_cookie_find(const char **value, size_t *length, const char *field,
    const char *name);

#endif
