#include "daemon/parent.h"

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
#include "base/text.h"
#include "daemon/certificates.h"
#include "daemon/channel.h"
#include "daemon/local.h"
#include "daemon/privileges.h"
#include "loop/service.h"

enum {
	TICK_MS = 1000,
	/* Longer than any turn: the parent was stopped, and so were the others. */
	SLEPT_MS = 5000,
	KEYS_MS = 12 * 3600 * 1000,
};

static void
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
	bool ready = crew_all_ready(parent->current) &&
	    crew_all_serving(parent->current);

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
	listeners_close(&parent->metrics);
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
	int64_t watchdog_ms = service_watchdog_ms();

	if (watchdog_ms > 0 && watchdog_ms / 4 < delay_ms)
		delay_ms = watchdog_ms / 4;
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

static int
open_listeners(struct parent *parent, const struct daemon_conf *conf,
    struct err *err)
{
	char **names = NULL;
	int count, first, rc, i;

	if ((count = service_sockets(&first, &names, err)) < 0)
		return -1;
	if (count > 0)
		rc = listeners_adopt(&parent->listeners, first, count,
		    (const char *const *)names, err);
	else if ((rc = listeners_bind(&parent->listeners, conf->listen,
	    conf->listen_clear, err)) != 0)
		options_mistake(parent->conf_path, text_starts(err->text,
		    "listen_clear") ? "listen_clear" : "listen", err);
	service_sockets_free(names);
	for (i = 0; rc == 0 && i < parent->listeners.count; i++)
		log_info("listening on %s%s%s", parent->listeners.at[i].name,
		    parent->listeners.at[i].clear ? ", in clear" : "",
		    parent->listeners.from_systemd ? ", from systemd" : "");
	return rc;
}

/* For good. What needs root has been done before. */
static int
drop_privileges(struct parent *parent, const struct daemon_conf *conf,
    struct err *err)
{
	int64_t wanted = options_descriptors(conf, options_workers(conf),
	    parent->listeners.count);
	struct identity identity;

	if (identity_find(&identity, conf->user, conf->group, err) != 0)
		return options_mistake(parent->conf_path, "user", err);
	parent->descriptors = descriptors_raise(wanted);
	if (parent->descriptors < wanted)
		log_info("the system allows %" PRId64 " open files of %" PRId64
		    " that the option connections asks for: fewer are taken",
		    parent->descriptors, wanted);
	if (identity_folder(&identity, conf->run_dir, err) != 0)
		return options_mistake(parent->conf_path, "run_dir", err);
	if (identity_become(&identity, err) != 0)
		return options_mistake(parent->conf_path, "user", err);
	if (access(conf->run_dir, W_OK | X_OK) != 0) {
		err_set(err, "run_dir = %s: %s: let the daemon's user write in "
		    "it", conf->run_dir, strerror(errno));
		return options_mistake(parent->conf_path, "run_dir", err);
	}
	if (access(conf->key, R_OK) != 0)
		log_warn("key %s: %s: a reload will be refused; make it "
		    "root:GROUP 0640", conf->key, strerror(errno));
	return 0;
}

/* Not as root: a Unix socket then belongs to the daemon's user. */
static int
open_metrics(struct parent *parent, const struct daemon_conf *conf,
    struct err *err)
{
	if (conf->listen_metrics == NULL)
		return 0;
	if (local_open(&parent->metrics, conf->listen_metrics, err) != 0) {
		err_prefix(err, "listen_metrics");
		return options_mistake(parent->conf_path, "listen_metrics",
		    err);
	}
	log_info("metrics on %s", conf->listen_metrics);
	return 0;
}

/* Everything that may be refused, before anything runs. */
static int
parent_prepare(struct parent *parent, const struct daemon_conf *conf,
    struct http_tls **tls, struct err *err)
{
	struct http_ticket_keys *keys;

	if (shared_map(&parent->shared, err) != 0)
		return -1;
	keys = &parent->shared->ticket_keys;
	if (http_ticket_keys_rotate(keys, err) == 0 &&
	    certificates_read(tls, conf, parent->conf_path, keys, err) == 0) {
		if (open_listeners(parent, conf, err) == 0 &&
		    drop_privileges(parent, conf, err) == 0 &&
		    open_metrics(parent, conf, err) == 0)
			return 0;
		http_tls_free(*tls);
	}
	listeners_close(&parent->listeners);
	listeners_close(&parent->metrics);
	shared_unmap(parent->shared);
	return -1;
}

static void
parent_begin(struct parent *parent, const struct daemon_conf *conf,
    struct http_tls *tls)
{
	parent->loop = loop_new();
	parent->tick = loop_timer_new(parent->loop, tick_fn, parent);
	parent_listen_to_signals(parent);
	parent->acted_ms = parent->keys_ms = clock_mono_ms();
	parent->current = crew_new(parent, conf, tls, CREW_SERVING);
	parent_enter(parent, PARENT_STARTING);
}

static void
parent_end(struct parent *parent)
{
	size_t i;

	crew_free(parent->current);
	crew_free(parent->next);
	crew_free(parent->old);
	for (i = 0; i < ARRAY_LEN(parent->signals); i++)
		loop_event_free(parent->signals[i]);
	loop_event_free(parent->tick);
	loop_free(parent->loop);
	listeners_close(&parent->listeners);
	listeners_close(&parent->metrics);
	shared_unmap(parent->shared);
}

int
parent_run(const char *conf_path, struct err *err)
{
	struct parent parent = { .conf_path = conf_path };
	struct daemon_conf conf;
	struct http_tls *tls;

	if (options_load(&conf, conf_path, err) != 0)
		return -1;
	log_most(options_log_level(&conf));
	/* One that comes before the handlers stand must not end the start. */
	signal(SIGHUP, SIG_IGN);
	if (parent_prepare(&parent, &conf, &tls, err) != 0) {
		options_clear(&conf);
		return -1;
	}
	parent_begin(&parent, &conf, tls);
	while (parent_act(&parent)) {
		arm_tick(&parent);
		loop_turn(parent.loop, true);
	}
	log_info("ended");
	parent_end(&parent);
	return 0;
}
