/*
 * refused.c - what the server refuses before there is a request, as a problem.
 *
 * The path may be wrong or broken off, so no `instance` names it; nothing that was
 * sent is repeated.
 */
#include <stdlib.h>

#include "api/answer.h"
#include "api/call.h"
#include "api/head.h"

enum limit { NO_LIMIT, OF_LINE, OF_HEAD, OF_BODY };

/* Every status the server refuses with: parser.h, and 408. */
static const struct refused {
	int			 status;
	enum api_problem	 problem;
	enum limit		 limit;
} table[] = {
	{ 400, API_PROBLEM_MALFORMED_REQUEST, NO_LIMIT },
	{ 405, API_PROBLEM_METHOD, NO_LIMIT },
	{ 408, API_PROBLEM_TOO_SLOW, NO_LIMIT },
	{ 413, API_PROBLEM_BODY_TOO_LARGE, OF_BODY },
	{ 414, API_PROBLEM_ADDRESS_TOO_LONG, OF_LINE },
	{ 417, API_PROBLEM_NO_SUCH_EXPECTATION, NO_LIMIT },
	{ 421, API_PROBLEM_OTHER_HOST, NO_LIMIT },
	{ 431, API_PROBLEM_HEAD_TOO_LARGE, OF_HEAD },
	{ 505, API_PROBLEM_OTHER_VERSION_OF_HTTP, NO_LIMIT },
};

static const struct refused *
refused_find(int status)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(table); i++)
		if (table[i].status == status)
			return &table[i];
	return NULL;
}

static void
set_number(struct json_value *details, const char *name, int64_t number)
{
	json_value_set(details, name, json_value_int(number));
}

static struct json_value *
details_of(const struct http_refusal *refusal, enum limit limit,
    bool in_danish)
{
	const struct http_limits *limits = refusal->limits;
	struct json_value *details = json_value_object();
	char *reason = api_reason_told(in_danish, refusal->why);

	json_value_set(details, "reason", json_value_text(reason));
	free(reason);
	switch (limit) {
	case NO_LIMIT:
		break;
	case OF_LINE:
		set_number(details, "limit_bytes", limits->request_line_bytes);
		break;
	case OF_HEAD:
		set_number(details, "limit_bytes", limits->header_bytes);
		set_number(details, "limit_fields", limits->header_fields);
		break;
	case OF_BODY:
		set_number(details, "limit_bytes", limits->body_bytes);
		break;
	}
	return details;
}

static void
allow_add(struct buf *fields, const char *path)
{
	unsigned methods = api_call_methods(path);
	char *allow;

	if (methods == 0)
		return;
	allow = api_call_allow(methods);
	buf_adds(fields, allow);
	free(allow);
}

bool
api_refused(const struct api *api, const struct http_refusal *refusal,
    struct buf *fields, struct buf *body)
{
	const struct refused *refused = refused_find(refusal->status);
	struct api_problem_wish wish = {
		.in_danish = api_in_danish(refusal->language),
		.base_url = api->base_url,
	};
	char *document;

	if (refused == NULL)
		return false;
	wish.problem = refused->problem;
	wish.details = details_of(refusal, refused->limit, wish.in_danish);
	document = api_problem_document(&wish);
	buf_adds(body, document);
	free(document);
	buf_adds(fields, "Content-Type: " API_PROBLEM_TYPE "\r\n");
	api_answer_fields(fields, NULL);
	api_answer_language(fields, wish.in_danish);
	if (refusal->status == 405)
		allow_add(fields, refusal->path);
	return true;
}
