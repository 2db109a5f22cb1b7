#include "web/web.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "web/guard.h"
#include "web/visit.h"

static const struct web_route style_route = { "", 0, visit_style, NULL };

/* Named after its bytes, so that it may be kept for ever under that name. */
static void
style_make(struct web *web)
{
	struct out out = OUT_INIT;
	size_t length;

	style_kattegat(&out);
	length = out.buf.length;
	web->style_path = xasprintf("/static/kattegat.%016" PRIx64 ".css",
	    hash_bytes(out.buf.data, length));
	web->style = http_body_new(buf_take(&out.buf), length);
}

/* As browsers write it: lower case, without the port that is meant anyway. */
static char *
origin_of(const char *base_url)
{
	char *origin = xstrdup(base_url);

	text_lower_ascii(origin);
	if (text_ends(origin, ":443"))
		origin[strlen(origin) - strlen(":443")] = '\0';
	return origin;
}

struct web *
web_new(struct loop *loop, struct pg_pool *pool,
    const struct web_options *options)
{
	struct web *web = xcalloc(1, sizeof(*web));
	const char *host = options->base_url;

	(void)loop;		/* no page has a timer */
	if (text_starts(host, "https://"))
		host += strlen("https://");
	web->pool = pool;
	web->generations = options->generations;
	web->sign = options->sign;
	web->limit_ms = options->limit_ms;
	web->https = xstrdup(options->base_url);
	web->origin = origin_of(options->base_url);
	web->webcal = xasprintf("webcal://%s", host);
	style_make(web);
	return web;
}

void
web_free(struct web *web)
{
	if (web == NULL)
		return;
	while (web->visits != NULL) {
		http_request_set_note(web->visits->request, NULL);
		visit_detach(web->visits);
	}
	http_body_unref(web->style);
	free(web->style_path);
	free(web->webcal);
	free(web->https);
	free(web->origin);
	free(web);
}

const char *
web_style_path(const struct web *web)
{
	return web->style_path;
}

/* Whether it is the route's path; *segments are then where each {} was. */
static bool
path_fits(const char *pattern, const char *path,
    const char *segments[VISIT_SEGMENTS_MOST])
{
	int n = 0;

	memset(segments, 0, VISIT_SEGMENTS_MOST * sizeof(*segments));
	while (*pattern != '\0') {
		if (*pattern == '{') {
			if (*path == '\0' || *path == '/')
				return false;
			assert(n < VISIT_SEGMENTS_MOST);
			segments[n++] = path;
			path += strcspn(path, "/");
			pattern = strchr(pattern, '}') + 1;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return *path == '\0';
}

/* NULL: there is none; the segments are then nothing. */
static const struct web_route *
route_of(const struct web *web, const char *path,
    const char *segments[VISIT_SEGMENTS_MOST])
{
	const struct web_route *route;

	for (route = web_routes; route->path != NULL; route++)
		if (path_fits(route->path, path, segments))
			return route;
	memset(segments, 0, VISIT_SEGMENTS_MOST * sizeof(*segments));
	return strcmp(path, web->style_path) == 0 ? &style_route : NULL;
}

static struct visit *
visit_of(struct web *web, struct http_request *request)
{
	const char *segments[VISIT_SEGMENTS_MOST];
	const struct web_route *route = route_of(web,
	    http_request_path(request), segments);
	struct visit *visit = visit_new(web, request, route);
	size_t k;

	for (k = 0; k < VISIT_SEGMENTS_MOST && segments[k] != NULL; k++)
		visit->segments[k] = xstrndup(segments[k],
		    strcspn(segments[k], "/"));
	return visit;
}

static const char *
allow_of(const struct web_route *route)
{
	if (route->get == NULL)
		return "Allow: POST\r\n";
	return route->post == NULL ? "Allow: GET, HEAD\r\n" :
	    "Allow: GET, HEAD, POST\r\n";
}

static void
not_allowed(struct visit *visit)
{
	const struct web_route *route = visit->route;

	visit_error(visit, 405, allow_of(route), route->get == NULL ?
	    page_only_sent : page_only_read);
}

void
web_request(struct web *web, struct http_request *request)
{
	enum http_method method = http_request_method(request);
	struct visit *visit = visit_of(web, request);
	const struct web_route *route = visit->route;
	void (*page)(struct visit *visit) = NULL;

	if (route == NULL) {
		visit_not_found(visit);
		return;
	}
	if (route->flags & WEB_SESSION)
		visit_read_cookie(visit);
	if (method == HTTP_GET || method == HTTP_HEAD)
		page = route->get;
	else if (method == HTTP_POST)
		page = route->post;
	if (page == NULL)
		not_allowed(visit);
	else if (method != HTTP_POST || guard_passes(visit))
		page(visit);
}

bool
web_refused(const struct web *web, const struct http_refusal *refusal,
    struct buf *fields, struct buf *body)
{
	static const struct {
		int		 status;
		view_error_fn	*page;
	} pages[] = {
		{ 408, page_too_slow }, { 413, page_too_large },
		{ 414, page_too_long }, { 431, page_head_too_large },
	};
	const struct view_frame frame = { .style_path = web->style_path };
	const char *segments[VISIT_SEGMENTS_MOST];
	const struct web_route *route = route_of(web, refusal->path, segments);
	view_error_fn *page = page_unreadable;
	struct out out = OUT_INIT;
	size_t i;

	for (i = 0; i < ARRAY_LEN(pages); i++) {
		if (pages[i].status == refusal->status)
			page = pages[i].page;
	}
	page(&out, &frame);
	visit_bare_fields(fields);
	if (refusal->status == 405 && route != NULL)
		buf_adds(fields, allow_of(route));
	buf_add(body, out.buf.data, out.buf.length);
	out_clear(&out);
	return true;
}

void
web_gone(struct web *web, struct http_request *request)
{
	struct visit *visit = http_request_note(request);

	(void)web;
	if (visit != NULL)
		visit_detach(visit);
}
