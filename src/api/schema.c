#include "api/schema.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

struct json_value *
api_schema_ref(struct api_objects *objects, const struct api_object *object,
    bool in_answer)
{
	struct json_value *ref = json_value_object();
	char *text = xasprintf("#/components/schemas/%s", object->name);
	size_t i;

	json_value_set(ref, "$ref", json_value_text(text));
	free(text);
	for (i = 0; i < objects->count; i++)
		if (objects->at[i].object == object)
			return ref;
	assert(objects->count < API_OBJECTS_MOST);
	objects->at[objects->count].object = object;
	objects->at[objects->count++].in_answer = in_answer;
	return ref;
}

/* ["string", "null"] */
static struct json_value *
or_null(const char *type)
{
	struct json_value *types = json_value_array();

	json_value_add(types, json_value_text(type));
	json_value_add(types, json_value_text("null"));
	return types;
}

static struct json_value *
typed(const char *type, bool null)
{
	struct json_value *schema = json_value_object();

	json_value_set(schema, "type", null ? or_null(type) :
	    json_value_text(type));
	return schema;
}

static struct json_value *
formed(const char *name, const char *value, bool null)
{
	struct json_value *schema = typed("string", null);

	json_value_set(schema, name, json_value_text(value));
	return schema;
}

static struct json_value *
bounded(const struct api_field *field, const char *type, bool null)
{
	struct json_value *schema = typed(type, null);

	json_value_set(schema, "minimum", json_value_int(field->least));
	json_value_set(schema, "maximum", json_value_int(field->most));
	return schema;
}

static struct json_value *
of_text(const struct api_field *field, bool null)
{
	struct json_value *schema = typed("string", null);
	int64_t least = field->least;

	if (least == 0 && field->flags & API_NEEDED)
		least = 1;
	if (least > 0)
		json_value_set(schema, "minLength", json_value_int(least));
	json_value_set(schema, "maxLength", json_value_int(field->most));
	if (field->type == API_SECRET)
		json_value_set(schema, "format", json_value_text("password"));
	return schema;
}

static struct json_value *
of_word(const struct api_field *field, bool null)
{
	struct json_value *schema = typed("string", null);
	struct json_value *words = json_value_array();
	const char *const *word;

	for (word = field->words; *word != NULL; word++)
		json_value_add(words, json_value_text(*word));
	if (null)
		json_value_add(words, json_value_null());
	json_value_set(schema, "enum", words);
	return schema;
}

static struct json_value *
of_counts(bool null)
{
	struct json_value *schema = typed("object", null);
	struct json_value *count = typed("integer", false);

	json_value_set(count, "minimum", json_value_int(0));
	json_value_set(count, "maximum", json_value_int(10000));
	json_value_set(schema, "additionalProperties", count);
	return schema;
}

static struct json_value *
of_object(struct api_objects *objects, const struct api_field *field,
    bool null, bool in_answer)
{
	struct json_value *ref = api_schema_ref(objects, field->of, in_answer);
	struct json_value *schema, *any;

	if (!null)
		return ref;
	schema = json_value_object();
	any = json_value_array();
	json_value_add(any, ref);
	json_value_add(any, typed("null", false));
	json_value_set(schema, "anyOf", any);
	return schema;
}

static struct json_value *
of_one(struct api_objects *objects, const struct api_field *field, bool null,
    bool in_answer)
{
	switch (field->type) {
	case API_TEXT:
	case API_PROSE:
	case API_SECRET:
		return of_text(field, null);
	case API_INT:
		return bounded(field, "integer", null);
	case API_NUMBER:
		return bounded(field, "number", null);
	case API_BOOL:
		return typed("boolean", null);
	case API_WORD:
		return of_word(field, null);
	case API_DATE:
		return formed("format", "date", null);
	case API_HOUR:
		return formed("pattern", "^[0-9]{2}:[0-9]{2}$", null);
	case API_LOCAL:
		return formed("pattern",
		    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$", null);
	case API_MOMENT:
		return formed("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
		    "(T[0-9]{2}:[0-9]{2})?$", null);
	case API_INSTANT:
		return formed("format", "date-time", null);
	case API_WEEK:
		return formed("pattern", "^[0-9]{4}-W[0-9]{2}$", null);
	case API_COUNTS:
		return of_counts(null);
	case API_OBJECT:
		return of_object(objects, field, null, in_answer);
	case API_ANY:
		break;
	}
	return json_value_object();
}

struct json_value *
api_schema_field(struct api_objects *objects, const struct api_field *field,
    bool in_answer)
{
	bool null = (field->flags & API_NULL) != 0;
	struct json_value *schema;

	if (field->flags & API_MANY) {
		schema = typed("array", null);
		json_value_set(schema, "items", of_one(objects, field, false,
		    in_answer));
		if (!in_answer)
			json_value_set(schema, "maxItems",
			    json_value_int(api_field_many(field)));
	} else {
		schema = of_one(objects, field, null, in_answer);
	}
	if (field->summary != NULL)
		json_value_set(schema, "description",
		    json_value_text(field->summary));
	return schema;
}

struct json_value *
api_schema_object(struct api_objects *objects, const struct api_field *fields,
    bool in_answer)
{
	struct json_value *schema = typed("object", false);
	struct json_value *members = json_value_object();
	struct json_value *needed = json_value_array();
	const struct api_field *field;

	for (field = fields; field->name != NULL; field++) {
		if (field->where != API_BODY)
			continue;
		json_value_set(members, field->name, api_schema_field(objects,
		    field, in_answer));
		if (field->flags & API_NEEDED)
			json_value_add(needed, json_value_text(field->name));
	}
	json_value_set(schema, "properties", members);
	if (json_value_count(needed) > 0)
		json_value_set(schema, "required", needed);
	else
		json_value_free(needed);
	if (!in_answer)
		json_value_set(schema, "additionalProperties",
		    json_value_bool(false));
	return schema;
}

/* {"items": [...]}, a page of a list with "next". */
static struct json_value *
of_items(struct api_objects *objects, const struct api_object *object,
    bool is_page)
{
	struct json_value *schema = typed("object", false);
	struct json_value *members = json_value_object();
	struct json_value *items = typed("array", false);
	struct json_value *next = typed("string", true);
	struct json_value *needed = json_value_array();

	json_value_set(items, "items", api_schema_ref(objects, object, true));
	json_value_set(next, "description",
	    json_value_text("`cursor` of the next page; null: the last one"));
	json_value_set(members, "items", items);
	json_value_add(needed, json_value_text("items"));
	if (is_page) {
		json_value_set(members, "next", next);
		json_value_add(needed, json_value_text("next"));
	} else {
		json_value_free(next);
	}
	json_value_set(schema, "properties", members);
	json_value_set(schema, "required", needed);
	return schema;
}

struct json_value *
api_schema_answer(struct api_objects *objects, const struct api_route *route)
{
	struct json_value *schema, *any;

	if (route->answer == NULL)
		return json_value_object();
	if (route->flags & API_LIST)
		return of_items(objects, route->answer, true);
	if ((route->flags & API_OR_ITEMS) == 0)
		return api_schema_ref(objects, route->answer, true);
	schema = json_value_object();
	any = json_value_array();
	json_value_add(any, api_schema_ref(objects, route->answer, true));
	json_value_add(any, of_items(objects, route->answer, false));
	json_value_set(schema, "anyOf", any);
	return schema;
}
