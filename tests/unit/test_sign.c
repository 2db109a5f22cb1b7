/* Unit tests of src/sign: passwords on the thread, codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "secret/totp.h"
#include "sign/code.h"
#include "sign/desk.h"

static struct loop *loop;
static struct desk *desk;

static int
setup(void **state)
{
	(void)state;
	loop = loop_new();
	desk = desk_new(loop);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	desk_free(desk);
	loop_free(loop);
	return 0;
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
		TEST(test_a_password_is_hashed_and_verified_on_the_thread),
		TEST(test_a_cheaper_hash_is_made_anew_when_it_was_right),
		TEST(test_the_queue_is_bounded),
		TEST(test_a_code_is_read_without_blanks_and_hyphens),
		TEST(test_a_code_is_checked_by_a_secret_in_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
