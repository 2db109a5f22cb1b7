/*
 * line.h - the command line, understood: which command, with which values.
 *
 * Options may stand anywhere, as --name VALUE or --name=VALUE; after -- nothing is
 * an option. The table of command.h says what there is.
 *
 * Ownership: line_clear() frees the values; line_parse() clears on failure.
 * Errors:    -1 with err filled: what is wrong and what would be right (exit 2).
 */
#ifndef KG_CTL_LINE_H
#define KG_CTL_LINE_H

#include "ctl/command.h"

enum { LINE_GLOBALS_MOST = 16 };

struct line {
	const char	*noun;			/* NULL: none was given */
	const struct command *command;		/* NULL: only with --help */
	char		*global[LINE_GLOBALS_MOST];
	char		*value[COMMAND_FIELDS_MOST];	/* arguments, options */
	/* The same as they were typed, of argv. */
	const char	*global_typed[LINE_GLOBALS_MOST];
	const char	*typed[COMMAND_FIELDS_MOST];
};

must_check int line_parse(struct line *out, int argc, char **argv,
    struct err *err);
void line_clear(struct line *line);
/*
 * As converted by field_convert(); NULL when it was not given. The name must be
 * one of the command's or a global one.
 */
const char *line_value(const struct line *line, const char *name);
/* The command's own field of that name, or NULL. */
const struct field *line_field(const struct line *line, const char *name);

#endif
