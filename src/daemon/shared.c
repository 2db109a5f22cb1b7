#include "daemon/shared.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"

const char *const shared_count_names[SHARED_COUNTS] = {
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
};

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
	shared->parent_pid = (int32_t)getpid();
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
