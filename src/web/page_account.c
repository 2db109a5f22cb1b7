/*
 * The own account:    page_account_visit -> account_loaded
 * What is ended:      page_..._post -> ended
 * A token is made:    page_token_post -> token_made -> account_loaded
 * New recovery codes: page_codes_post -> codes_made
 *
 * Whatever asks for password and code once more goes to page_confirm.c.
 */
#include "web/account.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "web/account_view.h"
#include "web/back.h"
#include "words/words.h"

enum { NAME_MOST = 200 };	/* characters */

/* What is kept between two answers of the database. */
struct account {
	char		*token;		/* new, shown once; or NULL */
	view_words_fn	*refusal, *name_mistake, *day_mistake;
	char		*told, *hint;	/* what the database said; or NULL */
};

static void account_loaded(struct visit *visit,
    const struct store_api_answer *answer);

static void
account_free(void *own)
{
	struct account *account = own;

	xforget(account->token);
	free(account->told);
	free(account->hint);
	free(account);
}

static struct account *
account_of(struct visit *visit)
{
	if (visit->own == NULL) {
		visit->own = xcalloc(1, sizeof(struct account));
		visit->own_free = account_free;
	}
	return visit->own;
}

/* ---- the page ---- */

static const char *
text_of(const struct json_value *object, const char *name)
{
	return json_value_get_text(json_value_find(object, name));
}

static view_words_fn *
role_of(const struct json_value *object)
{
	static const struct {
		const char	*role;
		view_words_fn	*words;
	} roles[] = {
		{ "coordinator", words_role_coordinator },
		{ "planner", words_role_planner },
		{ "admin", words_role_admin },
		{ "auditor", words_role_auditor },
		{ "councillor", words_role_councillor },
		{ "secretary", words_role_secretary },
	};
	const char *role = text_of(object, "role");
	size_t i;

	for (i = 0; role != NULL && i < ARRAY_LEN(roles); i++)
		if (strcmp(role, roles[i].role) == 0)
			return roles[i].words;
	return words_role_teacher;
}

static void
sign_ins_fill(struct view_sign_in **list, size_t *count,
    const struct json_value *from)
{
	const struct json_value *its;
	struct view_sign_in *one;
	size_t i;

	*count = json_value_count(from);
	*list = xcalloc(*count + 1, sizeof(**list));
	for (i = 0; i < *count; i++) {
		its = json_value_at(from, i);
		one = &(*list)[i];
		one->id = json_value_get_int(json_value_find(its, "id"), 0);
		one->client = read_client(text_of(its, "client"));
		(void)read_moment(&one->begun, text_of(its, "created_local"));
		(void)read_moment(&one->seen, text_of(its, "last_seen_local"));
		one->current = json_value_get_bool(json_value_find(its,
		    "current"), false);
		one->by_recovery = json_value_get_bool(json_value_find(its,
		    "by_recovery"), false);
	}
}

static void
tokens_fill(struct view_account *view, const struct json_value *from)
{
	const struct json_value *its;
	struct view_api_token *one;
	size_t i;

	view->ntokens = json_value_count(from);
	view->tokens = xcalloc(view->ntokens + 1, sizeof(*view->tokens));
	for (i = 0; i < view->ntokens; i++) {
		its = json_value_at(from, i);
		one = &view->tokens[i];
		one->id = json_value_get_int(json_value_find(its, "id"), 0);
		one->name = text_of(its, "name");
		one->role = role_of(its);
		one->office = text_of(its, "office");
		one->used = read_moment(&one->used_at,
		    text_of(its, "last_used_local"));
		one->expires = read_date(&one->last_day,
		    text_of(its, "expires_on"));
	}
}

static void
person_fill(struct view_account *view, const struct json_value *body)
{
	const struct json_value *secrets = json_value_find(body, "secrets");

	view->name = text_of(body, "name");
	view->mail = text_of(body, "mail");
	view->role = role_of(body);
	view->office = text_of(body, "office_name");
	view->municipality = text_of(body, "municipality_name");
	view->has_password = json_value_kind(secrets) == JSON_KIND_OBJECT;
	view->password_dated = read_moment(&view->password_set,
	    text_of(secrets, "password_set_local"));
	view->recovery_codes = (long)json_value_get_int(json_value_find(
	    secrets, "recovery_codes"), 0);
	view->frame.person = view->name;
	view->frame.staff = view->has_password;
}

/* The form of a new token, with what was typed unless it was made. */
static struct view_form
token_form(struct visit *visit)
{
	const struct account *account = account_of(visit);
	bool again = account->token == NULL;
	struct view_form form = visit_form(visit);
	struct view_field *field;

	visit_form_once(visit, &form);
	field = view_form_add(&form, "navn", again ?
	    back_typed(visit, "navn") : NULL);
	field->mistake = account->name_mistake;
	field = view_form_add(&form, "sidste-dag", again ?
	    back_typed(visit, "sidste-dag") : NULL);
	field->mistake = account->day_mistake;
	if (account->refusal != NULL)
		form.refusal = account->refusal;
	form.told = account->told;
	form.hint = account->hint;
	return form;
}

/* What stands behind "/konto?gjort=", after a redirect. */
static view_words_fn *
done_words(struct visit *visit)
{
	static const struct {
		const char	*word;
		view_words_fn	*words;
	} done[] = {
		{ "log-af", words_signed_out },
		{ "log-af-andre", words_signed_out_others },
		{ "noegle-sluk", words_token_ended },
		{ "noegle-igen", words_token_again },
		{ "noedkoder-igen", words_codes_again },
		{ "adgangskode", words_password_changed },
		{ "bekraeft", words_confirmed },
	};
	const char *done_word = visit_asked(visit, "gjort");
	size_t i;

	for (i = 0; done_word != NULL && i < ARRAY_LEN(done); i++)
		if (strcmp(done_word, done[i].word) == 0)
			return done[i].words;
	return NULL;
}

static void
account_loaded(struct visit *visit, const struct store_api_answer *answer)
{
	struct view_account view = { .frame = visit_frame(visit) };
	struct json_value *body = NULL;
	struct out out = OUT_INIT;
	struct err err;

	if (answer->result != STORE_API_DONE ||
	    json_value_parse(&body, answer->body, answer->body_length,
	    &err) != 0) {
		account_refused(visit, answer, NULL);
		return;
	}
	person_fill(&view, body);
	sign_ins_fill(&view.sign_ins, &view.nsign_ins,
	    json_value_find(body, "sign_ins"));
	sign_ins_fill(&view.latest, &view.nlatest,
	    json_value_find(body, "latest"));
	tokens_fill(&view, json_value_find(body, "api_tokens"));
	view.form = token_form(visit);
	view.new_token = account_of(visit)->token;
	view.done = done_words(visit);
	page_account(&out, &view);
	visit_private_page(visit, view.form.refusal != NULL ||
	    view_form_mistakes(&view.form) > 0 ? 422 : 200, &out);
	free(view.sign_ins);
	free(view.latest);
	free(view.tokens);
	json_value_free(body);
}

void
page_account_visit(struct visit *visit)
{
	visit_ask(visit, "own_account", NULL, account_loaded);
}

/* ---- what is ended ---- */

static void
ended(struct visit *visit, const struct store_api_answer *answer)
{
	/* "/konto/log-af" leads to "/konto?gjort=log-af". */
	const char *what = visit->route->path + strlen("/konto/");

	if (answer->result == STORE_API_DONE)
		visit_redirect(visit, "/konto?gjort=%s", what);
	else
		account_refused(visit, answer, "noegler");
}

/* { name: the form's id }; text that is no number names nothing. */
static struct json_value *
id_input(const struct visit *visit, const char *name)
{
	const char *text = http_form_find(&visit->form, "id");
	struct json_value *input = json_value_object();
	char *end;
	long id;

	id = text == NULL ? 0 : strtol(text, &end, 10);
	if (id < 1 || id > INT32_MAX || *end != '\0')
		id = 0;
	json_value_set(input, name, json_value_int(id));
	return input;
}

void
page_sign_in_end_post(struct visit *visit)
{
	visit_ask(visit, "sign_in_revoke", id_input(visit, "sign_in_id"),
	    ended);
}

void
page_others_end_post(struct visit *visit)
{
	visit_ask(visit, "sign_ins_end_others", NULL, ended);
}

void
page_token_end_post(struct visit *visit)
{
	visit_ask(visit, "api_token_revoke", id_input(visit, "api_token_id"),
	    ended);
}

/* ---- tokens ---- */

/* The one place where it is shown; who sent the form twice has seen it. */
static void
token_made(struct visit *visit, const struct store_api_answer *answer)
{
	struct account *account = account_of(visit);
	struct json_value *body;
	struct err err;

	if (answer->result == STORE_API_DONE && json_value_parse(&body,
	    answer->body, answer->body_length, &err) == 0) {
		account->token = xstrdup_null(text_of(body, "token"));
		json_value_free(body);
		if (account->token == NULL) {
			visit_redirect(visit, "/konto?gjort=noegle-igen");
			return;
		}
	} else if (strcmp(answer->sqlstate, "KG005") == 0 ||
	    strcmp(answer->sqlstate, "KG006") == 0) {
		account->refusal = words_token_refused;
		account->told = words_told(true, answer->message);
		account->hint = words_told(true, answer->hint);
	} else {
		account_refused(visit, answer, "noegler");
		return;
	}
	visit_ask(visit, "own_account", NULL, account_loaded);
}

/* Without the rest of the account, which the database has. */
static void
token_again(struct visit *visit)
{
	struct view_account_form view = {
		.frame = visit_frame(visit), .form = token_form(visit),
	};
	struct out out = OUT_INIT;

	view.frame.staff = true;
	page_token(&out, &view);
	visit_private_page(visit, 200, &out);
}

void
page_token_post(struct visit *visit)
{
	const char *name = http_form_find(&visit->form, "navn");
	const char *expires = http_form_find(&visit->form, "sidste-dag");
	struct json_value *input = json_value_object();
	struct account *account = account_of(visit);
	char day[READ_DAY_BYTES];

	visit->again = token_again;
	if (name == NULL || name[strspn(name, " ")] == '\0')
		account->name_mistake = words_name_missing;
	else if (text_utf8_count(name) > NAME_MOST)
		account->name_mistake = words_name_long;
	else
		json_value_set(input, "name", json_value_text(name));
	if (expires != NULL && expires[strspn(expires, " ")] != '\0') {
		if (read_day(day, expires))
			json_value_set(input, "expires_on",
			    json_value_text(day));
		else
			account->day_mistake = words_day_unread;
	}
	if (account->name_mistake == NULL && account->day_mistake == NULL) {
		visit_ask_once(visit, "api_token_create", input, token_made);
		return;
	}
	json_value_free(input);
	visit_ask(visit, "own_account", NULL, account_loaded);
}

/* ---- recovery codes ---- */

static void
codes_made(struct visit *visit, const struct store_api_answer *answer)
{
	struct view_codes view = { .frame = visit_frame(visit) };
	struct json_value *body = NULL;
	const struct json_value *codes;
	struct out out = OUT_INIT;
	struct err err;
	size_t i;

	if (answer->result != STORE_API_DONE || json_value_parse(&body,
	    answer->body, answer->body_length, &err) != 0) {
		account_refused(visit, answer, "noedkoder");
		return;
	}
	codes = json_value_find(body, "recovery_codes");
	if (codes == NULL) {
		json_value_free(body);
		visit_redirect(visit, "/konto?gjort=noedkoder-igen");
		return;
	}
	view.ncodes = json_value_count(codes);
	view.codes = xcalloc(view.ncodes + 1, sizeof(*view.codes));
	for (i = 0; i < view.ncodes; i++)
		view.codes[i] = json_value_get_text(json_value_at(codes, i));
	page_codes(&out, &view);
	visit_private_page(visit, 200, &out);
	free(view.codes);
	json_value_free(body);
}

void
page_codes_post(struct visit *visit)
{
	visit_ask_once(visit, "recovery_renew", NULL, codes_made);
}
