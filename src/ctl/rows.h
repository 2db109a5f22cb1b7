/*
 * rows.h - the rows of a reply, as a table for people or as JSON for programs.
 *
 * JSON: an array of objects, one a row; numbers are numbers, NULL is null, a
 * column of JSON stands as what it is. Table: headings are the columns' names
 * with blanks for underscores; true and false are yes and no.
 *
 * Ownership: rows_json() gives its tree to the caller.
 * Errors:    none.
 */
#ifndef KG_CTL_ROWS_H
#define KG_CTL_ROWS_H

#include <stdio.h>

#include "json/value.h"
#include "pg/pg.h"

struct json_value *rows_json(const struct pg_reply *reply);
struct json_value *rows_json_row(const struct pg_reply *reply, int row);
/* `first`: which columns matter most, see layout_print(). */
void rows_show(FILE *out, const struct pg_reply *reply, const char *first,
    bool json);
/* One row for people: "name: value" lines. */
void rows_show_one(FILE *out, const struct pg_reply *reply, int row);

#endif
