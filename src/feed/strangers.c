#include "feed/strangers.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"

enum { SLOTS = 4096, NEIGHBOURS = 8, ADDRESS_BYTES = 16, MINUTE_MS = 60000 };

struct stranger {
	unsigned char	address[ADDRESS_BYTES];
	int64_t		minute;		/* from 1; 0: free */
	int64_t		count;
};

struct feed_strangers {
	int64_t		per_minute;
	struct stranger	slot[SLOTS];
};

struct feed_strangers *
feed_strangers_new(int64_t per_minute)
{
	struct feed_strangers *strangers = xcalloc(1, sizeof(*strangers));

	strangers->per_minute = per_minute;
	return strangers;
}

void
feed_strangers_free(struct feed_strangers *strangers)
{
	free(strangers);
}

/* The address's own slot, or the one that is least missed. */
static struct stranger *
slot_get(struct feed_strangers *strangers, const unsigned char *address,
    int64_t minute)
{
	uint64_t hash = hash_bytes(address, ADDRESS_BYTES);
	struct stranger *slot, *least = NULL;
	size_t i;

	for (i = 0; i < NEIGHBOURS; i++) {
		slot = &strangers->slot[((hash ^ hash >> 32) + i) % SLOTS];
		if (memcmp(slot->address, address, ADDRESS_BYTES) == 0)
			return slot;
		if (slot->minute != minute)
			slot->count = 0;
		if (least == NULL || slot->count < least->count)
			least = slot;
	}
	memcpy(least->address, address, ADDRESS_BYTES);
	least->minute = 0;
	return least;
}

bool
feed_strangers_count(struct feed_strangers *strangers,
    const unsigned char *address)
{
	int64_t minute = clock_mono_ms() / MINUTE_MS + 1;
	struct stranger *slot = slot_get(strangers, address, minute);

	if (slot->minute != minute) {
		slot->minute = minute;
		slot->count = 0;
	}
	if (slot->count <= strangers->per_minute)
		slot->count++;
	return slot->count > strangers->per_minute;
}
