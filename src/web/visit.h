/*
 * visit.h - one request for a page, from its arrival to its answer.
 *
 *	web_request -> (guard_passes, when it is a POST) -> the page -> visit_ask ->
 *	    (the database) -> the page's said function -> one of the answers
 *
 * Inside the room only. A page gets a visit, asks the database with it as often as
 * it must, and ends it with exactly one answer. After waiting for something of its
 * own it asks visit_is_here() first; what visit_ask() hands back has been asked.
 *
 *	visit.c    its life and its answers
 *	ask.c      what goes to the database and comes back
 *	prove.c    what goes to the room sign
 *	session.c  the cookie and the forms' csrf
 *
 * Who visits: pages with WEB_SESSION carry one cookie, __Host-kattegat. The
 * database knows it by the SHA-256 of "__Host-kattegat=" and its value, so that a
 * cookie is no bearer token of the API and the other way round. A random cookie
 * that nobody has stored carries the csrf of somebody who is not signed in.
 *
 * Ownership: a visit is freed by its answer, or when nobody waits for one any
 *            more: `web` and `request` are NULL from when the visitor has gone or
 *            the web was freed. It owns its form, its segments and `own`.
 * Context:   the worker's loop only.
 */
#ifndef KG_WEB_VISIT_H
#define KG_WEB_VISIT_H

#include <stdbool.h>
#include <stddef.h>

#include "feed/generations.h"
#include "http/form.h"
#include "http/server.h"
#include "json/value.h"
#include "page/out.h"
#include "secret/secret.h"
#include "sign/sign.h"
#include "store/api.h"
#include "web/view.h"
#include "web/web.h"

struct web {
	struct pg_pool		*pool;
	struct generations	*generations;
	struct sign		*sign;
	int64_t			 limit_ms;
	char			*https;		/* "https://host[:port]" */
	char			*origin;	/* the same, as browsers write it */
	char			*webcal;	/* "webcal://host[:port]" */
	char			*style_path;	/* "/static/kattegat.HASH.css" */
	struct http_body	*style;
	struct visit		*visits;	/* that wait for the database */
	bool			 away;		/* the last answer was 503 */
};

enum {
	WEB_SESSION = 1,	/* reads the cookie; never stored by anybody */
	WEB_STAFF = 2,		/* the dark head */
	WEB_SECRET = 4,		/* a segment is a secret: no Referer holds it */
	WEB_BACK = 8,		/* who has signed in may be led back to it */
	WEB_BEGINS = 16,	/* its form changes the cookie */
};

/* One line of the table in routes.c. A page without get or post answers it 405. */
struct web_route {
	/* "/log-ind/{token}": {} is any segment. NULL ends the table. */
	const char	*path;
	unsigned	 flags;
	void		(*get)(struct visit *visit);	/* HEAD too */
	void		(*post)(struct visit *visit);	/* behind the guard */
};

extern const struct web_route web_routes[];

enum {
	VISIT_SEGMENTS_MOST = 2,
	VISIT_HASH_HEX = 2 * SECRET_SHA256_BYTES,
	VISIT_CSRF_LENGTH = 32,
};

enum visit_cookie { VISIT_COOKIE_KEEP, VISIT_COOKIE_SET, VISIT_COOKIE_CLEAR };

struct visit;
typedef void visit_said_fn(struct visit *visit,
    const struct store_api_answer *answer);
typedef void visit_proved_fn(struct visit *visit, const struct sign_end *end);

struct visit {
	struct web		*web;
	struct generations	*generations;	/* good when the web has gone */
	struct http_request	*request;
	const struct web_route	*route;		/* NULL: there is none */
	/* What stood for each {} of the route's path, decoded; else NULL. */
	char			*segments[VISIT_SEGMENTS_MOST];
	struct http_form	 query;		/* once it was asked for */
	bool			 writes;	/* a POST */
	struct http_form	 form;		/* of a POST */
	/* Of the cookie; empty texts when there is none. */
	char			 cookie[SECRET_TOKEN_LENGTH + 1];
	char			 cookie_hex[VISIT_HASH_HEX + 1];
	char			 csrf[VISIT_CSRF_LENGTH + 1];
	enum visit_cookie	 cookie_goes;	/* with the answer */
	visit_said_fn		*said;
	visit_proved_fn		*proved;
	/*
	 * Of a page that took a form: shows it again, with what was typed but no
	 * password and no code, by visit_form() and visit_private_page(). It asks
	 * nobody. NULL: a page of its own tells what is in the way.
	 */
	void			(*again)(struct visit *visit);
	/* Why it comes too early; NULL: after attempts that were wrong. */
	view_words_fn		*many;
	struct visit_delay {
		int		 status;	/* 429 or 503; 0: none */
		long		 retry_s;
		view_words_fn	*words;
	} delay;				/* for `again` */
	/* The page's own; own_free (NULL: none) gets it when the visit ends. */
	void			*own;
	void			(*own_free)(void *own);
	struct visit		*next, **link;	/* in web->visits */
};

struct visit *visit_new(struct web *web, struct http_request *request,
    const struct web_route *route);
/* True when the visitor still waits; else the visit has been freed. */
bool visit_is_here(struct visit *visit);
/* The visitor has gone or the web has: nothing more will be answered. */
void visit_detach(struct visit *visit);
/* What every page's head needs; a page that knows who visits adds the person. */
struct view_frame visit_frame(const struct visit *visit);
/* A field of the query; NULL: it has none, or cannot be read. */
const char *visit_asked(struct visit *visit, const char *name);
/* Whether the query has this field with the value 1. */
bool visit_asks_for(struct visit *visit, const char *name);
/* What was sent in a field of one line; "" when nothing was. */
const char *visit_sent(const struct visit *visit, const char *name);
/*
 * A form without fields; sets a cookie if there is none to carry its csrf. Tells of a
 * delay, if that is why it is shown again.
 */
struct view_form visit_form(struct visit *visit);

/*
 * What makes the page's forms work once, in form->once. The one that was sent when
 * nobody knows what became of it: sent again it is still the same wish.
 */
void visit_form_once(struct visit *visit, struct view_form *form);

/* ---- the database (ask.c) ---- */

/*
 * Has the database run `route` with `input`, which is taken over (NULL: {}), as
 * whom the cookie names. `said` gets what it said, done or refused, while the
 * visitor waits. No answer is 503 and ends the visit.
 */
void visit_ask(struct visit *visit, const char *route,
    struct json_value *input, visit_said_fn *said);
/*
 * The same for a form that must not do it twice, with what visit_form_once() gave it.
 * Sent again with the same input the database answers as before, but without what is
 * shown only once.
 */
void visit_ask_once(struct visit *visit, const char *route,
    struct json_value *input, visit_said_fn *said);
/* The same as visit_ask(), as whom another cookie names, by its hash. */
void visit_ask_as(struct visit *visit, const char *cookie_hex,
    const char *route, struct json_value *input, visit_said_fn *said);
/*
 * The usual answer to a refusal: not signed in goes to back_sign_in(), busy is 503,
 * what a rule of ours refused tells why, anything else is a fault, 500 and logged.
 * Ends it.
 */
void visit_refused(struct visit *visit, const struct store_api_answer *answer);
/*
 * What a statement of store/pages.h said: true when there is a page to show. When
 * not, the visit has been ended here: 404, 503, or nobody was there to read it.
 */
bool visit_goes_on(struct visit *visit, enum store_result result);

/* False: no answer came, which was 503 and has ended the visit. */
bool visit_answered(struct visit *visit, const struct store_api_answer *answer);
/* 503: come again in so many seconds, nothing was saved. Ends it. */
void visit_busy(struct visit *visit, int retry_s);

/* ---- the room sign (prove.c) ---- */

/*
 * Begins a step with mail, password, code and token of `what`; who visits is added
 * here. `proved` gets the end, SIGN_DONE, SIGN_WRONG or a refusal, while the visitor
 * waits; the cookie of what has begun goes with the answer. Who has to wait, and
 * what goes wrong, has been answered.
 */
void visit_prove(struct visit *visit, enum sign_step step,
    const struct sign_wish *what, visit_proved_fn *proved);

/* For a page that signs in: before it proves anything, it keeps who came. */
void visit_keep_former(struct visit *visit);
/*
 * Then, when something has begun: the session they came with, if there was one, ends,
 * since nobody has its cookie any more. Goes to `path`.
 */
void visit_begun(struct visit *visit, const char *path);
/* True when the database refused with this SQLSTATE. */
bool visit_was_refused(const struct sign_end *end, const char *sqlstate);

/* Of a new password; false: the field says what is wrong with it. */
bool visit_password_ok(struct view_field *field, const char *password);
/* What is wrong with a mail address; NULL: nothing. */
view_words_fn *visit_mail_mistake(const char *mail);
/* False: that is neither six digits nor as long as a recovery code: no attempt. */
bool visit_code_typed(const char *code);

/* ---- the cookie (session.c) ---- */

/* Reads it from the request; one of another form is none. */
void visit_read_cookie(struct visit *visit);
/* The answer sets this one (secret_token()); forms already carry its csrf. */
void visit_set_cookie(struct visit *visit, const char *value);
/* The answer makes the browser forget it. */
void visit_clear_cookie(struct visit *visit);

/* ---- the answers: each ends the visit, and takes over what `out` holds ---- */

/* A public page, the same for everybody for a minute. */
void visit_page(struct visit *visit, struct out *out);
/* A page of one person: `Cache-Control: private, no-store`. A delay has its status. */
void visit_private_page(struct visit *visit, int status, struct out *out);
/* 303 to a path of ours, with its query. */
void visit_redirect(struct visit *visit, const char *fmt, ...) printf_like(2, 3);
void visit_style(struct visit *visit);
void visit_icon(struct visit *visit);
void visit_not_found(struct visit *visit);
/* 429; the page and Retry-After say how long to wait. */
void visit_too_many(struct visit *visit, long wait_s);
/*
 * 429 or 503 with the form that was sent. False: nothing was, or its page shows none
 * again.
 */
bool visit_form_again(struct visit *visit, int status, long retry_s,
    view_words_fn *words);
/* What the database refused, on a page that tells why. */
void visit_told(struct visit *visit, int status, view_error_fn *page,
    const struct store_api_answer *answer);
/* A page that says what is wrong; `more`: further whole field lines, or "". */
void visit_error(struct visit *visit, int status, const char *more,
    view_error_fn *page);

/* The fields of a page that answers nobody's visit; not kept. */
void visit_bare_fields(struct buf *fields);

/* ---- the pages; each takes a fresh visit and ends it ---- */

void page_code_visit(struct visit *visit);
void page_code_sent(struct visit *visit);
void page_feeds_visit(struct visit *visit);
void page_invitation_visit(struct visit *visit);
void page_invitation_sent(struct visit *visit);
void page_invitation_code_visit(struct visit *visit);
void page_invitation_code_sent(struct visit *visit);
void page_link_visit(struct visit *visit);
void page_link_sent(struct visit *visit);
void page_run_visit(struct visit *visit);
void page_sign_in_visit(struct visit *visit);
void page_sign_in_sent(struct visit *visit);
void page_sign_out_sent(struct visit *visit);
void page_staff_visit(struct visit *visit);
void page_staff_sent(struct visit *visit);

#endif
