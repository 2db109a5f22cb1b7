/*
 * daytime.h - when it will next be this hour at a place.
 *
 * Feeds show whole local days; at 03:00 local time, after either change of the
 * clocks, their windows have moved.
 *
 * Units:   Unix seconds (UTC).
 * Context: one thread; the process's own time zone is left as it was.
 */
#ifndef KG_DAEMON_DAYTIME_H
#define KG_DAEMON_DAYTIME_H

#include <stdint.h>

#define DAYTIME_ZONE	"Europe/Copenhagen"

/* The first instant after `now_s` at which clocks in `zone` show hour:00:00. */
int64_t daytime_next(const char *zone, int hour, int64_t now_s);

#endif
