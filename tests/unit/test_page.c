/* Unit tests of lib/page, and of a template compiled by lib/gen/tmpl2c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "page/out.h"
#include "unit/test_page_view.h"

static void
check_and_clear(struct out *out, const char *expected)
{
	assert_string_equal(out->buf.data, expected);
	assert_int_equal(out->buf.length, strlen(expected));
	out_clear(out);
}

static void
test_a_value_cannot_leave_its_place_in_html(void **state)
{
	struct out out = OUT_INIT;

	(void)state;
	out_value(&out, "<script>\"a\" & 'b'</script>");
	check_and_clear(&out, "&lt;script&gt;&quot;a&quot; &amp; "
	    "&#39;b&#39;&lt;/script&gt;");
}

static void
test_danish_letters_and_emoji_stay_as_they_are_in_html(void **state)
{
	struct out out = OUT_INIT;

	(void)state;
	out_value(&out, "Ærø, Læsø og Ålborg \xf0\x9f\x98\x80 \xd7\xa9");
	check_and_clear(&out, "Ærø, Læsø og Ålborg \xf0\x9f\x98\x80 \xd7\xa9");
}

static void
test_an_entity_in_a_value_is_shown_and_not_read(void **state)
{
	struct out out = OUT_INIT;

	(void)state;
	out_value(&out, "&lt;");
	check_and_clear(&out, "&amp;lt;");
}

static void
test_a_piece_of_an_address_keeps_only_unreserved_bytes(void **state)
{
	struct out out = OUT_INIT;

	(void)state;
	out_url(&out, "kat30-07._~/?&=%#'\" æ\n");
	check_and_clear(&out,
	    "kat30-07._~%2F%3F%26%3D%25%23%27%22%20%C3%A6%0A");
}

static void
test_every_byte_is_escaped_in_an_address_or_unreserved(void **state)
{
	struct out out = OUT_INIT;
	char text[256];
	int i;

	(void)state;
	for (i = 1; i < 256; i++)
		text[i - 1] = (char)i;
	text[255] = '\0';
	out_url(&out, text);
	assert_int_equal(strspn(out.buf.data, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~%"), out.buf.length);
	assert_int_equal(out.buf.length, 66 + 3 * (255 - 66));
	out_clear(&out);
}

static void
test_numbers_are_written_by_their_type(void **state)
{
	struct out out = OUT_INIT;
	int64_t least = INT64_MIN;
	size_t most = SIZE_MAX;

	(void)state;
	out_value(&out, -7);
	out_raw(&out, " ");
	out_value(&out, least);
	out_raw(&out, " ");
	out_url(&out, most);
	check_and_clear(&out, "-7 -9223372036854775808 18446744073709551615");
}

static void
test_a_text_that_is_not_there_writes_nothing(void **state)
{
	struct out out = OUT_INIT;
	const char *none = NULL;

	(void)state;
	out_value(&out, "[");
	out_value(&out, none);
	out_url(&out, none);
	out_raw(&out, none);
	out_value(&out, "]");
	check_and_clear(&out, "[]");
}

static void
test_a_compiled_template_writes_its_text_and_escapes_its_values(void **state)
{
	static const struct list_item items[] = {
		{ "Møde & mål", "møde/1", 0 },
		{ "Tal", "tal", 12 },
		{ "Lukket", "lukket", -1 },
	};
	static const struct list_view view = {
		"<Listen>", "<b>alt</b>", items, 3,
	};
	struct out out = OUT_INIT;

	(void)state;
	page_list(&out, &view);
	check_and_clear(&out,
	    "<h1 title=\"&lt;Listen&gt;\">&lt;Listen&gt;</h1>\n"
	    "\t<p>\"Hvad?\?(\" \\ <b>alt</b></p>\n"
	    "<a href=\"/s/m%C3%B8de%2F1\">Møde &amp; mål</a> fuldt\n"
	    "<a href=\"/s/tal\">Tal</a> 12 ledige\n"
	    "<a href=\"/s/lukket\">Lukket</a> -\n"
	    "3 i alt }}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_value_cannot_leave_its_place_in_html),
		cmocka_unit_test(
		    test_danish_letters_and_emoji_stay_as_they_are_in_html),
		cmocka_unit_test(
		    test_an_entity_in_a_value_is_shown_and_not_read),
		cmocka_unit_test(
		    test_a_piece_of_an_address_keeps_only_unreserved_bytes),
		cmocka_unit_test(
		    test_every_byte_is_escaped_in_an_address_or_unreserved),
		cmocka_unit_test(test_numbers_are_written_by_their_type),
		cmocka_unit_test(test_a_text_that_is_not_there_writes_nothing),
		cmocka_unit_test(
		    test_a_compiled_template_writes_its_text_and_escapes_its_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
