/*
 * sheet.h - reads a CSV file with a known head into JSON (libcsv).
 *
 * [{"line":2,"run_no":"KAT22-01",...}, ...]: every row with the line it begins
 * on and each column as text, "" when empty. What the texts mean is judged by the
 * database. UTF-8, comma, strict quoting (RFC 4180); a byte order mark is skipped,
 * empty lines are no rows. The columns may stand in any order.
 *
 * Units:     sizes in bytes, lines counted from 1.
 * Ownership: the tree is the caller's, and so is the buf of the mistakes.
 * Errors:    -1 with a line for each mistake added to `mistakes`: "FILE:LINE: what
 *            is wrong; what would be right", the first 20 of them. What makes all
 *            that follows unreadable (the head, an open quote) ends the reading.
 *            Limits are looked at before anything is read.
 */
#ifndef KG_CTL_SHEET_H
#define KG_CTL_SHEET_H

#include "base/buf.h"
#include "json/value.h"

enum {
	SHEET_BYTES_MOST = 1024 * 1024,
	SHEET_ROWS_MOST = 10000,
	SHEET_LINE_BYTES_MOST = 16 * 1024,
	SHEET_COLUMNS_MOST = 32,
	SHEET_MISTAKES_MOST = 20,
};

/*
 * `columns` end with NULL; exactly these must stand in the head. One with # for
 * digits, as seats_####_####, may stand there any number of times, or not at all.
 */
must_check int sheet_read(struct json_value **out, const char *path,
    const char *const *columns, struct buf *mistakes);
/* The same from memory; `name` is for messages. */
must_check int sheet_parse(struct json_value **out, const char *name,
    const char *bytes, size_t length, const char *const *columns,
    struct buf *mistakes);

#endif
