/* The shared page, and what is told of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "daemon/shared.h"
#include "daemon/status.h"
#include "json/value.h"

static int
page_begin(void **state)
{
	struct shared *shared;
	struct err err;

	clock_set(1000, 5000);
	assert_int_equal(shared_map(&shared, &err), 0);
	*state = shared;
	return 0;
}

static int
page_end(void **state)
{
	shared_unmap(*state);
	clock_release();
	return 0;
}

/* One line, valid JSON; the caller frees it. */
static struct json_value *
read_status(struct shared *shared)
{
	struct buf line = BUF_INIT;
	struct json_value *value;
	struct err err;

	status_format(&line, shared);
	assert_null(strchr(line.data, '\n'));
	assert_int_equal(json_value_parse(&value, line.data, line.length, &err),
	    0);
	buf_clear(&line);
	return value;
}

static void
test_status_without_a_process_is_json(void **state)
{
	struct json_value *value = read_status(*state);

	assert_int_equal(json_value_count(json_value_find(value, "workers")),
	    0);
	assert_non_null(json_value_find(value, "keeper"));
	assert_int_equal(json_value_count(json_value_find(value, "keeper")), 0);
	assert_false(json_value_get_bool(json_value_find(value, "database"),
	    true));
	json_value_free(value);
}

static void
test_status_tells_of_every_worker_and_the_serving_keeper(void **state)
{
	struct shared *shared = *state;
	const struct json_value *workers, *worker, *keeper;
	struct json_value *value;
	int i;

	shared_slot_fill(&shared->slot[0], SHARED_KEEPER, 0, 1);
	shared_slot_fill(&shared->slot[1], SHARED_WORKER, 1, 1);
	shared_slot_fill(&shared->slot[OPTIONS_WORKERS_MOST + 1],
	    SHARED_KEEPER, 0, 2);
	shared_slot_fill(&shared->slot[OPTIONS_WORKERS_MOST + 2],
	    SHARED_WORKER, 1, 2);
	atomic_store(&shared->slot[OPTIONS_WORKERS_MOST + 1].serving, true);
	atomic_store(&shared->slot[1].count[COUNT_REQUESTS], 42);
	clock_set(1000, 7000);
	atomic_store(&shared->generations.listening_until_ms, 7001);

	value = read_status(shared);
	workers = json_value_find(value, "workers");
	assert_int_equal(json_value_count(workers), 2);
	worker = json_value_at(workers, 0);
	assert_int_equal(json_value_get_int(json_value_find(worker,
	    "heartbeat_age_ms"), -1), 2000);
	assert_int_equal(json_value_get_int(json_value_find(json_value_find(
	    worker, "counts"), "requests"), -1), 42);
	assert_int_equal(json_value_count(json_value_find(worker, "counts")),
	    SHARED_NAMED_COUNTS);
	for (i = 0; i < SHARED_NAMED_COUNTS; i++)
		assert_non_null(shared_count_names[i]);
	keeper = json_value_find(value, "keeper");
	assert_int_equal(json_value_get_int(json_value_find(keeper, "crew"),
	    -1), 2);
	assert_true(json_value_get_bool(json_value_find(value, "listening"),
	    false));
	json_value_free(value);

	clock_set(1000, 7001);
	value = read_status(shared);
	assert_false(json_value_get_bool(json_value_find(value, "listening"),
	    true));
	json_value_free(value);
}

static void
test_a_reaped_process_leaves_nothing_in_its_slot(void **state)
{
	struct shared *shared = *state;
	struct shared_slot *slot = &shared->slot[3], empty;

	memset(&empty, 0, sizeof(empty));
	shared_slot_fill(slot, SHARED_WORKER, 3, 1);
	atomic_store(&slot->pid, 77);
	atomic_store(&slot->serving, true);
	atomic_store(&slot->database, true);
	atomic_store(&slot->count[SHARED_COUNTS - 1], 1);
	assert_int_equal(atomic_load(&slot->heartbeat_ms), 5000);
	shared_slot_zero(slot);
	assert_memory_equal(slot, &empty, sizeof(empty));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_status_without_a_process_is_json, page_begin,
		    page_end),
		cmocka_unit_test_setup_teardown(
		    test_status_tells_of_every_worker_and_the_serving_keeper,
		    page_begin, page_end),
		cmocka_unit_test_setup_teardown(
		    test_a_reaped_process_leaves_nothing_in_its_slot,
		    page_begin, page_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
