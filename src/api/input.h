/*
 * input.h - path, query and body of a request, read by the table.
 *
 * Inside the room only. All of it becomes one flat JSON object, which the database's
 * function of the route gets; a name stands once in a route, wherever it stands.
 *
 * Ownership: the caller frees what it gets with json_value_free().
 * Errors:    a value of the request, so not an error: the problem to answer with.
 */
#ifndef KG_API_INPUT_H
#define KG_API_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "api/problem.h"
#include "api/route.h"
#include "json/value.h"

struct api_sent {
	const struct api_match	*match;		/* with a route */
	const char		*query;		/* "" when there is none */
	const char		*body;		/* may be NULL when it is empty */
	size_t			 body_length;
	const char		*content_type;	/* or NULL */
	bool			 in_danish;
};

struct api_refusal {
	enum api_problem	 problem;
	struct json_value	*details;	/* or NULL */
};

/* 0 and *out, or -1 and *refusal. */
must_check int api_input_read(struct json_value **out,
    struct api_refusal *refusal, const struct api_sent *sent);

#endif
