/*
 * Another password:  flow_change_begun -> hashed
 *
 * In a session whose password and code were given of late; all others end.
 */
#include "sign/desk.h"
#include "sign/flow.h"

static void hashed(struct desk_job *job);

void
flow_change_begun(struct sign_flow *flow, const struct store_api_answer *answer)
{
	struct desk_job *job = desk_job_new(flow, DESK_HASH, flow->password,
	    NULL);

	(void)answer;
	if (!desk_put(flow->sign->desk, job, hashed)) {
		desk_job_free(job);
		flow_end_wait(flow, SIGN_BUSY, FLOW_BUSY_RETRY_S);
	}
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
