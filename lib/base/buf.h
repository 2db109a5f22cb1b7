/*
 * buf.h - bytes that grow at the end.
 *
 * Units:     lengths in bytes.
 * Ownership: the caller's storage; buf_clear() frees what it holds, buf_take()
 *            gives it away. `data` is zero-terminated one byte past `length`
 *            whenever it is not NULL, so it can be read as a string. Bytes that
 *            it lets go of are overwritten: they may have been somebody's secret.
 * Errors:    none; out of memory ends the program.
 */
#ifndef KG_BASE_BUF_H
#define KG_BASE_BUF_H

#include "base/mem.h"

struct buf {
	char	*data;
	size_t	 length;
	size_t	 size;		/* of the memory behind data */
};

#define BUF_INIT	{ NULL, 0, 0 }

void buf_init(struct buf *buf);
void buf_clear(struct buf *buf);
/* Forgets the bytes, keeps the memory. */
void buf_reset(struct buf *buf);
/* Room for `more` bytes behind the end; returns where they begin. */
char *buf_reserve(struct buf *buf, size_t more);
void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *fmt, ...) printf_like(2, 3);
/* Drops bytes from the front. */
void buf_drop(struct buf *buf, size_t length);
/* Gives the memory to the caller and leaves an empty buf. Never NULL. */
char *buf_take(struct buf *buf);

#endif
