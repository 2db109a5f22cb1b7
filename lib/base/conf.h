/*
 * conf.h - reads a configuration file into a struct, led by one table.
 *
 * The file has one `name = value` a line; `#` begins a comment line. The table is
 * the truth: what it does not name is refused, what the file does not name gets
 * the table's default. The manual's list of options is printed from it too.
 *
 * Units:     as each option's unit says.
 * Ownership: text values are allocated; conf_clear() frees them.
 * Errors:    "FILE:LINE: what is wrong; what would be right". A missing file is
 *            an error; a NULL path means defaults only.
 */
#ifndef KG_BASE_CONF_H
#define KG_BASE_CONF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

enum conf_type {
	CONF_TEXT,		/* char *; an empty value is NULL */
	CONF_PATH,		/* char *, must be absolute; empty is NULL */
	CONF_INT,		/* int64_t in [least, most] */
	CONF_BOOL,		/* bool; yes or no */
	CONF_CHECKED,		/* char *, looked at by `check` */
};

struct conf_option {
	const char	*name;
	enum conf_type	 type;
	const char	*unit;		/* "seconds", "bytes", ""; for people */
	const char	*preset;	/* the default, as it would be written */
	bool		 reloadable;	/* takes effect at a reload */
	int64_t		 least, most;	/* CONF_INT only */
	size_t		 offset;	/* of the value in the struct */
	/* CONF_CHECKED: NULL when right, else a sentence saying what would be. */
	const char	*(*check)(const char *value);
	const char	*help;		/* whole sentences, one paragraph */
};

/* The end of a table is an option without a name. */
must_check int conf_load(void *out, const struct conf_option *table,
    const char *path, struct err *err);
/* Names the first option that differs and is not reloadable, or NULL. */
const char *conf_changed_fixed(const void *a, const void *b,
    const struct conf_option *table);
void conf_clear(void *conf, const struct conf_option *table);
/*
 * The line of the file on which the option stands, for a message about a value
 * that can only be judged later; 0 when it stands nowhere or path is NULL.
 */
int conf_line(const char *path, const char *name);
/* Every option as a comment, `#name = default`, with its help above: a sample. */
void conf_print_sample(const struct conf_option *table, FILE *out);
/* The options as the OPTIONS section of a manual page, in man(7). */
void conf_print_man(const struct conf_option *table, FILE *out);

#endif
