/*
 * flow.h - one attempt, from its wish to its end.
 *
 *	sign_begin -> flow_ask -> (the database) -> ... -> one of the ends
 *
 * Inside the room only. A step of sign_steps[] names what the database is asked
 * first and who goes on with the answer. What flow_ask() hands on is an answer that
 * is STORE_API_DONE, and somebody waits for it, or it is an attempt that was counted
 * and must be judged: everything else ends the flow.
 *
 * Ownership: a flow is freed by its end. It owns its texts, and forgets secrets.
 * Context:   the worker's loop only.
 */
#ifndef KG_SIGN_FLOW_H
#define KG_SIGN_FLOW_H

#include "base/mem.h"
#include "secret/secret.h"
#include "sign/sign.h"

struct desk;
struct sign_flow;

struct sign {
	struct pg_pool		*pool;
	struct generations	*generations;
	struct desk		*desk;
	struct loop		*loop;
	int64_t			 limit_ms, free_failures;
	struct sign_flow	*flows;		/* under way */
	int			 nparked;	/* of them: too early */
};

typedef void flow_said_fn(struct sign_flow *flow,
    const struct store_api_answer *answer);

enum { FLOW_ADDRESS_BYTES = 16 };

struct sign_flow {
	struct sign		*sign;		/* NULL: it was freed */
	struct generations	*generations;
	enum sign_step		 step;
	char			 address_hex[2 * FLOW_ADDRESS_BYTES + 1];
	unsigned char		 address[FLOW_ADDRESS_BYTES];
	char			*bearer_hex, *mail, *password, *code, *token;
	char			*client, *cookie;
	char			*message, *hint;	/* refused, as a guess is */
	bool			 by_cookie;
	/* What has begun; "" until then. */
	char			 fresh[SECRET_TOKEN_LENGTH + 1];
	struct json_value	*made;		/* here, for flow_end_made() */
	flow_said_fn		*said;
	struct loop_event	*parked;	/* until it asks again, or NULL */
	int			 times_parked;
	sign_waits_fn		*waits;
	sign_end_fn		*end;
	void			*arg;
	struct sign_flow	*next, **link;	/* in sign->flows */
};

struct flow_step {
	const char	*route;		/* asked first */
	flow_said_fn	*begun;
	bool		 hashes;	/* needs room on the thread */
	bool		 counts;	/* as a failure, until it was judged */
};

/* sign_in.c, invitation.c, change.c: who goes on. */
flow_said_fn flow_sign_in_begun, flow_code_begun;
flow_said_fn flow_invitation_seen, flow_accept_begun, flow_confirm_begun;
flow_said_fn flow_change_begun;

/* {"address": ..., "free": ...} and hashes of token and form, for the database. */
struct json_value *flow_input(const struct sign_flow *flow);
/* `input` is taken over. */
void flow_ask(struct sign_flow *flow, const char *route,
    struct json_value *input, flow_said_fn *said);
/* True when somebody waits; else the flow has ended. */
bool flow_goes_on(struct sign_flow *flow);
/* True unless the sign was freed: then the flow has ended. */
bool flow_is_kept(struct sign_flow *flow);
/*
 * Of an attempt that was right: true when somebody waits. Else the flow ends, and the
 * database takes the failure back of whom `input` names, which is taken over then.
 */
bool flow_right(struct sign_flow *flow, struct json_value *input);
/* A new secret in flow->fresh, and its hash as `name`; false: it has ended. */
must_check bool flow_fresh_add(struct sign_flow *flow,
    struct json_value *input, const char *name);
/* The answer's body, which the caller frees. The handlers of the database give it. */
struct json_value *flow_body(const struct store_api_answer *answer);
/* NULL and 0 when it is not there. */
const char *flow_text(const struct json_value *object, const char *name);
int64_t flow_int(const struct json_value *object, const char *name);
/* Adds to flow->made; the value is taken over. */
void flow_add(struct sign_flow *flow, const char *name,
    struct json_value *value);

/* False: the new password is not taken, and the database says why. */
must_check bool flow_password_ok(struct sign_flow *flow, const char *mail);
/* The same of a reason that is known: "old". */
void flow_password_refuse(struct sign_flow *flow, const char *why);

/* The ends. */
void flow_end(struct sign_flow *flow, enum sign_result result);
void flow_end_wait(struct sign_flow *flow, enum sign_result result,
    int64_t retry_s);
/* Ends the flow when the system gives no random bytes; err says so. */
void flow_end_fault(struct sign_flow *flow, const struct err *err);
/* SIGN_DONE with the answer's body, or with what was made here instead. */
void flow_end_done(struct sign_flow *flow,
    const struct store_api_answer *answer);
void flow_end_made(struct sign_flow *flow,
    const struct store_api_answer *answer);

enum { FLOW_BUSY_RETRY_S = 2 };

#endif
