/*
 * read.h - what people type and what programs call themselves, read for pages.
 *
 * Inside the room only. Pure functions.
 *
 * Ownership: the caller's storage; names that are given are constant.
 * Errors:    false with the result untouched.
 */
#ifndef KG_WEB_READ_H
#define KG_WEB_READ_H

#include <stdbool.h>

#include "store/pages.h"

/* "2027-08-01", and a zero. */
enum { READ_DAY_BYTES = 11 };

/*
 * A day as Danes write it, "1.8.2027", "1-8-27", "01/08/2027", or "2027-08-01": as
 * the API takes it. Years of two digits are of this century.
 */
bool read_day(char out[READ_DAY_BYTES], const char *text);
/* "2027-08-01T09:30" and "2027-08-01", as the database gives local times and days. */
bool read_moment(struct store_pages_moment *out, const char *text);
bool read_date(struct store_pages_moment *out, const char *text);

struct read_client {
	const char	*program;	/* "Firefox"; NULL: unknown */
	const char	*system;	/* "Windows"; NULL: unknown */
};

/* Of a User-Agent (RFC 9110 section 10.1.5), NULL too. */
struct read_client read_client(const char *agent);

#endif
