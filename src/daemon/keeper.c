/*
 * keeper.c - the keeper: hears what changes in the database and serves the
 * control socket.
 *
 * What others have committed arrives by NOTIFY and is bumped in the shared page.
 * Every 2 s the keeper sends itself a word through the database; when it comes
 * back, everything committed before it was sent has been heard, and
 * listening_until is moved. A connection on which it does not come back is made
 * anew. Serving does not need the keeper: without it feeds are rebuilt more often.
 *
 * While it serves, it does what is due and sends mails.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "daemon/control.h"
#include "daemon/daytime.h"
#include "daemon/due.h"
#include "daemon/process.h"
#include "daemon/scrape.h"
#include "daemon/status.h"
#include "pg/listen.h"
#include "secret/secret.h"
#include "store/queries.h"

enum {
	BEAT_EVERY_MS = 2000,
	/* From when the word was sent: the next one, and some delay. */
	LISTENING_MS = 5000,
	/* Without a word of its own for this long a connection is dead. */
	SILENT_MS = 8000,
	DAY_BEGINS_HOUR = 3,
	/* Clients of the control socket at the end of the daemon. */
	STOP_LIMIT_MS = 1000,
};

#define BEAT		"beat "

struct keeper {
	const struct process_task *task;
	struct process		*process;
	struct loop		*loop;
	struct control		*control;
	struct scrape		*scrape;	/* NULL: nobody may */
	struct pg_listen	*listen;
	struct due		*due;		/* while it serves */
	struct loop_event	*beat, *limit;
	char			 id[SECRET_TOKEN_LENGTH + 1];
	bool			 up, draining;
	int			 nopen;		/* of what drains */
	int64_t			 heard_ms;	/* own word, or up */
	int64_t			 day_ends_s;
};

static void
bump(struct keeper *keeper, const char *scopes)
{
	generations_bump(&keeper->task->shared->generations, scopes);
}

/* LISTEN is committed: what was missed before is in no cache after this. */
static void
listen_up(void *arg)
{
	struct keeper *keeper = arg;

	keeper->up = true;
	keeper->heard_ms = clock_mono_ms();
	atomic_store(&keeper->task->slot->database, true);
	bump(keeper, "*");
	loop_timer_arm(keeper->beat, 0);
	process_say(keeper->process, "ready");
}

static void
listen_down(void *arg)
{
	struct keeper *keeper = arg;

	keeper->up = false;
	atomic_store(&keeper->task->slot->database, false);
	atomic_store(&keeper->task->shared->generations.listening_until_ms, 0);
	loop_event_disarm(keeper->beat);
	log_warn("the database is not heard; feeds are asked for anew until "
	    "it is");
}

/* "beat ID INSTANT": ours, or that of a keeper elsewhere. */
static void
beat_heard(struct keeper *keeper, const char *payload)
{
	struct generations *generations = &keeper->task->shared->generations;
	const char *id = payload + strlen(BEAT);
	int64_t sent_ms;

	if (!text_starts(id, keeper->id) || id[SECRET_TOKEN_LENGTH] != ' ' ||
	    text_int(&sent_ms, id + SECRET_TOKEN_LENGTH + 1, 0, INT64_MAX) != 0)
		return;
	keeper->heard_ms = clock_mono_ms();
	atomic_store(&generations->listening_until_ms, sent_ms + LISTENING_MS);
}

static void
listen_heard(const char *payload, void *arg)
{
	struct keeper *keeper = arg;

	if (text_starts(payload, BEAT))
		beat_heard(keeper, payload);
	else
		bump(keeper, payload);
}

static void
beat_fn(enum loop_what what, void *arg)
{
	struct keeper *keeper = arg;
	char word[64];
	const char *const params[] = { word };

	(void)what;
	snprintf(word, sizeof(word), BEAT "%s %" PRId64, keeper->id,
	    clock_mono_ms());
	pg_listen_call(keeper->listen, &query_keeper_beat, params);
	loop_timer_arm(keeper->beat, BEAT_EVERY_MS);
}

/* Each second. The clock may jump: what counts is that the day is another. */
static void
keeper_beat(void *arg)
{
	struct keeper *keeper = arg;
	int64_t day_ends_s, silent_ms;

	day_ends_s = daytime_next(DAYTIME_ZONE, DAY_BEGINS_HOUR,
	    clock_real_s());
	if (day_ends_s != keeper->day_ends_s) {
		keeper->day_ends_s = day_ends_s;
		bump(keeper, "*");
		log_info("a new day: every feed is made anew");
	}
	atomic_store_explicit(&keeper->task->slot->count[COUNT_RECONNECTS],
	    pg_listen_reconnects(keeper->listen), memory_order_relaxed);
	if (keeper->due != NULL)
		atomic_store(&keeper->task->shared->mails_waiting,
		    due_mails_waiting(keeper->due));
	silent_ms = clock_mono_ms() - keeper->heard_ms;
	if (keeper->up && silent_ms > SILENT_MS) {
		log_warn("the database was silent for %" PRId64 " ms: "
		    "connecting anew", silent_ms);
		keeper->heard_ms = clock_mono_ms();
		pg_listen_reset(keeper->listen);
	}
}

static void
control_seen(const char *scopes, void *arg)
{
	bump(arg, scopes);
}

static void
control_status(struct buf *out, void *arg)
{
	struct keeper *keeper = arg;

	status_format(out, keeper->task->shared);
}

static void
control_reload(void *arg)
{
	struct keeper *keeper = arg;

	process_say(keeper->process, "reload");
}

static void
drained(void *arg)
{
	struct keeper *keeper = arg;

	if (--keeper->nopen == 0)
		process_end(keeper->process);
}

static void
limit_fn(enum loop_what what, void *arg)
{
	struct keeper *keeper = arg;

	(void)what;
	process_end(keeper->process);
}

static void
keeper_serve(struct keeper *keeper)
{
	const struct listeners *metrics = keeper->task->metrics;
	struct err err;

	if (control_serve(keeper->control, &err) != 0) {
		log_error("control socket: %s", err.text);
		process_end(keeper->process);
		return;
	}
	if (metrics != NULL && metrics->count > 0)
		keeper->scrape = scrape_new(keeper->loop, metrics->at[0].fd,
		    keeper->task->shared);
	keeper->due = due_new(keeper->loop, keeper->task->conf);
	atomic_store(&keeper->task->slot->serving, true);
	process_say(keeper->process, "serving");
}

static void
keeper_drain(struct keeper *keeper)
{
	if (keeper->draining)
		return;
	keeper->draining = true;
	atomic_store(&keeper->task->slot->serving, false);
	keeper->nopen = 1 + (keeper->scrape != NULL) + (keeper->due != NULL);
	control_drain(keeper->control, drained, keeper);
	if (keeper->due != NULL)
		due_drain(keeper->due, drained, keeper);
	if (keeper->scrape == NULL)
		return;
	scrape_drain(keeper->scrape, drained, keeper);
	listeners_close(keeper->task->metrics);
}

static void
keeper_word(const char *word, void *arg)
{
	struct keeper *keeper = arg;

	if (text_starts(word, "answer ")) {
		control_reloaded(keeper->control, word + strlen("answer "));
	} else if (strcmp(word, "serve") == 0) {
		keeper_serve(keeper);
	} else if (strcmp(word, "drain") == 0) {
		keeper_drain(keeper);
	} else if (strcmp(word, "stop") == 0) {
		loop_timer_arm(keeper->limit, STOP_LIMIT_MS);
		keeper_drain(keeper);
	}
}

/* 0, or -1 when there can be no control socket. */
static int
keeper_init(struct keeper *keeper, const struct process_task *task,
    struct err *err)
{
	static const struct process_hooks hooks = { keeper_beat, keeper_word };
	static const struct pg_listen_hooks heard = {
		listen_up, listen_down, listen_heard,
	};
	static const struct control_hooks asked = {
		control_seen, control_status, control_reload,
	};
	char *path = options_control_path(task->conf);
	int rc;

	keeper->task = task;
	keeper->process = process_new(task, &hooks, keeper);
	keeper->loop = process_loop(keeper->process);
	keeper->day_ends_s = daytime_next(DAYTIME_ZONE, DAY_BEGINS_HOUR,
	    clock_real_s());
	keeper->beat = loop_timer_new(keeper->loop, beat_fn, keeper);
	keeper->limit = loop_timer_new(keeper->loop, limit_fn, keeper);
	rc = secret_token(keeper->id, err);
	if (rc == 0)
		rc = control_open(&keeper->control, keeper->loop, path, &asked,
		    keeper, err);
	if (rc == 0)
		keeper->listen = pg_listen_new(keeper->loop,
		    task->conf->database, "kattegatd keeper", "kattegat",
		    &heard, keeper);
	free(path);
	return rc;
}

static void
keeper_clear(struct keeper *keeper)
{
	if (keeper->listen != NULL)
		pg_listen_free(keeper->listen);
	due_free(keeper->due);
	control_free(keeper->control);
	scrape_free(keeper->scrape);
	loop_event_free(keeper->beat);
	loop_event_free(keeper->limit);
	process_free(keeper->process);
}

int
keeper_run(const struct process_task *task)
{
	struct keeper keeper = { 0 };
	struct err err;
	int rc = 1;

	if (keeper_init(&keeper, task, &err) == 0) {
		process_run(keeper.process);
		rc = 0;
	} else {
		log_error("%s", err.text);
	}
	keeper_clear(&keeper);
	return rc;
}
