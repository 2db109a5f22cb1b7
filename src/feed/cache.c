#include "feed/cache.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/table.h"

struct feed_cache {
	struct table		*entries;
	struct feed_fragments	*fragments;	/* ours only to count */
	size_t			 limit_bytes, bytes;
	struct feed_entry	*newest, *oldest;
};

struct feed_cache *
feed_cache_new(struct feed_fragments *fragments, size_t limit_bytes)
{
	struct feed_cache *cache = xcalloc(1, sizeof(*cache));

	cache->entries = table_new();
	cache->fragments = fragments;
	cache->limit_bytes = limit_bytes;
	return cache;
}

static void
unlink_entry(struct feed_cache *cache, struct feed_entry *entry)
{
	*(entry->newer != NULL ? &entry->newer->older : &cache->newest) =
	    entry->older;
	*(entry->older != NULL ? &entry->older->newer : &cache->oldest) =
	    entry->newer;
	entry->newer = entry->older = NULL;
}

static void
link_newest(struct feed_cache *cache, struct feed_entry *entry)
{
	entry->older = cache->newest;
	if (cache->newest != NULL)
		cache->newest->newer = entry;
	cache->newest = entry;
	if (cache->oldest == NULL)
		cache->oldest = entry;
}

static void
drop(struct feed_cache *cache, struct feed_entry *entry)
{
	feed_cache_put(cache, entry, NULL);
	unlink_entry(cache, entry);
	table_remove(cache->entries, entry->key.text);
	free(entry);
}

void
feed_cache_free(struct feed_cache *cache)
{
	while (cache->oldest != NULL)
		drop(cache, cache->oldest);
	table_free(cache->entries);
	free(cache);
}

struct feed_entry *
feed_cache_find(struct feed_cache *cache, const char *key)
{
	struct feed_entry *entry = table_find(cache->entries, key);

	if (entry != NULL && entry != cache->newest) {
		unlink_entry(cache, entry);
		link_newest(cache, entry);
	}
	return entry;
}

struct feed_entry *
feed_cache_get(struct feed_cache *cache, const struct feed_key *key)
{
	struct feed_entry *entry = feed_cache_find(cache, key->text);

	if (entry != NULL)
		return entry;
	entry = xcalloc(1, sizeof(*entry));
	entry->key = *key;
	table_put(cache->entries, entry->key.text, entry);
	link_newest(cache, entry);
	return entry;
}

void
feed_cache_put(struct feed_cache *cache, struct feed_entry *entry,
    struct feed_body *body)
{
	feed_body_free(entry->body);
	cache->bytes -= entry->body_bytes;
	entry->body = body;
	entry->body_bytes = body == NULL ? 0 : feed_body_bytes(body);
	cache->bytes += entry->body_bytes;
}

void
feed_cache_grown(struct feed_cache *cache, struct feed_entry *entry)
{
	cache->bytes -= entry->body_bytes;
	entry->body_bytes = feed_body_bytes(entry->body);
	cache->bytes += entry->body_bytes;
}

size_t
feed_cache_bytes(const struct feed_cache *cache)
{
	return cache->bytes + feed_fragments_bytes(cache->fragments);
}

/* The entry at hand stays, however large it is: it is about to be served. */
void
feed_cache_trim(struct feed_cache *cache, struct feed_entry *entry)
{
	struct feed_entry *old, *newer;

	if (entry->body == NULL && entry->flight == NULL)
		drop(cache, entry);
	for (old = cache->oldest; old != NULL && old != cache->newest &&
	    feed_cache_bytes(cache) > cache->limit_bytes; old = newer) {
		newer = old->newer;
		if (old->flight == NULL)
			drop(cache, old);
	}
}

void
feed_cache_walk(struct feed_cache *cache,
    void (*each)(struct feed_entry *entry, void *arg), void *arg)
{
	struct feed_entry *entry, *newer;

	for (entry = cache->oldest; entry != NULL; entry = newer) {
		newer = entry->newer;
		each(entry, arg);
	}
}
