/*
 * body.h - a finished calendar with everything its answers need.
 *
 * Bytes in identity and gzip form, each with its strong ETag; the heads of the four
 * answers it gives, ready to send; what it shows (its snapshot) and which scopes it
 * depends on. The identity form is made first (join.h) and served at once; who wants
 * gzip waits for that (pack.h).
 *
 * Units:     sizes in bytes; *_ms on the monotonic clock, *_s Unix seconds.
 * Ownership: one owner frees it; the bytes live on while a connection sends them.
 * Context:   the process's loop only.
 */
#ifndef KG_FEED_BODY_H
#define KG_FEED_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "feed/fragment.h"
#include "feed/generations.h"
#include "feed/key.h"
#include "http/server.h"

enum feed_form { FEED_IDENTITY, FEED_GZIP, FEED_FORMS };

enum { FEED_ETAG_SIZE = 48 };

struct feed_head {
	char	*text;
	size_t	 length;
};

/* A part of the bytes: the head, or some whole events, or the tail. */
struct feed_block {
	unsigned char		 hash[FEED_HASH_BYTES];
	size_t			 first, count;	/* fragments */
	size_t			 at, length;	/* in the identity form */
	size_t			 packed_at, packed_length;	/* 0: not by itself */
	uint32_t		 crc;
	const struct feed_block	*same;		/* of the body before, to join */
};

struct feed_body {
	struct http_body	*bytes[FEED_FORMS];	/* NULL: not yet */
	char			 etag[FEED_FORMS][FEED_ETAG_SIZE];
	struct feed_head	 whole[FEED_FORMS];	/* 200 */
	struct feed_head	 same[FEED_FORMS];	/* 304 */

	struct feed_fragment	**fragments;	/* in feed order; a reference each */
	size_t			 nfragments;
	struct feed_block	*blocks;
	size_t			 nblocks;
	uint32_t		*slots;		/* of generations */
	size_t			 nslots;

	char			*snapshot;
	char			 file[FEED_KEY_FILE_SIZE];
	bool			 is_public;
	int64_t			 token_id;	/* 0: none */
	int64_t			 fetched_minute;	/* last told of */

	uint64_t		 mark;		/* from before the query */
	uint64_t		 changes;	/* seen to be fresh at */
	int64_t			 taken_ms;	/* when the mark was taken */
	int64_t			 bumped_us;	/* of a change not served yet, or 0 */
	int64_t			 latest_s;	/* 0: not known */
	int64_t			 modified_s;	/* in the heads; 0: left out */
};

/* Empty; the caller fills in what the query said. */
struct feed_body *feed_body_new(const struct feed_key *key);
void feed_body_free(struct feed_body *body);		/* NULL is allowed */
/* The bytes of `other`, which has the same ETag and both forms. */
void feed_body_share(struct feed_body *body, const struct feed_body *other);
/*
 * Makes the heads of a form that is there, unless they are, and makes them anew when
 * Last-Modified has come of age.
 */
void feed_body_ready(struct feed_body *body, enum feed_form form,
    int64_t now_s);
size_t feed_body_bytes(const struct feed_body *body);

#endif
