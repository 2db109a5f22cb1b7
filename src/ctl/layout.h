/*
 * layout.h - tables for people: columns as wide as what stands in them, and on a
 * terminal no wider than it is: what matters less is left out, long texts are cut.
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
/* Of what the stream is shown on; 0: there is no limit. */
size_t layout_limit(FILE *out);
/*
 * Words from column `at` on, further lines beginning at `indent`, none longer than
 * `limit` (0: one line) but by one word; without the end of the last line. Between
 * a|b there is no blank, but a line may end there.
 */
void layout_print_wrapped(FILE *out, const char *text, size_t at, size_t indent,
    size_t limit);
/* Tables are whole from now on, also on a terminal. */
void layout_set_wide(void);
/*
 * cells[row * ncolumns + column]. `first`: the headings that people want, the most
 * important first, as "id,starts,title"; NULL: all, from left to right. Those that
 * it does not name are shown only where the whole table fits. Headings are bold on
 * a terminal; what is no terminal gets everything.
 */
void layout_print(FILE *out, const struct layout_column *columns,
    size_t ncolumns, const char *const *cells, size_t nrows,
    const char *first);
/* The same for so many columns (0: no limit); whether something is not shown. */
bool layout_print_within(FILE *out, const struct layout_column *columns,
    size_t ncolumns, const char *const *cells, size_t nrows,
    const char *first, size_t limit, bool bold);
/* "name: value" lines, the values under each other. */
void layout_print_pairs(FILE *out, const char *const *names,
    const char *const *values, size_t count);

#endif
