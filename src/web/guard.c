#include "web/guard.h"

#include <string.h>

#include "base/text.h"
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
		visit_error(visit, 403, "", page_stale);
		return false;
	}
	return true;
}
