/*
 * moment.h - dates and times of day as people read them.
 *
 *	2027-01-21T09:00	torsdag den 21. januar 2027 kl. 9.00
 *				Thursday 21 January 2027 at 9:00
 *	2027-01-21		torsdag den 21. januar 2027
 *	09:00			9.00
 *
 * Local time of a place, to the minute; the zone is said in other words, if at all.
 *
 * Ownership: texts are only read; names are constant.
 * Errors:    text that is no time, or a day that no calendar has, is false, with *out
 *            untouched.
 * Context:   pure.
 */
#ifndef KG_PAGE_MOMENT_H
#define KG_PAGE_MOMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct page_moment {
	int	year, month, day;	/* 1 is January; year 0: an hour alone */
	int	hour, minute;		/* hour -1: a day alone */
};

/* "2027-01-21", "09:00", or both with "T" or a blank between; ":00" may follow. */
bool page_moment_parse(struct page_moment *out, const char *text,
    size_t length);
/*
 * `since` is what was named before it, NULL: nothing. Of the same day only the hour is
 * said, and the midnight that ends that day is 24.00.
 */
void page_moment_add(struct buf *out, const struct page_moment *moment,
    const struct page_moment *since, bool in_danish);

/* The names alone, in small letters in Danish. */
const char *page_moment_month(const struct page_moment *moment,
    bool in_danish);
const char *page_moment_weekday(const struct page_moment *moment,
    bool in_danish);

#endif
