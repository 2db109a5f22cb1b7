#include "feed/fragment.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "secret/secret.h"

enum { BUCKETS_LEAST = 256 };

struct feed_fragments {
	struct feed_fragment	**buckets;
	size_t			  nbuckets;	/* a power of two */
	size_t			  count, bytes;
};

struct feed_fragments *
feed_fragments_new(void)
{
	struct feed_fragments *fragments = xcalloc(1, sizeof(*fragments));

	fragments->nbuckets = BUCKETS_LEAST;
	fragments->buckets = xcalloc(fragments->nbuckets,
	    sizeof(*fragments->buckets));
	return fragments;
}

void
feed_fragments_free(struct feed_fragments *fragments)
{
	assert(fragments->count == 0);
	free(fragments->buckets);
	free(fragments);
}

size_t
feed_fragments_bytes(const struct feed_fragments *fragments)
{
	return fragments->bytes;
}

static struct feed_fragment **
bucket(struct feed_fragments *fragments, int64_t id)
{
	uint64_t mixed = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);

	return &fragments->buckets[mixed >> 32 & (fragments->nbuckets - 1)];
}

static void
grow(struct feed_fragments *fragments)
{
	struct feed_fragment **old = fragments->buckets, *fragment, *next;
	struct feed_fragment **place;
	size_t nold = fragments->nbuckets, i;

	fragments->nbuckets *= 2;
	fragments->buckets = xcalloc(fragments->nbuckets, sizeof(*old));
	for (i = 0; i < nold; i++)
		for (fragment = old[i]; fragment != NULL; fragment = next) {
			next = fragment->next;
			place = bucket(fragments, fragment->id);
			fragment->next = *place;
			*place = fragment;
		}
	free(old);
}

struct feed_fragment *
feed_fragment_find(struct feed_fragments *fragments, int64_t id, int version)
{
	struct feed_fragment *fragment = *bucket(fragments, id);

	while (fragment != NULL &&
	    (fragment->id != id || fragment->version != version))
		fragment = fragment->next;
	return fragment;
}

struct feed_fragment *
feed_fragment_make(struct feed_fragments *fragments, int64_t id, int version,
    const char *bytes, size_t length)
{
	struct feed_fragment *fragment, **place;
	unsigned char hash[SECRET_SHA256_BYTES];

	if (fragments->count >= fragments->nbuckets)
		grow(fragments);
	fragment = xmalloc(sizeof(*fragment) + length);
	fragment->id = id;
	fragment->version = version;
	fragment->references = 1;
	fragment->home = fragments;
	fragment->length = length;
	memcpy(fragment->bytes, bytes, length);
	secret_sha256(hash, bytes, length);
	memcpy(fragment->hash, hash, sizeof(fragment->hash));
	place = bucket(fragments, id);
	fragment->next = *place;
	*place = fragment;
	fragments->count++;
	fragments->bytes += sizeof(*fragment) + length;
	return fragment;
}

struct feed_fragment *
feed_fragment_ref(struct feed_fragment *fragment)
{
	fragment->references++;
	return fragment;
}

void
feed_fragment_unref(struct feed_fragment *fragment)
{
	struct feed_fragments *fragments;
	struct feed_fragment **place;

	if (fragment == NULL || --fragment->references > 0)
		return;
	fragments = fragment->home;
	for (place = bucket(fragments, fragment->id); *place != fragment;
	    place = &(*place)->next)
		;
	*place = fragment->next;
	fragments->count--;
	fragments->bytes -= sizeof(*fragment) + fragment->length;
	free(fragment);
}
