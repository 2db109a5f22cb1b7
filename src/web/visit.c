#include "web/visit.h"

#include <assert.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"

/* ui/guide.md section 2 and security.md, on every page. */
static const char page_fields[] =
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Language: da\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), microphone=(), geolocation=()\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

/* And on everything else that is answered here. */
static const char all_fields[] =
    "X-Content-Type-Options: nosniff\r\n"
    "Strict-Transport-Security: max-age=31536000\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

struct visit *
visit_new(struct web *web, struct http_request *request, const char *rest)
{
	struct visit *visit = xcalloc(1, sizeof(*visit));

	visit->web = web;
	visit->request = request;
	visit->rest = rest;
	visit->next = web->visits;
	visit->link = &web->visits;
	if (visit->next != NULL)
		visit->next->link = &visit->next;
	web->visits = visit;
	http_request_set_note(request, visit);
	return visit;
}

void
visit_detach(struct visit *visit)
{
	if (visit->web == NULL)
		return;
	*visit->link = visit->next;
	if (visit->next != NULL)
		visit->next->link = visit->link;
	visit->web = NULL;
	visit->request = NULL;
	visit->rest = NULL;
}

struct view_frame
visit_frame(const struct visit *visit)
{
	return (struct view_frame){ visit->web->style_path };
}

/* The one place where a request of this room is answered. */
static void
visit_end(struct visit *visit, int status, const char *fields,
    struct http_body *body)
{
	struct http_request *request = visit->request;
	struct http_answer answer = { .status = status, .body = body };
	struct buf head = BUF_INIT;

	assert(request != NULL);
	visit_detach(visit);
	free(visit);
	http_request_set_note(request, NULL);
	buf_addf(&head, "HTTP/1.1 %d %s\r\n%s%sContent-Length: %zu\r\n", status,
	    http_reason(status), fields, all_fields, body->length);
	answer.head = head.data;
	answer.head_length = head.length;
	http_answer(request, &answer);
	buf_clear(&head);
}

static void
visit_html(struct visit *visit, int status, const char *caching,
    struct out *out)
{
	size_t length = out->buf.length;
	struct http_body *body = http_body_new(buf_take(&out->buf), length);
	char *fields = xasprintf("%s%s", page_fields, caching);

	visit_end(visit, status, fields, body);
	http_body_unref(body);
	free(fields);
}

void
visit_page(struct visit *visit, struct out *out)
{
	visit_html(visit, 200, "Cache-Control: public, max-age=60\r\n", out);
}

void
visit_style(struct visit *visit)
{
	visit_end(visit, 200, "Content-Type: text/css; charset=utf-8\r\n"
	    "Cache-Control: public, max-age=31536000, immutable\r\n",
	    visit->web->style);
}

void
visit_not_found(struct visit *visit)
{
	struct view_frame frame = visit_frame(visit);
	struct out out = OUT_INIT;

	page_not_found(&out, &frame);
	visit_html(visit, 404, "Cache-Control: public, max-age=60\r\n", &out);
}

void
visit_not_allowed(struct visit *visit)
{
	struct view_frame frame = visit_frame(visit);
	struct out out = OUT_INIT;

	page_not_allowed(&out, &frame);
	visit_html(visit, 405, "Allow: GET, HEAD\r\n"
	    "Cache-Control: no-store\r\n", &out);
}

static void
visit_away(struct visit *visit)
{
	struct view_frame frame = visit_frame(visit);
	struct out out = OUT_INIT;

	page_away(&out, &frame);
	visit_html(visit, 503, "Retry-After: 60\r\n"
	    "Cache-Control: no-store\r\n", &out);
}

/* Said once, not at every visit: there may be thousands until it is back. */
static void
web_away(struct web *web, bool away)
{
	if (away && !web->away)
		log_warn("pages: no answer from the database, pages are 503 "
		    "until it is back");
	if (!away && web->away)
		log_info("pages: the database answers again");
	web->away = away;
}

bool
visit_goes_on(struct visit *visit, enum store_result result)
{
	if (visit->request == NULL) {
		free(visit);
		return false;
	}
	web_away(visit->web, result == STORE_AWAY);
	if (result == STORE_AWAY)
		visit_away(visit);
	else if (result == STORE_NOT_FOUND)
		visit_not_found(visit);
	return result == STORE_DONE;
}
