/*
 * Password and code once more:  page_confirm_visit -> confirm_known
 *                               page_confirm_post -> confirmed
 * Another password:             page_password_visit -> password_known
 *                               page_password_post -> password_changed
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "web/account.h"
#include "web/account_view.h"
#include "web/back.h"
#include "words/words.h"

/* Where one goes on, by the field `til`: nobody is led to any other place. */
static const struct {
	const char	*word, *path, *place;
} nexts[] = {
	{ "noegler", "/konto?gjort=bekraeft", "#noegler" },
	{ "noedkoder", "/konto?gjort=bekraeft", "#sikkerhed" },
	{ "adgangskode", "/konto/adgangskode", "" },
};

static const char *
next_word(const char *word)
{
	size_t i;

	for (i = 0; word != NULL && i < ARRAY_LEN(nexts); i++)
		if (strcmp(nexts[i].word, word) == 0)
			return nexts[i].word;
	return NULL;
}

/* With what was typed there. */
static void
go_next(struct visit *visit, const char *word)
{
	const char *path = "/konto?gjort=bekraeft", *place = "";
	char *fields;
	size_t i;

	for (i = 0; word != NULL && i < ARRAY_LEN(nexts); i++)
		if (strcmp(nexts[i].word, word) == 0) {
			path = nexts[i].path;
			place = nexts[i].place;
		}
	fields = back_fields(visit, strchr(path, '?') != NULL ? '&' : '?');
	visit_redirect(visit, "%s%s%s", path, fields, place);
	free(fields);
}

void
account_refused(struct visit *visit, const struct store_api_answer *answer,
    const char *next)
{
	char *fields;

	if (answer->result != STORE_API_REFUSED ||
	    strcmp(answer->sqlstate, "KG403") != 0) {
		visit_refused(visit, answer);
		return;
	}
	fields = back_fields(visit, '&');
	visit_redirect(visit, "/konto/bekraeft?til=%s%s",
	    next == NULL ? "" : next, fields);
	free(fields);
}

/* Who asks, to be freed; NULL: nobody is signed in, and the visit has ended. */
static struct json_value *
me_of(struct visit *visit, const struct store_api_answer *answer)
{
	struct json_value *me = NULL;
	struct err err;

	if (answer->result == STORE_API_DONE && json_value_parse(&me,
	    answer->body, answer->body_length, &err) == 0)
		return me;
	visit_refused(visit, answer);
	return NULL;
}

static void
show(struct visit *visit, struct view_account_form *view,
    void (*page)(struct out *out, const struct view_account_form *view))
{
	bool wrong = view->form.refusal != NULL ||
	    view_form_mistakes(&view->form) > 0;
	struct out out = OUT_INIT;

	view->frame = visit_frame(visit);
	page(&out, view);
	visit_private_page(visit, wrong ? 422 : 200, &out);
}

/* ---- password and code once more ---- */

/* As the database says it, or as the page said it before. */
static const char *
login_of(struct visit *visit, const struct json_value *me)
{
	return me != NULL ? json_value_get_text(json_value_find(me, "mail")) :
	    http_form_find(&visit->form, "login");
}

static struct view_account_form
confirm_form(struct visit *visit, const char *next, const struct json_value *me)
{
	struct view_account_form view = {
		.form = visit_form(visit), .next = next,
		.login = login_of(visit, me),
	};

	view_form_add(&view.form, "adgangskode", NULL);
	view_form_add(&view.form, "kode", NULL);
	return view;
}

static void
confirm_known(struct visit *visit, const struct store_api_answer *answer)
{
	struct json_value *me = me_of(visit, answer);
	struct view_account_form view;

	if (me == NULL)
		return;
	view = confirm_form(visit, next_word(visit_asked(visit, "til")), me);
	show(visit, &view, page_confirm);
	json_value_free(me);
}

void
page_confirm_visit(struct visit *visit)
{
	visit_ask(visit, "me", NULL, confirm_known);
}

static const char *
next_of(const struct visit *visit)
{
	return next_word(http_form_find(&visit->form, "til"));
}

static void
confirm_again(struct visit *visit)
{
	struct view_account_form view = confirm_form(visit, next_of(visit),
	    NULL);

	show(visit, &view, page_confirm);
}

static void
confirmed(struct visit *visit, const struct sign_end *end)
{
	struct view_account_form view;

	if (end->result == SIGN_DONE) {
		go_next(visit, next_of(visit));
	} else if (end->result == SIGN_WRONG) {
		view = confirm_form(visit, next_of(visit), NULL);
		view.form.refusal = words_proof_wrong;
		show(visit, &view, page_confirm);
	} else {
		visit_refused(visit, end->answer);
	}
}

static bool
is_empty(const char *text)
{
	return text == NULL || *text == '\0';
}

void
page_confirm_post(struct visit *visit)
{
	const struct sign_wish wish = {
		.password = http_form_find(&visit->form, "adgangskode"),
		.code = http_form_find(&visit->form, "kode"),
	};
	struct view_account_form view;

	visit->again = confirm_again;
	if (!is_empty(wish.password) &&
	    visit_code_typed(visit_sent(visit, "kode"))) {
		visit_prove(visit, SIGN_IN_AGAIN, &wish, confirmed);
		return;
	}
	view = confirm_form(visit, next_of(visit), NULL);
	if (is_empty(wish.password))
		view.form.fields[0].mistake = words_password_missing;
	if (!visit_code_typed(visit_sent(visit, "kode")))
		view.form.fields[1].mistake = words_code_missing;
	show(visit, &view, page_confirm);
}

/* ---- another password ---- */

/* `mistaken`: what was typed is no password; NULL: nothing was typed yet. */
static void
password_show(struct visit *visit, const char *mistaken,
    const struct json_value *me)
{
	struct view_account_form view = {
		.form = visit_form(visit), .login = login_of(visit, me),
	};
	struct view_field *field;

	field = view_form_add(&view.form, "adgangskode", NULL);
	if (mistaken != NULL)
		(void)visit_password_ok(field, mistaken);
	show(visit, &view, page_password);
}

static void
password_known(struct visit *visit, const struct store_api_answer *answer)
{
	struct json_value *me = me_of(visit, answer);

	if (me == NULL)
		return;
	password_show(visit, NULL, me);
	json_value_free(me);
}

void
page_password_visit(struct visit *visit)
{
	visit_ask(visit, "me", NULL, password_known);
}

static void
password_again(struct visit *visit)
{
	password_show(visit, NULL, NULL);
}

/* It is one that is guessed, or the old one. */
static void
password_weak(struct visit *visit, const struct store_api_answer *answer)
{
	char *told = words_told(true, answer->message);
	char *hint = words_told(true, answer->hint);
	struct view_account_form view = {
		.form = visit_form(visit), .login = login_of(visit, NULL),
	};

	view_form_add(&view.form, "adgangskode", NULL);
	view.form.refusal = words_password_weak;
	view.form.told = told;
	view.form.hint = hint;
	show(visit, &view, page_password);
	free(told);
	free(hint);
}

static void
password_changed(struct visit *visit, const struct sign_end *end)
{
	if (end->result == SIGN_DONE)
		visit_redirect(visit, "/konto?gjort=adgangskode");
	else if (visit_was_refused(end, "KG005"))
		password_weak(visit, end->answer);
	else
		account_refused(visit, end->answer, "adgangskode");
}

void
page_password_post(struct visit *visit)
{
	const struct sign_wish wish = {
		.password = visit_sent(visit, "adgangskode"),
	};
	struct view_field field = { .mistake = NULL };

	visit->again = password_again;
	if (visit_password_ok(&field, wish.password))
		visit_prove(visit, SIGN_PASSWORD_CHANGE, &wish,
		    password_changed);
	else
		password_show(visit, wish.password, NULL);
}
