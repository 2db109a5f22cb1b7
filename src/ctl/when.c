#include "ctl/when.h"

#include <stdbool.h>
#include <string.h>

/* In a form, 0 stands for any digit and T for the letter or a blank. */
static bool
form_ok(const char *text, const char *form)
{
	for (; *form != '\0'; form++, text++) {
		if (*form == '0' && (*text < '0' || *text > '9'))
			return false;
		if (*form == 'T' && *text != 'T' && *text != ' ')
			return false;
		if (*form != '0' && *form != 'T' && *text != *form)
			return false;
	}
	return true;
}

static int
number(const char *text, int digits)
{
	int value = 0;

	while (digits-- > 0)
		value = value * 10 + (*text++ - '0');
	return value;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* The first ten letters. */
static bool
date_ok(const char *text)
{
	int year, month, day;

	if (!form_ok(text, "0000-00-00"))
		return false;
	year = number(text, 4);
	month = number(text + 5, 2);
	day = number(text + 8, 2);
	return year >= 1900 && month >= 1 && month <= 12 && day >= 1 &&
	    day <= days_in_month(year, month);
}

int
when_date_parse(char out[WHEN_DATE_LENGTH + 1], const char *text)
{
	if (!date_ok(text) || text[WHEN_DATE_LENGTH] != '\0')
		return -1;
	memcpy(out, text, WHEN_DATE_LENGTH + 1);
	return 0;
}

int
when_time_parse(char out[WHEN_TIME_LENGTH + 1], const char *text)
{
	if (!date_ok(text) || !form_ok(text + WHEN_DATE_LENGTH, "T00:00") ||
	    text[WHEN_TIME_LENGTH] != '\0' || number(text + 11, 2) > 23 ||
	    number(text + 14, 2) > 59)
		return -1;
	memcpy(out, text, WHEN_TIME_LENGTH + 1);
	out[WHEN_DATE_LENGTH] = ' ';
	return 0;
}
