#include "daemon/daytime.h"

#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

/* glibc has no localtime for another zone: it is lent to the process. */
static char *
zone_enter(const char *zone)
{
	char *own = xstrdup_null(getenv("TZ"));

	setenv("TZ", zone, 1);
	tzset();
	return own;
}

static void
zone_leave(char *own)
{
	if (own != NULL)
		setenv("TZ", own, 1);
	else
		unsetenv("TZ");
	tzset();
	free(own);
}

int64_t
daytime_next(const char *zone, int hour, int64_t now_s)
{
	time_t now = now_s, next;
	struct tm tm;
	char *own = zone_enter(zone);
	int day;

	localtime_r(&now, &tm);
	day = tm.tm_mday;
	do {
		tm.tm_mday = day++;
		tm.tm_hour = hour;
		tm.tm_min = tm.tm_sec = 0;
		tm.tm_isdst = -1;
		next = mktime(&tm);
	} while (next <= now);
	zone_leave(own);
	return next;
}
