#include "feed/snapshot.h"

#include <stddef.h>

/* The number at *text, which must end at `end`; moves past it. */
static int
number_take(uint64_t *out, const char **text, char end)
{
	const char *p = *text;
	uint64_t value = 0;
	unsigned int digit;

	if (*p < '0' || *p > '9')
		return -1;
	for (; *p >= '0' && *p <= '9'; p++) {
		digit = (unsigned int)(*p - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return -1;
		value = value * 10 + digit;
	}
	if (*p != end)
		return -1;
	*text = end == '\0' ? p : p + 1;
	*out = value;
	return 0;
}

int
feed_xid_parse(uint64_t *out, const char *text)
{
	uint64_t xid;

	if (number_take(&xid, &text, '\0') != 0 || xid == 0)
		return -1;
	*out = xid;
	return 0;
}

bool
feed_snapshot_shows(const char *snapshot, uint64_t xid)
{
	uint64_t xmin, xmax, running;

	if (snapshot == NULL || number_take(&xmin, &snapshot, ':') != 0 ||
	    number_take(&xmax, &snapshot, ':') != 0)
		return false;
	if (xid < xmin)
		return true;
	if (xid >= xmax)
		return false;
	while (*snapshot != '\0') {
		if (number_take(&running, &snapshot, ',') != 0 &&
		    number_take(&running, &snapshot, '\0') != 0)
			return false;
		if (running == xid)
			return false;
	}
	return true;
}
