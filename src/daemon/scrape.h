/*
 * scrape.h - answers GET /metrics, without TLS, to this machine only.
 *
 * Whoever may reach the socket may read: nothing in it is a secret.
 *
 * Ownership: the descriptor and the shared page stay the caller's and must outlive
 *            it.
 * Errors:    none.
 * Context:   the keeper's loop only.
 */
#ifndef KG_DAEMON_SCRAPE_H
#define KG_DAEMON_SCRAPE_H

#include "daemon/shared.h"
#include "loop/loop.h"

struct scrape;

struct scrape *scrape_new(struct loop *loop, int listen_fd,
    struct shared *shared);
/* Ends every connection at once. */
void scrape_free(struct scrape *scrape);		/* NULL is allowed */
/* Accepts nothing more; calls `done` when everybody has been answered. */
void scrape_drain(struct scrape *scrape, void (*done)(void *arg), void *arg);

#endif
