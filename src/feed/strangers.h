/*
 * strangers.h - who asks for links that nobody has, and how often.
 *
 * Units:     per address and minute of the monotonic clock.
 * Ownership: a fixed table; when it is full whoever asked least is forgotten.
 * Context:   the process's loop only.
 */
#ifndef KG_FEED_STRANGERS_H
#define KG_FEED_STRANGERS_H

#include <stdbool.h>
#include <stdint.h>

struct feed_strangers;

struct feed_strangers *feed_strangers_new(int64_t per_minute);
void feed_strangers_free(struct feed_strangers *strangers);
/* Counts one unknown link; true when it was one too many. `address`: 16 bytes. */
bool feed_strangers_count(struct feed_strangers *strangers,
    const unsigned char *address);

#endif
