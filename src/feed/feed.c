/*
 * A request:  feed_request -> (answered from the cache)
 *             feed_request -> feed_flight_wait -> ... (flight.c)
 */
#include "feed/feed.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "feed/house.h"
#include "feed/snapshot.h"
#include "http/cond.h"

enum {
	UNHEARD_MOST_MS = 5000,	/* a body's age while nobody listens */
	FAILED_PAUSE_MS = 1000,	/* until a query that failed is tried again */
};

struct feed_house *
feed_house_new(struct loop *loop, struct pg_pool *pool,
    struct generations *generations, const struct feed_options *options)
{
	struct feed_house *house = xcalloc(1, sizeof(*house));

	house->loop = loop;
	house->pool = pool;
	house->generations = generations;
	house->options = *options;
	house->base_url = xstrdup(options->base_url);
	house->options.base_url = house->base_url;
	house->fragments = feed_fragments_new();
	house->cache = feed_cache_new(house->fragments,
	    (size_t)options->cache_bytes);
	house->strangers = feed_strangers_new(options->unknown_per_minute);
	house->fetches = feed_fetches_new(loop, pool);
	return house;
}

static void
abandon_each(struct feed_entry *entry, void *arg)
{
	(void)arg;
	if (entry->flight != NULL)
		feed_flight_abandon(entry->flight);
}

void
feed_house_free(struct feed_house *house)
{
	feed_cache_walk(house->cache, abandon_each, NULL);
	feed_cache_free(house->cache);
	feed_fragments_free(house->fragments);
	feed_strangers_free(house->strangers);
	feed_fetches_free(house->fetches);
	free(house->base_url);
	free(house);
}

void
feed_house_flush(struct feed_house *house, void (*done)(void *arg), void *arg)
{
	feed_fetches_flush(house->fetches, done, arg);
}

const struct feed_counts *
feed_house_counts(const struct feed_house *house)
{
	return &house->counts;
}

bool
feed_owns(const char *path)
{
	return text_starts(path, "/f/") ||
	    (text_starts(path, "/s/") && text_ends(path, ".ics"));
}

static bool
is_heard(struct feed_house *house, int64_t now_ms)
{
	return house->options.can_hear && atomic_load(
	    &house->generations->listening_until_ms) > now_ms;
}

/* `changes` is read first: a bump after it is looked for again next time. */
static bool
is_fresh(struct feed_house *house, struct feed_body *body)
{
	uint64_t changes = generations_changes(house->generations);
	int64_t now_ms = clock_mono_ms();

	if (body->changes != changes) {
		if (generations_moved(house->generations, body->slots,
		    body->nslots, body->mark))
			return false;
		body->changes = changes;
	}
	return now_ms - body->taken_ms <= UNHEARD_MOST_MS ||
	    is_heard(house, now_ms);
}

/* The last query failed, and nothing has been written since: it would again. */
static bool
is_hopeless(struct feed_house *house, const struct feed_entry *entry)
{
	return entry->failed_ms != 0 &&
	    clock_mono_ms() - entry->failed_ms < FAILED_PAUSE_MS &&
	    entry->failed_changes == generations_changes(house->generations);
}

static bool
shows(const struct feed_body *body, uint64_t min_xid)
{
	return min_xid == 0 || feed_snapshot_shows(body->snapshot, min_xid);
}

/* False when the cache cannot answer: also while a body is not packed yet. */
static bool
cache_answers(struct feed_house *house, struct http_request *request,
    struct feed_entry *entry, enum feed_form form, uint64_t min_xid)
{
	if (entry == NULL || entry->body == NULL ||
	    entry->body->bytes[form] == NULL || !shows(entry->body, min_xid))
		return false;
	if (is_fresh(house, entry->body)) {
		house->counts.hits++;
		feed_answer_body(house, request, entry, form, false);
		return true;
	}
	if (is_hopeless(house, entry)) {
		feed_answer_body(house, request, entry, form, true);
		return true;
	}
	return false;
}

void
feed_request(struct feed_house *house, struct http_request *request)
{
	enum http_method method = http_request_method(request);
	const char *field;
	struct feed_waiter *waiter;
	struct feed_entry *entry;
	struct feed_key key;
	enum feed_form form;
	uint64_t min_xid = 0;

	feed_key_parse(&key, http_request_path(request));
	http_request_set_kind(request, key.is_public ?
	    house->options.public_kind : house->options.token_kind);
	if (method != HTTP_GET && method != HTTP_HEAD) {
		feed_answer_method(request);
		return;
	}
	field = http_request_field(request, "kattegat-min-version");
	if (field != NULL && feed_xid_parse(&min_xid, field) != 0) {
		feed_answer_malformed(request);
		return;
	}
	form = http_accepts_gzip(http_request_field(request,
	    "accept-encoding")) ? FEED_GZIP : FEED_IDENTITY;
	entry = feed_cache_find(house->cache, key.text);
	if (cache_answers(house, request, entry, form, min_xid))
		return;
	waiter = xcalloc(1, sizeof(*waiter));
	waiter->request = request;
	waiter->entry = feed_cache_get(house->cache, &key);
	waiter->mark = generations_mark(house->generations);
	waiter->min_xid = min_xid;
	waiter->form = form;
	http_request_set_note(request, waiter);
	feed_flight_wait(house, waiter);
}

void
feed_gone(struct feed_house *house, struct http_request *request)
{
	struct feed_waiter *waiter = http_request_note(request);

	(void)house;
	if (waiter == NULL)
		return;
	http_request_set_note(request, NULL);
	feed_waiter_unlink(waiter);
	free(waiter);
}
