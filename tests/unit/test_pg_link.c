/*
 * Unit tests of lib/pg: the connection that listens, the one that waits; against
 * the PostgreSQL that KG_TEST_DSN names; skipped without it.
 */
#include "pg_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "pg/listen.h"

/* ---- LISTEN ---- */

struct ear {
	struct loop	*loop;
	struct pg_listen *listen;
	int		 ups, downs;
	struct buf	 heard;		/* payloads, each with a '|' */
};

static void
ear_up(void *arg)
{
	struct ear *ear = arg;

	ear->ups++;
}

static void
ear_down(void *arg)
{
	struct ear *ear = arg;

	ear->downs++;
}

static void
ear_heard(const char *payload, void *arg)
{
	struct ear *ear = arg;

	buf_addf(&ear->heard, "%s|", payload);
}

static int
ear_make(void **state)
{
	static const struct pg_listen_hooks hooks = {
		ear_up, ear_down, ear_heard,
	};
	struct ear *ear = xcalloc(1, sizeof(*ear));

	ear->loop = loop_new();
	ear->listen = pg_listen_new(ear->loop, dsn, "kg test ear",
	    "kg_test_channel", &hooks, ear);
	while (ear->ups == 0)
		loop_turn(ear->loop, true);
	*state = ear;
	return 0;
}

static int
ear_drop(void **state)
{
	struct ear *ear = *state;

	pg_listen_free(ear->listen);
	loop_free(ear->loop);
	buf_clear(&ear->heard);
	free(ear);
	return 0;
}

static void
ear_hears(struct ear *ear, const char *all)
{
	while (ear->heard.length < strlen(all))
		loop_turn(ear->loop, true);
	assert_string_equal(ear->heard.data, all);
}

static void
test_what_is_notified_is_heard(void **state)
{
	struct ear *ear = *state;
	struct pg_link *link = link_make();

	link_script(link, "NOTIFY kg_test_channel, 'run:1 all';"
	    "NOTIFY kg_test_other, 'not this'; NOTIFY kg_test_channel, '*'");
	ear_hears(ear, "run:1 all|*|");
	assert_int_equal(ear->downs, 0);
	pg_link_close(link);
}

static void
test_after_a_loss_it_listens_again(void **state)
{
	struct ear *ear = *state;
	struct pg_link *link = link_make();

	assert_int_equal(link_number(link, "SELECT count(pg_terminate_backend("
	    "pid)) FROM pg_stat_activity "
	    "WHERE application_name = 'kg test ear'"), 1);
	while (ear->ups == 1)
		loop_turn(ear->loop, true);
	assert_int_equal(ear->downs, 1);
	link_script(link, "NOTIFY kg_test_channel, 'again'");
	ear_hears(ear, "again|");
	pg_link_close(link);
}

static void
test_a_reset_makes_the_connection_anew(void **state)
{
	struct ear *ear = *state;

	pg_listen_reset(ear->listen);
	assert_int_equal(ear->downs, 1);
	while (ear->ups == 1)
		loop_turn(ear->loop, true);
	assert_int_equal(ear->ups, 2);
	assert_int_equal(ear->downs, 1);
}

static void
test_a_call_on_the_listening_connection_is_heard_back(void **state)
{
	static const struct pg_statement beat = {
		"beat", "SELECT pg_notify('kg_test_channel', $1)", 1,
	}, bad = {
		"bad", "SELECT 1 / 0", 0,
	};
	const char *const params[] = { "beat 1" };
	struct ear *ear = *state;

	pg_listen_call(ear->listen, &bad, NULL);
	pg_listen_call(ear->listen, &beat, params);	/* busy: dropped */
	while (ear->heard.length == 0) {
		loop_turn(ear->loop, true);
		pg_listen_call(ear->listen, &beat, params);
	}
	assert_int_equal(strncmp(ear->heard.data, "beat 1|", 7), 0);
	pg_listen_reset(ear->listen);
	pg_listen_call(ear->listen, &beat, params);	/* down: dropped */
	assert_int_equal(ear->downs, 1);
}

/* ---- the link ---- */

static void
test_a_link_gives_rows_types_and_refusals(void **state)
{
	static const struct pg_statement types = {
		"types", "SELECT 1::int AS \"N\", true AS b, '{}'::jsonb AS j, "
		"'x'::text AS t, NULL::int AS none, 1.5 AS d, "
		"'-9223372036854775808'::int8 AS least", 0,
	}, bad = {
		"bad", "SELECT 1 / $1::int", 1,
	};
	const char *const params[] = { "0" };
	struct pg_link *link = link_make();
	struct pg_reply *reply;
	struct err err;

	(void)state;
	assert_int_equal(pg_link_call(link, &types, NULL, &reply, &err), 0);
	assert_int_equal(pg_reply_rows(reply), 1);
	assert_int_equal(pg_reply_columns(reply), 7);
	assert_string_equal(pg_reply_column_name(reply, 0), "N");
	assert_int_equal(pg_reply_column(reply, "N"), 0);
	assert_int_equal(pg_reply_column(reply, "n"), -1);
	assert_int_equal(pg_reply_int(reply, 0, 0, -1), 1);
	assert_int_equal(pg_reply_int(reply, 0, 4, -1), -1);
	assert_true(pg_reply_int(reply, 0, 6, 0) == INT64_MIN);
	assert_true(pg_reply_bool(reply, 0, 1));
	assert_true(pg_reply_is_bool(reply, 1));
	assert_true(pg_reply_is_json(reply, 2));
	assert_true(pg_reply_is_number(reply, 0));
	assert_true(pg_reply_is_number(reply, 5));
	assert_false(pg_reply_is_number(reply, 3));
	assert_int_equal(pg_reply_length(reply, 0, 2), 2);
	pg_reply_free(reply);
	assert_int_equal(pg_link_call(link, &bad, params, &reply, &err), 0);
	assert_int_equal(pg_reply_status(reply), PG_REFUSED);
	assert_string_equal(pg_reply_sqlstate(reply), "22012");
	assert_string_equal(pg_reply_message(reply), "division by zero");
	assert_string_equal(pg_reply_detail(reply), "");
	assert_int_equal(pg_reply_rows(reply), 0);
	pg_reply_free(reply);
	pg_link_close(link);
}

static void
script_refused(struct pg_link *link, const char *sql, const char *words)
{
	char sqlstate[PG_SQLSTATE_SIZE] = "", quoted[16];
	struct err err;

	assert_int_equal(pg_link_script(link, "a.sql", sql, sqlstate, &err), -1);
	snprintf(quoted, sizeof(quoted), "(%s)", sqlstate);
	assert_int_equal(strlen(sqlstate), 5);
	assert_non_null(strstr(err.text, quoted));
	if (!text_starts(err.text, words))
		fail_msg("not \"%s\" but \"%s\"", words, err.text);
}

static void
test_a_refused_script_names_its_place_and_changes_nothing(void **state)
{
	struct pg_link *link = link_make();

	(void)state;
	script_refused(link, "SELECT 1;\nCREATE TABLE public.kg_test_no ();"
	    "\n\nSELECT * FROM kg_none;\n", "a.sql:4: relation \"kg_none\" does "
	    "not exist (42P01)");
	script_refused(link, "SELECT 'æøå';\nSELEKT", "a.sql:2: syntax error");
	script_refused(link, "SELECT 1;\nSELECT 1 / 0; SELECT 1;",
	    "a.sql, statement 2: division by zero (22012)");
	script_refused(link, "DO $$ BEGIN RAISE EXCEPTION 'no' USING DETAIL = "
	    "'d', HINT = 'h'; END $$", "a.sql, statement 1: no; d; h; ");
	script_refused(link, "COPY pg_class FROM STDIN", "a.sql, statement ");
	assert_int_equal(link_number(link, "SELECT count(*) FROM pg_class "
	    "WHERE relname = 'kg_test_no'"), 0);
	pg_link_close(link);
}

static void
test_a_link_that_breaks_or_cannot_be_made_is_an_error(void **state)
{
	static const struct pg_statement die = {
		"die", "SELECT pg_terminate_backend(pg_backend_pid())", 0,
	};
	struct pg_link *link = link_make(), *other = NULL;
	struct pg_reply *reply = NULL;
	char sqlstate[PG_SQLSTATE_SIZE] = "";
	struct err err;

	(void)state;
	assert_int_equal(pg_link_call(link, &die, NULL, &reply, &err), -1);
	assert_null(reply);
	assert_int_equal(pg_link_script(link, "a.sql", "SELECT 1", sqlstate,
	    &err), -1);
	assert_string_equal(sqlstate, "08006");
	pg_link_close(link);
	assert_int_equal(pg_link_open(&other, "host=/nonexistent", NULL, "x",
	    &err), -1);
	assert_null(other);
	assert_non_null(strstr(err.text, "/nonexistent"));
	assert_null(strchr(err.text, '\n'));
}

/* Whoever the DSN names, somebody else can log in by it. */
static void
test_a_link_is_somebody_elses(void **state)
{
	struct pg_link *link = NULL;
	struct err err;

	(void)state;
	assert_int_equal(pg_link_open(&link, dsn, "kg_nobody", "x", &err), -1);
	assert_null(link);
	assert_non_null(strstr(err.text, "kg_nobody"));
}

static void
test_a_dsn_is_judged_before_it_is_used(void **state)
{
	static const char *const good[] = {
		"host=/run/postgresql dbname=x", "host=10.0.0.1,::1 port=1,2",
		"postgresql://10.0.0.1/x", "dbname=x", "",
		"host=db.example hostaddr=10.0.0.1", "host=,/tmp",
	};
	static const char *const bad[] = {
		"host=db.example", "host=10.0.0.1,db.example", "hots=/tmp",
		"host", "postgresql://db.example/x",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(good); i++)
		assert_null(pg_dsn_problem(good[i]));
	for (i = 0; i < ARRAY_LEN(bad); i++)
		assert_non_null(pg_dsn_problem(bad[i]));
}

#define EAR(name)	cmocka_unit_test_setup_teardown(name, ear_make, \
			    ear_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_dsn_is_judged_before_it_is_used),
		EAR(test_what_is_notified_is_heard),
		EAR(test_after_a_loss_it_listens_again),
		EAR(test_a_reset_makes_the_connection_anew),
		EAR(test_a_call_on_the_listening_connection_is_heard_back),
		cmocka_unit_test(test_a_link_gives_rows_types_and_refusals),
		cmocka_unit_test(
		    test_a_refused_script_names_its_place_and_changes_nothing),
		cmocka_unit_test(
		    test_a_link_that_breaks_or_cannot_be_made_is_an_error),
		cmocka_unit_test(test_a_link_is_somebody_elses),
	};

	if (!pg_play_begin("test_pg_link"))
		return EXIT_SKIPPED;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
