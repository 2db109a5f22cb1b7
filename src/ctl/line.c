#include "ctl/line.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/suggest.h"

/* The words that are no options wait here until all options are known. */
struct reading {
	struct line	*line;
	int		 argc, at;
	char		**argv;
	int		 narguments;
	bool		 options_over;
};

static int
fields_count(const struct field *fields)
{
	int count = 0;

	while (fields != NULL && fields[count].name != NULL)
		count++;
	return count;
}

/* The index of the field, or -1; `length` of the name's letters. */
static int
fields_find(const struct field *fields, const char *name, size_t length)
{
	int i;

	for (i = 0; fields != NULL && fields[i].name != NULL; i++) {
		if (strlen(fields[i].name) == length &&
		    strncmp(fields[i].name, name, length) == 0)
			return i;
	}
	return -1;
}

static const char *
command_words(const struct line *line)
{
	static char words[128];

	snprintf(words, sizeof(words), "kattegatctl%s%s%s%s",
	    line->noun != NULL ? " " : "",
	    line->noun != NULL ? line->noun : "",
	    line->command != NULL && line->command->verb != NULL ? " " : "",
	    line->command != NULL && line->command->verb != NULL ?
	    line->command->verb : "");
	return words;
}

/* Where the text stands as it was typed. */
static const char **
typed_slot(struct line *line, char **slot)
{
	if (slot >= line->value && slot < line->value + COMMAND_FIELDS_MOST)
		return &line->typed[slot - line->value];
	return &line->global_typed[slot - line->global];
}

static int
put(struct line *line, char **slot, const struct field *field,
    const char *text, bool option, struct err *err)
{
	char *value;

	if (*slot != NULL)
		return err_set(err, "--%s comes twice; write it once",
		    field->name);
	if (field_convert(&value, field, text, err) != 0)
		return err_prefix(err, "%s", option ? "option" : "argument");
	*slot = value;
	*typed_slot(line, slot) = text;
	return 0;
}

/* There is none of that name; always -1. */
static int
no_option(const struct line *line, const char *name, size_t length,
    struct err *err)
{
	char *word = xstrndup(name, length);
	struct suggest near = { word, NULL, 0 };
	const struct field *field = command_globals;

	for (; field->name != NULL; field++)
		suggest_try(&near, field->name);
	field = line->command != NULL ? line->command->options : NULL;
	for (; field != NULL && field->name != NULL; field++)
		suggest_try(&near, field->name);
	if (near.best != NULL)
		err_set(err, "there is no option --%s here; did you mean --%s?",
		    word, near.best);
	else
		err_set(err, "there is no option --%s here; see \"%s --help\"",
		    word, command_words(line));
	free(word);
	return -1;
}

static int
read_option(struct reading *reading, const char *word, struct err *err)
{
	struct line *line = reading->line;
	const char *name = word + 2, *value = strchr(word, '=');
	size_t length = value != NULL ? (size_t)(value - name) : strlen(name);
	const struct field *field = NULL;
	char **slot = NULL;
	int i;

	if ((i = fields_find(command_globals, name, length)) >= 0) {
		field = &command_globals[i];
		slot = &line->global[i];
	} else if (line->command != NULL &&
	    (i = fields_find(line->command->options, name, length)) >= 0) {
		field = &line->command->options[i];
		slot = &line->value[fields_count(line->command->arguments) + i];
	}
	if (field == NULL)
		return no_option(line, name, length, err);
	if (field->type == FIELD_FLAG && value != NULL)
		return err_set(err, "--%s takes no value; write it alone",
		    field->name);
	if (field->type == FIELD_FLAG)
		return put(line, slot, field, "true", true, err);
	if (value != NULL)
		return put(line, slot, field, value + 1, true, err);
	if (reading->at == reading->argc)
		return err_set(err, "--%s needs a value; write --%s %s",
		    field->name, field->name, field_shown(field));
	return put(line, slot, field, reading->argv[reading->at++], true,
	    err);
}

/* "help booking" is "booking --help". */
static int
read_noun(struct line *line, const char *word, struct err *err)
{
	struct suggest near = { word, NULL, 0 };
	const int help = fields_find(command_globals, "help", strlen("help"));
	const struct command *command = command_table;

	if (strcmp(word, "help") == 0 && line->global[help] == NULL)
		return put(line, &line->global[help], &command_globals[help],
		    "true", true, err);
	if (command_noun(word) == NULL) {
		for (; command->noun != NULL; command++)
			suggest_try(&near, command->noun);
		return near.best != NULL ? err_set(err, "\"%.40s\" is no "
		    "command; did you mean \"kattegatctl %s\"?", word,
		    near.best) : err_set(err, "\"%.40s\" is no command; see "
		    "\"kattegatctl --help\"", word);
	}
	line->noun = word;
	line->command = command_find(word, NULL);
	return 0;
}

static int
read_verb(struct line *line, const char *word, struct err *err)
{
	struct suggest near = { word, NULL, 0 };
	const struct command *command = command_table;

	line->command = command_find(line->noun, word);
	if (line->command != NULL)
		return 0;
	for (; command->noun != NULL; command++) {
		if (command->verb != NULL &&
		    strcmp(command->noun, line->noun) == 0)
			suggest_try(&near, command->verb);
	}
	if (near.best != NULL)
		return err_set(err, "\"%s %.40s\" is no command; did you mean "
		    "\"kattegatctl %s %s\"?", line->noun, word, line->noun,
		    near.best);
	return err_set(err, "\"%s %.40s\" is no command; see \"kattegatctl %s "
	    "--help\"", line->noun, word, line->noun);
}

static bool
has_values(const struct line *line)
{
	size_t i = 0;

	while (i < ARRAY_LEN(line->value) && line->value[i] == NULL)
		i++;
	return i < ARRAY_LEN(line->value);
}

static int
read_word(struct reading *reading, const char *word, struct err *err)
{
	struct line *line = reading->line;
	const struct field *field;

	if (line->noun == NULL)
		return read_noun(line, word, err);
	/* "demo" alone is a command, and so is "demo load". */
	if (line->command == NULL || (line->command->verb == NULL &&
	    !has_values(line) && command_find(line->noun, word) != NULL))
		return read_verb(line, word, err);
	if (reading->narguments == fields_count(line->command->arguments))
		return err_set(err, "\"%.80s\" is too much; see \"%s --help\"",
		    word, command_words(line));
	field = &line->command->arguments[reading->narguments];
	return put(line, &line->value[reading->narguments++], field, word,
	    false, err);
}

static int
read_all(struct reading *reading, struct err *err)
{
	const char *word;
	int rc = 0;

	while (rc == 0 && reading->at < reading->argc) {
		word = reading->argv[reading->at++];
		if (!reading->options_over && strcmp(word, "--") == 0)
			reading->options_over = true;
		else if (!reading->options_over && text_starts(word, "--"))
			rc = read_option(reading, word, err);
		else
			rc = read_word(reading, word, err);
	}
	return rc;
}

/* Whether everything that must be there is. */
static int
check_complete(const struct line *line, struct err *err)
{
	const struct command *command = line->command;
	int i, narguments;

	if (line->noun == NULL)
		return err_set(err, "no command was given; see "
		    "\"kattegatctl --help\"");
	if (command == NULL)
		return err_set(err, "%s what? See \"kattegatctl %s --help\"",
		    line->noun, line->noun);
	narguments = fields_count(command->arguments);
	for (i = 0; i < narguments; i++) {
		if (command->arguments[i].required && line->value[i] == NULL)
			return err_set(err, "%s is missing; see \"%s --help\"",
			    field_shown(&command->arguments[i]),
			    command_words(line));
	}
	for (i = 0; i < fields_count(command->options); i++) {
		if (command->options[i].required &&
		    line->value[narguments + i] == NULL)
			return err_set(err, "--%s is missing; see "
			    "\"%s --help\"", command->options[i].name,
			    command_words(line));
	}
	return 0;
}

int
line_parse(struct line *out, int argc, char **argv, struct err *err)
{
	struct reading reading = { .line = out, .argc = argc, .at = 1,
		.argv = argv };

	memset(out, 0, sizeof(*out));
	if (read_all(&reading, err) != 0)
		goto fail;
	/* Who asks for help, the version or the manual needs nothing else. */
	if (line_value(out, "help") != NULL ||
	    line_value(out, "version") != NULL ||
	    line_value(out, "print") != NULL)
		return 0;
	if (check_complete(out, err) == 0)
		return 0;
fail:
	line_clear(out);
	return -1;
}

void
line_clear(struct line *line)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(line->global); i++)
		free(line->global[i]);
	for (i = 0; i < ARRAY_LEN(line->value); i++)
		free(line->value[i]);
	memset(line, 0, sizeof(*line));
}

const char *
line_value(const struct line *line, const char *name)
{
	const struct command *command = line->command;
	int i;

	if ((i = fields_find(command_globals, name, strlen(name))) >= 0)
		return line->global[i];
	assert(command != NULL);
	if ((i = fields_find(command->arguments, name, strlen(name))) >= 0)
		return line->value[i];
	i = fields_find(command->options, name, strlen(name));
	assert(i >= 0);
	return line->value[fields_count(command->arguments) + i];
}

const struct field *
line_field(const struct line *line, const char *name)
{
	const struct command *command = line->command;
	int i;

	if ((i = fields_find(command->arguments, name, strlen(name))) >= 0)
		return &command->arguments[i];
	i = fields_find(command->options, name, strlen(name));
	return i >= 0 ? &command->options[i] : NULL;
}
