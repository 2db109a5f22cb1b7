/* cond.c - see cond.h. */
#include "http/cond.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "http/chars.h"

static const char *const days_short[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
	"Fri", "Sat", NULL };
static const char *const days_long[] = { "Sunday", "Monday", "Tuesday",
	"Wednesday", "Thursday", "Friday", "Saturday", NULL };
static const char *const zones[] = { "GMT", NULL };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec", NULL };

void
http_date_format(char out[HTTP_DATE_SIZE], int64_t at_s)
{
	time_t at = (time_t)at_s;
	struct tm tm;

	/* No strftime(): a locale would change the words. */
	gmtime_r(&at, &tm);
	snprintf(out, HTTP_DATE_SIZE, "%s, %02u %s %04u %02u:%02u:%02u GMT",
	    days_short[tm.tm_wday], (unsigned)tm.tm_mday % 100,
	    months[tm.tm_mon], (unsigned)(tm.tm_year + 1900) % 10000,
	    (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
	    (unsigned)tm.tm_sec % 100);
}

/* Exactly `count` digits; false and *text unmoved when there are others. */
static bool
take_digits(const char **text, int count, int *out)
{
	int i, value = 0;

	for (i = 0; i < count; i++) {
		if ((*text)[i] < '0' || (*text)[i] > '9')
			return false;
		value = value * 10 + ((*text)[i] - '0');
	}
	*text += count;
	*out = value;
	return true;
}

static bool
take_word(const char **text, const char *const *words, int *out)
{
	int i;
	size_t n;

	for (i = 0; words[i] != NULL; i++) {
		n = strlen(words[i]);
		if (strncmp(*text, words[i], n) == 0) {
			*text += n;
			*out = i;
			return true;
		}
	}
	return false;
}

/* A day of the month of two places, the first one a blank when it is small. */
static bool
take_padded_day(const char **text, int *out)
{
	if (**text != ' ')
		return take_digits(text, 2, out);
	(*text)++;
	return take_digits(text, 1, out);
}

/* Two digits mean the year at most 50 years ahead (RFC 9110 5.6.7). */
static int
whole_year(int two_digits, int64_t now_s)
{
	time_t now = (time_t)now_s;
	struct tm tm;
	int year, this_year;

	gmtime_r(&now, &tm);
	this_year = tm.tm_year + 1900;
	year = this_year - this_year % 100 + two_digits;
	return year > this_year + 50 ? year - 100 : year;
}

/* Reads one thing that the letter of a form stands for. */
static bool
take_part(char letter, const char **text, struct tm *tm, int64_t now_s)
{
	int number;

	switch (letter) {
	case 'G':
		return take_word(text, zones, &number);
	case 'w':
		return take_word(text, days_short, &tm->tm_wday);
	case 'W':
		return take_word(text, days_long, &tm->tm_wday);
	case 'm':
		return take_word(text, months, &tm->tm_mon);
	case 'd':
		return take_digits(text, 2, &tm->tm_mday);
	case 'e':
		return take_padded_day(text, &tm->tm_mday);
	case 'h':
		return take_digits(text, 2, &tm->tm_hour);
	case 'i':
		return take_digits(text, 2, &tm->tm_min);
	case 's':
		return take_digits(text, 2, &tm->tm_sec);
	case 'y':
	case 'Y':
		if (!take_digits(text, letter == 'y' ? 2 : 4, &number))
			return false;
		if (letter == 'y')
			number = whole_year(number, now_s);
		tm->tm_year = number - 1900;
		return true;
	default:
		return *(*text)++ == letter;
	}
}

/* Whether there is such an instant, and which one. */
static bool
instant(const struct tm *tm, int64_t *out_s)
{
	struct tm same = *tm;
	int leap = tm->tm_sec == 60;

	same.tm_sec -= leap;
	*out_s = (int64_t)timegm(&same) + leap;
	return same.tm_year == tm->tm_year && same.tm_mon == tm->tm_mon &&
	    same.tm_mday == tm->tm_mday && same.tm_hour == tm->tm_hour &&
	    same.tm_min == tm->tm_min && same.tm_sec == tm->tm_sec - leap &&
	    same.tm_wday == tm->tm_wday;
}

int
http_date_parse(int64_t *out_s, const char *text, int64_t now_s)
{
	/* Letters stand for parts; take_part() knows them. */
	static const char *const forms[] = {
		"w, d m Y h:i:s G",	/* IMF-fixdate */
		"W, d-m-y h:i:s G",	/* RFC 850 */
		"w m e h:i:s Y",	/* asctime() */
	};
	const char *at, *form;
	struct tm tm;
	int64_t s;
	size_t i;

	for (i = 0; i < ARRAY_LEN(forms); i++) {
		memset(&tm, 0, sizeof(tm));
		at = text;
		for (form = forms[i]; *form != '\0'; form++) {
			if (!take_part(*form, &at, &tm, now_s))
				break;
		}
		if (*form == '\0' && *at == '\0' && instant(&tm, &s)) {
			*out_s = s;
			return 0;
		}
	}
	return -1;
}

static const char *
skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

/*
 * Reads an entity tag and moves behind it; *tag is its opaque part with quotes,
 * without W/. false when it is none.
 */
static bool
take_etag(const char **text, const char **tag, size_t *length)
{
	const char *at = *text;

	if (at[0] == 'W' && at[1] == '/')
		at += 2;
	if (*at != '"')
		return false;
	*tag = at++;
	while (*at != '"') {
		if (*at == ' ' || *at == '\t' || !http_is(*at, HTTP_VALUE))
			return false;	/* the zero too */
		at++;
	}
	*text = ++at;
	*length = (size_t)(at - *tag);
	return true;
}

/* A list with anything else in it matches nothing. */
static bool
etags_match(const char *list, const char *etag)
{
	const char *at = skip_blanks(list), *own, *rest = etag, *tag;
	size_t length, own_length;
	bool found = false;

	if (*at == '*')
		return *skip_blanks(at + 1) == '\0';
	if (etag == NULL || !take_etag(&rest, &own, &own_length))
		return false;
	while (*(at = skip_blanks(at)) != '\0') {
		if (*at == ',') {	/* an empty element */
			at++;
			continue;
		}
		if (!take_etag(&at, &tag, &length))
			return false;
		if (length == own_length && memcmp(tag, own, length) == 0)
			found = true;
		at = skip_blanks(at);
		if (*at != ',' && *at != '\0')
			return false;
	}
	return found;
}

bool
http_not_modified(const char *if_none_match, const char *if_modified_since,
    const char *etag, int64_t last_modified_s, int64_t now_s)
{
	int64_t since_s;

	if (if_none_match != NULL)
		return etags_match(if_none_match, etag);
	if (if_modified_since == NULL || last_modified_s == 0 ||
	    http_date_parse(&since_s, if_modified_since, now_s) == -1)
		return false;
	return since_s == last_modified_s && since_s <= now_s;
}

/* A weight in thousandths (RFC 9110 12.4.2); 1000 when none stands there. */
static bool
take_weight(const char **text, int *out)
{
	const char *at = skip_blanks(*text);
	int left = 100, q;

	*out = 1000;
	if (*at != ';') {
		*text = at;
		return true;
	}
	at = skip_blanks(at + 1);
	if ((*at != 'q' && *at != 'Q') || at[1] != '=' ||
	    (at[2] != '0' && at[2] != '1'))
		return false;
	q = (at[2] - '0') * 1000;
	at += 3;
	if (*at == '.') {
		for (at++; *at >= '0' && *at <= '9'; at++, left /= 10) {
			if (left == 0)
				return false;
			q += (*at - '0') * left;
		}
	}
	*text = skip_blanks(at);
	*out = q;
	return q <= 1000;
}

bool
http_accepts_gzip(const char *accept_encoding)
{
	enum { UNSAID = -1 };
	int any = UNSAID, gzip = UNSAID, identity = UNSAID, q;
	const char *at = accept_encoding, *coding;
	size_t length;

	if (at == NULL)
		return false;
	while (*(at = skip_blanks(at)) != '\0') {
		if (*at == ',') {
			at++;
			continue;
		}
		for (coding = at; http_is(*at, HTTP_TOKEN); at++)
			continue;
		length = (size_t)(at - coding);
		if (length == 0 || !take_weight(&at, &q) ||
		    (*at != ',' && *at != '\0'))
			return false;
		if (http_same_nocase(coding, length, "gzip") ||
		    http_same_nocase(coding, length, "x-gzip"))
			gzip = q;
		else if (http_same_nocase(coding, length, "identity"))
			identity = q;
		else if (http_same_nocase(coding, length, "*"))
			any = q;
	}
	if (gzip == UNSAID)
		gzip = any;
	return gzip > 0 && gzip >= identity;
}
