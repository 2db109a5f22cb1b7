/*
 * ask.h - commands that are one route of the JSON API, asked by the operator.
 *
 * In the table of command.h such a command has the statement query_ctl_operator,
 * and its params are the route's name and then what goes into its input, each as
 * "member=field", or one word where both have the same name: "room_id=room". A
 * flag becomes true, or false when it is written "!member=field". The session of
 * RUN/NO becomes run_no and session_no. `why` and `expect` go along by themselves.
 *
 * Ownership: inputs and replies are the caller's.
 * Errors:    an exit code of work.h, with everything said already.
 */
#ifndef KG_CTL_ASK_H
#define KG_CTL_ASK_H

#include "ctl/view.h"
#include "ctl/work.h"

/* What the command line says, as the route's input. */
struct json_value *ask_input(const struct work *work);
/* Connects, asks, and after a change tells the daemon. */
must_check int ask_call(struct work *work, const struct json_value *input,
    struct pg_reply **out);
/* The route's answer; the caller frees it. */
struct json_value *ask_body(const struct pg_reply *reply);
/*
 * A whole command. What it wrote, or without a sentence in `done` what it read:
 * the table of its "items", or of the answer's own `member`. NULL columns: no
 * table.
 */
int ask_run(struct work *work, const struct view_column *columns);
/* The same with an input that was made by the caller, who frees it. */
int ask_run_with(struct work *work, const struct json_value *input,
    const struct view_column *columns);

/* Parts of it: the sentence of a change; where a list goes on. */
void ask_show_done(const struct work *work, const struct pg_reply *reply);
void ask_show_next(const struct json_value *body);

#endif
