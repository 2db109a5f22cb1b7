#include "ctl/sheet.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct reading {
	const char		*name;
	const char *const	*columns;
	char			*place[SHEET_COLUMNS_MOST];	/* by position */
	int			 nplaces;
	bool			 head_done;
	struct json_value	*rows, *row;
	int			 nfields;
	int			 line, row_line;
	bool			 row_open;	/* a quoted field goes on */
	int			 nmistakes;
	bool			 over;		/* no sense can be made any more */
	struct buf		*mistakes;
};

static void fail_at(struct reading *reading, int line, const char *fmt, ...)
    printf_like(3, 4);

static void
fail_at(struct reading *reading, int line, const char *fmt, ...)
{
	va_list args;
	char *text;

	if (++reading->nmistakes > SHEET_MISTAKES_MOST)
		return;
	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	buf_addf(reading->mistakes, "%s:%d: %s\n", reading->name, line, text);
	free(text);
}

static char *
columns_list(const struct reading *reading)
{
	struct buf buf = BUF_INIT;
	int i;

	for (i = 0; reading->columns[i] != NULL; i++)
		buf_addf(&buf, "%s%s", i > 0 ? "," : "", reading->columns[i]);
	return buf_take(&buf);
}

/* A column with # in it is a dated one: each # is a digit. */
static bool
is_dated(const char *column)
{
	return strchr(column, '#') != NULL;
}

static bool
is_column(const char *column, const char *text)
{
	for (; *column != '\0'; column++, text++) {
		if (*column == '#' ? *text < '0' || *text > '9' :
		    *text != *column)
			return false;
	}
	return *text == '\0';
}

/* A field of the head: one of the columns, and not for the second time. */
static void
head_field(struct reading *reading, const char *text)
{
	char *list;
	int i;

	for (i = 0; i < reading->nplaces; i++) {
		if (strcmp(reading->place[i], text) == 0) {
			fail_at(reading, reading->line, "the column \"%s\" "
			    "comes twice; keep one", text);
			return;
		}
	}
	for (i = 0; reading->columns[i] != NULL; i++) {
		if (is_column(reading->columns[i], text))
			break;
	}
	if (reading->columns[i] == NULL) {
		list = columns_list(reading);
		fail_at(reading, reading->line, "the column \"%.80s\" is not "
		    "known; the columns are %s", text, list);
		free(list);
	} else if (reading->nplaces == SHEET_COLUMNS_MOST)
		fail_at(reading, reading->line, "more than %d columns; keep "
		    "those that are needed", SHEET_COLUMNS_MOST);
	else
		reading->place[reading->nplaces++] = xstrdup(text);
}

static bool
has_place(const struct reading *reading, const char *column)
{
	int i;

	for (i = 0; i < reading->nplaces; i++) {
		if (strcmp(reading->place[i], column) == 0)
			return true;
	}
	return false;
}

static void
head_end(struct reading *reading)
{
	struct buf missing = BUF_INIT;
	int i;

	for (i = 0; reading->columns[i] != NULL; i++) {
		if (!is_dated(reading->columns[i]) &&
		    !has_place(reading, reading->columns[i]))
			buf_addf(&missing, "%s%s", missing.length > 0 ? ", " :
			    "", reading->columns[i]);
	}
	if (missing.length > 0)
		fail_at(reading, reading->line, "without the column %s; "
		    "add what is missing to the head", missing.data);
	buf_clear(&missing);
	reading->head_done = true;
	reading->over = reading->nmistakes > 0;
}

static void
field_fn(void *text, size_t length, void *arg)
{
	struct reading *reading = arg;
	const char *value = length > 0 ? text : "";

	if (reading->over)
		return;
	if (!reading->head_done) {
		head_field(reading, value);
		return;
	}
	if (reading->row == NULL) {
		reading->row = json_value_object();
		json_value_set(reading->row, "line",
		    json_value_int(reading->row_line));
	}
	if (reading->nfields < reading->nplaces)
		json_value_set(reading->row, reading->place[reading->nfields],
		    json_value_text(value));
	reading->nfields++;
}

/* Keeps the row, or says why not. */
static void
row_end(struct reading *reading)
{
	if (reading->nfields != reading->nplaces)
		fail_at(reading, reading->row_line, "%d fields where the head "
		    "has %d; give every row all of them, and quote a field with "
		    "a comma in it", reading->nfields, reading->nplaces);
	else if (json_value_count(reading->rows) < SHEET_ROWS_MOST) {
		json_value_add(reading->rows, reading->row);
		reading->row = NULL;
	} else {
		fail_at(reading, reading->row_line, "more than %d rows; "
		    "split the file", SHEET_ROWS_MOST);
		reading->over = true;
	}
	json_value_free(reading->row);
	reading->row = NULL;
	reading->nfields = 0;
}

static void
row_fn(int end, void *arg)
{
	struct reading *reading = arg;

	(void)end;
	reading->row_open = false;
	if (reading->over)
		return;
	if (reading->head_done)
		row_end(reading);
	else
		head_end(reading);
}

static bool
line_ok(struct reading *reading, const char *line, size_t length)
{
	const int before = reading->nmistakes;

	if (length > SHEET_LINE_BYTES_MOST)
		fail_at(reading, reading->line, "longer than %d bytes; is it "
		    "CSV?", SHEET_LINE_BYTES_MOST);
	else if (memchr(line, '\0', length) != NULL)
		fail_at(reading, reading->line, "holds a zero byte; save the "
		    "file as UTF-8 text");
	else if (!text_utf8_ok(line, length))
		fail_at(reading, reading->line, "not UTF-8; save the file as "
		    "UTF-8");
	return reading->nmistakes == before;
}

/*
 * Line by line, so that each row knows its own. A bad line is left out; but
 * without a head, or within a quoted field, nothing is known of the next one.
 */
/* The line has no zero at its end. */
static bool
is_blank(const char *line, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (line[i] == '\0' || strchr(" \t\r\n", line[i]) == NULL)
			return false;
	return true;
}

static void
feed_line(struct reading *reading, struct csv_parser *parser,
    const char *line, size_t length)
{
	reading->line++;
	if (!line_ok(reading, line, length)) {
		reading->over = reading->row_open || !reading->head_done;
		return;
	}
	if (!reading->row_open)
		reading->row_line = reading->line;
	/* Only a line of its own that is blank leaves no row open. */
	if (!is_blank(line, length))
		reading->row_open = true;
	if (csv_parse(parser, line, length, field_fn, row_fn, reading) !=
	    length) {
		fail_at(reading, reading->line, "a quote where none may stand; "
		    "write \" inside quotes twice, and quote whole fields");
		reading->over = true;
	}
}

static void
feed_all(struct reading *reading, struct csv_parser *parser,
    const char *bytes, size_t length)
{
	const char *end;
	size_t step;

	for (; length > 0 && !reading->over; bytes += step, length -= step) {
		end = memchr(bytes, '\n', length);
		step = end != NULL ? (size_t)(end - bytes) + 1 : length;
		feed_line(reading, parser, bytes, step);
	}
	if (!reading->over &&
	    csv_fini(parser, field_fn, row_fn, reading) != 0) {
		fail_at(reading, reading->row_line, "a quoted field does not "
		    "end; close its quote");
		reading->over = true;
	}
	if (!reading->head_done && !reading->over)
		fail_at(reading, 1, "the file is empty; begin it with a head");
	if (reading->nmistakes > SHEET_MISTAKES_MOST)
		buf_addf(reading->mistakes, "%s: and %d more\n", reading->name,
		    reading->nmistakes - SHEET_MISTAKES_MOST);
}

/* A mistake of the whole file; always -1. */
static int printf_like(2, 3)
refuse(struct buf *mistakes, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	buf_addf(mistakes, "%s\n", text);
	free(text);
	return -1;
}

static void *
grow(void *old, size_t size_bytes)
{
	return xreallocarray(old, 1, size_bytes);
}

int
sheet_parse(struct json_value **out, const char *name, const char *bytes,
    size_t length, const char *const *columns, struct buf *mistakes)
{
	struct reading reading = { .name = name, .columns = columns,
		.mistakes = mistakes };
	struct csv_parser parser;
	int i;

	if (length > SHEET_BYTES_MOST)
		return refuse(mistakes, "%s:1: larger than %d bytes; split the "
		    "file", name, SHEET_BYTES_MOST);
	if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		length -= 3;
	}
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI |
	    CSV_APPEND_NULL) != 0)
		return refuse(mistakes, "%s: libcsv cannot begin", name);
	csv_set_realloc_func(&parser, grow);
	reading.rows = json_value_array();
	feed_all(&reading, &parser, bytes, length);
	csv_free(&parser);
	for (i = 0; i < reading.nplaces; i++)
		free(reading.place[i]);
	json_value_free(reading.row);
	if (reading.nmistakes > 0) {
		json_value_free(reading.rows);
		return -1;
	}
	*out = reading.rows;
	return 0;
}

int
sheet_read(struct json_value **out, const char *path,
    const char *const *columns, struct buf *mistakes)
{
	char *bytes = NULL;
	size_t length;
	FILE *file;
	int rc = -1;

	if ((file = fopen(path, "re")) == NULL)
		return refuse(mistakes, "%s: %s", path, strerror(errno));
	/* One byte more than may be, so that too much is seen. */
	bytes = xmalloc(SHEET_BYTES_MOST + 1);
	length = fread(bytes, 1, SHEET_BYTES_MOST + 1, file);
	if (ferror(file))
		rc = refuse(mistakes, "%s: %s", path, strerror(errno));
	else
		rc = sheet_parse(out, path, bytes, length, columns, mistakes);
	free(bytes);
	fclose(file);
	return rc;
}
