/*
 * cache.h - finished calendar feeds, kept in memory.
 *
 * A feed is built once and served to everyone who asks until something it shows
 * has changed; most polls are answered from here without the database.
 *
 * Units:     sizes in bytes, bodies and the fragments they share together.
 * Ownership: the cache owns entries and bodies. An entry is good while it is busy,
 *            otherwise until control goes back to the loop.
 * Errors:    a missing entry is NULL and no error.
 * Context:   the process's loop only.
 */
#ifndef KG_FEED_CACHE_H
#define KG_FEED_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feed/body.h"
#include "feed/key.h"

struct feed_cache;
struct feed_flight;

struct feed_entry {
	struct feed_key		 key;
	struct feed_body	*body;		/* NULL: none */
	size_t			 body_bytes;	/* as the cache counts it */
	struct feed_flight	*flight;	/* under way; busy: never evicted */
	/* A query that failed is not tried again at once for nothing. */
	int64_t			 failed_ms;
	uint64_t		 failed_changes;
	struct feed_entry	*newer, *older;	/* by last use */
};

struct feed_cache *feed_cache_new(struct feed_fragments *fragments,
    size_t limit_bytes);
void feed_cache_free(struct feed_cache *cache);
/* Marks it as used last. */
struct feed_entry *feed_cache_find(struct feed_cache *cache, const char *key);
/* Finds or makes; a new one is dropped by the next trim unless it is busy. */
struct feed_entry *feed_cache_get(struct feed_cache *cache,
    const struct feed_key *key);
/* Puts a body (or NULL) in the place of the entry's. */
void feed_cache_put(struct feed_cache *cache, struct feed_entry *entry,
    struct feed_body *body);
/* The body has grown: a new form. */
void feed_cache_grown(struct feed_cache *cache, struct feed_entry *entry);
/* Drops the empty entry, or least recently used bodies beyond the limit. */
void feed_cache_trim(struct feed_cache *cache, struct feed_entry *entry);
size_t feed_cache_bytes(const struct feed_cache *cache);
void feed_cache_walk(struct feed_cache *cache,
    void (*each)(struct feed_entry *entry, void *arg), void *arg);

#endif
