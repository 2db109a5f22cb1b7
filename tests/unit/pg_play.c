/*
 * pg_play.c - see pg_play.h.
 */
#include "pg_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

const char *dsn;
const char *const none[] = { NULL };
const struct pg_statement one = { "one", "SELECT 1", 0 };
const struct pg_statement echo = { "echo", "SELECT $1::text", 1 };

bool
pg_play_begin(const char *name)
{
	if ((dsn = getenv("KG_TEST_DSN")) == NULL)
		return false;
	log_open(name, LOG_LEVEL_ERROR);
	alarm(120);	/* a reply that never comes is a failure too */
	return true;
}

static struct pg_pool *
pool_make(struct loop *loop, const char *where, int connections, int queue_most)
{
	const struct pg_pool_options options = {
		.dsn = where,
		.application = "kg test",
		.connections = connections,
		.queue_most = queue_most,
		.limit_ms = LIMIT_MS,
	};

	return pg_pool_new(loop, &options);
}

int
world_make(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));
	int i;

	for (i = 0; i < REPLIES_MOST; i++)
		world->said[i].world = world;
	world->loop = loop_new();
	world->pool = pool_make(world->loop, dsn, 1, 100);
	*state = world;
	return 0;
}

int
world_drop(void **state)
{
	struct world *world = *state;
	int i;

	pg_pool_free(world->pool);
	for (i = 0; i < REPLIES_MOST; i++)
		free(world->said[i].text);
	loop_free(world->loop);
	free(world);
	return 0;
}

void
world_pool(struct world *world, const char *where, int connections,
    int queue_most)
{
	pg_pool_free(world->pool);
	world->pool = pool_make(world->loop, where, connections, queue_most);
}

void
note(const struct pg_reply *reply, void *arg)
{
	struct said *said = arg;
	struct world *world = said->world;

	said->count++;
	said->status = pg_reply_status(reply);
	free(said->text);
	said->text = pg_reply_rows(reply) > 0 ?
	    xstrdup_null(pg_reply_text(reply, 0, 0)) : NULL;
	snprintf(said->sqlstate, sizeof(said->sqlstate), "%s",
	    pg_reply_sqlstate(reply));
	said->nth = world->replies++;
	if (said->chain > 0) {
		said->chain--;
		pg_pool_write(world->pool, &one, NULL, 0, note, said);
	}
}

void
wait_replies(struct world *world, int count)
{
	while (world->replies < count)
		loop_turn(world->loop, true);
	assert_int_equal(world->replies, count);
}

struct said *
ask(struct world *world, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms)
{
	struct said *said = &world->said[0];
	int before = said->count;

	pg_pool_write(world->pool, statement, params, limit_ms, note, said);
	assert_int_equal(said->count, before);
	wait_replies(world, world->replies + 1);
	assert_int_equal(said->count, before + 1);
	return said;
}

void
ask_done(struct world *world, const struct pg_statement *statement,
    const char *text)
{
	struct said *said = ask(world, statement, none, 0);

	assert_int_equal(said->status, PG_DONE);
	if (text != NULL)
		assert_string_equal(said->text, text);
}

struct pg_link *
link_make(void)
{
	struct pg_link *link;
	struct err err;

	if (pg_link_open(&link, dsn, NULL, "kg test link", &err) != 0)
		fail_msg("%s", err.text);
	return link;
}

void
link_script(struct pg_link *link, const char *sql)
{
	struct err err;

	if (pg_link_script(link, "test", sql, NULL, &err) != 0)
		fail_msg("%s", err.text);
}

int64_t
link_number(struct pg_link *link, const char *sql)
{
	const struct pg_statement statement = { "number", sql, 0 };
	struct pg_reply *reply;
	struct err err;
	int64_t number;

	if (pg_link_call(link, &statement, NULL, &reply, &err) != 0)
		fail_msg("%s", err.text);
	if (pg_reply_status(reply) != PG_DONE)
		fail_msg("%s: %s", sql, pg_reply_message(reply));
	number = pg_reply_int(reply, 0, 0, -1);
	pg_reply_free(reply);
	return number;
}
