/*
 * counts.h - what the rooms of a process have counted, as the shared page has it.
 *
 * Each second a process adds up all its rooms from zero and publishes the sums;
 * the rooms themselves count in plain memory of their own.
 *
 * Errors:  none.
 * Context: any; no clock, no state.
 */
#ifndef KG_DAEMON_COUNTS_H
#define KG_DAEMON_COUNTS_H

#include "daemon/shared.h"
#include "feed/feed.h"
#include "http/server.h"
#include "pg/pool.h"

/* Each adds to what is there. */
void counts_add_http(uint64_t out[SHARED_COUNTS],
    const struct http_counts *counts);
void counts_add_feed(uint64_t out[SHARED_COUNTS],
    const struct feed_counts *counts);
void counts_add_pool(uint64_t out[SHARED_COUNTS],
    const struct pg_pool_counts *counts);

#endif
