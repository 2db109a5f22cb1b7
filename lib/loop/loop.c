#include "loop/loop.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/time.h>

#include <event2/event.h>

#include "base/log.h"
#include "base/mem.h"

struct loop {
	struct event_base	*base;
	bool			 stop;	/* the next or running loop_run() ends */
};

enum kind { KIND_FD, KIND_TIMER, KIND_SIGNAL };

/*
 * libevent's event of a descriptor is persistent, and taken out after fn only when
 * it was not armed again: so the common "read, answer, arm" costs no epoll_ctl().
 */
struct loop_event {
	struct loop	*loop;
	enum kind	 kind;
	struct event	*event;
	loop_fn		*fn;
	void		*arg;
	short		 flags;		/* EV_READ, EV_WRITE it was made with */
	bool		 armed;
	bool		*gone;		/* set while fn runs: freed meanwhile? */
};

/* A descriptor that is none, or no memory: mistakes here, not the world's. */
static void
must(bool worked, const char *what)
{
	if (worked)
		return;
	log_error("loop: %s failed", what);
	abort();
}

struct loop *
loop_new(void)
{
	struct loop *loop = xcalloc(1, sizeof(*loop));
	struct event_config *config = event_config_new();

	must(config != NULL, "event_config_new");
	/* A timer armed late in a long turn counts from then, not its start. */
	must(event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK |
	    EVENT_BASE_FLAG_NO_CACHE_TIME) == 0, "event_config_set_flag");
	loop->base = event_base_new_with_config(config);
	must(loop->base != NULL, "event_base_new_with_config");
	event_config_free(config);
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	event_base_free(loop->base);
	free(loop);
}

void
loop_run(struct loop *loop)
{
	if (!loop->stop)
		must(event_base_loop(loop->base, 0) >= 0, "event_base_loop");
	loop->stop = false;
}

void
loop_turn(struct loop *loop, bool wait)
{
	must(event_base_loop(loop->base,
	    EVLOOP_ONCE | (wait ? 0 : EVLOOP_NONBLOCK)) >= 0,
	    "event_base_loop");
}

void
loop_stop(struct loop *loop)
{
	loop->stop = true;
	event_base_loopbreak(loop->base);
}

void
loop_forked(struct loop *loop)
{
	must(event_reinit(loop->base) == 0, "event_reinit");
}

static void
happened(evutil_socket_t fd, short flags, void *arg)
{
	struct loop_event *event = arg;
	unsigned int what = 0;
	bool gone = false;

	(void)fd;
	if (flags & EV_READ)
		what |= LOOP_READ;
	if (flags & EV_WRITE)
		what |= LOOP_WRITE;
	if (flags & EV_TIMEOUT)
		what |= LOOP_TIMEOUT;
	if (event->kind != KIND_SIGNAL)
		event->armed = false;
	event->gone = &gone;
	event->fn((enum loop_what)what, event->arg);
	if (gone)
		return;
	event->gone = NULL;
	if (!event->armed)
		event_del(event->event);
}

static struct loop_event *
event_make(struct loop *loop, enum kind kind, int fd, short flags, loop_fn *fn,
    void *arg)
{
	struct loop_event *event = xcalloc(1, sizeof(*event));

	event->loop = loop;
	event->kind = kind;
	event->fn = fn;
	event->arg = arg;
	event->flags = flags;
	event->event = event_new(loop->base, fd, flags, happened, event);
	must(event->event != NULL, "event_new");
	return event;
}

struct loop_event *
loop_fd_new(struct loop *loop, int fd, loop_fn *fn, void *arg)
{
	return event_make(loop, KIND_FD, fd, EV_READ | EV_PERSIST, fn, arg);
}

static struct timeval
delay_of(int64_t delay_ms)
{
	struct timeval delay;

	if (delay_ms < 0)
		delay_ms = 0;
	delay.tv_sec = (time_t)(delay_ms / 1000);
	delay.tv_usec = (suseconds_t)(delay_ms % 1000 * 1000);
	return delay;
}

void
loop_fd_arm(struct loop_event *event, unsigned int what, int64_t limit_ms)
{
	struct timeval limit = delay_of(limit_ms);
	short flags = EV_PERSIST;

	if (what & LOOP_READ)
		flags |= EV_READ;
	if (what & LOOP_WRITE)
		flags |= EV_WRITE;
	if (flags != event->flags) {
		event_del(event->event);
		must(event_assign(event->event, event->loop->base,
		    event_get_fd(event->event), flags, happened, event) == 0,
		    "event_assign");
		event->flags = flags;
	}
	if (limit_ms < 0)
		event_remove_timer(event->event);
	must(event_add(event->event, limit_ms < 0 ? NULL : &limit) == 0,
	    "event_add");
	event->armed = true;
}

struct loop_event *
loop_timer_new(struct loop *loop, loop_fn *fn, void *arg)
{
	return event_make(loop, KIND_TIMER, -1, 0, fn, arg);
}

void
loop_timer_arm(struct loop_event *event, int64_t delay_ms)
{
	struct timeval delay = delay_of(delay_ms);

	must(event_add(event->event, &delay) == 0, "event_add");
	event->armed = true;
}

struct loop_event *
loop_signal_new(struct loop *loop, int number, loop_fn *fn, void *arg)
{
	struct loop_event *event = event_make(loop, KIND_SIGNAL, number,
	    EV_SIGNAL | EV_PERSIST, fn, arg);

	must(event_add(event->event, NULL) == 0, "event_add");
	event->armed = true;
	return event;
}

void
loop_event_disarm(struct loop_event *event)
{
	event_del(event->event);
	event->armed = false;
}

bool
loop_event_armed(const struct loop_event *event)
{
	return event->armed;
}

void
loop_event_free(struct loop_event *event)
{
	if (event == NULL)
		return;
	if (event->gone != NULL)
		*event->gone = true;
	event_free(event->event);
	free(event);
}
