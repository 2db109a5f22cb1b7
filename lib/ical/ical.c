/*
 * ical.c - see ical.h.
 *
 * libical writes every property it writes right; the few it does not (X- ones
 * and CATEGORIES: no escaping; GEO: the locale's decimal point) are lines of our
 * own.
 */
#include "ical/ical.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ical/clean.h"

#define COPENHAGEN	"Europe/Copenhagen"

enum { LINE_OCTETS = 75, DAY_LENGTH = 8, TIME_LENGTH = 15 };

static icaltimezone *copenhagen;

/*
 * Constants: libical's own zone has a history since 1890 and a TZID that
 * Outlook refuses. No version in PRODID, so that an upgrade changes no bytes.
 */
static const char head_text[] =
    "BEGIN:VCALENDAR\r\n"
    "VERSION:2.0\r\n"
    "PRODID:-//kattegat//kattegat//DA\r\n"
    "CALSCALE:GREGORIAN\r\n";

static const char zone_text[] =
    "BEGIN:VTIMEZONE\r\n"
    "TZID:" COPENHAGEN "\r\n"
    "BEGIN:DAYLIGHT\r\n"
    "TZNAME:CEST\r\n"
    "TZOFFSETFROM:+0100\r\n"
    "TZOFFSETTO:+0200\r\n"
    "DTSTART:19810329T020000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    "END:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\n"
    "TZNAME:CET\r\n"
    "TZOFFSETFROM:+0200\r\n"
    "TZOFFSETTO:+0100\r\n"
    "DTSTART:19961027T030000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    "END:STANDARD\r\n"
    "END:VTIMEZONE\r\n";

int
ical_open(struct err *err)
{
	icalerror_set_errors_are_fatal(0);
	copenhagen = icaltimezone_get_builtin_timezone(COPENHAGEN);
	/* Only a zone that was loaded has a component. */
	if (copenhagen == NULL ||
	    icaltimezone_get_component(copenhagen) == NULL)
		return err_set(err, "the time zone %s was not found; the "
		    "package tzdata must be installed", COPENHAGEN);
	return 0;
}

void
ical_close(void)
{
	icaltimezone_free_builtin_timezones();
	icalmemory_free_ring();
	copenhagen = NULL;
}

/* Adds the property's line and frees it. */
static void
add(struct buf *out, icalproperty *property)
{
	char *line = icalproperty_as_ical_string_r(property);

	/* Only memory can have failed; like xmalloc(). */
	if (line == NULL)
		abort();
	buf_adds(out, line);
	free(line);
	icalproperty_free(property);
}

/* Adds the property of a text that was cleaned, and frees the text. */
static void
add_text(struct buf *out, icalproperty *(*make)(const char *text), char *text)
{
	if (text != NULL)
		add(out, make(text));
	free(text);
}

/* Adds a line of our own, folded between characters. */
static void
add_line(struct buf *out, const struct buf *line)
{
	const char *at = line->data, *end = at + line->length;
	size_t most = LINE_OCTETS, length;

	while ((size_t)(end - at) > most) {
		length = most;
		while (((unsigned char)at[length] & 0xc0) == 0x80)
			length--;
		buf_add(out, at, length);
		buf_adds(out, "\r\n ");
		at += length;
		most = LINE_OCTETS - 1;
	}
	buf_add(out, at, (size_t)(end - at));
	buf_adds(out, "\r\n");
}

/* RFC 5545 3.3.11. */
static void
escape(struct buf *line, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n') {
			buf_adds(line, "\\n");
			continue;
		}
		if (strchr("\\;,", *text) != NULL)
			buf_addc(line, '\\');
		buf_addc(line, *text);
	}
}

/* Adds NAME and an escaped text, and frees the text. */
static void
add_own_text(struct buf *out, const char *name, char *text)
{
	struct buf line = BUF_INIT;

	if (text == NULL)
		return;
	buf_addf(&line, "%s:", name);
	escape(&line, text);
	add_line(out, &line);
	buf_clear(&line);
	free(text);
}

void
ical_head(struct buf *out, const struct ical_calendar *calendar)
{
	buf_adds(out, head_text);
	if (calendar->publish)
		buf_adds(out, "METHOD:PUBLISH\r\n");
	add_text(out, icalproperty_new_name, clean_name(calendar->name));
	add_own_text(out, "X-WR-CALNAME", clean_name(calendar->name));
	add_own_text(out, "X-WR-CALDESC", clean_text(calendar->description));
	buf_adds(out, "X-WR-TIMEZONE:" COPENHAGEN "\r\n");
	add_text(out, icalproperty_new_color, clean_colour(calendar->colour));
	buf_adds(out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
	    "X-PUBLISHED-TTL:PT1H\r\n");
	add_text(out, icalproperty_new_source, clean_uri(calendar->source));
	add_text(out, icalproperty_new_url, clean_uri(calendar->url));
	buf_adds(out, zone_text);
}

void
ical_tail(struct buf *out)
{
	buf_adds(out, "END:VCALENDAR\r\n");
}

/* Two digits at a place, or -1. */
static int
two_digits(const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return -1;
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* libical takes 30 February and 25 o'clock; this does not. */
static int
time_parse(struct icaltimetype *out, const char *text)
{
	struct icaltimetype time = icaltime_null_time();
	size_t length = strlen(text);
	int century;

	if (length != DAY_LENGTH && length != TIME_LENGTH)
		return -1;
	century = two_digits(text);
	time.year = two_digits(text + 2);
	time.month = two_digits(text + 4);
	time.day = two_digits(text + 6);
	if (century < 1 || time.year < 0 || time.month < 1 || time.month > 12)
		return -1;
	time.year += century * 100;
	if (time.day < 1 ||
	    time.day > icaltime_days_in_month(time.month, time.year))
		return -1;
	time.is_date = length == DAY_LENGTH;
	if (!time.is_date) {
		time.hour = two_digits(text + 9);
		time.minute = two_digits(text + 11);
		time.second = two_digits(text + 13);
		if (text[DAY_LENGTH] != 'T' || time.hour < 0 ||
		    time.hour > 23 || time.minute < 0 || time.minute > 59 ||
		    time.second < 0 || time.second > 59)
			return -1;
	}
	*out = time;
	return 0;
}

struct span {
	struct icaltimetype starts, ends;
};

static int
span_parse(struct span *out, const struct ical_event *event, struct err *err)
{
	icaltimezone *zone = copenhagen;
	struct span span;

	if (time_parse(&span.starts, event->starts) == -1 ||
	    time_parse(&span.ends, event->ends) == -1 ||
	    span.starts.is_date != span.ends.is_date ||
	    strcmp(event->starts, event->ends) >= 0)
		return err_set(err, "an event lasts from \"%s\" to \"%s\"; "
		    "two times like 20270121T130000, or two days like "
		    "20270121, the later one last, would be right",
		    event->starts, event->ends);
	if (event->zone != NULL && strcmp(event->zone, COPENHAGEN) != 0) {
		zone = icaltimezone_get_builtin_timezone(event->zone);
		if (zone == NULL)
			return err_set(err, "an event is in the unknown time "
			    "zone \"%s\"; a name such as %s would be right",
			    event->zone, COPENHAGEN);
		/* Does nothing to days. */
		icaltimezone_convert_time(&span.starts, zone, copenhagen);
		icaltimezone_convert_time(&span.ends, zone, copenhagen);
	}
	/* A time with a zone and a TZID parameter would be written wrong. */
	span.starts.zone = span.ends.zone = NULL;
	*out = span;
	return 0;
}

/* Wall clock in Copenhagen, or a day. */
static void
add_local(struct buf *out, icalproperty *property, bool is_day)
{
	if (!is_day)
		icalproperty_add_parameter(property,
		    icalparameter_new_tzid(COPENHAGEN));
	add(out, property);
}

static struct icaltimetype
instant(int64_t at_s)
{
	return icaltime_from_timet_with_zone((time_t)at_s, 0,
	    icaltimezone_get_utc_timezone());
}

/* Who, when, and what became of it. */
static void
add_facts(struct buf *out, const struct ical_event *event,
    const struct span *span)
{
	static const icalproperty_status statuses[] = {
		[ICAL_CONFIRMED] = ICAL_STATUS_CONFIRMED,
		[ICAL_TENTATIVE] = ICAL_STATUS_TENTATIVE,
		[ICAL_CANCELLED] = ICAL_STATUS_CANCELLED,
	};
	struct icaltimetype changed = instant(event->changed_s);

	add_text(out, icalproperty_new_uid, clean_line(event->uid));
	add(out, icalproperty_new_dtstamp(changed));
	add_local(out, icalproperty_new_dtstart(span->starts),
	    span->starts.is_date);
	add_local(out, icalproperty_new_dtend(span->ends), span->ends.is_date);
	add(out, icalproperty_new_sequence(event->sequence));
	add(out, icalproperty_new_created(instant(event->created_s)));
	add(out, icalproperty_new_lastmodified(changed));
	add(out, icalproperty_new_status(statuses[event->status]));
	add(out, icalproperty_new_transp(event->transparent ?
	    ICAL_TRANSP_TRANSPARENT : ICAL_TRANSP_OPAQUE));
}

/* GEO, and Apple's own property, which needs the place's name too. */
static void
add_position(struct buf *out, const struct ical_event *event)
{
	char *lat = clean_degrees(event->lat, 90);
	char *lon = clean_degrees(event->lon, 180);
	char *title = clean_parameter(event->place_title);
	struct buf line = BUF_INIT;

	if (lat != NULL && lon != NULL) {
		buf_addf(out, "GEO:%s;%s\r\n", lat, lon);
		buf_adds(&line, "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;"
		    "X-APPLE-RADIUS=100");
		if (title != NULL)
			buf_addf(&line, ";X-TITLE=\"%s\"", title);
		buf_addf(&line, ":geo:%s,%s", lat, lon);
		add_line(out, &line);
	}
	buf_clear(&line);
	free(title);
	free(lon);
	free(lat);
}

static void
add_categories(struct buf *out, const char *categories)
{
	char *list = clean_line(categories), *rest = list, *item;
	struct buf line = BUF_INIT;

	while (rest != NULL && (item = strsep(&rest, ",")) != NULL) {
		item = text_trim(item);
		if (*item == '\0')
			continue;
		buf_adds(&line, line.length == 0 ? "CATEGORIES:" : ",");
		escape(&line, item);
	}
	if (line.length > 0)
		add_line(out, &line);
	buf_clear(&line);
	free(list);
}

static void
add_organizer(struct buf *out, const struct ical_event *event)
{
	char *mail = clean_uri(event->organizer_mail);
	char *name = clean_parameter(event->organizer_name);
	char *address = NULL;
	icalproperty *property;

	if (mail != NULL) {
		address = xasprintf("mailto:%s", mail);
		property = icalproperty_new_organizer(address);
		if (name != NULL)
			icalproperty_add_parameter(property,
			    icalparameter_new_cn(name));
		add(out, property);
	}
	free(address);
	free(name);
	free(mail);
}

int
ical_event(struct buf *out, const struct ical_event *event, struct err *err)
{
	struct span span;

	if (span_parse(&span, event, err) == -1)
		return -1;
	buf_adds(out, "BEGIN:VEVENT\r\n");
	add_facts(out, event, &span);
	add_text(out, icalproperty_new_summary, clean_line(event->summary));
	add_text(out, icalproperty_new_location, clean_line(event->location));
	add_position(out, event);
	add_text(out, icalproperty_new_url, clean_uri(event->url));
	add_text(out, icalproperty_new_description,
	    clean_text(event->description));
	add_categories(out, event->categories);
	add_text(out, icalproperty_new_conference,
	    clean_uri(event->conference_url));
	add_text(out, icalproperty_new_color, clean_colour(event->colour));
	add_organizer(out, event);
	buf_adds(out, "END:VEVENT\r\n");
	return 0;
}
