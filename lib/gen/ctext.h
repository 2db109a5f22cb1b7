/*
 * ctext.h - pieces of C, as far as a template's expressions need them understood.
 *
 * Strings, character constants and comments are looked over, so that a bracket or a
 * bar in them is none.
 *
 * Ownership: texts are the caller's; what is found points into them.
 * Errors:    what does not end is told by ctext_skip() alone: the others take text
 *            that it has been through.
 */
#ifndef KG_GEN_CTEXT_H
#define KG_GEN_CTEXT_H

#include <stdbool.h>

/* Behind one piece at p: a constant, a comment or a byte. NULL: it does not end. */
const char *ctext_skip(const char *p);
/* Whether every bracket closes the one that opened last. */
bool ctext_brackets_match(const char *text);
/* Whether the text is one pair of parentheses around everything. */
bool ctext_is_parenthesized(const char *text);
/* Whether the text is `name(...)`. */
bool ctext_is_call(const char *text);
/* The last single `|` outside brackets, or NULL. */
const char *ctext_pipe_find(const char *text);

#endif
