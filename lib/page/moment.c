#include "page/moment.h"

#include <string.h>

#include "base/mem.h"

static const char *const months[2][12] = {
	{ "January", "February", "March", "April", "May", "June", "July",
	    "August", "September", "October", "November", "December" },
	{ "januar", "februar", "marts", "april", "maj", "juni", "juli",
	    "august", "september", "oktober", "november", "december" },
};

static const char *const weekdays[2][7] = {
	{ "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	    "Saturday" },
	{ "s\xc3\xb8ndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag",
	    "l\xc3\xb8rdag" },
};

/* ---- reading ---- */

/* Takes what the pattern asks for: 9 is any digit, T a "T" or a blank. */
static bool
take(const char **at, const char *end, const char *pattern)
{
	const char *p = *at;

	for (; *pattern != '\0'; pattern++, p++) {
		if (p == end)
			return false;
		if (*pattern == '9' ? *p < '0' || *p > '9' :
		    *pattern == 'T' ? *p != 'T' && *p != ' ' : *p != *pattern)
			return false;
	}
	*at = p;
	return true;
}

static int
two(const char *p)
{
	return (p[0] - '0') * 10 + p[1] - '0';
}

static int
days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool
is_right(const struct page_moment *moment)
{
	if (moment->hour > 23 || moment->minute > 59)
		return false;
	return moment->year == 0 || (moment->month >= 1 &&
	    moment->month <= 12 && moment->day >= 1 &&
	    moment->day <= days_of(moment->year, moment->month));
}

bool
page_moment_parse(struct page_moment *out, const char *text, size_t length)
{
	struct page_moment moment = { .hour = -1 };
	const char *at = text, *end = text + length;
	bool has_day = take(&at, end, "9999-99-99");

	if (has_day) {
		moment.year = two(text) * 100 + two(text + 2);
		moment.month = two(text + 5);
		moment.day = two(text + 8);
		if (moment.year == 0)
			return false;
	}
	if (!has_day || (at < end && take(&at, end, "T"))) {
		if (!take(&at, end, "99:99"))
			return false;
		moment.hour = two(at - 5);
		moment.minute = two(at - 2);
		if (at < end && !take(&at, end, ":00"))
			return false;
	}
	if (at != end || !is_right(&moment))
		return false;
	*out = moment;
	return true;
}

/* ---- saying ---- */

const char *
page_moment_month(const struct page_moment *moment, bool in_danish)
{
	return months[in_danish][moment->month - 1];
}

/* 0 is Sunday; of the Gregorian calendar (Sakamoto). */
static int
weekday_of(const struct page_moment *day)
{
	static const int shift[] = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };
	int year = day->year - (day->month < 3);

	return (year + year / 4 - year / 100 + year / 400 +
	    shift[day->month - 1] + day->day) % 7;
}

const char *
page_moment_weekday(const struct page_moment *moment, bool in_danish)
{
	return weekdays[in_danish][weekday_of(moment)];
}

static bool
is_day_after(const struct page_moment *day, const struct page_moment *before)
{
	struct page_moment next = *before;

	if (++next.day > days_of(next.year, next.month)) {
		next.day = 1;
		next.year += next.month == 12;
		next.month = next.month % 12 + 1;
	}
	return day->year == next.year && day->month == next.month &&
	    day->day == next.day;
}

/* The hour that follows on that of `since`; -1: it is of another day. */
static int
hour_since(const struct page_moment *moment, const struct page_moment *since)
{
	if (since == NULL || moment->year == 0 || since->year == 0 ||
	    moment->hour < 0 || since->hour < 0)
		return -1;
	if (moment->year == since->year && moment->month == since->month &&
	    moment->day == since->day)
		return moment->hour;
	return moment->hour == 0 && moment->minute == 0 &&
	    is_day_after(moment, since) ? 24 : -1;
}

static void
hour_add(struct buf *out, int hour, int minute, bool in_danish)
{
	buf_addf(out, in_danish ? "%d.%02d" : "%d:%02d", hour, minute);
}

void
page_moment_add(struct buf *out, const struct page_moment *moment,
    const struct page_moment *since, bool in_danish)
{
	int hour = hour_since(moment, since);

	if (hour >= 0) {
		hour_add(out, hour, moment->minute, in_danish);
		return;
	}
	if (moment->year > 0)
		buf_addf(out, in_danish ? "%s den %d. %s %d" : "%s %d %s %d",
		    page_moment_weekday(moment, in_danish), moment->day,
		    page_moment_month(moment, in_danish), moment->year);
	if (moment->year > 0 && moment->hour >= 0)
		buf_adds(out, in_danish ? " kl. " : " at ");
	if (moment->hour >= 0)
		hour_add(out, moment->hour, moment->minute, in_danish);
}
