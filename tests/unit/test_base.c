/* Unit tests of lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/hash.h"
#include "base/histogram.h"
#include "base/log.h"
#include "base/table.h"
#include "base/text.h"

static void
test_a_buf_overwrites_what_it_lets_go_of(void **state)
{
	static const char zeros[16];
	struct buf buf = BUF_INIT;

	(void)state;
	buf_adds(&buf, "secret and more");
	buf_drop(&buf, 7);
	assert_string_equal(buf.data, "and more");
	assert_memory_equal(buf.data + 8, zeros, 8);
	buf_reset(&buf);
	assert_memory_equal(buf.data, zeros, 16);
	buf_clear(&buf);
}

static void
test_buf_grows_and_stays_terminated(void **state)
{
	struct buf buf = BUF_INIT;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		buf_addf(&buf, "%03d,", i);
	assert_int_equal(buf.length, 4000);
	assert_int_equal(strlen(buf.data), 4000);
	buf_drop(&buf, 3996);
	assert_string_equal(buf.data, "999,");
	buf_clear(&buf);
}

static void
test_an_empty_buf_can_be_taken(void **state)
{
	struct buf buf = BUF_INIT;
	char *text = buf_take(&buf);

	(void)state;
	assert_string_equal(text, "");
	free(text);
}

static void
test_utf8_refuses_what_rfc_3629_refuses(void **state)
{
	static const char *const bad[] = {
		"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff",
		"\xe2\x82", "\x80", "\xf0\x80\x80\x80", "\xe2(\xa1",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(text_utf8_ok(bad[i], strlen(bad[i])));
	assert_true(text_utf8_ok("Ærø \xe2\x82\xac \xf0\x9f\x98\x80", 14));
	assert_int_equal(text_utf8_count("Ærø \xe2\x82\xac \xf0\x9f\x98\x80"), 7);
}

static void
test_int_takes_whole_numbers_in_range_only(void **state)
{
	static const char *const bad[] = {
		"", " 1", "1 ", "+1", "1x", "11", "-1", "0x1",
		"99999999999999999999",
	};
	int64_t value = 7;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(text_int(&value, bad[i], 0, 10), -1);
	assert_int_equal(value, 7);
	assert_int_equal(text_int(&value, "10", 0, 10), 0);
	assert_int_equal(value, 10);
}

static void
test_trim_and_case(void **state)
{
	char text[] = " \t KAT22-01 \r\n";
	char *trimmed = text_trim(text);

	(void)state;
	assert_string_equal(trimmed, "KAT22-01");
	assert_true(text_same_nocase(trimmed, "kat22-01"));
	assert_false(text_same_nocase(trimmed, "kat22-0"));
	text_lower_ascii(trimmed);
	assert_string_equal(trimmed, "kat22-01");
}

static void
count_one(const char *key, void *value, void *arg)
{
	(void)key;
	(void)value;
	++*(int *)arg;
}

static void
test_table_holds_what_was_put(void **state)
{
	struct table *table = table_new();
	int values[500], seen = 0;
	char key[32];
	int i;

	(void)state;
	for (i = 0; i < 500; i++) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_null(table_put(table, key, &values[i]));
	}
	for (i = 0; i < 500; i += 2) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_ptr_equal(table_remove(table, key), &values[i]);
		assert_null(table_find(table, key));
	}
	assert_ptr_equal(table_put(table, "key 1", &values[0]), &values[1]);
	assert_ptr_equal(table_find(table, "key 1"), &values[0]);
	table_walk(table, count_one, &seen);
	assert_int_equal(seen, 250);
	table_free(table);
}

static void
test_hash_is_fnv_1a(void **state)
{
	(void)state;
	/* From the reference's own list of test values. */
	assert_true(hash_text("") == UINT64_C(0xcbf29ce484222325));
	assert_true(hash_text("foobar") == UINT64_C(0x85944171f73967e8));
}

static void
test_clock_can_be_set(void **state)
{
	(void)state;
	clock_set(1000, 5);
	assert_int_equal(clock_real_s(), 1000);
	assert_int_equal(clock_mono_ms(), 5);
	clock_release();
	assert_true(clock_real_s() > 1000);
}

struct sample {
	int64_t	 port;
	char	*name;
	char	*key;
	bool	 loud;
};

static const struct conf_option sample_table[] = {
	{ "port", CONF_INT, "", "8443", false, 1, 65535,
	    offsetof(struct sample, port), NULL, "Where to listen." },
	{ "name", CONF_TEXT, "", "kattegat", true, 0, 0,
	    offsetof(struct sample, name), NULL, "What it is called." },
	{ "key", CONF_PATH, "", "", true, 0, 0,
	    offsetof(struct sample, key), NULL, "The key's file." },
	{ "loud", CONF_BOOL, "", "no", true, 0, 0,
	    offsetof(struct sample, loud), NULL, "Whether it shouts." },
	{ NULL, CONF_TEXT, NULL, NULL, false, 0, 0, 0, NULL, NULL },
};

/* Loads `text` as a file; the file is gone afterwards. */
static int
load_text(struct sample *sample, const char *text, struct err *err)
{
	char path[] = "/tmp/kattegat-conf-XXXXXX";
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	rc = conf_load(sample, sample_table, path, err);
	unlink(path);
	return rc;
}

static void
test_conf_reads_values_and_fills_in_defaults(void **state)
{
	struct sample sample;
	struct err err;

	(void)state;
	assert_int_equal(load_text(&sample,
	    "# a comment\n\n port = 99 \nkey=/etc/x\nloud = yes\n", &err), 0);
	assert_int_equal(sample.port, 99);
	assert_string_equal(sample.name, "kattegat");
	assert_string_equal(sample.key, "/etc/x");
	assert_true(sample.loud);
	conf_clear(&sample, sample_table);
}

static void
test_conf_says_line_and_what_would_be_right(void **state)
{
	static const struct { const char *text, *where, *right; } cases[] = {
		{ "port = 0\n", ":1:", "from 1 to 65535" },
		{ "\nloud = maybe\n", ":2:", "yes or no" },
		{ "key = here\n", ":1:", "begins with /" },
		{ "prot = 1\n", ":1:", "no such option" },
		{ "port 1\n", ":1:", "name = value" },
		{ "port = 1\nport = 2\n", ":2:", "line 1 already" },
		{ "name = \xff\n", ":1:", "UTF-8" },
	};
	struct sample sample;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(load_text(&sample, cases[i].text, &err), -1);
		assert_non_null(strstr(err.text, cases[i].where));
		assert_non_null(strstr(err.text, cases[i].right));
	}
}

static void
test_conf_names_the_option_a_reload_cannot_change(void **state)
{
	struct sample a, b;
	struct err err;

	(void)state;
	assert_int_equal(load_text(&a, "port = 1\n", &err), 0);
	assert_int_equal(load_text(&b, "port = 1\nname = x\n", &err), 0);
	assert_null(conf_changed_fixed(&a, &b, sample_table));
	b.port = 2;
	assert_string_equal(conf_changed_fixed(&a, &b, sample_table), "port");
	conf_clear(&a, sample_table);
	conf_clear(&b, sample_table);
}

static void
test_a_duration_is_counted_where_its_bound_is(void **state)
{
	struct histogram histogram = { 0 };
	int i, last = HISTOGRAM_BUCKETS - 1;

	(void)state;
	for (i = 1; i < last; i++)
		assert_true(histogram_bounds_us[i] > histogram_bounds_us[i - 1]);
	histogram_add(&histogram, -5);
	histogram_add(&histogram, histogram_bounds_us[0]);
	histogram_add(&histogram, histogram_bounds_us[0] + 1);
	histogram_add(&histogram, histogram_bounds_us[last - 1]);
	histogram_add(&histogram, histogram_bounds_us[last - 1] + 1);
	assert_int_equal(histogram.bucket[0], 2);
	assert_int_equal(histogram.bucket[1], 1);
	assert_int_equal(histogram.bucket[last - 1], 1);
	assert_int_equal(histogram.bucket[last], 1);
	assert_int_equal(histogram.sum_us, 2 * histogram_bounds_us[0] + 1 +
	    2 * histogram_bounds_us[last - 1] + 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_buf_overwrites_what_it_lets_go_of),
		cmocka_unit_test(test_buf_grows_and_stays_terminated),
		cmocka_unit_test(test_an_empty_buf_can_be_taken),
		cmocka_unit_test(test_utf8_refuses_what_rfc_3629_refuses),
		cmocka_unit_test(test_int_takes_whole_numbers_in_range_only),
		cmocka_unit_test(test_trim_and_case),
		cmocka_unit_test(test_table_holds_what_was_put),
		cmocka_unit_test(test_hash_is_fnv_1a),
		cmocka_unit_test(test_clock_can_be_set),
		cmocka_unit_test(test_conf_reads_values_and_fills_in_defaults),
		cmocka_unit_test(test_conf_says_line_and_what_would_be_right),
		cmocka_unit_test(test_conf_names_the_option_a_reload_cannot_change),
		cmocka_unit_test(test_a_duration_is_counted_where_its_bound_is),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
