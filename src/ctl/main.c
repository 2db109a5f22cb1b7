/* main.c - kattegatctl. */
#include <locale.h>
#include <string.h>

#include "ctl/completion.h"
#include "ctl/help.h"
#include "ctl/layout.h"
#include "ctl/work.h"

/* --help, --version and --print; -1 when none of them was asked for. */
static int
answer_about(const struct line *line)
{
	const char *print = line_value(line, "print");

	if (print != NULL && strcmp(print, "completion") == 0)
		completion_print(stdout);
	else if (print != NULL)
		help_man(stdout);
	else if (line_value(line, "version") != NULL)
		puts("kattegatctl " KG_VERSION);
	else if (line_value(line, "help") == NULL)
		return -1;
	else if (line->command != NULL)
		help_command(stdout, line->command);
	else if (line->noun != NULL)
		help_noun(stdout, line->noun);
	else
		help_all(stdout);
	return WORK_DONE;
}

/* Of a command line that cannot be read. */
static bool
wants_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--json") == 0)
			return true;
	}
	return false;
}

int
main(int argc, char **argv)
{
	struct work work;
	struct line line;
	struct err err;
	int exit_code;

	/* Widths of letters need UTF-8; everything else stays as in C. */
	setlocale(LC_CTYPE, "C.UTF-8");
	if (line_parse(&line, argc, argv, &err) != 0) {
		memset(&work, 0, sizeof(work));
		work.json = wants_json(argc, argv);
		return work_fail(&work, WORK_USAGE, err.text, NULL);
	}
	if (line_value(&line, "wide") != NULL)
		layout_set_wide();
	exit_code = answer_about(&line);
	if (exit_code < 0) {
		work_init(&work, &line);
		exit_code = line.command->run(&work);
		work_clear(&work);
	}
	line_clear(&line);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		work_complain("what was done cannot be written to stdout",
		    "the exit code says nothing about the change itself");
		return WORK_AWAY;
	}
	return exit_code;
}
