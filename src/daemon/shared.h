/*
 * shared.h - the one page of memory that all processes see.
 *
 * Made by the parent before it forks: which scopes have changed, the keys of TLS
 * tickets, and one slot a process for its heartbeat and counts. Nothing in it is
 * a pointer, nothing in it needs a lock. A slot is written by its owner only; the
 * parent fills it in before the fork and zeroes it when it reaps the owner.
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
#include "daemon/options.h"
#include "feed/generations.h"
#include "http/tls.h"

enum shared_kind { SHARED_NONE, SHARED_WORKER, SHARED_KEEPER };

/* Of a worker; a keeper counts nothing. shared_count_names has the same order. */
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
	SHARED_COUNTS
};

extern const char *const shared_count_names[SHARED_COUNTS];

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

enum {
	/* Two crews live at most: one serves, one begins or ends. */
	SHARED_CREWS = 2,
	SHARED_SLOTS = SHARED_CREWS * (OPTIONS_WORKERS_MOST + 1),
};

struct shared {
	struct generations	 generations;
	struct http_ticket_keys	 ticket_keys;
	int64_t			 started_ms;	/* of the parent; fixed */
	int32_t			 parent_pid;
	struct shared_slot	 slot[SHARED_SLOTS];
};

must_check int shared_map(struct shared **out, struct err *err);
void shared_unmap(struct shared *shared);
/* Before the fork; the pid is added by both sides after it. */
void shared_slot_fill(struct shared_slot *slot, enum shared_kind kind,
    int number, int crew);
void shared_slot_zero(struct shared_slot *slot);

#endif
