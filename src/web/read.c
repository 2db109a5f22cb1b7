#include "web/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* ---- days ---- */

static bool
day_exists(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One number of so many digits at most; moves on behind it. */
static bool
number_take(int *number, int *digits, const char **at, int most)
{
	*number = 0;
	for (*digits = 0; is_digit(**at) && *digits < most; (*digits)++)
		*number = *number * 10 + *(*at)++ - '0';
	return *digits > 0 && !is_digit(**at);
}

static bool
is_between(char c)
{
	return c == '.' || c == '-' || c == '/';
}

bool
read_day(char out[READ_DAY_BYTES], const char *text)
{
	int number[3], digits[3], i, year, day;

	text += strspn(text, " ");
	for (i = 0; i < 3; i++) {
		if (i > 0 && !is_between(*text++))
			return false;
		if (!number_take(&number[i], &digits[i], &text, 4))
			return false;
	}
	if (text[strspn(text, " ")] != '\0')
		return false;
	year = digits[0] == 4 ? number[0] : number[2];
	day = digits[0] == 4 ? number[2] : number[0];
	if (digits[0] != 4 && digits[2] == 2)
		year += 2000;
	if (!day_exists(year, number[1], day))
		return false;
	/* The compiler cannot know that the numbers are this small. */
	snprintf(out, READ_DAY_BYTES, "%04u-%02u-%02u",
	    (unsigned int)year % 10000, (unsigned int)number[1] % 100,
	    (unsigned int)day % 100);
	return true;
}

/* What sscanf() has found and how far it came. */
static bool
moment_ok(const struct store_pages_moment *moment, const char *rest)
{
	return *rest == '\0' &&
	    day_exists(moment->year, moment->month, moment->day);
}

bool
read_moment(struct store_pages_moment *out, const char *text)
{
	struct store_pages_moment moment;
	int length = 0;

	if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d%n", &moment.year,
	    &moment.month, &moment.day, &moment.hour, &moment.minute,
	    &length) != 5 || !moment_ok(&moment, text + length))
		return false;
	*out = moment;
	return true;
}

bool
read_date(struct store_pages_moment *out, const char *text)
{
	struct store_pages_moment moment = { .hour = 0 };
	int length = 0;

	if (text == NULL || sscanf(text, "%4d-%2d-%2d%n", &moment.year,
	    &moment.month, &moment.day, &length) != 3 ||
	    !moment_ok(&moment, text + length))
		return false;
	*out = moment;
	return true;
}

/* ---- clients ---- */

struct mark {
	const char	*in_agent, *name;
};

/* The first that stands in it: Edge calls itself Chrome as well, Chrome Safari. */
static const char *
mark_find(const struct mark *marks, size_t count, const char *agent)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strstr(agent, marks[i].in_agent) != NULL)
			return marks[i].name;
	return NULL;
}

struct read_client
read_client(const char *agent)
{
	static const struct mark programs[] = {
		{ "Edg", "Edge" }, { "OPR/", "Opera" },
		{ "SamsungBrowser/", "Samsung Internet" },
		{ "FxiOS/", "Firefox" }, { "Firefox/", "Firefox" },
		{ "CriOS/", "Chrome" }, { "Chrome/", "Chrome" },
		{ "Safari/", "Safari" }, { "AppleWebKit/", "Safari" },
		{ "curl/", "curl" }, { "python", "Python" },
		{ "Python", "Python" },
	};
	static const struct mark systems[] = {
		{ "Windows", "Windows" }, { "Android", "Android" },
		{ "iPhone", "iPhone" }, { "iPad", "iPad" },
		{ "Mac OS X", "Mac" }, { "CrOS", "ChromeOS" },
		{ "Linux", "Linux" },
	};

	if (agent == NULL)
		agent = "";
	return (struct read_client){
		mark_find(programs, ARRAY_LEN(programs), agent),
		mark_find(systems, ARRAY_LEN(systems), agent),
	};
}
