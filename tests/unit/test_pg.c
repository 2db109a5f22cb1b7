/*
 * Unit tests of the pool of lib/pg: calls and what becomes of them; against the
 * PostgreSQL that KG_TEST_DSN names (a superuser in a database that may be written
 * to); skipped without it.
 */
#include "pg_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const struct pg_statement pid = {
	"pid", "SELECT pg_backend_pid()", 0,
};
static const struct pg_statement wait_long = {
	"wait_long", "SELECT pg_sleep(60), 'kg wait_long'", 0,
};

static void
test_each_call_gets_its_own_reply_once(void **state)
{
	struct world *world = *state;
	char words[REPLIES_MOST][16];
	int i;

	world_pool(world, dsn, 3, REPLIES_MOST);
	for (i = 0; i < REPLIES_MOST; i++) {
		const char *params[] = { words[i] };

		snprintf(words[i], sizeof(words[i]), "word %d", i);
		pg_pool_write(world->pool, &echo, params, 0, note,
		    &world->said[i]);
		words[i][0] = 'W';	/* it must have copied them */
	}
	assert_int_equal(world->replies, 0);
	wait_replies(world, REPLIES_MOST);
	loop_turn(world->loop, false);
	for (i = 0; i < REPLIES_MOST; i++) {
		words[i][0] = 'w';
		assert_int_equal(world->said[i].count, 1);
		assert_int_equal(world->said[i].status, PG_DONE);
		assert_string_equal(world->said[i].text, words[i]);
	}
}

static void
test_a_reply_function_may_call_again(void **state)
{
	struct world *world = *state;

	world->said[0].chain = 50;
	ask(world, &one, none, 0);
	wait_replies(world, 51);
	assert_int_equal(world->said[0].status, PG_DONE);
}

static void
test_null_goes_in_and_comes_out(void **state)
{
	struct said *said = ask(*state, &echo, none, 0);

	assert_int_equal(said->status, PG_DONE);
	assert_null(said->text);
}

static void
test_values_larger_than_a_socket_takes_pass(void **state)
{
	enum { LENGTH = 3000000 };
	char *large = xmalloc(LENGTH + 1);
	const char *const params[] = { large };
	struct said *said;

	memset(large, 'x', LENGTH);
	large[LENGTH] = '\0';
	said = ask(*state, &echo, params, 0);
	assert_int_equal(said->status, PG_DONE);
	assert_string_equal(said->text, large);
	free(large);
}

static void
keep(const struct pg_reply *reply, void *arg)
{
	struct pg_reply **kept = arg;

	*kept = pg_reply_keep(reply);
}

static void
test_a_reply_that_was_kept_outlives_its_pool(void **state)
{
	const char *const params[] = { "kept" };
	struct world *world = *state;
	struct pg_reply *kept = NULL;

	pg_pool_write(world->pool, &echo, params, 0, keep, &kept);
	while (kept == NULL)
		loop_turn(world->loop, true);
	assert_int_equal(ask(world, &one, none, 0)->status, PG_DONE);
	world_pool(world, dsn, 1, 1);
	assert_int_equal(pg_reply_status(kept), PG_DONE);
	assert_string_equal(pg_reply_text(kept, 0, 0), "kept");
	pg_reply_free(kept);
}

static void
test_every_connection_is_pinned(void **state)
{
	static const struct pg_statement pinned = {
		"pinned", "SELECT concat_ws(' | ', "
		"current_setting('search_path'), current_setting('timezone'), "
		"current_setting('datestyle'), "
		"current_setting('client_encoding'), "
		"current_setting('application_name'), "
		"current_setting('statement_timeout'), "
		"current_setting('client_connection_check_interval'), "
		"current_setting('jit'), "
		"current_setting('work_mem'))", 0,
	};
	struct world *world = *state;
	char *where = xasprintf("%s options='-c work_mem=5MB "
	    "-c timezone=Europe/Copenhagen'", dsn);

	world_pool(world, where, 1, 1);
	ask_done(world, &pinned, "pg_catalog | UTC | ISO, MDY | UTF8 | "
	    "kg test | 20s | 1s | off | 5MB");
	free(where);
}

static void
test_a_refusal_has_its_words(void **state)
{
	static const struct pg_statement raise = {
		"raise", "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = "
		"'KG005', DETAIL = 'because', HINT = 'better'; END $$", 0,
	};
	struct said *said = ask(*state, &raise, none, 0);

	assert_int_equal(said->status, PG_REFUSED);
	assert_string_equal(said->sqlstate, "KG005");
	ask_done(*state, &one, "1");
}

static void
test_a_statement_refused_at_first_is_prepared_later(void **state)
{
	static const struct pg_statement later = {
		"later", "SELECT x FROM public.kg_test_later", 0,
	};
	struct world *world = *state;
	struct pg_link *link = link_make();
	struct said *said;

	link_script(link, "DROP TABLE IF EXISTS public.kg_test_later");
	said = ask(world, &later, none, 0);
	assert_int_equal(said->status, PG_REFUSED);
	assert_string_equal(said->sqlstate, "42P01");
	link_script(link, "CREATE TABLE public.kg_test_later AS SELECT 7 AS x");
	ask_done(world, &later, "7");
	link_script(link, "DROP TABLE public.kg_test_later");
	pg_link_close(link);
}

static void
test_a_forgotten_statement_is_prepared_again(void **state)
{
	static const struct pg_statement discard = {
		"discard", "DISCARD ALL", 0,
	}, deallocate = {
		"deallocate", "DEALLOCATE ALL", 0,
	};
	struct world *world = *state;
	struct pg_pool_counts counts;
	int i;

	for (i = 0; i < 3; i++) {
		ask_done(world, &one, "1");
		ask_done(world, i == 0 ? &discard : &deallocate, NULL);
		ask_done(world, &one, "1");
	}
	pg_pool_counts(world->pool, &counts);
	assert_int_equal(counts.replies[PG_REFUSED], 0);
	assert_int_equal(counts.reconnects, 0);
}

static void
test_a_statement_over_a_changed_table_is_prepared_again(void **state)
{
	static const struct pg_statement all = {
		"all", "SELECT * FROM public.kg_test_changes", 0,
	};
	struct world *world = *state;
	struct pg_link *link = link_make();

	link_script(link, "DROP TABLE IF EXISTS public.kg_test_changes;"
	    "CREATE TABLE public.kg_test_changes AS SELECT 'a' AS a, 'b' AS b");
	ask_done(world, &all, "a");
	link_script(link, "ALTER TABLE public.kg_test_changes DROP COLUMN a");
	ask_done(world, &all, "b");
	link_script(link, "ALTER TABLE public.kg_test_changes ADD COLUMN c int");
	ask_done(world, &all, "b");
	link_script(link, "DROP TABLE public.kg_test_changes");
	pg_link_close(link);
}

static void
test_an_error_that_stays_is_tried_only_twice(void **state)
{
	static const struct pg_statement count = {
		"count", "SELECT nextval('public.kg_test_tries')", 0,
	}, never = {
		"never", "DO $$ BEGIN PERFORM nextval('public.kg_test_tries'); "
		"RAISE EXCEPTION 'no' USING ERRCODE = '0A000'; END $$", 0,
	};
	struct world *world = *state;
	struct pg_link *link = link_make();

	link_script(link, "DROP SEQUENCE IF EXISTS public.kg_test_tries;"
	    "CREATE SEQUENCE public.kg_test_tries");
	assert_int_equal(ask(world, &never, none, 0)->status, PG_REFUSED);
	ask_done(world, &count, "3");
	link_script(link, "DROP SEQUENCE public.kg_test_tries");
	pg_link_close(link);
}

static void
test_a_terminated_backend_comes_back(void **state)
{
	static const struct pg_statement die = {
		"die", "SELECT pg_terminate_backend(pg_backend_pid())", 0,
	};
	struct world *world = *state;
	struct pg_pool_counts counts;

	ask_done(world, &one, "1");
	assert_int_equal(ask(world, &die, none, 0)->status, PG_AWAY);
	assert_false(pg_pool_up(world->pool));
	ask_done(world, &one, "1");
	assert_true(pg_pool_up(world->pool));
	pg_pool_counts(world->pool, &counts);
	assert_int_equal(counts.reconnects, 1);
	assert_int_equal(counts.replies[PG_AWAY], 1);
	assert_int_equal(counts.calls, 3);
	assert_int_equal(counts.waiting + counts.under_way, 0);
}

static void
stop_fn(enum loop_what what, void *arg)
{
	(void)what;
	loop_stop(arg);
}

static void
test_a_connection_that_never_lasts_is_made_less_often(void **state)
{
	static const struct pg_statement die = {
		"die", "SELECT pg_terminate_backend(pg_backend_pid())", 0,
	};
	struct world *world = *state;
	struct loop_event *timer = loop_timer_new(world->loop, stop_fn,
	    world->loop);
	int i;

	for (i = 0; i < 4; i++)
		assert_int_equal(ask(world, &die, none, 0)->status, PG_AWAY);
	/* The next try is 800 ms away; without back-off it was 100. */
	loop_timer_arm(timer, 400);
	loop_run(world->loop);
	assert_false(pg_pool_up(world->pool));
	ask_done(world, &one, "1");
	loop_event_free(timer);
}

static void
test_an_idle_connection_that_broke_costs_no_call(void **state)
{
	struct world *world = *state;
	struct pg_link *link = link_make();
	char *sql;

	ask_done(world, &pid, NULL);
	sql = xasprintf("SELECT pg_terminate_backend(%s)::int",
	    world->said[0].text);
	assert_int_equal(link_number(link, sql), 1);
	while (pg_pool_up(world->pool))
		loop_turn(world->loop, true);
	ask_done(world, &one, "1");
	free(sql);
	pg_link_close(link);
}

static void
test_a_server_that_is_no_primary_any_more_is_left(void **state)
{
	static const struct pg_statement read_only = {
		"read_only", "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = "
		"'25006'; END $$", 0,
	};
	struct world *world = *state;
	char *before;

	ask_done(world, &pid, NULL);
	before = xstrdup(world->said[0].text);
	assert_int_equal(ask(world, &read_only, none, 0)->status, PG_AWAY);
	ask_done(world, &pid, NULL);
	assert_string_not_equal(world->said[0].text, before);
	free(before);
}

static void
test_a_late_call_is_told_at_once_and_ends_on_the_server(void **state)
{
	struct world *world = *state;
	struct pg_link *link = link_make();
	struct pg_pool_counts counts;

	ask_done(world, &one, "1");
	assert_int_equal(ask(world, &wait_long, none, 50)->status, PG_LATE);
	ask_done(world, &one, "1");
	pg_pool_counts(world->pool, &counts);
	assert_int_equal(counts.replies[PG_LATE], 1);
	/* The alarm ends a server that never gives it up. */
	while (link_number(link, "SELECT count(*) FROM pg_stat_activity "
	    "WHERE query LIKE '%''kg wait_long''%' AND state = 'active' AND "
	    "pid <> pg_backend_pid()") > 0)
		;
	pg_link_close(link);
}

static void
test_a_call_that_waits_to_its_limit_is_not_sent(void **state)
{
	struct world *world = *state;

	pg_pool_write(world->pool, &wait_long, none, 0, note, &world->said[0]);
	pg_pool_write(world->pool, &one, none, 30, note, &world->said[1]);
	wait_replies(world, 1);
	assert_int_equal(world->said[1].status, PG_UNSENT);
	assert_int_equal(world->said[0].count, 0);
}

static void
test_waits_for_a_connection_and_outcomes_are_counted(void **state)
{
	static const struct pg_statement nap = {
		"nap", "SELECT pg_sleep(0.05)", 0,
	};
	struct world *world = *state;
	struct pg_pool_counts counts;
	uint64_t waited = 0;
	int i;

	world_pool(world, dsn, 1, 2);
	ask_done(world, &one, "1");
	pg_pool_counts(world->pool, &counts);
	assert_int_equal(counts.replies[PG_DONE], 1);
	pg_pool_write(world->pool, &nap, none, 0, note, &world->said[1]);
	for (i = 2; i <= 4; i++)
		pg_pool_write(world->pool, &one, none, 0, note, &world->said[i]);
	wait_replies(world, 5);
	pg_pool_counts(world->pool, &counts);
	assert_int_equal(counts.replies[PG_DONE], 4);
	assert_int_equal(counts.replies[PG_BUSY], 1);
	for (i = 0; i < HISTOGRAM_BUCKETS; i++)
		waited += counts.waits.bucket[i];
	assert_int_equal(waited, 4);
	assert_true(counts.waits.sum_us >= 2 * 50000);
}

static void
test_a_full_queue_turns_calls_away(void **state)
{
	struct world *world = *state;
	int i;

	world_pool(world, dsn, 1, 2);
	ask_done(world, &one, "1");
	for (i = 1; i <= 5; i++)
		pg_pool_write(world->pool, i == 1 ? &wait_long : &one, none, 0,
		    note, &world->said[i]);
	assert_int_equal(world->replies, 1);
	wait_replies(world, 3);
	assert_int_equal(world->said[4].status, PG_BUSY);
	assert_int_equal(world->said[5].status, PG_BUSY);
	assert_int_equal(world->said[2].count + world->said[3].count, 0);
}

static void
test_a_pool_that_is_freed_answers_all_calls(void **state)
{
	struct world *world = *state;
	int i;

	world_pool(world, dsn, 1, 1);
	ask_done(world, &one, "1");
	pg_pool_write(world->pool, &wait_long, none, 0, note, &world->said[1]);
	for (i = 2; i <= 3; i++)
		pg_pool_write(world->pool, &one, none, 0, note,
		    &world->said[i]);
	assert_int_equal(world->replies, 1);
	for (i = 1; i <= 3; i++)
		world->said[i].chain = 1;
	pg_pool_free(world->pool);
	world->pool = NULL;
	for (i = 1; i <= 3; i++) {
		/* what its reply function asked for was the last */
		assert_int_equal(world->said[i].status, PG_UNSENT);
		assert_int_equal(world->said[i].count, 2);
	}
	loop_run(world->loop);
	assert_int_equal(world->replies, 7);
}

static void
test_without_a_server_calls_are_unsent_and_soon(void **state)
{
	struct world *world = *state;

	world_pool(world, "host=/nonexistent dbname=x", 2, 10);
	assert_int_equal(ask(world, &one, none, 0)->status, PG_UNSENT);
	/* That is known now: nobody waits for the next try. */
	pg_pool_write(world->pool, &one, none, 0, note, &world->said[1]);
	assert_int_equal(world->replies, 1);
	loop_turn(world->loop, false);
	assert_int_equal(world->said[1].status, PG_UNSENT);
	assert_int_equal(world->replies, 2);
	assert_false(pg_pool_up(world->pool));
}

static void
test_a_dsn_that_cannot_be_read_sends_nothing_too(void **state)
{
	struct world *world = *state;

	world_pool(world, "hots=/tmp", 1, 10);
	assert_int_equal(ask(world, &one, none, 0)->status, PG_UNSENT);
}

static void
test_a_server_that_says_nothing_meets_the_limit(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char folder[] = "/tmp/kg-pg-XXXXXX", *where;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_non_null(mkdtemp(folder));
	snprintf(address.sun_path, sizeof(address.sun_path),
	    "%s/.s.PGSQL.5432", folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(fd, 5), 0);
	where = xasprintf("host=%s port=5432 dbname=x user=x", folder);
	world_pool(*state, where, 1, 10);
	assert_int_equal(ask(*state, &one, none, 30)->status, PG_UNSENT);
	world_pool(*state, dsn, 1, 10);
	close(fd);
	unlink(address.sun_path);
	rmdir(folder);
	free(where);
}

static void
test_of_several_hosts_the_right_one_is_found(void **state)
{
	static const struct pg_statement socket_folder = {
		"socket_folder", "SELECT split_part(current_setting("
		"'unix_socket_directories'), ',', 1)", 0,
	};
	struct world *world = *state;
	char *where;

	ask_done(world, &socket_folder, NULL);
	where = xasprintf("%s host=/nonexistent,%s,/nonexistent "
	    "target_session_attrs=read-write", dsn, world->said[0].text);
	world_pool(world, where, 2, 10);
	ask_done(world, &one, "1");
	free(where);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		POOL(test_each_call_gets_its_own_reply_once),
		POOL(test_a_reply_function_may_call_again),
		POOL(test_null_goes_in_and_comes_out),
		POOL(test_values_larger_than_a_socket_takes_pass),
		POOL(test_a_reply_that_was_kept_outlives_its_pool),
		POOL(test_every_connection_is_pinned),
		POOL(test_a_refusal_has_its_words),
		POOL(test_a_statement_refused_at_first_is_prepared_later),
		POOL(test_a_forgotten_statement_is_prepared_again),
		POOL(test_a_statement_over_a_changed_table_is_prepared_again),
		POOL(test_an_error_that_stays_is_tried_only_twice),
		POOL(test_a_terminated_backend_comes_back),
		POOL(test_a_connection_that_never_lasts_is_made_less_often),
		POOL(test_an_idle_connection_that_broke_costs_no_call),
		POOL(test_a_server_that_is_no_primary_any_more_is_left),
		POOL(test_a_late_call_is_told_at_once_and_ends_on_the_server),
		POOL(test_a_call_that_waits_to_its_limit_is_not_sent),
		POOL(test_waits_for_a_connection_and_outcomes_are_counted),
		POOL(test_a_full_queue_turns_calls_away),
		POOL(test_a_pool_that_is_freed_answers_all_calls),
		POOL(test_without_a_server_calls_are_unsent_and_soon),
		POOL(test_a_dsn_that_cannot_be_read_sends_nothing_too),
		POOL(test_a_server_that_says_nothing_meets_the_limit),
		POOL(test_of_several_hosts_the_right_one_is_found),
	};

	if (!pg_play_begin("test_pg"))
		return EXIT_SKIPPED;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
