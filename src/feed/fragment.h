/*
 * fragment.h - events as text, one VEVENT each, shared by all bodies that show them.
 *
 * A fragment is rendered once per (id, version); the database says both (see
 * db/functions/50_feed.sql). It lives while a body or a build holds it: the
 * cache's byte limit on bodies bounds fragments too.
 *
 * Units:     lengths in bytes.
 * Ownership: counted by reference. feed_fragment_find() gives none,
 *            feed_fragment_make() one.
 * Context:   the process's loop only.
 */
#ifndef KG_FEED_FRAGMENT_H
#define KG_FEED_FRAGMENT_H

#include <stddef.h>
#include <stdint.h>

enum { FEED_HASH_BYTES = 16 };

struct feed_fragments;

struct feed_fragment {
	int64_t			 id;
	int			 version;
	int			 references;
	struct feed_fragments	*home;
	struct feed_fragment	*next;		/* in its bucket */
	size_t			 length;
	unsigned char		 hash[FEED_HASH_BYTES];	/* of the bytes */
	char			 bytes[];
};

struct feed_fragments *feed_fragments_new(void);
/* Every fragment must have been let go. */
void feed_fragments_free(struct feed_fragments *fragments);
size_t feed_fragments_bytes(const struct feed_fragments *fragments);

struct feed_fragment *feed_fragment_find(struct feed_fragments *fragments,
    int64_t id, int version);
/* Copies the bytes; there must be none of this id and version yet. */
struct feed_fragment *feed_fragment_make(struct feed_fragments *fragments,
    int64_t id, int version, const char *bytes, size_t length);
struct feed_fragment *feed_fragment_ref(struct feed_fragment *fragment);
void feed_fragment_unref(struct feed_fragment *fragment);	/* NULL: nothing */

#endif
