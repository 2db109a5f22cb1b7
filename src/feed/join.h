/*
 * join.h - a body's pieces become its bytes, a step at a time.
 *
 * Pieces are the head, an event each, and the tail. They are parted into blocks, and
 * an event ends its block depending on its own bytes: where one has changed, borders
 * move no further than the next such event. Blocks that the body before has too are
 * taken from there. The same pieces always give the same blocks.
 *
 * Units:     what a step has cost is a guess in ns, on the high side; sizes in bytes.
 * Ownership: the caller's storage. `body` and `before` are the caller's too and must
 *            stay until the end.
 * Context:   the process's loop only.
 */
#ifndef KG_FEED_JOIN_H
#define KG_FEED_JOIN_H

#include "base/buf.h"
#include "feed/body.h"

struct feed_join {
	struct feed_body	*body;		/* its fragments are all there */
	const struct feed_body	*before;	/* NULL: none */
	struct buf		 head, tail;
	size_t			 parted;	/* fragments so far */
	size_t			 place;		/* of before's blocks */
	size_t			 joined;	/* blocks so far */
	char			*bytes;
};

void feed_join_init(struct feed_join *join, struct feed_body *body,
    const struct feed_body *before);
void feed_join_clear(struct feed_join *join);
/* The next block; after the last one the ETag is made, and 0 returned. */
int64_t feed_join_part(struct feed_join *join);
/* Afterwards: the next block's bytes; 0: the identity form is there. */
int64_t feed_join_copy(struct feed_join *join);

#endif
