#include "ctl/completion.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "ctl/command.h"

static const char head[] =
    "# bash completion for kattegatctl(8), made by kattegatctl itself.\n"
    "# zsh: autoload -U +X bashcompinit && bashcompinit, then source this.\n"
    "\n";

/*
 * The first column of a listing; nothing after a second, or when it is refused. The
 * lines are no words of the shell: only letters that are safe there are taken.
 */
static const char ask[] =
    "_kattegatctl_ask()\n"
    "{\n"
    "\ttimeout 1 \"${COMP_WORDS[0]}\" \"$@\" list 2>/dev/null </dev/null |\n"
    "\t\tsed -n '2,$s/^ *\\([A-Za-z0-9.-]\\{1,\\}\\)  .*/\\1/p'\n"
    "}\n"
    "\n";

/*
 * What was typed becomes noun and verb; options with a value swallow it. The
 * number of words behind them says which argument is next.
 */
static const char tail[] =
    "_kattegatctl()\n"
    "{\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev noun='' verb='' count=0\n"
    "\tlocal values='' prefix='' i word value login=()\n"
    "\n"
    "\tCOMPREPLY=()\n"
    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
    "\t\tword=${COMP_WORDS[i]}\n"
    "\t\tcase $word in\n"
    "\t\t--*=*) ;;\n"
    "\t\t--*)\n"
    "\t\t\t# bash makes a word of the = in --name=value, zsh does not\n"
    "\t\t\t[[ ${COMP_WORDS[i + 1]} == \"=\" ]] && ((i++))\n"
    "\t\t\tif [[ $word == --database || $word == --config ]]; then\n"
    "\t\t\t\tvalue=${COMP_WORDS[i + 1]#[\\\"\\']}\n"
    "\t\t\t\tlogin+=(\"$word\" \"${value%[\\\"\\']}\")\n"
    "\t\t\tfi\n"
    "\t\t\t[[ -n $(_kattegatctl_values \"$noun $verb $word\") ]] && ((i++))\n"
    "\t\t\t;;\n"
    "\t\t*)\n"
    "\t\t\tif [[ -z $noun ]]; then\n"
    "\t\t\t\tnoun=$word\n"
    "\t\t\telif [[ -z $verb && \" $(_kattegatctl_verbs \"$noun\") \" == "
    "*\" $word \"* ]]; then\n"
    "\t\t\t\tverb=$word\n"
    "\t\t\telse\n"
    "\t\t\t\t((count++))\n"
    "\t\t\tfi ;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "\tprev=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "\tif [[ $cur == \"=\" ]]; then\n"
    "\t\tcur=\n"
    "\telif [[ $prev == \"=\" ]]; then\n"
    "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "\telif [[ $cur == --*=* ]]; then\n"
    "\t\tprev=${cur%%=*} prefix=${cur%%=*}=\n"
    "\t\tcur=${cur#*=}\n"
    "\tfi\n"
    "\tif [[ $prev == --* ]]; then\n"
    "\t\tvalues=$(_kattegatctl_values \"$noun $verb $prev\")\n"
    "\tfi\n"
    "\tif [[ -z $values && $cur == -* ]]; then\n"
    "\t\tvalues=\"$(_kattegatctl_options \"$noun $verb\")\"\n"
    "\telif [[ -z $values && -z $noun ]]; then\n"
    "\t\tvalues=$(_kattegatctl_nouns)\n"
    "\telif [[ -z $values && -z $verb ]]; then\n"
    "\t\tvalues=$(_kattegatctl_verbs \"$noun\")\n"
    "\tfi\n"
    "\tif [[ -z $values ]]; then\n"
    "\t\tvalues=$(_kattegatctl_values \"$noun $verb $count\")\n"
    "\tfi\n"
    "\tcase $values in\n"
    "\t@file) COMPREPLY=($(compgen -P \"$prefix\" -f -- \"$cur\")) ;;\n"
    "\t@folder) COMPREPLY=($(compgen -P \"$prefix\" -d -- \"$cur\")) ;;\n"
    "\t@text) ;;\n"
    "\t@*)\n"
    "\t\tvalues=$(_kattegatctl_ask \"${values#@}\" \"${login[@]}\")\n"
    "\t\tCOMPREPLY=($(compgen -P \"$prefix\" -W \"$values\" -- \"$cur\"))\n"
    "\t\t;;\n"
    "\t*)\n"
    "\t\tCOMPREPLY=($(compgen -P \"$prefix\" -W \"$values\" -- \"$cur\"))\n"
    "\t\t;;\n"
    "\tesac\n"
    "}\n"
    "\n"
    "complete -F _kattegatctl kattegatctl\n";

/* "a|b" with blanks. */
static void
print_words(FILE *out, const char *words)
{
	for (; *words != '\0'; words++)
		fputc(*words == '|' ? ' ' : *words, out);
}

/* What may stand for a field: words, or @file, @folder, @text, or @ and a noun. */
static void
print_value(FILE *out, const struct field *field)
{
	/* What the database knows, by the field's name. */
	static const struct {
		const char	*name, *what;
	} listed[] = {
		{ "office", "@office" },
		{ "room", "@room" },
		{ "rooms", "@room" },
		{ "run", "@run" },
		{ "venue", "@venue" },
	};
	static const struct {
		const char	*shown, *what;
	} files[] = {
		{ "FILE", "@file" },
		{ "FILE.csv", "@file" },
		{ "SOCKET", "@file" },
		{ "DIR", "@folder" },
	};
	size_t i;

	if (field->words != NULL) {
		print_words(out, field->words);
		return;
	}
	for (i = 0; i < ARRAY_LEN(listed); i++) {
		if (strcmp(field->name, listed[i].name) == 0) {
			fputs(listed[i].what, out);
			return;
		}
	}
	for (i = 0; i < ARRAY_LEN(files); i++) {
		if (strcmp(field->shown, files[i].shown) == 0)
			break;
	}
	fputs(i < ARRAY_LEN(files) ? files[i].what : "@text", out);
}

static void
print_nouns(FILE *out)
{
	const struct command *command;

	fputs("_kattegatctl_nouns()\n{\n\techo", out);
	for (command = command_table; command->noun != NULL; command++) {
		if (command_noun(command->noun) == command)
			fprintf(out, " %s", command->noun);
	}
	fputs("\n}\n\n", out);
}

static void
print_verbs(FILE *out)
{
	const struct command *first = command_table, *command;

	fputs("_kattegatctl_verbs()\n{\n\tcase $1 in\n", out);
	for (; first->noun != NULL; first++) {
		if (command_noun(first->noun) != first)
			continue;
		fprintf(out, "\t%s) echo", first->noun);
		for (command = first; command->noun != NULL; command++) {
			if (command->verb != NULL &&
			    strcmp(command->noun, first->noun) == 0)
				fprintf(out, " %s", command->verb);
		}
		fputs(" ;;\n", out);
	}
	fputs("\tesac\n}\n\n", out);
}

static void
print_options_of(FILE *out, const struct field *field)
{
	for (; field != NULL && field->name != NULL; field++) {
		if (field->help != NULL)
			fprintf(out, " --%s", field->name);
	}
}

static void
print_options(FILE *out)
{
	const struct command *command;

	fputs("_kattegatctl_options()\n{\n\techo", out);
	print_options_of(out, command_globals);
	fputs("\n\tcase $1 in\n", out);
	for (command = command_table; command->noun != NULL; command++) {
		if (command->options == NULL)
			continue;
		fprintf(out, "\t'%s %s') echo", command->noun,
		    command->verb != NULL ? command->verb : "");
		print_options_of(out, command->options);
		fputs(" ;;\n", out);
	}
	fputs("\tesac\n}\n\n", out);
}

/* A global option has the pattern *, a command's its noun and verb. */
static void
print_option_values(FILE *out, const struct command *command,
    const struct field *field)
{
	for (; field != NULL && field->name != NULL; field++) {
		if (field->type == FIELD_FLAG || field->help == NULL)
			continue;
		if (command == NULL)
			fprintf(out, "\t*' --%s') echo '", field->name);
		else
			fprintf(out, "\t'%s %s --%s') echo '", command->noun,
			    command->verb != NULL ? command->verb : "",
			    field->name);
		print_value(out, field);
		fputs("' ;;\n", out);
	}
}

static void
print_values(FILE *out)
{
	const struct command *command;
	int i;

	fputs("_kattegatctl_values()\n{\n\tcase $1 in\n", out);
	print_option_values(out, NULL, command_globals);
	for (command = command_table; command->noun != NULL; command++) {
		print_option_values(out, command, command->options);
		for (i = 0; command->arguments != NULL &&
		    command->arguments[i].name != NULL; i++) {
			fprintf(out, "\t'%s %s %d') echo '", command->noun,
			    command->verb != NULL ? command->verb : "", i);
			print_value(out, &command->arguments[i]);
			fputs("' ;;\n", out);
		}
	}
	fputs("\tesac\n}\n\n", out);
}

void
completion_print(FILE *out)
{
	fputs(head, out);
	fputs(ask, out);
	print_nouns(out);
	print_verbs(out);
	print_options(out);
	print_values(out);
	fputs(tail, out);
}
