#include "store/pages.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/queries.h"

/* A call under way. */
struct load {
	store_pages_feeds_fn	*feeds_fn;
	store_pages_run_fn	*run_fn;
	void			*arg;
};

enum feed_column { FEED_KIND, FEED_TITLE, FEED_PATH, FEED_COLUMNS };

static const char *const feed_columns[FEED_COLUMNS] = {
	[FEED_KIND] = "kind", [FEED_TITLE] = "title", [FEED_PATH] = "path",
};

enum run_column {
	RUN_NO, RUN_TITLE, RUN_OFFICE, RUN_PLACE, RUN_STATUS, RUN_DEMO,
	RUN_FEED_PATH, SESSION_NO, SESSION_TITLE, SESSION_PLACE,
	SESSION_STARTS, SESSION_ENDS, SESSION_CANCELLED, RUN_COLUMNS,
};

static const char *const run_columns[RUN_COLUMNS] = {
	[RUN_NO] = "run_no", [RUN_TITLE] = "title", [RUN_OFFICE] = "office",
	[RUN_PLACE] = "place", [RUN_STATUS] = "status", [RUN_DEMO] = "demo",
	[RUN_FEED_PATH] = "feed_path", [SESSION_NO] = "session_no",
	[SESSION_TITLE] = "session_title", [SESSION_PLACE] = "session_place",
	[SESSION_STARTS] = "starts", [SESSION_ENDS] = "ends",
	[SESSION_CANCELLED] = "cancelled",
};

static void feeds_loaded(const struct pg_reply *reply, void *arg);
static void run_loaded(const struct pg_reply *reply, void *arg);

/* The statement is compiled in, so a column that is missing is a mistake here. */
static void
columns_get(int *out, const struct pg_reply *reply, const char *const *names,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		out[i] = pg_reply_column(reply, names[i]);
		assert(out[i] >= 0);
	}
}

/* A refusal is a fault of ours or of the schema: said here, once a call. */
static bool
is_done(const struct pg_reply *reply, const struct pg_statement *statement)
{
	if (pg_reply_status(reply) == PG_REFUSED)
		log_error("%s: refused by the database: %s %s",
		    statement->name, pg_reply_sqlstate(reply),
		    pg_reply_message(reply));
	return pg_reply_status(reply) == PG_DONE;
}

void
store_pages_feeds_load(struct pg_pool *pool, int64_t limit_ms,
    store_pages_feeds_fn *fn, void *arg)
{
	struct load *load = xcalloc(1, sizeof(*load));

	load->feeds_fn = fn;
	load->arg = arg;
	pg_pool_read(pool, &query_feed_list, NULL, limit_ms, feeds_loaded,
	    load);
}

static void
feeds_loaded(const struct pg_reply *reply, void *arg)
{
	struct load *load = arg;
	struct store_pages_feeds feeds = { .result = STORE_AWAY };
	struct store_pages_feed *feed = NULL;
	int column[FEED_COLUMNS], row, rows;

	if (is_done(reply, &query_feed_list)) {
		columns_get(column, reply, feed_columns, FEED_COLUMNS);
		rows = pg_reply_rows(reply);
		feed = xcalloc((size_t)rows + 1, sizeof(*feed));
		for (row = 0; row < rows; row++) {
			feed[row].kind = pg_reply_text(reply, row,
			    column[FEED_KIND]);
			feed[row].title = pg_reply_text(reply, row,
			    column[FEED_TITLE]);
			feed[row].path = pg_reply_text(reply, row,
			    column[FEED_PATH]);
		}
		feeds.result = STORE_DONE;
		feeds.feeds = feed;
		feeds.nfeeds = (size_t)rows;
	}
	load->feeds_fn(&feeds, load->arg);
	free(feed);
	free(load);
}

/* Reads "20300119T093000"; a day that does not exist is refused. */
must_check static int
moment_parse(struct store_pages_moment *out, const char *text)
{
	struct store_pages_moment at;
	struct tm tm = { 0 };
	char again[16];
	int second;

	if (text == NULL || sscanf(text, "%4d%2d%2dT%2d%2d%2d", &at.year,
	    &at.month, &at.day, &at.hour, &at.minute, &second) != 6)
		return -1;
	tm.tm_year = at.year - 1900;
	tm.tm_mon = at.month - 1;
	tm.tm_mday = at.day;
	tm.tm_hour = at.hour;
	tm.tm_min = at.minute;
	tm.tm_sec = second;
	if (timegm(&tm) == -1 ||
	    strftime(again, sizeof(again), "%Y%m%dT%H%M%S", &tm) == 0 ||
	    strcmp(again, text) != 0)
		return -1;
	*out = at;
	return 0;
}

void
store_pages_run_load(struct pg_pool *pool, const char *run_no,
    int64_t limit_ms, store_pages_run_fn *fn, void *arg)
{
	struct load *load = xcalloc(1, sizeof(*load));

	load->run_fn = fn;
	load->arg = arg;
	pg_pool_read(pool, &query_web_run, &run_no, limit_ms, run_loaded,
	    load);
}

must_check static int
session_read(struct store_pages_session *out, const struct pg_reply *reply,
    int row, const int *column)
{
	out->no = (int)pg_reply_int(reply, row, column[SESSION_NO], 0);
	out->title = pg_reply_text(reply, row, column[SESSION_TITLE]);
	out->place = pg_reply_text(reply, row, column[SESSION_PLACE]);
	out->cancelled = pg_reply_bool(reply, row, column[SESSION_CANCELLED]);
	if (moment_parse(&out->starts, pg_reply_text(reply, row,
	    column[SESSION_STARTS])) != 0 ||
	    moment_parse(&out->ends, pg_reply_text(reply, row,
	    column[SESSION_ENDS])) != 0)
		return -1;
	return 0;
}

/* What every row repeats. */
static void
run_read(struct store_pages_run *out, const struct pg_reply *reply,
    const int *column)
{
	const char *status = pg_reply_text(reply, 0, column[RUN_STATUS]);

	out->run_no = pg_reply_text(reply, 0, column[RUN_NO]);
	out->title = pg_reply_text(reply, 0, column[RUN_TITLE]);
	out->office = pg_reply_text(reply, 0, column[RUN_OFFICE]);
	out->place = pg_reply_text(reply, 0, column[RUN_PLACE]);
	out->feed_path = pg_reply_text(reply, 0, column[RUN_FEED_PATH]);
	out->demo = pg_reply_bool(reply, 0, column[RUN_DEMO]);
	out->cancelled = status != NULL && strcmp(status, "cancelled") == 0;
}

/* Reads the rows' sessions; a run may have none, then its one row has no number. */
static enum store_result
sessions_read(struct store_pages_session *out, size_t *count,
    const struct pg_reply *reply, const int *column)
{
	int row;

	for (row = 0; row < pg_reply_rows(reply); row++) {
		if (pg_reply_text(reply, row, column[SESSION_NO]) == NULL)
			continue;
		if (session_read(&out[*count], reply, row, column) != 0) {
			log_error("%s: row %d has no time that can be read, "
			    "the page is not shown", query_web_run.name, row);
			return STORE_AWAY;
		}
		(*count)++;
	}
	return STORE_DONE;
}

static void
run_loaded(const struct pg_reply *reply, void *arg)
{
	struct load *load = arg;
	struct store_pages_run run = { .result = STORE_AWAY };
	struct store_pages_session *sessions = NULL;
	int column[RUN_COLUMNS], rows;

	if (is_done(reply, &query_web_run)) {
		rows = pg_reply_rows(reply);
		run.result = STORE_NOT_FOUND;
		if (rows > 0) {
			columns_get(column, reply, run_columns, RUN_COLUMNS);
			sessions = xcalloc((size_t)rows, sizeof(*sessions));
			run_read(&run, reply, column);
			run.result = sessions_read(sessions, &run.nsessions,
			    reply, column);
			run.sessions = sessions;
		}
	}
	load->run_fn(&run, load->arg);
	free(sessions);
	free(load);
}
