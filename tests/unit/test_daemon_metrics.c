/* Metrics: what is counted, kept over deaths, written down, and who may read. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "daemon/counts.h"
#include "daemon/local.h"
#include "daemon/metrics_view.h"

/* Of the two crews, the worker with number 1. */
enum { FIRST = 1, SECOND = OPTIONS_WORKERS_MOST + 2 };

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

static void
start(struct shared *shared, int at, enum shared_kind kind, int number)
{
	shared_slot_fill(&shared->slot[at], kind, number, 1);
	atomic_fetch_add(&shared->past[number].starts, 1);
}

/* The caller frees it. */
static char *
scrape(struct shared *shared)
{
	struct metrics_view *view = metrics_view_new(shared);
	struct buf text = BUF_INIT;

	assert_non_null(view);
	metrics_format(&text, view);
	free(view);
	return buf_take(&text);
}

/* The lines of one family, or of one sample. */
static void
assert_family(struct shared *shared, const char *name, const char *expected)
{
	char *text = scrape(shared), *begin, *end, *wanted;

	wanted = xasprintf("# TYPE %s ", name);
	begin = strstr(text, wanted);
	assert_non_null(begin);
	end = strstr(begin + 1, "# TYPE ");
	if (end == NULL)
		end = strstr(begin, "# EOF");
	*end = '\0';
	assert_string_equal(begin, expected);
	free(wanted);
	free(text);
}

static void
assert_line(struct shared *shared, const char *line)
{
	char *text = scrape(shared), *wanted = xasprintf("\n%s\n", line);

	if (strstr(text, wanted) == NULL)
		fail_msg("%s is not in\n%s", line, text);
	free(wanted);
	free(text);
}

/* ---- the format ---- */

static void
test_families_are_written_byte_for_byte(void **state)
{
	struct shared *shared = *state;

	start(shared, 0, SHARED_KEEPER, 0);
	start(shared, FIRST, SHARED_WORKER, 1);
	atomic_store(&shared->slot[FIRST].count[COUNT_BYTES_OUT], 42);
	atomic_store(&shared->slot[FIRST].count[COUNT_HANDSHAKES_FULL], 3);
	atomic_store(&shared->slot[FIRST].count[COUNT_RESUMED], 2);
	clock_set(1000, 6007);
	assert_family(shared, "kattegat_build",
	    "# TYPE kattegat_build info\n"
	    "# HELP kattegat_build The version that runs.\n"
	    "kattegat_build_info{version=\"" KG_VERSION "\"} 1\n");
	assert_family(shared, "kattegat_start_time_seconds",
	    "# TYPE kattegat_start_time_seconds gauge\n"
	    "# UNIT kattegat_start_time_seconds seconds\n"
	    "# HELP kattegat_start_time_seconds When the daemon was started, in "
	    "Unix time.\n"
	    "kattegat_start_time_seconds 1000\n");
	assert_family(shared, "kattegat_heartbeat_age_seconds",
	    "# TYPE kattegat_heartbeat_age_seconds gauge\n"
	    "# UNIT kattegat_heartbeat_age_seconds seconds\n"
	    "# HELP kattegat_heartbeat_age_seconds Time since the process last "
	    "gave a sign of life. One comes each second; after ten without one "
	    "the process is replaced.\n"
	    "kattegat_heartbeat_age_seconds{process=\"keeper\",number=\"0\"} "
	    "1.007\n"
	    "kattegat_heartbeat_age_seconds{process=\"worker\",number=\"1\"} "
	    "1.007\n");
	assert_family(shared, "kattegat_sent_bytes",
	    "# TYPE kattegat_sent_bytes counter\n"
	    "# UNIT kattegat_sent_bytes bytes\n"
	    "# HELP kattegat_sent_bytes Bytes that were sent to clients, as they "
	    "go out: with TLS around them.\n"
	    "kattegat_sent_bytes_total{process=\"worker\",number=\"1\"} 42\n");
	assert_family(shared, "kattegat_handshakes",
	    "# TYPE kattegat_handshakes counter\n"
	    "# HELP kattegat_handshakes TLS handshakes that came to their end: "
	    "full ones, and ones resumed with a ticket.\n"
	    "kattegat_handshakes_total{kind=\"full\",process=\"worker\","
	    "number=\"1\"} 3\n"
	    "kattegat_handshakes_total{kind=\"resumed\",process=\"worker\","
	    "number=\"1\"} 2\n");
}

static void
test_the_text_ends_with_eof_and_a_family_is_said_once(void **state)
{
	struct shared *shared = *state;
	const struct metric *metric, *other;
	char *text;

	start(shared, FIRST, SHARED_WORKER, 1);
	text = scrape(shared);
	assert_true(text_ends(text, "\n# EOF\n"));
	assert_null(strstr(text, "\n\n"));
	free(text);
	for (metric = metrics_table; metric->name != NULL; metric++) {
		assert_true(text_starts(metric->name, "kattegat_"));
		assert_true(text_ends(metric->name, metric->unit));
		assert_null(strpbrk(metric->help, "\n\\\""));
		assert_true(text_ends(metric->help, "."));
		assert_false(text_ends(metric->name, "_total"));
		for (other = metric + 1; other->name != NULL; other++)
			assert_string_not_equal(metric->name, other->name);
	}
}

/* No sample of a family that the table does not name, and the other way round. */
static void
test_every_metric_is_written_and_documented(void **state)
{
	struct shared *shared = *state;
	const struct metric *metric;
	char *text, *manual = NULL, *line, *help;
	size_t length;
	FILE *out;
	int families = 0;

	start(shared, FIRST, SHARED_WORKER, 1);
	text = scrape(shared);
	out = open_memstream(&manual, &length);
	metrics_print_man(out);
	fclose(out);
	for (metric = metrics_table; metric->name != NULL; metric++) {
		families++;
		line = xasprintf("\n%s", metric->name);
		assert_non_null(strstr(text, line));
		free(line);
		line = xasprintf(".BR %s", metric->name);
		assert_non_null(strstr(manual, line));
		free(line);
		help = xasprintf("\n%s\n", metric->help);
		assert_non_null(strstr(manual, help));
		free(help);
	}
	for (line = text; (line = strstr(line, "# TYPE ")) != NULL; line++)
		families--;
	assert_int_equal(families, 0);
	free(manual);
	free(text);
}

static void
test_buckets_are_cumulative_and_end_with_the_count(void **state)
{
	struct shared *shared = *state;
	_Atomic uint64_t *row = &shared->slot[FIRST].count[
	    shared_time_count(TIME_POOL_WAIT)];

	start(shared, FIRST, SHARED_WORKER, 1);
	atomic_store(&row[0], 1);
	atomic_store(&row[4], 10);
	atomic_store(&row[12], 100);
	atomic_store(&row[HISTOGRAM_BUCKETS - 1], 1000);
	atomic_store(&row[HISTOGRAM_BUCKETS], 7001500000);
	assert_line(shared, "kattegat_pool_wait_seconds_bucket{"
	    "process=\"worker\",number=\"1\",le=\"0.0001\"} 1\n"
	    "kattegat_pool_wait_seconds_bucket{"
	    "process=\"worker\",number=\"1\",le=\"0.00025\"} 1\n"
	    "kattegat_pool_wait_seconds_bucket{"
	    "process=\"worker\",number=\"1\",le=\"0.0005\"} 1\n"
	    "kattegat_pool_wait_seconds_bucket{"
	    "process=\"worker\",number=\"1\",le=\"0.001\"} 1\n"
	    "kattegat_pool_wait_seconds_bucket{"
	    "process=\"worker\",number=\"1\",le=\"0.0025\"} 11");
	assert_line(shared, "kattegat_pool_wait_seconds_bucket{"
	    "process=\"worker\",number=\"1\",le=\"1.0\"} 111");
	assert_line(shared, "kattegat_pool_wait_seconds_bucket{"
	    "process=\"worker\",number=\"1\",le=\"3600.0\"} 111\n"
	    "kattegat_pool_wait_seconds_bucket{"
	    "process=\"worker\",number=\"1\",le=\"+Inf\"} 1111\n"
	    "kattegat_pool_wait_seconds_count{"
	    "process=\"worker\",number=\"1\"} 1111\n"
	    "kattegat_pool_wait_seconds_sum{"
	    "process=\"worker\",number=\"1\"} 7001.5");
}

/* ---- over deaths ---- */

static void
test_what_a_dead_process_counted_stays(void **state)
{
	struct shared *shared = *state;
	int hits = shared_answer_count(ASKED_FEED_TOKEN, 0);

	start(shared, FIRST, SHARED_WORKER, 1);
	atomic_store(&shared->slot[FIRST].count[COUNT_FEED_HITS], 5);
	atomic_store(&shared->slot[FIRST].count[COUNT_CONNECTIONS], 9);
	atomic_store(&shared->slot[FIRST].count[hits], 7);
	shared_slot_leave(shared, &shared->slot[FIRST]);
	assert_line(shared, "kattegat_feed_cache_hits_total{"
	    "process=\"worker\",number=\"1\"} 5");
	/* What is now is not kept. */
	assert_line(shared,
	    "kattegat_connections{process=\"worker\",number=\"1\"} 0");
	start(shared, FIRST, SHARED_WORKER, 1);
	atomic_store(&shared->slot[FIRST].count[COUNT_FEED_HITS], 1);
	assert_line(shared, "kattegat_feed_cache_hits_total{"
	    "process=\"worker\",number=\"1\"} 6");
	assert_line(shared, "kattegat_requests_total{kind=\"feed_token\","
	    "code=\"200\",process=\"worker\",number=\"1\"} 7");
	assert_line(shared, "kattegat_process_starts_total{"
	    "process=\"worker\",number=\"1\"} 2");
}

static void
test_two_processes_of_one_number_are_one_in_the_sums(void **state)
{
	struct shared *shared = *state;

	start(shared, FIRST, SHARED_WORKER, 1);
	clock_set(1000, 6000);
	start(shared, SECOND, SHARED_WORKER, 1);
	atomic_store(&shared->slot[FIRST].count[COUNT_CONNECTIONS], 4);
	atomic_store(&shared->slot[SECOND].count[COUNT_CONNECTIONS], 3);
	atomic_store(&shared->slot[SECOND].serving, true);
	assert_line(shared,
	    "kattegat_connections{process=\"worker\",number=\"1\"} 7");
	assert_line(shared,
	    "kattegat_process_serving{process=\"worker\",number=\"1\"} 1");
	assert_line(shared, "kattegat_heartbeat_age_seconds{"
	    "process=\"worker\",number=\"1\"} 1.000");
}

static void
test_a_dead_process_is_no_sample_of_what_is_now(void **state)
{
	struct shared *shared = *state;
	char *text;

	start(shared, FIRST, SHARED_WORKER, 1);
	shared_slot_leave(shared, &shared->slot[FIRST]);
	text = scrape(shared);
	assert_null(strstr(text, "kattegat_heartbeat_age_seconds{"));
	assert_null(strstr(text, "kattegat_process_serving{"));
	assert_null(strstr(text, "kattegat_database_up{"));
	free(text);
}

static void
test_nothing_is_told_while_counts_are_moved(void **state)
{
	struct shared *shared = *state;
	struct metrics_view *view;

	start(shared, FIRST, SHARED_WORKER, 1);
	shared_slot_leave(shared, &shared->slot[FIRST]);
	assert_int_equal(atomic_load(&shared->moves), 2);
	atomic_store(&shared->moves, 3);
	assert_null(metrics_view_new(shared));
	atomic_store(&shared->moves, 4);
	view = metrics_view_new(shared);
	assert_non_null(view);
	free(view);
}

/* ---- what the rooms count ---- */

static void
test_each_status_has_its_place_and_the_rest_one_together(void **state)
{
	static struct http_counts counts;
	struct shared *shared = *state;
	uint64_t sums[SHARED_COUNTS] = { 0 };
	int i;

	memset(&counts, 0, sizeof(counts));
	for (i = 0; i < HTTP_STATUSES; i++)
		counts.kinds[ASKED_PAGE][i] = 1;
	counts.kinds[ASKED_PAGE][404 - HTTP_STATUS_LEAST] = 5;
	counts.handshakes = 10;
	counts.resumed = 4;
	counts_add_http(sums, &counts);
	counts_add_http(sums, &counts);
	start(shared, FIRST, SHARED_WORKER, 1);
	shared_slot_publish(&shared->slot[FIRST], sums);
	assert_line(shared, "kattegat_requests_total{kind=\"page\","
	    "code=\"404\",process=\"worker\",number=\"1\"} 10");
	assert_line(shared, "kattegat_requests_total{kind=\"page\","
	    "code=\"503\",process=\"worker\",number=\"1\"} 2");
	i = 2 * (HTTP_STATUSES - (SHARED_STATUSES - 1));
	assert_int_equal(sums[shared_answer_count(ASKED_PAGE,
	    SHARED_STATUSES - 1)], i);
	assert_line(shared, "kattegat_handshakes_total{kind=\"full\","
	    "process=\"worker\",number=\"1\"} 12");
	assert_int_equal(shared_statuses[SHARED_STATUSES - 1], 0);
	for (i = 1; i < SHARED_STATUSES - 1; i++)
		assert_true(shared_statuses[i] > shared_statuses[i - 1]);
}

static void
test_feeds_and_pool_go_where_they_belong(void **state)
{
	struct shared *shared = *state;
	struct feed_counts feed = { .hits = 1, .away = 2, .unknown = 3,
	    .cache_bytes = 4, .rebuild_times.bucket[0] = 5,
	    .served_delays.bucket[0] = 6 };
	struct pg_pool_counts pool = { .waiting = 7, .under_way = 8,
	    .replies = { 9, 10, 11, 12, 13 }, .reconnects = 14,
	    .waits.bucket[0] = 15 };
	uint64_t sums[SHARED_COUNTS] = { 0 };
	static const char *const lines[] = {
		"feed_cache_hits_total{%s} 1", "feed_away_total{%s} 2",
		"feed_unknown_total{%s} 3", "feed_cache_bytes{%s} 4",
		"feed_rebuild_seconds_count{%s} 5",
		"feed_change_to_served_seconds_count{%s} 6",
		"pool_statements{state=\"waiting\",%s} 7",
		"pool_statements{state=\"under_way\",%s} 8",
		"statements_total{outcome=\"done\",%s} 9",
		"statements_total{outcome=\"refused\",%s} 10",
		"statements_total{outcome=\"away\",%s} 11",
		"statements_total{outcome=\"late\",%s} 12",
		"statements_total{outcome=\"busy\",%s} 13",
		"database_reconnects_total{%s} 14",
		"pool_wait_seconds_count{%s} 15",
	};
	const char *at;
	char *line;
	size_t i;

	counts_add_feed(sums, &feed);
	counts_add_pool(sums, &pool);
	start(shared, FIRST, SHARED_WORKER, 1);
	shared_slot_publish(&shared->slot[FIRST], sums);
	for (i = 0; i < ARRAY_LEN(lines); i++) {
		at = strstr(lines[i], "%s");
		line = xasprintf("kattegat_%.*sprocess=\"worker\",number=\"1\"%s",
		    (int)(at - lines[i]), lines[i], at + 2);
		assert_line(shared, line);
		free(line);
	}
}

/* ---- who may read ---- */

static void
test_only_this_machine_may_read(void **state)
{
	static const char *const right[] = {
		"127.0.0.1:9120", "127.9.9.9:1", "[::1]:65535",
		"/run/kattegat/metrics",
	};
	static const char *const wrong[] = {
		"0.0.0.0:9120", "[::]:9120", "192.0.2.1:9120", "128.0.0.1:9120",
		"126.0.0.1:9120", "[2001:db8::1]:9120", "[::ffff:127.0.0.1]:9120",
		"9120", ":9120", "localhost:9120", "127.0.0.1", "127.0.0.1:0",
		"127.0.0.1:9120 127.0.0.1:9121", "127.0.0.1:9120 [::]:9120",
		"run/kattegat", " ",
	};
	char path[110];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(right); i++)
		assert_null(local_problem(right[i]));
	for (i = 0; i < ARRAY_LEN(wrong); i++)
		if (local_problem(wrong[i]) == NULL)
			fail_msg("%s is taken", wrong[i]);
	memset(path, '/', sizeof(path));
	path[108] = '\0';
	assert_non_null(local_problem(path));
	path[107] = '\0';
	assert_null(local_problem(path));
}

static void
test_a_left_socket_is_taken_over_and_a_used_one_is_not(void **state)
{
	char folder[] = "/tmp/metrics-XXXXXX", path[64];
	struct listeners one = LISTENERS_INIT, two = LISTENERS_INIT;
	struct stat info;
	struct err err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	assert_int_equal(local_open(&one, path, &err), 0);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0660);
	assert_int_equal(local_open(&two, path, &err), -1);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(two.count, 0);
	listeners_close(&one);
	assert_int_equal(local_open(&two, path, &err), 0);
	listeners_close(&two);
	unlink(path);
	rmdir(folder);
}

static void
test_what_is_no_socket_is_left_alone(void **state)
{
	char path[] = "/tmp/metrics-XXXXXX";
	struct listeners one = LISTENERS_INIT;
	struct stat info;
	struct err err;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(local_open(&one, path, &err), -1);
	assert_int_equal(stat(path, &info), 0);
	assert_true(S_ISREG(info.st_mode));
	unlink(path);
}

int
main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, page_begin, page_end)
	const struct CMUnitTest tests[] = {
		TEST(test_families_are_written_byte_for_byte),
		TEST(test_the_text_ends_with_eof_and_a_family_is_said_once),
		TEST(test_every_metric_is_written_and_documented),
		TEST(test_buckets_are_cumulative_and_end_with_the_count),
		TEST(test_what_a_dead_process_counted_stays),
		TEST(test_two_processes_of_one_number_are_one_in_the_sums),
		TEST(test_a_dead_process_is_no_sample_of_what_is_now),
		TEST(test_nothing_is_told_while_counts_are_moved),
		TEST(test_each_status_has_its_place_and_the_rest_one_together),
		TEST(test_feeds_and_pool_go_where_they_belong),
		cmocka_unit_test(test_only_this_machine_may_read),
		cmocka_unit_test(
		    test_a_left_socket_is_taken_over_and_a_used_one_is_not),
		cmocka_unit_test(test_what_is_no_socket_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
