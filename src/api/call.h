/*
 * call.h - one request, from its arrival to its answer.
 *
 *	api_request -> api_call_begin -> (the database) -> api_call_settle
 *
 * Inside the room only. A route with a handler gets the call after its input was
 * checked; it asks another part of the house and ends the call with one of the
 * answers. Before it goes on after waiting it asks api_call_goes_on().
 *
 * Ownership: a call is freed by its answer, or by api_call_goes_on() when nobody
 *            waits for one any more: `api` and `request` are NULL from when the
 *            client has gone or the api was freed. The call owns its input.
 * Context:   the worker's loop only.
 */
#ifndef KG_API_CALL_H
#define KG_API_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api.h"
#include "api/problem.h"
#include "api/route.h"
#include "json/value.h"
#include "secret/secret.h"
#include "store/api.h"

struct api {
	struct loop		*loop;
	struct pg_pool		*pool;
	struct generations	*generations;
	struct feed_strangers	*strangers;
	struct sign		*sign;
	char			*base_url;
	char			*style_path;	/* or NULL */
	int64_t			 limit_ms;
	struct http_body	*openapi;	/* NULL until it is asked for */
	char			 openapi_etag[24];	/* with its quotes */
	struct api_call		*calls;		/* under way */
	bool			 away;		/* the last answer was 503 */
};

struct api_answer;		/* answer.h */

/* Problems as pages (page.c): whether the path is one's, and the answer. */
bool api_page_owns(const char *path);
void api_page_begin(struct api_call *call);

struct api_call {
	struct api		*api;
	struct generations	*generations;	/* good when the api has gone too */
	struct http_request	*request;
	const struct api_route	*route;		/* NULL: none was found */
	bool			 writes;	/* neither GET nor HEAD */
	bool			 in_danish;
	bool			 signed_in;	/* bearer_hex is set */
	char			 bearer_hex[STORE_API_HASH_HEX + 1];
	int64_t			 expected_version;	/* 0: none */
	char			*if_match;	/* "{3,4}", or NULL */
	char			*key;		/* Idempotency-Key, or NULL */
	struct json_value	*input;		/* path, query and body: one object */
	struct api_call		*next, **link;	/* in api->calls */
};

void api_call_begin(struct api *api, struct http_request *request);
/* True when the client still waits; else the call has been freed. */
bool api_call_goes_on(struct api_call *call);
/* The client has gone or the api has: nothing more will be answered. */
void api_call_detach(struct api_call *call);

/* The answers; each ends the call, by api_call_end(). */
void api_call_end(struct api_call *call, const struct api_answer *answer);
/* What the database said: done or refused. */
void api_call_settle(struct api_call *call,
    const struct store_api_answer *answer);
/*
 * `details` joins the document and is taken over; NULL: none. A member
 * `retry_after`, in seconds, becomes a field too.
 */
void api_call_problem(struct api_call *call, enum api_problem problem,
    struct json_value *details);
/* TOO_MANY or BUSY, with Retry-After. */
void api_call_wait(struct api_call *call, enum api_problem problem,
    int64_t seconds);
/* A body that is there already; `caching` is the whole Cache-Control line. */
void api_call_file(struct api_call *call, struct http_body *body,
    const char *etag, const char *caching);
/* What an address takes, bits 1 << enum http_method; 0: there is none. */
unsigned api_call_methods(const char *path);
/* The whole Allow line; the caller frees it. */
char *api_call_allow(unsigned methods);
/* 405 with this Allow line. */
void api_call_not_allowed(struct api_call *call, const char *allow);
/* 204 with these whole field lines. */
void api_call_nothing(struct api_call *call, const char *fields);

#endif
