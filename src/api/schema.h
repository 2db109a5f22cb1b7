/*
 * schema.h - fields and objects of the table as JSON Schema (2020-12).
 *
 * Inside the room only.
 *
 * Ownership: what is made is the caller's; a list of objects is the caller's storage.
 */
#ifndef KG_API_SCHEMA_H
#define KG_API_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "api/route.h"
#include "json/value.h"

/* Objects that schemas have referred to. */
enum { API_OBJECTS_MOST = 64 };

struct api_objects {
	size_t	count;
	struct {
		const struct api_object	*object;
		bool			 in_answer;
	} at[API_OBJECTS_MOST];
};

/* {"$ref": "#/components/schemas/NAME"}; the object joins the list. */
struct json_value *api_schema_ref(struct api_objects *objects,
    const struct api_object *object, bool in_answer);
struct json_value *api_schema_field(struct api_objects *objects,
    const struct api_field *field, bool in_answer);
/* Of all fields that stand in a body. What is sent may hold nothing else. */
struct json_value *api_schema_object(struct api_objects *objects,
    const struct api_field *fields, bool in_answer);
/* What a route answers. */
struct json_value *api_schema_answer(struct api_objects *objects,
    const struct api_route *route);

#endif
