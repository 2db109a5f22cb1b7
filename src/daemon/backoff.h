/*
 * backoff.h - how long to wait before a dead process is started again.
 *
 * At once the first time; while its successors die young, 100 ms doubling to 5 s.
 *
 * Units:  milliseconds, on any clock.
 * Errors: none.
 */
#ifndef KG_DAEMON_BACKOFF_H
#define KG_DAEMON_BACKOFF_H

#include <stdint.h>

enum {
	/* Who lives longer is not young: killed every 2 s is no crash loop. */
	BACKOFF_YOUNG_MS = 1000,
	BACKOFF_FIRST_MS = 100,
	BACKOFF_MOST_MS = 5000,
};

struct backoff {
	int64_t	next_ms;	/* 0 at first */
};

/* It died after `lived_ms`: the delay before the next start. */
int64_t backoff_died(struct backoff *backoff, int64_t lived_ms);

#endif
