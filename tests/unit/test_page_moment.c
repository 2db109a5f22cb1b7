/* Unit tests of lib/page/moment: dates and times as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/moment.h"

static void
says(const char *text, const char *since, const char *english,
    const char *danish)
{
	const char *const wanted[2] = { english, danish };
	struct page_moment moment, before;
	struct buf out = BUF_INIT;
	int in_danish;

	assert_true(page_moment_parse(&moment, text, strlen(text)));
	if (since != NULL)
		assert_true(page_moment_parse(&before, since, strlen(since)));
	for (in_danish = 0; in_danish < 2; in_danish++) {
		buf_reset(&out);
		page_moment_add(&out, &moment, since == NULL ? NULL : &before,
		    in_danish);
		assert_string_equal(out.data, wanted[in_danish]);
	}
	buf_clear(&out);
}

static void
test_a_time_of_a_day(void **state)
{
	(void)state;
	says("2027-01-21T09:00", NULL, "Thursday 21 January 2027 at 9:00",
	    "torsdag den 21. januar 2027 kl. 9.00");
	says("2027-01-21 13:05", NULL, "Thursday 21 January 2027 at 13:05",
	    "torsdag den 21. januar 2027 kl. 13.05");
	says("2027-01-21 09:00:00", NULL, "Thursday 21 January 2027 at 9:00",
	    "torsdag den 21. januar 2027 kl. 9.00");
}

static void
test_midnight_begins_a_day_or_ends_the_day_that_was_named(void **state)
{
	(void)state;
	says("2027-01-01T00:00", NULL, "Friday 1 January 2027 at 0:00",
	    "fredag den 1. januar 2027 kl. 0.00");
	says("2027-01-01T00:00", "2026-12-31T09:00", "24:00", "24.00");
	says("2028-02-29T00:00", "2028-02-28T09:00", "24:00", "24.00");
	says("2027-03-01T00:00", "2027-02-28T00:00", "24:00", "24.00");
	says("2028-03-01T00:00", "2028-02-28T00:00",
	    "Wednesday 1 March 2028 at 0:00", "onsdag den 1. marts 2028 kl. 0.00");
	says("2027-01-01T00:01", "2026-12-31T09:00",
	    "Friday 1 January 2027 at 0:01", "fredag den 1. januar 2027 kl. 0.01");
}

static void
test_a_day_that_was_named_is_not_named_again(void **state)
{
	(void)state;
	says("2027-01-21T12:00", "2027-01-21T09:00", "12:00", "12.00");
	says("2027-01-22T12:00", "2027-01-21T09:00",
	    "Friday 22 January 2027 at 12:00",
	    "fredag den 22. januar 2027 kl. 12.00");
	says("2028-01-21T12:00", "2027-01-21T09:00",
	    "Friday 21 January 2028 at 12:00",
	    "fredag den 21. januar 2028 kl. 12.00");
	says("2027-01-21", "2027-01-21", "Thursday 21 January 2027",
	    "torsdag den 21. januar 2027");
	says("2027-01-21T09:00", "09:00", "Thursday 21 January 2027 at 9:00",
	    "torsdag den 21. januar 2027 kl. 9.00");
}

/* The hour exists twice; the day and the hour are said as any other. */
static void
test_the_nights_when_the_clocks_change(void **state)
{
	(void)state;
	says("2032-10-31T02:30", NULL, "Sunday 31 October 2032 at 2:30",
	    "s\xc3\xb8ndag den 31. oktober 2032 kl. 2.30");
	says("2032-10-31T03:00", "2032-10-31T02:30", "3:00", "3.00");
	says("2032-03-28", NULL, "Sunday 28 March 2032",
	    "s\xc3\xb8ndag den 28. marts 2032");
	says("02:30", "2032-03-28", "2:30", "2.30");
}

static void
test_every_weekday_and_month(void **state)
{
	(void)state;
	says("1900-01-01", NULL, "Monday 1 January 1900",
	    "mandag den 1. januar 1900");
	says("2000-02-29", NULL, "Tuesday 29 February 2000",
	    "tirsdag den 29. februar 2000");
	says("2026-04-01", NULL, "Wednesday 1 April 2026",
	    "onsdag den 1. april 2026");
	says("2026-05-30", NULL, "Saturday 30 May 2026",
	    "l\xc3\xb8rdag den 30. maj 2026");
	says("2026-06-07", NULL, "Sunday 7 June 2026",
	    "s\xc3\xb8ndag den 7. juni 2026");
	says("2026-07-03", NULL, "Friday 3 July 2026", "fredag den 3. juli 2026");
	says("2026-08-03", NULL, "Monday 3 August 2026",
	    "mandag den 3. august 2026");
	says("2026-09-03", NULL, "Thursday 3 September 2026",
	    "torsdag den 3. september 2026");
	says("2026-11-30", NULL, "Monday 30 November 2026",
	    "mandag den 30. november 2026");
	says("9999-12-31", NULL, "Friday 31 December 9999",
	    "fredag den 31. december 9999");
}

static void
test_what_is_no_moment(void **state)
{
	static const char *const texts[] = {
		"", "9:00", "24:00", "09:60", "09:00:01", "2027-02-29", "2027-1-21",
		"2027-01-21T", "2027-01-21T9:00", "2027-01-21x09:00", "0000-01-01",
		"2027-13-01", "2027-00-01", "2027-01-00", "2027-01-21T09:00Z",
		"2027-01-21T09:00 ", "17", "infinity",
	};
	struct page_moment moment;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++)
		assert_false(page_moment_parse(&moment, texts[i],
		    strlen(texts[i])));
	/* nothing is read past the length */
	assert_false(page_moment_parse(&moment, "2027-01-21", 9));
	assert_true(page_moment_parse(&moment, "2027-01-21T09:00", 10));
	assert_int_equal(moment.hour, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_time_of_a_day),
		cmocka_unit_test(
		    test_midnight_begins_a_day_or_ends_the_day_that_was_named),
		cmocka_unit_test(test_a_day_that_was_named_is_not_named_again),
		cmocka_unit_test(test_the_nights_when_the_clocks_change),
		cmocka_unit_test(test_every_weekday_and_month),
		cmocka_unit_test(test_what_is_no_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
