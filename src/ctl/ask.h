/*
 * ask.h - commands that are one route of the JSON API, asked by the operator.
 *
 * In the table of command.h such a command has the statement query_ctl_operator,
 * and its params are the route's name and then what goes into its input, each as
 * "member=field", or one word where both have the same name: "room_id=room". A
 * flag becomes true, or false when it is written "!member=field". The session of
 * RUN/NO becomes run_no and session_no. `why` and `expect` go along by themselves.
 *
 * Ownership: inputs are the caller's, who frees them.
 * Errors:    an exit code of work.h, with everything said already.
 */
#ifndef KG_CTL_ASK_H
#define KG_CTL_ASK_H

#include "ctl/view.h"
#include "ctl/work.h"

/* What the command line says, as the route's input. */
struct json_value *ask_input(const struct work *work);
/*
 * A whole command: connects, asks, tells the daemon after a change, and shows what
 * came of it: the sentence in `done`, if there is one, and the table of the
 * answer's "items", or of itself as the only row. NULL columns: no table. `first`:
 * see layout_print().
 */
int ask_run(struct work *work, const struct view_column *columns,
    const char *first);
/* The same with an input that was made by the caller, who frees it. */
int ask_run_with(struct work *work, const struct json_value *input,
    const struct view_column *columns, const char *first);
/* The same, but what the answer says in words is up to `show`. */
typedef void ask_show_fn(const struct json_value *body);
int ask_run_shown(struct work *work, const struct json_value *input,
    ask_show_fn *show);

/* A part of it: where a list goes on. */
void ask_show_next(const struct json_value *body);

#endif
