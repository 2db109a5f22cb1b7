/*
 * file.h - what the build steps read and write, whole.
 *
 * Ownership: the caller's buffers.
 * Errors:    -1 with err filled: the file, what is wrong, what would be right.
 */
#ifndef KG_GEN_FILE_H
#define KG_GEN_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* Appends a file of UTF-8 text; zero-terminated. */
must_check int gen_file_read(struct buf *out, const char *path,
    struct err *err);
must_check int gen_file_write(const struct buf *made, const char *path,
    struct err *err);

#endif
