/*
 * build.h - from what the database said to a finished body.
 *
 * Events that the body before holds, or any other feed, are taken from there; the
 * rest are rendered. Then their bytes are joined, and compressed. All of it a slice
 * at a time, so that the loop is never held for 5 ms; a short feed is one slice.
 *
 * Ownership: the builder's owner frees it, also from within a hook that ends it. The
 *            body before must stay until `joined`.
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

/* Each once, maybe before feed_build_run() returns. */
struct feed_build_hooks {
	/*
	 * The identity form is there. The body is the callee's, who keeps it until
	 * `packed`. NULL: that was the end.
	 */
	void	(*joined)(struct feed_body *body, void *arg);
	/* Gzip is there too: the end. */
	void	(*packed)(void *arg);
};

/* Within the reply function of the feed. */
struct feed_build *feed_build_new(const struct feed_build_options *options,
    const struct store_feed *feed, const struct feed_build_hooks *hooks,
    void *arg);
/* Once, after it; keeps the feed when one slice is not enough. */
void feed_build_run(struct feed_build *build);
void feed_build_free(struct feed_build *build);		/* NULL is allowed */

#endif
