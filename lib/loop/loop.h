/*
 * loop.h - the event loop of a process: descriptors, timers, signals.
 *
 * The only user of libevent. Events are one-shot and armed again by their owner;
 * nothing here fires after it was deleted.
 *
 * Units:     delays in milliseconds, on the monotonic clock; they may end a tick of
 *            the kernel (4 ms) early.
 * Ownership: a loop_event belongs to who made it; loop_event_free() deletes it
 *            first. The loop must outlive its events.
 * Errors:    out of memory ends the program; nothing else can fail.
 * Context:   one loop a process, one thread.
 */
#ifndef KG_LOOP_LOOP_H
#define KG_LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_event;

enum loop_what { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_TIMEOUT = 4 };

typedef void loop_fn(enum loop_what what, void *arg);

struct loop *loop_new(void);
void loop_free(struct loop *loop);
/* Runs until loop_stop(), or until nothing is armed. */
void loop_run(struct loop *loop);
/* Runs what is ready and returns; waits for one event when `wait`. */
void loop_turn(struct loop *loop, bool wait);
void loop_stop(struct loop *loop);
/* Must be called in a child after fork(), before anything else of the loop. */
void loop_forked(struct loop *loop);

struct loop_event *loop_fd_new(struct loop *loop, int fd, loop_fn *fn,
    void *arg);
/* Arms for LOOP_READ and/or LOOP_WRITE; limit_ms < 0 is no limit. One-shot. */
void loop_fd_arm(struct loop_event *event, unsigned int what, int64_t limit_ms);
struct loop_event *loop_timer_new(struct loop *loop, loop_fn *fn, void *arg);
void loop_timer_arm(struct loop_event *event, int64_t delay_ms);
/* Calls fn at each arrival of the signal, from the loop; stays armed. */
struct loop_event *loop_signal_new(struct loop *loop, int number, loop_fn *fn,
    void *arg);
void loop_event_disarm(struct loop_event *event);
bool loop_event_armed(const struct loop_event *event);
/* NULL is allowed. */
void loop_event_free(struct loop_event *event);

#endif
