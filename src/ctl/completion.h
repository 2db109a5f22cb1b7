/*
 * completion.h - shell completion of kattegatctl, from the table of command.h.
 *
 * A script for bash, which zsh runs by bashcompinit. It needs nothing but the shell,
 * no function of bash-completion. Offices, rooms, runs and venues are asked for by
 * kattegatctl itself, for a second at most; without a database there are none.
 *
 * Errors: none; the stream keeps its own.
 */
#ifndef KG_CTL_COMPLETION_H
#define KG_CTL_COMPLETION_H

#include <stdio.h>

void completion_print(FILE *out);

#endif
