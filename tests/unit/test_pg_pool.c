/*
 * Unit tests of lib/pg: which call gets a connection next; skipped without
 * KG_TEST_DSN.
 */
#include "pg_play.h"

static const struct pg_statement lock = {
	"lock", "SELECT pg_advisory_xact_lock($1::bigint)", 1,
};
static const char *const first_lock[] = { "4711" };
static const char *const second_lock[] = { "4712" };

static struct pg_link *
locks_hold(void)
{
	struct pg_link *link = link_make();

	link_script(link, "SELECT pg_advisory_lock(4711), "
	    "pg_advisory_lock(4712)");
	return link;
}

/* Until the server has so many that wait for the two locks. */
static void
wait_locked(struct world *world, struct pg_link *link, int count)
{
	while (link_number(link, "SELECT count(*) FROM pg_locks WHERE locktype "
	    "= 'advisory' AND NOT granted AND objid IN (4711, 4712)") != count)
		loop_turn(world->loop, false);
}

static void
test_writes_that_wait_leave_a_connection_to_reads(void **state)
{
	struct world *world = *state;
	struct pg_link *holder = locks_hold();
	int i;

	world_pool(world, dsn, 3, 10);
	for (i = 1; i <= 6; i++)
		pg_pool_write(world->pool, &lock, first_lock, 0, note,
		    &world->said[i]);
	wait_locked(world, holder, 2);
	for (i = 7; i <= 9; i++)
		pg_pool_read(world->pool, &one, none, 0, note, &world->said[i]);
	wait_replies(world, 3);
	for (i = 7; i <= 9; i++) {
		assert_int_equal(world->said[i].status, PG_DONE);
		assert_int_equal(world->said[i].nth, i - 7);
	}
	pg_link_close(holder);
	wait_replies(world, 9);
	for (i = 1; i <= 6; i++)
		assert_int_equal(world->said[i].status, PG_DONE);
}

static void
test_reads_may_have_all_and_a_write_gets_its_turn(void **state)
{
	struct world *world = *state;
	struct pg_link *holder = locks_hold();

	world_pool(world, dsn, 2, 10);
	pg_pool_read(world->pool, &lock, first_lock, 0, note, &world->said[1]);
	pg_pool_read(world->pool, &lock, second_lock, 0, note, &world->said[2]);
	wait_locked(world, holder, 2);
	pg_pool_read(world->pool, &one, none, 0, note, &world->said[3]);
	pg_pool_write(world->pool, &one, none, 0, note, &world->said[4]);
	pg_pool_read(world->pool, &one, none, 0, note, &world->said[5]);
	pg_pool_write(world->pool, &one, none, 0, note, &world->said[6]);
	link_script(holder, "SELECT pg_advisory_unlock(4711)");
	wait_replies(world, 5);
	assert_int_equal(world->said[1].nth, 0);
	assert_int_equal(world->said[3].nth, 1);
	assert_int_equal(world->said[4].nth, 2);
	assert_int_equal(world->said[5].nth, 3);
	assert_int_equal(world->said[6].nth, 4);
	pg_link_close(holder);
	wait_replies(world, 6);
}

static void
test_a_late_write_makes_room_for_the_next(void **state)
{
	struct world *world = *state;
	struct pg_link *holder = locks_hold();

	world_pool(world, dsn, 2, 10);
	ask_done(world, &one, "1");
	pg_pool_write(world->pool, &lock, first_lock, 50, note,
	    &world->said[1]);
	pg_pool_write(world->pool, &one, none, 0, note, &world->said[2]);
	wait_replies(world, 3);
	assert_int_equal(world->said[1].status, PG_LATE);
	assert_int_equal(world->said[1].nth, 1);
	assert_int_equal(world->said[2].status, PG_DONE);
	pg_link_close(holder);
}

static void
test_a_queue_full_of_writes_turns_no_read_away(void **state)
{
	struct world *world = *state;
	struct pg_link *holder = locks_hold();
	int i;

	world_pool(world, dsn, 2, 1);
	pg_pool_write(world->pool, &lock, first_lock, 0, note, &world->said[1]);
	pg_pool_read(world->pool, &lock, second_lock, 0, note, &world->said[2]);
	wait_locked(world, holder, 2);
	for (i = 3; i <= 4; i++)
		pg_pool_write(world->pool, &one, none, 0, note,
		    &world->said[i]);
	for (i = 5; i <= 6; i++)
		pg_pool_read(world->pool, &one, none, 0, note, &world->said[i]);
	wait_replies(world, 2);
	assert_int_equal(world->said[4].status, PG_BUSY);
	assert_int_equal(world->said[6].status, PG_BUSY);
	pg_link_close(holder);
	wait_replies(world, 6);
	assert_int_equal(world->said[3].status, PG_DONE);
	assert_int_equal(world->said[5].status, PG_DONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		POOL(test_writes_that_wait_leave_a_connection_to_reads),
		POOL(test_reads_may_have_all_and_a_write_gets_its_turn),
		POOL(test_a_late_write_makes_room_for_the_next),
		POOL(test_a_queue_full_of_writes_turns_no_read_away),
	};

	if (!pg_play_begin("test_pg_pool"))
		return EXIT_SKIPPED;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
