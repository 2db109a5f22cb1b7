/* Unit tests of lib/secret: tokens, hashes, comparison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "secret/secret.h"

static void
test_tokens_have_the_form_and_never_come_twice(void **state)
{
	enum { COUNT = 64 };
	char tokens[COUNT][SECRET_TOKEN_LENGTH + 1];
	struct err err;
	int i, j;

	(void)state;
	for (i = 0; i < COUNT; i++) {
		assert_int_equal(secret_token(tokens[i], &err), 0);
		assert_int_equal(strlen(tokens[i]), SECRET_TOKEN_LENGTH);
		assert_true(secret_token_form(tokens[i]));
		for (j = 0; j < i; j++)
			assert_string_not_equal(tokens[i], tokens[j]);
	}
}

static void
test_every_letter_of_a_token_is_random(void **state)
{
	char first[SECRET_TOKEN_LENGTH + 1], token[SECRET_TOKEN_LENGTH + 1];
	int differs[SECRET_TOKEN_LENGTH] = { 0 }, i, j;
	struct err err;

	(void)state;
	assert_int_equal(secret_token(first, &err), 0);
	for (i = 0; i < 64; i++) {
		assert_int_equal(secret_token(token, &err), 0);
		for (j = 0; j < SECRET_TOKEN_LENGTH; j++)
			differs[j] += token[j] != first[j];
	}
	for (j = 0; j < SECRET_TOKEN_LENGTH; j++)
		assert_true(differs[j] > 0);
}

static void
test_all_32_letters_come_up_in_tokens(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	char token[SECRET_TOKEN_LENGTH + 1];
	struct err err;
	int seen[256] = { 0 }, i, j;

	(void)state;
	for (i = 0; i < 64; i++) {
		assert_int_equal(secret_token(token, &err), 0);
		for (j = 0; j < SECRET_TOKEN_LENGTH; j++)
			seen[(unsigned char)token[j]]++;
	}
	for (i = 0; letters[i] != '\0'; i++)
		assert_true(seen[(unsigned char)letters[i]] > 0);
}

/* 128 bits end in the middle of a letter: only three of its bits are used. */
static void
test_a_token_is_base32_of_16_bytes(void **state)
{
	char token[SECRET_TOKEN_LENGTH + 1];
	struct err err;
	int i;

	(void)state;
	for (i = 0; i < 64; i++) {
		assert_int_equal(secret_token(token, &err), 0);
		assert_non_null(strchr("aeimquy4",
		    token[SECRET_TOKEN_LENGTH - 1]));
	}
}

static void
test_other_text_has_not_the_form_of_a_token(void **state)
{
	static const char *const bad[] = {
		"", "abcdefghijklmnopqrstuvwxy", "abcdefghijklmnopqrstuvwxyza",
		"Abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxy1",
		"abcdefghijklmnopqrstuvwx\xc3\xa6",
		"abcdefghijklmnopqrstuvwxyz=",
	};
	size_t i;

	(void)state;
	assert_true(secret_token_form("abcdefghijklmnopqrstuvwxyz"));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(secret_token_form(bad[i]));
}

/* FIPS 180-2, appendix B.1. */
static void
test_sha256_gives_the_standard_s_answers(void **state)
{
	char hex[2 * SECRET_SHA256_BYTES + 1];
	unsigned char hash[SECRET_SHA256_BYTES];

	(void)state;
	secret_sha256_hex(hex, "abc", 3);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	secret_sha256(hash, "abc", 3);
	assert_int_equal(hash[0], 0xba);
	assert_int_equal(hash[31], 0xad);
	secret_sha256_hex(hex, "", 0);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
}

static void
test_equal_means_every_byte(void **state)
{
	(void)state;
	assert_true(secret_equal("a\0b", "a\0b", 3));
	assert_false(secret_equal("a\0b", "a\0c", 3));
	assert_false(secret_equal("xbc", "abc", 3));
	assert_true(secret_equal("abx", "aby", 2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens_have_the_form_and_never_come_twice),
		cmocka_unit_test(test_every_letter_of_a_token_is_random),
		cmocka_unit_test(test_all_32_letters_come_up_in_tokens),
		cmocka_unit_test(test_a_token_is_base32_of_16_bytes),
		cmocka_unit_test(test_other_text_has_not_the_form_of_a_token),
		cmocka_unit_test(test_sha256_gives_the_standard_s_answers),
		cmocka_unit_test(test_equal_means_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
