/* Unit tests of lib/secret: passwords and TOTP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <crypt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "secret/password.h"
#include "secret/totp.h"

static char hash[PASSWORD_HASH_BYTES];

static int
make_hash(void **state)
{
	struct err err;

	(void)state;
	return password_hash(hash, "korrekt hest", &err);
}

static bool
verify(const char *of, const char *password)
{
	bool right = true;
	struct err err;

	assert_int_equal(password_verify(&right, of, password, &err), 0);
	return right;
}

static void
test_only_the_right_password_has_the_hash(void **state)
{
	(void)state;
	assert_true(verify(hash, "korrekt hest"));
	assert_false(verify(hash, "korrekt hesu"));
	assert_false(verify(hash, "korrekt hest "));
	assert_false(verify(hash, ""));
}

static void
test_a_hash_is_yescrypt_of_cost_7_and_salted(void **state)
{
	char again[PASSWORD_HASH_BYTES];
	struct err err;

	(void)state;
	/* crypt(5): N = 2^14 and r = 32, which is 64 MB. */
	assert_int_equal(strncmp(hash, "$y$jBT$", 7), 0);
	assert_int_equal(password_hash(again, "korrekt hest", &err), 0);
	assert_string_not_equal(again, hash);
}

static void
test_a_hash_of_another_cost_or_method_is_outdated(void **state)
{
	static const char *const methods[] = { "$y$", "$6$", "$2b$" };
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	size_t i;

	(void)state;
	assert_false(password_outdated(hash));
	for (i = 0; i < ARRAY_LEN(methods); i++) {
		assert_non_null(crypt_gensalt_rn(methods[i], 0, "saltsaltsaltsalt",
		    16, setting, sizeof(setting)));
		assert_true(password_outdated(setting));
	}
}

static void
test_an_outdated_hash_still_verifies(void **state)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data data = { 0 };

	(void)state;
	assert_non_null(crypt_gensalt_rn("$y$", 1, "saltsaltsaltsalt", 16,
	    setting, sizeof(setting)));
	assert_non_null(crypt_r("gammel", setting, &data));
	assert_true(verify(data.output, "gammel"));
	assert_false(verify(data.output, "ny"));
}

static void
test_what_is_no_hash_has_no_password(void **state)
{
	(void)state;
	assert_false(verify("", ""));
	assert_false(verify("*0", "x"));
	assert_false(verify("korrekt hest", "korrekt hest"));
}

/* Not a wrong password: whoever has it would be told lies. */
static void
test_no_memory_is_no_answer(void **state)
{
	struct rlimit all, few;
	bool right = true;
	struct err err;
	int rc;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_AS, &all), 0);
	few = all;
	few.rlim_cur = 32 * 1024 * 1024;	/* the hash alone is 64 MB */
	assert_int_equal(setrlimit(RLIMIT_AS, &few), 0);
	rc = password_verify(&right, hash, "korrekt hest", &err);
	assert_int_equal(setrlimit(RLIMIT_AS, &all), 0);
	assert_int_equal(rc, -1);
	assert_true(right);
	assert_non_null(strstr(err.text, "memory"));
}

static int64_t
cpu_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
	return at.tv_sec * INT64_C(1000000) + at.tv_nsec / 1000;
}

static void
cost_us(const char *of, int64_t *least)
{
	int64_t us = cpu_us();

	assert_false(verify(of, "forkert"));
	us = cpu_us() - us;
	if (*least > us)
		*least = us;
}

/*
 * By the thread's own time, in turn and the least of five, since others at work
 * on the machine take the memory's time and the caches.
 */
static void
test_who_does_not_exist_costs_the_same(void **state)
{
	int64_t somebody_us = INT64_MAX, nobody_us = INT64_MAX;
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		cost_us(hash, &somebody_us);
		cost_us(NULL, &nobody_us);
	}
	assert_true(somebody_us > 20000);
	assert_true(nobody_us > somebody_us / 2);
	assert_true(nobody_us < somebody_us * 2);
}

/* RFC 6238 appendix B, SHA-1; its codes have eight digits, ours the last six. */
static const char rfc_secret[] = "12345678901234567890";
static const struct {
	int64_t		 at_s;
	const char	*code;
} rfc[] = {
	{ 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" },
	{ 1234567890, "005924" }, { 2000000000, "279037" },
	{ INT64_C(20000000000), "353130" },
};

static int64_t
check(const char *code, int64_t now_s, int64_t last_step)
{
	return totp_check(rfc_secret, strlen(rfc_secret), code, now_s,
	    last_step);
}

static void
test_codes_are_those_of_the_rfc(void **state)
{
	char code[TOTP_DIGITS + 1];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rfc); i++) {
		totp_code(code, rfc_secret, strlen(rfc_secret),
		    rfc[i].at_s / TOTP_STEP_S);
		assert_string_equal(code, rfc[i].code);
		assert_int_equal(check(rfc[i].code, rfc[i].at_s, 0),
		    rfc[i].at_s / TOTP_STEP_S);
	}
}

static void
test_a_code_is_good_one_step_before_and_after(void **state)
{
	const int64_t at_s = 1234567890;	/* the first second of a step */

	(void)state;
	assert_int_equal(check("005924", at_s - 30, 0), 41152263);
	assert_int_equal(check("005924", at_s - 31, 0), -1);
	assert_int_equal(check("005924", at_s + 59, 0), 41152263);
	assert_int_equal(check("005924", at_s + 60, 0), -1);
}

static void
test_a_code_that_was_used_is_good_no_more(void **state)
{
	(void)state;
	assert_int_equal(check("005924", 1234567890, 41152262), 41152263);
	assert_int_equal(check("005924", 1234567890, 41152263), -1);
	assert_int_equal(check("005924", 1234567890, 41152264), -1);
}

static void
test_what_is_no_code_is_wrong(void **state)
{
	static const char *const wrong[] = {
		"", "00592", "0059240", "05924 ", "abcdef", "005925",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(check(wrong[i], 1234567890, 0), -1);
}

static void
test_a_secret_is_base32_as_rfc_4648_writes_it(void **state)
{
	char text[TOTP_SECRET_LETTERS + 1];

	(void)state;
	totp_secret_format(text, (const unsigned char *)rfc_secret);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static void
test_two_secrets_are_never_the_same(void **state)
{
	unsigned char a[TOTP_SECRET_BYTES], b[TOTP_SECRET_BYTES];
	struct err err;

	(void)state;
	assert_int_equal(totp_secret_new(a, &err), 0);
	assert_int_equal(totp_secret_new(b, &err), 0);
	assert_memory_not_equal(a, b, sizeof(a));
}

static void
test_the_uri_escapes_what_it_names(void **state)
{
	char *uri = totp_uri((const unsigned char *)rfc_secret, "Kattegat & Co",
	    "å+b@example.org");

	(void)state;
	assert_string_equal(uri, "otpauth://totp/Kattegat%20%26%20Co:"
	    "%C3%A5%2Bb%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	    "&issuer=Kattegat%20%26%20Co&algorithm=SHA1&digits=6&period=30");
	free(uri);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_right_password_has_the_hash),
		cmocka_unit_test(test_a_hash_is_yescrypt_of_cost_7_and_salted),
		cmocka_unit_test(
		    test_a_hash_of_another_cost_or_method_is_outdated),
		cmocka_unit_test(test_an_outdated_hash_still_verifies),
		cmocka_unit_test(test_what_is_no_hash_has_no_password),
		cmocka_unit_test(test_no_memory_is_no_answer),
		cmocka_unit_test(test_who_does_not_exist_costs_the_same),
		cmocka_unit_test(test_codes_are_those_of_the_rfc),
		cmocka_unit_test(test_a_code_is_good_one_step_before_and_after),
		cmocka_unit_test(test_a_code_that_was_used_is_good_no_more),
		cmocka_unit_test(test_what_is_no_code_is_wrong),
		cmocka_unit_test(test_a_secret_is_base32_as_rfc_4648_writes_it),
		cmocka_unit_test(test_two_secrets_are_never_the_same),
		cmocka_unit_test(test_the_uri_escapes_what_it_names),
	};

	return cmocka_run_group_tests(tests, make_hash, NULL);
}
