#include "ctl/help.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ctl/about.h"
#include "ctl/layout.h"
#include "ctl/work.h"

enum { WIDTH = 79, HELP_COLUMN = 26, EXAMPLE_WIDTH = 68 };

/* Words from column `at` on, further lines beginning at `indent`. */
static void
print_wrapped(FILE *out, const char *text, int at, int indent)
{
	layout_print_wrapped(out, text, (size_t)at, (size_t)indent, WIDTH);
	fputc('\n', out);
}

static void
print_entry(FILE *out, const char *left, const char *text)
{
	const int at = (int)layout_width(left) + 2;

	fputs("  ", out);
	layout_print_wrapped(out, left, 2, 4, WIDTH);
	if (at + 2 > HELP_COLUMN)
		fprintf(out, "\n%*s", HELP_COLUMN, "");
	else
		fprintf(out, "%*s", HELP_COLUMN - at, "");
	print_wrapped(out, text, HELP_COLUMN, HELP_COLUMN);
}

static char *
option_form(const struct field *field)
{
	const char *shown = field_shown(field);

	return xasprintf("--%s%s%s", field->name, shown != NULL ? " " : "",
	    shown != NULL ? shown : "");
}

/* "run move RUN [--to DATE]"; all options only where there is room for them. */
static char *
command_form(const struct command *command, bool options)
{
	const struct field *field;
	struct buf buf = BUF_INIT;
	char *form;

	buf_addf(&buf, "%s%s%s", command->noun,
	    command->verb != NULL ? " " : "",
	    command->verb != NULL ? command->verb : "");
	for (field = command->arguments; field != NULL && field->name != NULL;
	    field++)
		buf_addf(&buf, field->required ? " %s" : " [%s]",
		    field_shown(field));
	for (field = command->options; options && field != NULL &&
	    field->name != NULL; field++) {
		form = option_form(field);
		buf_addf(&buf, field->required ? " %s" : " [%s]", form);
		free(form);
	}
	return buf_take(&buf);
}

static void
print_fields(FILE *out, const char *title, const struct field *fields,
    bool options)
{
	const struct field *field;
	char *form;

	if (fields == NULL || fields->name == NULL)
		return;
	fprintf(out, "\n%s:\n", title);
	for (field = fields; field->name != NULL; field++) {
		if (field->help == NULL)
			continue;
		form = options ? option_form(field) :
		    xstrdup(field_shown(field));
		print_entry(out, form, field->help);
		free(form);
	}
}

static void
print_exits(FILE *out)
{
	char number[16];
	int i;

	fputs("\nExit codes:\n", out);
	for (i = WORK_DONE; i <= WORK_CONFLICT; i++) {
		snprintf(number, sizeof(number), "%d", i);
		print_entry(out, number, work_exit_meaning[i]);
	}
}

static void
print_commands(FILE *out, const char *noun)
{
	const struct command *command;
	char *form;

	for (command = command_table; command->noun != NULL; command++) {
		if (noun != NULL && strcmp(command->noun, noun) != 0)
			continue;
		form = command_form(command, false);
		print_entry(out, form, command->help);
		free(form);
	}
}

void
help_all(FILE *out)
{
	fputs("kattegatctl - looks after kattegat: database, seasons, runs, "
	    "rooms, feeds\n\nUsage: kattegatctl COMMAND [ARGUMENTS] [OPTIONS]\n"
	    "\nCommands (each one: kattegatctl COMMAND --help):\n", out);
	print_commands(out, NULL);
	print_fields(out, "Options of every command", command_globals, true);
	print_exits(out);
	fputs("\nkattegatctl(8) has it all with examples.\n", out);
}

void
help_noun(FILE *out, const char *noun)
{
	fprintf(out, "Usage: kattegatctl %s COMMAND [ARGUMENTS] [OPTIONS]\n\n"
	    "Commands:\n", noun);
	print_commands(out, noun);
	fprintf(out, "\nMore: kattegatctl %s COMMAND --help\n", noun);
}

/* Of "demo": "demo load". */
static void
print_siblings(FILE *out, const struct command *command)
{
	const struct command *other = command_table;
	char *form;

	if (command->verb != NULL)
		return;
	for (; other->noun != NULL; other++) {
		if (other == command ||
		    strcmp(other->noun, command->noun) != 0)
			continue;
		form = command_form(other, false);
		fputc('\n', out);
		print_entry(out, form, other->help);
		free(form);
	}
}

/* "kattegatctl run show KAT27-03"; a line that goes on ends as the shell wants it. */
static char *
example_of(const struct command *command)
{
	struct buf buf = BUF_INIT;
	const char *text = about_get(command)->example;
	size_t length, at;

	buf_addf(&buf, "kattegatctl %s", command->noun);
	if (command->verb != NULL)
		buf_addf(&buf, " %s", command->verb);
	for (at = buf.length; *text != '\0'; text += length) {
		const char *option = strstr(text + 1, " --");

		text += strspn(text, " ");
		length = option != NULL ? (size_t)(option - text) :
		    strlen(text);
		if (at + 1 + length > EXAMPLE_WIDTH) {
			buf_adds(&buf, " \\\n   ");
			at = 3;
		}
		buf_addf(&buf, " %.*s", (int)length, text);
		at += 1 + length;
	}
	return buf_take(&buf);
}

static void
print_example(FILE *out, const struct command *command)
{
	char *example = example_of(command);
	const char *at = example;

	fputs("\nExample:\n  ", out);
	for (; *at != '\0'; at++) {
		fputc(*at, out);
		if (*at == '\n')
			fputs("  ", out);
	}
	fputc('\n', out);
	free(example);
}

void
help_command(FILE *out, const struct command *command)
{
	char *form = command_form(command, true);
	int at = fprintf(out, "Usage: kattegatctl ");

	print_wrapped(out, form, at, at);
	free(form);
	fputc('\n', out);
	print_wrapped(out, command->help, 0, 0);
	print_siblings(out, command);
	print_fields(out, "Arguments", command->arguments, false);
	print_fields(out, "Options", command->options, true);
	print_example(out, command);
	print_fields(out, "Options of every command", command_globals, true);
	print_exits(out);
}

/* Text for troff: minus signs are written as such, a dot begins no line. */
static void
man_text(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++) {
		if (*text == '-')
			fputs("\\-", out);
		else if (*text == '\\')
			fputs("\\e", out);
		else
			fputc(*text, out);
	}
}

static void
man_entry(FILE *out, const char *left, const char *text)
{
	fputs(".TP\n.B ", out);
	man_text(out, left);
	fputc('\n', out);
	man_text(out, text);
	fputs(".\n", out);
}

static void
man_fields(FILE *out, const struct field *fields, bool options)
{
	const struct field *field;
	char *form;

	for (field = fields; field != NULL && field->name != NULL; field++) {
		if (field->help == NULL)
			continue;
		form = options ? option_form(field) :
		    xstrdup(field_shown(field));
		man_entry(out, form, field->help);
		free(form);
	}
}

void
help_man(FILE *out)
{
	const struct command *command;
	char number[16], *form;
	int i;

	fputs(".SH COMMANDS\n", out);
	for (command = command_table; command->noun != NULL; command++) {
		form = command_form(command, false);
		fputs(".SS ", out);
		man_text(out, form);
		fputc('\n', out);
		man_text(out, command->help);
		fputs(".\n", out);
		man_fields(out, command->arguments, false);
		man_fields(out, command->options, true);
		free(form);
		form = example_of(command);
		fputs(".PP\nExample:\n.PP\n.nf\n.RS\n", out);
		man_text(out, form);
		fputs("\n.RE\n.fi\n", out);
		free(form);
	}
	fputs(".SH OPTIONS\nThese may stand anywhere.\n", out);
	man_fields(out, command_globals, true);
	fputs(".SH EXIT STATUS\n", out);
	for (i = WORK_DONE; i <= WORK_CONFLICT; i++) {
		snprintf(number, sizeof(number), "%d", i);
		man_entry(out, number, work_exit_meaning[i]);
	}
}
