#include "daemon/reload.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "daemon/certificates.h"
#include "daemon/channel.h"
#include "daemon/parent.h"
#include "loop/service.h"

/* What a worker needs to begin or to stop accepting, and the most we wait. */
enum { WORD_LIMIT_MS = 2000 };

static void
reload_enter(struct parent *parent, enum reload_state state)
{
	static const char *const words[] = {
		[RELOAD_NONE] = "none",
		[RELOAD_ROOM] = "waits for room",
		[RELOAD_TRYING] = "new crew is tried",
		[RELOAD_SERVING] = "new crew serves",
		[RELOAD_DRAINING] = "old crew drains",
	};

	log_debug("reload: %s", words[state]);
	parent->reload.state = state;
	parent->reload.since_ms = clock_mono_ms();
}

/* Every reload ends here, one way or the other; `why` NULL: it is done. */
static void
reload_end(struct parent *parent, const char *why)
{
	struct reload *reload = &parent->reload;

	if (why != NULL)
		log_error("reload refused, everything stays as it was: %s", why);
	else
		log_info("reload: done, %d workers serve",
		    parent->current->nchildren - 1);
	if (reload->asker != NULL && why != NULL)
		channel_say(reload->asker->fd, "answer refused %s", why);
	else if (reload->asker != NULL)
		channel_say(reload->asker->fd, "answer ok");
	reload->asker = NULL;
	reload_enter(parent, RELOAD_NONE);
	service_ready();
}

/* 0 with conf and tls filled, or -1 with err. */
static int
read_new(struct parent *parent, struct daemon_conf *conf,
    struct http_tls **tls, struct err *err)
{
	const char *fixed;
	int line;

	if (options_load(conf, parent->conf_path, err) != 0)
		return -1;
	fixed = conf_changed_fixed(&parent->current->conf, conf, options_table);
	if (fixed != NULL) {
		line = conf_line(parent->conf_path, fixed);
		err_set(err, "%s:%d: %s: a change takes a restart; put the old "
		    "value back, or restart", parent->conf_path, line, fixed);
	} else if (certificates_read(tls, conf, parent->conf_path,
	    &parent->shared->ticket_keys, err) == 0) {
		return 0;
	}
	options_clear(conf);
	return -1;
}

static void
reload_try(struct parent *parent)
{
	parent->next = crew_new(parent, &parent->reload.conf,
	    parent->reload.tls, CREW_TRIED);
	parent->reload.tls = NULL;
	reload_enter(parent, RELOAD_TRYING);
	crew_start_due(parent->next);
}

void
reload_begin(struct parent *parent, struct child *asker)
{
	struct reload *reload = &parent->reload;
	struct err err;

	log_info("reload: reading %s", parent->conf_path);
	service_reloading();
	reload->asker = asker;
	if (read_new(parent, &reload->conf, &reload->tls, &err) != 0) {
		reload_end(parent, err.text);
		return;
	}
	if (parent->old == NULL) {
		reload_try(parent);
		return;
	}
	if (parent->old->state == CREW_DRAINING) {
		crew_enter(parent->old, CREW_ENDING);
		crew_say(parent->old, SHARED_NONE, "stop");
	}
	reload_enter(parent, RELOAD_ROOM);
}

/* The new crew is given up: it has accepted nothing yet. */
static void
refuse_next(struct parent *parent, const char *why)
{
	parent->old = parent->next;
	parent->next = NULL;
	crew_enter(parent->old, CREW_ENDING);
	crew_kill(parent->old);
	reload_end(parent, why);
}

static void
look_trying(struct parent *parent, int64_t now_ms)
{
	struct crew *next = parent->next;

	if (!crew_all_living(next)) {
		refuse_next(parent, "a new process ended at once; see the "
		    "lines above");
	} else if (crew_all_ready(next)) {
		parent->old = parent->current;
		parent->current = next;
		parent->next = NULL;
		crew_enter(next, CREW_SERVING);
		log_most(options_log_level(&next->conf));
		reload_enter(parent, RELOAD_SERVING);
		crew_serve_due(next);
	} else if (now_ms - parent->reload.since_ms > PARENT_READY_LIMIT_MS) {
		refuse_next(parent, "the new workers got no answer from the "
		    "database within 10 s");
	}
}

void
reload_act(struct parent *parent)
{
	int64_t now_ms = clock_mono_ms();
	bool late = now_ms - parent->reload.since_ms > WORD_LIMIT_MS;

	switch (parent->reload.state) {
	case RELOAD_NONE:
		break;
	case RELOAD_ROOM:
		if (parent->old == NULL)
			reload_try(parent);
		break;
	case RELOAD_TRYING:
		look_trying(parent, now_ms);
		break;
	case RELOAD_SERVING:
		if (!crew_all_serving(parent->current) && !late)
			break;
		crew_enter(parent->old, CREW_DRAINING);
		crew_say(parent->old, SHARED_WORKER, "drain");
		reload_enter(parent, RELOAD_DRAINING);
		break;
	case RELOAD_DRAINING:
		if (parent->old != NULL &&
		    !crew_workers_drain(parent->old) && !late)
			break;
		reload_end(parent, NULL);
		/* Last: it has just been given the answer to pass on. */
		if (parent->old != NULL)
			crew_say(parent->old, SHARED_KEEPER, "drain");
		break;
	}
}

void
reload_give_up(struct parent *parent)
{
	struct reload *reload = &parent->reload;

	if (reload->state == RELOAD_NONE)
		return;
	if (reload->asker != NULL)
		channel_say(reload->asker->fd, "answer refused the daemon is "
		    "ending");
	reload->asker = NULL;
	if (reload->state == RELOAD_ROOM) {
		http_tls_free(reload->tls);
		options_clear(&reload->conf);
		reload->tls = NULL;
	}
	reload_enter(parent, RELOAD_NONE);
}
