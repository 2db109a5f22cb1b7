#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "http/cookie.h"
#include "web/visit.h"

/* What the forms of a page carry is made of its cookie. */
static void
csrf_hash(char hex[VISIT_HASH_HEX + 1], const char *value)
{
	char text[sizeof("form ") + SECRET_TOKEN_LENGTH];
	int length = snprintf(text, sizeof(text), "form %s", value);

	secret_sha256_hex(hex, text, (size_t)length);
	explicit_bzero(text, sizeof(text));
}

static void
cookie_take(struct visit *visit, const char *value)
{
	char hex[VISIT_HASH_HEX + 1];

	memmove(visit->cookie, value, SECRET_TOKEN_LENGTH + 1);
	sign_cookie_hex(visit->cookie_hex, visit->cookie);
	csrf_hash(hex, visit->cookie);
	memcpy(visit->csrf, hex, VISIT_CSRF_LENGTH);
	visit->csrf[VISIT_CSRF_LENGTH] = '\0';
}

void
visit_read_cookie(struct visit *visit)
{
	char text[SECRET_TOKEN_LENGTH + 1];
	const char *value;
	size_t length;

	if (!http_cookie_find(&value, &length,
	    http_request_field(visit->request, "cookie"), SIGN_COOKIE) ||
	    length != SECRET_TOKEN_LENGTH)
		return;
	memcpy(text, value, length);
	text[length] = '\0';
	if (secret_token_form(text))
		cookie_take(visit, text);
	explicit_bzero(text, sizeof(text));
}

void
visit_set_cookie(struct visit *visit, const char *value)
{
	cookie_take(visit, value);
	visit->cookie_goes = VISIT_COOKIE_SET;
}

void
visit_clear_cookie(struct visit *visit)
{
	explicit_bzero(visit->cookie, sizeof(visit->cookie));
	*visit->cookie_hex = *visit->csrf = '\0';
	visit->cookie_goes = VISIT_COOKIE_CLEAR;
}

struct view_form
visit_form(struct visit *visit)
{
	struct view_form form = {
		.csrf = visit->csrf, .refusal = visit->delay.words,
		.number = visit->delay.retry_s,
	};
	char value[SECRET_TOKEN_LENGTH + 1];
	struct err err;

	if (*visit->cookie != '\0')
		return form;
	/* Without randomness the form is shown, but it will be refused. */
	if (secret_token(value, &err) == 0)
		visit_set_cookie(visit, value);
	else
		log_error("pages: %s; forms are refused", err.text);
	explicit_bzero(value, sizeof(value));
	return form;
}

void
visit_form_once(struct visit *visit, struct view_form *form)
{
	const char *sent = visit_sent(visit, "gang");
	struct err err;

	static_assert(VIEW_ONCE_BYTES == SECRET_TOKEN_LENGTH + 1,
	    "a token fits");
	if (visit->delay.status != 0 && secret_token_form(sent))
		memcpy(form->once, sent, sizeof(form->once));
	else if (secret_token(form->once, &err) != 0)
		log_error("pages: %s; forms may work twice", err.text);
}
