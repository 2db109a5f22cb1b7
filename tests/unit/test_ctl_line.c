/* Unit tests of src/ctl: the command line, its values, and the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/about.h"
#include "ctl/line.h"
#include "ctl/queries.h"
#include "ctl/when.h"
#include "ctl/work.h"

enum { WORDS_MOST = 16 };

/* Splits at blanks; '_' inside a word stands for a blank. */
static int
parse(struct line *line, const char *words, struct err *err)
{
	static char copy[512], program[] = "kattegatctl";
	char *argv[WORDS_MOST] = { program }, *word, *rest = copy, *at;
	int argc = 1;

	snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strsep(&rest, " ")) != NULL) {
		for (at = word; *at != '\0'; at++)
			*at = *at == '_' ? ' ' : *at;
		argv[argc++] = word;
	}
	return line_parse(line, argc, argv, err);
}

static void
assert_refused(const char *words, const char *message)
{
	struct line line;
	struct err err = { "" };

	assert_int_equal(parse(&line, words, &err), -1);
	if (strstr(err.text, message) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.text, message);
	assert_null(line.command);
}

static void
test_options_may_stand_anywhere(void **state)
{
	struct line line;
	struct err err;

	(void)state;
	assert_int_equal(parse(&line, "--json run move --to=2027-01-21 KAT27-03 "
	    "--database host=x_dbname=y --expect 4", &err), 0);
	assert_string_equal(line.command->noun, "run");
	assert_string_equal(line.command->verb, "move");
	assert_string_equal(line_value(&line, "run"), "KAT27-03");
	assert_string_equal(line_value(&line, "to"), "2027-01-21");
	assert_string_equal(line_value(&line, "expect"), "4");
	assert_string_equal(line_value(&line, "database"), "host=x dbname=y");
	assert_non_null(line_value(&line, "json"));
	assert_null(line_value(&line, "venue"));
	line_clear(&line);
}

static void
test_after_two_dashes_nothing_is_an_option(void **state)
{
	struct line line;
	struct err err;

	(void)state;
	assert_int_equal(parse(&line, "room add 3 -- --Sal", &err), 0);
	assert_string_equal(line_value(&line, "name"), "--Sal");
	line_clear(&line);
}

static void
test_a_value_may_begin_with_a_dash(void **state)
{
	struct line line;
	struct err err;

	(void)state;
	assert_int_equal(parse(&line, "venue add AAR Hus --town Nuuk --lat 64.18 "
	    "--lon -51.72", &err), 0);
	assert_string_equal(line_value(&line, "lon"), "-51.72");
	line_clear(&line);
}

static void
test_an_empty_value_is_a_value(void **state)
{
	struct line line;
	struct err err;

	(void)state;
	assert_int_equal(parse(&line, "venue change 3 --street=", &err), 0);
	assert_string_equal(line_value(&line, "street"), "");
	line_clear(&line);
}

static void
test_what_is_wrong_is_said_with_what_would_be_right(void **state)
{
	(void)state;
	assert_refused("fly", "\"fly\" is no command; see \"kattegatctl "
	    "--help\"");
	assert_refused("runs list", "did you mean \"kattegatctl run\"?");
	assert_refused("bookign list", "did you mean \"kattegatctl booking\"?");
	assert_refused("booking canecl 7", "did you mean \"kattegatctl booking "
	    "cancel\"?");
	assert_refused("booking list --ofice AAR", "did you mean --office?");
	assert_refused("help fly", "is no command");
	assert_refused("run", "run what? See \"kattegatctl run --help\"");
	assert_refused("run fly", "see \"kattegatctl run --help\"");
	assert_refused("run move", "RUN is missing; see \"kattegatctl run move "
	    "--help\"");
	assert_refused("run move A B", "\"B\" is too much");
	assert_refused("run move A --fast", "there is no option --fast here");
	assert_refused("--to=2027-01-01 run move A", "no option --to here");
	assert_refused("run move A --to", "--to needs a value; write --to DATE");
	assert_refused("run move A --json=yes", "--json takes no value");
	assert_refused("run list --office AAR --office KBH", "comes twice");
	assert_refused("person add Ida", "--role is missing");
	assert_refused("person add Ida --role king",
	    "write one of teacher|councillor|secretary|coordinator|planner|"
	    "admin|auditor");
	assert_refused("run move A --to 21/1", "write a day that exists, as "
	    "2027-01-21");
	assert_refused("session move A one", "write a whole number");
	assert_refused("room add 3 \xff", "not UTF-8");
}

static void
test_a_command_of_one_word_leaves_room_for_those_of_two(void **state)
{
	struct line line;
	struct err err;

	(void)state;
	assert_int_equal(parse(&line, "demo --scale 10", &err), 0);
	assert_null(line.command->verb);
	assert_string_equal(line_value(&line, "scale"), "10");
	line_clear(&line);
	assert_int_equal(parse(&line, "demo load --from x", &err), 0);
	assert_string_equal(line.command->verb, "load");
	assert_string_equal(line_value(&line, "from"), "x");
	line_clear(&line);
	assert_refused("demo", "--scale is missing; see \"kattegatctl demo "
	    "--help\"");
	assert_refused("demo fly", "\"fly\" is too much");
	/* The values would be the other command's. */
	assert_refused("demo --from x load", "\"load\" is too much");
	assert_refused("demo load --scale 10", "no option --scale here");
}

static void
test_help_and_version_need_nothing_else(void **state)
{
	static const char *const lines[] = { "--help", "run --help", "help",
		"help run", "help run move", "run move help --help",
		"run move --help", "--version", "--print man" };
	struct line line;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(lines); i++) {
		assert_int_equal(parse(&line, lines[i], &err), 0);
		line_clear(&line);
	}
}

static void
test_times_are_taken_to_the_minute_and_must_exist(void **state)
{
	static const char *const wrong[] = { "", "2027-01-21", "2027-01-21T9:00",
		"2027-01-21T09:00:00", "2027-02-29T09:00", "2027-13-01T09:00",
		"2027-01-32T09:00", "2027-00-10T09:00", "2027-01-21T24:00",
		"2027-01-21T09:60", "2027-01-21t09:00", " 2027-01-21T09:00",
		"2027/01/21 09:00", "1899-01-01T09:00", "2100-02-29T09:00" };
	char out[WHEN_TIME_LENGTH + 1] = "untouched";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(when_time_parse(out, wrong[i]), -1);
	assert_string_equal(out, "untouched");
	assert_int_equal(when_time_parse(out, "2027-01-21T09:00"), 0);
	assert_string_equal(out, "2027-01-21 09:00");
	assert_int_equal(when_time_parse(out, "2028-02-29 23:59"), 0);
	assert_string_equal(out, "2028-02-29 23:59");
	assert_int_equal(when_time_parse(out, "2000-02-29 00:00"), 0);
}

static void
test_dates_are_days_without_an_hour(void **state)
{
	char out[WHEN_DATE_LENGTH + 1];

	(void)state;
	assert_int_equal(when_date_parse(out, "2027-01-21"), 0);
	assert_string_equal(out, "2027-01-21");
	assert_int_equal(when_date_parse(out, "2027-01-21T09:00"), -1);
	assert_int_equal(when_date_parse(out, "2027-04-31"), -1);
}

static void
assert_converts(enum field_type type, const char *text, const char *expected)
{
	const struct field field = { "x", type, "X", false, "a|bc", "" };
	struct err err;
	char *out = NULL;

	if (expected == NULL) {
		assert_int_equal(field_convert(&out, &field, text, &err), -1);
		assert_null(out);
		return;
	}
	assert_int_equal(field_convert(&out, &field, text, &err), 0);
	assert_string_equal(out, expected);
	free(out);
}

static void
test_setups_become_json(void **state)
{
	(void)state;
	assert_converts(FIELD_SETUPS, "islands:25",
	    "[{\"setup\":\"islands\",\"capacity\":25}]");
	assert_converts(FIELD_SETUPS, "islands:25:60:30,theatre:60",
	    "[{\"setup\":\"islands\",\"capacity\":25,\"setup_min\":60,"
	    "\"clear_min\":30},{\"setup\":\"theatre\",\"capacity\":60}]");
	assert_converts(FIELD_SETUPS, "", NULL);
	assert_converts(FIELD_SETUPS, "islands", NULL);
	assert_converts(FIELD_SETUPS, ":25", NULL);
	assert_converts(FIELD_SETUPS, "islands:0", NULL);
	assert_converts(FIELD_SETUPS, "islands:x", NULL);
	assert_converts(FIELD_SETUPS, "islands:25:1:2:3", NULL);
	assert_converts(FIELD_SETUPS, "islands:25,", NULL);
	assert_converts(FIELD_SETUPS, "a:1,b:1,c:1,d:1,e:1,f:1", NULL);
}

static void
test_values_have_the_form_of_their_type(void **state)
{
	(void)state;
	assert_converts(FIELD_INT, "0", "0");
	assert_converts(FIELD_INT, "2147483647", "2147483647");
	assert_converts(FIELD_INT, "2147483648", NULL);
	assert_converts(FIELD_INT, "-1", NULL);
	assert_converts(FIELD_INT, "", NULL);
	assert_converts(FIELD_COUNT, "1", "1");
	assert_converts(FIELD_COUNT, "0", NULL);
	assert_converts(FIELD_DEGREES, "-5.5", "-5.5");
	assert_converts(FIELD_DEGREES, "5.", NULL);
	assert_converts(FIELD_DEGREES, "1e1", NULL);
	assert_converts(FIELD_DEGREES, "55,6", NULL);
	assert_converts(FIELD_WORD, "bc", "bc");
	assert_converts(FIELD_WORD, "b", NULL);
	assert_converts(FIELD_WORD, "a|bc", NULL);
	assert_converts(FIELD_WORD, "", NULL);
	assert_converts(FIELD_IDS, "3,4", "3,4");
	assert_converts(FIELD_IDS, "3", "3");
	assert_converts(FIELD_IDS, "3,", NULL);
	assert_converts(FIELD_IDS, "", NULL);
	assert_converts(FIELD_IDS, "3,4}", NULL);
	assert_converts(FIELD_SESSION, "KAT27-03/1", "KAT27-03/1");
	assert_converts(FIELD_SESSION, "KAT27-03", NULL);
	assert_converts(FIELD_SESSION, "/1", NULL);
	assert_converts(FIELD_SESSION, "KAT27-03/0", NULL);
	assert_converts(FIELD_SESSION, "KAT27-03/1/2", NULL);
}

static void
test_lists_have_the_form_of_their_parts(void **state)
{
	(void)state;
	assert_converts(FIELD_WORDS, "projector,smart_board",
	    "projector,smart_board");
	assert_converts(FIELD_WORDS, "", NULL);
	assert_converts(FIELD_WORDS, "a,,b", NULL);
	assert_converts(FIELD_WORDS, "A", NULL);
	assert_converts(FIELD_DATES, "2027-01-21,2027-02-04",
	    "2027-01-21,2027-02-04");
	assert_converts(FIELD_DATES, "2027-02-29", NULL);
	assert_converts(FIELD_DATES, "2027-01-21,", NULL);
	assert_converts(FIELD_ROOMS, "2027-01-21:3,2027-02-04:5",
	    "2027-01-21:3,2027-02-04:5");
	assert_converts(FIELD_ROOMS, "2027-01-21", NULL);
	assert_converts(FIELD_ROOMS, "2027-01-21:0", NULL);
	assert_converts(FIELD_ROOMS, "2027-02-29:3", NULL);
	assert_converts(FIELD_ROOMS, "2027-01-21:3:4", NULL);
	assert_converts(FIELD_SESSION_ROOMS, "1:3,2:0",
	    "[{\"no\":1,\"room_id\":3},{\"no\":2,\"room_id\":null}]");
	assert_converts(FIELD_SESSION_ROOMS, "0:3", NULL);
	assert_converts(FIELD_SESSION_ROOMS, "1", NULL);
	assert_converts(FIELD_SESSION_ROOMS, "1:-3", NULL);
	assert_converts(FIELD_HOUR, "09:00", "09:00");
	assert_converts(FIELD_HOUR, "24:00", NULL);
	assert_converts(FIELD_HOUR, "9:00", NULL);
	assert_converts(FIELD_HOUR, "09:60", NULL);
	assert_converts(FIELD_COUNTS, "vegetarian:3,vegan:0",
	    "{\"vegetarian\":3,\"vegan\":0}");
	assert_converts(FIELD_COUNTS, "vegan:1,vegan:2", NULL);
	assert_converts(FIELD_COUNTS, "vegetarian", NULL);
	assert_converts(FIELD_COUNTS, "vegetarian:-1", NULL);
	assert_converts(FIELD_COUNTS, ":3", NULL);
}

static bool
has_field(const struct field *fields, const char *name)
{
	for (; fields != NULL && fields->name != NULL; fields++) {
		if (strcmp(fields->name, name) == 0)
			return true;
	}
	return false;
}

static int
count_fields(const struct field *fields)
{
	int count = 0;

	for (; fields != NULL && fields->name != NULL; fields++)
		count++;
	return count;
}

/* "member=field", "!member=field" or "name", behind the route's name. */
static void
check_members(const struct command *command)
{
	const char *const *param = command->params;
	const char *name, *gap;

	assert_non_null(param);
	assert_non_null(param[0]);
	while (*++param != NULL) {
		gap = strchr(*param, '=');
		name = gap != NULL ? gap + 1 : *param;
		if (!has_field(command->arguments, name) &&
		    !has_field(command->options, name))
			fail_msg("%s %s has no field %s", command->noun,
			    command->verb, name);
	}
}

static void
check_params(const struct command *command)
{
	int i = 0;

	for (; command->params != NULL && command->params[i] != NULL; i++) {
		if (!has_field(command->arguments, command->params[i]) &&
		    !has_field(command->options, command->params[i]) &&
		    strcmp(command->params[i], "why") != 0)
			fail_msg("%s %s has no field %s", command->noun,
			    command->verb, command->params[i]);
	}
	if (i != command->statement->nparams)
		fail_msg("%s %s gives %d parameters to %s", command->noun,
		    command->verb, i, command->statement->name);
}

static void
test_every_command_gives_its_statement_what_it_takes(void **state)
{
	const struct command *command;
	const struct field *field;

	(void)state;
	for (command = command_table; command->noun != NULL; command++) {
		assert_non_null(command->run);
		assert_true(count_fields(command->arguments) <=
		    COMMAND_ARGUMENTS_MOST);
		assert_true(count_fields(command->arguments) +
		    count_fields(command->options) <= COMMAND_FIELDS_MOST);
		if (command->statement == &query_ctl_operator)
			check_members(command);
		else if (command->statement != NULL)
			check_params(command);
		if (command->run == work_write)
			assert_non_null(command->done);
		for (field = command->options; field != NULL &&
		    field->name != NULL; field++)
			assert_false(has_field(command_globals, field->name));
	}
	assert_true(count_fields(command_globals) <= LINE_GLOBALS_MOST);
}

/* Cuts words apart as a shell does, but for escapes. */
static int
split(char *text, char **argv)
{
	int argc = 0;
	bool quoted;

	while (*(text += strspn(text, " ")) != '\0') {
		quoted = *text == '"';
		text += quoted;
		argv[argc++] = text;
		text += strcspn(text, quoted ? "\"" : " ");
		if (*text != '\0')
			*text++ = '\0';
	}
	return argc;
}

/* Both are in the same order, so that none is forgotten or left over. */
static void
test_every_command_has_an_example(void **state)
{
	const struct command *command = command_table;
	const struct about *about = about_table;

	(void)state;
	for (; command->noun != NULL; command++, about++) {
		if (about_get(command) != about)
			fail_msg("%s %s: another order", command->noun,
			    command->verb != NULL ? command->verb : "");
		assert_non_null(about->example);
	}
	assert_null(about->noun);
}

/* Each can be typed as it stands there. */
static void
test_examples_are_command_lines(void **state)
{
	const struct about *about = about_table;
	char *words, *argv[64];
	struct line line;
	struct err err;
	int argc;

	(void)state;
	for (; about->noun != NULL; about++) {
		words = xasprintf("kattegatctl %s %s %s", about->noun,
		    about->verb != NULL ? about->verb : "", about->example);
		argc = split(words, argv);
		if (line_parse(&line, argc, argv, &err) != 0)
			fail_msg("%s %s: %s", about->noun, about->verb,
			    err.text);
		line_clear(&line);
		free(words);
	}
}

static void
test_each_refusal_by_the_database_has_its_exit_code(void **state)
{
	static const struct {
		const char	*sqlstate;
		enum work_exit	 exit;
	} expected[] = {
		{ "KG001", WORK_REFUSED }, { "KG002", WORK_REFUSED },
		{ "KG003", WORK_CONFLICT }, { "KG004", WORK_MISSING },
		{ "KG005", WORK_REFUSED }, { "KG006", WORK_REFUSED },
		{ "KG007", WORK_REFUSED }, { "KG409", WORK_REFUSED },
		{ "40001", WORK_CONFLICT },
		{ "40P01", WORK_CONFLICT }, { "55P03", WORK_CONFLICT },
		{ "42501", WORK_AWAY }, { "42P01", WORK_AWAY },
		{ "3F000", WORK_AWAY }, { "57P01", WORK_AWAY },
		{ "53300", WORK_AWAY }, { "08006", WORK_AWAY },
		{ "25006", WORK_AWAY }, { "23514", WORK_REFUSED },
		{ "22P02", WORK_REFUSED }, { "", WORK_REFUSED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(expected); i++)
		assert_int_equal(work_exit_of(expected[i].sqlstate),
		    expected[i].exit);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_may_stand_anywhere),
		cmocka_unit_test(test_after_two_dashes_nothing_is_an_option),
		cmocka_unit_test(test_a_value_may_begin_with_a_dash),
		cmocka_unit_test(test_an_empty_value_is_a_value),
		cmocka_unit_test(
		    test_what_is_wrong_is_said_with_what_would_be_right),
		cmocka_unit_test(
		    test_a_command_of_one_word_leaves_room_for_those_of_two),
		cmocka_unit_test(test_help_and_version_need_nothing_else),
		cmocka_unit_test(
		    test_times_are_taken_to_the_minute_and_must_exist),
		cmocka_unit_test(test_dates_are_days_without_an_hour),
		cmocka_unit_test(test_setups_become_json),
		cmocka_unit_test(test_values_have_the_form_of_their_type),
		cmocka_unit_test(test_lists_have_the_form_of_their_parts),
		cmocka_unit_test(
		    test_every_command_gives_its_statement_what_it_takes),
		cmocka_unit_test(test_every_command_has_an_example),
		cmocka_unit_test(test_examples_are_command_lines),
		cmocka_unit_test(
		    test_each_refusal_by_the_database_has_its_exit_code),
	};

	return cmocka_run_group_tests_name("ctl line", tests, NULL, NULL);
}
