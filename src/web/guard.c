#include "web/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "web/back.h"
#include "web/visit.h"

/* "null" is foreign too: sandboxes and pages without a referrer send it. */
static bool
is_foreign(struct visit *visit)
{
	const char *origin = http_request_field(visit->request, "origin");
	const char *site = http_request_field(visit->request,
	    "sec-fetch-site");

	return (origin != NULL && strcmp(origin, visit->web->origin) != 0) ||
	    (site != NULL && strcmp(site, "cross-site") == 0);
}

/* With parameters or without: the text is UTF-8 in any case. */
static bool
is_form(struct visit *visit)
{
	static const char wanted[] = "application/x-www-form-urlencoded";
	const char *type = http_request_field(visit->request, "content-type");
	char name[sizeof(wanted)];
	size_t length;

	if (type == NULL || http_request_field(visit->request,
	    "content-encoding") != NULL)
		return false;
	length = strcspn(type, "; \t");
	if (length != strlen(wanted))
		return false;
	memcpy(name, type, length);
	name[length] = '\0';
	return text_same_nocase(name, wanted);
}

/* Without a cookie there is no csrf that would be right. */
static bool
csrf_is_right(const struct visit *visit)
{
	const char *sent = http_form_find(&visit->form, "csrf");

	return *visit->csrf != '\0' && sent != NULL &&
	    strlen(sent) == VISIT_CSRF_LENGTH &&
	    secret_equal(sent, visit->csrf, VISIT_CSRF_LENGTH);
}

/* ---- a form of another cookie ---- */

static void
session_seen(struct visit *visit, const struct store_api_answer *answer)
{
	char *path;

	if (answer->result != STORE_API_DONE) {
		visit_error(visit, 403, "", page_stale);
		return;
	}
	path = back_path(visit);
	visit_redirect(visit, "%s", path);
	free(path);
}

static void
start_seen(struct visit *visit, const struct store_api_answer *answer)
{
	char *query;

	if (answer->result != STORE_API_DONE) {
		visit_ask(visit, "me", NULL, session_seen);
		return;
	}
	query = back_query(visit, '?');
	visit_redirect(visit, "/log-ind/kode%s", query);
	free(query);
}

static void
stale(struct visit *visit)
{
	const char *sent = http_form_find(&visit->form, "csrf");
	struct json_value *input;

	if ((visit->route->flags & WEB_BEGINS) == 0 ||
	    *visit->cookie == '\0' || sent == NULL ||
	    strlen(sent) != VISIT_CSRF_LENGTH) {
		visit_error(visit, 403, "", page_stale);
		return;
	}
	input = json_value_object();
	json_value_set(input, "start_hash",
	    json_value_text(visit->cookie_hex));
	visit_ask(visit, "sign_in_start_look", input, start_seen);
}

bool
guard_passes(struct visit *visit)
{
	const char *body;
	size_t length;

	if (is_foreign(visit)) {
		visit_error(visit, 403, "", page_foreign);
		return false;
	}
	if (!is_form(visit)) {
		visit_error(visit, 415, "", page_no_form);
		return false;
	}
	body = http_request_body(visit->request, &length);
	if (!http_form_parse(&visit->form, body, length)) {
		visit_error(visit, 400, "", page_no_form);
		return false;
	}
	if (!csrf_is_right(visit)) {
		stale(visit);
		return false;
	}
	return true;
}
