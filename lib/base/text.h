/*
 * text.h - small questions about text.
 *
 * Units: lengths in bytes; text is UTF-8 and zero-terminated unless a length
 *        is given. Nothing here looks at the locale.
 */
#ifndef KG_BASE_TEXT_H
#define KG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Valid UTF-8 (RFC 3629): no surrogates, no overlong forms, at most U+10FFFF. */
bool text_utf8_ok(const char *text, size_t length);
/* How many characters valid UTF-8 has. */
size_t text_utf8_count(const char *text);
bool text_starts(const char *text, const char *start);
bool text_ends(const char *text, const char *end);
/* ASCII only; other bytes must be equal. */
bool text_same_nocase(const char *a, const char *b);
void text_lower_ascii(char *text);
/* A whole decimal number in [least, most]; else -1 and *out untouched. */
must_check int text_int(int64_t *out, const char *text, int64_t least,
    int64_t most);
/* Lower-case hex of `length` bytes and a zero: out holds 2 * length + 1. */
void text_hex(char *out, const unsigned char *bytes, size_t length);
/* Cuts blanks off both ends, in place; returns the new start. */
char *text_trim(char *text);

#endif
