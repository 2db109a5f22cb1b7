/*
 * key.h - which feed an address means.
 *
 * Every path gives a key: what has the form of no feed becomes the key of a link
 * that nobody has, so that a wrong address takes the same way, the same time and
 * the same answer as an unknown one.
 *
 * Ownership: the caller's storage; the token itself is not kept, only its hash.
 * Errors:    none.
 */
#ifndef KG_FEED_KEY_H
#define KG_FEED_KEY_H

#include <stdbool.h>

enum { FEED_KEY_ARG_SIZE = 72, FEED_KEY_FILE_SIZE = 96 };

struct feed_key {
	const char	*kind;		/* of query_feed_load; constant */
	char		 arg[FEED_KEY_ARG_SIZE];
	char		 text[FEED_KEY_ARG_SIZE + 12];	/* "kind/arg" */
	char		 file[FEED_KEY_FILE_SIZE];	/* "kattegat-2030.ics" */
	bool		 is_public;
};

void feed_key_parse(struct feed_key *out, const char *path);

#endif
