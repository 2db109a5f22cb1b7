/*
 * local.h - a socket that only this machine can reach.
 *
 * An address of the loopback with its port, or the path of a Unix socket, which is
 * for the daemon's user and group. A socket that nobody listens on any more is taken
 * out of the way.
 *
 * Ownership: listeners_close() closes it; the path stays.
 * Errors:    -1 with err filled.
 */
#ifndef KG_DAEMON_LOCAL_H
#define KG_DAEMON_LOCAL_H

#include "base/err.h"
#include "daemon/listener.h"

/* NULL when it is one, else a sentence saying what would be right. */
const char *local_problem(const char *address);
/* As the only one of `listeners`. */
must_check int local_open(struct listeners *listeners, const char *address,
    struct err *err);

#endif
