#include "sign/flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "feed/generations.h"
#include "sign/desk.h"
#include "sign/weak.h"

static const struct flow_step steps[SIGN_STEPS] = {
	[SIGN_IN] = { "sign_in_begin", flow_sign_in_begun, true, true },
	[SIGN_IN_AGAIN] = { "sign_in_again_begin", flow_sign_in_begun, true,
	    true },
	[SIGN_IN_PASSWORD] = { "sign_in_begin", flow_sign_in_begun, true,
	    true },
	[SIGN_IN_CODE] = { "sign_in_code_begin", flow_code_begun, false,
	    true },
	[SIGN_LINK_SEND] = { "mail_link_send", flow_end_done, false, false },
	[SIGN_BY_LINK] = { "mail_link_use", flow_end_done, false, false },
	[SIGN_INVITATION_LOOK] = { "invitation_begin", flow_invitation_seen,
	    false, false },
	[SIGN_INVITATION_ACCEPT] = { "invitation_begin", flow_accept_begun,
	    true, false },
	[SIGN_INVITATION_CONFIRM] = { "invitation_code_begin",
	    flow_confirm_begun, false, true },
	[SIGN_PASSWORD_CHANGE] = { "password_change_begin", flow_change_begun,
	    true, false },
};

/*
 * An attempt that may be under way is over, one way or the other, in some seconds.
 * Where more wait than that, they are told to come again.
 */
enum { PARKED_MS = 400, TIMES_PARKED_MOST = 13, PARKED_MOST = 32 };

static const char no_such[] = "KG004";

/* ---- life ---- */

struct sign *
sign_new(struct loop *loop, struct pg_pool *pool,
    struct generations *generations, const struct sign_options *options)
{
	struct sign *sign = xcalloc(1, sizeof(*sign));

	sign->loop = loop;
	sign->pool = pool;
	sign->generations = generations;
	sign->desk = desk_new(loop);
	sign->limit_ms = options->limit_ms;
	sign->free_failures = options->free_failures;
	return sign;
}

static void
flow_detach(struct sign_flow *flow)
{
	if (flow->sign == NULL)
		return;
	*flow->link = flow->next;
	if (flow->next != NULL)
		flow->next->link = flow->link;
	flow->sign = NULL;
}

/*
 * What is parked or waits for the thread ends here, what waits for the database with
 * its answer.
 */
void
sign_free(struct sign *sign)
{
	struct sign_flow *flow;
	struct desk *desk;

	if (sign == NULL)
		return;
	desk = sign->desk;
	while ((flow = sign->flows) != NULL) {
		flow_detach(flow);
		if (flow->parked != NULL)
			flow_end(flow, SIGN_GONE);
	}
	desk_free(desk);
	free(sign);
}

static void
flow_free(struct sign_flow *flow)
{
	flow_detach(flow);
	loop_event_free(flow->parked);
	xforget(flow->cookie);
	xforget(flow->bearer_hex);
	xforget(flow->password);
	xforget(flow->code);
	xforget(flow->token);
	free(flow->mail);
	free(flow->client);
	free(flow->message);
	free(flow->hint);
	json_value_free(flow->made);
	explicit_bzero(flow->fresh, sizeof(flow->fresh));
	free(flow);
}

static struct sign_flow *
flow_new(struct sign *sign, const struct sign_wish *wish)
{
	struct sign_flow *flow = xcalloc(1, sizeof(*flow));

	flow->sign = sign;
	flow->generations = sign->generations;
	flow->step = wish->step;
	memcpy(flow->address, wish->address, sizeof(flow->address));
	text_hex(flow->address_hex, flow->address, sizeof(flow->address));
	flow->bearer_hex = xstrdup_null(wish->bearer_hex);
	flow->mail = xstrdup_null(wish->mail);
	flow->password = xstrdup_null(wish->password);
	flow->code = xstrdup_null(wish->code);
	flow->token = xstrdup_null(wish->token);
	flow->cookie = xstrdup_null(wish->cookie);
	if (wish->client != NULL &&
	    text_utf8_ok(wish->client, strlen(wish->client)))
		flow->client = xstrdup(wish->client);
	flow->by_cookie = wish->by_cookie;
	flow->made = json_value_object();
	flow->next = sign->flows;
	flow->link = &sign->flows;
	if (flow->next != NULL)
		flow->next->link = &flow->next;
	sign->flows = flow;
	return flow;
}

/* ---- what is asked ---- */

/* Of the cookie nobody but the browser has, and of what was sent with it. */
static void
form_hash_add(struct json_value *input, const struct sign_flow *flow)
{
	char hex[STORE_API_HASH_HEX + 1];
	char *form = xasprintf("%d %s %s %s", (int)flow->step, flow->cookie,
	    flow->token == NULL ? "" : flow->token,
	    flow->code == NULL ? "" : flow->code);

	secret_sha256_hex(hex, form, strlen(form));
	json_value_set(input, "form_hash", json_value_text(hex));
	xforget(form);
}

struct json_value *
flow_input(const struct sign_flow *flow)
{
	char hex[STORE_API_HASH_HEX + 1];
	struct json_value *input = json_value_object();

	if (flow->cookie != NULL)
		form_hash_add(input, flow);
	json_value_set(input, "address", json_value_text(flow->address_hex));
	json_value_set(input, "free",
	    json_value_int(flow->sign->free_failures));
	if (flow->token != NULL) {
		secret_sha256_hex(hex, flow->token, strlen(flow->token));
		json_value_set(input, "token_hash", json_value_text(hex));
	}
	return input;
}

void
sign_cookie_hex(char hex[STORE_API_HASH_HEX + 1], const char *value)
{
	char *pair = xasprintf("%s=%s", SIGN_COOKIE, value);

	secret_sha256_hex(hex, pair, strlen(pair));
	xforget(pair);
}

bool
flow_fresh_add(struct sign_flow *flow, struct json_value *input,
    const char *name)
{
	char hex[STORE_API_HASH_HEX + 1];
	struct err err;

	if (secret_token(flow->fresh, &err) != 0) {
		flow_end_fault(flow, &err);
		return false;
	}
	if (flow->by_cookie)
		sign_cookie_hex(hex, flow->fresh);
	else
		secret_sha256_hex(hex, flow->fresh, strlen(flow->fresh));
	json_value_set(input, name, json_value_text(hex));
	return true;
}

static void
flow_finish(struct sign_flow *flow, const struct sign_end *end)
{
	flow->end(end, flow->arg);
	flow_free(flow);
}

static void
flow_end_said(struct sign_flow *flow, const struct store_api_answer *answer)
{
	const struct sign_end end = { .result = SIGN_SAID, .answer = answer };

	flow_finish(flow, &end);
}

/* What was refused is told, unless there were too many. */
static void
guess_counted(struct sign_flow *flow, const struct store_api_answer *answer)
{
	struct json_value *counted = flow_body(answer);
	int64_t wait_s = flow_int(counted, "wait_s");
	const struct store_api_answer refused = {
		.result = STORE_API_REFUSED, .sqlstate = no_such,
		.message = flow->message, .detail = "", .hint = flow->hint,
	};

	json_value_free(counted);
	if (wait_s > 0)
		flow_end_wait(flow, SIGN_TOO_MANY, wait_s);
	else
		flow_end_said(flow, &refused);
}

/* An invitation or a link that nobody has is a guess, and counts as one. */
static void
said_no(struct sign_flow *flow, const struct store_api_answer *answer)
{
	if (flow->token == NULL || flow->message != NULL ||
	    answer->result != STORE_API_REFUSED ||
	    strcmp(answer->sqlstate, no_such) != 0) {
		flow_end_said(flow, answer);
		return;
	}
	flow->message = xstrdup(answer->message);
	flow->hint = xstrdup(answer->hint);
	flow_ask(flow, "sign_in_guess", flow_input(flow), guess_counted);
}

static flow_said_fn begun;

/* Its attempt was counted: nobody need wait. */
static bool
must_judge(const struct sign_flow *flow, const struct store_api_answer *answer)
{
	return flow->sign != NULL && flow->said == begun &&
	    steps[flow->step].counts && answer->result == STORE_API_DONE;
}

/* What was committed is told to all processes before anybody hears of it. */
static void
database_said(const struct store_api_answer *answer, void *arg)
{
	struct sign_flow *flow = arg;

	if (answer->result == STORE_API_DONE && answer->scopes != NULL &&
	    *answer->scopes != '\0')
		generations_bump(flow->generations, answer->scopes);
	if (!must_judge(flow, answer) && !flow_goes_on(flow))
		return;
	if (answer->result == STORE_API_DONE)
		flow->said(flow, answer);
	else
		said_no(flow, answer);
}

void
flow_ask(struct sign_flow *flow, const char *route, struct json_value *input,
    flow_said_fn *said)
{
	char *text = json_value_canonical(input);
	const struct store_api_wish wish = {
		.route = route, .input = text, .bearer_hex = flow->bearer_hex,
		.secret = true,
	};

	json_value_free(input);
	flow->said = said;
	store_api_call(flow->sign->pool, &wish, flow->sign->limit_ms,
	    database_said, flow);
	xforget(text);
}

bool
flow_goes_on(struct sign_flow *flow)
{
	if (flow->sign != NULL && flow->waits(flow->arg))
		return true;
	flow_end(flow, SIGN_GONE);
	return false;
}

bool
flow_is_kept(struct sign_flow *flow)
{
	if (flow->sign != NULL)
		return true;
	flow_end(flow, SIGN_GONE);
	return false;
}

bool
flow_right(struct sign_flow *flow, struct json_value *input)
{
	if (flow->waits(flow->arg))
		return true;
	flow_ask(flow, "sign_in_gone", input, flow_end_done);
	return false;
}

/* ---- begin ---- */

static void begin(struct sign_flow *flow);

static void
begin_again(enum loop_what what, void *arg)
{
	struct sign_flow *flow = arg;

	(void)what;
	loop_event_free(flow->parked);
	flow->parked = NULL;
	flow->sign->nparked--;
	if (flow_goes_on(flow))
		begin(flow);
}

/* False: it has waited long enough, or there is no room. */
static bool
flow_park(struct sign_flow *flow)
{
	struct sign *sign = flow->sign;

	if (flow->times_parked >= TIMES_PARKED_MOST ||
	    sign->nparked >= PARKED_MOST)
		return false;
	flow->times_parked++;
	sign->nparked++;
	flow->parked = loop_timer_new(sign->loop, begin_again, flow);
	loop_timer_arm(flow->parked, PARKED_MS);
	return true;
}

/* Who has to wait hears it from the database, before anything is checked. */
static void
begun(struct sign_flow *flow, const struct store_api_answer *answer)
{
	struct json_value *task = flow_body(answer);
	int64_t wait_s = flow_int(task, "wait_s");
	bool soon = json_value_get_bool(json_value_find(task, "soon"), false);

	json_value_free(task);
	if (wait_s == 0)
		steps[flow->step].begun(flow, answer);
	else if (!soon || !flow_park(flow))
		flow_end_wait(flow, SIGN_TOO_MANY, wait_s);
}

static void
begin(struct sign_flow *flow)
{
	const struct flow_step *step = &steps[flow->step];
	struct json_value *input;

	if (step->hashes && !desk_has_room(flow->sign->desk)) {
		flow_end_wait(flow, SIGN_BUSY, FLOW_BUSY_RETRY_S);
		return;
	}
	input = flow_input(flow);
	if (flow->mail != NULL)
		json_value_set(input, "mail", json_value_text(flow->mail));
	if (flow->step == SIGN_IN_CODE)
		json_value_set(input, "start_hash",
		    json_value_text(flow->bearer_hex));
	if (flow->step == SIGN_BY_LINK) {
		json_value_set(input, "token", json_value_text(flow->token));
		if (flow->client != NULL)
			json_value_set(input, "client",
			    json_value_text(flow->client));
		if (!flow_fresh_add(flow, input, "token_hash")) {
			json_value_free(input);
			return;
		}
	}
	flow_ask(flow, step->route, input, begun);
}

void
sign_begin(struct sign *sign, const struct sign_wish *wish,
    sign_waits_fn *waits, sign_end_fn *end, void *arg)
{
	struct sign_flow *flow = flow_new(sign, wish);

	flow->waits = waits;
	flow->end = end;
	flow->arg = arg;
	begin(flow);
}

/* ---- answers ---- */

struct json_value *
flow_body(const struct store_api_answer *answer)
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
flow_text(const struct json_value *object, const char *name)
{
	return json_value_get_text(json_value_find(object, name));
}

int64_t
flow_int(const struct json_value *object, const char *name)
{
	return json_value_get_int(json_value_find(object, name), 0);
}

void
flow_add(struct sign_flow *flow, const char *name, struct json_value *value)
{
	json_value_set(flow->made, name, value);
}

void
flow_password_refuse(struct sign_flow *flow, const char *why)
{
	struct json_value *input = json_value_object();

	json_value_set(input, "why", json_value_text(why));
	flow_ask(flow, "password_refuse", input, flow_end_done);
}

bool
flow_password_ok(struct sign_flow *flow, const char *mail)
{
	const char *why;

	weak_compose(flow->password);
	why = weak_why(flow->password, mail);
	if (why != NULL)
		flow_password_refuse(flow, why);
	return why == NULL;
}

/* ---- ends ---- */

void
flow_end_wait(struct sign_flow *flow, enum sign_result result, int64_t retry_s)
{
	const struct sign_end end = { .result = result, .retry_s = retry_s };

	flow_finish(flow, &end);
}

void
flow_end(struct sign_flow *flow, enum sign_result result)
{
	flow_end_wait(flow, result, 0);
}

void
flow_end_fault(struct sign_flow *flow, const struct err *err)
{
	log_error("sign-in: nobody can sign in: %s", err->text);
	flow_end(flow, SIGN_FAULT);
}

static void
done(struct sign_flow *flow, const struct store_api_answer *answer,
    struct json_value *body)
{
	struct sign_end end = {
		.result = SIGN_DONE, .answer = answer, .body = body,
	};

	if (flow->by_cookie && *flow->fresh != '\0')
		end.cookie = flow->fresh;
	else if (*flow->fresh != '\0')
		json_value_set(body, "token", json_value_text(flow->fresh));
	flow->end(&end, flow->arg);
	json_value_free(body);
	flow_free(flow);
}

void
flow_end_done(struct sign_flow *flow, const struct store_api_answer *answer)
{
	done(flow, answer, answer->body == NULL ? json_value_object() :
	    flow_body(answer));
}

void
flow_end_made(struct sign_flow *flow, const struct store_api_answer *answer)
{
	struct json_value *body = flow->made;

	flow->made = NULL;
	done(flow, answer, body);
}
