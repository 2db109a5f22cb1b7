/*
 * fuzz_sheet.c - libFuzzer target: CSV files that kattegatctl reads.
 *
 * What is taken is rows of just the columns that were asked for, within the limits;
 * what is refused says why, at most as often as sheet.h promises.
 * Run by tests/fuzz/run.
 *
 * fuzz: src/ctl/sheet.c lib/json/value.c lib/base/buf.c lib/base/err.c
 * fuzz: lib/base/mem.c lib/base/text.c -ljansson -lcsv
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const columns[] = { "day", "title", "seats_####", NULL };

static void
member_holds(const char *name, const struct json_value *value, void *arg)
{
	const char *text = json_value_get_text(value);

	(void)arg;
	if (strcmp(name, "line") == 0) {
		if (json_value_get_int(value, 0) < 1)
			abort();
		return;
	}
	if (text == NULL || !text_utf8_ok(text, strlen(text)) ||
	    strlen(text) > SHEET_LINE_BYTES_MOST)
		abort();
	if (strcmp(name, "day") != 0 && strcmp(name, "title") != 0 &&
	    !text_starts(name, "seats_"))
		abort();
}

static void
rows_hold(const struct json_value *rows)
{
	size_t i, count = json_value_count(rows);
	int64_t line = 1, next;

	if (count > SHEET_ROWS_MOST)
		abort();
	for (i = 0; i < count; i++) {
		const struct json_value *row = json_value_at(rows, i);

		next = json_value_get_int(json_value_find(row, "line"), 0);
		/* A CR alone ends a row but no line. */
		if (next < line ||
		    json_value_find(row, "day") == NULL ||
		    json_value_find(row, "title") == NULL)
			abort();
		line = next;
		json_value_each(row, member_holds, NULL);
	}
}

static void
mistakes_hold(const struct buf *mistakes)
{
	const char *at = mistakes->data;
	int lines = 0;

	/* A column's name that is quoted may hold line ends of its own. */
	for (; at != NULL && *at != '\0'; at = strchr(at, '\n') + 1)
		lines += text_starts(at, "x.csv:");
	/* And one that says there are more. */
	if (lines == 0 || lines > SHEET_MISTAKES_MOST + 1 ||
	    !text_ends(mistakes->data, "\n"))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_value *rows = NULL;
	struct buf mistakes = BUF_INIT;

	if (sheet_parse(&rows, "x.csv", (const char *)data, size, columns,
	    &mistakes) == 0) {
		rows_hold(rows);
		json_value_free(rows);
	} else {
		mistakes_hold(&mistakes);
	}
	buf_clear(&mistakes);
	return 0;
}
