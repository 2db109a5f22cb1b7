#include "store/feed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/queries.h"

enum column {
	STATE, SNAPSHOT, SCOPES, NAME, FEED_DESCRIPTION, FEED_PATH, FEED_COLOUR,
	SHOW_CANCELLED, TOKEN_ID, PUBLISH, LAYOUT,
	EVENT_ID, UID, STARTS, ENDS, ZONE, STATUS, SUMMARY, LOCATION,
	DESCRIPTION, PATH, CATEGORIES, LAT, LON, PLACE_TITLE, ORGANIZER_MAIL,
	ORGANIZER_NAME, CONFERENCE_URL, COLOUR, SEQUENCE, CREATED_S, CHANGED_S,
	TRANSPARENT, COLUMNS
};

static const char *const columns[COLUMNS] = {
	[STATE] = "state", [SNAPSHOT] = "snapshot", [SCOPES] = "scopes",
	[NAME] = "name", [FEED_DESCRIPTION] = "feed_description",
	[FEED_PATH] = "feed_path", [FEED_COLOUR] = "feed_colour",
	[SHOW_CANCELLED] = "show_cancelled", [TOKEN_ID] = "token_id",
	[PUBLISH] = "publish", [LAYOUT] = "layout", [EVENT_ID] = "event_id",
	[UID] = "uid", [STARTS] = "starts", [ENDS] = "ends", [ZONE] = "zone",
	[STATUS] = "status", [SUMMARY] = "summary", [LOCATION] = "location",
	[DESCRIPTION] = "description", [PATH] = "path",
	[CATEGORIES] = "categories", [LAT] = "lat", [LON] = "lon",
	[PLACE_TITLE] = "place_title", [ORGANIZER_MAIL] = "organizer_mail",
	[ORGANIZER_NAME] = "organizer_name",
	[CONFERENCE_URL] = "conference_url", [COLOUR] = "colour",
	[SEQUENCE] = "sequence", [CREATED_S] = "created_s",
	[CHANGED_S] = "changed_s", [TRANSPARENT] = "transparent",
};

/* A call under way. */
struct load {
	store_feed_fn	*fn;
	void		*arg;
};

/* What event() goes by. */
struct store_rows {
	struct store_feed	 feed;
	const struct pg_reply	*reply;
	struct pg_reply		*kept;		/* NULL: not ours */
	int			 column[COLUMNS];
	struct place {
		int64_t	id;
		int	version;
		int	row;		/* 0: the caller has it */
	} *place;
};

static void feed_loaded(const struct pg_reply *reply, void *arg);

static void
number_add(struct buf *out, int64_t number)
{
	char digits[24], *p = digits + sizeof(digits);
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;

	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		*--p = '-';
	buf_add(out, p, (size_t)(digits + sizeof(digits) - p));
}

void
store_feed_load(struct pg_pool *pool, const char *kind, const char *arg,
    const struct store_known *known, size_t nknown, int64_t limit_ms,
    store_feed_fn *fn, void *arg_of_fn)
{
	struct load *load = xcalloc(1, sizeof(*load));
	struct buf ids = BUF_INIT, versions = BUF_INIT;
	const char *params[4];
	size_t i;

	load->fn = fn;
	load->arg = arg_of_fn;
	buf_addc(&ids, '{');
	buf_addc(&versions, '{');
	for (i = 0; i < nknown; i++) {
		if (i > 0) {
			buf_addc(&ids, ',');
			buf_addc(&versions, ',');
		}
		number_add(&ids, known[i].id);
		number_add(&versions, known[i].version);
	}
	buf_addc(&ids, '}');
	buf_addc(&versions, '}');
	params[0] = kind;
	params[1] = arg;
	params[2] = ids.data;
	params[3] = versions.data;
	pg_pool_read(pool, &query_feed_load, params, limit_ms, feed_loaded,
	    load);
	buf_clear(&ids);
	buf_clear(&versions);
}

static const char *
text(const struct store_rows *rows, int row, enum column column)
{
	return pg_reply_text(rows->reply, row, rows->column[column]);
}

static int64_t
number(const struct store_rows *rows, int row, enum column column)
{
	return pg_reply_int(rows->reply, row, rows->column[column], 0);
}

static void
event_read(const struct store_feed *feed, size_t i, struct store_event *out)
{
	const struct store_rows *rows = feed->rows;
	int row = rows->place[i].row;

	memset(out, 0, sizeof(*out));
	out->id = rows->place[i].id;
	out->version = rows->place[i].version;
	out->known = row == 0;
	if (out->known)
		return;
	out->uid = text(rows, row, UID);
	out->starts = text(rows, row, STARTS);
	out->ends = text(rows, row, ENDS);
	out->zone = text(rows, row, ZONE);
	out->status = text(rows, row, STATUS);
	out->summary = text(rows, row, SUMMARY);
	out->location = text(rows, row, LOCATION);
	out->description = text(rows, row, DESCRIPTION);
	out->path = text(rows, row, PATH);
	out->categories = text(rows, row, CATEGORIES);
	out->lat = text(rows, row, LAT);
	out->lon = text(rows, row, LON);
	out->place_title = text(rows, row, PLACE_TITLE);
	out->organizer_mail = text(rows, row, ORGANIZER_MAIL);
	out->organizer_name = text(rows, row, ORGANIZER_NAME);
	out->conference_url = text(rows, row, CONFERENCE_URL);
	out->colour = text(rows, row, COLOUR);
	out->sequence = (int)number(rows, row, SEQUENCE);
	out->created_s = number(rows, row, CREATED_S);
	out->changed_s = number(rows, row, CHANGED_S);
	out->transparent = pg_reply_bool(rows->reply, row,
	    rows->column[TRANSPARENT]);
}

/* "id version,id version": where each event's row is, which has the same order. */
static void
layout_read(struct store_feed *feed, struct store_rows *rows)
{
	const char *p = text(rows, 0, LAYOUT);
	char *end;
	size_t count = 0;
	int row = 1;

	if (p == NULL || *p == '\0')
		return;
	for (end = strchr(p, ','); end != NULL; end = strchr(end + 1, ','))
		count++;
	rows->place = xcalloc(count + 1, sizeof(*rows->place));
	for (; *p != '\0'; p = *end == ',' ? end + 1 : end) {
		struct place *place = &rows->place[feed->nevents++];

		place->id = strtoll(p, &end, 10);
		place->version = (int)strtol(end, &end, 10);
		if (row < pg_reply_rows(rows->reply) &&
		    number(rows, row, EVENT_ID) == place->id)
			place->row = row++;
		assert(*end == ',' || *end == '\0');
	}
}

static void
feed_read(struct store_feed *feed, struct store_rows *rows)
{
	const char *state = text(rows, 0, STATE);

	feed->snapshot = text(rows, 0, SNAPSHOT);
	if (state == NULL || strcmp(state, "unknown") == 0) {
		feed->result = STORE_NOT_FOUND;
		return;
	}
	feed->result = STORE_DONE;
	feed->state = strcmp(state, "gone") == 0 ? STORE_FEED_GONE :
	    strcmp(state, "revoked") == 0 ? STORE_FEED_REVOKED :
	    STORE_FEED_LIVE;
	feed->scopes = text(rows, 0, SCOPES);
	feed->name = text(rows, 0, NAME);
	feed->description = text(rows, 0, FEED_DESCRIPTION);
	feed->path = text(rows, 0, FEED_PATH);
	feed->colour = text(rows, 0, FEED_COLOUR);
	feed->show_cancelled = text(rows, 0, SHOW_CANCELLED);
	feed->token_id = number(rows, 0, TOKEN_ID);
	feed->publish = pg_reply_bool(rows->reply, 0, rows->column[PUBLISH]);
	feed->event = event_read;
	feed->rows = rows;
	layout_read(feed, rows);
}

static void
columns_get(struct store_rows *rows)
{
	size_t i;

	for (i = 0; i < COLUMNS; i++) {
		rows->column[i] = pg_reply_column(rows->reply, columns[i]);
		assert(rows->column[i] >= 0);
	}
}

static void
rows_free(struct store_rows *rows)
{
	pg_reply_free(rows->kept);
	free(rows->place);
	free(rows);
}

const struct store_feed *
store_feed_keep(const struct store_feed *feed)
{
	feed->rows->kept = pg_reply_keep(feed->rows->reply);
	feed->rows->reply = feed->rows->kept;
	return feed;
}

void
store_feed_free(const struct store_feed *feed)
{
	if (feed != NULL)
		rows_free(feed->rows);
}

static void
feed_loaded(const struct pg_reply *reply, void *arg)
{
	struct load *load = arg;
	struct store_rows *rows = xcalloc(1, sizeof(*rows));

	rows->feed.result = STORE_AWAY;
	rows->reply = reply;
	if (pg_reply_status(reply) == PG_REFUSED)
		log_error("%s: refused by the database: %s %s",
		    query_feed_load.name, pg_reply_sqlstate(reply),
		    pg_reply_message(reply));
	if (pg_reply_status(reply) == PG_DONE && pg_reply_rows(reply) > 0) {
		columns_get(rows);
		feed_read(&rows->feed, rows);
	}
	load->fn(&rows->feed, load->arg);
	if (rows->kept == NULL)
		rows_free(rows);
	free(load);
}

/* A write under way. */
struct write {
	void	(*done)(void *arg);
	void	*arg;
};

static void
fetched(const struct pg_reply *reply, void *arg)
{
	struct write *write = arg;

	if (pg_reply_status(reply) == PG_REFUSED)
		log_error("%s: refused by the database: %s %s",
		    query_feed_fetched.name, pg_reply_sqlstate(reply),
		    pg_reply_message(reply));
	write->done(write->arg);
	free(write);
}

void
store_feed_fetched(struct pg_pool *pool, const struct store_fetch *fetches,
    size_t nfetches, void (*done)(void *arg), void *arg)
{
	struct write *write = xcalloc(1, sizeof(*write));
	struct buf ids = BUF_INIT, times = BUF_INIT, clients = BUF_INIT;
	const char *params[3];
	size_t i;

	for (i = 0; i < nfetches; i++) {
		char separator = i == 0 ? '{' : ',';

		buf_addc(&ids, separator);
		number_add(&ids, fetches[i].token_id);
		buf_addc(&times, separator);
		number_add(&times, fetches[i].at_s);
		buf_addc(&clients, separator);
		buf_adds(&clients, fetches[i].client);
	}
	buf_addc(&ids, '}');
	buf_addc(&times, '}');
	buf_addc(&clients, '}');
	params[0] = ids.data;
	params[1] = times.data;
	params[2] = clients.data;
	write->done = done;
	write->arg = arg;
	pg_pool_write(pool, &query_feed_fetched, params, 0, fetched, write);
	buf_clear(&ids);
	buf_clear(&times);
	buf_clear(&clients);
}
