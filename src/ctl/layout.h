/*
 * layout.h - tables for people: columns as wide as what stands in them.
 *
 * Units:     widths in columns of a terminal; wide and combining letters count
 *            as they are shown (wcwidth(3), so LC_CTYPE must be a UTF-8 one).
 * Ownership: cells are the caller's. NULL is shown as "-"; letters that would
 *            move the cursor are shown as blanks.
 */
#ifndef KG_CTL_LAYOUT_H
#define KG_CTL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct layout_column {
	const char	*heading;
	bool		 right;		/* numbers stand at the right */
};

size_t layout_width(const char *text);
/* cells[row * ncolumns + column]. Headings are bold on a terminal. */
void layout_print(FILE *out, const struct layout_column *columns,
    size_t ncolumns, const char *const *cells, size_t nrows, bool bold);
/* "name: value" lines, the values under each other. */
void layout_print_pairs(FILE *out, const char *const *names,
    const char *const *values, size_t count);

#endif
