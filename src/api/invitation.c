/*
 * Accepting an invitation:  invitation_accept_visit -> accept_begun -> hashed ->
 *                           accepted
 * Its first code:           invitation_confirm_visit -> confirm_begun -> confirmed
 *
 * The password is set and the authenticator gets its secret; both wait until the
 * first code shows that it works, and that uses the invitation up. Until then it
 * may be accepted again. Ten recovery codes are shown at the end, once.
 */
#include "api/sign_in.h"

#include <stdlib.h>
#include <string.h>

#include "api/code.h"
#include "api/desk.h"
#include "base/log.h"
#include "base/text.h"
#include "secret/totp.h"

enum { BUSY_RETRY_S = 2 };

static const char issuer[] = "Kattegat";

static void accept_begun(struct api_call *call,
    const struct store_api_answer *answer);
static void hashed(struct desk_job *job);
static void accepted(struct api_call *call,
    const struct store_api_answer *answer);
static void confirm_begun(struct api_call *call,
    const struct store_api_answer *answer);
static void confirmed(struct api_call *call,
    const struct store_api_answer *answer);

/* {"token_hash": ...} of the invitation's secret, for the database. */
static struct json_value *
input_new(const struct api_call *call)
{
	const char *token = code_text(call->input, "token");
	char hex[2 * SECRET_SHA256_BYTES + 1];
	struct json_value *input = json_value_object();

	secret_sha256_hex(hex, token, strlen(token));
	json_value_set(input, "token_hash", json_value_text(hex));
	return input;
}

/* A guessed secret is as wrong as a guessed password. */
static void
settle(struct api_call *call, const struct store_api_answer *answer)
{
	if (answer->result == STORE_API_REFUSED &&
	    api_problem_of_state(answer->sqlstate) == API_PROBLEM_NOT_FOUND)
		desk_failed(call->api->desk,
		    http_request_address(call->request));
	api_call_settle(call, answer);
}

static void
begin(struct api_call *call, api_said_fn *said)
{
	struct json_value *input;

	if (!code_may_try(call))
		return;
	input = input_new(call);
	api_call_ask(call, "invitation_begin", input, said);
	json_value_free(input);
}

static bool
random_failed(struct api_call *call, const struct err *err)
{
	log_error("api: no invitation can be accepted: %s", err->text);
	api_call_problem(call, API_PROBLEM_FAULT, NULL);
	return false;
}

/* ---- accept ---- */

void
invitation_accept_visit(struct api_call *call)
{
	begin(call, accept_begun);
}

static void
accept_begun(struct api_call *call, const struct store_api_answer *answer)
{
	struct json_value *task;
	struct desk_job *job;
	const char *mail;

	if (answer->result != STORE_API_DONE) {
		settle(call, answer);
		return;
	}
	/* Kept for the authenticator's label. */
	task = code_answer(answer);
	mail = code_text(task, "mail");
	json_value_set(call->input, "mail",
	    json_value_text(mail == NULL ? "" : mail));
	json_value_free(task);
	job = desk_job_new(call, DESK_HASH, code_text(call->input, "password"),
	    NULL);
	if (!desk_put(call->api->desk, job, hashed)) {
		desk_job_free(job);
		code_wait(call, API_PROBLEM_BUSY, BUSY_RETRY_S);
	}
}

/* A new secret: in hex for the database, in letters and as a URI for the answer. */
static bool
secret_add(struct api_call *call, struct json_value *input)
{
	unsigned char secret[TOTP_SECRET_BYTES];
	char letters[TOTP_SECRET_LETTERS + 1], hex[2 * TOTP_SECRET_BYTES + 1];
	struct err err;
	char *uri;

	if (totp_secret_new(secret, &err) != 0)
		return random_failed(call, &err);
	text_hex(hex, secret, sizeof(secret));
	totp_secret_format(letters, secret);
	uri = totp_uri(secret, issuer, code_text(call->input, "mail"));
	json_value_set(input, "totp_secret", json_value_text(hex));
	json_value_set(call->input, "secret", json_value_text(letters));
	json_value_set(call->input, "uri", json_value_text(uri));
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(letters, sizeof(letters));
	explicit_bzero(hex, sizeof(hex));
	free(uri);
	return true;
}

static void
hashed(struct desk_job *job)
{
	struct api_call *call = job->call;
	struct json_value *input;

	if (!api_call_goes_on(call)) {
		desk_job_free(job);
		return;
	}
	input = input_new(call);
	if (!job->worked) {
		code_wait(call, API_PROBLEM_BUSY, BUSY_RETRY_S);
	} else if (secret_add(call, input)) {
		json_value_set(input, "password_hash",
		    json_value_text(job->fresh));
		api_call_ask(call, "invitation_set", input, accepted);
	}
	json_value_free(input);
	desk_job_free(job);
}

static void
accepted(struct api_call *call, const struct store_api_answer *answer)
{
	struct json_value *body;

	if (answer->result != STORE_API_DONE) {
		settle(call, answer);
		return;
	}
	body = json_value_object();
	json_value_set(body, "secret",
	    json_value_text(code_text(call->input, "secret")));
	json_value_set(body, "uri",
	    json_value_text(code_text(call->input, "uri")));
	code_settle(call, answer, body);
}

/* ---- confirm ---- */

void
invitation_confirm_visit(struct api_call *call)
{
	begin(call, confirm_begun);
}

/* "abcd-efgh-ijkl-mnop" for people; what is hashed has no hyphens. */
static void
recovery_format(char out[CODE_BYTES], const char *letters)
{
	int i, n = 0;

	for (i = 0; i < CODE_RECOVERY_LETTERS; i++) {
		if (i > 0 && i % 4 == 0)
			out[n++] = '-';
		out[n++] = letters[i];
	}
	out[n] = '\0';
}

/* New recovery codes: hashes for the database, the codes for the answer. */
static bool
recovery_add(struct api_call *call, struct json_value *input)
{
	struct json_value *codes = json_value_array();
	struct json_value *hashes = json_value_array();
	char token[SECRET_TOKEN_LENGTH + 1], code[CODE_BYTES];
	char hex[2 * SECRET_SHA256_BYTES + 1];
	struct err err;
	int i, rc = 0;

	for (i = 0; i < CODE_RECOVERY_CODES && rc == 0; i++) {
		rc = secret_token(token, &err);
		if (rc != 0)
			break;
		secret_sha256_hex(hex, token, CODE_RECOVERY_LETTERS);
		recovery_format(code, token);
		json_value_add(hashes, json_value_text(hex));
		json_value_add(codes, json_value_text(code));
	}
	explicit_bzero(token, sizeof(token));
	explicit_bzero(code, sizeof(code));
	json_value_set(input, "recovery_hashes", hashes);
	json_value_set(call->input, "recovery_codes", codes);
	return rc == 0 || random_failed(call, &err);
}

static void
confirm_begun(struct api_call *call, const struct store_api_answer *answer)
{
	struct json_value *task, *input;
	const char *totp_hex;
	char code[CODE_BYTES];
	int64_t step;

	if (answer->result != STORE_API_DONE) {
		settle(call, answer);
		return;
	}
	task = code_answer(answer);
	totp_hex = code_text(task, "totp_secret");
	code_clean(code, code_text(call->input, "code"));
	step = code_check(totp_hex, code, code_int(task, "now"), 0);
	if (step < 0) {
		desk_failed(call->api->desk,
		    http_request_address(call->request));
		api_call_problem(call, API_PROBLEM_SIGN_IN_REFUSED, NULL);
	} else {
		input = input_new(call);
		json_value_set(input, "totp_secret", json_value_text(totp_hex));
		json_value_set(input, "step", json_value_int(step));
		if (recovery_add(call, input))
			api_call_ask(call, "invitation_finish", input,
			    confirmed);
		json_value_free(input);
	}
	json_value_free(task);
}

static void
confirmed(struct api_call *call, const struct store_api_answer *answer)
{
	const struct json_value *codes;
	struct json_value *body, *list;
	size_t i;

	if (answer->result != STORE_API_DONE) {
		settle(call, answer);
		return;
	}
	codes = json_value_find(call->input, "recovery_codes");
	list = json_value_array();
	for (i = 0; i < json_value_count(codes); i++)
		json_value_add(list, json_value_text(json_value_get_text(
		    json_value_at(codes, i))));
	body = json_value_object();
	json_value_set(body, "recovery_codes", list);
	code_settle(call, answer, body);
}
