/*
 * Building a body:  feed_build_run -> slice_fn ... -> joined ... -> packed
 *
 * Each stage is done in small steps that say about how long they took; a slice ends
 * with the step that uses it up.
 */
#include "feed/build.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "feed/join.h"
#include "feed/pack.h"
#include "ical/ical.h"

enum {
	SLICE_NS = 2000000,
	/* Costs are on the high side, and the same on every machine. */
	RENDER_NS = 40000, KEEP_NS = 100,
	/* What each event has cost in the turn in which the reply came. */
	READ_NS = 250,
	ENDED = -1,		/* by a hook: the build may be gone */
};

enum build_stage {
	BUILD_TAKING,		/* events: kept, found or rendered */
	BUILD_PARTING,		/* into blocks; the ETag */
	BUILD_JOINING,		/* the identity form */
	BUILD_PACKING,		/* the gzip form; the body is the owner's */
};

struct feed_build {
	struct feed_build_options options;
	const struct feed_build_hooks *hooks;
	void			*arg;
	struct loop_event	*timer;
	enum build_stage	 stage;
	const struct store_feed	*feed;
	bool			 kept;		/* the feed is ours */
	struct feed_body	*body;
	struct feed_join	 join;
	struct feed_pack	*pack;
	struct buf		 scratch;
	size_t			 next;		/* event */
	size_t			 walked;	/* of the body before */
};

static void slice_fn(enum loop_what what, void *arg);

/*
 * SOURCE is left out of a secret feed: people pass calendars on, and whoever has
 * the address has the feed.
 */
static void
head_make(struct feed_build *build, const struct store_feed *feed)
{
	const char *base_url = build->options.base_url;
	char *source = feed->path == NULL ? NULL :
	    xasprintf("%s%s", base_url, feed->path);
	char *url = xasprintf("%s/kalendere", base_url);
	struct ical_calendar calendar = {
		.name = feed->name,
		.description = feed->description,
		.colour = feed->colour,
		.source = source,
		.url = url,
		.publish = feed->publish,
	};

	ical_head(&build->join.head, &calendar);
	ical_tail(&build->join.tail);
	free(source);
	free(url);
}

static void
slots_read(struct feed_body *body, const char *scopes)
{
	const char *start, *p;
	size_t count = 1;

	for (p = scopes; *p != '\0'; p++)
		count += *p == ' ';
	body->slots = xcalloc(count, sizeof(*body->slots));
	for (p = scopes; *p != '\0'; p += *p == ' ') {
		start = p;
		p += strcspn(p, " ");
		if (p > start)
			body->slots[body->nslots++] = generations_slot(start,
			    (size_t)(p - start));
	}
}

struct feed_build *
feed_build_new(const struct feed_build_options *options,
    const struct store_feed *feed, const struct feed_build_hooks *hooks,
    void *arg)
{
	struct feed_build *build = xcalloc(1, sizeof(*build));
	struct feed_body *body = feed_body_new(options->key);

	body->token_id = feed->token_id;
	body->snapshot = xstrdup(feed->snapshot);
	body->nfragments = feed->nevents;
	body->fragments = xcalloc(feed->nevents + 1,
	    sizeof(*body->fragments));
	slots_read(body, feed->scopes);
	build->options = *options;
	build->hooks = hooks;
	build->arg = arg;
	build->timer = loop_timer_new(options->loop, slice_fn, build);
	build->feed = feed;
	build->body = body;
	feed_join_init(&build->join, body, options->before);
	head_make(build, feed);
	return build;
}

static void
feed_let_go(struct feed_build *build)
{
	if (build->kept)
		store_feed_free(build->feed);
	build->kept = false;
	build->feed = NULL;
}

void
feed_build_free(struct feed_build *build)
{
	if (build == NULL)
		return;
	loop_event_free(build->timer);
	feed_let_go(build);
	if (build->stage < BUILD_PACKING)
		feed_body_free(build->body);
	feed_join_clear(&build->join);
	feed_pack_free(build->pack);
	buf_clear(&build->scratch);
	free(build);
}

static enum ical_status
status_read(const char *status)
{
	if (strcmp(status, "cancelled") == 0)
		return ICAL_CANCELLED;
	return strcmp(status, "tentative") == 0 ? ICAL_TENTATIVE :
	    ICAL_CONFIRMED;
}

/* NULL when it cannot be written; said why. */
static struct feed_fragment *
fragment_render(struct feed_build *build, const struct store_event *event)
{
	char *url = event->path == NULL ? NULL :
	    xasprintf("%s%s", build->options.base_url, event->path);
	struct ical_event out = {
		.uid = event->uid, .sequence = event->sequence,
		.created_s = event->created_s, .changed_s = event->changed_s,
		.starts = event->starts, .ends = event->ends,
		.zone = event->zone, .status = status_read(event->status),
		.transparent = event->transparent, .summary = event->summary,
		.location = event->location,
		.description = event->description, .url = url,
		.categories = event->categories, .lat = event->lat,
		.lon = event->lon, .place_title = event->place_title,
		.organizer_mail = event->organizer_mail,
		.organizer_name = event->organizer_name,
		.conference_url = event->conference_url,
		.colour = event->colour,
	};
	struct err err;
	int rc;

	buf_reset(&build->scratch);
	rc = ical_event(&build->scratch, &out, &err);
	free(url);
	if (rc != 0) {
		log_error("feed %s: event %" PRId64 ": %s; the feed is not "
		    "served", build->options.key->kind, event->id, err.text);
		return NULL;
	}
	return feed_fragment_make(build->options.fragments, event->id,
	    event->version, build->scratch.data, build->scratch.length);
}

/* With a reference: from any feed that shows it, else rendered. */
static struct feed_fragment *
fragment_get(struct feed_build *build, const struct store_event *event)
{
	struct feed_fragment *fragment = feed_fragment_find(
	    build->options.fragments, event->id, event->version);

	return fragment != NULL ? feed_fragment_ref(fragment) :
	    fragment_render(build, event);
}

/* Both are in the order of the ids: one walk finds all that is kept. */
static struct feed_fragment *
kept_find(struct feed_build *build, int64_t id, int version)
{
	const struct feed_body *before = build->options.before;
	struct feed_fragment *fragment;

	if (before == NULL)
		return NULL;
	while (build->walked < before->nfragments &&
	    before->fragments[build->walked]->id < id)
		build->walked++;
	if (build->walked == before->nfragments)
		return NULL;
	fragment = before->fragments[build->walked];
	return fragment->id == id && fragment->version == version ?
	    feed_fragment_ref(fragment) : NULL;
}

/* ---- steps: what they cost, or ENDED; 0 leads to the next stage ---- */

/* One event. */
static int64_t
take_step(struct feed_build *build)
{
	struct feed_fragment *fragment;
	struct store_event event;

	if (build->next == build->feed->nevents) {
		feed_let_go(build);
		return 0;
	}
	build->feed->event(build->feed, build->next, &event);
	if (event.known) {
		fragment = kept_find(build, event.id, event.version);
		if (fragment == NULL)
			log_error("feed %s: the database left out event "
			    "%" PRId64 "; the feed is not served",
			    build->options.key->kind, event.id);
	} else {
		fragment = fragment_get(build, &event);
	}
	build->body->fragments[build->next++] = fragment;
	if (fragment == NULL) {
		build->hooks->joined(NULL, build->arg);
		return ENDED;
	}
	return event.known ? KEEP_NS : RENDER_NS;
}

/* The body before goes when `joined` puts this one in its place. */
static void
build_joined(struct feed_build *build)
{
	const struct feed_body *before = build->options.before;

	build->pack = feed_pack_new(build->body, before == NULL ? NULL :
	    before->bytes[FEED_GZIP]);
	build->options.before = build->join.before = NULL;
	build->stage = BUILD_PACKING;
	build->hooks->joined(build->body, build->arg);
}

static int64_t
part_step(struct feed_build *build)
{
	const struct feed_body *before = build->options.before;
	int64_t cost = feed_join_part(&build->join);

	if (cost > 0 || before == NULL || strcmp(build->body->etag[
	    FEED_IDENTITY], before->etag[FEED_IDENTITY]) != 0)
		return cost;
	feed_body_share(build->body, before);
	build_joined(build);
	build->hooks->packed(build->arg);
	return ENDED;
}

static int64_t
join_step(struct feed_build *build)
{
	int64_t cost = feed_join_copy(&build->join);

	if (cost == 0)
		build_joined(build);
	return cost;
}

static int64_t
pack_step(struct feed_build *build)
{
	int64_t cost = feed_pack_step(build->pack);

	if (cost > 0)
		return cost;
	build->hooks->packed(build->arg);
	return ENDED;
}

/* False when the build has ended. */
static bool
slice_run(struct feed_build *build, int64_t left_ns)
{
	static int64_t (*const steps[])(struct feed_build *build) = {
		[BUILD_TAKING] = take_step, [BUILD_PARTING] = part_step,
		[BUILD_JOINING] = join_step, [BUILD_PACKING] = pack_step,
	};
	int64_t cost;

	while (left_ns > 0) {
		cost = steps[build->stage](build);
		if (cost == ENDED)
			return false;
		if (cost == 0 && build->stage < BUILD_JOINING)
			build->stage++;
		left_ns -= cost;
	}
	return true;
}

void
feed_build_run(struct feed_build *build)
{
	int64_t read_ns = (int64_t)build->feed->nevents * READ_NS;

	if (!slice_run(build, SLICE_NS - read_ns))
		return;
	if (build->stage == BUILD_TAKING) {
		build->feed = store_feed_keep(build->feed);
		build->kept = true;
	}
	loop_timer_arm(build->timer, 0);
}

static void
slice_fn(enum loop_what what, void *arg)
{
	struct feed_build *build = arg;

	(void)what;
	if (slice_run(build, SLICE_NS))
		loop_timer_arm(build->timer, 0);
}
