/*
 * completion.h - shell completion of kattegatctl, from the table of command.h.
 *
 * A script for bash, which zsh runs by bashcompinit. It needs nothing but the shell:
 * no function of bash-completion, no kattegatctl, no database.
 *
 * Errors: none; the stream keeps its own.
 */
#ifndef KG_CTL_COMPLETION_H
#define KG_CTL_COMPLETION_H

#include <stdio.h>

void completion_print(FILE *out);

#endif
