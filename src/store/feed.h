/*
 * feed.h - what a feed holds, as the database sees it in one statement.
 *
 * Ownership: everything in store_feed is good until the reply function returns, or,
 *            when that one keeps it, until store_feed_free().
 * Errors:    STORE_NOT_FOUND: no such feed, as of `snapshot`. STORE_AWAY: try again
 *            later; why was logged when it was not the database's absence.
 * Context:   the process's loop; the reply function runs exactly once, later.
 */
#ifndef KG_STORE_FEED_H
#define KG_STORE_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pg/pool.h"

enum store_result {
	STORE_DONE,
	STORE_NOT_FOUND,
	STORE_AWAY,		/* no answer: away, late, busy, or refused */
};

enum store_feed_state { STORE_FEED_LIVE, STORE_FEED_REVOKED, STORE_FEED_GONE };

struct store_event {
	int64_t		 id;		/* row and how it is shown; ascending */
	int		 version;
	bool		 known;		/* the caller has it: nothing below */
	const char	*uid, *starts, *ends, *zone, *status, *summary, *location;
	const char	*description, *path, *categories, *lat, *lon, *place_title;
	const char	*organizer_mail, *organizer_name, *conference_url, *colour;
	int		 sequence;
	int64_t		 created_s, changed_s;
	bool		 transparent;
};

struct store_rows;

struct store_feed {
	enum store_result	 result;
	enum store_feed_state	 state;
	const char		*snapshot;	/* pg_current_snapshot() */
	const char		*scopes;	/* separated by blanks */
	const char		*name, *description, *path, *colour;
	const char		*show_cancelled;	/* token feeds */
	int64_t			 token_id;	/* 0: a public feed */
	bool			 publish;	/* every event has an organizer */
	size_t			 nevents;
	/* Fills `out` with event i of the feed, in feed order. */
	void			(*event)(const struct store_feed *feed, size_t i,
				    struct store_event *out);
	struct store_rows	*rows;		/* for event() */
};

typedef void store_feed_fn(const struct store_feed *feed, void *arg);

/* Only by the reply function, once, of STORE_DONE; freed after it has returned. */
const struct store_feed *store_feed_keep(const struct store_feed *feed);
void store_feed_free(const struct store_feed *feed);	/* NULL is allowed */

/* What the caller has already. */
struct store_known {
	int64_t	id;
	int	version;
};

void store_feed_load(struct pg_pool *pool, const char *kind, const char *arg,
    const struct store_known *known, size_t nknown, int64_t limit_ms,
    store_feed_fn *fn, void *arg_of_fn);

struct store_fetch {		/* the last fetch of a token's feed */
	int64_t		 token_id;
	int64_t		 at_s;		/* rounded to the minute */
	const char	*client;	/* family: "google", "apple", ... */
};

/* Best effort: what goes wrong is only logged. `nfetches` is at least 1. */
void store_feed_fetched(struct pg_pool *pool, const struct store_fetch *fetches,
    size_t nfetches, void (*done)(void *arg), void *arg);

#endif
