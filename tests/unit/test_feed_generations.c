/* Unit tests of src/feed/generations: bumps, marks, collisions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "feed/generations.h"

static struct generations *
made(void)
{
	struct generations *generations = xcalloc(1, sizeof(*generations));

	clock_set(1000, 0);
	generations_init(generations);
	return generations;
}

static uint32_t
slot(const char *scope)
{
	return generations_slot(scope, strlen(scope));
}

static void
test_the_epoch_begins_when_the_program_does(void **state)
{
	struct generations *generations = made();

	(void)state;
	assert_int_equal(generations_latest(generations, NULL, 0), 1000);
	assert_false(generations_moved(generations, NULL, 0,
	    generations_mark(generations)));
	free(generations);
}

static void
test_a_bump_moves_its_scope_and_no_other(void **state)
{
	struct generations *generations = made();
	uint32_t run = slot("run:7"), other = slot("run:8");
	uint64_t mark = generations_mark(generations);

	(void)state;
	assert_int_not_equal(run, other);
	generations_bump(generations, "season:3 run:7");
	assert_true(generations_moved(generations, &run, 1, mark));
	assert_false(generations_moved(generations, &other, 1, mark));
	free(generations);
}

static void
test_all_scopes_of_a_list_are_bumped_whatever_the_blanks(void **state)
{
	struct generations *generations = made();
	uint32_t slots[2] = { slot("all"), slot("run:7") };
	uint64_t mark = generations_mark(generations);

	(void)state;
	generations_bump(generations, "");
	generations_bump(generations, "   ");
	assert_false(generations_moved(generations, slots, 2, mark));
	generations_bump(generations, "  all   run:7 ");
	assert_true(generations_moved(generations, &slots[0], 1, mark));
	assert_true(generations_moved(generations, &slots[1], 1, mark));
	assert_int_equal(generations_mark(generations), mark + 2);
	free(generations);
}

static void
test_a_star_moves_everything(void **state)
{
	struct generations *generations = made();
	uint32_t run = slot("run:7");
	uint64_t mark = generations_mark(generations);

	(void)state;
	generations_bump(generations, "*");
	assert_true(generations_moved(generations, &run, 1, mark));
	assert_true(generations_moved(generations, NULL, 0, mark));
	free(generations);
}

static void
test_what_was_bumped_before_the_mark_is_not_news(void **state)
{
	struct generations *generations = made();
	uint32_t run = slot("run:7");
	uint64_t mark;

	(void)state;
	generations_bump(generations, "run:7");
	mark = generations_mark(generations);
	assert_false(generations_moved(generations, &run, 1, mark));
	generations_bump(generations, "run:7");
	assert_true(generations_moved(generations, &run, 1, mark));
	free(generations);
}

/* A collision may cost a rebuild, and must never hide a change. */
static void
test_scopes_that_share_a_slot_move_together(void **state)
{
	struct generations *generations = made();
	uint32_t run = slot("run:1"), other;
	char scope[32];
	uint64_t mark;
	int i = 1;

	(void)state;
	do {
		snprintf(scope, sizeof(scope), "run:%d", ++i);
		other = slot(scope);
	} while (other != run);
	mark = generations_mark(generations);
	generations_bump(generations, scope);
	assert_true(generations_moved(generations, &run, 1, mark));
	free(generations);
}

static void
test_a_generation_is_the_second_and_strictly_rises(void **state)
{
	struct generations *generations = made();
	uint32_t run = slot("run:7");

	(void)state;
	clock_set(2000, 0);
	generations_bump(generations, "run:7");
	assert_int_equal(generations_latest(generations, &run, 1), 2000);
	generations_bump(generations, "run:7");
	assert_int_equal(generations_latest(generations, &run, 1), 2001);
	clock_set(3000, 0);
	generations_bump(generations, "run:7");
	assert_int_equal(generations_latest(generations, &run, 1), 3000);
	free(generations);
}

static void
test_a_clock_that_jumps_back_takes_no_generation_with_it(void **state)
{
	struct generations *generations = made();
	uint32_t slots[2] = { slot("run:7"), slot("run:8") };

	(void)state;
	clock_set(2000, 0);
	generations_bump(generations, "run:7");
	clock_set(1500, 0);
	generations_bump(generations, "run:8");
	assert_int_equal(generations_latest(generations, &slots[1], 1), 2000);
	free(generations);
}

static void
test_the_latest_is_the_largest_of_the_scopes_and_the_epoch(void **state)
{
	struct generations *generations = made();
	uint32_t slots[2] = { slot("run:7"), slot("run:8") };

	(void)state;
	clock_set(2000, 0);
	generations_bump(generations, "run:7");
	clock_set(3000, 0);
	generations_bump(generations, "run:8");
	assert_int_equal(generations_latest(generations, slots, 2), 3000);
	assert_int_equal(generations_latest(generations, slots, 1), 2000);
	generations_bump(generations, "*");
	assert_int_equal(generations_latest(generations, slots, 1), 3000);
	free(generations);
}

static void
test_there_is_no_latest_while_a_bump_is_under_way(void **state)
{
	struct generations *generations = made();

	(void)state;
	atomic_fetch_add(&generations->ticket, 1);
	assert_int_equal(generations_latest(generations, NULL, 0), 0);
	atomic_fetch_add(&generations->changes, 1);
	assert_int_equal(generations_latest(generations, NULL, 0), 1000);
	free(generations);
}

static void
test_changes_are_equal_only_when_nothing_was_bumped(void **state)
{
	struct generations *generations = made();
	uint64_t changes = generations_changes(generations);

	(void)state;
	assert_int_equal(generations_changes(generations), changes);
	generations_bump(generations, "office:1");
	assert_int_not_equal(generations_changes(generations), changes);
	free(generations);
}

static void
test_the_first_bump_after_the_mark_is_told(void **state)
{
	struct generations *generations = made();
	uint32_t slots[] = { slot("run:7"), slot("run:8"), slot("run:9") };
	uint64_t mark, upto;

	(void)state;
	clock_set(1000, 10);
	generations_bump(generations, "run:7");
	mark = generations_mark(generations);
	assert_int_equal(generations_bumped_us(generations, slots, 3, 0, mark),
	    10000);
	clock_set(1000, 20);
	generations_bump(generations, "run:8");
	clock_set(1000, 30);
	generations_bump(generations, "run:9");
	upto = generations_mark(generations);
	assert_int_equal(generations_bumped_us(generations, slots, 3, mark,
	    upto), 20000);
	/* What came later is not shown yet, what is not ours never. */
	clock_set(1000, 40);
	generations_bump(generations, "run:8");
	assert_int_equal(generations_bumped_us(generations, slots, 3, mark,
	    upto), 30000);
	assert_int_equal(generations_bumped_us(generations, slots, 2, mark,
	    upto), 0);
	clock_set(1000, 50);
	upto = generations_mark(generations);
	generations_bump(generations, "*");
	assert_int_equal(generations_bumped_us(generations, NULL, 0, upto,
	    generations_mark(generations)), 50000);
	free(generations);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_epoch_begins_when_the_program_does),
		cmocka_unit_test(test_a_bump_moves_its_scope_and_no_other),
		cmocka_unit_test(
		    test_all_scopes_of_a_list_are_bumped_whatever_the_blanks),
		cmocka_unit_test(test_a_star_moves_everything),
		cmocka_unit_test(
		    test_what_was_bumped_before_the_mark_is_not_news),
		cmocka_unit_test(test_scopes_that_share_a_slot_move_together),
		cmocka_unit_test(
		    test_a_generation_is_the_second_and_strictly_rises),
		cmocka_unit_test(
		    test_a_clock_that_jumps_back_takes_no_generation_with_it),
		cmocka_unit_test(
		    test_the_latest_is_the_largest_of_the_scopes_and_the_epoch),
		cmocka_unit_test(
		    test_there_is_no_latest_while_a_bump_is_under_way),
		cmocka_unit_test(
		    test_changes_are_equal_only_when_nothing_was_bumped),
		cmocka_unit_test(test_the_first_bump_after_the_mark_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
