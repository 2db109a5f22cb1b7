/*
 * A session is over:  back_sign_in -> over_known
 */
#include "web/back.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "web/sign_view.h"

enum { TYPED_MOST = 200 };		/* in characters; the address holds them */

static const char home[] = "/konto";
/* Fields of the forms that are shown again after signing in. */
static const char *const typed[] = { "navn", "sidste-dag" };

static void over_known(struct visit *visit,
    const struct store_api_answer *answer);

/* ---- what is handed on ---- */

/* Nobody is led anywhere but to a page of this table. */
static const char *
page_of(const char *path)
{
	const struct web_route *route;

	for (route = web_routes; path != NULL && route->path != NULL; route++)
		if ((route->flags & WEB_BACK) != 0 &&
		    strcmp(route->path, path) == 0 && strcmp(path, home) != 0)
			return route->path;
	return home;
}

/* Of a page of signing in: where the query says; else the page itself. */
static const char *
wanted(struct visit *visit)
{
	const char *path = visit_asked(visit, "til");

	return page_of(path != NULL ? path : visit->route->path);
}

const char *
back_typed(struct visit *visit, const char *name)
{
	const char *text = http_form_find(&visit->form, name);

	if (text == NULL)
		text = visit_asked(visit, name);
	return text == NULL || *text == '\0' ||
	    text_utf8_count(text) > TYPED_MOST ? NULL : text;
}

bool
back_has_typed(struct visit *visit)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(typed); i++)
		if (back_typed(visit, typed[i]) != NULL)
			return true;
	return false;
}

char *
back_fields(struct visit *visit, char mark)
{
	struct out out = OUT_INIT;
	const char *text;
	size_t i;

	buf_adds(&out.buf, "");
	for (i = 0; i < ARRAY_LEN(typed); i++) {
		text = back_typed(visit, typed[i]);
		if (text == NULL)
			continue;
		buf_addf(&out.buf, "%c%s=", mark, typed[i]);
		out_url(&out, text);
		mark = '&';
	}
	return buf_take(&out.buf);
}

char *
back_query(struct visit *visit, char mark)
{
	const char *path = wanted(visit);
	struct out out = OUT_INIT;
	char *fields;

	if (path == home)
		return back_fields(visit, mark);
	fields = back_fields(visit, '&');
	buf_addf(&out.buf, "%ctil=", mark);
	out_url(&out, path);
	buf_adds(&out.buf, fields);
	free(fields);
	return buf_take(&out.buf);
}

char *
back_path(struct visit *visit)
{
	char *fields = back_fields(visit, '?');
	char *path = xasprintf("%s%s", wanted(visit), fields);

	free(fields);
	return path;
}

/* ---- a session is over ---- */

/* Why, as the database says it and as the query does. */
static const struct {
	const char	*why, *word;
	view_words_fn	*words;
} whys[] = {
	{ "idle", "pause", words_over_idle },
	{ "idle_short", "kort-pause", words_over_idle_short },
	{ "day", "tid", words_over_day },
	{ "role", "rolle", words_over_role },
	{ "password", "adgangskode", words_over_password },
	{ "sign_out", "log-ud", words_over_signed_out },
	{ "revoked", "andet-sted", words_over_revoked },
	{ "locked", "andet", words_over_other },
	{ "", "login", words_over_nobody },
};

void
back_sign_in(struct visit *visit)
{
	struct json_value *input = json_value_object();

	json_value_set(input, "hash", json_value_text(visit->cookie_hex));
	visit_ask(visit, "sign_in_over_look", input, over_known);
}

static const char *
word_of(const char *why)
{
	size_t i;

	for (i = 0; i + 1 < ARRAY_LEN(whys); i++)
		if (why != NULL && strcmp(whys[i].why, why) == 0)
			break;
	return whys[i].word;
}

static void
over_known(struct visit *visit, const struct store_api_answer *answer)
{
	struct json_value *body = NULL;
	const char *why;
	char *query;
	bool staff;
	struct err err;

	if (answer->result != STORE_API_DONE || json_value_parse(&body,
	    answer->body, answer->body_length, &err) != 0) {
		visit_refused(visit, answer);
		return;
	}
	why = json_value_get_text(json_value_find(body, "why"));
	staff = json_value_get_bool(json_value_find(body, "staff"),
	    (visit->route->flags & WEB_STAFF) != 0);
	query = back_query(visit, '&');
	visit_redirect(visit, "/log-ind%s?slut=%s%s",
	    staff ? "/personale" : "", word_of(why), query);
	free(query);
	json_value_free(body);
}

view_words_fn *
back_words(struct visit *visit)
{
	const char *word = visit_asked(visit, "slut");
	size_t i;

	for (i = 0; word != NULL && i < ARRAY_LEN(whys); i++)
		if (strcmp(whys[i].word, word) == 0)
			return whys[i].words;
	return NULL;
}
