/*
 * fetches.h - when and by what family of clients a token's feed was last fetched.
 *
 * Kept in memory, rounded to the minute, and written once a minute in one
 * statement. No address is kept.
 *
 * Ownership: a fixed table; a full one is written early. Freed while a write is out
 *            it goes when that one's answer comes.
 * Errors:    best effort: what cannot be written is lost.
 * Context:   the process's loop only.
 */
#ifndef KG_FEED_FETCHES_H
#define KG_FEED_FETCHES_H

#include <stdint.h>

#include "loop/loop.h"

struct feed_fetches;
struct pg_pool;

struct feed_fetches *feed_fetches_new(struct loop *loop, struct pg_pool *pool);
void feed_fetches_free(struct feed_fetches *fetches);
/* The family's name is constant: "google"; user_agent may be NULL. */
void feed_fetches_note(struct feed_fetches *fetches, int64_t token_id,
    int64_t at_s, const char *user_agent);
/* What has been noted, now; the timer does it once a minute. */
void feed_fetches_write(struct feed_fetches *fetches);
/* The same; calls done when no write is out any more, maybe at once. One at a time. */
void feed_fetches_flush(struct feed_fetches *fetches, void (*done)(void *arg),
    void *arg);
const char *feed_client_family(const char *user_agent);

#endif
