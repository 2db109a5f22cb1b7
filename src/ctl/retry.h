/*
 * retry.h - the command that would have done, after a refusal that names what is
 * free instead: as it was typed, with the first alternative, without the dates that
 * cannot be had, or around what is in the way.
 *
 * Ownership: the text is the caller's to free.
 * Errors:    none; NULL where nothing is known that would do.
 */
#ifndef KG_CTL_RETRY_H
#define KG_CTL_RETRY_H

#include "ctl/line.h"
#include "json/value.h"

/* `detail`: of the refusal, NULL is none. In words of the shell. */
char *retry_command(const struct line *line, const struct json_value *detail);

#endif
