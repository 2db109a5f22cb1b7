/*
 * Passwords, codes, invitations, links:  sign_in_visit -> (src/sign) -> ended
 *
 * What is checked and how is the room sign's; this file only hands over what came in
 * and puts the end into words.
 */
#include "api/sign_in.h"

#include <stdlib.h>
#include <string.h>

#include "api/call.h"
#include "sign/sign.h"

static const struct {
	const char	*route;
	enum sign_step	 step;
} steps[] = {
	{ "sign_in", SIGN_IN },
	{ "sign_in_again", SIGN_IN_AGAIN },
	{ "mail_link_send", SIGN_LINK_SEND },
	{ "mail_link_use", SIGN_BY_LINK },
	{ "invitation_accept", SIGN_INVITATION_ACCEPT },
	{ "invitation_confirm", SIGN_INVITATION_CONFIRM },
	{ "password_change", SIGN_PASSWORD_CHANGE },
};

static const char *
input_text(const struct api_call *call, const char *name)
{
	return json_value_get_text(json_value_find(call->input, name));
}

static bool
waits(void *arg)
{
	const struct api_call *call = arg;

	return call->request != NULL;
}

/* The database's answer with what the end says. */
static void
settle(struct api_call *call, const struct sign_end *end)
{
	struct store_api_answer own = *end->answer;
	char *text = json_value_format(end->body, false);

	own.body = text;
	own.body_length = strlen(text);
	api_call_settle(call, &own);
	xforget(text);
}

static void
ended(const struct sign_end *end, void *arg)
{
	struct api_call *call = arg;

	if (!api_call_goes_on(call))
		return;
	switch (end->result) {
	case SIGN_DONE:
		settle(call, end);
		break;
	case SIGN_SAID:
		api_call_settle(call, end->answer);
		break;
	case SIGN_WRONG:
		api_call_problem(call, API_PROBLEM_SIGN_IN_REFUSED, NULL);
		break;
	case SIGN_TOO_MANY:
		api_call_wait(call, API_PROBLEM_TOO_MANY, end->retry_s);
		break;
	case SIGN_BUSY:
		api_call_wait(call, API_PROBLEM_BUSY, end->retry_s);
		break;
	case SIGN_FAULT:
	case SIGN_GONE:
		api_call_problem(call, API_PROBLEM_FAULT, NULL);
		break;
	}
}

void
sign_in_visit(struct api_call *call)
{
	struct sign_wish wish = {
		.address = http_request_address(call->request),
		.bearer_hex = call->signed_in ? call->bearer_hex : NULL,
		.mail = input_text(call, "mail"),
		.password = input_text(call, "password"),
		.code = input_text(call, "code"),
		.token = input_text(call, "token"),
		.client = http_request_field(call->request, "user-agent"),
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(steps); i++)
		if (strcmp(call->route->name, steps[i].route) == 0)
			wish.step = steps[i].step;
	sign_begin(call->api->sign, &wish, waits, ended, call);
}
