/*
 * A flight:  feed_flight_wait -> flight_loaded -> flight_joined -> flight_packed
 *            -> flight_settle
 *
 * One at a time for each feed. Who comes while it is out waits for it, and when
 * what it brings is older than what that one may see, for one more. Who does not
 * want gzip is served as soon as the body is joined.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "feed/house.h"
#include "feed/snapshot.h"

enum outcome { OUTCOME_BODY, OUTCOME_UNKNOWN, OUTCOME_GONE, OUTCOME_AWAY };

static void flight_start(struct feed_house *house, struct feed_entry *entry);
static void flight_loaded(const struct store_feed *feed, void *arg);
static void flight_joined(struct feed_body *body, void *arg);
static void flight_packed(void *arg);
static void flight_settle(struct feed_flight *flight, enum outcome outcome,
    const char *snapshot);

static const struct feed_build_hooks build_hooks = {
	flight_joined, flight_packed,
};

static void
waiter_link(struct feed_flight *flight, struct feed_waiter *waiter)
{
	waiter->next = flight->waiters;
	waiter->place = &flight->waiters;
	if (waiter->next != NULL)
		waiter->next->place = &waiter->next;
	flight->waiters = waiter;
}

void
feed_waiter_unlink(struct feed_waiter *waiter)
{
	*waiter->place = waiter->next;
	if (waiter->next != NULL)
		waiter->next->place = waiter->place;
}

void
feed_flight_wait(struct feed_house *house, struct feed_waiter *waiter)
{
	waiter->own = waiter->entry->flight == NULL;
	if (waiter->own)
		flight_start(house, waiter->entry);
	waiter_link(waiter->entry->flight, waiter);
}

/* The mark is taken before the query leaves: what is bumped later is not in it. */
static void
flight_start(struct feed_house *house, struct feed_entry *entry)
{
	struct feed_flight *flight = xcalloc(1, sizeof(*flight));
	const struct feed_body *body = entry->body;
	size_t i, nknown = body == NULL ? 0 : body->nfragments;
	struct store_known *known = xcalloc(nknown + 1, sizeof(*known));

	for (i = 0; i < nknown; i++) {
		known[i].id = body->fragments[i]->id;
		known[i].version = body->fragments[i]->version;
	}
	flight->house = house;
	flight->entry = entry;
	flight->changes = generations_changes(house->generations);
	flight->mark = generations_mark(house->generations);
	flight->taken_ms = clock_mono_ms();
	flight->started_us = clock_mono_us();
	entry->flight = flight;
	store_feed_load(house->pool, entry->key.kind, entry->key.arg, known,
	    nknown, house->options.limit_ms, flight_loaded, flight);
	free(known);
}

static void
flight_loaded(const struct store_feed *feed, void *arg)
{
	struct feed_flight *flight = arg;
	struct feed_house *house = flight->house;
	struct feed_build_options options;

	if (house == NULL) {
		free(flight);
		return;
	}
	if (feed->result != STORE_DONE) {
		flight_settle(flight, feed->result == STORE_NOT_FOUND ?
		    OUTCOME_UNKNOWN : OUTCOME_AWAY, feed->snapshot);
		return;
	}
	if (feed->state == STORE_FEED_GONE) {
		flight_settle(flight, OUTCOME_GONE, feed->snapshot);
		return;
	}
	options.loop = house->loop;
	options.fragments = house->fragments;
	options.base_url = house->base_url;
	options.key = &flight->entry->key;
	options.before = flight->entry->body;
	flight->build = feed_build_new(&options, feed, &build_hooks, flight);
	feed_build_run(flight->build);
}

/*
 * Whether what the flight found is new enough for a waiter: nothing it depends on
 * may have been bumped between the flight's mark and the waiter's. Of a feed that
 * does not exist nobody knows what it depends on.
 */
static bool
is_new_enough(struct feed_flight *flight, const struct feed_waiter *waiter,
    enum outcome outcome)
{
	struct feed_house *house = flight->house;
	const struct feed_body *body = flight->entry->body;

	if (waiter->own || waiter->mark <= flight->mark)
		return true;
	return outcome == OUTCOME_BODY && !generations_moved(
	    house->generations, body->slots, body->nslots, flight->mark);
}

static bool
is_shown(const struct feed_waiter *waiter, const char *snapshot)
{
	return waiter->min_xid == 0 ||
	    feed_snapshot_shows(snapshot, waiter->min_xid);
}

static void
waiter_away(struct feed_house *house, const struct feed_waiter *waiter)
{
	const struct feed_body *body = waiter->entry->body;

	if (body != NULL && is_shown(waiter, body->snapshot))
		feed_answer_body(house, waiter->request, waiter->entry,
		    waiter->form, true);
	else
		feed_answer_away(house, waiter->request);
}

/* It is in no list any more. */
static void
waiter_answer(struct feed_house *house, struct feed_waiter *waiter,
    enum outcome outcome, const char *snapshot)
{
	http_request_set_note(waiter->request, NULL);
	if (outcome == OUTCOME_AWAY)
		waiter_away(house, waiter);
	else if (!is_shown(waiter, snapshot))
		feed_answer_away(house, waiter->request);
	else if (outcome == OUTCOME_BODY)
		feed_answer_body(house, waiter->request, waiter->entry,
		    waiter->form, false);
	else if (outcome == OUTCOME_GONE)
		feed_answer_gone(waiter->request, snapshot);
	else
		feed_answer_unknown(house, waiter->request, snapshot,
		    !waiter->entry->key.is_public);
	free(waiter);
}

static void
count_rebuild(struct feed_house *house, int64_t duration_us)
{
	house->counts.rebuilds++;
	house->counts.rebuild_us += (uint64_t)duration_us;
	histogram_add(&house->counts.rebuild_times, duration_us);
}

/* When the first change that `before` does not show was made; 0: none, unknown. */
static int64_t
first_change(struct feed_house *house, const struct feed_body *before,
    uint64_t mark)
{
	if (before == NULL)
		return 0;
	if (before->bumped_us != 0)
		return before->bumped_us;	/* nobody has seen that either */
	return generations_bumped_us(house->generations, before->slots,
	    before->nslots, before->mark, mark);
}

/*
 * Last-Modified is known only when nothing was bumped since the mark: otherwise
 * the generation belongs to the next body.
 */
static void
flight_joined(struct feed_body *body, void *arg)
{
	struct feed_flight *flight = arg;
	struct feed_house *house = flight->house;
	struct feed_waiter *waiter, *next;

	if (body == NULL) {
		flight_settle(flight, OUTCOME_AWAY, NULL);
		return;
	}
	body->mark = flight->mark;
	body->changes = flight->changes;
	body->taken_ms = flight->taken_ms;
	body->latest_s = generations_latest(house->generations, body->slots,
	    body->nslots);
	if (generations_moved(house->generations, body->slots, body->nslots,
	    body->mark))
		body->latest_s = 0;
	body->bumped_us = first_change(house, flight->entry->body, body->mark);
	feed_cache_put(house->cache, flight->entry, body);
	for (waiter = flight->waiters; waiter != NULL; waiter = next) {
		next = waiter->next;
		if (waiter->form != FEED_IDENTITY ||
		    !is_shown(waiter, body->snapshot) ||
		    !is_new_enough(flight, waiter, OUTCOME_BODY))
			continue;
		feed_waiter_unlink(waiter);
		waiter_answer(house, waiter, OUTCOME_BODY, body->snapshot);
	}
}

static void
flight_packed(void *arg)
{
	struct feed_flight *flight = arg;
	struct feed_house *house = flight->house;

	feed_cache_grown(house->cache, flight->entry);
	count_rebuild(house, clock_mono_us() - flight->started_us);
	flight_settle(flight, OUTCOME_BODY, flight->entry->body->snapshot);
}

/* Answers, or lets it wait for one more flight. */
static void
waiter_settle(struct feed_flight *flight, struct feed_waiter *waiter,
    enum outcome outcome, const char *snapshot)
{
	if (outcome != OUTCOME_AWAY && !waiter->own &&
	    (!is_shown(waiter, snapshot) ||
	    !is_new_enough(flight, waiter, outcome)))
		feed_flight_wait(flight->house, waiter);
	else
		waiter_answer(flight->house, waiter, outcome, snapshot);
}

/* `snapshot` is copied: a waiter may start the next flight, which replaces it. */
static void
flight_settle(struct feed_flight *flight, enum outcome outcome,
    const char *snapshot)
{
	struct feed_house *house = flight->house;
	struct feed_entry *entry = flight->entry;
	struct feed_waiter *waiter;
	char *shown = xstrdup(snapshot == NULL ? "" : snapshot);

	entry->flight = NULL;
	entry->failed_ms = outcome == OUTCOME_AWAY ? clock_mono_ms() : 0;
	entry->failed_changes = flight->changes;
	if (outcome == OUTCOME_UNKNOWN || outcome == OUTCOME_GONE)
		feed_cache_put(house->cache, entry, NULL);
	if (outcome == OUTCOME_AWAY && entry->body != NULL)
		log_warn("feed %s: not rebuilt, the last copy of %lld s is "
		    "served", entry->key.kind, (long long)(clock_mono_ms() -
		    entry->body->taken_ms) / 1000);
	while ((waiter = flight->waiters) != NULL) {
		feed_waiter_unlink(waiter);
		waiter_settle(flight, waiter, outcome, shown);
	}
	free(shown);
	feed_build_free(flight->build);
	free(flight);
	feed_cache_trim(house->cache, entry);
	house->counts.cache_bytes = feed_cache_bytes(house->cache);
}

/* The house goes: nobody waits any more. */
void
feed_flight_abandon(struct feed_flight *flight)
{
	struct feed_waiter *waiter;

	while ((waiter = flight->waiters) != NULL) {
		feed_waiter_unlink(waiter);
		http_request_set_note(waiter->request, NULL);
		free(waiter);
	}
	flight->entry->flight = NULL;
	flight->house = NULL;
	if (flight->build == NULL)
		return;
	feed_build_free(flight->build);
	free(flight);
}
