#include "daemon/parent.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "daemon/channel.h"
#include "daemon/privileges.h"
#include "loop/service.h"

enum {
	TICK_MS = 1000,
	/* Longer than any turn: the parent was stopped, and so were the others. */
	SLEPT_MS = 5000,
	KEYS_MS = 12 * 3600 * 1000,
	/* What a worker opens besides its clients: files, pipes, libpq. */
	DESCRIPTORS_MORE = 128,
};

void
parent_enter(struct parent *parent, enum parent_state state)
{
	parent->state = state;
	parent->since_ms = clock_mono_ms();
}

void
parent_heard(struct parent *parent, struct child *child, const char *word)
{
	if (strcmp(word, "ready") == 0)
		child->ready = true;
	else if (strcmp(word, "serving") == 0)
		child->serving = true;
	else if (strcmp(word, "draining") == 0)
		child->draining = true;
	else if (strcmp(word, "reload") != 0)
		log_warn("%s: said an unknown word", child->name);
	else if (parent->state == PARENT_SERVING && parent->asked == NULL &&
	    parent->reload.state == RELOAD_NONE)
		parent->asked = child;
	else
		child_say(child, parent->state == PARENT_SERVING ?
		    "answer refused a reload is under way; ask again after it" :
		    "answer refused the daemon is starting or ending");
}

static void
signal_fn(enum loop_what what, void *arg)
{
	bool *note = arg;

	(void)what;
	*note = true;
}

/* The second one does not wait for anybody. */
static void
stop_fn(enum loop_what what, void *arg)
{
	struct parent *parent = arg;

	(void)what;
	parent->kill = parent->stop;
	parent->stop = true;
}

/* Wakes the loop: parent_act() looks at everything. */
static void
tick_fn(enum loop_what what, void *arg)
{
	(void)what;
	(void)arg;
}

static void
parent_listen_to_signals(struct parent *parent)
{
	parent->signals[0] = loop_signal_new(parent->loop, SIGHUP, signal_fn,
	    &parent->hup);
	parent->signals[1] = loop_signal_new(parent->loop, SIGTERM, stop_fn,
	    parent);
	parent->signals[2] = loop_signal_new(parent->loop, SIGINT, stop_fn,
	    parent);
	parent->signals[3] = loop_signal_new(parent->loop, SIGCHLD, tick_fn,
	    parent);
	signal(SIGPIPE, SIG_IGN);
}

static void
reap(struct parent *parent)
{
	struct child *child;
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if ((child = crew_find(parent->current, pid)) == NULL &&
		    (child = crew_find(parent->next, pid)) == NULL)
			child = crew_find(parent->old, pid);
		if (child == NULL)
			continue;
		if (parent->asked == child)
			parent->asked = NULL;
		if (parent->reload.asker == child)
			parent->reload.asker = NULL;
		child_died(child, status);
	}
	if (parent->old != NULL && crew_living(parent->old) == 0) {
		crew_free(parent->old);
		parent->old = NULL;
	}
}

static void
look(struct parent *parent)
{
	int64_t now_ms = clock_mono_ms();

	if (now_ms - parent->acted_ms > SLEPT_MS)
		parent->grace_until_ms = now_ms + PARENT_SILENT_MS;
	parent->acted_ms = now_ms;
	if (now_ms < parent->grace_until_ms)
		return;
	if (parent->current != NULL)
		crew_look(parent->current, now_ms);
	if (parent->next != NULL)
		crew_look(parent->next, now_ms);
	if (parent->old != NULL)
		crew_look(parent->old, now_ms);
}

static void
act_starting(struct parent *parent)
{
	int64_t now_ms = clock_mono_ms();
	bool ready = crew_all_ready(parent->current);

	if (!ready && (now_ms - parent->since_ms < PARENT_READY_LIMIT_MS ||
	    !crew_all_living(parent->current)))
		return;
	if (ready)
		log_info("ready after %" PRId64 " ms: %d workers",
		    now_ms - parent->shared->started_ms,
		    parent->current->nchildren - 1);
	else
		log_warn("the database has not answered for 10 s; serving "
		    "without it until it does");
	parent_enter(parent, PARENT_SERVING);
	service_ready();
}

static void
act_serving(struct parent *parent)
{
	struct child *asked = parent->asked;
	struct err err;
	int64_t now_ms = clock_mono_ms();

	if (parent->reload.state == RELOAD_NONE &&
	    (parent->hup || asked != NULL)) {
		parent->asked = NULL;
		parent->hup = false;
		reload_begin(parent, asked);
	}
	reload_act(parent);
	if (now_ms - parent->keys_ms < KEYS_MS)
		return;
	parent->keys_ms = now_ms;
	if (http_ticket_keys_rotate(&parent->shared->ticket_keys, &err) != 0)
		log_error("ticket keys stay for another 12 h: %s", err.text);
	else
		log_info("ticket keys: rotated");
}

static void
stop_crew(struct crew *crew)
{
	if (crew == NULL)
		return;
	crew_enter(crew, CREW_ENDING);
	crew_say(crew, SHARED_NONE, "stop");
}

static void
act_stop(struct parent *parent)
{
	log_info("ending: requests under way get %" PRId64 " ms",
	    parent->current->conf.drain_limit_ms);
	service_stopping();
	reload_give_up(parent);
	parent_enter(parent, PARENT_STOPPING);
	listeners_close(&parent->listeners);
	stop_crew(parent->current);
	stop_crew(parent->next);
	stop_crew(parent->old);
}

static void
act_kill(struct parent *parent)
{
	crew_kill(parent->current);
	if (parent->next != NULL)
		crew_kill(parent->next);
	if (parent->old != NULL)
		crew_kill(parent->old);
}

static void
arm_tick(struct parent *parent)
{
	int64_t now_ms = clock_mono_ms(), delay_ms = TICK_MS, due_ms;

	due_ms = parent->state == PARENT_STOPPING ? -1 :
	    crew_due_ms(parent->current);
	if (due_ms >= 0 && due_ms - now_ms < delay_ms)
		delay_ms = due_ms > now_ms ? due_ms - now_ms : 0;
	loop_timer_arm(parent->tick, delay_ms);
}

static void
feed_watchdog(struct parent *parent)
{
	int64_t now_ms = clock_mono_ms(), every_ms = service_watchdog_ms();

	if (every_ms <= 0 || now_ms - parent->watchdog_ms < every_ms / 2 ||
	    !crew_all_beat(parent->current, now_ms) ||
	    (parent->old != NULL && !crew_all_beat(parent->old, now_ms)))
		return;
	parent->watchdog_ms = now_ms;
	service_watchdog();
}

/* Everything that is decided is decided here. False when all is over. */
static bool
parent_act(struct parent *parent)
{
	reap(parent);
	look(parent);
	if (parent->stop && parent->state != PARENT_STOPPING)
		act_stop(parent);
	if (parent->kill)
		act_kill(parent);
	if (parent->state == PARENT_STOPPING)
		return crew_living(parent->current) > 0 ||
		    (parent->next != NULL && crew_living(parent->next) > 0) ||
		    parent->old != NULL;
	crew_start_due(parent->current);
	crew_serve_due(parent->current);
	if (parent->state == PARENT_STARTING)
		act_starting(parent);
	if (parent->state == PARENT_SERVING)
		act_serving(parent);
	feed_watchdog(parent);
	return true;
}

void
parent_forget(struct parent *parent)
{
	size_t i;

	loop_forked(parent->loop);
	if (parent->current != NULL)
		crew_forget(parent->current);
	if (parent->next != NULL)
		crew_forget(parent->next);
	if (parent->old != NULL)
		crew_forget(parent->old);
	for (i = 0; i < ARRAY_LEN(parent->signals); i++)
		loop_event_free(parent->signals[i]);
	loop_event_free(parent->tick);
	loop_free(parent->loop);
	signal(SIGCHLD, SIG_DFL);
}
