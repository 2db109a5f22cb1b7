/*
 * api.h - answers every request under /api/: /api/v1/ and /api/problems.
 *
 * The front of the room: takes a request, finds its route in the table, reads its
 * input by the table, has the database decide, answers. One api a worker.
 *
 *	route.h     the table: what there is to ask, and what is answered
 *	input.h     path, query and body of a request, checked by the table
 *	call.h      one request from its arrival to its answer
 *	problem.h   refusals, in Danish and English
 *	openapi.h   the table as an OpenAPI document
 *	refused.c   what the server refuses before there is a request
 *	page.c      the pages that the types of problems lead to
 *
 * Units:     limits in milliseconds.
 * Ownership: the api owns the requests it waits with. The pool, the loop and the
 *            generations must outlive the last answer of the database: free the
 *            pool before or after the api, both are right. Options are copied.
 * Errors:    every refusal is a problem document (RFC 9457).
 * Context:   the worker's loop only.
 */
#ifndef KG_API_API_H
#define KG_API_API_H

#include <stdbool.h>
#include <stdint.h>

#include "feed/generations.h"
#include "http/server.h"
#include "loop/loop.h"

struct api;
struct pg_pool;
struct sign;

struct api_options {
	const char	*base_url;	/* "https://host[:port]", no slash */
	int64_t		 limit_ms;	/* of a route's statement; 0: the pool's */
	int64_t		 unknown_per_minute;	/* bearer tokens, per address */
	struct sign	*sign;		/* must outlive the api */
	const char	*style_path;	/* of the pages about problems; NULL: none */
};

struct api *api_new(struct loop *loop, struct pg_pool *pool,
    struct generations *generations, const struct api_options *options);
/* NULL is allowed. Requests that wait are forgotten, not answered. */
void api_free(struct api *api);
/* Whether a path is this room's: /api and all below. */
bool api_owns(const char *path);
void api_request(struct api *api, struct http_request *request);
void api_gone(struct api *api, struct http_request *request);
/* As http_handler.refused, of a path that is this room's. */
bool api_refused(const struct api *api, const struct http_refusal *refusal,
    struct buf *fields, struct buf *body);

#endif
