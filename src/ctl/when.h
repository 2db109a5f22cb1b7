/*
 * when.h - times and dates as people type them.
 *
 * Local time of the place, to the minute: 2027-01-21T09:00 or 2027-01-21 09:00.
 * Whether the hour exists there (change of clocks) is the database's to say.
 *
 * Errors: -1 and *out untouched.
 */
#ifndef KG_CTL_WHEN_H
#define KG_CTL_WHEN_H

#include "base/mem.h"

enum {
	WHEN_DATE_LENGTH = 10,		/* "2027-01-21" */
	WHEN_TIME_LENGTH = 16,		/* "2027-01-21 09:00" */
};

must_check int when_date_parse(char out[WHEN_DATE_LENGTH + 1],
    const char *text);
must_check int when_time_parse(char out[WHEN_TIME_LENGTH + 1],
    const char *text);

#endif
