/*
 * process.h - what a worker and the keeper have in common.
 *
 * A loop of its own, a heartbeat each second, the channel to the parent, and the
 * signals: SIGTERM means the same as the word "stop". A process whose parent is
 * gone is killed by the kernel at once: a stuck one could not be asked.
 *
 * Ownership: the task is the caller's and outlives the process.
 * Context:   a child of the parent, after the fork.
 */
#ifndef KG_DAEMON_PROCESS_H
#define KG_DAEMON_PROCESS_H

#include "daemon/listener.h"
#include "daemon/options.h"
#include "daemon/shared.h"
#include "loop/loop.h"

struct process;

/*
 * A drained worker ends this long after the idle limit: the last idle connection
 * has gone by then, and its last request was answered.
 */
enum { PROCESS_DRAIN_MORE_MS = 5000 };

/* What the parent hands to a new process. */
struct process_task {
	const struct daemon_conf	*conf;
	struct http_tls			*tls;
	struct shared			*shared;
	struct shared_slot		*slot;
	struct listeners		*listeners;	/* this process's copies */
	struct listeners		*metrics;	/* the keeper's; may be NULL */
	int64_t				 descriptors;	/* it may open */
	int				 number, nworkers;
	int				 channel;
};

struct process_hooks {
	void	(*beat)(void *arg);		/* each second: publish */
	void	(*word)(const char *word, void *arg);	/* from the parent */
};

/* Ends the process with SIGKILL when the parent ends; first thing after fork. */
void process_tie(pid_t parent);

struct process *process_new(const struct process_task *task,
    const struct process_hooks *hooks, void *arg);
void process_free(struct process *process);
struct loop *process_loop(struct process *process);
/* Until process_end(). */
void process_run(struct process *process);
void process_end(struct process *process);
void process_say(struct process *process, const char *word);

/* Do the work; return when it has ended. The exit status. */
int worker_run(const struct process_task *task);
int keeper_run(const struct process_task *task);

#endif
