/*
 * build.h - from what the database said to a finished body.
 *
 * Events that the body before holds, or any other feed, are taken from there; the
 * rest are rendered, a slice at a time, so that the loop is never held long.
 *
 * Ownership: the builder's owner frees it, also from within `done`. What it reads
 *            from the reply is used at once or copied.
 * Errors:    a body of NULL: an event could not be written; why was logged. Never a
 *            body with less.
 * Context:   the process's loop only.
 */
#ifndef KG_FEED_BUILD_H
#define KG_FEED_BUILD_H

#include "feed/body.h"
#include "feed/fragment.h"
#include "feed/key.h"
#include "loop/loop.h"
#include "store/feed.h"

struct feed_build;

struct feed_build_options {
	struct loop			*loop;
	struct feed_fragments		*fragments;
	const char			*base_url;
	const struct feed_key		*key;
	const struct feed_body		*before;	/* NULL: none */
};

/* The body is the callee's. Called exactly once, maybe before run() returns. */
typedef void feed_build_fn(struct feed_body *body, void *arg);

struct feed_build *feed_build_new(const struct feed_build_options *options,
    const struct store_feed *feed, feed_build_fn *done, void *arg);
/* Once, while the feed of feed_build_new() is still good. */
void feed_build_run(struct feed_build *build, const struct store_feed *feed);
void feed_build_free(struct feed_build *build);		/* NULL is allowed */

#endif
