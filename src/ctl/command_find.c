#include "ctl/command.h"

#include <string.h>

const struct command *
command_noun(const char *noun)
{
	const struct command *command;

	for (command = command_table; command->noun != NULL; command++) {
		if (strcmp(command->noun, noun) == 0)
			return command;
	}
	return NULL;
}

const struct command *
command_find(const char *noun, const char *verb)
{
	const struct command *command = command_noun(noun);

	for (; command != NULL && command->noun != NULL; command++) {
		if (strcmp(command->noun, noun) != 0)
			continue;
		if (verb == NULL && command->verb == NULL)
			return command;
		if (verb != NULL && command->verb != NULL &&
		    strcmp(command->verb, verb) == 0)
			return command;
	}
	return NULL;
}
