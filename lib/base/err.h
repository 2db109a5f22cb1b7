/*
 * err.h - what went wrong in the outside world, in words.
 *
 * A function that can fail takes a `struct err *`, returns -1 and fills it with
 * one sentence: what, where, and what would be right. The caller decides what to
 * do and who reads it.
 *
 * Ownership: the caller's storage; never allocated.
 */
#ifndef KG_BASE_ERR_H
#define KG_BASE_ERR_H

#include "base/mem.h"

struct err {
	char text[1024];	/* zero-terminated, cut when longer */
};

/* Always -1, so that `return err_set(err, ...)` reads well. */
int err_set(struct err *err, const char *fmt, ...) printf_like(2, 3);
/* Puts words before what stands there already: "reading x: no such file". */
int err_prefix(struct err *err, const char *fmt, ...) printf_like(2, 3);

#endif
