/*
 * view.h - what the templates are given, and the templates as functions.
 *
 * A template decides nothing: what needs thought is a field here, filled by the
 * page's file.
 *
 * Ownership: views borrow everything; they live while their template runs.
 */
#ifndef KG_WEB_VIEW_H
#define KG_WEB_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "page/out.h"
#include "store/pages.h"

struct view_frame {
	const char	*style_path;
};

struct view_feed {
	const char	*title;
	const char	*path;
	const char	*https, *webcal;	/* what stands before the path */
};

enum view_feeds_kind {
	VIEW_FEEDS_COUNTRY, VIEW_FEEDS_SEASONS, VIEW_FEEDS_SEMINARS,
	VIEW_FEEDS_OFFICES, VIEW_FEEDS_RUNS, VIEW_FEEDS_ROOMS,
	VIEW_FEEDS_OTHERS, VIEW_FEEDS_KINDS,
};

struct view_feeds_group {
	enum view_feeds_kind	 kind;
	struct view_feed	*feeds;
	size_t			 nfeeds;	/* none: it is not shown */
};

struct view_feeds {
	struct view_frame	frame;
	struct view_feeds_group	groups[VIEW_FEEDS_KINDS];
	bool			none;		/* not one feed at all */
};

struct view_session {
	const struct store_pages_session	*session;
	char	starts[20], ends[20];		/* for machines: 2030-01-19T09:30 */
	char	from[8], until[8];		/* for people: 09.30 */
	bool	one_day;			/* it ends on its first day */
};

struct view_run {
	struct view_frame		 frame;
	const struct store_pages_run	*run;
	const struct view_session	*sessions;
	size_t				 nsessions;
	struct view_feed		 feed;
};

void page_feeds(struct out *out, const struct view_feeds *view);
void page_run(struct out *out, const struct view_run *view);
void page_not_found(struct out *out, const struct view_frame *frame);
void page_not_allowed(struct out *out, const struct view_frame *frame);
void page_away(struct out *out, const struct view_frame *frame);

void part_top_begin(struct out *out);
void part_top_end(struct out *out, const struct view_frame *frame);
void part_foot(struct out *out);
void part_feeds_heading(struct out *out, enum view_feeds_kind kind);
void part_session(struct out *out, const struct view_session *view);
void part_feed_links(struct out *out, const struct view_feed *feed);
void part_delays(struct out *out);
void part_date(struct out *out, const struct store_pages_moment *moment);
void part_weekday(struct out *out, int weekday);
void part_month(struct out *out, int month);

void style_kattegat(struct out *out);

#endif
