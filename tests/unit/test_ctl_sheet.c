/* Unit tests of src/ctl: CSV files become JSON, or are refused with their line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ctl/sheet.h"

static const char *const columns[] = { "day", "title", NULL };

static void
assert_rows(const char *csv, const char *expected)
{
	struct json_value *rows = NULL;
	struct buf mistakes = BUF_INIT;
	char *text;

	if (sheet_parse(&rows, "x.csv", csv, strlen(csv), columns,
	    &mistakes) != 0)
		fail_msg("%s", mistakes.data);
	assert_null(mistakes.data);
	text = json_value_format(rows, false);
	assert_string_equal(text, expected);
	free(text);
	json_value_free(rows);
}

static void
assert_refused_bytes(const char *csv, size_t length, const char *message)
{
	struct json_value *rows = NULL;
	struct buf mistakes = BUF_INIT;

	assert_int_equal(sheet_parse(&rows, "x.csv", csv, length, columns,
	    &mistakes), -1);
	if (strstr(mistakes.data, message) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", mistakes.data, message);
	buf_clear(&mistakes);
	assert_null(rows);
}

static void
assert_refused(const char *csv, const char *message)
{
	assert_refused_bytes(csv, strlen(csv), message);
}

static void
test_rows_know_the_line_they_begin_on(void **state)
{
	(void)state;
	assert_rows("day,title\n\"a\nb\",1\n\n2,c\n",
	    "[{\"line\":2,\"day\":\"a\\nb\",\"title\":\"1\"},"
	    "{\"line\":5,\"day\":\"2\",\"title\":\"c\"}]");
}

static void
test_a_mark_crlf_quotes_and_a_missing_last_newline_are_fine(void **state)
{
	(void)state;
	assert_rows("\xef\xbb\xbf" "title,day\r\n\"Ankomst, \"\"frokost\"\"\",1"
	    "\r\n,2", "[{\"line\":2,\"title\":\"Ankomst, \\\"frokost\\\"\","
	    "\"day\":\"1\"},{\"line\":3,\"title\":\"\",\"day\":\"2\"}]");
}

static void
test_a_head_alone_is_no_rows(void **state)
{
	(void)state;
	assert_rows("day,title\n", "[]");
}

static void
test_the_head_must_be_the_known_columns(void **state)
{
	(void)state;
	assert_refused("", "x.csv:1: the file is empty");
	assert_refused("\n\n", "x.csv:1: the file is empty");
	assert_refused("day,titel\n", "x.csv:1: the column \"titel\" is not "
	    "known; the columns are day,title");
	assert_refused("title\n", "x.csv:1: without the column day");
	assert_refused("day,title,day\n", "x.csv:1: the column \"day\" comes "
	    "twice");
}

static void
test_dated_columns_come_as_often_as_there_are_dates(void **state)
{
	static const char *const dated[] = { "code", "seats_####", NULL };
	static const char csv[] = "seats_2022,code,seats_2026\n9,0101,11\n";
	struct buf mistakes = BUF_INIT;
	struct json_value *rows;
	char *text;

	(void)state;
	assert_int_equal(sheet_parse(&rows, "x.csv", csv, strlen(csv), dated,
	    &mistakes), 0);
	text = json_value_format(rows, false);
	assert_string_equal(text, "[{\"line\":2,\"seats_2022\":\"9\","
	    "\"code\":\"0101\",\"seats_2026\":\"11\"}]");
	free(text);
	json_value_free(rows);
	assert_int_equal(sheet_parse(&rows, "x.csv", "code\n", 5, dated,
	    &mistakes), 0);
	json_value_free(rows);
	assert_int_equal(sheet_parse(&rows, "x.csv", "code,seats_202x\n", 16,
	    dated, &mistakes), -1);
	buf_clear(&mistakes);
}

static void
test_a_row_has_all_fields_and_no_more(void **state)
{
	(void)state;
	assert_refused("day,title\n1,a\n2\n", "x.csv:3: 1 fields where the head "
	    "has 2");
	assert_refused("day,title\n1,a,b\n", "x.csv:2: 3 fields");
}

static void
test_quotes_stand_where_they_may(void **state)
{
	(void)state;
	assert_refused("day,title\n1,a\"b\n", "x.csv:2: a quote where none may "
	    "stand");
	assert_refused("day,title\n1,\"a\"b\n", "x.csv:2: a quote");
	assert_refused("day,title\n1,\"a\n2,b\n", "x.csv:2: a quoted field does "
	    "not end");
}

static void
test_only_utf8_without_zero_bytes_is_text(void **state)
{
	(void)state;
	assert_refused("day,title\n1,Hiller\xf8" "d\n", "x.csv:2: not UTF-8");
	assert_refused_bytes("day,title\n1,a\0b\n", 16,
	    "x.csv:2: holds a zero byte");
}

static void
test_what_is_too_large_is_refused_with_its_limit(void **state)
{
	struct buf buf = BUF_INIT;
	int i;

	(void)state;
	buf_adds(&buf, "day,title\n1,");
	while (buf.length <= 10 + SHEET_LINE_BYTES_MOST)
		buf_addc(&buf, 'a');
	assert_refused_bytes(buf.data, buf.length, "x.csv:2: longer than 16384 "
	    "bytes");

	buf_reset(&buf);
	buf_adds(&buf, "day,title\n");
	for (i = 0; i < SHEET_ROWS_MOST; i++)
		buf_adds(&buf, "1,a\n");
	assert_rows("day,title\n1,a\n",
	    "[{\"line\":2,\"day\":\"1\",\"title\":\"a\"}]");
	buf_adds(&buf, "1,a\n");
	assert_refused_bytes(buf.data, buf.length, "x.csv:10002: more than 10000 "
	    "rows");

	while (buf.length <= SHEET_BYTES_MOST)
		buf_adds(&buf, "1,a\n");
	assert_refused_bytes(buf.data, buf.length, "larger than 1048576 bytes");
	buf_clear(&buf);
}

static void
test_a_file_that_is_not_there_is_said(void **state)
{
	struct json_value *rows = NULL;
	struct buf mistakes = BUF_INIT;

	(void)state;
	assert_int_equal(sheet_read(&rows, "/nonexistent/x.csv", columns,
	    &mistakes), -1);
	assert_string_equal(mistakes.data,
	    "/nonexistent/x.csv: No such file or directory\n");
	buf_clear(&mistakes);
}

static void
test_every_bad_line_is_told_and_a_limit_of_them(void **state)
{
	struct buf buf = BUF_INIT;
	int i;

	(void)state;
	assert_refused("day,title\n1\n2,b\n3,\xf8\n4,a,b\n",
	    "x.csv:2: 1 fields where the head has 2; give every row all of "
	    "them, and quote a field with a comma in it\n"
	    "x.csv:4: not UTF-8; save the file as UTF-8\n"
	    "x.csv:5: 3 fields");
	assert_refused("dag,titel\n1\n", "x.csv:1: the column \"dag\" is not "
	    "known; the columns are day,title\n"
	    "x.csv:1: the column \"titel\" is not known; the columns are "
	    "day,title\nx.csv:1: without the column day, title; add what is "
	    "missing to the head\n");
	buf_adds(&buf, "day,title\n");
	for (i = 0; i < SHEET_MISTAKES_MOST + 2; i++)
		buf_adds(&buf, "1\n");
	assert_refused(buf.data, "x.csv:21: 1 fields where the head has 2; "
	    "give every row all of them, and quote a field with a comma in "
	    "it\nx.csv: and 2 more\n");
	buf_clear(&buf);
}

static void
test_what_follows_an_unreadable_line_is_not_guessed(void **state)
{
	struct json_value *rows = NULL;
	struct buf mistakes = BUF_INIT;
	static const char csv[] = "day,title\n1,\"a\n\xf8\n2,b\"\n3\n";

	(void)state;
	assert_int_equal(sheet_parse(&rows, "x.csv", csv, strlen(csv), columns,
	    &mistakes), -1);
	assert_string_equal(mistakes.data,
	    "x.csv:3: not UTF-8; save the file as UTF-8\n");
	buf_clear(&mistakes);
}

/* Seen by the sanitizers only: nothing stands behind the file's last byte. */
static void
test_a_blank_last_line_is_not_read_beyond_its_end(void **state)
{
	static const char csv[] = { 'd', 'a', 'y', ',', 't', 'i', 't', 'l', 'e',
		'\n', '1', ',', 'a', '\n', '\n' };
	struct json_value *rows = NULL;
	struct buf mistakes = BUF_INIT;
	char *bytes = xmalloc(sizeof(csv));

	(void)state;
	memcpy(bytes, csv, sizeof(csv));
	assert_int_equal(sheet_parse(&rows, "x.csv", bytes, sizeof(csv),
	    columns, &mistakes), 0);
	assert_int_equal(json_value_count(rows), 1);
	json_value_free(rows);
	free(bytes);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_know_the_line_they_begin_on),
		cmocka_unit_test(
		    test_a_mark_crlf_quotes_and_a_missing_last_newline_are_fine),
		cmocka_unit_test(test_a_head_alone_is_no_rows),
		cmocka_unit_test(test_the_head_must_be_the_known_columns),
		cmocka_unit_test(
		    test_dated_columns_come_as_often_as_there_are_dates),
		cmocka_unit_test(test_a_row_has_all_fields_and_no_more),
		cmocka_unit_test(test_quotes_stand_where_they_may),
		cmocka_unit_test(test_only_utf8_without_zero_bytes_is_text),
		cmocka_unit_test(
		    test_what_is_too_large_is_refused_with_its_limit),
		cmocka_unit_test(
		    test_a_blank_last_line_is_not_read_beyond_its_end),
		cmocka_unit_test(test_a_file_that_is_not_there_is_said),
		cmocka_unit_test(
		    test_every_bad_line_is_told_and_a_limit_of_them),
		cmocka_unit_test(
		    test_what_follows_an_unreadable_line_is_not_guessed),
	};

	return cmocka_run_group_tests_name("ctl sheet", tests, NULL, NULL);
}
