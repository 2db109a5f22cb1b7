#include "json/value.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* A struct json_value is a json_t under another name; nobody looks inside. */
static json_t *
inside(const struct json_value *value)
{
	return (json_t *)(uintptr_t)value;
}

/* Memory is always there (base/mem.h), so a new value is never NULL. */
static struct json_value *
made(json_t *value)
{
	assert(value != NULL);
	return (struct json_value *)value;
}

/* Whatever a tree held may have been a secret; it says how long no text was. */
static void
wipe(void *memory)
{
	if (memory != NULL)
		explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}

static void
use_our_memory(void)
{
	json_set_alloc_funcs(xmalloc, wipe);
}

struct json_value *
json_value_object(void)
{
	use_our_memory();
	return made(json_object());
}

struct json_value *
json_value_array(void)
{
	use_our_memory();
	return made(json_array());
}

struct json_value *
json_value_null(void)
{
	return made(json_null());
}

struct json_value *
json_value_bool(bool value)
{
	return made(json_boolean(value));
}

struct json_value *
json_value_int(int64_t value)
{
	use_our_memory();
	return made(json_integer(value));
}

/* Letters would let strtod() take "nan" and "0x10", which JSON cannot say. */
static bool
number_form(const char *text)
{
	return *text != '\0' && text[strspn(text, "+-.0123456789eE")] == '\0';
}

struct json_value *
json_value_number(const char *text)
{
	int64_t whole;
	double real;
	char *end;

	if (text_int(&whole, text, INT64_MIN, INT64_MAX) == 0)
		return json_value_int(whole);
	errno = 0;
	real = strtod(text, &end);
	if (!number_form(text) || *end != '\0' || errno != 0)
		return json_value_text(text);
	use_our_memory();
	return made(json_real(real));
}

struct json_value *
json_value_text(const char *text)
{
	use_our_memory();
	return made(json_string(text));
}

struct json_value *
json_value_share(const struct json_value *value)
{
	return made(json_incref(inside(value)));
}

void
json_value_free(struct json_value *value)
{
	json_decref(inside(value));
}

void
json_value_set(struct json_value *object, const char *name,
    struct json_value *value)
{
	int rc = json_object_set_new(inside(object), name, inside(value));

	assert(rc == 0);
	(void)rc;
}

void
json_value_add(struct json_value *array, struct json_value *value)
{
	int rc = json_array_append_new(inside(array), inside(value));

	assert(rc == 0);
	(void)rc;
}

static char *
written(const struct json_value *value, size_t how)
{
	char *text;

	use_our_memory();
	/* 15 digits bring a decimal back as it was written: 55.67594. */
	text = json_dumps(inside(value), how | JSON_ENCODE_ANY |
	    JSON_REAL_PRECISION(15));
	assert(text != NULL);
	return text;
}

char *
json_value_format(const struct json_value *value, bool indented)
{
	return written(value, indented ? JSON_INDENT(2) : JSON_COMPACT);
}

char *
json_value_canonical(const struct json_value *value)
{
	return written(value, JSON_COMPACT | JSON_SORT_KEYS);
}

/* Whether brackets are nested no deeper than they may be. */
static bool
depth_ok(const char *text, size_t length)
{
	bool quoted = false;
	int depth = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (text[i] == '[' || text[i] == '{')
			depth++;
		else if (text[i] == ']' || text[i] == '}')
			depth--;
		if (depth > JSON_VALUE_DEPTH_MOST)
			return false;
	}
	return true;
}

int
json_value_parse(struct json_value **out, const char *text, size_t length,
    struct err *err)
{
	json_error_t wrong;
	json_t *value;

	if (length > JSON_VALUE_BYTES_MOST)
		return err_set(err, "JSON of %zu bytes; %d are the most", length,
		    JSON_VALUE_BYTES_MOST);
	if (!depth_ok(text, length))
		return err_set(err, "JSON nested deeper than %d",
		    JSON_VALUE_DEPTH_MOST);
	use_our_memory();
	value = json_loadb(text, length,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &wrong);
	if (value == NULL)
		return err_set(err, "JSON, line %d, column %d: %s", wrong.line,
		    wrong.column, wrong.text);
	*out = made(value);
	return 0;
}

enum json_kind
json_value_kind(const struct json_value *value)
{
	static const enum json_kind kinds[] = {
		[JSON_OBJECT] = JSON_KIND_OBJECT, [JSON_ARRAY] = JSON_KIND_ARRAY,
		[JSON_STRING] = JSON_KIND_TEXT, [JSON_INTEGER] = JSON_KIND_INT,
		[JSON_REAL] = JSON_KIND_REAL, [JSON_TRUE] = JSON_KIND_BOOL,
		[JSON_FALSE] = JSON_KIND_BOOL, [JSON_NULL] = JSON_KIND_NULL,
	};

	return value == NULL ? JSON_KIND_NULL :
	    kinds[json_typeof(inside(value))];
}

void
json_value_each(const struct json_value *object,
    void (*each)(const char *name, const struct json_value *value, void *arg),
    void *arg)
{
	const char *name;
	json_t *value;

	json_object_foreach(inside(object), name, value)
		each(name, (const struct json_value *)value, arg);
}

const struct json_value *
json_value_find(const struct json_value *object, const char *name)
{
	/* json_object_get() answers NULL for what is no object. */
	return (const struct json_value *)json_object_get(inside(object), name);
}

size_t
json_value_count(const struct json_value *value)
{
	if (json_is_object(inside(value)))
		return json_object_size(inside(value));
	return json_array_size(inside(value));
}

const struct json_value *
json_value_at(const struct json_value *array, size_t index)
{
	return (const struct json_value *)json_array_get(inside(array), index);
}

const char *
json_value_get_text(const struct json_value *value)
{
	return json_string_value(inside(value));
}

int64_t
json_value_get_int(const struct json_value *value, int64_t if_none)
{
	if (!json_is_integer(inside(value)))
		return if_none;
	return json_integer_value(inside(value));
}

double
json_value_get_real(const struct json_value *value, double if_none)
{
	if (!json_is_number(inside(value)))
		return if_none;
	return json_number_value(inside(value));
}

bool
json_value_get_bool(const struct json_value *value, bool if_none)
{
	if (!json_is_boolean(inside(value)))
		return if_none;
	return json_boolean_value(inside(value));
}
