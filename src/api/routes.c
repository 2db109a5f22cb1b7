#include "api/route.h"

#include <string.h>

#include "base/mem.h"

const struct api_route *const api_topics[] = {
	api_routes_places, api_routes_bookings, api_routes_runs,
	api_routes_journal, api_routes_accounts, api_routes_openapi, NULL
};

const struct api_field *
api_field_find(const struct api_field *fields, const char *name, size_t length)
{
	const struct api_field *field;

	for (field = fields; field != NULL && field->name != NULL; field++)
		if (strncmp(field->name, name, length) == 0 &&
		    field->name[length] == '\0')
			return field;
	return NULL;
}

struct api_span
api_route_name(const struct api_route *route, int nth)
{
	struct api_span span = { NULL, 0 };
	const char *p = route->path;

	while ((p = strchr(p, '{')) != NULL) {
		p++;
		if (nth-- > 0)
			continue;
		span.at = p;
		span.length = strcspn(p, "}");
		break;
	}
	return span;
}

/* Whether a path fits a pattern; its values go to `value`. */
static bool
fits(struct api_span *value, const char *pattern, const char *path)
{
	size_t length;

	while (*pattern != '\0') {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		length = strcspn(path, "/");
		if (length == 0)
			return false;
		value->at = path;
		value->length = length;
		value++;
		path += length;
		pattern += strcspn(pattern, "}") + 1;
	}
	return *path == '\0';
}

/*
 * A pattern without {names} wins: /rooms/free is not the room "free". In the tables
 * it comes first, which a test holds.
 */
void
api_route_match(struct api_match *out, enum http_method method,
    const char *path)
{
	struct api_span value[API_PATH_VALUES_MOST] = { { NULL, 0 } };
	const struct api_route *const *topic, *route;
	const char *pattern = NULL;

	memset(out, 0, sizeof(*out));
	if (method == HTTP_HEAD)
		method = HTTP_GET;
	for (topic = api_topics; *topic != NULL; topic++) {
		for (route = *topic; route->name != NULL; route++) {
			if (pattern != NULL ?
			    strcmp(pattern, route->path) != 0 :
			    !fits(value, route->path, path))
				continue;
			pattern = route->path;
			out->methods |= 1u << route->method;
			if (route->method != method)
				continue;
			out->route = route;
			memcpy(out->value, value, sizeof(value));
		}
	}
}

int
api_field_many(const struct api_field *field)
{
	return field->many_most > 0 ? field->many_most : API_MANY_MOST;
}
