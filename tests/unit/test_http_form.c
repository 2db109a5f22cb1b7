/*
 * Unit tests of lib/http/cookie and lib/http/form: what is taken, what is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "http/cookie.h"
#include "http/form.h"

/* ---- cookies ---- */

static void
cookie_is(const char *field, const char *wanted)
{
	const char *value = NULL;
	size_t length = 0;
	bool found = http_cookie_find(&value, &length, field, "__Host-kattegat");

	if (found != (wanted != NULL) || (wanted != NULL &&
	    (length != strlen(wanted) || memcmp(value, wanted, length) != 0)))
		fail_msg("%s: %.*s", field, (int)length, value);
}

static void
test_a_cookie_is_found_among_others(void **state)
{
	(void)state;
	cookie_is("__Host-kattegat=abc", "abc");
	cookie_is("a=1; __Host-kattegat=abc", "abc");
	cookie_is("a=1; __Host-kattegat=abc; b=2", "abc");
	cookie_is("__Host-kattegat=", "");
	cookie_is("__Host-kattegat=a=b", "a=b");
}

static void
test_a_cookie_of_another_name_is_not_ours(void **state)
{
	static const char *const fields[] = {
		"", "a=1", "__Host-kattegat", "__Host-kattegat2=abc",
		"__host-kattegat=abc", "x__Host-kattegat=abc",
		"__Host-kattegat =abc", " __Host-kattegat=abc",
		"a=1;  __Host-kattegat=abc", "a=1;\t__Host-kattegat=abc",
		"a=1,__Host-kattegat=abc",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(fields); i++)
		cookie_is(fields[i], NULL);
	cookie_is(NULL, NULL);
}

static void
test_a_cookie_that_comes_twice_is_none(void **state)
{
	(void)state;
	cookie_is("__Host-kattegat=abc; __Host-kattegat=abc", NULL);
	cookie_is("__Host-kattegat=abc; a=1; __Host-kattegat=def", NULL);
	cookie_is("__Host-kattegat=abc, __Host-kattegat=def", NULL);
}

static void
test_a_cookie_of_wrong_letters_is_none(void **state)
{
	static const char *const fields[] = {
		"__Host-kattegat=\"abc\"", "__Host-kattegat=a b",
		"__Host-kattegat=abc ", "__Host-kattegat= abc",
		"__Host-kattegat=a,b", "__Host-kattegat=a\\b",
		"__Host-kattegat=\xc3\xa6", "__Host-kattegat=a\x7f",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(fields); i++)
		cookie_is(fields[i], NULL);
}

static void
test_what_others_have_set_does_not_hide_our_cookie(void **state)
{
	(void)state;
	cookie_is("p={\"a\": 1, \"b\": 2}; __Host-kattegat=abc", "abc");
	cookie_is("novalue; =noname; __Host-kattegat=abc; ", "abc");
	cookie_is("q=\"x; __Host-kattegat=abc; y\"", "abc");
}

/* ---- forms ---- */

static void
form_is(const char *body, const char *name, const char *wanted)
{
	struct http_form form = { .nfields = 0 };
	const char *value;

	if (!http_form_parse(&form, body, strlen(body)))
		fail_msg("%s: refused", body);
	value = http_form_find_lines(&form, name);
	if (wanted == NULL)
		assert_null(value);
	else if (value == NULL || strcmp(value, wanted) != 0)
		fail_msg("%s: %s is \"%s\"", body, name, value);
	http_form_clear(&form);
}

static void
form_is_refused(const char *body, size_t length)
{
	struct http_form form = { .nfields = 0 };

	if (http_form_parse(&form, body, length))
		fail_msg("%s: taken", body);
	assert_int_equal(form.nfields, 0);
	assert_null(form.bytes);
}

static void
test_fields_are_found_by_name(void **state)
{
	(void)state;
	form_is("mail=a%40b.dk&kode=hemmelig", "mail", "a@b.dk");
	form_is("mail=a%40b.dk&kode=hemmelig", "kode", "hemmelig");
	form_is("mail=a%40b.dk&kode=hemmelig", "Mail", NULL);
	form_is("", "a", NULL);
}

static void
test_escapes_and_plus_are_decoded(void **state)
{
	(void)state;
	form_is("navn=S%C3%B8ren+%c3%85by", "navn", "Søren Åby");
	form_is("a=1%2B1%3D2%26", "a", "1+1=2&");
	form_is("%61+b=1", "a b", "1");
	form_is("a=b=c", "a", "b=c");
	form_is("a=\xc3\xa6", "a", "æ");
}

static void
test_a_field_without_a_value_is_empty(void **state)
{
	(void)state;
	form_is("a&b&c=", "a", "");
	form_is("a&b&c=", "b", "");
	form_is("a&b&c=", "c", "");
	form_is("&&a=1&&", "a", "1");
}

static void
test_line_ends_are_one_letter_and_tabs_blanks(void **state)
{
	(void)state;
	form_is("a=x%0D%0Ay", "a", "x\ny");
	form_is("a=x%0Ay", "a", "x\ny");
	form_is("a=x%0Dy", "a", "x\ny");
	form_is("a=x%0D%0D%0A%0Ay", "a", "x\n\n\ny");
	form_is("a=x%09y", "a", "x y");
}

static void
test_a_value_of_several_lines_is_none_where_one_is_asked_for(void **state)
{
	static const char body[] = "a=x%0Ay&b=x";
	struct http_form form = { .nfields = 0 };

	(void)state;
	assert_true(http_form_parse(&form, body, strlen(body)));
	assert_null(http_form_find(&form, "a"));
	assert_string_equal(http_form_find_lines(&form, "a"), "x\ny");
	assert_string_equal(http_form_find(&form, "b"), "x");
	assert_null(http_form_find(&form, "c"));
	http_form_clear(&form);
	assert_null(http_form_find(&form, "b"));
}

static void
test_what_no_form_of_ours_sends_is_refused(void **state)
{
	static const char *const bodies[] = {
		"a=%", "a=%4", "a=%4g", "a=%zz", "%=1",		/* escapes */
		"a=%00", "%00=1", "a=%01", "a=%1b", "a=%7F", "a=%C2%80",
		"a=\x01", "a=%c2%9f",				/* control */
		"a=%C3", "a=%FF", "a=%ED%A0%80", "a=%C0%80", "\xff=1",
		"a=%C3&b=%A6",					/* UTF-8 */
		"a=1&a=1", "a=1&b=2&%61=3", "a&a",		/* twice */
		"=1", "a=1&=", "a%0A=1",			/* names */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bodies); i++)
		form_is_refused(bodies[i], strlen(bodies[i]));
	form_is_refused("a=\0", 3);
}

static void
test_names_of_60_bytes_are_taken_and_longer_ones_not(void **state)
{
	char body[80] = { 0 }, name[80] = { 0 };

	(void)state;
	memset(name, 'n', HTTP_FORM_NAME_BYTES_MOST);
	snprintf(body, sizeof(body), "%s=1", name);
	form_is(body, name, "1");
	snprintf(body, sizeof(body), "n%s=1", name);
	form_is_refused(body, strlen(body));
}

static void
test_64_fields_are_taken_and_more_not(void **state)
{
	struct buf body = BUF_INIT;
	int i;

	(void)state;
	for (i = 0; i < HTTP_FORM_FIELDS_MOST; i++)
		buf_addf(&body, "f%d=%d&", i, i);
	form_is(body.data, "f63", "63");
	buf_adds(&body, "f64");
	form_is_refused(body.data, body.length);
	buf_clear(&body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cookie_is_found_among_others),
		cmocka_unit_test(test_a_cookie_of_another_name_is_not_ours),
		cmocka_unit_test(test_a_cookie_that_comes_twice_is_none),
		cmocka_unit_test(test_a_cookie_of_wrong_letters_is_none),
		cmocka_unit_test(
		    test_what_others_have_set_does_not_hide_our_cookie),
		cmocka_unit_test(test_fields_are_found_by_name),
		cmocka_unit_test(test_escapes_and_plus_are_decoded),
		cmocka_unit_test(test_a_field_without_a_value_is_empty),
		cmocka_unit_test(
		    test_line_ends_are_one_letter_and_tabs_blanks),
		cmocka_unit_test(
		    test_a_value_of_several_lines_is_none_where_one_is_asked_for),
		cmocka_unit_test(test_what_no_form_of_ours_sends_is_refused),
		cmocka_unit_test(
		    test_names_of_60_bytes_are_taken_and_longer_ones_not),
		cmocka_unit_test(test_64_fields_are_taken_and_more_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
