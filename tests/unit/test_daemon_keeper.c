/*
 * The keeper with a database of the test: what is heard, when it counts as
 * listening, and what is bumped. The script of a test runs on the keeper's loop.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "daemon/channel.h"
#include "daemon/process.h"
#include "pg/listen.h"

/* 2026-01-15 12:00 in Denmark. */
enum { NOW_S = 1768474800, STEP_MS = 5, STEPS_MOST = 2000 };

/* The connection that the keeper believes to have. */
static struct {
	struct pg_listen_hooks	 hooks;
	void			*arg;
	struct loop_event	*timer;
	bool			(*script)(void);	/* true: over */
	int			 steps, calls, resets;
	char			 word[128];		/* of the last call */
} database;

static struct shared *shared;
static struct shared_slot slot;
static int channel[2];

static void
step_fn(enum loop_what what, void *arg)
{
	(void)what;
	(void)arg;
	assert_true(++database.steps < STEPS_MOST);
	if (database.script())
		channel_say(channel[0], "stop");
	else
		loop_timer_arm(database.timer, STEP_MS);
}

struct pg_listen *
pg_listen_new(struct loop *loop, const char *dsn, const char *application,
    const char *name, const struct pg_listen_hooks *hooks, void *arg)
{
	(void)dsn;
	(void)application;
	assert_string_equal(name, "kattegat");
	database.hooks = *hooks;
	database.arg = arg;
	database.timer = loop_timer_new(loop, step_fn, NULL);
	loop_timer_arm(database.timer, STEP_MS);
	return (struct pg_listen *)&database;
}

void
pg_listen_free(struct pg_listen *listen)
{
	(void)listen;
	loop_event_free(database.timer);
}

void
pg_listen_reset(struct pg_listen *listen)
{
	(void)listen;
	database.resets++;
}

void
pg_listen_call(struct pg_listen *listen, const struct pg_statement *statement,
    const char *const *params)
{
	(void)listen;
	assert_string_equal(statement->name, "query_keeper_beat");
	snprintf(database.word, sizeof(database.word), "%s", params[0]);
	database.calls++;
}

uint64_t
pg_listen_reconnects(const struct pg_listen *listen)
{
	(void)listen;
	return (uint64_t)database.resets;
}

static void
run_keeper(bool (*script)(void))
{
	char folder[] = "/tmp/keeper-XXXXXX", path[64];
	struct daemon_conf conf;
	struct process_task task = { .conf = &conf, .slot = &slot };
	struct err err;

	memset(&database, 0, sizeof(database));
	memset(&slot, 0, sizeof(slot));
	database.script = script;
	log_open("keeper", LOG_LEVEL_ERROR);
	clock_set(NOW_S, 5000);
	assert_int_equal(shared_map(&shared, &err), 0);
	assert_int_equal(channel_pair(channel, &err), 0);
	assert_int_equal(options_load(&conf, NULL, &err), 0);
	assert_non_null(mkdtemp(folder));
	free(conf.run_dir);
	conf.run_dir = xstrdup(folder);
	task.shared = shared;
	task.channel = channel[1];
	assert_int_equal(keeper_run(&task), 0);
	snprintf(path, sizeof(path), "%s/control.new", folder);
	unlink(path);
	rmdir(folder);
	options_clear(&conf);
	close(channel[0]);
	close(channel[1]);
	shared_unmap(shared);
	clock_release();
}

static uint64_t
changes(void)
{
	return generations_changes(&shared->generations);
}

static int64_t
listening_until_ms(void)
{
	return atomic_load(&shared->generations.listening_until_ms);
}

static bool
moved(const char *scope, uint64_t mark)
{
	uint32_t at = generations_slot(scope, strlen(scope));

	return generations_moved(&shared->generations, &at, 1, mark);
}

static bool
script_up(void)
{
	uint64_t mark = generations_mark(&shared->generations);
	char word[CHANNEL_WORD_SIZE];

	assert_int_equal(channel_hear(channel[0], word), 0);
	database.hooks.up(database.arg);
	assert_true(moved("run:1", mark));
	assert_true(atomic_load(&slot.database));
	assert_int_equal(channel_hear(channel[0], word), 1);
	assert_string_equal(word, "ready");
	return true;
}

static void
test_after_listen_everything_is_made_anew(void **state)
{
	(void)state;
	run_keeper(script_up);
}

static bool
script_heard(void)
{
	uint64_t mark;

	database.hooks.up(database.arg);
	mark = generations_mark(&shared->generations);
	database.hooks.heard("run:7 office:2", database.arg);
	assert_true(moved("run:7", mark));
	assert_true(moved("office:2", mark));
	assert_false(moved("run:8", mark));
	database.hooks.heard("*", database.arg);
	assert_true(moved("run:8", mark));
	return true;
}

static void
test_what_is_heard_is_bumped(void **state)
{
	(void)state;
	run_keeper(script_heard);
}

static bool
script_beat(void)
{
	static uint64_t before;

	if (database.steps == 1) {
		database.hooks.up(database.arg);
		before = changes();
	}
	if (database.calls == 0)
		return false;
	assert_int_equal(listening_until_ms(), 0);
	/* Heard 400 ms after it was sent: what counts is when it was sent. */
	clock_set(NOW_S, 5400);
	database.hooks.heard("beat aaaaaaaaaaaaaaaaaaaaaaaaaa 5000",
	    database.arg);
	database.hooks.heard("beat ", database.arg);
	assert_int_equal(listening_until_ms(), 0);
	database.hooks.heard(database.word, database.arg);
	assert_int_equal(listening_until_ms(), 10000);
	assert_int_equal(changes(), before);
	database.hooks.down(database.arg);
	assert_int_equal(listening_until_ms(), 0);
	assert_false(atomic_load(&slot.database));
	return true;
}

static void
test_only_its_own_word_proves_that_it_listens(void **state)
{
	(void)state;
	run_keeper(script_beat);
}

static bool
script_silent(void)
{
	if (database.steps == 1)
		database.hooks.up(database.arg);
	if (database.calls == 0)
		return false;
	/* The next look is within a second of real time. */
	clock_set(NOW_S, 5000 + 8001);
	return database.resets == 1;
}

static void
test_a_silent_connection_is_made_anew(void **state)
{
	(void)state;
	run_keeper(script_silent);
}

static bool
script_day(void)
{
	static uint64_t before;

	if (database.steps == 1)
		before = changes();
	/* 02:59:59, then 03:00:00 the next morning. */
	clock_set(NOW_S + 15 * 3600 - (database.steps < 250), 5000);
	if (database.steps < 250)
		assert_int_equal(changes(), before);
	return changes() == before + 1;
}

static void
test_a_new_day_makes_every_feed_anew(void **state)
{
	(void)state;
	run_keeper(script_day);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_after_listen_everything_is_made_anew),
		cmocka_unit_test(test_what_is_heard_is_bumped),
		cmocka_unit_test(test_only_its_own_word_proves_that_it_listens),
		cmocka_unit_test(test_a_silent_connection_is_made_anew),
		cmocka_unit_test(test_a_new_day_makes_every_feed_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
