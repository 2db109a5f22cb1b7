/*
 * about.h - what people are told of each command besides its table in command.h:
 * an example, and which columns of its listing matter most.
 *
 * Ownership: all constant.
 */
#ifndef KG_CTL_ABOUT_H
#define KG_CTL_ABOUT_H

#include "ctl/command.h"

struct about {
	const char	*noun, *verb;	/* as in the table of commands */
	const char	*example;	/* what follows noun and verb; "": nothing */
	const char	*first;		/* as for layout_print() */
};

/* Ends with a noun of NULL. */
extern const struct about about_table[];
/* Every command has one. */
const struct about *about_get(const struct command *command);

#endif
