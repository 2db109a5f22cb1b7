/*
 * parent.h - supervision: forks the processes, restarts, reloads, ends them.
 *
 * Signals, words and the clock only leave notes; parent_act() looks at everything
 * after each turn of the loop and is the only place that forks. So a child never
 * begins inside a callback of the parent's loop.
 *
 * Ownership: the parent owns crews, listeners and loop. The shared page is the
 *            kernel's.
 * Errors:    before the first fork: -1 with err filled. Later ones are logged.
 */
#ifndef KG_DAEMON_PARENT_H
#define KG_DAEMON_PARENT_H

#include "daemon/crew.h"
#include "daemon/listener.h"
#include "daemon/reload.h"
#include "daemon/shared.h"
#include "loop/loop.h"

enum {
	PARENT_READY_LIMIT_MS = 10000,	/* for the database to answer */
	PARENT_SILENT_MS = 10000,	/* a process that does not beat */
	PARENT_KILL_AFTER_MS = 2000,	/* on top of what it was given to end */
};

enum parent_state {
	PARENT_STARTING,	/* until all are ready, or for 10 s */
	PARENT_SERVING,
	PARENT_STOPPING,	/* all are told to stop */
};

struct parent {
	enum parent_state	 state;
	const char		*conf_path;
	struct listeners	 listeners;
	struct listeners	 metrics;	/* none, or one */
	struct shared		*shared;
	int64_t			 descriptors;
	struct loop		*loop;
	struct loop_event	*tick, *signals[4];
	struct crew		*current, *next, *old;
	int			 crews;		/* made so far */
	struct reload		 reload;
	int64_t			 since_ms;	/* of the state */
	int64_t			 acted_ms, grace_until_ms;
	int64_t			 keys_ms;	/* of the last ticket key */
	int64_t			 watchdog_ms;	/* last fed */
	/* Notes, for parent_act(). */
	bool			 hup, stop, kill;
	struct child		*asked;		/* keeper that wants a reload */
};

/* Runs until it is told to stop: 0; or -1 with err filled, before it began. */
must_check int parent_run(const char *conf_path, struct err *err);

/* For crew.c and reload.c. */
void parent_heard(struct parent *parent, struct child *child, const char *word);
/* In a child: lets go of everything that is the parent's. */
void parent_forget(struct parent *parent);

#endif
