/*
 * An account, from the link in the mail to its recovery codes:
 *
 *	page_invitation_visit -> invitation_seen
 *	page_invitation_sent -> accepted, or invitation_seen with what is wrong
 *	page_invitation_code_sent -> confirmed
 *
 * The authenticator's secret is shown once. After a wrong code it is not shown
 * again: most have it in their app by then, who has not gets a new one by beginning
 * anew, and nobody who finds the link meanwhile can read the one in use.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "web/account_view.h"
#include "web/qr.h"
#include "web/sign_view.h"
#include "web/visit.h"
#include "words/words.h"

enum { GROUP = 4 };

static void invitation_seen(struct visit *visit, const struct sign_end *end);
static void accepted(struct visit *visit, const struct sign_end *end);
static void confirmed(struct visit *visit, const struct sign_end *end);

/* False: there is no such address, and the visit has ended. */
static bool
token_ok(struct visit *visit)
{
	if (secret_token_form(visit->segments[0]))
		return true;
	visit_error(visit, 404, "", page_invitation_over);
	return false;
}

static void
refused(struct visit *visit, const struct sign_end *end)
{
	if (visit_was_refused(end, "KG004"))
		visit_error(visit, 410, "", page_invitation_over);
	else
		visit_refused(visit, end->answer);
}

/* ---- the password ---- */

static void
look(struct visit *visit)
{
	const struct sign_wish wish = { .token = visit->segments[0] };

	visit_prove(visit, SIGN_INVITATION_LOOK, &wish, invitation_seen);
}

void
page_invitation_visit(struct visit *visit)
{
	if (token_ok(visit))
		look(visit);
}

static const char *
said(const struct sign_end *end, const char *name)
{
	return json_value_get_text(json_value_find(end->body, name));
}

static void
show(struct visit *visit, const char *name, const char *mail,
    const struct view_form *form)
{
	const struct view_invitation view = {
		.form = *form, .frame = visit_frame(visit),
		.name = name, .mail = mail,
	};
	struct out out = OUT_INIT;

	page_invitation(&out, &view);
	visit_private_page(visit, visit->writes ? 422 : 200, &out);
}

static void
invitation_seen(struct visit *visit, const struct sign_end *end)
{
	struct view_form form;
	struct view_field *field;

	if (end->result != SIGN_DONE) {
		refused(visit, end);
		return;
	}
	form = visit_form(visit);
	field = view_form_add(&form, "adgangskode", NULL);
	if (visit->writes)
		(void)visit_password_ok(field,
		    visit_sent(visit, "adgangskode"));
	show(visit, said(end, "name"), said(end, "mail"), &form);
}

/* Without asking whose it is: the page that was sent said it. */
static void
invitation_again(struct visit *visit)
{
	struct view_form form = visit_form(visit);

	view_form_add(&form, "adgangskode", NULL);
	show(visit, NULL, visit_sent(visit, "login"), &form);
}

/* It is one that is guessed. */
static void
password_weak(struct visit *visit, const struct store_api_answer *answer)
{
	struct view_form form = visit_form(visit);
	char *told = words_told(true, answer->message);
	char *hint = words_told(true, answer->hint);

	view_form_add(&form, "adgangskode", NULL);
	form.refusal = words_password_weak;
	form.told = told;
	form.hint = hint;
	show(visit, NULL, visit_sent(visit, "login"), &form);
	free(told);
	free(hint);
}

void
page_invitation_sent(struct visit *visit)
{
	const struct sign_wish wish = {
		.token = visit->segments[0],
		.password = visit_sent(visit, "adgangskode"),
	};
	struct view_field field = { .mistake = NULL };

	if (!token_ok(visit))
		return;
	visit->again = invitation_again;
	if (!visit_password_ok(&field, wish.password))
		look(visit);
	else
		visit_prove(visit, SIGN_INVITATION_ACCEPT, &wish, accepted);
}

/* ---- the authenticator ---- */

static struct view_authenticator
view_of(struct visit *visit)
{
	struct view_authenticator view = {
		.form = visit_form(visit),
		.frame = visit_frame(visit),
		.token = visit->segments[0],
	};

	view_form_add(&view.form, "kode", NULL);
	return view;
}

/* "ABCD EFGH ...", to be typed. */
static char *
grouped(const char *secret)
{
	struct buf buf = BUF_INIT;
	size_t i;

	for (i = 0; secret[i] != '\0'; i++)
		buf_addf(&buf, i > 0 && i % GROUP == 0 ? " %c" : "%c",
		    secret[i]);
	return buf_take(&buf);
}

static void
accepted(struct visit *visit, const struct sign_end *end)
{
	struct view_authenticator view;
	struct out out = OUT_INIT;
	char *letters, *path = NULL;

	if (visit_was_refused(end, "KG005")) {
		password_weak(visit, end->answer);
		return;
	}
	if (end->result != SIGN_DONE) {
		refused(visit, end);
		return;
	}
	view = view_of(visit);
	view.secret = letters = grouped(said(end, "secret"));
	view.qr_side = qr_path(&path, said(end, "uri"));
	view.qr_path = path;
	page_authenticator(&out, &view);
	visit_private_page(visit, 200, &out);
	xforget(letters);
	xforget(path);
}

/* ---- the first code ---- */

/* Who loads the page of a wrong code again begins anew. */
void
page_invitation_code_visit(struct visit *visit)
{
	if (token_ok(visit))
		visit_redirect(visit, "/log-ind/invitation/%s",
		    visit->segments[0]);
}

static void
show_again(struct visit *visit, view_words_fn *mistake, view_words_fn *refusal)
{
	struct view_authenticator view = view_of(visit);
	struct out out = OUT_INIT;

	view.form.fields[0].mistake = mistake;
	if (refusal != NULL)
		view.form.refusal = refusal;
	page_authenticator(&out, &view);
	visit_private_page(visit, 422, &out);
}

static void
code_again(struct visit *visit)
{
	show_again(visit, NULL, NULL);
}

void
page_invitation_code_sent(struct visit *visit)
{
	const struct sign_wish wish = {
		.token = visit->segments[0],
		.code = visit_sent(visit, "kode"),
	};

	if (!token_ok(visit))
		return;
	visit->again = code_again;
	if (visit_code_typed(wish.code))
		visit_prove(visit, SIGN_INVITATION_CONFIRM, &wish, confirmed);
	else
		show_again(visit, words_digits_missing, NULL);
}

static void
confirmed(struct visit *visit, const struct sign_end *end)
{
	const struct json_value *codes;
	struct view_recovery view = { .ncodes = 0 };
	struct out out = OUT_INIT;

	if (end->result == SIGN_WRONG) {
		show_again(visit, NULL, words_code_wrong);
		return;
	}
	/* Accepted again in another window: the newer secret counts. */
	if (visit_was_refused(end, "KG006")) {
		show_again(visit, NULL, words_secret_old);
		return;
	}
	if (end->result != SIGN_DONE) {
		refused(visit, end);
		return;
	}
	view.frame = visit_frame(visit);
	codes = json_value_find(end->body, "recovery_codes");
	while (view.ncodes < VIEW_RECOVERY_CODES_MOST &&
	    view.ncodes < json_value_count(codes)) {
		view.codes[view.ncodes] = json_value_get_text(
		    json_value_at(codes, view.ncodes));
		view.ncodes++;
	}
	page_recovery(&out, &view);
	visit_private_page(visit, 200, &out);
}
