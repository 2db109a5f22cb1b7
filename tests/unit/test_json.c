/* test_json.c - what lib/json promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/value.h"

static void
assert_formats(struct json_value *value, const char *expected)
{
	char *text = json_value_format(value, false);

	assert_string_equal(text, expected);
	free(text);
	json_value_free(value);
}

static int
parse(struct json_value **out, const char *text, struct err *err)
{
	return json_value_parse(out, text, strlen(text), err);
}

static void
test_members_are_written_in_the_order_they_were_set(void **state)
{
	struct json_value *object = json_value_object();

	(void)state;
	json_value_set(object, "b", json_value_int(2));
	json_value_set(object, "a", json_value_bool(true));
	json_value_set(object, "c", json_value_null());
	assert_formats(object, "{\"b\":2,\"a\":true,\"c\":null}");
}

static void
test_a_number_is_written_as_it_came(void **state)
{
	struct json_value *array = json_value_array();

	(void)state;
	json_value_add(array, json_value_number("55.67594"));
	json_value_add(array, json_value_number("-12"));
	json_value_add(array, json_value_number("9007199254740993"));
	json_value_add(array, json_value_number("NaN"));
	json_value_add(array, json_value_number("0x10"));
	json_value_add(array, json_value_number("inf"));
	assert_formats(array,
	    "[55.67594,-12,9007199254740993,\"NaN\",\"0x10\",\"inf\"]");
}

static void
test_text_is_escaped_and_stays_utf8(void **state)
{
	(void)state;
	assert_formats(json_value_text("Hillerød \"A\"\n"),
	    "\"Hillerød \\\"A\\\"\\n\"");
}

static void
test_a_path_into_nothing_is_answered_not_a_crash(void **state)
{
	struct json_value *value;
	struct err err;

	(void)state;
	assert_int_equal(parse(&value, "{\"a\":[1,{\"b\":\"x\"}],\"t\":true}",
	    &err), 0);
	assert_string_equal(json_value_get_text(json_value_find(json_value_at(
	    json_value_find(value, "a"), 1), "b")), "x");
	assert_null(json_value_get_text(json_value_find(json_value_at(
	    json_value_find(value, "z"), 1), "b")));
	assert_int_equal(json_value_get_int(json_value_at(
	    json_value_find(value, "a"), 0), -1), 1);
	assert_int_equal(json_value_get_int(json_value_find(value, "t"), -1),
	    -1);
	assert_true(json_value_get_bool(json_value_find(value, "t"), false));
	assert_int_equal(json_value_count(json_value_find(value, "a")), 2);
	assert_int_equal(json_value_count(value), 2);
	assert_int_equal(json_value_count(NULL), 0);
	json_value_free(value);
}

static void
test_what_is_not_json_is_refused_with_its_place(void **state)
{
	struct json_value *value = NULL;
	struct err err;

	(void)state;
	assert_int_equal(parse(&value, "{\"a\":\n 1,}", &err), -1);
	assert_non_null(strstr(err.text, "line 2"));
	assert_int_equal(parse(&value, "{\"a\":1,\"a\":2}", &err), -1);
	assert_int_equal(parse(&value, "{} x", &err), -1);
	assert_int_equal(parse(&value, "\"\xff\"", &err), -1);
	assert_int_equal(parse(&value, "", &err), -1);
	assert_null(value);
}

static void
test_nesting_has_an_end_but_brackets_in_text_do_not_count(void **state)
{
	char deep[128], text[128];
	struct json_value *value;
	struct err err;

	(void)state;
	memset(deep, '[', 33);
	memset(deep + 33, ']', 33);
	deep[66] = '\0';
	assert_int_equal(parse(&value, deep, &err), -1);
	assert_non_null(strstr(err.text, "deeper than 32"));
	memset(text, '[', sizeof(text));
	memcpy(text, "\"\\\"", 3);
	memcpy(text + sizeof(text) - 2, "\"", 2);
	assert_int_equal(parse(&value, text, &err), 0);
	json_value_free(value);
}

static void
test_the_canonical_text_is_the_same_in_any_order(void **state)
{
	static const char one[] = "{\"b\":[{\"y\":1,\"x\":2}],\"a\":\"\\u00e5\"}";
	static const char other[] =
	    "{ \"a\" : \"\xc3\xa5\", \"b\": [ { \"x\":2, \"y\":1 } ] }";
	struct json_value *value;
	struct err err;
	char *text, *again;

	(void)state;
	assert_int_equal(json_value_parse(&value, one, strlen(one), &err), 0);
	text = json_value_canonical(value);
	json_value_free(value);
	assert_int_equal(json_value_parse(&value, other, strlen(other), &err),
	    0);
	again = json_value_canonical(value);
	json_value_free(value);
	assert_string_equal(text,
	    "{\"a\":\"\xc3\xa5\",\"b\":[{\"x\":2,\"y\":1}]}");
	assert_string_equal(text, again);
	free(text);
	free(again);
}

static void
name_joins(const char *name, const struct json_value *value, void *arg)
{
	char *names = arg;

	strcat(names, name);
	strcat(names, json_value_kind(value) == JSON_KIND_INT ? "i" :
	    json_value_kind(value) == JSON_KIND_REAL ? "r" :
	    json_value_kind(value) == JSON_KIND_BOOL ? "b" :
	    json_value_kind(value) == JSON_KIND_TEXT ? "t" :
	    json_value_kind(value) == JSON_KIND_ARRAY ? "a" :
	    json_value_kind(value) == JSON_KIND_OBJECT ? "o" : "n");
}

static void
test_each_member_is_visited_in_its_order_with_its_kind(void **state)
{
	static const char text[] = "{\"z\":1,\"y\":1.5,\"x\":true,\"w\":\"\","
	    "\"v\":[],\"u\":{},\"s\":null}";
	struct json_value *value;
	struct err err;
	char names[40] = "";

	(void)state;
	assert_int_equal(json_value_parse(&value, text, strlen(text), &err),
	    0);
	json_value_each(value, name_joins, names);
	assert_string_equal(names, "ziyrxbwtvauosn");
	json_value_each(NULL, name_joins, names);
	assert_int_equal(json_value_kind(NULL), JSON_KIND_NULL);
	json_value_free(value);
}

static void
test_a_shared_value_outlives_one_of_its_trees(void **state)
{
	struct json_value *one = json_value_object();
	struct json_value *other = json_value_object();
	char *text;

	(void)state;
	json_value_set(one, "a", json_value_text("x"));
	json_value_set(other, "b", json_value_share(json_value_find(one,
	    "a")));
	json_value_free(one);
	text = json_value_format(other, false);
	assert_string_equal(text, "{\"b\":\"x\"}");
	free(text);
	json_value_free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_members_are_written_in_the_order_they_were_set),
		cmocka_unit_test(test_a_number_is_written_as_it_came),
		cmocka_unit_test(test_text_is_escaped_and_stays_utf8),
		cmocka_unit_test(
		    test_a_path_into_nothing_is_answered_not_a_crash),
		cmocka_unit_test(
		    test_what_is_not_json_is_refused_with_its_place),
		cmocka_unit_test(
		    test_nesting_has_an_end_but_brackets_in_text_do_not_count),
		cmocka_unit_test(
		    test_the_canonical_text_is_the_same_in_any_order),
		cmocka_unit_test(
		    test_each_member_is_visited_in_its_order_with_its_kind),
		cmocka_unit_test(test_a_shared_value_outlives_one_of_its_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
