/*
 * Passwords, codes, invitations, links:  visit_prove -> (src/sign) -> ended
 * When something has begun:              visit_begun -> former_ended
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "web/account_view.h"
#include "web/sign_view.h"
#include "web/visit.h"

static bool
waits(void *arg)
{
	const struct visit *visit = arg;

	return visit->request != NULL;
}

static void
ended(const struct sign_end *end, void *arg)
{
	struct visit *visit = arg;

	if (!visit_is_here(visit))
		return;
	switch (end->result) {
	case SIGN_TOO_MANY:
		visit_too_many(visit, (long)end->retry_s);
		return;
	case SIGN_BUSY:
		visit_busy(visit, (int)end->retry_s);
		return;
	case SIGN_FAULT:
	case SIGN_GONE:
		visit_error(visit, 500, "", page_fault);
		return;
	case SIGN_SAID:
		if (!visit_answered(visit, end->answer))
			return;
		break;
	case SIGN_DONE:
		if (end->cookie != NULL)
			visit_set_cookie(visit, end->cookie);
		break;
	case SIGN_WRONG:
		break;
	}
	visit->proved(visit, end);
}

void
visit_prove(struct visit *visit, enum sign_step step,
    const struct sign_wish *what, visit_proved_fn *proved)
{
	struct sign_wish wish = *what;

	wish.step = step;
	wish.address = http_request_address(visit->request);
	wish.bearer_hex = *visit->cookie_hex == '\0' ? NULL :
	    visit->cookie_hex;
	wish.client = http_request_field(visit->request, "user-agent");
	wish.cookie = *visit->cookie == '\0' ? NULL : visit->cookie;
	wish.by_cookie = true;
	visit->proved = proved;
	sign_begin(visit->web->sign, &wish, waits, ended, visit);
}

bool
visit_was_refused(const struct sign_end *end, const char *sqlstate)
{
	return end->result == SIGN_SAID &&
	    strcmp(end->answer->sqlstate, sqlstate) == 0;
}

/* ---- the session before ---- */

struct former {
	char	 cookie_hex[VISIT_HASH_HEX + 1];
	char	*path;
};

static void
former_free(void *own)
{
	struct former *former = own;

	free(former->path);
	free(former);
}

void
visit_keep_former(struct visit *visit)
{
	struct former *former = xcalloc(1, sizeof(*former));

	memcpy(former->cookie_hex, visit->cookie_hex,
	    sizeof(former->cookie_hex));
	visit->own = former;
	visit->own_free = former_free;
}

/* Refused: it was no session, as nearly always. */
static void
former_ended(struct visit *visit, const struct store_api_answer *answer)
{
	const struct former *former = visit->own;

	(void)answer;
	visit_redirect(visit, "%s", former->path);
}

void
visit_begun(struct visit *visit, const char *path)
{
	struct former *former = visit->own;

	former->path = xstrdup(path);
	visit_ask_as(visit, former->cookie_hex, "sign_out", NULL,
	    former_ended);
}

/* ---- what was typed ---- */

enum { MAIL_MOST = 200, DIGITS = 6, RECOVERY_LETTERS = 16 };

bool
visit_password_ok(struct view_field *field, const char *password)
{
	size_t length = text_utf8_count(password);

	if (length < SIGN_PASSWORD_LEAST) {
		field->mistake = words_password_short;
		field->number = SIGN_PASSWORD_LEAST;
	} else if (length > SIGN_PASSWORD_MOST) {
		field->mistake = words_password_long;
		field->number = SIGN_PASSWORD_MOST;
	}
	return field->mistake == NULL;
}

view_words_fn *
visit_mail_mistake(const char *mail)
{
	const char *at = strchr(mail, '@');

	return at == NULL || at == mail || at[1] == '\0' ||
	    text_utf8_count(mail) > MAIL_MOST ? words_mail : NULL;
}

bool
visit_code_typed(const char *code)
{
	size_t letters = 0, digits = 0;

	for (; *code != '\0'; code++) {
		letters += *code != ' ' && *code != '-';
		digits += *code >= '0' && *code <= '9';
	}
	return letters == RECOVERY_LETTERS ||
	    (letters == DIGITS && digits == DIGITS);
}
