/*
 * status.h - the state of the daemon as one line of JSON, from the shared page.
 *
 *   {"version":"0.1.0","pid":1,"uptime_s":9,"database":true,"listening":true,
 *    "workers":[{"number":1,"pid":2,"crew":1,"serving":true,"database":true,
 *    "heartbeat_age_ms":120,"uptime_s":9,"counts":{"connections":0,...}},...],
 *    "keeper":{...}}
 *
 * `crew` counts the starts and reloads; two differ while old workers drain.
 * `database` is whether the keeper's connection is up, `listening` whether it has
 * lately heard its own voice there.
 *
 * Errors: none.
 */
#ifndef KG_DAEMON_STATUS_H
#define KG_DAEMON_STATUS_H

#include "base/buf.h"
#include "daemon/shared.h"

/* One line without its end. */
void status_format(struct buf *out, struct shared *shared);

#endif
