/*
 * Signing in for those without a password:  page_sign_in_sent -> link_sent
 * Signing out:                              page_sign_out_sent -> signed_out
 *
 * Whether somebody has the mail address is not told: the answer is always the same.
 */
#include <stdlib.h>
#include <string.h>

#include "web/back.h"
#include "web/sign_view.h"
#include "web/visit.h"

static void link_sent(struct visit *visit, const struct sign_end *end);
static void signed_out(struct visit *visit,
    const struct store_api_answer *answer);

static void
show(struct visit *visit, const char *mail, view_words_fn *mistake)
{
	char *back = back_query(visit, '?');
	const struct view_over over = {
		.words = back_words(visit), .typed = back_has_typed(visit),
		.back = back,
	};
	struct view_link_wish view = {
		.over = &over,
		.form = visit_form(visit),
		.frame = visit_frame(visit),
		.sent = visit_asks_for(visit, "sendt"),
		.out = visit_asks_for(visit, "ud"),
	};
	struct out out = OUT_INIT;

	view_form_add(&view.form, "mail", mail)->mistake = mistake;
	if (mistake != NULL)
		view.sent = view.out = false;
	page_sign_in(&out, &view);
	free(back);
	visit_private_page(visit, mistake == NULL ? 200 : 422, &out);
}

void
page_sign_in_visit(struct visit *visit)
{
	show(visit, NULL, NULL);
}

static void
show_again(struct visit *visit)
{
	show(visit, visit_sent(visit, "mail"), NULL);
}

void
page_sign_in_sent(struct visit *visit)
{
	const struct sign_wish wish = { .mail = visit_sent(visit, "mail") };
	view_words_fn *mistake = visit_mail_mistake(wish.mail);

	visit->again = show_again;
	visit->many = words_many_links;
	if (mistake == NULL)
		visit_prove(visit, SIGN_LINK_SEND, &wish, link_sent);
	else
		show(visit, wish.mail, mistake);
}

static void
link_sent(struct visit *visit, const struct sign_end *end)
{
	if (end->result == SIGN_DONE)
		visit_redirect(visit, "/log-ind?sendt=1");
	else
		visit_refused(visit, end->answer);
}

void
page_sign_out_sent(struct visit *visit)
{
	visit_ask(visit, "sign_out", NULL, signed_out);
}

/* KG401: the session was over already. */
static void
signed_out(struct visit *visit, const struct store_api_answer *answer)
{
	if (answer->result == STORE_API_REFUSED &&
	    strcmp(answer->sqlstate, "KG401") != 0) {
		visit_refused(visit, answer);
		return;
	}
	visit_clear_cookie(visit);
	visit_redirect(visit, "/log-ind?ud=1");
}
