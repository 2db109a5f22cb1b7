/*
 * web.h - answers every request that is neither feed nor API: the pages.
 *
 * The front of the room: takes a request, finds its page, answers it. A page is
 * one file, page_NAME.c, and one template; nothing is kept between requests but
 * the style sheet. A form reaches its page only past guard.h. One web a worker.
 *
 *	/  /kalendere		all open feeds
 *	/s/RUN_NO		one run, also when it is cancelled
 *	/log-ind		a link by mail; /log-ind/TOKEN uses it
 *	/log-ind/personale	mail and password; then /log-ind/kode
 *	/log-ind/invitation/TOKEN	an account, from the mail to the first code
 *	/log-ud			a session ends
 *	/konto			the own account: sessions, tokens, password
 *	/favicon.ico		an SVG
 *	/static/kattegat.HASH.css
 *
 * Units:     limits in milliseconds.
 * Ownership: web owns the requests it waits with. The pool, the loop and the
 *            generations must outlive the last answer of the database: free the
 *            pool before or after the web, both are right. Options are copied.
 * Errors:    an unknown address is 404, a method a page does not take 405, a form
 *            that is not ours 403, no answer from the database 503; each is a
 *            page.
 * Context:   the worker's loop only.
 */
#ifndef KG_WEB_WEB_H
#define KG_WEB_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "http/server.h"
#include "loop/loop.h"

struct generations;
struct pg_pool;
struct sign;
struct web;

struct web_options {
	const char	*base_url;	/* "https://host[:port]", no slash */
	int64_t		 limit_ms;	/* of a page's statement; 0: the pool's */
	struct generations *generations;	/* bumped by what pages change */
	struct sign	*sign;		/* must outlive the web */
};

struct web *web_new(struct loop *loop, struct pg_pool *pool,
    const struct web_options *options);
/* NULL is allowed. Requests that wait are forgotten, not answered. */
void web_free(struct web *web);
/* Of the style sheet; good as long as the web is. */
const char *web_style_path(const struct web *web);
void web_request(struct web *web, struct http_request *request);
void web_gone(struct web *web, struct http_request *request);
/* As http_handler.refused, of a path that may be a page's. */
bool web_refused(const struct web *web, const struct http_refusal *refusal,
    struct buf *fields, struct buf *body);

#endif
