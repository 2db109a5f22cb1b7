/*
 * command.h - the commands of kattegatctl: one table, which leads reading the
 * command line, help on every level, and the manual page.
 *
 * A command whose work is one statement names it with its parameters and is run
 * by one of the functions of work.h; the others have a function of their own.
 *
 * Ownership: all constant.
 */
#ifndef KG_CTL_COMMAND_H
#define KG_CTL_COMMAND_H

#include "ctl/field.h"
#include "pg/pg.h"

struct work;

enum {
	COMMAND_FIELDS_MOST = 24, COMMAND_ARGUMENTS_MOST = 4,
	COMMAND_PARAMS_MOST = COMMAND_FIELDS_MOST + 1,
};

struct command {
	const char	*noun;
	const char	*verb;		/* NULL: the noun says it all */
	const char	*help;		/* what it does; sentences */
	/* Both end with a name of NULL; arguments in the order of writing. */
	const struct field *arguments;
	const struct field *options;
	/* Gives an exit code. */
	int		(*run)(struct work *work);

	/* Of the functions in work.h; NULL otherwise. */
	const struct pg_statement *statement;
	/* Names of fields, in the order of $n; of query_ctl_operator see ask.h. */
	const char *const *params;
	const char	*done;		/* "moved" */
};

/* End with a noun, and a name, of NULL. */
extern const struct command command_table[];
extern const struct field command_globals[];

/* NULL when there is none; verb may be NULL. */
const struct command *command_find(const char *noun, const char *verb);
/* The first command of the noun, or NULL. */
const struct command *command_noun(const char *noun);

#endif
