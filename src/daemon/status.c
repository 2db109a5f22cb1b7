#include "daemon/status.h"

#include <inttypes.h>

#include "base/clock.h"

static const char *
yes_no(bool value)
{
	return value ? "true" : "false";
}

static void
format_counts(struct buf *out, struct shared_slot *slot)
{
	int i;

	buf_adds(out, ",\"counts\":{");
	for (i = 0; i < SHARED_NAMED_COUNTS; i++)
		buf_addf(out, "%s\"%s\":%" PRIu64, i > 0 ? "," : "",
		    shared_count_names[i], atomic_load(&slot->count[i]));
	buf_addc(out, '}');
}

static void
format_slot(struct buf *out, struct shared_slot *slot, int64_t now_ms)
{
	bool worker = atomic_load(&slot->kind) == SHARED_WORKER;

	buf_addf(out, "{\"number\":%d,\"pid\":%d,\"crew\":%d,\"serving\":%s,"
	    "\"database\":%s,\"heartbeat_age_ms\":%" PRId64
	    ",\"uptime_s\":%" PRId64, atomic_load(&slot->number),
	    atomic_load(&slot->pid), atomic_load(&slot->crew),
	    yes_no(atomic_load(&slot->serving)),
	    yes_no(atomic_load(&slot->database)),
	    now_ms - atomic_load(&slot->heartbeat_ms),
	    (now_ms - atomic_load(&slot->started_ms)) / 1000);
	if (worker)
		format_counts(out, slot);
	buf_addc(out, '}');
}

/* Of two keepers, during a reload, the one that serves. */
static struct shared_slot *
find_keeper(struct shared *shared)
{
	struct shared_slot *found = NULL, *slot;

	for (slot = shared->slot; slot < shared->slot + SHARED_SLOTS; slot++) {
		if (atomic_load(&slot->kind) != SHARED_KEEPER)
			continue;
		if (found == NULL || atomic_load(&slot->serving))
			found = slot;
	}
	return found;
}

void
status_format(struct buf *out, struct shared *shared)
{
	struct shared_slot *keeper = find_keeper(shared), *slot;
	int64_t now_ms = clock_mono_ms();
	bool first = true;

	buf_addf(out, "{\"version\":\"%s\",\"pid\":%d,\"uptime_s\":%" PRId64
	    ",\"database\":%s,\"listening\":%s,\"mails_waiting\":%" PRId64
	    ",\"workers\":[", KG_VERSION,
	    (int)shared->parent_pid, (now_ms - shared->started_ms) / 1000,
	    yes_no(keeper != NULL && atomic_load(&keeper->database)),
	    yes_no(atomic_load(&shared->generations.listening_until_ms) >
	    now_ms), atomic_load(&shared->mails_waiting));
	for (slot = shared->slot; slot < shared->slot + SHARED_SLOTS; slot++) {
		if (atomic_load(&slot->kind) != SHARED_WORKER)
			continue;
		if (!first)
			buf_addc(out, ',');
		first = false;
		format_slot(out, slot, now_ms);
	}
	buf_adds(out, "],\"keeper\":");
	if (keeper != NULL)
		format_slot(out, keeper, now_ms);
	else
		buf_adds(out, "null");
	buf_addc(out, '}');
}
