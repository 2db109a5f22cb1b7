/* Unit tests of src/web/read: days, moments and programs as pages read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "web/read.h"

static void
test_a_day_is_read_as_danes_write_it(void **state)
{
	static const char *const days[][2] = {
		{ "1.8.2027", "2027-08-01" }, { "19-1-2026", "2026-01-19" },
		{ "19.1.26", "2026-01-19" }, { "01/08/2027", "2027-08-01" },
		{ " 2027-08-01 ", "2027-08-01" },
		{ "29.2.2028", "2028-02-29" },
	};
	char day[READ_DAY_BYTES];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(days); i++) {
		assert_true(read_day(day, days[i][0]));
		assert_string_equal(day, days[i][1]);
	}
}

static void
test_what_is_no_day_is_refused(void **state)
{
	static const char *const others[] = { "", "1.8", "29.2.2027", "31.4.2027",
		"0.1.2027", "1.13.2027", "1.8.20275", "1.8.2027x", "i morgen",
		"1.8.", "..", "1 8 2027", "1.8.027", "99999999999.1.2027",
		"2027-8", "-1.8.2027",
	};
	char day[READ_DAY_BYTES] = "before";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(others); i++)
		assert_false(read_day(day, others[i]));
	assert_string_equal(day, "before");
}

static void
test_a_moment_is_read_only_whole(void **state)
{
	struct store_pages_moment moment = { .year = 1 };

	(void)state;
	assert_true(read_moment(&moment, "2027-01-21T09:05"));
	assert_int_equal(moment.year, 2027);
	assert_int_equal(moment.month, 1);
	assert_int_equal(moment.day, 21);
	assert_int_equal(moment.hour, 9);
	assert_int_equal(moment.minute, 5);
	assert_true(read_moment(&moment, "2028-02-29T00:00"));
	assert_int_equal(moment.day, 29);
	assert_false(read_moment(&moment, "2027-02-29T00:00"));
	assert_false(read_moment(&moment, "2027-01-21"));
	assert_false(read_moment(&moment, "2027-01-21T09:05Z"));
	assert_false(read_moment(&moment, NULL));
	assert_int_equal(moment.day, 29);
	assert_true(read_date(&moment, "2027-08-01"));
	assert_int_equal(moment.month, 8);
	assert_false(read_date(&moment, "2027-08-01T09:30"));
	assert_false(read_date(&moment, "2027-08-32"));
	assert_int_equal(moment.day, 1);
}

static void
test_a_program_is_told_by_its_agent(void **state)
{
	static const struct {
		const char *agent, *program, *system;
	} agents[] = {
		{ "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
		    "Firefox/128.0", "Firefox", "Linux" },
		{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
		    "(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 "
		    "Edg/120.0", "Edge", "Windows" },
		{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
		    "(KHTML, like Gecko) Chrome/120.0.0.0 Saf", "Chrome",
		    "Windows" },
		{ "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) "
		    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobi",
		    "Safari", "iPhone" },
		{ "curl/8.1", "curl", NULL },
		{ "", NULL, NULL }, { NULL, NULL, NULL },
	};
	struct read_client client;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(agents); i++) {
		client = read_client(agents[i].agent);
		assert_int_equal(client.program == NULL,
		    agents[i].program == NULL);
		assert_int_equal(client.system == NULL,
		    agents[i].system == NULL);
		if (client.program != NULL)
			assert_string_equal(client.program, agents[i].program);
		if (client.system != NULL)
			assert_string_equal(client.system, agents[i].system);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_day_is_read_as_danes_write_it),
		cmocka_unit_test(test_what_is_no_day_is_refused),
		cmocka_unit_test(test_a_moment_is_read_only_whole),
		cmocka_unit_test(test_a_program_is_told_by_its_agent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
