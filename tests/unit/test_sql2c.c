/* Unit tests of lib/gen/sql2c: what it makes and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

static const char *const files[] = {
	"feed/a.sql", "feed/b.sql", "feed/B.sql", "schema/0002_b.sql",
	"schema/0001_a.sql", "functions/10_f.sql", "init.sql", "out.c",
	"out.h",
};

static const char *const folders[] = { "feed", "schema", "functions" };

/* The state is the folder's name. */
static int
work_make(void **state)
{
	char *folder = xstrdup("/tmp/kg-sql-XXXXXX"), *inner;
	size_t i;

	if (mkdtemp(folder) == NULL)
		return -1;
	for (i = 0; i < ARRAY_LEN(folders); i++) {
		inner = xasprintf("%s/%s", folder, folders[i]);
		if (mkdir(inner, 0700) != 0)
			return -1;
		free(inner);
	}
	*state = folder;
	return 0;
}

static int
work_drop(void **state)
{
	char *path;
	size_t i;

	for (i = 0; i < ARRAY_LEN(files); i++) {
		path = xasprintf("%s/%s", (char *)*state, files[i]);
		unlink(path);
		free(path);
	}
	for (i = 0; i < ARRAY_LEN(folders); i++) {
		path = xasprintf("%s/%s", (char *)*state, folders[i]);
		rmdir(path);
		free(path);
	}
	rmdir(*state);
	free(*state);
	return 0;
}

static void
put(void **state, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", (char *)*state, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
	free(path);
}

static void
stream_take(struct buf *out, FILE *file)
{
	int c;

	assert_non_null(file);
	while ((c = getc(file)) != EOF)
		buf_addc(out, (char)c);
	buf_adds(out, "");
}

/* Runs sql2c in the folder; its exit status, what it said in `said`. */
static int
run(void **state, const char *args, struct buf *said)
{
	char here[4096], *command;
	FILE *pipe;
	int status;

	assert_non_null(getcwd(here, sizeof(here)));
	command = xasprintf("here=$PWD; cd %s && $here/%s %s 2>&1",
	    (char *)*state, SQL2C, args);
	pipe = popen(command, "r");
	stream_take(said, pipe);
	status = pclose(pipe);
	free(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define QUERIES	"queries out.c out.h GUARD "

/* These files must be refused with these words. */
static void
refused(void **state, const char *args, const char *words)
{
	struct buf said = BUF_INIT;
	char *path = xasprintf("%s/out.c", (char *)*state);

	assert_int_equal(run(state, args, &said), 1);
	if (strncmp(said.data, words, strlen(words)) != 0)
		fail_msg("not \"%s\" but \"%s\"", words, said.data);
	assert_int_equal(access(path, F_OK), -1);
	free(path);
	buf_clear(&said);
}

/* The query of this text must be refused with these words behind the file. */
static void
query_refused(void **state, const char *text, int line, const char *words)
{
	char *place = xasprintf("feed/a.sql:%d: %s", line, words);

	put(state, "feed/a.sql", text);
	refused(state, QUERIES "feed/a.sql", place);
	free(place);
}

/* Must be taken, and these lines stand in the file made. */
static void
made(void **state, const char *args, const char *name, const char *lines)
{
	char *path = xasprintf("%s/%s", (char *)*state, name);
	struct buf said = BUF_INIT, out = BUF_INIT;
	FILE *file;

	if (run(state, args, &said) != 0)
		fail_msg("%s", said.data);
	assert_string_equal(said.data, "");
	file = fopen(path, "r");
	stream_take(&out, file);
	fclose(file);
	if (strstr(out.data, lines) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", lines, out.data);
	buf_clear(&said);
	buf_clear(&out);
	free(path);
}

static void
query_made(void **state, const char *text, const char *lines)
{
	put(state, "feed/a.sql", text);
	made(state, QUERIES "feed/a.sql", "out.c", lines);
}

#define HEAD	"-- Says what.\n--\n-- Returns: x;\n"

static void
test_a_query_is_named_by_its_room_and_file(void **state)
{
	query_made(state, HEAD "SELECT 1;\n",
	    "const struct pg_statement query_feed_a = {\n"
	    "\t.name = \"query_feed_a\",\n\t.nparams = 0,\n\t.sql =\n"
	    "\t    \"SELECT 1\",\n};\n");
	made(state, QUERIES "feed/a.sql", "out.h",
	    "#ifndef GUARD\n#define GUARD\n\n#include \"pg/pg.h\"\n\n"
	    "extern const struct pg_statement query_feed_a;\n");
}

static void
test_parameters_are_counted_where_they_are_parameters(void **state)
{
	query_made(state, HEAD "SELECT $2 + $1 + $2", ".nparams = 2,");
	query_made(state, HEAD "SELECT '$9', \"$9\", e'\\'$9', a$9, $1 -- $9\n"
	    "/* $9 /* $9 */ $9 */ , $x$ $9 $x$, $$ $9 $$", ".nparams = 1,");
}

static void
test_a_semicolon_inside_a_constant_ends_nothing(void **state)
{
	query_made(state, HEAD "SELECT ';', $a$;$$;$a$, 'it''s;' -- ;\n;\n",
	    "\"SELECT ';', $a$;$$;$a$, 'it''s;'\",");
	query_made(state, "/* Head. */ SELECT /* ; */ 1; -- the end\n",
	    "\"SELECT /* ; */ 1\",");
}

static void
test_a_query_s_lines_and_quotes_survive(void **state)
{
	query_made(state, HEAD "SELECT \"a\\b\"\n\tFROM \"c?\"",
	    "\"SELECT \\\"a\\\\b\\\"\\n\"\n\t    \"\\011FROM \\\"c\\?\\\"\",");
}

static void
test_a_second_statement_is_refused(void **state)
{
	query_refused(state, HEAD "SELECT 1;\nSELECT 2;\n", 5,
	    "more than one statement");
	query_refused(state, HEAD "SELECT 1;;\n", 4, "more than one statement");
}

static void
test_a_query_without_head_or_statement_is_refused(void **state)
{
	query_refused(state, "\n\nSELECT 1;\n", 3, "no head comment");
	query_refused(state, "", 1, "no head comment");
	query_refused(state, HEAD, 1, "no statement");
	query_refused(state, HEAD "/* SELECT 1", 1, "no statement");
}

static void
test_what_does_not_end_is_missed_where_it_begins(void **state)
{
	query_refused(state, HEAD "SELECT\n'it;\n", 5, "a quote or comment");
	query_refused(state, HEAD "SELECT\n\n$x$ $y$\n", 6,
	    "a quote or comment");
	query_refused(state, HEAD "SELECT 1 /* /* */", 4,
	    "a quote or comment");
}

static void
test_parameters_have_no_gap(void **state)
{
	query_refused(state, HEAD "SELECT $1, $3", 4, "$3 is used but not $2");
	query_refused(state, HEAD "SELECT $0", 4, "parameter $0");
	query_refused(state, HEAD "SELECT\n$65", 5, "parameter $65");
}

static void
test_a_file_given_twice_or_badly_named_is_refused(void **state)
{
	put(state, "feed/a.sql", HEAD "SELECT 1");
	put(state, "feed/B.sql", HEAD "SELECT 1");
	refused(state, QUERIES "feed/a.sql feed/B.sql",
	    "feed/B.sql:1: no name for a statement");
	refused(state, QUERIES "feed/a.sql feed/../feed/a.sql",
	    "feed/../feed/a.sql:1: given twice");
	refused(state, QUERIES "feed/none.sql",
	    "feed/none.sql: No such file");
}

static void
test_only_utf8_text_is_read(void **state)
{
	query_refused(state, "-- \xff\nSELECT 1", 1, "not UTF-8");
}

static void
test_no_query_at_all_is_fine(void **state)
{
	made(state, QUERIES, "out.h", "#endif");
}

static void
test_scripts_are_whole_and_sorted(void **state)
{
	put(state, "init.sql", "-- Roles.\nSELECT 1;\nSELECT 2;\n");
	put(state, "schema/0002_b.sql", "B;\n");
	put(state, "schema/0001_a.sql", "A;\n");
	put(state, "functions/10_f.sql", "F;\n");
	made(state, "scripts out.c out.h functions/10_f.sql schema/0002_b.sql "
	    "schema/0001_a.sql init.sql", "out.c",
	    "const struct sql_script script_init[] = {\n"
	    "\t{ \"init\",\n\t    \"-- Roles.\\n\"\n\t    \"SELECT 1;\\n\"\n"
	    "\t    \"SELECT 2;\\n\" },\n\t{ NULL, NULL },\n};\n\n"
	    "const struct sql_script script_schema[] = {\n"
	    "\t{ \"0001_a\",\n\t    \"A;\\n\" },\n"
	    "\t{ \"0002_b\",\n\t    \"B;\\n\" },\n\t{ NULL, NULL },\n};\n\n"
	    "const struct sql_script script_functions[] = {\n"
	    "\t{ \"10_f\",\n\t    \"F;\\n\" },\n\t{ NULL, NULL },\n};\n");
}

static void
test_a_script_in_no_known_place_is_refused(void **state)
{
	put(state, "feed/a.sql", "A;\n");
	refused(state, "scripts out.c out.h feed/a.sql",
	    "feed/a.sql:1: in no known place");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, work_make, \
			    work_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_query_is_named_by_its_room_and_file),
		TEST(test_parameters_are_counted_where_they_are_parameters),
		TEST(test_a_semicolon_inside_a_constant_ends_nothing),
		TEST(test_a_query_s_lines_and_quotes_survive),
		TEST(test_a_second_statement_is_refused),
		TEST(test_a_query_without_head_or_statement_is_refused),
		TEST(test_what_does_not_end_is_missed_where_it_begins),
		TEST(test_parameters_have_no_gap),
		TEST(test_a_file_given_twice_or_badly_named_is_refused),
		TEST(test_only_utf8_text_is_read),
		TEST(test_no_query_at_all_is_fine),
		TEST(test_scripts_are_whole_and_sorted),
		TEST(test_a_script_in_no_known_place_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
