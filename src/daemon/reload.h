/*
 * reload.h - replaces the processes by new ones with a new configuration.
 *
 * The configuration and the certificates are read first; a mistake changes
 * nothing. Then a new crew is forked and serves when the database has answered
 * all of it; only then the old one accepts nothing new and drains. Not ready
 * within 10 s, or one of it dead: refused, the old crew never noticed.
 *
 * A third crew never lives: while an older one still drains, it is told to stop
 * first (requests under way get drain_limit_ms), and the reload waits for that.
 *
 * Context: the parent only.
 */
#ifndef KG_DAEMON_RELOAD_H
#define KG_DAEMON_RELOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/options.h"

struct parent;
struct child;

enum reload_state {
	RELOAD_NONE,
	RELOAD_ROOM,		/* until an older crew that drains has ended */
	RELOAD_TRYING,		/* until the new crew is ready */
	RELOAD_SERVING,		/* until all of it accept */
	RELOAD_DRAINING,	/* until the old workers have stopped accepting */
};

struct reload {
	enum reload_state	 state;
	int64_t			 since_ms;
	struct child		*asker;		/* keeper that waits for the answer */
	struct daemon_conf	 conf;		/* in RELOAD_ROOM */
	struct http_tls		*tls;
};

/* asker: the keeper whose client asked, or NULL for SIGHUP. */
void reload_begin(struct parent *parent, struct child *asker);
/* Looks whether the state's end has come. */
void reload_act(struct parent *parent);
/* The daemon ends: who waits is told so. */
void reload_give_up(struct parent *parent);

#endif
