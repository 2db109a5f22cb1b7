#include "ctl/suggest.h"

#include <string.h>

enum { LETTERS_MOST = 31 };

static size_t
smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Letters to add, drop, change or swap with the next (optimal string alignment). */
static size_t
distance(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t row[LETTERS_MOST + 1][LETTERS_MOST + 1], i, j;

	for (i = 0; i <= alen; i++)
		row[i][0] = i;
	for (j = 0; j <= blen; j++)
		row[0][j] = j;
	for (i = 1; i <= alen; i++) {
		for (j = 1; j <= blen; j++) {
			row[i][j] = smallest(row[i - 1][j] + 1,
			    row[i][j - 1] + 1,
			    row[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] &&
			    row[i - 2][j - 2] + 1 < row[i][j])
				row[i][j] = row[i - 2][j - 2] + 1;
		}
	}
	return row[alen][blen];
}

void
suggest_try(struct suggest *suggest, const char *known)
{
	size_t typed = strlen(suggest->word), length = strlen(known), found;

	if (typed > LETTERS_MOST || length > LETTERS_MOST)
		return;
	found = distance(suggest->word, typed, known, length);
	/* A third of the letters may be wrong; of a short word one. */
	if (found > (length < 6 ? 1 : length / 3))
		return;
	if (suggest->best == NULL || found < suggest->distance) {
		suggest->best = known;
		suggest->distance = found;
	}
}
