/* Unit tests of src/api/desk: passwords on the thread, back-off by address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "api/code.h"
#include "api/desk.h"
#include "base/clock.h"
#include "base/text.h"
#include "secret/totp.h"

enum { FREE = 3, ADDRESS = 16, MINUTE_MS = 60 * 1000 };

static struct loop *loop;
static struct desk *desk;
static int64_t now_ms;

static int
setup(void **state)
{
	(void)state;
	loop = loop_new();
	desk = desk_new(loop, FREE);
	now_ms = 1000;
	clock_set(0, now_ms);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	desk_free(desk);
	loop_free(loop);
	clock_release();
	return 0;
}

static void
pass(int64_t ms)
{
	now_ms += ms;
	clock_set(0, now_ms);
}

static void
address_of(unsigned char out[ADDRESS], unsigned int number)
{
	memset(out, 0, ADDRESS);
	memcpy(out, &number, sizeof(number));
}

static int64_t
failed(unsigned int number)
{
	unsigned char address[ADDRESS];

	address_of(address, number);
	desk_failed(desk, address);
	return desk_wait_s(desk, address);
}

static int64_t
wait_of(unsigned int number)
{
	unsigned char address[ADDRESS];

	address_of(address, number);
	return desk_wait_s(desk, address);
}

static void
test_an_address_waits_longer_after_each_failure(void **state)
{
	static const int64_t waits[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60 };
	size_t i;

	(void)state;
	for (i = 0; i < FREE; i++)
		assert_int_equal(failed(1), 0);
	for (i = 0; i < ARRAY_LEN(waits); i++) {
		assert_int_equal(failed(1), waits[i]);
		pass(waits[i] * 1000 - 1);
		assert_int_equal(wait_of(1), 1);
		pass(1);
		assert_int_equal(wait_of(1), 0);
	}
}

static void
test_another_address_does_not_wait(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 20; i++)
		failed(1);
	assert_int_equal(wait_of(1), 60);
	assert_int_equal(wait_of(2), 0);
	assert_int_equal(failed(2), 0);
}

static void
test_ten_quiet_minutes_are_forgotten(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 20; i++)
		failed(1);
	pass(10 * MINUTE_MS);
	assert_int_equal(failed(1), 60);
	pass(10 * MINUTE_MS + 1);
	assert_int_equal(failed(1), 0);
}

/* A table of fixed size: however many knock, those of late are still known. */
static void
test_many_addresses_forget_the_oldest_only(void **state)
{
	unsigned int i;
	int known = 0, n;

	(void)state;
	for (i = 0; i < 100000; i++) {
		pass(1);
		for (n = 0; n <= FREE; n++)
			failed(i);
	}
	for (i = 0; i < 100; i++)
		known += wait_of(100000 - 1 - i) > 0;
	assert_true(known > 90);
	assert_int_equal(wait_of(1), 0);
}

/* ---- jobs ---- */

static int ndone;
static bool right, made, worked;
static char fresh[PASSWORD_HASH_BYTES];

static void
done(struct desk_job *job)
{
	ndone++;
	right = job->right;
	made = job->made;
	worked = job->worked;
	memcpy(fresh, job->fresh, sizeof(fresh));
	desk_job_free(job);
}

static void
run(enum desk_wish wish, const char *password, const char *hash)
{
	ndone = 0;
	assert_true(desk_put(desk, desk_job_new(NULL, wish, password, hash),
	    done));
	loop_run(loop);
	assert_int_equal(ndone, 1);
	assert_true(worked);
}

static void
test_a_password_is_hashed_and_verified_on_the_thread(void **state)
{
	char hash[PASSWORD_HASH_BYTES];

	(void)state;
	run(DESK_HASH, "hemmelig", NULL);
	assert_true(made);
	memcpy(hash, fresh, sizeof(hash));
	run(DESK_VERIFY, "hemmelig", hash);
	assert_true(right);
	assert_false(made);
	run(DESK_VERIFY, "forkert", hash);
	assert_false(right);
	run(DESK_VERIFY, "hemmelig", NULL);
	assert_false(right);
}

/* yescrypt of cost 1, made by crypt(3) from "hemmelig". */
static void
test_a_cheaper_hash_is_made_anew_when_it_was_right(void **state)
{
	static const char cheap[] = "$y$j75$n34PoBLMgFrQVl4Rn34Po/$"
	    "0iZEyBs1wLoODlgEbGi6L1PTnzFFWHau0qyv0XnK2//";

	(void)state;
	run(DESK_VERIFY, "forkert", cheap);
	assert_false(right);
	assert_false(made);
	run(DESK_VERIFY, "hemmelig", cheap);
	assert_true(right);
	assert_true(made);
	assert_false(password_outdated(fresh));
	run(DESK_VERIFY, "hemmelig", fresh);
	assert_true(right);
	assert_false(made);
}

static void
test_the_queue_is_bounded(void **state)
{
	struct desk_job *job;
	int taken = 0, i;

	(void)state;
	ndone = 0;
	while (desk_has_room(desk) && taken < 100) {
		job = desk_job_new(NULL, DESK_VERIFY, "x", "*0");
		assert_true(desk_put(desk, job, done));
		taken++;
	}
	assert_int_equal(taken, 8);
	job = desk_job_new(NULL, DESK_VERIFY, "x", "*0");
	assert_false(desk_put(desk, job, done));
	desk_job_free(job);
	loop_run(loop);
	assert_int_equal(ndone, 8);
	for (i = 0; i < 8; i++)
		assert_true(desk_has_room(desk));
}

/* ---- codes ---- */

static void
test_a_code_is_read_without_blanks_and_hyphens(void **state)
{
	char code[CODE_BYTES], longest[200];

	(void)state;
	code_clean(code, " 123 456 ");
	assert_string_equal(code, "123456");
	code_clean(code, "ABCD-efgh-2345-7654");
	assert_string_equal(code, "abcdefgh23457654");
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	code_clean(code, longest);
	assert_int_equal(strlen(code), CODE_BYTES - 1);
}

static void
test_a_code_is_checked_by_a_secret_in_hex(void **state)
{
	static const char secret[] = "12345678901234567890";
	static const unsigned char zeros[TOTP_SECRET_BYTES];
	char hex[2 * TOTP_SECRET_BYTES + 1], code[TOTP_DIGITS + 1];

	(void)state;
	text_hex(hex, (const unsigned char *)secret, TOTP_SECRET_BYTES);
	assert_int_equal(code_check(hex, "005924", 1234567890, 0), 41152263);
	assert_int_equal(code_check(hex, "005925", 1234567890, 0), -1);
	totp_code(code, zeros, sizeof(zeros), 1234567890 / TOTP_STEP_S);
	assert_int_equal(code_check(NULL, code, 1234567890, 0), -1);
	hex[0] = 'g';
	assert_int_equal(code_check(hex, "005924", 1234567890, 0), -1);
	assert_int_equal(code_check("31", code, 1234567890, 0), -1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_an_address_waits_longer_after_each_failure),
		TEST(test_another_address_does_not_wait),
		TEST(test_ten_quiet_minutes_are_forgotten),
		TEST(test_many_addresses_forget_the_oldest_only),
		TEST(test_a_password_is_hashed_and_verified_on_the_thread),
		TEST(test_a_cheaper_hash_is_made_anew_when_it_was_right),
		TEST(test_the_queue_is_bounded),
		TEST(test_a_code_is_read_without_blanks_and_hyphens),
		TEST(test_a_code_is_checked_by_a_secret_in_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
