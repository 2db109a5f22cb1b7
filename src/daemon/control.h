/*
 * control.h - the control socket: one line asked, one line answered.
 *
 *   seen SCOPES   -> ok                   these scopes have changed, after COMMIT
 *   status        -> one line of JSON
 *   reload        -> ok, or: refused REASON
 *
 * Anything else is answered "refused" with what would be right. The socket is made
 * under another name and put in place by control_serve(), so that a new keeper
 * takes over from the old one without a gap.
 *
 * Ownership: control_free() closes everything; it leaves the path alone, which
 *            may be a successor's by then.
 * Errors:    -1 with err filled. Clients that are silent for 10 s are dropped.
 * Context:   the keeper's loop only.
 */
#ifndef KG_DAEMON_CONTROL_H
#define KG_DAEMON_CONTROL_H

#include "base/buf.h"
#include "base/err.h"
#include "loop/loop.h"

struct control;

enum { CONTROL_LINE_MOST = 4096 };

struct control_hooks {
	/* Answered "ok" when it returns. */
	void	(*seen)(const char *scopes, void *arg);
	/* Adds one line without its end. */
	void	(*status)(struct buf *out, void *arg);
	/* Sees to it that control_reloaded() is called later. */
	void	(*reload)(void *arg);
};

enum control_ask { CONTROL_SEEN, CONTROL_STATUS, CONTROL_RELOAD,
	CONTROL_WRONG };

/* What a line asks for; *scopes points into it for CONTROL_SEEN. */
enum control_ask control_line_parse(const char *line, const char **scopes);

must_check int control_open(struct control **out, struct loop *loop,
    const char *path, const struct control_hooks *hooks, void *arg,
    struct err *err);
void control_free(struct control *control);
/* Renames the socket to its real name and begins to answer. */
must_check int control_serve(struct control *control, struct err *err);
/* What became of a reload, to everyone who waits for it: "ok", "refused ...". */
void control_reloaded(struct control *control, const char *answer);
/* Answers who is there already and calls `done` when nobody is left. */
void control_drain(struct control *control, void (*done)(void *arg), void *arg);

#endif
