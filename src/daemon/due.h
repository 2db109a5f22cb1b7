/*
 * due.h - the keeper's due work: its connection, its mail server, its jobs.
 *
 * Ownership: the configuration is the caller's and may change afterwards.
 * Errors:    a mail server that cannot be used is logged; mails wait then.
 * Context:   the keeper's loop.
 */
#ifndef KG_DAEMON_DUE_H
#define KG_DAEMON_DUE_H

#include <stdint.h>

#include "daemon/options.h"
#include "loop/loop.h"

struct due;

/* Begins at once. */
struct due *due_new(struct loop *loop, const struct daemon_conf *conf);
/* Begins nothing more; fn runs once, later, when nothing is under way. Once. */
void due_drain(struct due *due, void (*fn)(void *arg), void *arg);
/* NULL is allowed. */
void due_free(struct due *due);
/* -1: nobody has counted yet. */
int64_t due_mails_waiting(const struct due *due);

#endif
