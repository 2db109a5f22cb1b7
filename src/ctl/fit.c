#include "ctl/fit.h"

static size_t
total(const struct fit_column *columns, size_t ncolumns)
{
	size_t width = 0, i;

	for (i = 0; i < ncolumns; i++) {
		if (columns[i].width > 0)
			width += columns[i].width + (width > 0 ? FIT_GAP : 0);
	}
	return width;
}

/* The column of that rank, or NULL. */
static struct fit_column *
ranked(struct fit_column *columns, size_t ncolumns, unsigned rank)
{
	size_t i;

	for (i = 0; i < ncolumns; i++) {
		if (columns[i].rank == rank)
			return &columns[i];
	}
	return NULL;
}

/* Keeps the ranks for which there is room; the first one always. */
static void
leave_out(struct fit_column *columns, size_t ncolumns, size_t limit)
{
	const struct fit_column *column;
	size_t used = 0, needed, i;
	unsigned rank, kept = 0;

	/* A rank may be missing: its column holds nothing. */
	for (rank = 1; rank <= FIT_RANKS_MOST; rank++) {
		if ((column = ranked(columns, ncolumns, rank)) == NULL)
			continue;
		needed = (used > 0 ? FIT_GAP : 0) + column->least;
		if (used > 0 && used + needed > limit)
			break;
		used += needed;
		kept = rank;
	}
	for (i = 0; i < ncolumns; i++) {
		if (columns[i].rank == 0 || columns[i].rank > kept)
			columns[i].width = 0;
	}
}

/* The widest column that may be cut, or NULL. */
static struct fit_column *
widest(struct fit_column *columns, size_t ncolumns)
{
	struct fit_column *found = NULL;
	size_t i;

	for (i = 0; i < ncolumns; i++) {
		if (columns[i].width > columns[i].least &&
		    (found == NULL || columns[i].width > found->width))
			found = &columns[i];
	}
	return found;
}

bool
fit_columns(struct fit_column *columns, size_t ncolumns, size_t limit)
{
	struct fit_column *column;

	if (total(columns, ncolumns) <= limit)
		return false;
	leave_out(columns, ncolumns, limit);
	while (total(columns, ncolumns) > limit &&
	    (column = widest(columns, ncolumns)) != NULL)
		column->width--;
	/* Only the first one is left where not even that one fits. */
	if (total(columns, ncolumns) > limit &&
	    (column = ranked(columns, ncolumns, 1)) != NULL)
		column->width = limit;
	return true;
}
