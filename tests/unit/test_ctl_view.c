/* Unit tests of src/ctl: answers of the API as tables, and commands as inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ctl/ask.h"
#include "ctl/completion.h"
#include "ctl/refusal.h"
#include "ctl/view.h"

static struct json_value *
tree(const char *text)
{
	struct json_value *value;
	struct err err;

	if (json_value_parse(&value, text, strlen(text), &err) != 0)
		fail_msg("%s", err.text);
	return value;
}

static const struct view_column columns[] = {
	{ "id", "id" },
	{ "room", "room.name" },
	{ "starts", "starts_local" },
	{ "free", "free" },
	{ "tags", "tags" },
	{ "first", "hits.0.title" },
	{ "never", "never" },
	{ NULL, NULL },
};

static void
assert_table(const char *json, const char *expected)
{
	struct json_value *rows = tree(json);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	view_table(out, columns, NULL, rows);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
	json_value_free(rows);
}

static void
test_a_table_shows_what_paths_lead_to(void **state)
{
	(void)state;
	assert_table("[{\"id\":7,\"room\":{\"name\":\"Ærø\"},\"starts_local\":"
	    "\"2027-01-21T09:00\",\"free\":true,\"tags\":[\"a\",\"b\"],"
	    "\"hits\":[{\"title\":\"Møde\"}]},{\"id\":12,\"room\":null,"
	    "\"starts_local\":\"T\",\"free\":false,\"tags\":[],\"hits\":[]}]",
	    "id  room  starts            free  tags  first\n"
	    " 7  Ærø   2027-01-21 09:00  yes   a, b  Møde\n"
	    "12  -     T                 no    -     -\n");
}

static void
test_columns_with_nothing_in_them_are_left_out(void **state)
{
	(void)state;
	assert_table("[{\"id\":7,\"tags\":[]},{\"id\":8,\"room\":{}}]",
	    "id\n 7\n 8\n");
	assert_table("[]", "id  room  starts  free  tags  first  never\n"
	    "(none)\n");
}

static void
test_one_object_is_shown_as_names_and_values(void **state)
{
	struct json_value *object = tree("{\"id\":7,\"room\":{\"name\":\"Øst\"},"
	    "\"tags\":null}");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	view_pairs(out, columns, object);
	fclose(out);
	assert_string_equal(text, "id:    7\nroom:  Øst\n");
	free(text);
	json_value_free(object);
}

static void
assert_detail(const char *json, const char *expected)
{
	struct json_value *detail = tree(json);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	refusal_show_detail(out, detail);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
	json_value_free(detail);
}

static void
test_a_refusal_shows_what_is_in_the_way_and_instead(void **state)
{
	(void)state;
	assert_detail("{\"conflicts\":[{\"booking_id\":3,\"title\":\"Møde\","
	    "\"room\":\"Øst\",\"from\":\"2027-01-21T09:00\",\"to\":"
	    "\"2027-01-21T10:00\",\"setup\":null}],\"alternatives\":[{"
	    "\"reason\":\"room\",\"room_id\":4,\"room\":\"Vest\"}]}",
	    "\nIn the way:\n"
	    "booking  title  room  from              to\n"
	    "      3  Møde   Øst   2027-01-21 09:00  2027-01-21 10:00\n"
	    "\nFree instead:\n"
	    "other  room  name\n"
	    "room      4  Vest\n");
	assert_detail("{\"difference\":{\"title\":{\"before\":\"a\",\"after\":"
	    "\"b\"},\"heads\":{\"before\":null,\"after\":7}}}",
	    "\nChanged since:\n"
	    "what   before  now\n"
	    "title  a       b\n"
	    "heads  -       7\n");
	assert_detail("{\"conflicts\":[],\"fields\":[\"room_id\"]}", "");
	assert_detail("[]", "");
}

static void
test_what_is_refused_is_one_object_for_scripts(void **state)
{
	struct json_value *detail = tree("{\"lines\":[1]}"), *made =
	    refusal_make("missing", "there is no run X", "run list shows all",
	    detail, WORK_MISSING);
	char *text = json_value_format(made, false);

	(void)state;
	assert_string_equal(text, "{\"error\":{\"code\":\"missing\",\"message\":"
	    "\"there is no run X\",\"hint\":\"run list shows all\",\"detail\":"
	    "{\"lines\":[1]},\"exit\":4}}");
	free(text);
	json_value_free(made);
}

/* The input of a command line. */
static void
assert_input(const char *words, const char *expected)
{
	char copy[512], *argv[32] = { NULL }, *rest = copy, *input;
	struct json_value *value;
	struct work work;
	struct line line;
	struct err err;
	int argc = 0;

	snprintf(copy, sizeof(copy), "kattegatctl %s --why x", words);
	while ((argv[argc] = strsep(&rest, " ")) != NULL)
		argc++;
	if (line_parse(&line, argc, argv, &err) != 0)
		fail_msg("%s", err.text);
	work_init(&work, &line);
	value = ask_input(&work);
	input = json_value_format(value, false);
	assert_string_equal(input, expected);
	free(input);
	json_value_free(value);
	work_clear(&work);
	line_clear(&line);
}

static void
test_a_command_line_becomes_the_input_of_a_route(void **state)
{
	(void)state;
	assert_input("booking create 3,4 --session KAT27-03/2 --heads 12 "
	    "--diets vegan:2 --hold-until 2027-01-21T09:00",
	    "{\"why\":\"x\",\"room_ids\":[3,4],\"run_no\":\"KAT27-03\","
	    "\"session_no\":2,\"head_count\":12,\"expires_local\":"
	    "\"2027-01-21 09:00\",\"catering_diets\":{\"vegan\":2}}");
	assert_input("series preview 3 --title Kor --starts 09:00 --ends 10:00 "
	    "--from 2027-01-05 --until 2027-02-01 --weekdays mon,tue "
	    "--on-holidays", "{\"why\":\"x\",\"room_id\":3,\"title\":\"Kor\","
	    "\"starts\":\"09:00\",\"ends\":\"10:00\",\"from\":\"2027-01-05\","
	    "\"until\":\"2027-02-01\",\"weekdays\":[\"mon\",\"tue\"],"
	    "\"skip_holidays\":false}");
	assert_input("room free --starts 2027-01-21T09:00 --ends "
	    "2027-01-21T10:00 --step-free --equipment projector",
	    "{\"why\":\"x\",\"starts_local\":\"2027-01-21 09:00\","
	    "\"ends_local\":\"2027-01-21 10:00\",\"equipment\":[\"projector\"],"
	    "\"step_free\":true}");
	assert_input("run move KAT27-03 --rooms 1:3,2:0", "{\"why\":\"x\","
	    "\"run_no\":\"KAT27-03\",\"rooms\":[{\"no\":1,\"room_id\":3},"
	    "{\"no\":2,\"room_id\":null}]}");
	assert_input("booking cancel 7 --expect 3",
	    "{\"why\":\"x\",\"booking_id\":7}");
}

static void
test_completion_names_every_command_and_option(void **state)
{
	const struct command *command;
	const struct field *field;
	char *text = NULL, *word;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	completion_print(out);
	fclose(out);
	for (command = command_table; command->noun != NULL; command++) {
		word = xasprintf(" %s", command->verb != NULL ? command->verb :
		    command->noun);
		assert_non_null(strstr(text, word));
		free(word);
		for (field = command->options; field != NULL &&
		    field->name != NULL; field++) {
			word = xasprintf(" --%s", field->name);
			assert_non_null(strstr(text, word));
			free(word);
		}
	}
	/* what builders use only is not offered */
	assert_null(strstr(text, "--print"));
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_table_shows_what_paths_lead_to),
		cmocka_unit_test(test_columns_with_nothing_in_them_are_left_out),
		cmocka_unit_test(test_one_object_is_shown_as_names_and_values),
		cmocka_unit_test(
		    test_a_refusal_shows_what_is_in_the_way_and_instead),
		cmocka_unit_test(test_what_is_refused_is_one_object_for_scripts),
		cmocka_unit_test(
		    test_a_command_line_becomes_the_input_of_a_route),
		cmocka_unit_test(
		    test_completion_names_every_command_and_option),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("ctl view", tests, NULL, NULL);
}
