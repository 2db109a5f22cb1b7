#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	EVENTS = 256,
	/* Beforehand, so that a server's memory tells of idle connections and not
	 * of how many began at once. */
	LEARN_AT_ONCE = 8,
};

void
load_error(struct load *load, const struct target *target, const char *what)
{
	if (load->errors < LOAD_ERRORS_SHOWN)
		load->error[load->errors] = xasprintf("%s: %s", target->path,
		    what);
	if (++load->errors >= LOAD_ERRORS_MOST)
		load->ended = true;
}

/* ---- the line of free connections: who has waited longest goes first ---- */

static void
free_push(struct load *load, struct conn *conn)
{
	conn->next = NULL;
	*load->free_last = conn;
	load->free_last = &conn->next;
}

static struct conn *
free_pop(struct load *load)
{
	struct conn *conn = load->free_first;

	load->free_first = conn->next;
	if (load->free_first == NULL)
		load->free_last = &load->free_first;
	return conn;
}

void
load_finished(struct load *load, struct conn *conn)
{
	int64_t took_us = clock_mono_us() - conn->due_us;

	if (load->counts) {
		load->latency_us[load->done] = took_us > UINT32_MAX ?
		    UINT32_MAX : (uint32_t)took_us;
		if (conn->answer.status < LOAD_STATUSES)
			load->statuses[conn->answer.status]++;
	}
	load->done++;
	free_push(load, conn);
}

/* ---- who asks when ---- */

/* When the next request is due; it may be long ago. */
static int64_t
next_due_us(const struct load *load, int64_t now_us)
{
	if (!load->counts || load->options.rate == 0)
		return now_us;
	return load->began_us + load->begun * 1000000 / load->options.rate;
}

static bool
may_begin(const struct load *load)
{
	if (load->ended || load->begun >= load->wanted ||
	    load->free_first == NULL)
		return false;
	return load->counts || load->begun - load->done < LEARN_AT_ONCE;
}

/* Begins all that is due; microseconds until the next one, or -1. */
static int64_t
load_begin_due(struct load *load)
{
	struct target *target;
	int64_t due_us, now_us;

	while (may_begin(load)) {
		now_us = clock_mono_us();
		due_us = next_due_us(load, now_us);
		if (due_us > now_us)
			return due_us - now_us;
		target = &load->targets[load->next_target];
		load->next_target = (load->next_target + 1) % load->ntargets;
		load->begun++;
		conn_ask(free_pop(load), target, due_us);
	}
	return -1;
}

static bool
load_is_over(const struct load *load)
{
	return load->done == load->begun &&
	    (load->ended || load->begun >= load->wanted);
}

/* Whoever started us has said that it is enough, or has gone. */
static void
stdin_event(struct load *load)
{
	load->ended = true;
	(void)epoll_ctl(load->epoll, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
}

static void
load_turn(struct load *load, int64_t wait_us)
{
	struct epoll_event events[EVENTS];
	struct timespec wait = {
		.tv_sec = wait_us / 1000000,
		.tv_nsec = wait_us % 1000000 * 1000,
	};
	int i, n;

	n = epoll_pwait2(load->epoll, events, EVENTS, &wait, NULL);
	if (n < 0 && errno != EINTR)
		load_die("epoll_pwait2: %s", strerror(errno));
	for (i = 0; i < n; i++) {
		if (events[i].data.ptr == NULL)
			stdin_event(load);
		else
			conn_event(events[i].data.ptr);
	}
}

static void
load_phase(struct load *load, int64_t wanted)
{
	int64_t deadline_us, left_us, wait_us;

	load->wanted = wanted;
	load->begun = 0;
	load->done = 0;
	load->next_target = load->counts && load->options.cold ?
	    1 % load->ntargets : 0;
	load->began_us = clock_mono_us();
	deadline_us = load->began_us + load->options.limit_s * 1000000;
	while (!load_is_over(load)) {
		wait_us = load_begin_due(load);
		if (load_is_over(load))
			break;
		left_us = deadline_us - clock_mono_us();
		if (left_us <= 0) {
			load_error(load, &load->targets[0],
			    "not finished within the limit of time");
			break;
		}
		if (wait_us < 0 || wait_us > left_us)
			wait_us = left_us;
		load_turn(load, wait_us);
	}
	load->ended_us = clock_mono_us();
}

/* ---- the phases ---- */

static void
wait_for_line(struct load *load)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
	char byte = '\0';

	printf("ready\n");
	fflush(stdout);
	while (byte != '\n') {
		if (read(STDIN_FILENO, &byte, 1) <= 0) {
			load->ended = true;
			return;
		}
	}
	/* A plain file cannot be waited for, and need not be. */
	(void)epoll_ctl(load->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
}

/* Every page is asked for once, and every kept connection is opened and used. */
static void
load_learn(struct load *load)
{
	size_t i, all = load->ntargets;
	int64_t wanted;

	if (load->options.cold)
		load->ntargets = 1;
	wanted = (int64_t)load->ntargets;
	if (!load->options.fresh && wanted < load->options.connections)
		wanted = load->options.connections;
	load_phase(load, wanted);
	load->ntargets = all;
	for (i = 0; i < load->ntargets; i++) {
		target_compose(&load->targets[i], &load->options,
		    load->options.conditional);
	}
}

void
load_run(struct load *load)
{
	int64_t i;

	if ((load->epoll = epoll_create1(EPOLL_CLOEXEC)) < 0)
		load_die("epoll_create1: %s", strerror(errno));
	load->free_last = &load->free_first;
	for (i = 0; i < load->options.connections; i++)
		free_push(load, &load->conns[i]);
	load_learn(load);
	if (load->errors > 0)
		return;
	load->latency_us = xcalloc((size_t)load->options.requests + 1,
	    sizeof(*load->latency_us));
	load->counts = true;
	if (load->options.wait)
		wait_for_line(load);
	load_phase(load, load->options.requests);
}
