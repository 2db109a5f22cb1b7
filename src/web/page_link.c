/*
 * Signing in by the link of a mail:  page_link_sent -> link_used
 *
 * Opening the link shows a button and asks nobody: programs that look into mails
 * open links too, and would use it up.
 */
#include "web/sign_view.h"
#include "web/visit.h"

static void link_used(struct visit *visit, const struct sign_end *end);

void
page_link_visit(struct visit *visit)
{
	struct view_link view;
	struct out out = OUT_INIT;

	if (!secret_token_form(visit->segments[0])) {
		visit_error(visit, 404, "", page_link_over);
		return;
	}
	view.form = visit_form(visit);
	view.frame = visit_frame(visit);
	page_link(&out, &view);
	visit_private_page(visit, 200, &out);
}

void
page_link_sent(struct visit *visit)
{
	const struct sign_wish wish = { .token = visit->segments[0] };

	if (secret_token_form(wish.token)) {
		visit_keep_former(visit);
		visit_prove(visit, SIGN_BY_LINK, &wish, link_used);
	} else {
		visit_error(visit, 404, "", page_link_over);
	}
}

static void
link_used(struct visit *visit, const struct sign_end *end)
{
	if (end->result == SIGN_DONE)
		visit_begun(visit, "/konto");
	else if (visit_was_refused(end, "KG004"))
		visit_error(visit, 410, "", page_link_over);
	else
		visit_refused(visit, end->answer);
}
