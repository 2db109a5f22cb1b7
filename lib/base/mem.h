/*
 * mem.h - memory that is always there.
 *
 * Every function ends the program when memory is out, so a caller never checks.
 *
 * Ownership: what is returned belongs to the caller, who frees it with free().
 */
#ifndef KG_BASE_MEM_H
#define KG_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

#define must_check	__attribute__((warn_unused_result))
#define printf_like(fmt, first)	__attribute__((format(printf, fmt, first)))

#define ARRAY_LEN(array)	(sizeof(array) / sizeof((array)[0]))

void *xmalloc(size_t size_bytes);
void *xcalloc(size_t count, size_t size_bytes);
/* Room for `count` things of `size_bytes`; an overflowing product ends it. */
void *xreallocarray(void *old, size_t count, size_t size_bytes);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t length_bytes);
/* xstrdup() that passes NULL on. */
char *xstrdup_null(const char *text);
char *xasprintf(const char *fmt, ...) printf_like(1, 2);
char *xvasprintf(const char *fmt, va_list args) printf_like(1, 0);

/* Overwrites a text that is a secret, and frees it. NULL is allowed. */
void xforget(char *text);

#endif
