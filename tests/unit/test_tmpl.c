/* Unit tests of lib/gen/tmpl2c: what it makes and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

struct work {
	char	folder[64];
	char	in[96];
	char	out[96];
};

static int
work_make(void **state)
{
	struct work *work = xcalloc(1, sizeof(*work));

	snprintf(work->folder, sizeof(work->folder), "/tmp/kg-tmpl-XXXXXX");
	if (mkdtemp(work->folder) == NULL)
		return -1;
	snprintf(work->in, sizeof(work->in), "%s/in.tmpl", work->folder);
	snprintf(work->out, sizeof(work->out), "%s/out.c", work->folder);
	*state = work;
	return 0;
}

static int
work_drop(void **state)
{
	struct work *work = *state;

	unlink(work->in);
	unlink(work->out);
	rmdir(work->folder);
	free(work);
	return 0;
}

static void
file_put(const char *path, const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
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

/* Runs tmpl2c over the bytes; its exit status, what it said in `said`. */
static int
run_bytes(const struct work *work, const char *text, size_t length,
    struct buf *said)
{
	char *command = xasprintf("%s %s %s 2>&1", TMPL2C, work->out, work->in);
	FILE *pipe;
	int status;

	file_put(work->in, text, length);
	pipe = popen(command, "r");
	stream_take(said, pipe);
	status = pclose(pipe);
	free(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The template must be refused with these words behind FILE:LINE. */
static void
refused(void **state, const char *text, int line, const char *words)
{
	const struct work *work = *state;
	struct buf said = BUF_INIT;
	char *place = xasprintf("%s:%d: ", work->in, line);

	assert_int_equal(run_bytes(work, text, strlen(text), &said), 1);
	if (strstr(said.data, place) != said.data ||
	    strstr(said.data, words) == NULL)
		fail_msg("not \"%s%s\" but \"%s\"", place, words, said.data);
	assert_int_equal(access(work->out, F_OK), -1);
	free(place);
	buf_clear(&said);
}

/* The template must be taken, and these lines stand in what was made. */
static void
made(void **state, const char *text, const char *lines)
{
	const struct work *work = *state;
	struct buf said = BUF_INIT, out = BUF_INIT;
	FILE *file;

	assert_int_equal(run_bytes(work, text, strlen(text), &said), 0);
	assert_string_equal(said.data, "");
	file = fopen(work->out, "r");
	stream_take(&out, file);
	fclose(file);
	if (strstr(out.data, lines) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", lines, out.data);
	buf_clear(&said);
	buf_clear(&out);
}

#define DEFINE	"{{ define f(struct out *out, int n) }}"

static void
test_a_value_is_escaped_unless_it_says_otherwise(void **state)
{
	made(state, DEFINE "{{ n }}{{ end }}", "\tout_value(out, n);\n");
	made(state, DEFINE "{{ n | url }}{{ end }}", "\tout_url(out, n );\n");
	made(state, DEFINE "{{ n | raw /* a number */ }}{{ end }}",
	    "\tout_raw(out, n );\n");
}

static void
test_white_space_stays_as_it_was_written(void **state)
{
	made(state, DEFINE "\n  a\n\n b {{ end }}",
	    "\tout_bytes(out,\n\t    \"\\n\"\n\t    \"  a\\n\"\n"
	    "\t    \"\\n\"\n\t    \" b \", 9);\n");
}

static void
test_the_compiler_is_told_the_template_s_line(void **state)
{
	struct work *work = *state;
	char *line = xasprintf("#line 3 \"%s\"\n\tout_value(out, n);\n",
	    work->in);

	made(state, "\n" DEFINE "text\n{{ n }}{{ end }}", line);
	free(line);
}

static void
test_a_quoted_bracket_or_brace_is_no_bracket(void **state)
{
	made(state, DEFINE "{{ n ? \"}}(\" : \"'|\" }}{{ end }}",
	    "\tout_value(out, n ? \"}}(\" : \"'|\");\n");
}

static void
test_a_logical_or_is_no_filter(void **state)
{
	made(state, DEFINE "{{ n || n }}{{ end }}", "out_value(out, n || n);");
	made(state, DEFINE "{{ (n | 1) | url }}{{ end }}",
	    "out_url(out, (n | 1) );");
}

static void
test_blocks_must_be_closed_and_opened(void **state)
{
	refused(state, DEFINE "\n{{ for (;;) }}\n{{ end }}\n", 1,
	    "`define` is never ended; close it with `{{ end }}`");
	refused(state, DEFINE "\n{{ if (n) }}", 2, "`if` is never ended");
	refused(state, DEFINE "{{ end }}\n{{ end }}", 2,
	    "`end` outside a define");
	refused(state, DEFINE "\n\n" DEFINE, 3,
	    "define inside the define of line 1");
	refused(state, DEFINE "{{ end if }}", 1, "write `{{ end }}`");
}

static void
test_else_belongs_to_an_if(void **state)
{
	refused(state, DEFINE "\n{{ else }}", 2, "else in the define");
	refused(state, DEFINE "{{ for (;;) }}{{ else }}", 1, "else in the for");
	refused(state, DEFINE "{{ if (n) }}{{ else }}\n{{ else }}", 2,
	    "else in the else of line 1");
	refused(state, DEFINE "{{ if (n) }}{{ else n }}", 1,
	    "`else` takes nothing but `if (...)`");
}

static void
test_a_condition_stands_in_one_pair_of_parentheses(void **state)
{
	refused(state, DEFINE "{{ if n }}", 1, "write `if (...)`");
	refused(state, DEFINE "{{ if (n) && (n) }}", 1, "write `if (...)`");
	refused(state, DEFINE "{{ for }}", 1, "write `for (...)`");
}

static void
test_what_is_opened_in_a_line_is_missed_in_that_line(void **state)
{
	refused(state, DEFINE "\n\n{{ n", 3, "`{{` is never closed");
	refused(state, DEFINE "\n{{ n <b> {{ n }}", 2, "`{{` is never closed");
	refused(state, DEFINE "\n{{ \"n }}\n", 2, "does not end");
	refused(state, DEFINE "\n{{ n /* why }}\n", 2, "does not end");
	refused(state, DEFINE "\n\nn }}", 3, "`}}` closes nothing");
	refused(state, DEFINE "\n{{ f(n[1) }}", 2, "brackets do not match");
}

static void
test_a_value_must_be_there_and_its_filter_known(void **state)
{
	refused(state, DEFINE "\n{{ }}", 2, "holds no value");
	refused(state, DEFINE "{{ | url }}", 1, "holds no value");
	refused(state, DEFINE "{{ n | html }}", 1, "`| html` is not known");
	refused(state, DEFINE "{{ n | }}", 1, "`| ` is not known");
}

static void
test_a_raw_value_needs_its_reason(void **state)
{
	refused(state, DEFINE "\n{{ n | raw }}{{ end }}", 2,
	    "`| raw` without a reason");
}

static void
test_nothing_but_white_space_stands_outside_a_define(void **state)
{
	refused(state, "\n\n<p>", 3, "text outside a define");
	refused(state, "\n{{ n }}", 2, "`n` outside a define");
	refused(state, "{{ if (n) }}", 1, "outside a define");
	refused(state, DEFINE "{{ include \"a.h\" }}", 1,
	    "include inside a define");
	refused(state, "{{ include a.h }}", 1, "include without a file");
}

static void
test_a_define_is_a_function_that_takes_out(void **state)
{
	refused(state, "{{ define f }}", 1, "`define f` is no function");
	refused(state, "{{ define f(int n) }}", 1, "is no function");
	refused(state, "{{ define 7(struct out *out) }}", 1, "is no function");
	refused(state, DEFINE "{{ call f }}", 1, "`call f` is no call");
}

static void
test_blocks_may_stand_in_each_other_only_so_deep(void **state)
{
	struct buf text = BUF_INIT;
	int i;

	buf_adds(&text, DEFINE);
	for (i = 0; i < 40; i++)
		buf_adds(&text, "\n{{ if (n) }}");
	refused(state, text.data, 33, "move a part into its own define");
	buf_clear(&text);
}

static void
test_only_utf8_text_is_read(void **state)
{
	static const char *const bad[] = { "\xff", "{{ /* \xc3 */ }}" };
	struct buf said = BUF_INIT;

	refused(state, bad[0], 1, "not UTF-8");
	refused(state, bad[1], 1, "not UTF-8");
	assert_int_equal(run_bytes(*state, "\n\0\n", 3, &said), 1);
	assert_non_null(strstr(said.data, "not UTF-8"));
	buf_clear(&said);
}

static void
test_a_missing_file_is_named(void **state)
{
	const struct work *work = *state;
	struct buf said = BUF_INIT;
	char *command = xasprintf("%s %s %s/none 2>&1", TMPL2C, work->out,
	    work->folder);
	FILE *pipe = popen(command, "r");

	stream_take(&said, pipe);
	assert_int_equal(WEXITSTATUS(pclose(pipe)), 1);
	assert_non_null(strstr(said.data, "/none: No such file"));
	free(command);
	buf_clear(&said);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, work_make, \
			    work_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_value_is_escaped_unless_it_says_otherwise),
		TEST(test_white_space_stays_as_it_was_written),
		TEST(test_the_compiler_is_told_the_template_s_line),
		TEST(test_a_quoted_bracket_or_brace_is_no_bracket),
		TEST(test_a_logical_or_is_no_filter),
		TEST(test_blocks_must_be_closed_and_opened),
		TEST(test_else_belongs_to_an_if),
		TEST(test_a_condition_stands_in_one_pair_of_parentheses),
		TEST(test_what_is_opened_in_a_line_is_missed_in_that_line),
		TEST(test_a_value_must_be_there_and_its_filter_known),
		TEST(test_a_raw_value_needs_its_reason),
		TEST(test_nothing_but_white_space_stands_outside_a_define),
		TEST(test_a_define_is_a_function_that_takes_out),
		TEST(test_blocks_may_stand_in_each_other_only_so_deep),
		TEST(test_only_utf8_text_is_read),
		TEST(test_a_missing_file_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
