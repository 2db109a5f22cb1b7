#include "feed_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"

struct play_call play_calls[PLAY_CALLS];
int play_ncalls, play_total;

static int64_t now_s, now_ms;
static int long_versions[PLAY_LONG + 1];

/* ---- the pool ---- */

static const char *const columns[PLAY_COLUMNS] = {
	"state", "snapshot", "scopes", "name", "feed_description", "feed_path",
	"feed_colour", "show_cancelled", "token_id", "publish", "layout",
	"event_id", "uid", "starts", "ends", "zone", "status", "summary",
	"location", "description", "path", "categories", "lat", "lon",
	"place_title", "organizer_mail", "organizer_name", "conference_url",
	"colour", "sequence", "created_s", "changed_s", "transparent",
};

static void
pool_call(const struct pg_statement *statement, const char *const *params,
    pg_reply_fn *fn, void *arg)
{
	struct play_call *call = &play_calls[play_ncalls];
	int i;

	assert_true(play_ncalls < PLAY_CALLS);
	assert_true(statement->nparams <= 4);
	call->statement = statement;
	for (i = 0; i < 4; i++)
		call->params[i] = i < statement->nparams ?
		    xstrdup(params[i]) : NULL;
	call->fn = fn;
	call->arg = arg;
	play_ncalls++;
	play_total++;
}

void
pg_pool_read(struct pg_pool *pool, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg)
{
	(void)pool;
	(void)limit_ms;
	pool_call(statement, params, fn, arg);
}

void
pg_pool_write(struct pg_pool *pool, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg)
{
	(void)pool;
	(void)limit_ms;
	pool_call(statement, params, fn, arg);
}

enum pg_status
pg_reply_status(const struct pg_reply *reply)
{
	return reply->status;
}

int
pg_reply_rows(const struct pg_reply *reply)
{
	return reply->nrows;
}

int
pg_reply_column(const struct pg_reply *reply, const char *name)
{
	int i;

	(void)reply;
	for (i = 0; i < PLAY_COLUMNS; i++)
		if (strcmp(columns[i], name) == 0)
			return i;
	return -1;
}

struct pg_reply *
pg_reply_keep(const struct pg_reply *reply)
{
	struct pg_reply *own = xmalloc(sizeof(*own));

	*own = *reply;
	return own;
}

void
pg_reply_free(struct pg_reply *reply)
{
	free(reply);
}

const char *
pg_reply_text(const struct pg_reply *reply, int row, int column)
{
	if (reply->many == NULL || row == 0)
		return reply->rows[row][column];
	return column == PLAY_EVENT ? reply->many[row - 1].id :
	    column == PLAY_DESCRIPTION ? reply->many[row - 1].description :
	    column == PLAY_SUMMARY ? reply->many[row - 1].summary :
	    reply->rows[1][column];
}

int64_t
pg_reply_int(const struct pg_reply *reply, int row, int column,
    int64_t if_null)
{
	const char *text = pg_reply_text(reply, row, column);

	return text == NULL ? if_null : atoll(text);
}

bool
pg_reply_bool(const struct pg_reply *reply, int row, int column)
{
	const char *text = pg_reply_text(reply, row, column);

	return text != NULL && strcmp(text, "t") == 0;
}

const char *
pg_reply_sqlstate(const struct pg_reply *reply)
{
	(void)reply;
	return "42P01";
}

const char *
pg_reply_message(const struct pg_reply *reply)
{
	(void)reply;
	return "no such table";
}

/* ---- what the tests share ---- */

void
play_begin_with(struct play *play, const struct feed_options *options)
{
	now_s = PLAY_NOW_S;
	now_ms = PLAY_NOW_MS;
	clock_set(now_s - 1000, now_ms);
	play_total = 0;
	memset(long_versions, 0, sizeof(long_versions));
	play->loop = loop_new();
	play->generations = xcalloc(1, sizeof(*play->generations));
	generations_init(play->generations);
	clock_set(now_s, now_ms);
	atomic_store(&play->generations->listening_until_ms, now_ms + 5000);
	play->house = feed_house_new(play->loop, NULL, play->generations,
	    options);
}

void
play_begin(struct play *play)
{
	static const struct feed_options options = {
		.base_url = "https://kalender.example",
		.cache_bytes = 1 << 24,
		.limit_ms = 1500,
		.unknown_per_minute = 3,
		.can_hear = true,
		.public_kind = PLAY_PUBLIC,
		.token_kind = PLAY_TOKEN,
	};

	play_begin_with(play, &options);
}

void
play_end(struct play *play)
{
	feed_house_free(play->house);
	while (play_ncalls > 0)
		play_answer(play, &(struct pg_reply){ .status = PG_AWAY });
	free(play->generations);
	loop_free(play->loop);
	clock_release();
}

int
play_set_up(void **state)
{
	static struct play play;

	play_begin(&play);
	*state = &play;
	return 0;
}

int
play_tear_down(void **state)
{
	play_end(*state);
	return 0;
}

void
play_pass(struct play *play, int64_t seconds)
{
	bool heard = atomic_load(&play->generations->listening_until_ms) > now_ms;

	now_s += seconds;
	now_ms += seconds * 1000;
	clock_set(now_s, now_ms);
	if (heard)
		atomic_store(&play->generations->listening_until_ms,
		    now_ms + 5000);
}

void
play_get(struct http_request *request, const char *path)
{
	memset(request, 0, sizeof(*request));
	request->method = HTTP_GET;
	request->path = path;
}

void
play_answer(struct play *play, const struct pg_reply *reply)
{
	struct play_call call = play_calls[0];
	int i;

	assert_true(play_ncalls > 0);
	play_ncalls--;
	memmove(play_calls, play_calls + 1,
	    (size_t)play_ncalls * sizeof(*play_calls));
	call.fn(reply, call.arg);
	for (i = 0; i < 4; i++)
		free(call.params[i]);
	(void)play;
}

void
play_ask(struct play *play, struct http_request *request,
    const struct pg_reply *reply)
{
	feed_request(play->house, request);
	if (reply != NULL)
		play_answer(play, reply);
	assert_int_equal(play_ncalls, 0);
	assert_int_equal(request->answers, 1);
	assert_null(request->note);
}

void
play_fetch(struct play *play, struct http_request *request, const char *path,
    const struct pg_reply *reply)
{
	play_get(request, path);
	play_ask(play, request, reply);
	play_clear(request);
}

const char *
play_value(const struct http_request *request, const char *name)
{
	static char value[400];
	const char *line = request->head;
	size_t length = strlen(name), end;

	while ((line = strstr(line, "\r\n")) != NULL) {
		line += 2;
		if (strncasecmp(line, name, length) != 0 ||
		    strncmp(line + length, ": ", 2) != 0)
			continue;
		end = strcspn(line, "\r");
		assert_true(end - length - 2 < sizeof(value));
		snprintf(value, sizeof(value), "%.*s", (int)(end - length - 2),
		    line + length + 2);
		return value;
	}
	return NULL;
}

void
play_state(struct pg_reply *reply, const char *state, const char *snapshot)
{
	memset(reply, 0, sizeof(*reply));
	reply->status = PG_DONE;
	reply->nrows = 1;
	reply->rows[0][0] = state;
	reply->rows[0][1] = snapshot;
}

void
play_feed(struct pg_reply *reply, const char *snapshot, const char *layout)
{
	play_state(reply, "live", snapshot);
	reply->rows[0][2] = "season:1 run:7";
	reply->rows[0][3] = "Kattegat 2030";
	reply->rows[0][4] = "Alle hold.";
	reply->rows[0][5] = "/f/saeson/kattegat-2030.ics";
	reply->rows[0][6] = "steelblue";
	reply->rows[0][9] = "f";
	reply->rows[0][10] = layout;
}

void
play_token(struct pg_reply *reply, const char *snapshot, const char *layout)
{
	play_feed(reply, snapshot, layout);
	reply->rows[0][2] = "token:3 person:1 run:7";
	reply->rows[0][5] = NULL;
	reply->rows[0][7] = "mark";
	reply->rows[0][8] = "3";
}

void
play_event(struct pg_reply *reply, const char *id, const char *summary)
{
	const char **row = reply->rows[reply->nrows++];

	assert_true(reply->nrows <= PLAY_ROWS);
	row[PLAY_EVENT] = id;
	row[12] = "5f0c@kalender.example";
	row[13] = "20300117T130000";
	row[14] = "20300117T213000";
	row[15] = "Europe/Copenhagen";
	row[16] = "confirmed";
	row[17] = summary;
	row[18] = "Sal A, Gade 1, 5000 Odense C";
	row[20] = "/s/KAT30-07";
	row[29] = "2";
	row[30] = "1785578400";
	row[31] = "1785669133";
	row[32] = "f";
}

static void
long_row(struct play_row *row, int id)
{
	static char longer[512];

	memset(longer, 'x', sizeof(longer) - 1);
	snprintf(row->id, sizeof(row->id), "%d", id);
	snprintf(row->summary, sizeof(row->summary), "%d %d", id,
	    long_versions[id]);
	row->description = long_versions[id] > 0 ? longer : NULL;
}

void
play_long(struct pg_reply *reply, const char *snapshot)
{
	static struct play_row rows[PLAY_LONG];
	static char layout[16 * PLAY_LONG];
	size_t length = 0;
	int id;

	for (id = 1; id <= PLAY_LONG; id++) {
		length += (size_t)snprintf(layout + length,
		    sizeof(layout) - length, "%s%d %d", id == 1 ? "" : ",",
		    id, long_versions[id]);
		long_row(&rows[id - 1], id);
	}
	play_feed(reply, snapshot, layout);
	play_event(reply, NULL, NULL);
	reply->nrows = 1 + PLAY_LONG;
	reply->many = rows;
}

void
play_long_changed(struct pg_reply *reply, const char *snapshot, int id)
{
	long_versions[id]++;
	play_long(reply, snapshot);
	long_row(&reply->many[0], id);
	reply->nrows = 2;
}
