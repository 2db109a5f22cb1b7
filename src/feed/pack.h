/*
 * pack.h - a body's gzip form, made a step at a time. The only user of libdeflate and
 * zlib.
 *
 * A short body is compressed in one go. Of a long one each block is compressed by
 * itself, and what comes out is joined into one gzip member: only the blocks that
 * the body before does not have are compressed. The bytes do not depend on which
 * those are.
 *
 * Units:     what a step has cost is a guess in ns, on the high side.
 * Ownership: the body is the caller's, must have its identity form, and gets the
 *            gzip form; until then it must stay.
 * Context:   the process's loop only.
 */
#ifndef KG_FEED_PACK_H
#define KG_FEED_PACK_H

#include <stdint.h>

#include "feed/body.h"

struct feed_pack;

/* What the blocks of the body say of `before` (NULL: nothing) is taken from it. */
struct feed_pack *feed_pack_new(struct feed_body *body,
    struct http_body *before);
void feed_pack_free(struct feed_pack *pack);	/* NULL is allowed */
/* 0: the gzip form is there. */
int64_t feed_pack_step(struct feed_pack *pack);

#endif
