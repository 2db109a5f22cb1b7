/*
 * visit.h - one request for a page, from its arrival to its answer.
 *
 * Inside the room only. A page gets a visit, asks the database with it, hands the
 * result to visit_goes_on(), and ends the visit with visit_page().
 *
 * Ownership: a visit is freed by its answer, or by visit_goes_on() when nobody
 *            waits for one any more: `web` and `request` are NULL from when the
 *            visitor has gone or the web was freed.
 * Context:   the worker's loop only.
 */
#ifndef KG_WEB_VISIT_H
#define KG_WEB_VISIT_H

#include <stdbool.h>
#include <stddef.h>

#include "http/server.h"
#include "page/out.h"
#include "web/view.h"
#include "web/web.h"

struct web {
	struct pg_pool		*pool;
	int64_t			 limit_ms;
	char			*https;		/* "https://host[:port]" */
	char			*webcal;	/* "webcal://host[:port]" */
	char			*style_path;	/* "/static/kattegat.HASH.css" */
	struct http_body	*style;
	struct visit		*visits;	/* that wait for the database */
	bool			 away;		/* the last answer was 503 */
};

struct visit {
	struct web		*web;
	struct http_request	*request;
	const char		*rest;		/* of the path, behind the route */
	struct visit		*next, **link;	/* in web->visits */
};

struct visit *visit_new(struct web *web, struct http_request *request,
    const char *rest);
/*
 * What the database said: true when there is a page to show. When not, the visit
 * has been ended here: 404, 503, or nobody was there to read it.
 */
bool visit_goes_on(struct visit *visit, enum store_result result);
/* What every page's head needs. */
struct view_frame visit_frame(const struct visit *visit);

/* The answers. visit_page() takes over what `out` holds. */
void visit_page(struct visit *visit, struct out *out);
void visit_style(struct visit *visit);
void visit_not_found(struct visit *visit);
void visit_not_allowed(struct visit *visit);
/* The visitor has gone or the web has: nothing more will be answered. */
void visit_detach(struct visit *visit);

/* The pages; each takes a fresh visit and ends it. */
void page_feeds_visit(struct visit *visit);
void page_run_visit(struct visit *visit);

#endif
