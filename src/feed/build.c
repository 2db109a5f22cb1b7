/*
 * Building a body:  feed_build_run -> slice_fn ... -> build_end
 *
 * The first slice is rendered from the reply itself; what is left is copied, since
 * the reply is gone when its function returns.
 */
#include "feed/build.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "ical/ical.h"

enum { SLICE_EVENTS = 100 };	/* under a millisecond */

struct pending {
	size_t			 index;		/* among the fragments */
	struct store_event	 event;		/* its texts stand in block */
	char			*block;
};

struct feed_build {
	struct feed_build_options options;
	feed_build_fn		*done;
	void			*arg;
	struct loop_event	*timer;
	struct feed_body	*body;
	struct buf		 head, tail, scratch;
	struct pending		*pending;
	size_t			 npending, next;
};

static void slice_fn(enum loop_what what, void *arg);
static void build_end(struct feed_build *build, bool good);

static const size_t event_texts[] = {
	offsetof(struct store_event, uid), offsetof(struct store_event, starts),
	offsetof(struct store_event, ends), offsetof(struct store_event, zone),
	offsetof(struct store_event, status),
	offsetof(struct store_event, summary),
	offsetof(struct store_event, location),
	offsetof(struct store_event, description),
	offsetof(struct store_event, path),
	offsetof(struct store_event, categories),
	offsetof(struct store_event, lat), offsetof(struct store_event, lon),
	offsetof(struct store_event, place_title),
	offsetof(struct store_event, organizer_mail),
	offsetof(struct store_event, organizer_name),
	offsetof(struct store_event, conference_url),
	offsetof(struct store_event, colour),
};

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

	ical_head(&build->head, &calendar);
	ical_tail(&build->tail);
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
    const struct store_feed *feed, feed_build_fn *done, void *arg)
{
	struct feed_build *build = xcalloc(1, sizeof(*build));

	build->options = *options;
	build->done = done;
	build->arg = arg;
	build->timer = loop_timer_new(options->loop, slice_fn, build);
	build->body = feed_body_new(options->key);
	build->body->token_id = feed->token_id;
	build->body->snapshot = xstrdup(feed->snapshot);
	build->body->fragments = xcalloc(feed->nevents + 1,
	    sizeof(*build->body->fragments));
	slots_read(build->body, feed->scopes);
	head_make(build, feed);
	return build;
}

void
feed_build_free(struct feed_build *build)
{
	size_t i;

	if (build == NULL)
		return;
	loop_event_free(build->timer);
	feed_body_free(build->body);
	buf_clear(&build->head);
	buf_clear(&build->tail);
	buf_clear(&build->scratch);
	for (i = 0; i < build->npending; i++)
		free(build->pending[i].block);
	free(build->pending);
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

static void
pending_add(struct feed_build *build, size_t index,
    const struct store_event *event)
{
	struct pending *pending;
	size_t i, length, size = 1;
	const char *text;
	char *p;

	if ((build->npending & (build->npending - 1)) == 0)
		build->pending = xreallocarray(build->pending,
		    build->npending == 0 ? 1 : 2 * build->npending,
		    sizeof(*build->pending));
	pending = &build->pending[build->npending++];
	pending->index = index;
	pending->event = *event;
	for (i = 0; i < ARRAY_LEN(event_texts); i++) {
		memcpy(&text, (const char *)event + event_texts[i],
		    sizeof(text));
		size += text == NULL ? 0 : strlen(text) + 1;
	}
	p = pending->block = xmalloc(size);
	for (i = 0; i < ARRAY_LEN(event_texts); i++) {
		memcpy(&text, (const char *)event + event_texts[i],
		    sizeof(text));
		if (text == NULL)
			continue;
		length = strlen(text) + 1;
		memcpy(p, text, length);
		memcpy((char *)&pending->event + event_texts[i], &p,
		    sizeof(p));
		p += length;
	}
}

/* Both are in the order of the ids: one walk finds all that is kept. */
static struct feed_fragment *
kept_find(const struct feed_body *before, size_t *walked, int64_t id,
    int version)
{
	struct feed_fragment *fragment;

	if (before == NULL)
		return NULL;
	while (*walked < before->nfragments &&
	    before->fragments[*walked]->id < id)
		(*walked)++;
	if (*walked == before->nfragments)
		return NULL;
	fragment = before->fragments[*walked];
	return fragment->id == id && fragment->version == version ?
	    feed_fragment_ref(fragment) : NULL;
}

/* Event i of the feed, now or later. -1: it cannot be had. */
must_check static int
event_take(struct feed_build *build, const struct store_feed *feed, size_t i,
    size_t *walked, size_t *rendered)
{
	struct feed_body *body = build->body;
	struct store_event event;

	feed->event(feed, i, &event);
	if (event.known) {
		body->fragments[i] = kept_find(build->options.before, walked,
		    event.id, event.version);
		if (body->fragments[i] == NULL)
			log_error("feed %s: the database left out event "
			    "%" PRId64 "; the feed is not served",
			    build->options.key->kind, event.id);
	} else if (++*rendered <= SLICE_EVENTS) {
		body->fragments[i] = fragment_get(build, &event);
	} else {
		pending_add(build, i, &event);
		return 0;
	}
	return body->fragments[i] == NULL ? -1 : 0;
}

void
feed_build_run(struct feed_build *build, const struct store_feed *feed)
{
	size_t i, walked = 0, rendered = 0;

	build->body->nfragments = feed->nevents;
	for (i = 0; i < feed->nevents; i++)
		if (event_take(build, feed, i, &walked, &rendered) != 0) {
			build_end(build, false);
			return;
		}
	if (build->npending > 0)
		loop_timer_arm(build->timer, 0);
	else
		build_end(build, true);
}

static void
slice_fn(enum loop_what what, void *arg)
{
	struct feed_build *build = arg;
	struct feed_fragment *fragment;
	struct pending *pending;
	size_t end = build->next + SLICE_EVENTS;

	(void)what;
	for (; build->next < end && build->next < build->npending;
	    build->next++) {
		pending = &build->pending[build->next];
		fragment = fragment_get(build, &pending->event);
		if (fragment == NULL) {
			build_end(build, false);
			return;
		}
		build->body->fragments[pending->index] = fragment;
	}
	if (build->next < build->npending)
		loop_timer_arm(build->timer, 0);
	else
		build_end(build, true);
}

static void
build_end(struct feed_build *build, bool good)
{
	struct feed_body *body = NULL;

	if (good) {
		body = build->body;
		build->body = NULL;
		feed_body_join(body, &build->head, &build->tail,
		    build->options.before);
	}
	build->done(body, build->arg);
}
