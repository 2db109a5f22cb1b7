#include "ctl/layout.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"

static const char gap[] = "  ";

/* One letter: its bytes, and its width in *columns. */
static size_t
letter(const char *text, mbstate_t *state, size_t *columns)
{
	wchar_t wide;
	size_t length = mbrtowc(&wide, text, MB_LEN_MAX, state);
	int width;

	if (length == (size_t)-1 || length == (size_t)-2) {
		memset(state, 0, sizeof(*state));
		*columns = 1;
		return 1;
	}
	width = wcwidth(wide);
	*columns = width < 0 ? 1 : (size_t)width;
	return length;
}

size_t
layout_width(const char *text)
{
	mbstate_t state;
	size_t width = 0, columns;

	memset(&state, 0, sizeof(state));
	while (*text != '\0') {
		text += letter(text, &state, &columns);
		width += columns;
	}
	return width;
}

static bool
moves_cursor(const char *at)
{
	unsigned char first = (unsigned char)at[0], second =
	    (unsigned char)at[1];

	/* U+0080 to U+009F are controls too (ECMA-48). */
	return first < 0x20 || first == 0x7f || (first == 0xc2 && second >= 0x80
	    && second <= 0x9f);
}

static void
print_clean(FILE *out, const char *text)
{
	mbstate_t state;
	size_t columns, length;

	memset(&state, 0, sizeof(state));
	for (; *text != '\0'; text += length) {
		length = letter(text, &state, &columns);
		if (moves_cursor(text))
			fputc(' ', out);
		else
			fwrite(text, 1, length, out);
	}
}

static void
print_blanks(FILE *out, size_t count)
{
	while (count-- > 0)
		fputc(' ', out);
}

static const char *
cell_text(const char *cell)
{
	return cell != NULL ? cell : "-";
}

static void
print_row(FILE *out, const struct layout_column *columns, size_t ncolumns,
    const char *const *cells, const size_t *widths)
{
	size_t i, pending = 0, blanks;

	/* Blanks are held back until something follows them. */
	for (i = 0; i < ncolumns; i++) {
		const char *text = cell_text(cells[i]);

		blanks = widths[i] - layout_width(text);
		if (*text == '\0') {
			pending += widths[i] + strlen(gap);
			continue;
		}
		print_blanks(out, pending + (columns[i].right ? blanks : 0));
		print_clean(out, text);
		pending = strlen(gap) + (columns[i].right ? 0 : blanks);
	}
	fputc('\n', out);
}

void
layout_print(FILE *out, const struct layout_column *columns, size_t ncolumns,
    const char *const *cells, size_t nrows, bool bold)
{
	size_t *widths = xcalloc(ncolumns, sizeof(*widths)), i, width;
	const char **headings = xcalloc(ncolumns, sizeof(*headings));

	for (i = 0; i < ncolumns; i++) {
		headings[i] = columns[i].heading;
		widths[i] = layout_width(headings[i]);
	}
	for (i = 0; i < nrows * ncolumns; i++) {
		width = layout_width(cell_text(cells[i]));
		if (width > widths[i % ncolumns])
			widths[i % ncolumns] = width;
	}
	fputs(bold ? "\033[1m" : "", out);
	print_row(out, columns, ncolumns, headings, widths);
	fputs(bold ? "\033[0m" : "", out);
	for (i = 0; i < nrows; i++)
		print_row(out, columns, ncolumns, cells + i * ncolumns, widths);
	free(headings);
	free(widths);
}

void
layout_print_pairs(FILE *out, const char *const *names,
    const char *const *values, size_t count)
{
	size_t widest = 0, i, width;

	for (i = 0; i < count; i++) {
		width = layout_width(names[i]);
		if (width > widest)
			widest = width;
	}
	for (i = 0; i < count; i++) {
		fprintf(out, "%s:", names[i]);
		print_blanks(out, widest - layout_width(names[i]) + strlen(gap));
		print_clean(out, cell_text(values[i]));
		fputc('\n', out);
	}
}
