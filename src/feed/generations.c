#include "feed/generations.h"

#include <assert.h>

#include "base/clock.h"
#include "base/hash.h"

/* Raises to at least `value`; returns what stands there then. */
static int64_t
raise_time(_Atomic int64_t *out, int64_t value)
{
	int64_t old = atomic_load(out);

	while (old < value)
		if (atomic_compare_exchange_weak(out, &old, value))
			return value;
	return old;
}

static void
raise_ticket(_Atomic uint64_t *out, uint64_t value)
{
	uint64_t old = atomic_load(out);

	while (old < value && !atomic_compare_exchange_weak(out, &old, value))
		;
}

/*
 * The clock may jump back; a generation never does. Otherwise two states of a
 * feed could carry the same Last-Modified.
 */
static int64_t
second(struct generations *generations)
{
	return raise_time(&generations->second, clock_real_s());
}

/*
 * The ticket is drawn first and `changes` counted last: while they differ a bump
 * is under way, and whoever looks in between knows it.
 */
static void
bump(struct generations *generations, struct generation *slot)
{
	uint64_t ticket = atomic_fetch_add(&generations->ticket, 1) + 1;
	int64_t now = second(generations);
	int64_t old = atomic_load(&slot->at);
	int64_t next;

	do {
		next = old + 1 > now ? old + 1 : now;
	} while (!atomic_compare_exchange_weak(&slot->at, &old, next));
	raise_time(&slot->bumped_us, clock_mono_us());
	raise_ticket(&slot->ticket, ticket);
	atomic_fetch_add(&generations->changes, 1);
}

void
generations_init(struct generations *generations)
{
	bump(generations, &generations->epoch);
}

void
generations_bump(struct generations *generations, const char *scopes)
{
	const char *start, *p = scopes;

	while (*p != '\0') {
		while (*p == ' ')
			p++;
		start = p;
		while (*p != '\0' && *p != ' ')
			p++;
		if (p == start)
			break;
		if (p - start == 1 && *start == '*')
			bump(generations, &generations->epoch);
		else
			bump(generations, &generations->slot[
			    generations_slot(start, (size_t)(p - start))]);
	}
}

uint64_t
generations_mark(struct generations *generations)
{
	return atomic_load(&generations->ticket);
}

uint32_t
generations_slot(const char *scope, size_t length)
{
	uint64_t hash = hash_bytes(scope, length);

	return (uint32_t)((hash ^ hash >> 32) % GENERATION_SLOTS);
}

bool
generations_moved(struct generations *generations, const uint32_t *slots,
    size_t nslots, uint64_t mark)
{
	size_t i;

	if (atomic_load(&generations->epoch.ticket) > mark)
		return true;
	for (i = 0; i < nslots; i++) {
		assert(slots[i] < GENERATION_SLOTS);
		if (atomic_load(&generations->slot[slots[i]].ticket) > mark)
			return true;
	}
	return false;
}

int64_t
generations_latest(struct generations *generations, const uint32_t *slots,
    size_t nslots)
{
	uint64_t changes = atomic_load(&generations->changes);
	int64_t at, latest = atomic_load(&generations->epoch.at);
	size_t i;

	for (i = 0; i < nslots; i++) {
		at = atomic_load(&generations->slot[slots[i]].at);
		if (at > latest)
			latest = at;
	}
	return atomic_load(&generations->ticket) == changes ? latest : 0;
}

uint64_t
generations_changes(struct generations *generations)
{
	return atomic_load(&generations->changes);
}

static void
note_bump(int64_t *first_us, struct generation *slot, uint64_t mark,
    uint64_t upto)
{
	uint64_t ticket = atomic_load(&slot->ticket);
	int64_t bumped_us = atomic_load(&slot->bumped_us);

	if (ticket > mark && ticket <= upto &&
	    (*first_us == 0 || bumped_us < *first_us))
		*first_us = bumped_us;
}

int64_t
generations_bumped_us(struct generations *generations, const uint32_t *slots,
    size_t nslots, uint64_t mark, uint64_t upto)
{
	int64_t first_us = 0;
	size_t i;

	note_bump(&first_us, &generations->epoch, mark, upto);
	for (i = 0; i < nslots; i++)
		note_bump(&first_us, &generations->slot[slots[i]], mark, upto);
	return first_us;
}
