#include "api/call.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "api/head.h"
#include "api/input.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

static const char prefix[] = "/api/v1";

static const char *const method_names[] = {
	[HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD", [HTTP_POST] = "POST",
	[HTTP_PUT] = "PUT", [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
	[HTTP_OPTIONS] = "OPTIONS", [HTTP_OTHER] = "",
};

/* ---- life ---- */

static struct api_call *
call_new(struct api *api, struct http_request *request)
{
	struct api_call *call = xcalloc(1, sizeof(*call));
	enum http_method method = http_request_method(request);

	call->api = api;
	call->generations = api->generations;
	call->request = request;
	call->writes = method != HTTP_GET && method != HTTP_HEAD;
	call->in_danish = api_in_danish(http_request_field(request,
	    "accept-language"));
	call->next = api->calls;
	call->link = &api->calls;
	if (call->next != NULL)
		call->next->link = &call->next;
	api->calls = call;
	http_request_set_note(request, call);
	return call;
}

void
api_call_detach(struct api_call *call)
{
	if (call->api == NULL)
		return;
	*call->link = call->next;
	if (call->next != NULL)
		call->next->link = call->link;
	call->api = NULL;
	call->request = NULL;
}

static void
call_free(struct api_call *call)
{
	json_value_free(call->input);
	free(call->key);
	free(call->if_match);
	explicit_bzero(call->bearer_hex, sizeof(call->bearer_hex));
	free(call);
}

bool
api_call_goes_on(struct api_call *call)
{
	if (call->request != NULL)
		return true;
	call_free(call);
	return false;
}

void
api_call_end(struct api_call *call, const struct api_answer *answer)
{
	struct http_request *request = call->request;

	assert(request != NULL);
	api_call_detach(call);
	http_request_set_note(request, NULL);
	api_answer_send(request, answer);
	call_free(call);
}

/* ---- the head ---- */

static void
problem_header(struct api_call *call, const char *header,
    const char *form)
{
	struct json_value *details = json_value_object();
	char *told = api_reason_told(call->in_danish, form);

	json_value_set(details, "header", json_value_text(header));
	json_value_set(details, "form", json_value_text(told));
	free(told);
	api_call_problem(call, API_PROBLEM_MALFORMED_HEADER, details);
}

static bool
bearer_read(struct api_call *call)
{
	const char *token = NULL;

	switch (api_bearer_read(&token, http_request_field(call->request,
	    "authorization"))) {
	case API_BEARER_TOKEN:
		secret_sha256_hex(call->bearer_hex, token, strlen(token));
		call->signed_in = true;
		return true;
	case API_BEARER_NONE:
		if (call->route->flags & API_PUBLIC)
			return true;
		break;
	case API_BEARER_MALFORMED:
		call->signed_in = true;
		break;
	}
	api_call_problem(call, API_PROBLEM_NOT_SIGNED_IN, NULL);
	return false;
}

static bool
precondition_read(struct api_call *call)
{
	if ((call->route->flags & API_IF_MATCH) == 0)
		return true;
	switch (api_if_match_read(&call->expected_version, &call->if_match,
	    http_request_field(call->request, "if-match"))) {
	case API_PRECONDITION_VERSION:
		return true;
	case API_PRECONDITION_NONE:
	case API_PRECONDITION_ANY:
		api_call_problem(call, API_PROBLEM_NEEDS_VERSION, NULL);
		return false;
	case API_PRECONDITION_NEVER:
		api_call_problem(call, API_PROBLEM_OTHER_VERSION, NULL);
		return false;
	case API_PRECONDITION_MALFORMED:
		break;
	}
	problem_header(call, "If-Match", "an entity tag, \"3\"");
	return false;
}

static bool
key_read(struct api_call *call)
{
	const char *key = http_request_field(call->request, "idempotency-key");

	if (key == NULL || (call->route->flags & API_KEYED) == 0)
		return true;
	if (!api_key_ok(key)) {
		problem_header(call, "Idempotency-Key",
		    "8 to 200 visible ASCII characters");
		return false;
	}
	call->key = xstrdup(key);
	return true;
}

/* What is read here is read from the primary, so that it is never too old. */
static bool
min_version_read(struct api_call *call)
{
	const char *xid = http_request_field(call->request,
	    "kattegat-min-version");

	if (xid == NULL || api_xid_ok(xid))
		return true;
	problem_header(call, "Kattegat-Min-Version", "a decimal number");
	return false;
}

static bool
input_read(struct api_call *call, const struct api_match *match)
{
	struct http_request *request = call->request;
	struct api_sent sent = {
		.match = match, .query = http_request_query(request),
		.in_danish = call->in_danish,
	};
	struct api_refusal refusal;

	/* What is packed is not JSON. */
	if (http_request_field(request, "content-encoding") == NULL)
		sent.content_type = http_request_field(request,
		    "content-type");
	sent.body = http_request_body(request, &sent.body_length);
	if (api_input_read(&call->input, &refusal, &sent) == 0)
		return true;
	api_call_problem(call, refusal.problem, refusal.details);
	return false;
}

/* ---- the database ---- */

/* Over method, path and all input, in one order. */
static void
request_hash(char hex[STORE_API_HASH_HEX + 1], const struct api_call *call,
    const char *input)
{
	struct buf all = BUF_INIT;

	buf_addf(&all, "%s %s\n%s",
	    method_names[http_request_method(call->request)],
	    http_request_path(call->request), input);
	secret_sha256_hex(hex, all.data, all.length);
	buf_clear(&all);
}

/* What was committed is told to all processes before anybody hears of it. */
static void
database_said(const struct store_api_answer *answer, void *arg)
{
	struct api_call *call = arg;

	if (answer->result == STORE_API_DONE && answer->scopes != NULL &&
	    *answer->scopes != '\0')
		generations_bump(call->generations, answer->scopes);
	if (api_call_goes_on(call))
		api_call_settle(call, answer);
}

static void
ask(struct api_call *call)
{
	char hash[STORE_API_HASH_HEX + 1];
	char *text;
	struct store_api_wish wish = {
		.route = call->route->name, .key = call->key,
		.bearer_hex = call->signed_in ? call->bearer_hex : NULL,
		.expected_version = call->expected_version,
		.reads = !call->writes,
		.secret = (call->route->flags & API_GIVES_SECRET) != 0,
	};

	if (call->if_match != NULL)
		json_value_set(call->input, "if_match",
		    json_value_text(call->if_match));
	wish.input = text = json_value_canonical(call->input);
	if (call->key != NULL) {
		request_hash(hash, call, text);
		wish.request_hex = hash;
	}
	store_api_call(call->api->pool, &wish, call->api->limit_ms,
	    database_said, call);
	xforget(text);
}

/* ---- begin ---- */

char *
api_call_allow(unsigned methods)
{
	struct buf allow = BUF_INIT;
	int method;

	if (methods & 1u << HTTP_GET)
		methods |= 1u << HTTP_HEAD;
	methods |= 1u << HTTP_OPTIONS;
	for (method = 0; method < HTTP_OTHER; method++)
		if (methods & 1u << method)
			buf_addf(&allow, "%s%s", allow.length > 0 ? ", " :
			    "Allow: ", method_names[method]);
	buf_adds(&allow, "\r\n");
	return buf_take(&allow);
}

unsigned
api_call_methods(const char *path)
{
	struct api_match match = { .methods = 0 };

	if (api_page_owns(path))
		return 1u << HTTP_GET;
	if (text_starts(path, prefix))
		api_route_match(&match, HTTP_OTHER, path + strlen(prefix));
	return match.methods;
}

static void
other_method(struct api_call *call, unsigned methods)
{
	char *allow = api_call_allow(methods);

	if (http_request_method(call->request) == HTTP_OPTIONS)
		api_call_nothing(call, allow);
	else
		api_call_not_allowed(call, allow);
	free(allow);
}

void
api_call_begin(struct api *api, struct http_request *request)
{
	const char *path = http_request_path(request);
	struct api_call *call = call_new(api, request);
	struct api_match match = { .route = NULL };

	if (api_page_owns(path)) {
		if (call->writes)
			other_method(call, 1u << HTTP_GET);
		else
			api_page_begin(call);
		return;
	}
	if (text_starts(path, prefix))
		api_route_match(&match, http_request_method(request),
		    path + strlen(prefix));
	call->route = match.route;
	if (match.methods == 0) {
		api_call_problem(call, API_PROBLEM_NO_SUCH_ADDRESS, NULL);
		return;
	}
	if (call->route == NULL) {
		other_method(call, match.methods);
		return;
	}
	if (!bearer_read(call) || !precondition_read(call) ||
	    !key_read(call) || !min_version_read(call) ||
	    !input_read(call, &match))
		return;
	if (call->route->handler != NULL)
		call->route->handler(call);
	else
		ask(call);
}
