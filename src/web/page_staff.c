/*
 * The first of two steps for staff:  page_staff_sent -> password_ended
 *
 * A wrong mail address and a wrong password get the same page.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "web/account_view.h"
#include "web/back.h"
#include "web/sign_view.h"
#include "web/visit.h"

static void password_ended(struct visit *visit, const struct sign_end *end);

static struct view_staff
view_of(struct visit *visit, const char *mail)
{
	struct view_staff view = {
		.form = visit_form(visit), .frame = visit_frame(visit),
	};

	view_form_add(&view.form, "mail", mail);
	view_form_add(&view.form, "adgangskode", NULL);
	return view;
}

static void
show(struct visit *visit, struct view_staff *view, int status)
{
	const struct view_over over = {
		.words = status == 200 ? back_words(visit) : NULL,
		.typed = back_has_typed(visit),
	};
	struct out out = OUT_INIT;

	view->over = &over;
	page_staff(&out, view);
	visit_private_page(visit, status, &out);
}

void
page_staff_visit(struct visit *visit)
{
	struct view_staff view = view_of(visit, NULL);

	show(visit, &view, 200);
}

static void
show_again(struct visit *visit)
{
	struct view_staff view = view_of(visit, visit_sent(visit, "mail"));

	show(visit, &view, 200);
}

void
page_staff_sent(struct visit *visit)
{
	const struct sign_wish wish = {
		.mail = visit_sent(visit, "mail"),
		.password = visit_sent(visit, "adgangskode"),
	};
	struct view_staff view = view_of(visit, wish.mail);

	view.form.fields[0].mistake = visit_mail_mistake(wish.mail);
	if (*wish.password == '\0')
		view.form.fields[1].mistake = words_password_missing;
	else if (strlen(wish.password) > SIGN_PASSWORD_MOST)
		(void)visit_password_ok(&view.form.fields[1], wish.password);
	if (view_form_mistakes(&view.form) > 0) {
		show(visit, &view, 422);
		return;
	}
	visit->again = show_again;
	visit_keep_former(visit);
	visit_prove(visit, SIGN_IN_PASSWORD, &wish, password_ended);
}

static void
password_ended(struct visit *visit, const struct sign_end *end)
{
	struct view_staff view;
	char *query, *path;

	if (end->result == SIGN_DONE) {
		query = back_query(visit, '?');
		path = xasprintf("/log-ind/kode%s", query);
		visit_begun(visit, path);
		free(query);
		free(path);
	} else if (end->result == SIGN_SAID) {
		visit_refused(visit, end->answer);
	} else {
		view = view_of(visit, visit_sent(visit, "mail"));
		view.form.refusal = words_staff_wrong;
		show(visit, &view, 422);
	}
}
