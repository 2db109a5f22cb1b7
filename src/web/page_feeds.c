/*
 * The list of all open feeds:  page_feeds_visit -> feeds_loaded
 *
 * Which feeds there are is decided by the database; this file only sorts them
 * into groups.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "web/visit.h"

static void feeds_loaded(const struct store_pages_feeds *feeds, void *arg);

void
page_feeds_visit(struct visit *visit)
{
	store_pages_feeds_load(visit->web->pool, visit->web->limit_ms,
	    feeds_loaded, visit);
}

static enum view_feeds_kind
kind_find(const char *kind)
{
	static const char *const kinds[VIEW_FEEDS_OTHERS] = {
		[VIEW_FEEDS_COUNTRY] = "alle",
		[VIEW_FEEDS_SEASONS] = "saeson",
		[VIEW_FEEDS_SEMINARS] = "seminar",
		[VIEW_FEEDS_OFFICES] = "kontor",
		[VIEW_FEEDS_RUNS] = "hold",
		[VIEW_FEEDS_ROOMS] = "lokale",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(kinds); i++)
		if (kind != NULL && strcmp(kind, kinds[i]) == 0)
			return (enum view_feeds_kind)i;
	return VIEW_FEEDS_OTHERS;
}

static void
group_add(struct view_feeds_group *group, const struct view_feed *feed)
{
	group->feeds = xreallocarray(group->feeds, group->nfeeds + 1,
	    sizeof(*group->feeds));
	group->feeds[group->nfeeds++] = *feed;
}

static void
feeds_loaded(const struct store_pages_feeds *feeds, void *arg)
{
	struct visit *visit = arg;
	struct view_feeds view = { .none = feeds->nfeeds == 0 };
	struct out out = OUT_INIT;
	size_t i;

	if (!visit_goes_on(visit, feeds->result))
		return;
	view.frame = visit_frame(visit);
	for (i = 0; i < VIEW_FEEDS_KINDS; i++)
		view.groups[i].kind = (enum view_feeds_kind)i;
	for (i = 0; i < feeds->nfeeds; i++) {
		struct view_feed feed = {
			.title = feeds->feeds[i].title,
			.path = feeds->feeds[i].path,
			.https = visit->web->https,
			.webcal = visit->web->webcal,
		};

		group_add(&view.groups[kind_find(feeds->feeds[i].kind)], &feed);
	}
	page_feeds(&out, &view);
	visit_page(visit, &out);
	for (i = 0; i < VIEW_FEEDS_KINDS; i++)
		free(view.groups[i].feeds);
}
