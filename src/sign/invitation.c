/*
 * Looking at an invitation:  flow_invitation_seen
 * Accepting it:              flow_accept_begun -> hashed
 * Its first code:            flow_confirm_begun
 *
 * The password is set and the authenticator gets its secret; both wait until the
 * first code shows that it works, and that uses the invitation up. Until then it
 * may be accepted again. Ten recovery codes are shown at the end, once; to the browser
 * that sends its form again within a minute, the same ones.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "secret/totp.h"
#include "sign/code.h"
#include "sign/desk.h"
#include "sign/flow.h"

static const char issuer[] = "Kattegat";

static void hashed(struct desk_job *job);

/* The authenticator's secret, if there is one, is not for whoever looks. */
void
flow_invitation_seen(struct sign_flow *flow,
    const struct store_api_answer *answer)
{
	struct json_value *task = flow_body(answer);
	const char *name = flow_text(task, "name");
	const char *mail = flow_text(task, "mail");

	flow_add(flow, "name", json_value_text(name == NULL ? "" : name));
	flow_add(flow, "mail", json_value_text(mail == NULL ? "" : mail));
	json_value_free(task);
	flow_end_made(flow, answer);
}

/* ---- accept ---- */

void
flow_accept_begun(struct sign_flow *flow, const struct store_api_answer *answer)
{
	struct json_value *task = flow_body(answer);
	const char *mail = flow_text(task, "mail");
	struct desk_job *job;

	/* Kept for the authenticator's label. */
	flow->mail = xstrdup(mail == NULL ? "" : mail);
	json_value_free(task);
	if (!flow_password_ok(flow, flow->mail))
		return;
	job = desk_job_new(flow, DESK_HASH, flow->password, NULL);
	if (!desk_put(flow->sign->desk, job, hashed)) {
		desk_job_free(job);
		flow_end_wait(flow, SIGN_BUSY, FLOW_BUSY_RETRY_S);
	}
}

/* A new secret: in hex for the database, in letters and as a URI for the answer. */
static int
secret_add(struct sign_flow *flow, struct json_value *input, struct err *err)
{
	unsigned char secret[TOTP_SECRET_BYTES];
	char letters[TOTP_SECRET_LETTERS + 1], hex[2 * TOTP_SECRET_BYTES + 1];
	char *uri;

	if (totp_secret_new(secret, err) != 0)
		return -1;
	text_hex(hex, secret, sizeof(secret));
	totp_secret_format(letters, secret);
	uri = totp_uri(secret, issuer, flow->mail);
	json_value_set(input, "totp_secret", json_value_text(hex));
	flow_add(flow, "secret", json_value_text(letters));
	flow_add(flow, "uri", json_value_text(uri));
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(letters, sizeof(letters));
	explicit_bzero(hex, sizeof(hex));
	xforget(uri);
	return 0;
}

static void
accept_ask(struct sign_flow *flow, const char *password_hash)
{
	struct json_value *input = flow_input(flow);
	struct err err;

	if (secret_add(flow, input, &err) != 0) {
		json_value_free(input);
		flow_end_fault(flow, &err);
		return;
	}
	json_value_set(input, "password_hash", json_value_text(password_hash));
	flow_ask(flow, "invitation_set", input, flow_end_made);
}

static void
hashed(struct desk_job *job)
{
	struct sign_flow *flow = job->flow;

	if (flow_goes_on(flow)) {
		if (job->worked)
			accept_ask(flow, job->fresh);
		else
			flow_end_wait(flow, SIGN_BUSY, FLOW_BUSY_RETRY_S);
	}
	desk_job_free(job);
}

/* ---- confirm ---- */

/* `hashes` gets what the database keeps of them. */
static int
codes_add(struct sign_flow *flow, struct json_value *hashes, struct err *err)
{
	struct json_value *codes = json_value_array();
	char *seed = flow->cookie == NULL ? NULL :
	    xasprintf("%s %s", flow->cookie, flow->token);
	int rc = code_recovery_add(codes, hashes, seed, err);

	flow_add(flow, "recovery_codes", codes);
	xforget(seed);
	return rc;
}

static void
confirm_ask(struct sign_flow *flow, const char *totp_hex, int64_t step)
{
	struct json_value *input = flow_input(flow);
	struct json_value *hashes = json_value_array();
	struct err err;
	int rc;

	if (!flow_right(flow, input)) {
		json_value_free(hashes);
		return;
	}
	rc = codes_add(flow, hashes, &err);
	json_value_set(input, "totp_secret", json_value_text(totp_hex));
	json_value_set(input, "step", json_value_int(step));
	json_value_set(input, "recovery_hashes", hashes);
	if (rc == 0) {
		flow_ask(flow, "invitation_finish", input, flow_end_made);
	} else {
		json_value_free(input);
		flow_end_fault(flow, &err);
	}
}

/* What was shown to somebody who did not wait for it. */
static void
show_again(struct sign_flow *flow, const struct store_api_answer *answer)
{
	struct json_value *hashes = json_value_array();
	struct err err;

	if (codes_add(flow, hashes, &err) == 0)
		flow_end_made(flow, answer);
	else
		flow_end_fault(flow, &err);
	json_value_free(hashes);
}

void
flow_confirm_begun(struct sign_flow *flow,
    const struct store_api_answer *answer)
{
	struct json_value *task = flow_body(answer);
	const char *totp_hex = flow_text(task, "totp_secret");
	char code[CODE_BYTES];
	int64_t step;

	if (json_value_get_bool(json_value_find(task, "again"), false)) {
		json_value_free(task);
		show_again(flow, answer);
		return;
	}
	code_clean(code, flow->code);
	step = code_check(totp_hex, code, flow_int(task, "now"), 0);
	explicit_bzero(code, sizeof(code));
	if (step >= 0)
		confirm_ask(flow, totp_hex, step);
	else
		flow_end(flow, SIGN_WRONG);
	json_value_free(task);
}
