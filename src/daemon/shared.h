/*
 * shared.h - the one page of memory that all processes see.
 *
 * Made by the parent before it forks: which scopes have changed, the keys of TLS
 * tickets, and one slot a process for its heartbeat and counts. Nothing in it is
 * a pointer, nothing in it needs a lock. A slot is written by its owner only; the
 * parent fills it in before the fork, and when it reaps the owner it adds what was
 * counted to the past of that number and zeroes the slot: a sum over both never
 * goes down.
 *
 * Units:     milliseconds on the monotonic clock.
 * Ownership: mapped once and inherited; the kernel takes it back with the last
 *            process.
 * Errors:    -1 with err filled.
 */
#ifndef KG_DAEMON_SHARED_H
#define KG_DAEMON_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/histogram.h"
#include "daemon/options.h"
#include "feed/generations.h"
#include "http/tls.h"

enum shared_kind { SHARED_NONE, SHARED_WORKER, SHARED_KEEPER };

/* What a request was for; http_request_set_kind(). */
enum shared_asked {
	ASKED_OTHER,		/* what never reached a room; styles; in clear */
	ASKED_FEED_PUBLIC, ASKED_FEED_TOKEN, ASKED_PAGE, ASKED_API,
	ASKED_KINDS
};

/* Statuses that are counted by themselves, and in the last place all others. */
enum { SHARED_STATUSES = 27 };
extern const int shared_statuses[SHARED_STATUSES];

enum shared_time {
	TIME_FEED_REBUILD, TIME_CHANGE_TO_SERVED, TIME_POOL_WAIT,
	SHARED_TIMES
};

/*
 * Of a worker; a keeper counts only its reconnects. shared_count_names has the
 * order of those before SHARED_NAMED_COUNTS.
 */
enum shared_count {
	COUNT_CONNECTIONS, COUNT_ACCEPTED, COUNT_REFUSED, COUNT_HANDSHAKES,
	COUNT_RESUMED, COUNT_HANDSHAKE_FAILURES, COUNT_REQUESTS,
	COUNT_BAD_REQUESTS, COUNT_TIMEOUTS, COUNT_BYTES_OUT,
	COUNT_ANSWERS_1XX, COUNT_ANSWERS_2XX, COUNT_ANSWERS_3XX,
	COUNT_ANSWERS_4XX, COUNT_ANSWERS_5XX,
	COUNT_FEED_HITS, COUNT_FEED_REBUILDS, COUNT_FEED_REBUILD_US,
	COUNT_FEED_NOT_MODIFIED, COUNT_FEED_AWAY, COUNT_FEED_UNKNOWN,
	COUNT_CACHE_BYTES,
	COUNT_STATEMENTS, COUNT_STATEMENTS_REFUSED, COUNT_STATEMENTS_AWAY,
	COUNT_STATEMENTS_LATE, COUNT_RECONNECTS,
	COUNT_HANDSHAKES_FULL, COUNT_STATEMENTS_DONE, COUNT_STATEMENTS_BUSY,
	COUNT_POOL_WAITING, COUNT_POOL_UNDER_WAY,
	SHARED_NAMED_COUNTS,
	/* ASKED_KINDS rows of SHARED_STATUSES: shared_answer_count(). */
	COUNT_ANSWERS = SHARED_NAMED_COUNTS,
	/* SHARED_TIMES rows: a histogram's buckets, then its sum. */
	COUNT_TIMES = COUNT_ANSWERS + ASKED_KINDS * SHARED_STATUSES,
	SHARED_COUNTS = COUNT_TIMES + SHARED_TIMES * (HISTOGRAM_BUCKETS + 1)
};

extern const char *const shared_count_names[SHARED_NAMED_COUNTS];

/* Where in a slot's counts the answers with the n-th status are. */
static inline int
shared_answer_count(enum shared_asked kind, int nth_status)
{
	return COUNT_ANSWERS + (int)kind * SHARED_STATUSES + nth_status;
}

/* And the first bucket of a histogram; its sum stands behind the last one. */
static inline int
shared_time_count(enum shared_time time)
{
	return COUNT_TIMES + (int)time * (HISTOGRAM_BUCKETS + 1);
}

struct shared_slot {
	_Atomic int32_t	 kind;		/* enum shared_kind; SHARED_NONE: free */
	_Atomic int32_t	 number;	/* of the worker, from 1 */
	_Atomic int32_t	 crew;		/* which start or reload made it */
	_Atomic int32_t	 pid;
	_Atomic int64_t	 started_ms;
	_Atomic int64_t	 heartbeat_ms;
	_Atomic bool	 serving;
	_Atomic bool	 database;	/* its connections are up */
	_Atomic uint64_t count[SHARED_COUNTS];
};

/* What the processes of one number have counted that are no more. */
struct shared_past {
	_Atomic uint64_t starts;	/* of processes, living ones too */
	_Atomic uint64_t count[SHARED_COUNTS];
};

enum {
	/* Two crews live at most: one serves, one begins or ends. */
	SHARED_CREWS = 2,
	SHARED_SLOTS = SHARED_CREWS * (OPTIONS_WORKERS_MOST + 1),
	/* By the worker's number; the keeper is 0. */
	SHARED_NUMBERS = OPTIONS_WORKERS_MOST + 1,
};

struct shared {
	struct generations	 generations;
	struct http_ticket_keys	 ticket_keys;
	int64_t			 started_ms;	/* of the parent; fixed */
	int64_t			 started_s;	/* in Unix seconds */
	int32_t			 parent_pid;
	/* Odd while the parent moves counts from a slot to the past. */
	_Atomic uint32_t	 moves;
	_Atomic int64_t		 mails_waiting;	/* -1: not counted yet */
	struct shared_slot	 slot[SHARED_SLOTS];
	struct shared_past	 past[SHARED_NUMBERS];
};

must_check int shared_map(struct shared **out, struct err *err);
void shared_unmap(struct shared *shared);
/* Before the fork; the pid is added by both sides after it. */
void shared_slot_fill(struct shared_slot *slot, enum shared_kind kind,
    int number, int crew);
void shared_slot_zero(struct shared_slot *slot);
/* Its owner has ended: adds its counts to the past and zeroes it. */
void shared_slot_leave(struct shared *shared, struct shared_slot *slot);
/* Copies counts to the slot, for all to see. */
void shared_slot_publish(struct shared_slot *slot,
    const uint64_t counts[SHARED_COUNTS]);

#endif
