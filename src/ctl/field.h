/*
 * field.h - one argument or option of a command, and what its text must be.
 *
 * Ownership: fields are constant. field_convert() gives its text to the caller.
 * Errors:    -1 with err filled: what was written, and what would be right.
 */
#ifndef KG_CTL_FIELD_H
#define KG_CTL_FIELD_H

#include <stdbool.h>

#include "base/err.h"

enum field_type {
	FIELD_FLAG,		/* an option without a value; "true" when given */
	FIELD_TEXT,
	FIELD_INT,		/* 0 to 2^31 - 1: numbers of rows, counts */
	FIELD_COUNT,		/* 1 to 2^31 - 1 */
	FIELD_DEGREES,		/* decimal, as 55.67594 */
	FIELD_DATE,
	FIELD_TIME,
	FIELD_MOMENT,		/* a day, or a time */
	FIELD_WORD,		/* one of `words`, which are written a|b|c */
	FIELD_IDS,		/* 3,4 */
	FIELD_SESSION,		/* KAT27-03/1 */
	FIELD_SETUPS,		/* islands:25:60:30,theatre:60 -> JSON */
	FIELD_WORDS,		/* lower-case words: projector,stage */
	FIELD_DATES,		/* 2027-01-21,2027-02-04 */
	FIELD_HOUR,		/* 09:00 */
	FIELD_ROOMS,		/* a room for a date: 2027-01-21:3,2027-02-04:5 */
	FIELD_SESSION_ROOMS,	/* by number of session: 1:3,2:0 -> JSON */
	FIELD_COUNTS,		/* vegetarian:3,vegan:1 -> JSON */
};

struct field {
	const char	*name;		/* "starts"; of an option without its -- */
	enum field_type	 type;
	const char	*shown;		/* "TIME"; NULL: the words, or nothing */
	bool		 required;
	const char	*words;		/* FIELD_WORD only */
	const char	*help;		/* one sentence, without its full stop */
};

/* The text as SQL reads it: times with a blank, set-ups as JSON. */
must_check int field_convert(char **out, const struct field *field,
    const char *text, struct err *err);
/* What stands for the value in a usage line: "TIME", "a|b"; NULL for a flag. */
const char *field_shown(const struct field *field);

#endif
