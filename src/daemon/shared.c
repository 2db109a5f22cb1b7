#include "daemon/shared.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"

/* What the daemon answers; RFC 9110 section 15. */
const int shared_statuses[SHARED_STATUSES] = {
	200, 201, 204, 301, 303, 304, 308, 400, 401, 403, 404, 405, 408, 409,
	410, 413, 414, 417, 421, 422, 429, 431, 500, 501, 503, 505, 0,
};

const char *const shared_count_names[SHARED_NAMED_COUNTS] = {
	[COUNT_CONNECTIONS] = "connections",
	[COUNT_ACCEPTED] = "accepted",
	[COUNT_REFUSED] = "refused",
	[COUNT_HANDSHAKES] = "handshakes",
	[COUNT_RESUMED] = "resumed",
	[COUNT_HANDSHAKE_FAILURES] = "handshake_failures",
	[COUNT_REQUESTS] = "requests",
	[COUNT_BAD_REQUESTS] = "bad_requests",
	[COUNT_TIMEOUTS] = "timeouts",
	[COUNT_BYTES_OUT] = "bytes_out",
	[COUNT_ANSWERS_1XX] = "answers_1xx",
	[COUNT_ANSWERS_2XX] = "answers_2xx",
	[COUNT_ANSWERS_3XX] = "answers_3xx",
	[COUNT_ANSWERS_4XX] = "answers_4xx",
	[COUNT_ANSWERS_5XX] = "answers_5xx",
	[COUNT_FEED_HITS] = "feed_hits",
	[COUNT_FEED_REBUILDS] = "feed_rebuilds",
	[COUNT_FEED_REBUILD_US] = "feed_rebuild_us",
	[COUNT_FEED_NOT_MODIFIED] = "feed_not_modified",
	[COUNT_FEED_AWAY] = "feed_away",
	[COUNT_FEED_UNKNOWN] = "feed_unknown",
	[COUNT_CACHE_BYTES] = "cache_bytes",
	[COUNT_STATEMENTS] = "statements",
	[COUNT_STATEMENTS_REFUSED] = "statements_refused",
	[COUNT_STATEMENTS_AWAY] = "statements_away",
	[COUNT_STATEMENTS_LATE] = "statements_late",
	[COUNT_RECONNECTS] = "reconnects",
	[COUNT_HANDSHAKES_FULL] = "handshakes_full",
	[COUNT_STATEMENTS_DONE] = "statements_done",
	[COUNT_STATEMENTS_BUSY] = "statements_busy",
	[COUNT_POOL_WAITING] = "pool_waiting",
	[COUNT_POOL_UNDER_WAY] = "pool_under_way",
};

/* Whether it says how much there is now, and not how much there has been. */
static bool
is_level(int count)
{
	return count == COUNT_CONNECTIONS || count == COUNT_CACHE_BYTES ||
	    count == COUNT_POOL_WAITING || count == COUNT_POOL_UNDER_WAY;
}

int
shared_map(struct shared **out, struct err *err)
{
	struct shared *shared;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return err_set(err, "shared page: %s", strerror(errno));
	/* Ticket keys are in it. */
	if (madvise(shared, sizeof(*shared), MADV_DONTDUMP) != 0) {
		err_set(err, "shared page: %s", strerror(errno));
		munmap(shared, sizeof(*shared));
		return -1;
	}
	generations_init(&shared->generations);
	shared->started_ms = clock_mono_ms();
	shared->started_s = clock_real_s();
	shared->parent_pid = (int32_t)getpid();
	atomic_store(&shared->mails_waiting, -1);
	*out = shared;
	return 0;
}

void
shared_unmap(struct shared *shared)
{
	if (shared != NULL)
		munmap(shared, sizeof(*shared));
}

void
shared_slot_fill(struct shared_slot *slot, enum shared_kind kind, int number,
    int crew)
{
	int64_t now_ms = clock_mono_ms();

	shared_slot_zero(slot);
	atomic_store(&slot->number, number);
	atomic_store(&slot->crew, crew);
	atomic_store(&slot->started_ms, now_ms);
	atomic_store(&slot->heartbeat_ms, now_ms);
	atomic_store(&slot->kind, kind);
}

void
shared_slot_zero(struct shared_slot *slot)
{
	size_t i;

	atomic_store(&slot->kind, SHARED_NONE);
	atomic_store(&slot->number, 0);
	atomic_store(&slot->crew, 0);
	atomic_store(&slot->pid, 0);
	atomic_store(&slot->started_ms, 0);
	atomic_store(&slot->heartbeat_ms, 0);
	atomic_store(&slot->serving, false);
	atomic_store(&slot->database, false);
	for (i = 0; i < SHARED_COUNTS; i++)
		atomic_store(&slot->count[i], 0);
}

/* Who reads meanwhile sees by `moves` that it saw counts twice, or not at all. */
void
shared_slot_leave(struct shared *shared, struct shared_slot *slot)
{
	struct shared_past *past = &shared->past[atomic_load(&slot->number)];
	int i;

	atomic_fetch_add(&shared->moves, 1);
	for (i = 0; i < SHARED_COUNTS; i++) {
		if (!is_level(i))
			atomic_fetch_add(&past->count[i],
			    atomic_load(&slot->count[i]));
	}
	shared_slot_zero(slot);
	atomic_fetch_add(&shared->moves, 1);
}

void
shared_slot_publish(struct shared_slot *slot,
    const uint64_t counts[SHARED_COUNTS])
{
	int i;

	for (i = 0; i < SHARED_COUNTS; i++)
		atomic_store_explicit(&slot->count[i], counts[i],
		    memory_order_relaxed);
}
