/*
 * house.h - what the files of this room share.
 *
 * A request that the cache cannot answer becomes a waiter; a flight is one query
 * and build for one feed, with everybody who waits for it.
 *
 * Ownership: the house owns all; a flight whose house is gone frees itself when
 *            its reply comes.
 * Context:   the process's loop only.
 */
#ifndef KG_FEED_HOUSE_H
#define KG_FEED_HOUSE_H

#include "feed/build.h"
#include "feed/cache.h"
#include "feed/feed.h"
#include "feed/fetches.h"
#include "feed/strangers.h"

struct feed_house {
	struct loop		*loop;
	struct pg_pool		*pool;
	struct generations	*generations;
	struct feed_options	 options;
	char			*base_url;
	struct feed_fragments	*fragments;
	struct feed_cache	*cache;
	struct feed_strangers	*strangers;
	struct feed_fetches	*fetches;
	struct feed_counts	 counts;
};

/* A request; its note. */
struct feed_waiter {
	struct http_request	*request;
	struct feed_entry	*entry;
	uint64_t		 mark;		/* when it came */
	uint64_t		 min_xid;	/* 0: any */
	bool			 own;		/* its flight left after it came */
	enum feed_form		 form;		/* what it wants */
	struct feed_waiter	*next, **place;	/* in its flight's list */
};

struct feed_flight {
	struct feed_house	*house;		/* NULL: gone */
	struct feed_entry	*entry;
	struct feed_waiter	*waiters;
	struct feed_build	*build;		/* NULL: the query is out */
	uint64_t		 mark, changes;	/* from before the query */
	int64_t			 taken_ms, started_us;
};

/* flight.c */
void feed_flight_wait(struct feed_house *house, struct feed_waiter *waiter);
void feed_flight_abandon(struct feed_flight *flight);
void feed_waiter_unlink(struct feed_waiter *waiter);

/* answer.c; each answers the request and touches it no more */
void feed_answer_body(struct feed_house *house, struct http_request *request,
    struct feed_entry *entry, enum feed_form form, bool stale);
void feed_answer_method(struct http_request *request);
void feed_answer_malformed(struct http_request *request);
void feed_answer_away(struct feed_house *house, struct http_request *request);
void feed_answer_unknown(struct feed_house *house,
    struct http_request *request, const char *snapshot, bool secret);
void feed_answer_gone(struct http_request *request, const char *snapshot);

#endif
