#include "api/openapi.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/call.h"
#include "api/schema.h"
#include "api/table.h"
#include "base/hash.h"
#include "base/mem.h"

static void openapi_asked(struct api_call *call);

static const char *const topic_names[] = {
	"places", "bookings", "runs", "journal", "accounts", "openapi",
};

static const char *const method_words[] = {
	[HTTP_GET] = "get", [HTTP_HEAD] = "head", [HTTP_POST] = "post",
	[HTTP_PUT] = "put", [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete",
	[HTTP_OPTIONS] = "options", [HTTP_OTHER] = "",
};

/*
 * By what a route is and takes, how it may be refused; those of refused.c come before
 * it is known which route is meant, so they stand at each.
 */
static const struct {
	int	status;
	int	if_flags;	/* one of them; 0: always */
	int	but_flags;	/* and none of these */
} refusals[] = {
	{ 400, 0, 0 },
	{ 401, 0, 0 },
	{ 403, 0, API_PUBLIC },
	{ 404, 0, 0 },
	{ 408, 0, 0 },
	{ 409, API_CONFLICT, 0 },
	{ 412, API_IF_MATCH, 0 },
	{ 413, 0, 0 },
	{ 414, 0, 0 },
	{ 415, 0, 0 },
	{ 417, 0, 0 },
	{ 421, 0, 0 },
	{ 422, 0, 0 },
	{ 428, API_IF_MATCH, 0 },
	{ 429, 0, 0 },
	{ 431, 0, 0 },
	{ 500, 0, 0 },
	{ 503, 0, 0 },
	{ 505, 0, 0 },
};

static void
set_text(struct json_value *object, const char *name, const char *text)
{
	json_value_set(object, name, json_value_text(text));
}

/* {name: value} */
static struct json_value *
one(const char *name, struct json_value *value)
{
	struct json_value *object = json_value_object();

	json_value_set(object, name, value);
	return object;
}

static struct json_value *
one_text(const char *name, const char *text)
{
	return one(name, json_value_text(text));
}

/* ---- what a request holds ---- */

static struct json_value *
parameter(struct api_objects *objects, const struct api_field *field)
{
	struct json_value *out = json_value_object();

	set_text(out, "name", field->name);
	set_text(out, "in", field->where == API_PATH ? "path" : "query");
	if (field->flags & API_NEEDED)
		json_value_set(out, "required", json_value_bool(true));
	if (field->flags & API_MANY) {
		set_text(out, "style", "form");
		json_value_set(out, "explode", json_value_bool(false));
	}
	json_value_set(out, "schema", api_schema_field(objects, field, false));
	return out;
}

static struct json_value *
parameters(struct api_objects *objects, const struct api_route *route)
{
	struct json_value *out = json_value_array();
	const struct api_field *field = route->fields;

	for (; field != NULL && field->name != NULL; field++)
		if (field->where != API_BODY)
			json_value_add(out, parameter(objects, field));
	if (route->flags & API_IF_MATCH)
		json_value_add(out, one_text("$ref",
		    "#/components/parameters/IfMatch"));
	if (route->flags & API_KEYED)
		json_value_add(out, one_text("$ref",
		    "#/components/parameters/IdempotencyKey"));
	json_value_add(out, one_text("$ref",
	    "#/components/parameters/AcceptLanguage"));
	return out;
}

/* NULL when nothing of the route stands in a body. */
static struct json_value *
request_body(struct api_objects *objects, const struct api_route *route)
{
	const struct api_field *field = route->fields;
	bool any = false, needed = (route->flags & API_BODIED) != 0;
	struct json_value *out;

	for (; field != NULL && field->name != NULL; field++) {
		any = any || field->where == API_BODY;
		needed = needed || (field->where == API_BODY &&
		    field->flags & API_NEEDED);
	}
	if (!any)
		return NULL;
	out = json_value_object();
	json_value_set(out, "required", json_value_bool(needed));
	json_value_set(out, "content", one("application/json", one("schema",
	    api_schema_object(objects, route->fields, false))));
	return out;
}

/* ---- what is answered ---- */

static struct json_value *
header_ref(const char *name)
{
	char *ref = xasprintf("#/components/headers/%s", name);
	struct json_value *out = one_text("$ref", ref);

	free(ref);
	return out;
}

static struct json_value *
answer(struct api_objects *objects, const struct api_route *route)
{
	struct json_value *out = one_text("description",
	    route->flags & API_GIVES_SECRET ?
	    "done; the secret in it is shown this once" : "done");
	struct json_value *headers = json_value_object();
	bool of_one = (route->flags & API_OR_ITEMS) != 0;

	/* the document itself is not of the database */
	if (route->handler != openapi_asked)
		json_value_set(headers, "Kattegat-Version",
		    header_ref("KattegatVersion"));
	if (route->flags & API_VERSIONED)
		json_value_set(headers, "ETag", header_ref(of_one ?
		    "ETagOfOne" : "ETag"));
	if (route->status == 201)
		json_value_set(headers, "Location", header_ref(of_one ?
		    "LocationOfOne" : "Location"));
	json_value_set(out, "headers", headers);
	if (route->status != 204)
		json_value_set(out, "content", one("application/json",
		    one("schema", api_schema_answer(objects, route))));
	return out;
}

static struct json_value *
answers(struct api_objects *objects, const struct api_route *route)
{
	struct json_value *out = json_value_object();
	char status[12];
	size_t i;

	snprintf(status, sizeof(status), "%d", route->status);
	json_value_set(out, status, answer(objects, route));
	if (route->flags & API_VERSIONED && route->method == HTTP_GET)
		json_value_set(out, "304", one_text("description",
		    "it is as If-None-Match says"));
	for (i = 0; i < ARRAY_LEN(refusals); i++) {
		if ((refusals[i].if_flags != 0 &&
		    (route->flags & refusals[i].if_flags) == 0) ||
		    route->flags & refusals[i].but_flags)
			continue;
		snprintf(status, sizeof(status), "%d", refusals[i].status);
		json_value_set(out, status, one_text("$ref",
		    "#/components/responses/Problem"));
	}
	return out;
}

/* ---- operations by path ---- */

static struct json_value *
operation(struct api_objects *objects, const struct api_route *route,
    const char *topic)
{
	struct json_value *out = json_value_object();
	struct json_value *tags = json_value_array();
	struct json_value *body = request_body(objects, route);

	set_text(out, "operationId", route->name);
	set_text(out, "summary", route->summary);
	json_value_add(tags, json_value_text(topic));
	json_value_set(out, "tags", tags);
	json_value_set(out, "parameters", parameters(objects, route));
	if (body != NULL)
		json_value_set(out, "requestBody", body);
	json_value_set(out, "responses", answers(objects, route));
	if (route->flags & API_PUBLIC)
		json_value_set(out, "security", json_value_array());
	return out;
}

/* All routes of a path; they stand in one topic. */
static struct json_value *
path_item(struct api_objects *objects, const struct api_route *routes,
    const char *path, const char *topic)
{
	struct json_value *out = json_value_object();
	const struct api_route *route;

	for (route = routes; route->name != NULL; route++)
		if (strcmp(route->path, path) == 0)
			json_value_set(out, method_words[route->method],
			    operation(objects, route, topic));
	return out;
}

static struct json_value *
paths(struct api_objects *objects)
{
	struct json_value *out = json_value_object();
	const struct api_route *route;
	size_t i;

	for (i = 0; api_topics[i] != NULL; i++)
		for (route = api_topics[i]; route->name != NULL; route++)
			if (json_value_find(out, route->path) == NULL)
				json_value_set(out, route->path,
				    path_item(objects, api_topics[i],
				    route->path, topic_names[i]));
	return out;
}

/* ---- components ---- */

static struct json_value *
header_parameter(const char *name, bool needed, const char *pattern,
    const char *description)
{
	struct json_value *out = json_value_object();
	struct json_value *schema = one_text("type", "string");

	set_text(out, "name", name);
	set_text(out, "in", "header");
	json_value_set(out, "required", json_value_bool(needed));
	set_text(out, "description", description);
	if (pattern != NULL)
		set_text(schema, "pattern", pattern);
	json_value_set(out, "schema", schema);
	return out;
}

/* A version; of who is not told all of the thing with a mark behind. */
#define TAG	"\"[1-9][0-9]{0,9}(-[0-9a-f]{8})?\""

static struct json_value *
component_parameters(void)
{
	struct json_value *out = json_value_object();

	json_value_set(out, "IfMatch", header_parameter("If-Match", true,
	    "^" TAG "( *, *" TAG ")*$",
	    "the ETag of the version that was read, or several"));
	json_value_set(out, "IdempotencyKey", header_parameter(
	    "Idempotency-Key", false, "^[!-~]{8,200}$",
	    "the same request again within 24 hours gets the same answer"));
	json_value_set(out, "AcceptLanguage", header_parameter(
	    "Accept-Language", false, NULL,
	    "problems are in Danish (da) or in English (en)"));
	return out;
}

static struct json_value *
header(const char *pattern, const char *description, bool needed)
{
	struct json_value *out = one_text("description", description);
	struct json_value *schema = one_text("type", "string");

	if (needed)
		json_value_set(out, "required", json_value_bool(true));

	if (pattern != NULL)
		set_text(schema, "pattern", pattern);
	json_value_set(out, "schema", schema);
	return out;
}

static struct json_value *
component_headers(void)
{
	static const char version[] = "^" TAG "$";
	struct json_value *out = json_value_object();

	json_value_set(out, "ETag", header(version, "the version, for If-Match",
	    true));
	json_value_set(out, "ETagOfOne", header(version,
	    "the version, for If-Match, when the answer is one thing", false));
	json_value_set(out, "Location", header(NULL, "where it stands now",
	    true));
	json_value_set(out, "LocationOfOne", header(NULL,
	    "where it stands now, when the answer is one thing", false));
	json_value_set(out, "KattegatVersion", header(
	    "^[0-9]+(:[0-9]+:([0-9]+(,[0-9]+)*)?)?$",
	    "of a write its transaction, which a feed takes as "
	    "Kattegat-Min-Version; else the snapshot that was read", true));
	return out;
}

/* Objects may refer to further ones, which join the list while it is walked. */
static struct json_value *
component_schemas(struct api_objects *objects)
{
	struct json_value *out = json_value_object();
	size_t i;

	for (i = 0; i < objects->count; i++)
		json_value_set(out, objects->at[i].object->name,
		    api_schema_object(objects, objects->at[i].object->fields,
		    objects->at[i].in_answer));
	return out;
}

static struct json_value *
components(struct api_objects *objects)
{
	struct json_value *out = json_value_object();
	struct json_value *problem = one_text("description",
	    "refused; type says why");
	struct json_value *bearer = one_text("type", "http");

	set_text(bearer, "scheme", "bearer");
	json_value_set(problem, "content", one("application/problem+json",
	    one("schema", api_schema_ref(objects, &api_object_problem,
	    true))));
	json_value_set(out, "parameters", component_parameters());
	json_value_set(out, "headers", component_headers());
	json_value_set(out, "responses", one("Problem", problem));
	json_value_set(out, "securitySchemes", one("bearer", bearer));
	json_value_set(out, "schemas", component_schemas(objects));
	return out;
}

/* ---- the document ---- */

static struct json_value *
info(void)
{
	struct json_value *out = json_value_object();

	set_text(out, "title", "kattegat");
	set_text(out, "version", KG_VERSION);
	set_text(out, "description", "Rooms, bookings, runs and sessions of "
	    "Politikerakademiet. Times go in as the wall clock shows them in "
	    "Europe/Copenhagen and come out so and as instants.");
	return out;
}

char *
api_openapi_document(const char *base_url)
{
	struct api_objects objects = { .count = 0 };
	struct json_value *document = json_value_object();
	struct json_value *list = json_value_array();
	struct json_value *problems = json_value_object();
	char *url = xasprintf("%s/api/v1", base_url), *text;
	char *pages = xasprintf("%s/api/problems", base_url);

	set_text(document, "openapi", "3.1.0");
	json_value_set(document, "info", info());
	json_value_add(list, one_text("url", url));
	json_value_set(document, "servers", list);
	set_text(problems, "description", "Every type of problem");
	set_text(problems, "url", pages);
	json_value_set(document, "externalDocs", problems);
	json_value_set(document, "paths", paths(&objects));
	json_value_set(document, "components", components(&objects));
	list = json_value_array();
	json_value_add(list, one("bearer", json_value_array()));
	json_value_set(document, "security", list);
	text = json_value_format(document, false);
	json_value_free(document);
	free(pages);
	free(url);
	return text;
}

/* ---- its route ---- */

/* Made when it is first asked for; the table does not change. */
static void
openapi_asked(struct api_call *call)
{
	struct api *api = call->api;
	char *text;

	if (api->openapi == NULL) {
		text = api_openapi_document(api->base_url);
		snprintf(api->openapi_etag, sizeof(api->openapi_etag),
		    "\"%016" PRIx64 "\"", hash_text(text));
		api->openapi = http_body_new(text, strlen(text));
	}
	api_call_file(call, api->openapi, api->openapi_etag,
	    "Cache-Control: public, no-cache\r\n");
}

const struct api_route api_routes_openapi[] = {
	{ "openapi", HTTP_GET, "/openapi.json", API_PUBLIC, 200, NULL, NULL,
	    "This document", openapi_asked },
	{ .name = NULL }
};
