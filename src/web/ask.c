#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "web/back.h"
#include "web/visit.h"

enum { RETRY_S = 60, RETRY_BUSY_S = 2 };

/* Said once, not at every visit: there may be thousands until it is back. */
static void
web_away(struct web *web, bool away)
{
	if (away && !web->away)
		log_warn("pages: no answer from the database, pages are 503 "
		    "until it is back");
	if (!away && web->away)
		log_info("pages: the database answers again");
	web->away = away;
}

/* `sent`: the database has the form, and may have done what it asks for. */
static void
away_answer(struct visit *visit, int retry_s, bool sent)
{
	char more[64];

	if (visit_form_again(visit, 503, retry_s, sent ? words_unknown :
	    words_not_saved))
		return;
	snprintf(more, sizeof(more), "Retry-After: %d\r\n", retry_s);
	visit_error(visit, 503, more, !visit->writes ? page_away :
	    sent ? page_unknown : page_not_saved);
}

bool
visit_goes_on(struct visit *visit, enum store_result result)
{
	if (!visit_is_here(visit))
		return false;
	web_away(visit->web, result == STORE_AWAY);
	if (result == STORE_AWAY)
		away_answer(visit, RETRY_S, true);
	else if (result == STORE_NOT_FOUND)
		visit_not_found(visit);
	return result == STORE_DONE;
}

void
visit_busy(struct visit *visit, int retry_s)
{
	away_answer(visit, retry_s, false);
}

bool
visit_answered(struct visit *visit, const struct store_api_answer *answer)
{
	bool away = answer->result != STORE_API_DONE &&
	    answer->result != STORE_API_REFUSED;

	web_away(visit->web, away);
	if (away)
		away_answer(visit, RETRY_S,
		    answer->result == STORE_API_UNKNOWN);
	return !away;
}

/* What was committed is told to all processes before anybody hears of it. */
static void
database_said(const struct store_api_answer *answer, void *arg)
{
	struct visit *visit = arg;

	if (answer->result == STORE_API_DONE && answer->scopes != NULL &&
	    *answer->scopes != '\0')
		generations_bump(visit->generations, answer->scopes);
	if (visit_is_here(visit) && visit_answered(visit, answer))
		visit->said(visit, answer);
}

struct ask {
	const char	*cookie_hex, *route;
	char		*key_hex;	/* NULL: it may be done twice */
};

static void
ask(struct visit *visit, const struct ask *what, char *input,
    visit_said_fn *said)
{
	const struct store_api_wish wish = {
		.route = what->route, .input = input, .reads = !visit->writes,
		.secret = visit->writes, .key = what->key_hex,
		.request_hex = what->key_hex,
		.bearer_hex = *what->cookie_hex == '\0' ? NULL :
		    what->cookie_hex,
	};

	visit->said = said;
	store_api_call(visit->web->pool, &wish, visit->web->limit_ms,
	    database_said, visit);
	xforget(input);
}

/* {} for NULL; takes it over. */
static char *
input_text(struct json_value *input)
{
	char *text = input == NULL ? xstrdup("{}") :
	    json_value_canonical(input);

	json_value_free(input);
	return text;
}

void
visit_ask(struct visit *visit, const char *route, struct json_value *input,
    visit_said_fn *said)
{
	visit_ask_as(visit, visit->cookie_hex, route, input, said);
}

/* What was typed is part of the key: the same form with other words is another wish. */
void
visit_ask_once(struct visit *visit, const char *route,
    struct json_value *input, visit_said_fn *said)
{
	char hex[VISIT_HASH_HEX + 1];
	char *text = input_text(input);
	char *form = xasprintf("%s %s %s", visit_sent(visit, "gang"),
	    route, text);
	struct ask what = {
		.cookie_hex = visit->cookie_hex, .route = route,
		.key_hex = hex,
	};

	secret_sha256_hex(hex, form, strlen(form));
	xforget(form);
	if (*visit_sent(visit, "gang") == '\0')
		what.key_hex = NULL;
	ask(visit, &what, text, said);
}

void
visit_ask_as(struct visit *visit, const char *cookie_hex, const char *route,
    struct json_value *input, visit_said_fn *said)
{
	const struct ask what = { .cookie_hex = cookie_hex, .route = route };

	ask(visit, &what, input_text(input), said);
}

/*
 * What a statement complains of may quote what somebody wrote, so only its code is
 * repeated.
 */
static void
note_fault(const struct visit *visit, const struct store_api_answer *answer)
{
	log_error("pages: %s: refused by the database: %s, answered 500",
	    visit->route->path, answer->sqlstate);
}

void
visit_refused(struct visit *visit, const struct store_api_answer *answer)
{
	/* As src/api/problems.def has them. */
	static const struct {
		const char	*sqlstate;
		int		 status;
		view_error_fn	*page;
	} rules[] = {
		{ "KG001", 403, page_no_access },
		{ "KG002", 422, page_refused }, { "KG003", 412, page_refused },
		{ "KG004", 404, page_refused }, { "KG005", 422, page_refused },
		{ "KG006", 409, page_refused }, { "KG007", 409, page_refused },
	};
	size_t i;

	if (store_api_passes(answer->sqlstate)) {
		visit_busy(visit, RETRY_BUSY_S);
		return;
	}
	if (strcmp(answer->sqlstate, "KG401") == 0) {
		back_sign_in(visit);
		return;
	}
	for (i = 0; i < ARRAY_LEN(rules); i++) {
		if (strcmp(answer->sqlstate, rules[i].sqlstate) != 0)
			continue;
		/* nothing is at this address */
		if (rules[i].status == 404 && !visit->writes)
			visit_not_found(visit);
		else
			visit_told(visit, rules[i].status, rules[i].page,
			    answer);
		return;
	}
	note_fault(visit, answer);
	visit_error(visit, 500, "", page_fault);
}
