/*
 * feed.h - answers every request under /f/, and /s/RUN.ics.
 *
 * The front of the room: takes a request, finds or builds the feed's body, answers.
 * One feed_house a worker.
 *
 * Ownership: the house owns cache, fragments and waiting requests; the pool, the
 *            shared generations and the options must outlive it.
 * Context:   the worker's loop only.
 */
#ifndef KG_FEED_FEED_H
#define KG_FEED_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/histogram.h"
#include "feed/generations.h"
#include "http/server.h"
#include "loop/loop.h"

struct feed_house;
struct pg_pool;

struct feed_options {
	const char		*base_url;	/* "https://host[:port]", no slash */
	int64_t			 cache_bytes;
	int64_t			 limit_ms;	/* of the feed query */
	int64_t			 unknown_per_minute;	/* tokens, per address */
	bool			 can_hear;	/* a keeper keeps listening_until */
	int			 public_kind, token_kind;	/* of requests */
};

struct feed_counts {
	uint64_t hits, rebuilds, not_modified, away, unknown;
	uint64_t rebuild_us;
	uint64_t cache_bytes;
	struct histogram rebuild_times;		/* from query to body */
	/* From a change to the first body of this house that shows it. */
	struct histogram served_delays;
};

struct feed_house *feed_house_new(struct loop *loop, struct pg_pool *pool,
    struct generations *generations, const struct feed_options *options);
void feed_house_free(struct feed_house *house);
/*
 * Writes what is not written yet: when feeds were last fetched. `done` is called once
 * it is, or cannot be: at once when there is nothing. One at a time.
 */
void feed_house_flush(struct feed_house *house, void (*done)(void *arg),
    void *arg);
/* Whether a path is this room's: /f/..., and /s/RUN.ics, one run as a file. */
bool feed_owns(const char *path);
void feed_request(struct feed_house *house, struct http_request *request);
void feed_gone(struct feed_house *house, struct http_request *request);
const struct feed_counts *feed_house_counts(const struct feed_house *house);

#endif
