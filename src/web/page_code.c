/*
 * The second step for staff:  page_code_visit -> start_seen
 *                             page_code_sent -> code_ended
 *
 * The cookie names the first step, which the database keeps for ten minutes. A
 * recovery code is taken in the same field; its page only lets letters be typed.
 */
#include <stdlib.h>
#include <string.h>

#include "web/back.h"
#include "web/sign_view.h"
#include "web/visit.h"

static void start_seen(struct visit *visit,
    const struct store_api_answer *answer);
static void code_ended(struct visit *visit, const struct sign_end *end);

static struct view_code
view_of(struct visit *visit)
{
	struct view_code view = {
		.form = visit_form(visit),
		.frame = visit_frame(visit),
		.recovery = visit_asks_for(visit, "noedkode"),
	};

	view_form_add(&view.form, "kode", NULL);
	return view;
}

static void
show(struct visit *visit, struct view_code *view, int status)
{
	char *back = back_query(visit, '?'), *more = back_query(visit, '&');
	struct out out = OUT_INIT;

	view->back = back;
	view->more = more;
	page_code(&out, view);
	free(back);
	free(more);
	visit_private_page(visit, status, &out);
}

void
page_code_visit(struct visit *visit)
{
	struct json_value *input;

	if (*visit->cookie == '\0') {
		visit_error(visit, 410, "", page_code_over);
		return;
	}
	input = json_value_object();
	json_value_set(input, "start_hash",
	    json_value_text(visit->cookie_hex));
	visit_ask(visit, "sign_in_start_look", input, start_seen);
}

static void
refused(struct visit *visit, const struct store_api_answer *answer)
{
	if (strcmp(answer->sqlstate, "KG004") == 0)
		visit_error(visit, 410, "", page_code_over);
	else
		visit_refused(visit, answer);
}

static void
start_seen(struct visit *visit, const struct store_api_answer *answer)
{
	struct view_code view;
	struct json_value *body = NULL;
	struct err err;

	if (answer->result == STORE_API_REFUSED) {
		refused(visit, answer);
		return;
	}
	view = view_of(visit);
	if (json_value_parse(&body, answer->body, answer->body_length, &err)
	    == 0)
		view.mail = json_value_get_text(json_value_find(body, "mail"));
	show(visit, &view, 200);
	json_value_free(body);
}

static void
show_again(struct visit *visit)
{
	struct view_code view = view_of(visit);

	show(visit, &view, 200);
}

void
page_code_sent(struct visit *visit)
{
	const struct sign_wish wish = { .code = visit_sent(visit, "kode") };
	struct view_code view;

	visit->again = show_again;
	if (visit_code_typed(wish.code)) {
		visit_prove(visit, SIGN_IN_CODE, &wish, code_ended);
		return;
	}
	view = view_of(visit);
	view.form.fields[0].mistake = view.recovery ?
	    words_recovery_missing : words_digits_missing;
	show(visit, &view, 422);
}

static void
code_ended(struct visit *visit, const struct sign_end *end)
{
	struct view_code view;
	char *path;

	if (end->result == SIGN_DONE) {
		path = back_path(visit);
		visit_redirect(visit, "%s", path);
		free(path);
	} else if (end->result == SIGN_SAID) {
		refused(visit, end->answer);
	} else {
		view = view_of(visit);
		view.form.refusal = view.recovery ? words_recovery_wrong :
		    words_code_wrong;
		show(visit, &view, 422);
	}
}
