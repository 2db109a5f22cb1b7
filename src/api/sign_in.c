/*
 * Signing in:  sign_in_visit -> begun -> hashed -> finished
 * Once more:   sign_in_again_visit -> begun -> hashed -> again_finished
 *
 * The database counts the attempt and tells what to check; the thread hashes the
 * password; the code is compared here; the database decides whether the account is
 * still as it was and the code is new. A wrong mail address, password and code get
 * the same answer after the same time: of somebody unknown there is nothing to
 * check, but all of it is done.
 */
#include "api/sign_in.h"

#include <stdlib.h>
#include <string.h>

#include "api/call.h"
#include "api/code.h"
#include "api/desk.h"
#include "base/log.h"
#include "base/text.h"
#include "secret/totp.h"

enum { BUSY_RETRY_S = 2 };

static void begun(struct api_call *call, const struct store_api_answer *answer);
static void hashed(struct desk_job *job);
static void finished(struct api_call *call,
    const struct store_api_answer *answer);
static void again_finished(struct api_call *call,
    const struct store_api_answer *answer);

static bool
is_again(const struct api_call *call)
{
	return strcmp(call->route->name, "sign_in_again") == 0;
}

static void
refused(struct api_call *call)
{
	desk_failed(call->api->desk, http_request_address(call->request));
	api_call_problem(call, API_PROBLEM_SIGN_IN_REFUSED, NULL);
}

/* ---- begin ---- */

static void
visit(struct api_call *call, const char *route, const char *mail)
{
	struct json_value *input;

	if (!code_may_try(call))
		return;
	input = json_value_object();
	if (mail != NULL)
		json_value_set(input, "mail", json_value_text(mail));
	api_call_ask(call, route, input, begun);
	json_value_free(input);
}

void
sign_in_visit(struct api_call *call)
{
	visit(call, "sign_in_begin", code_text(call->input, "mail"));
}

void
sign_in_again_visit(struct api_call *call)
{
	visit(call, "sign_in_again_begin", NULL);
}

static void
begun(struct api_call *call, const struct store_api_answer *answer)
{
	struct json_value *task;
	struct desk_job *job;
	int64_t wait_s;

	if (answer->result != STORE_API_DONE) {
		api_call_settle(call, answer);
		return;
	}
	task = code_answer(answer);
	wait_s = code_int(task, "wait_s");
	if (wait_s > 0) {
		json_value_free(task);
		code_wait(call, API_PROBLEM_TOO_MANY, wait_s);
		return;
	}
	job = desk_job_new(call, DESK_VERIFY, code_text(call->input, "password"),
	    code_text(task, "password_hash"));
	job->person_id = code_int(task, "person_id");
	job->now_s = code_int(task, "now");
	job->totp_last_step = code_int(task, "totp_last_step");
	job->totp_hex = xstrdup_null(code_text(task, "totp_secret"));
	json_value_free(task);
	if (!desk_put(call->api->desk, job, hashed)) {
		desk_job_free(job);
		code_wait(call, API_PROBLEM_BUSY, BUSY_RETRY_S);
	}
}

/* ---- the check ---- */

/* "123 456", or a recovery code: adds what the database needs to use it up. */
static bool
code_add(struct json_value *input, const struct api_call *call,
    const struct desk_job *job)
{
	char code[CODE_BYTES], hex[2 * SECRET_SHA256_BYTES + 1];
	int64_t step;

	code_clean(code, code_text(call->input, "code"));
	if (strlen(code) == TOTP_DIGITS) {
		step = code_check(job->totp_hex, code, job->now_s,
		    job->totp_last_step);
		json_value_set(input, "step", json_value_int(step));
		return step >= 0;
	}
	secret_sha256_hex(hex, code, strlen(code));
	json_value_set(input, "recovery_hash", json_value_text(hex));
	return true;
}

static void
finish_ask(struct api_call *call, struct json_value *input)
{
	char token[SECRET_TOKEN_LENGTH + 1];
	char hex[2 * SECRET_SHA256_BYTES + 1];
	const char *client = http_request_field(call->request, "user-agent");
	struct err err;

	if (is_again(call)) {
		api_call_ask(call, "sign_in_again_finish", input,
		    again_finished);
		return;
	}
	if (secret_token(token, &err) != 0) {
		log_error("api: nobody can sign in: %s", err.text);
		api_call_problem(call, API_PROBLEM_FAULT, NULL);
		return;
	}
	secret_sha256_hex(hex, token, strlen(token));
	json_value_set(input, "token_hash", json_value_text(hex));
	if (client != NULL && text_utf8_ok(client, strlen(client)))
		json_value_set(input, "client", json_value_text(client));
	/* Kept for the answer. */
	json_value_set(call->input, "token", json_value_text(token));
	explicit_bzero(token, sizeof(token));
	api_call_ask(call, "sign_in_finish", input, finished);
}

static void
hashed(struct desk_job *job)
{
	struct api_call *call = job->call;
	struct json_value *input;
	bool code_right;

	if (!api_call_goes_on(call)) {
		desk_job_free(job);
		return;
	}
	input = json_value_object();
	json_value_set(input, "person_id", json_value_int(job->person_id));
	if (job->hash != NULL)
		json_value_set(input, "password_hash",
		    json_value_text(job->hash));
	if (job->made)
		json_value_set(input, "new_password_hash",
		    json_value_text(job->fresh));
	code_right = code_add(input, call, job);
	if (!job->worked)
		code_wait(call, API_PROBLEM_BUSY, BUSY_RETRY_S);
	else if (job->right && code_right)
		finish_ask(call, input);
	else
		refused(call);
	json_value_free(input);
	desk_job_free(job);
}

/* ---- the end ---- */

/* True when it went well; else the call was answered. */
static bool
proved(struct api_call *call, const struct store_api_answer *answer,
    struct json_value **body)
{
	if (answer->result != STORE_API_DONE) {
		api_call_settle(call, answer);
		return false;
	}
	*body = code_answer(answer);
	if (json_value_get_bool(json_value_find(*body, "signed_in"), false))
		return true;
	json_value_free(*body);
	refused(call);
	return false;
}

static void
finished(struct api_call *call, const struct store_api_answer *answer)
{
	struct json_value *body;

	if (!proved(call, answer, &body))
		return;
	json_value_set(body, "token",
	    json_value_text(code_text(call->input, "token")));
	code_settle(call, answer, body);
}

static void
again_finished(struct api_call *call, const struct store_api_answer *answer)
{
	struct json_value *body;

	if (proved(call, answer, &body))
		code_settle(call, answer, body);
}
