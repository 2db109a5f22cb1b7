#include "web/visit.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "words/words.h"

/* ui/guide.md section 2 and security.md, on every page. */
static const char page_fields[] =
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Language: da\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n"
    "Permissions-Policy: camera=(), microphone=(), geolocation=()\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

/* And on everything else that is answered here. */
static const char all_fields[] =
    "X-Content-Type-Options: nosniff\r\n"
    "Strict-Transport-Security: max-age=31536000\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

static const char caching_public[] = "Cache-Control: public, max-age=60\r\n";
static const char caching_private[] = "Cache-Control: private, no-store\r\n";
static const char caching_none[] = "Cache-Control: no-store\r\n";

/* ---- life ---- */

struct visit *
visit_new(struct web *web, struct http_request *request,
    const struct web_route *route)
{
	struct visit *visit = xcalloc(1, sizeof(*visit));

	visit->web = web;
	visit->generations = web->generations;
	visit->request = request;
	visit->route = route;
	visit->writes = http_request_method(request) == HTTP_POST;
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
}

/* Segments and cookies are secrets, some of them. */
static void
visit_free(struct visit *visit)
{
	int i;

	if (visit->own_free != NULL)
		visit->own_free(visit->own);
	for (i = 0; i < VISIT_SEGMENTS_MOST; i++)
		xforget(visit->segments[i]);
	http_form_clear(&visit->form);
	http_form_clear(&visit->query);
	explicit_bzero(visit, sizeof(*visit));
	free(visit);
}

bool
visit_is_here(struct visit *visit)
{
	if (visit->request != NULL)
		return true;
	visit_free(visit);
	return false;
}

static bool
has_flag(const struct visit *visit, unsigned flag)
{
	return visit->route != NULL && (visit->route->flags & flag) != 0;
}

struct view_frame
visit_frame(const struct visit *visit)
{
	return (struct view_frame){
		.style_path = visit->web->style_path,
		.staff = has_flag(visit, WEB_STAFF),
		.csrf = visit->csrf,
	};
}

const char *
visit_asked(struct visit *visit, const char *name)
{
	const char *query = http_request_query(visit->request);

	if (visit->query.bytes == NULL &&
	    !http_form_parse(&visit->query, query, strlen(query)))
		return NULL;
	return http_form_find(&visit->query, name);
}

bool
visit_asks_for(struct visit *visit, const char *name)
{
	const char *value = visit_asked(visit, name);

	return value != NULL && strcmp(value, "1") == 0;
}

const char *
visit_sent(const struct visit *visit, const char *name)
{
	const char *value = http_form_find(&visit->form, name);

	return value == NULL ? "" : value;
}

/* ---- answers ---- */

static void
cookie_line(struct buf *head, const struct visit *visit)
{
	static const char line[] = "Set-Cookie: " SIGN_COOKIE "=%s; Path=/; "
	    "Secure; HttpOnly; SameSite=Lax%s\r\n";

	if (visit->cookie_goes == VISIT_COOKIE_SET)
		buf_addf(head, line, visit->cookie, "");
	else if (visit->cookie_goes == VISIT_COOKIE_CLEAR)
		buf_addf(head, line, "", "; Max-Age=0");
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
	buf_addf(&head, "HTTP/1.1 %d %s\r\n%s%sContent-Length: %zu\r\n", status,
	    http_reason(status), fields, all_fields, body->length);
	cookie_line(&head, visit);
	visit_detach(visit);
	visit_free(visit);
	http_request_set_note(request, NULL);
	answer.head = head.data;
	answer.head_length = head.length;
	http_answer(request, &answer);
	buf_clear(&head);
}

/*
 * A path with a secret is in no Referer, not even to ourselves; with no-referrer
 * browsers would send `Origin: null` with the page's own form.
 */
static const char *
referrer_field(const struct visit *visit)
{
	return has_flag(visit, WEB_SECRET) ?
	    "Referrer-Policy: strict-origin\r\n" :
	    "Referrer-Policy: same-origin\r\n";
}

/* `caching` is for what holds no session. */
static void
visit_html(struct visit *visit, int status, const char *more,
    const char *caching, struct out *out)
{
	size_t length = out->buf.length;
	struct http_body *body = http_body_new(buf_take(&out->buf), length);
	char *fields = xasprintf("%s%s%s%s", page_fields,
	    referrer_field(visit), more,
	    has_flag(visit, WEB_SESSION) ? caching_private : caching);

	visit_end(visit, status, fields, body);
	http_body_unref(body);
	free(fields);
}

void
visit_page(struct visit *visit, struct out *out)
{
	visit_html(visit, 200, "", caching_public, out);
}

void
visit_private_page(struct visit *visit, int status, struct out *out)
{
	const struct visit_delay *delay = &visit->delay;
	char more[64] = "";

	if (delay->status != 0)
		snprintf(more, sizeof(more), "Retry-After: %ld\r\n",
		    delay->retry_s);
	visit_html(visit, delay->status != 0 ? delay->status : status, more,
	    caching_private, out);
}

bool
visit_form_again(struct visit *visit, int status, long retry_s,
    view_words_fn *words)
{
	if (visit->again == NULL)
		return false;
	visit->delay = (struct visit_delay){ status, retry_s, words };
	visit->again(visit);
	return true;
}

/* No text of somebody else's choice leads away or ends the line. */
static void
path_check(const char *path)
{
	assert(path[0] == '/' && path[1] != '/' && path[1] != '\\');
	for (; *path != '\0'; path++)
		assert(*path > ' ' && *path <= '~');
}

void
visit_redirect(struct visit *visit, const char *fmt, ...)
{
	struct http_body *body = http_body_new(xstrdup(""), 0);
	char *path, *fields;
	va_list args;

	va_start(args, fmt);
	path = xvasprintf(fmt, args);
	va_end(args);
	path_check(path);
	fields = xasprintf("Location: %s\r\n%s%s", path,
	    referrer_field(visit), caching_private);
	visit_end(visit, 303, fields, body);
	http_body_unref(body);
	free(fields);
	free(path);
}

void
visit_style(struct visit *visit)
{
	visit_end(visit, 200, "Content-Type: text/css; charset=utf-8\r\n"
	    "Cache-Control: public, max-age=31536000, immutable\r\n",
	    visit->web->style);
}

/* Where browsers look for it unasked, so its name says nothing of its bytes. */
void
visit_icon(struct visit *visit)
{
	struct out out = OUT_INIT;
	struct http_body *body;
	size_t length;

	icon_kattegat(&out);
	length = out.buf.length;
	body = http_body_new(buf_take(&out.buf), length);
	visit_end(visit, 200, "Content-Type: image/svg+xml\r\n"
	    "Content-Security-Policy: default-src 'none'\r\n"
	    "Cache-Control: public, max-age=86400\r\n", body);
	http_body_unref(body);
}

void
visit_error(struct visit *visit, int status, const char *more,
    view_error_fn *page)
{
	struct view_frame frame = visit_frame(visit);
	struct out out = OUT_INIT;

	page(&out, &frame);
	visit_html(visit, status, more, status == 404 ? caching_public :
	    caching_none, &out);
}

void
visit_told(struct visit *visit, int status, view_error_fn *page,
    const struct store_api_answer *answer)
{
	char *told = words_told(true, answer->message);
	char *hint = words_told(true, answer->hint);
	struct view_frame frame = visit_frame(visit);
	struct out out = OUT_INIT;

	frame.told = told;
	frame.hint = hint;
	page(&out, &frame);
	visit_html(visit, status, "", caching_none, &out);
	free(told);
	free(hint);
}

void
visit_bare_fields(struct buf *fields)
{
	buf_adds(fields, page_fields);
	buf_adds(fields, "Referrer-Policy: same-origin\r\n");
	buf_adds(fields, caching_none);
	buf_adds(fields, all_fields);
}

void
visit_not_found(struct visit *visit)
{
	visit_error(visit, 404, "", page_not_found);
}

void
visit_too_many(struct visit *visit, long wait_s)
{
	struct view_frame frame = visit_frame(visit);
	struct out out = OUT_INIT;
	char more[64];

	if (visit_form_again(visit, 429, wait_s,
	    visit->many != NULL ? visit->many : words_too_many))
		return;
	page_too_many(&out, &frame, wait_s);
	snprintf(more, sizeof(more), "Retry-After: %ld\r\n", wait_s);
	visit_html(visit, 429, more, caching_none, &out);
}
