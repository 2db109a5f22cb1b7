/*
 * snapshot.h - whether a body shows a write.
 *
 * A write is known by its pg_current_xact_id(), a body by the
 * pg_current_snapshot() of the statement that read it: "xmin:xmax:xip,xip,...".
 *
 * Errors: what cannot be read shows nothing.
 */
#ifndef KG_FEED_SNAPSHOT_H
#define KG_FEED_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

/* A decimal of 64 bits and nothing else, not 0; else -1 and *out untouched. */
must_check int feed_xid_parse(uint64_t *out, const char *text);
/* xid < xmin, or xid < xmax and not in progress. */
bool feed_snapshot_shows(const char *snapshot, uint64_t xid);

#endif
