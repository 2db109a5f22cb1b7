/* test_http_chars.c - which byte may stand where, and what is a host's name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "http/chars.h"
#include "http/target.h"

static void
test_host_names_are_checked_and_compared(void **state)
{
	static const char *const right[] = { "a", "a.dk", "a.dk.", "a-b.dk:1",
		"127.0.0.1:65535", "[::1]", "[2001:db8::1]:80", "a_b" };
	static const char *const wrong[] = { "", ".", ".a", "a..b", "a b", "[]",
		"[::1", "::1", "[::1]x", "[::1]:", "[g::1]", "a:b:1", "a:123456",
		"a\"", "%61", "\xc3\xa6.dk" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(right); i++)
		assert_true(http_host_ok(right[i], strlen(right[i])));
	for (i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(http_host_ok(wrong[i], strlen(wrong[i])));
	assert_true(http_host_is("A.dk.:8443", 10, "a.DK"));
	assert_true(http_host_is("[::1]:8443", 10, "[::1]"));
	assert_false(http_host_is("a.dk", 4, "a.d"));
	assert_false(http_host_is("a.d", 3, "a.dk"));
}

/* The words of RFC 9110 5.6.2 and RFC 3986 appendix A, once more. */
static void
test_every_byte_is_of_the_kinds_the_standards_say(void **state)
{
	static const char alnum[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	int c, want;

	(void)state;
	for (c = 0; c < 256; c++) {
		bool letter = c != 0 && strchr(alnum, c) != NULL;
		bool visible = c > 0x20 && c < 0x7f;

		want = letter || (c && strchr("!#$%&'*+-.^_`|~", c)) ? HTTP_TOKEN :
		    0;
		want |= visible ? HTTP_VISIBLE : 0;
		want |= visible || c == ' ' || c == '\t' || c > 0x7f ?
		    HTTP_VALUE : 0;
		want |= c && strchr("0123456789abcdefABCDEF", c) ? HTTP_HEX : 0;
		want |= letter || (c && strchr("-._~!$&'()*+,;=:@/%", c)) ?
		    HTTP_PATH : 0;
		want |= visible && !strchr("\"<>#", c) ? HTTP_QUERY : 0;
		want |= letter || (c && strchr("-._", c)) ? HTTP_NAME : 0;
		assert_int_equal(http_chars[c], want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host_names_are_checked_and_compared),
		cmocka_unit_test(
		    test_every_byte_is_of_the_kinds_the_standards_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
