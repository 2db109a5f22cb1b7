/*
 * One run:  page_run_visit -> run_loaded
 *
 * The address stands in calendars for years, so a cancelled or completed run
 * still has its page.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "web/visit.h"

enum { RUN_NO_MOST_BYTES = 100 };

static void run_loaded(const struct store_pages_run *run, void *arg);

/* The database refuses bad text instead of not finding it. */
static bool
run_no_ok(const char *run_no)
{
	size_t length = strlen(run_no);

	return length <= RUN_NO_MOST_BYTES && text_utf8_ok(run_no, length);
}

void
page_run_visit(struct visit *visit)
{
	if (!run_no_ok(visit->segments[0])) {
		visit_not_found(visit);
		return;
	}
	store_pages_run_load(visit->web->pool, visit->segments[0],
	    visit->web->limit_ms, run_loaded, visit);
}

static void
machine_time_format(char *out, size_t size,
    const struct store_pages_moment *moment)
{
	snprintf(out, size, "%04u-%02u-%02uT%02u:%02u",
	    (unsigned int)moment->year % 10000,
	    (unsigned int)moment->month % 100,
	    (unsigned int)moment->day % 100, (unsigned int)moment->hour % 100,
	    (unsigned int)moment->minute % 100);
}

/* In running text "kl. 9.30", else 09.30. */
static void
clock_time_format(char *out, size_t size, bool in_text,
    const struct store_pages_moment *moment)
{
	snprintf(out, size, in_text ? "%u.%02u" : "%02u.%02u",
	    (unsigned int)moment->hour % 100,
	    (unsigned int)moment->minute % 100);
}

static void
session_fill(struct view_session *view,
    const struct store_pages_session *session)
{
	const struct store_pages_moment *starts = &session->starts;
	const struct store_pages_moment *ends = &session->ends;

	view->session = session;
	machine_time_format(view->starts, sizeof(view->starts), starts);
	machine_time_format(view->ends, sizeof(view->ends), ends);
	view->one_day = starts->day == ends->day &&
	    starts->month == ends->month && starts->year == ends->year;
	clock_time_format(view->from, sizeof(view->from), !view->one_day,
	    starts);
	clock_time_format(view->until, sizeof(view->until), !view->one_day,
	    ends);
}

static void
run_loaded(const struct store_pages_run *run, void *arg)
{
	struct visit *visit = arg;
	struct view_session *sessions;
	struct view_run view = { .run = run };
	struct out out = OUT_INIT;
	size_t i;

	if (!visit_goes_on(visit, run->result))
		return;
	sessions = xcalloc(run->nsessions + 1, sizeof(*sessions));
	for (i = 0; i < run->nsessions; i++)
		session_fill(&sessions[i], &run->sessions[i]);
	view.frame = visit_frame(visit);
	view.sessions = sessions;
	view.nsessions = run->nsessions;
	view.feed = (struct view_feed){
		.title = run->title,
		.path = run->feed_path,
		.https = visit->web->https,
		.webcal = visit->web->webcal,
	};
	page_run(&out, &view);
	visit_page(visit, &out);
	free(sessions);
}
