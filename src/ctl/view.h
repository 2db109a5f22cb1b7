/*
 * view.h - JSON of the API as tables for people.
 *
 * A column names what it shows by a path: "room.name", "conflicts.0.title". A
 * column that holds nothing in any row is left out. Texts of a local time lose
 * their T, true and false are yes and no, a list of texts stands with commas.
 *
 * Ownership: views are constant; the trees stay the caller's.
 * Errors:    none; what is not there is "-".
 */
#ifndef KG_CTL_VIEW_H
#define KG_CTL_VIEW_H

#include <stdio.h>

#include "json/value.h"

enum { VIEW_COLUMNS_MOST = 20 };

struct view_column {
	const char	*heading;
	const char	*path;
};

/*
 * The elements of the array; `columns` end with a heading of NULL. `first`: which
 * headings matter most, see layout_print().
 */
void view_table(FILE *out, const struct view_column *columns, const char *first,
    const struct json_value *array);
/* One object, as "name: value" lines. */
void view_pairs(FILE *out, const struct view_column *columns,
    const struct json_value *object);

#endif
