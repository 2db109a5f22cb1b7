/*
 * Another password:  flow_change_begun -> compared -> hashed
 *
 * In a session whose password and code were given of late; all others end. The old one
 * is no other.
 */
#include "sign/desk.h"
#include "sign/flow.h"

static void compared(struct desk_job *job);
static void hashed(struct desk_job *job);

static void
put(struct sign_flow *flow, struct desk_job *job, desk_done_fn *done)
{
	if (!desk_put(flow->sign->desk, job, done)) {
		desk_job_free(job);
		flow_end_wait(flow, SIGN_BUSY, FLOW_BUSY_RETRY_S);
	}
}

void
flow_change_begun(struct sign_flow *flow, const struct store_api_answer *answer)
{
	struct json_value *task = flow_body(answer);

	if (flow_password_ok(flow, flow_text(task, "login")))
		put(flow, desk_job_new(flow, DESK_VERIFY, flow->password,
		    flow_text(task, "password_hash")), compared);
	json_value_free(task);
}

static void
compared(struct desk_job *job)
{
	struct sign_flow *flow = job->flow;
	bool worked = job->worked, same = job->right;

	desk_job_free(job);
	if (!flow_goes_on(flow))
		return;
	if (!worked)
		flow_end_wait(flow, SIGN_BUSY, FLOW_BUSY_RETRY_S);
	else if (same)
		flow_password_refuse(flow, "old");
	else
		put(flow, desk_job_new(flow, DESK_HASH, flow->password, NULL),
		    hashed);
}

static void
hashed(struct desk_job *job)
{
	struct sign_flow *flow = job->flow;
	struct json_value *input;

	if (!flow_goes_on(flow)) {
		desk_job_free(job);
		return;
	}
	if (job->worked) {
		input = flow_input(flow);
		json_value_set(input, "password_hash",
		    json_value_text(job->fresh));
		flow_ask(flow, "password_change_finish", input,
		    flow_end_done);
	} else {
		flow_end_wait(flow, SIGN_BUSY, FLOW_BUSY_RETRY_S);
	}
	desk_job_free(job);
}
