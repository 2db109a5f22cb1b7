/*
 * pages.h - what the public pages show, each read in one statement.
 *
 * Units:     a moment is local time at the place of the seminar.
 * Ownership: what a reply function gets is good until it returns. Texts may be
 *            NULL where a column may be.
 * Errors:    STORE_NOT_FOUND: no such published run. STORE_AWAY: try again
 *            later; why was logged when it was not the database's absence.
 * Context:   the process's loop; a reply function runs exactly once, later.
 */
#ifndef KG_STORE_PAGES_H
#define KG_STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pg/pool.h"
#include "store/feed.h"

struct store_pages_feed {
	const char	*kind;		/* "alle", "saeson", ... as in /f/ */
	const char	*title;
	const char	*path;		/* "/f/kontor/aar.ics" */
};

struct store_pages_feeds {
	enum store_result		 result;
	const struct store_pages_feed	*feeds;	/* in the order to be shown */
	size_t				 nfeeds;
};

struct store_pages_moment {
	int	year, month, day;	/* month 1 to 12 */
	int	hour, minute;
};

struct store_pages_session {
	int				 no;
	const char			*title, *place;
	struct store_pages_moment	 starts, ends;
	bool				 cancelled;
};

struct store_pages_run {
	enum store_result		 result;
	const char			*run_no, *title, *office, *place;
	const char			*feed_path;	/* "/f/hold/...ics" */
	bool				 cancelled, demo;
	const struct store_pages_session *sessions;	/* in order of time */
	size_t				 nsessions;
};

typedef void store_pages_feeds_fn(const struct store_pages_feeds *feeds,
    void *arg);
typedef void store_pages_run_fn(const struct store_pages_run *run, void *arg);

/* Every public feed. */
void store_pages_feeds_load(struct pg_pool *pool, int64_t limit_ms,
    store_pages_feeds_fn *fn, void *arg);
/* One published run; run_no in either case, valid UTF-8. */
void store_pages_run_load(struct pg_pool *pool, const char *run_no,
    int64_t limit_ms, store_pages_run_fn *fn, void *arg);

#endif
