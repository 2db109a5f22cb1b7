#include "api/code.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "api/desk.h"
#include "secret/totp.h"

enum { BUSY_RETRY_S = 2 };

void
code_wait(struct api_call *call, enum api_problem problem, int64_t seconds)
{
	struct json_value *details = json_value_object();

	json_value_set(details, "retry_after", json_value_int(seconds));
	api_call_problem(call, problem, details);
}

bool
code_may_try(struct api_call *call)
{
	int64_t wait_s = desk_wait_s(call->api->desk,
	    http_request_address(call->request));

	if (wait_s > 0) {
		code_wait(call, API_PROBLEM_TOO_MANY, wait_s);
		return false;
	}
	if (!desk_has_room(call->api->desk)) {
		code_wait(call, API_PROBLEM_BUSY, BUSY_RETRY_S);
		return false;
	}
	return true;
}

struct json_value *
code_answer(const struct store_api_answer *answer)
{
	struct json_value *body = NULL;
	struct err err;
	int rc = json_value_parse(&body, answer->body, answer->body_length,
	    &err);

	assert(rc == 0);
	(void)rc;
	return body;
}

const char *
code_text(const struct json_value *object, const char *name)
{
	return json_value_get_text(json_value_find(object, name));
}

int64_t
code_int(const struct json_value *object, const char *name)
{
	return json_value_get_int(json_value_find(object, name), 0);
}

void
code_settle(struct api_call *call, const struct store_api_answer *answer,
    struct json_value *body)
{
	struct store_api_answer own = *answer;
	char *text = json_value_format(body, false);

	json_value_free(body);
	own.body = text;
	own.body_length = strlen(text);
	api_call_settle(call, &own);
	explicit_bzero(text, strlen(text));
	free(text);
}

void
code_clean(char out[CODE_BYTES], const char *text)
{
	size_t n = 0;

	for (; *text != '\0' && n + 1 < CODE_BYTES; text++)
		if (*text != ' ' && *text != '-')
			out[n++] = (char)tolower((unsigned char)*text);
	out[n] = '\0';
}

/* Hex as the database writes it; false when it is something else. */
static bool
hex_read(unsigned char out[TOTP_SECRET_BYTES], const char *hex)
{
	static const char digits[] = "0123456789abcdef";
	const char *high, *low;
	size_t i;

	if (strlen(hex) != 2 * TOTP_SECRET_BYTES)
		return false;
	for (i = 0; i < TOTP_SECRET_BYTES; i++) {
		high = strchr(digits, hex[2 * i]);
		low = strchr(digits, hex[2 * i + 1]);
		if (high == NULL || low == NULL)
			return false;
		out[i] = (unsigned char)((high - digits) << 4 | (low - digits));
	}
	return true;
}

int64_t
code_check(const char *totp_hex, const char *code, int64_t now_s,
    int64_t last_step)
{
	unsigned char secret[TOTP_SECRET_BYTES] = { 0 };
	bool known = totp_hex != NULL && hex_read(secret, totp_hex);
	int64_t step = totp_check(secret, sizeof(secret), code, now_s,
	    last_step);

	explicit_bzero(secret, sizeof(secret));
	return known ? step : -1;
}
