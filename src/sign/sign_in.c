/*
 * Signing in:   flow_sign_in_begun -> password_hashed -> finished
 * Once more:    the same, in a session
 * In halves:    flow_sign_in_begun -> password_hashed -> finished
 *               flow_code_begun -> finished
 * A code again: flow_code_begun -> finished, which renews what it began
 *
 * The database counts the attempt and tells what to check; the thread hashes the
 * password; the code is compared here; the database decides whether the account is
 * still as it was and the code is new. A wrong mail address, password and code get
 * the same answer after the same time: of somebody unknown there is nothing to
 * check, but all of it is done.
 */
#include <stdlib.h>
#include <string.h>

#include "secret/totp.h"
#include "sign/code.h"
#include "sign/desk.h"
#include "sign/flow.h"

static void password_hashed(struct desk_job *job);

/* ---- the end ---- */

static void
finished(struct sign_flow *flow, const struct store_api_answer *answer)
{
	struct json_value *body = flow_body(answer);
	bool proved = json_value_get_bool(json_value_find(body, "signed_in"),
	    false) || json_value_get_bool(json_value_find(body, "started"),
	    false);

	json_value_free(body);
	if (proved)
		flow_end_done(flow, answer);
	else
		flow_end(flow, SIGN_WRONG);
}

static const char *
finish_route(enum sign_step step)
{
	switch (step) {
	case SIGN_IN_AGAIN:
		return "sign_in_again_finish";
	case SIGN_IN_PASSWORD:
		return "sign_in_start";
	default:
		return "sign_in_finish";
	}
}

/* `input` says what was proved; it is taken over. */
static void
finish(struct sign_flow *flow, struct json_value *input)
{
	bool begins = flow->step != SIGN_IN_AGAIN;

	if (!flow_right(flow, input))
		return;
	if (begins && !flow_fresh_add(flow, input,
	    flow->step == SIGN_IN_PASSWORD ? "start_hash" : "token_hash")) {
		json_value_free(input);
		return;
	}
	if (flow->step == SIGN_IN_CODE)
		json_value_set(input, "start_hash",
		    json_value_text(flow->bearer_hex));
	if (begins && flow->client != NULL)
		json_value_set(input, "client", json_value_text(flow->client));
	flow_ask(flow, finish_route(flow->step), input, finished);
}

/* ---- the checks ---- */

/* "123 456", or a recovery code: adds what the database needs to use it up. */
static bool
code_add(struct json_value *input, const struct sign_flow *flow,
    const char *totp_hex, int64_t now_s, int64_t last_step)
{
	char code[CODE_BYTES], hex[2 * SECRET_SHA256_BYTES + 1];
	int64_t step = 0;

	code_clean(code, flow->code);
	if (strlen(code) == TOTP_DIGITS) {
		step = code_check(totp_hex, code, now_s, last_step);
		json_value_set(input, "step", json_value_int(step));
	} else {
		secret_sha256_hex(hex, code, strlen(code));
		json_value_set(input, "recovery_hash", json_value_text(hex));
	}
	explicit_bzero(code, sizeof(code));
	return step >= 0;
}

static void
password_hashed(struct desk_job *job)
{
	struct sign_flow *flow = job->flow;
	struct json_value *input;
	bool right = job->right;

	if (!flow_is_kept(flow)) {
		desk_job_free(job);
		return;
	}
	input = flow_input(flow);
	json_value_set(input, "person_id", json_value_int(job->person_id));
	if (job->hash != NULL)
		json_value_set(input, "password_hash",
		    json_value_text(job->hash));
	if (job->made)
		json_value_set(input, "new_password_hash",
		    json_value_text(job->fresh));
	if (flow->step != SIGN_IN_PASSWORD)
		right &= code_add(input, flow, job->totp_hex, job->now_s,
		    job->totp_last_step);
	if (job->worked && right) {
		finish(flow, input);
	} else {
		json_value_free(input);
		flow_end_wait(flow, job->worked ? SIGN_WRONG : SIGN_BUSY,
		    FLOW_BUSY_RETRY_S);
	}
	desk_job_free(job);
}

/* ---- begin ---- */

void
flow_sign_in_begun(struct sign_flow *flow,
    const struct store_api_answer *answer)
{
	struct json_value *task = flow_body(answer);
	struct desk_job *job = desk_job_new(flow, DESK_VERIFY, flow->password,
	    flow_text(task, "password_hash"));

	job->person_id = flow_int(task, "person_id");
	job->now_s = flow_int(task, "now");
	job->totp_last_step = flow_int(task, "totp_last_step");
	job->totp_hex = xstrdup_null(flow_text(task, "totp_secret"));
	json_value_free(task);
	if (!desk_put(flow->sign->desk, job, password_hashed)) {
		desk_job_free(job);
		flow_end_wait(flow, SIGN_BUSY, FLOW_BUSY_RETRY_S);
	}
}

static void
renew(struct sign_flow *flow, struct json_value *input)
{
	if (flow_fresh_add(flow, input, "token_hash"))
		flow_ask(flow, "sign_in_renew", input, finished);
	else
		json_value_free(input);
}

/* The password was right when the first half began. */
void
flow_code_begun(struct sign_flow *flow, const struct store_api_answer *answer)
{
	struct json_value *task = flow_body(answer), *input = flow_input(flow);
	const char *hash = flow_text(task, "password_hash");
	bool right;

	if (json_value_get_bool(json_value_find(task, "again"), false)) {
		json_value_free(task);
		renew(flow, input);
		return;
	}
	json_value_set(input, "person_id",
	    json_value_int(flow_int(task, "person_id")));
	if (hash != NULL)
		json_value_set(input, "password_hash", json_value_text(hash));
	right = code_add(input, flow, flow_text(task, "totp_secret"),
	    flow_int(task, "now"), flow_int(task, "totp_last_step"));
	json_value_free(task);
	if (right) {
		finish(flow, input);
	} else {
		json_value_free(input);
		flow_end(flow, SIGN_WRONG);
	}
}
