/*
 * crew.h - the processes of one start or reload, as the parent sees them.
 *
 * A crew is a keeper and the workers with the configuration they were forked
 * with. At most two live: one serves, the other begins (a reload) or ends.
 *
 * Ownership: a crew owns its configuration and TLS context; crew_free() when
 *            nobody of it lives.
 * Errors:    a fork that fails is logged and tried again with back-off.
 * Context:   the parent only.
 */
#ifndef KG_DAEMON_CREW_H
#define KG_DAEMON_CREW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/backoff.h"
#include "daemon/options.h"
#include "daemon/shared.h"
#include "loop/loop.h"

struct parent;

enum crew_state {
	CREW_TRIED,		/* of a reload: not serving; a death is refusal */
	CREW_SERVING,		/* whoever dies is replaced */
	CREW_DRAINING,		/* accepts nothing new; ends by itself */
	CREW_ENDING,		/* told to stop, or killed */
};

struct child {
	struct crew		*crew;
	struct shared_slot	*slot;
	enum shared_kind	 kind;
	int			 number;	/* of a worker, from 1 */
	char			 name[32];	/* for the log */
	pid_t			 pid;		/* 0: does not live */
	int			 fd;		/* our end of the channel */
	struct loop_event	*event;
	int64_t			 started_ms;
	int64_t			 due_ms;	/* next start, while not living */
	struct backoff		 backoff;
	/* What it has said and was told in this life. */
	bool			 ready, told_serve, serving, draining, killed;
};

struct crew {
	struct parent		*parent;
	enum crew_state		 state;
	int			 number;	/* counts starts and reloads */
	int			 half;		/* of the shared slots */
	struct daemon_conf	 conf;
	struct http_tls		*tls;
	struct child		*children;	/* the keeper first */
	int			 nchildren;
	int64_t			 end_by_ms;	/* then it is killed; 0: never */
};

/* Takes configuration and TLS context over; forks nobody yet. */
struct crew *crew_new(struct parent *parent, const struct daemon_conf *conf,
    struct http_tls *tls, enum crew_state state);
void crew_free(struct crew *crew);
void crew_enter(struct crew *crew, enum crew_state state);

/* Forks who is due. Returns in the parent only. */
void crew_start_due(struct crew *crew);
/*
 * Lets accept who may: the keeper at once, a worker once the database has
 * answered it, or when no other worker serves.
 */
void crew_serve_due(struct crew *crew);
/* Kills who was silent for 10 s, or everybody past end_by_ms. */
void crew_look(struct crew *crew, int64_t now_ms);
/* NULL when no child of it has this pid. */
struct child *crew_find(struct crew *crew, pid_t pid);
void child_died(struct child *child, int status);

void child_say(struct child *child, const char *word);
/* To all, or to all of one kind. */
void crew_say(struct crew *crew, enum shared_kind kind, const char *word);
void crew_kill(struct crew *crew);
int crew_living(const struct crew *crew);
bool crew_all_living(const struct crew *crew);
bool crew_all_ready(const struct crew *crew);
bool crew_all_serving(const struct crew *crew);
/* Every worker that lives has stopped accepting. */
bool crew_workers_drain(const struct crew *crew);
bool crew_all_beat(const struct crew *crew, int64_t now_ms);
/* When the next child is due, or -1. */
int64_t crew_due_ms(const struct crew *crew);
/* In a child: forgets events and channels that are the parent's. */
void crew_forget(struct crew *crew);

#endif
