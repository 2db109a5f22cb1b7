/*
 * fit.h - how wide the columns of a table are where there is not room for all.
 *
 * What does not fit goes in the order of the ranks: the columns that matter least
 * are left out first, then the widest ones are cut, none below its least width.
 *
 * Units:     widths in columns of a terminal; between two columns are FIT_GAP.
 * Ownership: everything is the caller's.
 */
#ifndef KG_CTL_FIT_H
#define KG_CTL_FIT_H

#include <stdbool.h>
#include <stddef.h>

enum { FIT_GAP = 2, FIT_RANKS_MOST = 32 };

struct fit_column {
	size_t		width;		/* in: of the widest cell; out: 0: left out */
	size_t		least;		/* still makes sense so wide */
	unsigned	rank;		/* 1 matters most; 0: only when all fits */
};

/* Whether something was left out or is to be cut. */
bool fit_columns(struct fit_column *columns, size_t ncolumns, size_t limit);

#endif
