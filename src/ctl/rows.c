#include "ctl/rows.h"

#include <stdlib.h>

#include "ctl/layout.h"

static struct json_value *
cell_json(const struct pg_reply *reply, int row, int column)
{
	const char *text = pg_reply_text(reply, row, column);
	struct json_value *value;
	struct err err;

	if (text == NULL)
		return json_value_null();
	if (pg_reply_is_bool(reply, column))
		return json_value_bool(pg_reply_bool(reply, row, column));
	if (pg_reply_is_number(reply, column))
		return json_value_number(text);
	if (pg_reply_is_json(reply, column) && json_value_parse(&value, text,
	    pg_reply_length(reply, row, column), &err) == 0)
		return value;
	return json_value_text(text);
}

struct json_value *
rows_json_row(const struct pg_reply *reply, int row)
{
	struct json_value *object = json_value_object();
	int i;

	for (i = 0; i < pg_reply_columns(reply); i++)
		json_value_set(object, pg_reply_column_name(reply, i),
		    cell_json(reply, row, i));
	return object;
}

struct json_value *
rows_json(const struct pg_reply *reply)
{
	struct json_value *array = json_value_array();
	int i;

	for (i = 0; i < pg_reply_rows(reply); i++)
		json_value_add(array, rows_json_row(reply, i));
	return array;
}

static const char *
cell_text(const struct pg_reply *reply, int row, int column)
{
	const char *text = pg_reply_text(reply, row, column);

	if (text == NULL || !pg_reply_is_bool(reply, column))
		return text;
	return pg_reply_bool(reply, row, column) ? "yes" : "no";
}

static char *
heading(const struct pg_reply *reply, int column)
{
	char *name = xstrdup(pg_reply_column_name(reply, column)), *at;

	for (at = name; *at != '\0'; at++)
		*at = *at == '_' ? ' ' : *at;
	return name;
}

static void
show_table(FILE *out, const struct pg_reply *reply, const char *first)
{
	size_t ncolumns = (size_t)pg_reply_columns(reply), i;
	size_t nrows = (size_t)pg_reply_rows(reply);
	struct layout_column *columns = xcalloc(ncolumns, sizeof(*columns));
	const char **cells = xcalloc(nrows * ncolumns + 1, sizeof(*cells));
	char **headings = xcalloc(ncolumns, sizeof(*headings));

	for (i = 0; i < ncolumns; i++) {
		columns[i].heading = headings[i] = heading(reply, (int)i);
		columns[i].right = pg_reply_is_number(reply, (int)i);
	}
	for (i = 0; i < nrows * ncolumns; i++)
		cells[i] = cell_text(reply, (int)(i / ncolumns),
		    (int)(i % ncolumns));
	layout_print(out, columns, ncolumns, cells, nrows, first);
	if (nrows == 0)
		fputs("(none)\n", out);
	for (i = 0; i < ncolumns; i++)
		free(headings[i]);
	free(headings);
	free(cells);
	free(columns);
}

void
rows_show(FILE *out, const struct pg_reply *reply, const char *first,
    bool json)
{
	struct json_value *array;
	char *text;

	if (!json) {
		show_table(out, reply, first);
		return;
	}
	array = rows_json(reply);
	text = json_value_format(array, true);
	fprintf(out, "%s\n", text);
	free(text);
	json_value_free(array);
}

void
rows_show_one(FILE *out, const struct pg_reply *reply, int row)
{
	size_t count = (size_t)pg_reply_columns(reply), i;
	const char **values = xcalloc(count, sizeof(*values));
	char **names = xcalloc(count, sizeof(*names));

	for (i = 0; i < count; i++) {
		names[i] = heading(reply, (int)i);
		values[i] = cell_text(reply, row, (int)i);
	}
	layout_print_pairs(out, (const char *const *)names, values, count);
	for (i = 0; i < count; i++)
		free(names[i]);
	free(names);
	free(values);
}
