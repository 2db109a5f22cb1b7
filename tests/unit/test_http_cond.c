/* test_http_cond.c - dates, validators, codings and reasons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "http/cond.h"
#include "http/server.h"

/* 1994-11-06 08:49:37 UTC, the date of RFC 9110 5.6.7. */
#define RFC_DAY_S	INT64_C(784111777)
/* 2026-10-25 12:00:00 UTC. */
#define NOW_S		INT64_C(1792929600)

static void
assert_date(const char *text, int64_t expected_s)
{
	int64_t at_s = -7;

	if (http_date_parse(&at_s, text, NOW_S) != 0)
		fail_msg("not read: %s", text);
	assert_int_equal(at_s, expected_s);
}

static void
test_all_three_forms_of_a_date_are_read(void **state)
{
	(void)state;
	assert_date("Sun, 06 Nov 1994 08:49:37 GMT", RFC_DAY_S);
	assert_date("Sunday, 06-Nov-94 08:49:37 GMT", RFC_DAY_S);
	assert_date("Sun Nov  6 08:49:37 1994", RFC_DAY_S);
	assert_date("Wed Nov 16 08:49:37 1994", RFC_DAY_S + 10 * 86400);
	assert_date("Thu, 29 Feb 2024 00:00:00 GMT", INT64_C(1709164800));
	assert_date("Sat, 31 Dec 2016 23:59:60 GMT", INT64_C(1483228800));
	assert_date("Tue, 19 Jan 2038 03:14:08 GMT", INT64_C(2147483648));
}

static void
test_two_digits_are_a_year_at_most_fifty_ahead(void **state)
{
	(void)state;
	assert_date("Sunday, 01-Nov-76 00:00:00 GMT", INT64_C(3371414400));
	assert_date("Tuesday, 01-Nov-77 00:00:00 GMT", INT64_C(247190400));
}

static void
test_what_is_no_date_is_not_read(void **state)
{
	static const char *const garbage[] = {
		"", "0", "yesterday", "Sun", "Sun, ", "784111777",
		"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT ",
		" Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
		"Sun, 06 Nov 1994 08:49:37 +0100", "Sun, 6 Nov 1994 08:49:37 GMT",
		"sun, 06 nov 1994 08:49:37 gmt", "Mon, 06 Nov 1994 08:49:37 GMT",
		"Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
		"Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
		"Wed, 29 Feb 2023 00:00:00 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
		"Sun, 06-Nov-94 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
		"Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
	};
	int64_t at_s = -7;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(garbage); i++) {
		if (http_date_parse(&at_s, garbage[i], NOW_S) != -1)
			fail_msg("read: %s", garbage[i]);
	}
	assert_int_equal(at_s, -7);
}

static void
test_a_date_is_written_in_the_first_form_and_read_back(void **state)
{
	char text[HTTP_DATE_SIZE];
	int64_t at_s;

	(void)state;
	http_date_format(text, RFC_DAY_S);
	assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
	for (at_s = 0; at_s < INT64_C(4000000000); at_s += 7654321) {
		http_date_format(text, at_s);
		assert_date(text, at_s);
	}
}

static bool
same(const char *if_none_match)
{
	return http_not_modified(if_none_match, NULL, "\"abc\"", RFC_DAY_S, NOW_S);
}

static void
test_a_matching_tag_means_not_modified(void **state)
{
	(void)state;
	assert_true(same("\"abc\""));
	assert_true(same(" \t\"abc\" "));
	assert_true(same("W/\"abc\""));
	assert_true(same("*"));
	assert_true(same(" * "));
	assert_true(same("\"x\", \"abc\""));
	assert_true(same("\"abc\",\"x\""));
	assert_true(same(",, W/\"x\" ,, W/\"abc\" ,"));
	assert_true(same("\"\",\"a,b\",\"abc\""));
	assert_true(http_not_modified("\"abc\"", NULL, "W/\"abc\"", 0, NOW_S));
}

static void
test_another_tag_or_garbage_means_modified(void **state)
{
	static const char *const others[] = {
		"", " ", ",", "\"abcd\"", "\"ab\"", "\"ABC\"", "abc", "'abc'",
		"\"abc", "abc\"", "w/\"abc\"", "W/abc", "W/ \"abc\"", "\"abc\" x",
		"\"abc\"\"x\"", "\"abc\", x", "x, \"abc\"", "\"abc\", *", "*, \"abc\"",
		"**", "\"a bc\"", "\"abc \"", "\"x\" \"abc\"", "\"abc\";q=1",
	};
	size_t i;

	(void)state;
	assert_false(same(NULL));
	for (i = 0; i < ARRAY_LEN(others); i++) {
		if (same(others[i]))
			fail_msg("matched: %s", others[i]);
	}
}

static void
test_a_date_means_not_modified_only_when_equal_and_past(void **state)
{
	static const char day[] = "Sun, 06 Nov 1994 08:49:37 GMT";

	(void)state;
	assert_true(http_not_modified(NULL, day, "\"a\"", RFC_DAY_S, NOW_S));
	assert_true(http_not_modified(NULL, day, "\"a\"", RFC_DAY_S, RFC_DAY_S));
	/* Older, newer, none sent, in the future, no date at all. */
	assert_false(http_not_modified(NULL, day, "\"a\"", RFC_DAY_S - 1, NOW_S));
	assert_false(http_not_modified(NULL, day, "\"a\"", RFC_DAY_S + 1, NOW_S));
	assert_false(http_not_modified(NULL, day, "\"a\"", 0, NOW_S));
	assert_false(http_not_modified(NULL, "Thu, 01 Jan 1970 00:00:00 GMT",
	    "\"a\"", 0, NOW_S));
	assert_false(http_not_modified(NULL, day, "\"a\"", RFC_DAY_S,
	    RFC_DAY_S - 1));
	assert_false(http_not_modified(NULL, "soon", "\"a\"", RFC_DAY_S, NOW_S));
	assert_false(http_not_modified(NULL, NULL, "\"a\"", RFC_DAY_S, NOW_S));
}

static void
test_a_tag_wins_over_a_date(void **state)
{
	static const char day[] = "Sun, 06 Nov 1994 08:49:37 GMT";

	(void)state;
	assert_false(http_not_modified("\"b\"", day, "\"a\"", RFC_DAY_S, NOW_S));
	assert_false(http_not_modified("b", day, "\"a\"", RFC_DAY_S, NOW_S));
	assert_true(http_not_modified("\"a\"", "Mon", "\"a\"", RFC_DAY_S, NOW_S));
}

static void
test_gzip_is_used_when_it_is_let_through(void **state)
{
	static const char *const yes[] = {
		"gzip", "GZip", "x-gzip", "gzip, deflate, br, zstd", "br,gzip",
		"*", "br, *", "gzip;q=1", "gzip;q=1.000", "gzip ; q=0.001",
		"gzip;Q=0.5", "identity;q=0, *", "identity;q=0, gzip;q=0.1",
		"identity;q=0.5, *;q=0.5", "*;q=0, gzip", " ,gzip,", "gzip;q=1.",
	};
	static const char *const no[] = {
		"", "identity", "deflate", "gzip;q=0", "gzip;q=0.000", "*;q=0",
		"gzip;q=0, *", "identity;q=0", "identity, gzip;q=0.5", "gzipx",
		"identity;q=1, *;q=0.5", "gzip;q=2", "gzip;q=1.001", "gzip;q=-1",
		"gzip;q=0.0001", "gzip;q", "gzip;q=", "gzip;level=9", "gzip br",
		"gzip;;", ";q=1", "gzip, @",
	};
	size_t i;

	(void)state;
	assert_false(http_accepts_gzip(NULL));
	for (i = 0; i < ARRAY_LEN(yes); i++) {
		if (!http_accepts_gzip(yes[i]))
			fail_msg("no: %s", yes[i]);
	}
	for (i = 0; i < ARRAY_LEN(no); i++) {
		if (http_accepts_gzip(no[i]))
			fail_msg("yes: %s", no[i]);
	}
}

static void
test_a_status_has_the_words_of_the_standard(void **state)
{
	(void)state;
	assert_string_equal(http_reason(200), "OK");
	assert_string_equal(http_reason(304), "Not Modified");
	assert_string_equal(http_reason(431), "Request Header Fields Too Large");
	assert_string_equal(http_reason(299), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_three_forms_of_a_date_are_read),
		cmocka_unit_test(test_two_digits_are_a_year_at_most_fifty_ahead),
		cmocka_unit_test(test_what_is_no_date_is_not_read),
		cmocka_unit_test(
		    test_a_date_is_written_in_the_first_form_and_read_back),
		cmocka_unit_test(test_a_matching_tag_means_not_modified),
		cmocka_unit_test(test_another_tag_or_garbage_means_modified),
		cmocka_unit_test(
		    test_a_date_means_not_modified_only_when_equal_and_past),
		cmocka_unit_test(test_a_tag_wins_over_a_date),
		cmocka_unit_test(test_gzip_is_used_when_it_is_let_through),
		cmocka_unit_test(test_a_status_has_the_words_of_the_standard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
