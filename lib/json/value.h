/*
 * value.h - JSON as a tree: made, written, read (jansson).
 *
 * Units:     lengths in bytes; text is UTF-8.
 * Ownership: json_value_free() frees a tree. json_value_set() and _add() take the
 *            value they are given. What is found in a tree stays the tree's.
 *            json_value_format() gives its text to the caller.
 * Errors:    json_value_parse() returns -1 with err filled. The questions accept
 *            NULL and values of another kind and answer as they say, so that a
 *            path can be asked in one go. Text that is not UTF-8 is a broken
 *            promise and ends the program.
 */
#ifndef KG_JSON_VALUE_H
#define KG_JSON_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct json_value;

enum {
	JSON_VALUE_BYTES_MOST = 16 * 1024 * 1024,
	JSON_VALUE_DEPTH_MOST = 32,
};

struct json_value *json_value_object(void);
struct json_value *json_value_array(void);
struct json_value *json_value_null(void);
struct json_value *json_value_bool(bool value);
struct json_value *json_value_int(int64_t value);
/* A decimal number as PostgreSQL writes it; text that is none becomes text. */
struct json_value *json_value_number(const char *text);
struct json_value *json_value_text(const char *text);
void json_value_free(struct json_value *value);

/* Another hold on the same value, for another tree; neither may change it then. */
struct json_value *json_value_share(const struct json_value *value);

/* Sets or replaces; members are written in the order they were first set. */
void json_value_set(struct json_value *object, const char *name,
    struct json_value *value);
void json_value_add(struct json_value *array, struct json_value *value);

/* One line, or indented over several; both without a line's end at the end. */
char *json_value_format(const struct json_value *value, bool indented);
/* One line with the members of every object sorted: equal when the values are. */
char *json_value_canonical(const struct json_value *value);
/* A member that comes twice, and anything after the value, is refused. */
must_check int json_value_parse(struct json_value **out, const char *text,
    size_t length, struct err *err);

enum json_kind {
	JSON_KIND_NULL, JSON_KIND_BOOL, JSON_KIND_INT, JSON_KIND_REAL,
	JSON_KIND_TEXT, JSON_KIND_ARRAY, JSON_KIND_OBJECT,
};

/* NULL is a JSON_KIND_NULL. */
enum json_kind json_value_kind(const struct json_value *value);
/* Calls `each` for every member in their order; it must not change the object. */
void json_value_each(const struct json_value *object,
    void (*each)(const char *name, const struct json_value *value, void *arg),
    void *arg);
/* Of an object; NULL when there is no such member. */
const struct json_value *json_value_find(const struct json_value *object,
    const char *name);
/* Elements of an array or members of an object, else 0. */
size_t json_value_count(const struct json_value *value);
/* NULL behind the end. */
const struct json_value *json_value_at(const struct json_value *array,
    size_t index);
/* NULL when it is no text. */
const char *json_value_get_text(const struct json_value *value);
int64_t json_value_get_int(const struct json_value *value, int64_t if_none);
/* Of a whole or a real number. */
double json_value_get_real(const struct json_value *value, double if_none);
bool json_value_get_bool(const struct json_value *value, bool if_none);

#endif
