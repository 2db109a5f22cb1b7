#include "web/web.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "web/visit.h"

struct route {
	const char	*path;
	bool		 more;		/* one more segment follows */
	void		(*page)(struct visit *visit);
};

static const struct route routes[] = {
	{ "/", false, page_feeds_visit },
	{ "/kalendere", false, page_feeds_visit },
	{ "/s/", true, page_run_visit },
};

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
	web->limit_ms = options->limit_ms;
	web->https = xstrdup(options->base_url);
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
	free(web);
}

/* What the path holds behind the route, or NULL when it is another address. */
static const char *
route_rest(const struct route *route, const char *path)
{
	const char *rest = path + strlen(route->path);

	if (!text_starts(path, route->path))
		return NULL;
	if (route->more)
		return *rest != '\0' && strchr(rest, '/') == NULL ? rest : NULL;
	return *rest == '\0' ? rest : NULL;
}

void
web_request(struct web *web, struct http_request *request)
{
	enum http_method method = http_request_method(request);
	const char *path = http_request_path(request), *rest = "";
	void (*page)(struct visit *visit) = NULL;
	struct visit *visit;
	size_t i;

	if (strcmp(path, web->style_path) == 0)
		page = visit_style;
	for (i = 0; page == NULL && i < ARRAY_LEN(routes); i++) {
		rest = route_rest(&routes[i], path);
		if (rest != NULL)
			page = routes[i].page;
	}
	visit = visit_new(web, request, rest);
	if (page == NULL)
		visit_not_found(visit);
	else if (method != HTTP_GET && method != HTTP_HEAD)
		visit_not_allowed(visit);
	else
		page(visit);
}

void
web_gone(struct web *web, struct http_request *request)
{
	struct visit *visit = http_request_note(request);

	(void)web;
	if (visit != NULL)
		visit_detach(visit);
}
