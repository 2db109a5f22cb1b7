#include "daemon/crew.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "daemon/channel.h"
#include "daemon/parent.h"
#include "daemon/process.h"

static const char *const state_words[] = {
	[CREW_TRIED] = "tried",
	[CREW_SERVING] = "serving",
	[CREW_DRAINING] = "draining",
	[CREW_ENDING] = "ending",
};

struct crew *
crew_new(struct parent *parent, const struct daemon_conf *conf,
    struct http_tls *tls, enum crew_state state)
{
	struct crew *crew = xcalloc(1, sizeof(*crew));
	struct child *child;
	int i;

	crew->parent = parent;
	crew->state = state;
	crew->number = ++parent->crews;
	/* Not by number: a refused crew leaves its half to the next. */
	crew->half = parent->current == NULL ? 0 : 1 - parent->current->half;
	crew->conf = *conf;
	crew->tls = tls;
	crew->nchildren = 1 + options_workers(conf);
	crew->children = xcalloc((size_t)crew->nchildren,
	    sizeof(*crew->children));
	for (i = 0; i < crew->nchildren; i++) {
		child = &crew->children[i];
		child->crew = crew;
		child->slot = &parent->shared->slot[crew->half *
		    (OPTIONS_WORKERS_MOST + 1) + i];
		child->kind = i == 0 ? SHARED_KEEPER : SHARED_WORKER;
		child->number = i;
		child->fd = -1;
		if (i == 0)
			snprintf(child->name, sizeof(child->name), "keeper");
		else
			snprintf(child->name, sizeof(child->name), "worker %d",
			    i);
	}
	return crew;
}

void
crew_free(struct crew *crew)
{
	if (crew == NULL)
		return;
	crew_forget(crew);
	http_tls_free(crew->tls);
	options_clear(&crew->conf);
	free(crew->children);
	free(crew);
}

void
crew_enter(struct crew *crew, enum crew_state state)
{
	int64_t now_ms = clock_mono_ms();

	log_debug("crew %d: %s, was %s", crew->number, state_words[state],
	    state_words[crew->state]);
	crew->state = state;
	if (state == CREW_DRAINING)
		crew->end_by_ms = now_ms + crew->conf.limits.idle_ms +
		    PROCESS_DRAIN_MORE_MS + PARENT_KILL_AFTER_MS;
	else if (state == CREW_ENDING)
		crew->end_by_ms = now_ms + crew->conf.drain_limit_ms +
		    PARENT_KILL_AFTER_MS;
}

static void
child_fn(enum loop_what what, void *arg)
{
	struct child *child = arg;
	char word[CHANNEL_WORD_SIZE];
	int rc;

	(void)what;
	while ((rc = channel_hear(child->fd, word)) > 0)
		parent_heard(child->crew->parent, child, word);
	/* Its end is told by SIGCHLD. */
	if (rc == 0)
		loop_fd_arm(child->event, LOOP_READ, -1);
}

/* The life of a new process, up to its end. */
static void __attribute__((noreturn))
child_live(struct child *child, int channel, pid_t parent_pid,
    const sigset_t *signals)
{
	struct crew *crew = child->crew;
	struct parent *parent = crew->parent;
	struct process_task task = {
		.conf = &crew->conf,
		.tls = crew->tls,
		.shared = parent->shared,
		.slot = child->slot,
		.listeners = &parent->listeners,
		.metrics = &parent->metrics,
		.descriptors = parent->descriptors,
		.number = child->number,
		.nworkers = crew->nchildren - 1,
		.channel = channel,
	};
	int rc;

	process_tie(parent_pid);
	log_name(child->name);
	log_most(options_log_level(&crew->conf));
	parent_forget(parent);
	sigprocmask(SIG_SETMASK, signals, NULL);
	atomic_store(&child->slot->pid, (int32_t)getpid());
	if (child->kind == SHARED_KEEPER) {
		listeners_close(&parent->listeners);
		rc = keeper_run(&task);
	} else {
		listeners_close(&parent->metrics);
		rc = worker_run(&task);
	}
	close(channel);
	exit(rc);
}

/* It is tried again after a pause. */
static void
child_failed(struct child *child, const struct err *err)
{
	log_error("%s: not started: %s", child->name, err->text);
	child->due_ms = clock_mono_ms() + backoff_died(&child->backoff, 0);
}

/*
 * Signals are held back around the fork: one that reached the child before it
 * has its own handlers would be written to the parent's loop.
 */
static void
child_fork(struct child *child)
{
	struct parent *parent = child->crew->parent;
	sigset_t all, before;
	struct err err;
	int fds[2];
	pid_t parent_pid = getpid();

	if (channel_pair(fds, &err) != 0) {
		child_failed(child, &err);
		return;
	}
	shared_slot_fill(child->slot, child->kind, child->number,
	    child->crew->number);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	child->pid = fork();
	if (child->pid == 0) {
		close(fds[0]);
		child_live(child, fds[1], parent_pid, &before);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(fds[1]);
	if (child->pid < 0) {
		err_set(&err, "fork: %s", strerror(errno));
		child->pid = 0;
		shared_slot_zero(child->slot);
		close(fds[0]);
		child_failed(child, &err);
		return;
	}
	atomic_store(&child->slot->pid, (int32_t)child->pid);
	atomic_fetch_add(&parent->shared->past[child->number].starts, 1);
	child->started_ms = clock_mono_ms();
	child->ready = child->told_serve = child->serving = false;
	child->draining = child->killed = false;
	child->fd = fds[0];
	child->event = loop_fd_new(parent->loop, child->fd, child_fn, child);
	loop_fd_arm(child->event, LOOP_READ, -1);
}

void
crew_start_due(struct crew *crew)
{
	struct child *child;
	int64_t now_ms = clock_mono_ms();

	for (child = crew->children; child < crew->children + crew->nchildren;
	    child++) {
		if (child->pid == 0 && child->due_ms <= now_ms)
			child_fork(child);
	}
}

static void
child_serve(struct child *child)
{
	child->told_serve = true;
	child_say(child, "serve");
}

void
crew_serve_due(struct crew *crew)
{
	struct child *child;
	bool somebody = false;
	int i;

	for (i = 1; i < crew->nchildren; i++)
		somebody |= crew->children[i].told_serve;
	for (i = 0; i < crew->nchildren; i++) {
		child = &crew->children[i];
		if (child->pid == 0 || child->told_serve)
			continue;
		if (child->kind == SHARED_KEEPER || child->ready || !somebody)
			child_serve(child);
		somebody |= child->kind == SHARED_WORKER && child->told_serve;
	}
}

void
crew_look(struct crew *crew, int64_t now_ms)
{
	struct child *child;
	int64_t silent_ms;

	for (child = crew->children; child < crew->children + crew->nchildren;
	    child++) {
		if (child->pid == 0 || child->killed)
			continue;
		silent_ms = now_ms - atomic_load(&child->slot->heartbeat_ms);
		if (silent_ms > PARENT_SILENT_MS)
			log_error("%s (pid %d): silent for %" PRId64 " ms; "
			    "killed", child->name, (int)child->pid, silent_ms);
		else if (crew->end_by_ms > 0 && now_ms > crew->end_by_ms)
			log_warn("%s (pid %d): has not ended in time; killed",
			    child->name, (int)child->pid);
		else
			continue;
		child->killed = true;
		kill(child->pid, SIGKILL);
	}
}

struct child *
crew_find(struct crew *crew, pid_t pid)
{
	int i;

	for (i = 0; crew != NULL && i < crew->nchildren; i++) {
		if (crew->children[i].pid == pid)
			return &crew->children[i];
	}
	return NULL;
}

static void
child_log_end(const struct child *child, int status, int64_t delay_ms)
{
	char how[64], then[64];

	if (WIFSIGNALED(status))
		snprintf(how, sizeof(how), "killed by signal %d",
		    WTERMSIG(status));
	else
		snprintf(how, sizeof(how), "ended with status %d",
		    WEXITSTATUS(status));
	if (delay_ms == 0)
		snprintf(then, sizeof(then), "started again");
	else
		snprintf(then, sizeof(then), "starts again in %" PRId64 " ms",
		    delay_ms);
	if (child->crew->state == CREW_SERVING)
		log_warn("%s (pid %d): %s; %s", child->name, (int)child->pid,
		    how, then);
	else if (child->killed || status == 0)
		log_debug("%s (pid %d): %s", child->name, (int)child->pid, how);
	else
		log_warn("%s (pid %d): %s", child->name, (int)child->pid, how);
}

void
child_died(struct child *child, int status)
{
	int64_t now_ms = clock_mono_ms(), delay_ms;

	delay_ms = backoff_died(&child->backoff, now_ms - child->started_ms);
	child_log_end(child, status, delay_ms);
	loop_event_free(child->event);
	close(child->fd);
	shared_slot_leave(child->crew->parent->shared, child->slot);
	child->event = NULL;
	child->fd = -1;
	child->pid = 0;
	child->ready = child->told_serve = child->serving = false;
	child->due_ms = now_ms + delay_ms;
}

void
child_say(struct child *child, const char *word)
{
	if (child->pid != 0)
		channel_say(child->fd, "%s", word);
}

void
crew_say(struct crew *crew, enum shared_kind kind, const char *word)
{
	int i;

	for (i = 0; i < crew->nchildren; i++) {
		if (kind == SHARED_NONE || crew->children[i].kind == kind)
			child_say(&crew->children[i], word);
	}
}

void
crew_kill(struct crew *crew)
{
	struct child *child;

	for (child = crew->children; child < crew->children + crew->nchildren;
	    child++) {
		if (child->pid != 0) {
			child->killed = true;
			kill(child->pid, SIGKILL);
		}
	}
}

int
crew_living(const struct crew *crew)
{
	int i, living = 0;

	for (i = 0; i < crew->nchildren; i++)
		living += crew->children[i].pid != 0;
	return living;
}

bool
crew_all_living(const struct crew *crew)
{
	return crew_living(crew) == crew->nchildren;
}

bool
crew_all_ready(const struct crew *crew)
{
	int i;

	for (i = 0; i < crew->nchildren; i++) {
		if (!crew->children[i].ready)
			return false;
	}
	return true;
}

bool
crew_all_serving(const struct crew *crew)
{
	int i;

	for (i = 0; i < crew->nchildren; i++) {
		if (!crew->children[i].serving)
			return false;
	}
	return true;
}

bool
crew_workers_drain(const struct crew *crew)
{
	int i;

	for (i = 1; i < crew->nchildren; i++) {
		if (crew->children[i].pid != 0 && !crew->children[i].draining)
			return false;
	}
	return true;
}

bool
crew_all_beat(const struct crew *crew, int64_t now_ms)
{
	const struct child *child;
	int i;

	for (i = 0; i < crew->nchildren; i++) {
		child = &crew->children[i];
		if (child->pid != 0 && now_ms -
		    atomic_load(&child->slot->heartbeat_ms) > PARENT_SILENT_MS)
			return false;
	}
	return true;
}

int64_t
crew_due_ms(const struct crew *crew)
{
	const struct child *child;
	int64_t due_ms = -1;
	int i;

	for (i = 0; i < crew->nchildren; i++) {
		child = &crew->children[i];
		if (child->pid == 0 && (due_ms < 0 || child->due_ms < due_ms))
			due_ms = child->due_ms;
	}
	return due_ms;
}

void
crew_forget(struct crew *crew)
{
	struct child *child;

	for (child = crew->children; child < crew->children + crew->nchildren;
	    child++) {
		loop_event_free(child->event);
		child->event = NULL;
		if (child->fd >= 0)
			close(child->fd);
		child->fd = -1;
	}
}
