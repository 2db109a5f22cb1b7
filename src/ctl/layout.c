#include "ctl/layout.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/text.h"
#include "ctl/fit.h"

enum {
	DAY_LENGTH = 11,		/* "2027-01-21 " */
	TIME_LENGTH = DAY_LENGTH + 5,
	LEAST_WIDTH = 16,		/* a shorter text is never cut */
	COLUMNS_DEFAULT = 80,
};

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
print_letter(FILE *out, const char *text, size_t length)
{
	if (moves_cursor(text))
		fputc(' ', out);
	else
		fwrite(text, 1, length, out);
}

static void
print_clean(FILE *out, const char *text)
{
	mbstate_t state;
	size_t columns, length;

	memset(&state, 0, sizeof(state));
	for (; *text != '\0'; text += length) {
		length = letter(text, &state, &columns);
		print_letter(out, text, length);
	}
}

static void
print_blanks(FILE *out, size_t count)
{
	while (count-- > 0)
		fputc(' ', out);
}

void
layout_print_wrapped(FILE *out, const char *text, size_t at, size_t indent,
    size_t limit)
{
	size_t length, gap, width;
	char *word;

	for (gap = 0; *text != '\0'; text += length) {
		gap = gap && *text == ' ';
		text += strspn(text, " ");
		length = strcspn(text, " |");
		length += text[length] == '|';
		word = xstrndup(text, length);
		width = layout_width(word);
		if (limit > 0 && at > indent && at + gap + width > limit) {
			fputc('\n', out);
			print_blanks(out, indent);
			at = indent;
			gap = 0;
		}
		print_blanks(out, gap);
		print_clean(out, word);
		at += gap + width;
		gap = 1;
		free(word);
	}
}

static const char *
cell_text(const char *cell)
{
	return cell != NULL ? cell : "-";
}

/* What fits, and in place of the rest an ellipsis; how many columns that took. */
static size_t
print_cut(FILE *out, const char *text, size_t width)
{
	mbstate_t state;
	size_t used = layout_width(text), columns, length;

	if (used <= width) {
		print_clean(out, text);
		return used;
	}
	used = 0;
	memset(&state, 0, sizeof(state));
	for (; *text != '\0'; text += length) {
		length = letter(text, &state, &columns);
		if (used + columns + 1 > width)
			break;
		used += columns;
		print_letter(out, text, length);
	}
	fputs("\u2026", out);
	return used + 1;
}

static void
print_row(FILE *out, const struct layout_column *columns, size_t ncolumns,
    const char *const *cells, const struct fit_column *fits)
{
	size_t i, pending = 0, blanks, width;

	/* Blanks are held back until something follows them. */
	for (i = 0; i < ncolumns; i++) {
		const char *text = cell_text(cells[i]);

		if (fits[i].width == 0)
			continue;
		if (*text == '\0') {
			pending += fits[i].width + FIT_GAP;
			continue;
		}
		width = layout_width(text);
		blanks = width < fits[i].width ? fits[i].width - width : 0;
		print_blanks(out, pending + (columns[i].right ? blanks : 0));
		width = print_cut(out, text, fits[i].width);
		pending = FIT_GAP + (columns[i].right ? 0 :
		    fits[i].width - width);
	}
	fputc('\n', out);
}

/* As "2027-01-21 09:00"; with more behind it, too. */
static bool
is_time(const char *text)
{
	static const char form[] = "####-##-## ##:##";
	size_t i;

	for (i = 0; form[i] != '\0'; i++) {
		if (form[i] == '#' ? text[i] < '0' || text[i] > '9' :
		    text[i] != form[i])
			return false;
	}
	return true;
}

/* Of a time on the same day as the one on its left only the hour is shown. */
static const char *
without_day(const char *cell, const char *left)
{
	if (cell == NULL || left == NULL || !is_time(cell) || !is_time(left) ||
	    strlen(cell) != TIME_LENGTH || strncmp(cell, left, DAY_LENGTH) != 0)
		return cell;
	return cell + DAY_LENGTH;
}

/* Where the heading stands in "id,starts,title", from 1; 0: nowhere. */
static unsigned
rank_of(const char *first, const char *heading)
{
	size_t length = strlen(heading), step;
	unsigned rank = 1;

	for (; *first != '\0'; first += step + (first[step] == ','), rank++) {
		step = strcspn(first, ",");
		if (step == length && strncmp(first, heading, length) == 0)
			return rank;
	}
	return 0;
}

static void
measure(struct fit_column *fit, const struct layout_column *columns,
    size_t ncolumns, const char *const *cells, size_t nrows, size_t at)
{
	size_t i, width;
	bool whole = columns[at].right;

	fit->width = layout_width(columns[at].heading);
	for (i = at; i < nrows * ncolumns; i += ncolumns) {
		width = layout_width(cell_text(cells[i]));
		if (width > fit->width)
			fit->width = width;
		whole = whole || is_time(cell_text(cells[i]));
	}
	fit->least = whole || fit->width < LEAST_WIDTH ? fit->width :
	    LEAST_WIDTH;
}

bool
layout_print_within(FILE *out, const struct layout_column *columns,
    size_t ncolumns, const char *const *cells, size_t nrows,
    const char *first, size_t limit, bool bold)
{
	struct fit_column *fits = xcalloc(ncolumns, sizeof(*fits));
	const char **headings = xcalloc(ncolumns, sizeof(*headings));
	const char **shown = xcalloc(nrows * ncolumns + 1, sizeof(*shown));
	size_t i;
	bool less = false;

	for (i = 0; i < nrows * ncolumns; i++)
		shown[i] = limit > 0 && i % ncolumns > 0 ?
		    without_day(cells[i], cells[i - 1]) : cells[i];
	for (i = 0; i < ncolumns; i++) {
		headings[i] = columns[i].heading;
		measure(&fits[i], columns, ncolumns, shown, nrows, i);
		fits[i].rank = first == NULL ? (unsigned)i + 1 :
		    rank_of(first, headings[i]);
	}
	if (limit > 0)
		less = fit_columns(fits, ncolumns, limit);
	fputs(bold ? "\033[1m" : "", out);
	print_row(out, columns, ncolumns, headings, fits);
	fputs(bold ? "\033[0m" : "", out);
	for (i = 0; i < nrows; i++)
		print_row(out, columns, ncolumns, shown + i * ncolumns, fits);
	free(shown);
	free(headings);
	free(fits);
	return less;
}

static bool wide;

void
layout_set_wide(void)
{
	wide = true;
}

/* Of a terminal that does not say how wide it is, COLUMNS or 80. */
static size_t
limit_of(int fd)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	int64_t columns;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	if (text != NULL && text_int(&columns, text, 1, UINT16_MAX) == 0)
		return (size_t)columns;
	return COLUMNS_DEFAULT;
}

static bool
is_terminal(FILE *out)
{
	return fileno(out) >= 0 && isatty(fileno(out));
}

size_t
layout_limit(FILE *out)
{
	return is_terminal(out) && !wide ? limit_of(fileno(out)) : 0;
}

void
layout_print(FILE *out, const struct layout_column *columns, size_t ncolumns,
    const char *const *cells, size_t nrows, const char *first)
{
	if (layout_print_within(out, columns, ncolumns, cells, nrows, first,
	    layout_limit(out), is_terminal(out)))
		fputs("(--wide shows all of it)\n", out);
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
		print_blanks(out, widest - layout_width(names[i]) + FIT_GAP);
		print_clean(out, cell_text(values[i]));
		fputc('\n', out);
	}
}
