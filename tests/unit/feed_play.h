/*
 * feed_play.h - the pool and a house of feeds, for the unit tests of src/feed.
 *
 * A call waits until the test says what the database answered.
 */
#ifndef KG_TESTS_FEED_PLAY_H
#define KG_TESTS_FEED_PLAY_H

#include "play_server.h"

#include <stdbool.h>

#include "feed/feed.h"
#include "pg/pool.h"

enum { PLAY_COLUMNS = 33, PLAY_EVENT = 11, PLAY_SUMMARY = 17,
	PLAY_DESCRIPTION = 19, PLAY_ROWS = 8, PLAY_LONG = 10000 };

/* What rows of a long feed have of their own. */
struct play_row {
	char		 id[8], summary[24];
	const char	*description;
};

struct pg_reply {
	enum pg_status	 status;
	int		 nrows;
	const char	*rows[PLAY_ROWS][PLAY_COLUMNS];
	struct play_row	*many;		/* from row 1 on; else as row 1. Or NULL */
};

struct play_call {
	const struct pg_statement	*statement;
	char				*params[4];
	pg_reply_fn			*fn;
	void				*arg;
};

enum { PLAY_CALLS = 8 };

/* What is out; play_answer() takes the first. */
extern struct play_call play_calls[PLAY_CALLS];
extern int play_ncalls, play_total;

struct play {
	struct loop		*loop;
	struct generations	*generations;
	struct feed_house	*house;
};

enum { PLAY_PUBLIC = 3, PLAY_TOKEN = 5 };	/* kinds of requests */

/* The clock stands at 2030-01-01 12:00:00 UTC; the keeper listens. */
enum { PLAY_NOW_S = 1893499200, PLAY_NOW_MS = 100000 };

void play_begin(struct play *play);
void play_begin_with(struct play *play, const struct feed_options *options);
void play_end(struct play *play);
/* The same for a test's *state, a struct play. */
int play_set_up(void **state);
int play_tear_down(void **state);
/* Moves both clocks, and the keeper's promise when it listens. */
void play_pass(struct play *play, int64_t seconds);

void play_get(struct http_request *request, const char *path);
/* Sends it; the database is not asked, or `reply` is its answer. */
void play_ask(struct play *play, struct http_request *request,
    const struct pg_reply *reply);
/* Gets it for the first time, and is ready to send it again. */
void play_fetch(struct play *play, struct http_request *request,
    const char *path, const struct pg_reply *reply);
void play_answer(struct play *play, const struct pg_reply *reply);
/* The value of a field in the answer, or NULL; good until the next call. */
const char *play_value(const struct http_request *request, const char *name);

/* A season feed of `layout`, no rows of events yet. */
void play_feed(struct pg_reply *reply, const char *snapshot,
    const char *layout);
void play_event(struct pg_reply *reply, const char *id, const char *summary);
/*
 * A season feed of events 1 to PLAY_LONG, all of them fresh; or changed once more,
 * only in this event. Its summary is "id version"; a changed event is longer by
 * half a KiB. play_begin() begins anew.
 */
void play_long(struct pg_reply *reply, const char *snapshot);
void play_long_changed(struct pg_reply *reply, const char *snapshot, int id);
void play_state(struct pg_reply *reply, const char *state,
    const char *snapshot);
void play_token(struct pg_reply *reply, const char *snapshot,
    const char *layout);

#endif
