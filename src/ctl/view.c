#include "ctl/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ctl/layout.h"
#include "ctl/when.h"

/* One step of a path: a member, or of an array an element by its number. */
static const struct json_value *
find_step(const struct json_value *value, const char *name)
{
	if (json_value_kind(value) == JSON_KIND_ARRAY)
		return json_value_at(value, strtoul(name, NULL, 10));
	return json_value_find(value, name);
}

/* What a path leads to, or NULL. */
static const struct json_value *
find(const struct json_value *value, const char *path)
{
	char *copy = xstrdup(path), *rest = copy, *name;

	while (value != NULL && (name = strsep(&rest, ".")) != NULL)
		value = find_step(value, name);
	free(copy);
	return value;
}

static char *
text_cell(const char *text)
{
	char *cell = xstrdup(text);

	if (strlen(cell) == WHEN_TIME_LENGTH && cell[10] == 'T')
		cell[10] = ' ';
	return cell;
}

static char *
list_cell(const struct json_value *array)
{
	struct buf buf = BUF_INIT;
	const struct json_value *item;
	char *text;
	size_t i;

	for (i = 0; i < json_value_count(array); i++) {
		item = json_value_at(array, i);
		text = json_value_get_text(item) != NULL ?
		    xstrdup(json_value_get_text(item)) :
		    json_value_format(item, false);
		buf_addf(&buf, "%s%s", i > 0 ? ", " : "", text);
		free(text);
	}
	return buf_take(&buf);
}

/* The caller frees it; NULL for nothing. */
static char *
cell(const struct json_value *value)
{
	switch (json_value_kind(value)) {
	case JSON_KIND_NULL:
		return NULL;
	case JSON_KIND_BOOL:
		return xstrdup(json_value_get_bool(value, false) ? "yes" :
		    "no");
	case JSON_KIND_TEXT:
		return text_cell(json_value_get_text(value));
	case JSON_KIND_ARRAY:
		return json_value_count(value) > 0 ? list_cell(value) : NULL;
	default:
		return json_value_format(value, false);
	}
}

/* Whether any element has something there; *number: all that have are numbers. */
static bool
is_used(const struct view_column *column, const struct json_value *array,
    bool *number)
{
	enum json_kind kind;
	bool used = false;
	size_t i;

	*number = true;
	for (i = 0; i < json_value_count(array); i++) {
		const struct json_value *value = find(json_value_at(array,
		    i), column->path);

		kind = json_value_kind(value);
		if (kind == JSON_KIND_NULL || (kind == JSON_KIND_ARRAY &&
		    json_value_count(value) == 0))
			continue;
		used = true;
		*number = *number && (kind == JSON_KIND_INT ||
		    kind == JSON_KIND_REAL);
	}
	return used;
}

/* The columns that are shown, and where they lead. */
static size_t
choose(const struct view_column *columns, const struct json_value *array,
    struct layout_column *shown, const char **paths)
{
	size_t count = 0;
	bool number = false;

	for (; columns->heading != NULL; columns++) {
		if (json_value_count(array) > 0 &&
		    !is_used(columns, array, &number))
			continue;
		shown[count].heading = columns->heading;
		shown[count].right = json_value_count(array) > 0 && number;
		paths[count++] = columns->path;
	}
	return count;
}

void
view_table(FILE *out, const struct view_column *columns, const char *first,
    const struct json_value *array)
{
	struct layout_column shown[VIEW_COLUMNS_MOST];
	const char *paths[VIEW_COLUMNS_MOST];
	size_t nrows = json_value_count(array), ncolumns, i;
	char **cells;

	ncolumns = choose(columns, array, shown, paths);
	cells = xcalloc(nrows * ncolumns + 1, sizeof(*cells));
	for (i = 0; i < nrows * ncolumns; i++)
		cells[i] = cell(find(json_value_at(array, i / ncolumns),
		    paths[i % ncolumns]));
	layout_print(out, shown, ncolumns, (const char *const *)cells, nrows,
	    first);
	if (nrows == 0)
		fputs("(none)\n", out);
	for (i = 0; i < nrows * ncolumns; i++)
		free(cells[i]);
	free(cells);
}

void
view_pairs(FILE *out, const struct view_column *columns,
    const struct json_value *object)
{
	const char *names[VIEW_COLUMNS_MOST] = { NULL };
	char *values[VIEW_COLUMNS_MOST] = { NULL }, *text;
	size_t count = 0, i;

	for (; columns->heading != NULL; columns++) {
		if ((text = cell(find(object, columns->path))) == NULL)
			continue;
		names[count] = columns->heading;
		values[count++] = text;
	}
	layout_print_pairs(out, names, (const char *const *)values, count);
	for (i = 0; i < count; i++)
		free(values[i]);
}
