/*
 * help.h - what kattegatctl says about itself, from the table of command.h.
 *
 * Errors: none; the stream keeps its own.
 */
#ifndef KG_CTL_HELP_H
#define KG_CTL_HELP_H

#include <stdio.h>

#include "ctl/command.h"

void help_all(FILE *out);
void help_noun(FILE *out, const char *noun);
void help_command(FILE *out, const struct command *command);
/* The sections COMMANDS, OPTIONS and EXIT STATUS of kattegatctl.8, in man(7). */
void help_man(FILE *out);

#endif
