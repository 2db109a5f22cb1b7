#include "api_play.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* ---- replies, played ---- */

static const char *const columns[COLUMNS] = {
	"status", "body", "etag", "location", "scopes", "xid", "snapshot",
};

enum pg_status
pg_reply_status(const struct pg_reply *reply)
{
	return reply->status;
}

int
pg_reply_rows(const struct pg_reply *reply)
{
	(void)reply;
	return 1;
}

int
pg_reply_column(const struct pg_reply *reply, const char *name)
{
	int i;

	(void)reply;
	for (i = 0; i < COLUMNS; i++)
		if (strcmp(columns[i], name) == 0)
			return i;
	return -1;
}

const char *
pg_reply_text(const struct pg_reply *reply, int row, int column)
{
	(void)row;
	return reply->row[column];
}

static const char *
or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

const char *
pg_reply_sqlstate(const struct pg_reply *reply)
{
	return or_empty(reply->sqlstate);
}

const char *
pg_reply_message(const struct pg_reply *reply)
{
	return or_empty(reply->message);
}

const char *
pg_reply_detail(const struct pg_reply *reply)
{
	return or_empty(reply->detail);
}

const char *
pg_reply_hint(const struct pg_reply *reply)
{
	return or_empty(reply->hint);
}

/* ---- what the tests share ---- */

const struct pg_reply made = {
	.status = PG_DONE,
	.row = { "201", "{\"id\": 7, \"version\": 1}", "\"1\"",
	    "/api/v1/bookings/7", "room:3 office:1", "812", "810:812:" },
};

const struct pg_reply found = {
	.status = PG_DONE,
	.row = { "200", "{\"id\": 7, \"version\": 4}", "\"4\"", NULL, "",
	    NULL, "810:812:" },
};

const struct pg_reply away = { .status = PG_AWAY };

int
set_up(void **state)
{
	static const struct api_options options = {
		.base_url = "https://k.example", .limit_ms = PLAY_LIMIT_MS,
		.unknown_per_minute = 2, .style_path = "/static/x.css",
	};
	struct play *play = xcalloc(1, sizeof(*play));

	clock_set(1893499200, 100000);
	log_most(LOG_LEVEL_ERROR);
	play->loop = loop_new();
	play->generations = xcalloc(1, sizeof(*play->generations));
	generations_init(play->generations);
	play->api = api_new(play->loop, NULL, play->generations, &options);
	*state = play;
	return 0;
}

int
tear_down(void **state)
{
	struct play *play = *state;

	api_free(play->api);
	if (call.fn != NULL)
		database_answers(&away);
	play_pool_forget();
	free(play->generations);
	loop_free(play->loop);
	clock_release();
	free(play);
	return 0;
}

void
prepare(struct http_request *request, enum http_method method,
    const char *path, const char *body)
{
	memset(request, 0, sizeof(*request));
	request->method = method;
	request->path = path;
	request->sent = body;
	play_field(request, "authorization", "Bearer " TOKEN);
	play_field(request, "accept-language", "en");
	if (body != NULL)
		play_field(request, "content-type", "application/json");
}

void
ask(struct play *play, struct http_request *request,
    const struct pg_reply *reply)
{
	api_request(play->api, request);
	if (reply != NULL) {
		assert_string_equal(call.statement->name, "query_api_call");
		database_answers(reply);
	}
	assert_null(call.fn);
	assert_int_equal(request->answers, 1);
	assert_null(request->note);
}
