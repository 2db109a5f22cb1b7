/* test_ical.c - calendars, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ical/ical.h"

#define HEAD_ZONE \
	"BEGIN:VTIMEZONE\r\n" \
	"TZID:Europe/Copenhagen\r\n" \
	"BEGIN:DAYLIGHT\r\n" \
	"TZNAME:CEST\r\n" \
	"TZOFFSETFROM:+0100\r\n" \
	"TZOFFSETTO:+0200\r\n" \
	"DTSTART:19810329T020000\r\n" \
	"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n" \
	"END:DAYLIGHT\r\n" \
	"BEGIN:STANDARD\r\n" \
	"TZNAME:CET\r\n" \
	"TZOFFSETFROM:+0200\r\n" \
	"TZOFFSETTO:+0100\r\n" \
	"DTSTART:19961027T030000\r\n" \
	"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n" \
	"END:STANDARD\r\n" \
	"END:VTIMEZONE\r\n"

/* 2026-08-01 10:00:00 and 2026-08-02 11:12:13 UTC. */
#define CREATED_S	INT64_C(1785578400)
#define CHANGED_S	INT64_C(1785669133)

static const struct ical_event plain = {
	.uid = "5f0c@kalender.dk", .sequence = 2,
	.created_s = CREATED_S, .changed_s = CHANGED_S,
	.starts = "20270121T130000", .ends = "20270121T160000",
	.zone = "Europe/Copenhagen", .summary = "Kattegat Kommune",
};

static int
open_ical(void **state)
{
	struct err err;

	(void)state;
	return ical_open(&err);
}

static int
close_ical(void **state)
{
	(void)state;
	ical_close();
	return 0;
}

/* The caller frees it. */
static char *
event_text(const struct ical_event *event)
{
	struct buf out = BUF_INIT;
	struct err err;

	if (ical_event(&out, event, &err) == -1)
		fail_msg("%s", err.text);
	return buf_take(&out);
}

/* The value of the first line that begins with `name`, unfolded. */
static void
assert_value(const struct ical_event *event, const char *name,
    const char *expected)
{
	char *text = event_text(event), *from, *to, *fold;

	while ((fold = strstr(text, "\r\n ")) != NULL)
		memmove(fold, fold + 3, strlen(fold + 3) + 1);
	from = strstr(text, name);
	if (expected == NULL) {
		assert_null(from);
	} else {
		assert_non_null(from);
		assert_true(from > text && from[-1] == '\n');
		from += strlen(name);
		to = strstr(from, "\r\n");
		*to = '\0';
		assert_string_equal(from, expected);
	}
	free(text);
}

static void
test_a_whole_calendar_has_these_bytes(void **state)
{
	static const struct ical_calendar calendar = {
		.name = "Kattegat Kommune, sæson 2027; forår",
		.description = "Alle hold, alle dage; se mere\nog her \\ der",
		.colour = "teal", .source = "https://kalender.dk/f/alle.ics",
		.url = "https://kalender.dk/", .publish = true,
	};
	static const struct ical_event event = {
		.uid = "5f0c@kalender.dk", .sequence = 2,
		.created_s = CREATED_S, .changed_s = CHANGED_S,
		.starts = "20270121T130000", .ends = "20270121T160000",
		.zone = "Europe/Copenhagen", .status = ICAL_TENTATIVE,
		.transparent = true, .summary = "Dag 1, åbning; velkomst",
		.location = "Salen, Kattegatcentret, Havnen 1, 8500 Grenaa",
		.description = "13:00 Velkomst\n14:00 Spil, del 1\n"
		    "Husk: tag kommunens budget med på en nøgle",
		.url = "https://kalender.dk/hold/KAT27-01",
		.categories = "Kattegat, Ø-samfund; Fyn ,,åben",
		.lat = "56.40960", .lon = "10.923",
		.place_title = "Salen, \"Kattegatcentret\"",
		.organizer_mail = "aarhus@politikerakademiet.dk",
		.organizer_name = "Århus: kontoret",
		.conference_url = "https://video.dk/a b?c=d;e",
		.colour = "seagreen",
	};
	struct buf out = BUF_INIT;
	struct err err;

	(void)state;
	ical_head(&out, &calendar);
	assert_int_equal(ical_event(&out, &event, &err), 0);
	ical_tail(&out);
	assert_string_equal(out.data,
	    "BEGIN:VCALENDAR\r\n"
	    "VERSION:2.0\r\n"
	    "PRODID:-//kattegat//kattegat//DA\r\n"
	    "CALSCALE:GREGORIAN\r\n"
	    "METHOD:PUBLISH\r\n"
	    "NAME:Kattegat Kommune sæson 2027 forår\r\n"
	    "X-WR-CALNAME:Kattegat Kommune sæson 2027 forår\r\n"
	    "X-WR-CALDESC:Alle hold\\, alle dage\\; se mere\\nog her \\\\ der\r\n"
	    "X-WR-TIMEZONE:Europe/Copenhagen\r\n"
	    "COLOR:teal\r\n"
	    "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
	    "X-PUBLISHED-TTL:PT1H\r\n"
	    "SOURCE;VALUE=URI:https://kalender.dk/f/alle.ics\r\n"
	    "URL:https://kalender.dk/\r\n"
	    HEAD_ZONE
	    "BEGIN:VEVENT\r\n"
	    "UID:5f0c@kalender.dk\r\n"
	    "DTSTAMP:20260802T111213Z\r\n"
	    "DTSTART;TZID=Europe/Copenhagen:20270121T130000\r\n"
	    "DTEND;TZID=Europe/Copenhagen:20270121T160000\r\n"
	    "SEQUENCE:2\r\n"
	    "CREATED:20260801T100000Z\r\n"
	    "LAST-MODIFIED:20260802T111213Z\r\n"
	    "STATUS:TENTATIVE\r\n"
	    "TRANSP:TRANSPARENT\r\n"
	    "SUMMARY:Dag 1\\, åbning\\; velkomst\r\n"
	    "LOCATION:Salen\\, Kattegatcentret\\, Havnen 1\\, 8500 Grenaa\r\n"
	    "GEO:56.40960;10.923\r\n"
	    "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-APPLE-RADIUS=100;"
	    "X-TITLE=\"Salen, 'K\r\n"
	    " attegatcentret'\":geo:56.40960,10.923\r\n"
	    "URL:https://kalender.dk/hold/KAT27-01\r\n"
	    "DESCRIPTION:13:00 Velkomst\\n14:00 Spil\\, del 1\\n"
	    "Husk: tag kommunens \r\n"
	    " budget med på en nøgle\r\n"
	    "CATEGORIES:Kattegat,Ø-samfund\\; Fyn,åben\r\n"
	    "CONFERENCE;VALUE=URI:https://video.dk/a%20b?c=d;e\r\n"
	    "COLOR:seagreen\r\n"
	    "ORGANIZER;CN=\"Århus: kontoret\":mailto:aarhus@politikerakademiet.dk"
	    "\r\n"
	    "END:VEVENT\r\n"
	    "END:VCALENDAR\r\n");
	buf_clear(&out);
}

static void
test_what_is_not_given_is_left_out(void **state)
{
	static const struct ical_calendar calendar = { .name = NULL };
	struct ical_event event = plain;
	struct buf out = BUF_INIT;
	struct err err;

	(void)state;
	event.zone = NULL;
	event.summary = event.description = "";
	ical_head(&out, &calendar);
	assert_int_equal(ical_event(&out, &event, &err), 0);
	ical_tail(&out);
	assert_string_equal(out.data,
	    "BEGIN:VCALENDAR\r\n"
	    "VERSION:2.0\r\n"
	    "PRODID:-//kattegat//kattegat//DA\r\n"
	    "CALSCALE:GREGORIAN\r\n"
	    "X-WR-TIMEZONE:Europe/Copenhagen\r\n"
	    "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
	    "X-PUBLISHED-TTL:PT1H\r\n"
	    HEAD_ZONE
	    "BEGIN:VEVENT\r\n"
	    "UID:5f0c@kalender.dk\r\n"
	    "DTSTAMP:20260802T111213Z\r\n"
	    "DTSTART;TZID=Europe/Copenhagen:20270121T130000\r\n"
	    "DTEND;TZID=Europe/Copenhagen:20270121T160000\r\n"
	    "SEQUENCE:2\r\n"
	    "CREATED:20260801T100000Z\r\n"
	    "LAST-MODIFIED:20260802T111213Z\r\n"
	    "STATUS:CONFIRMED\r\n"
	    "TRANSP:OPAQUE\r\n"
	    "END:VEVENT\r\n"
	    "END:VCALENDAR\r\n");
	buf_clear(&out);
}

static void
test_days_are_written_as_dates(void **state)
{
	struct ical_event event = plain;

	(void)state;
	event.starts = "20280229";
	event.ends = "20280301";
	assert_value(&event, "DTSTART", ";VALUE=DATE:20280229");
	assert_value(&event, "DTEND", ";VALUE=DATE:20280301");
}

static void
test_a_cancelled_event_says_so(void **state)
{
	struct ical_event event = plain;

	(void)state;
	event.status = ICAL_CANCELLED;
	assert_value(&event, "STATUS:", "CANCELLED");
}

static void
test_times_of_another_zone_are_told_by_the_clock_in_copenhagen(void **state)
{
	struct ical_event event = plain;

	(void)state;
	/* Iceland has no summer time. */
	event.zone = "Atlantic/Reykjavik";
	event.starts = "20270327T230000";
	event.ends = "20270328T030000";
	assert_value(&event, "DTSTART", ";TZID=Europe/Copenhagen:20270328T000000");
	assert_value(&event, "DTEND", ";TZID=Europe/Copenhagen:20270328T050000");
}

static void
test_a_time_that_is_none_adds_nothing(void **state)
{
	static const char *const wrong[][2] = {
		{ "", "20270121T160000" }, { "20270121T130000", "" },
		{ "2027-01-21T13:00:00", "20270121T160000" },
		{ "20270121T1300", "20270121T160000" },
		{ "20270121T130000Z", "20270121T160000" },
		{ "20270121T130000", "20270121T160000Z" },
		{ "20270121 130000", "20270121T160000" },
		{ "20270121t130000", "20270121T160000" },
		{ "20270230T130000", "20270301T160000" },
		{ "20270121T130000", "20270121T240000" },
		{ "20270121T136000", "20270121T160000" },
		{ "20270121T130060", "20270121T160000" },
		{ "20271301T130000", "20271401T160000" },
		{ "20270100T130000", "20270121T160000" },
		{ "2027012xT130000", "20270121T160000" },
		{ "00010121T130000", "20270121T160000" },
		{ "20270121", "20270121T160000" }, { "20270121T130000", "20270122" },
		{ "20270121T130000", "20270121T130000" },
		{ "20270121", "20270121" }, { "20270121T130000", "20270120T160000" },
		{ "20270229", "20270301" },
	};
	struct ical_event event = plain;
	struct buf out = BUF_INIT;
	struct err err;
	size_t i;

	(void)state;
	buf_adds(&out, "before");
	for (i = 0; i < ARRAY_LEN(wrong); i++) {
		event.starts = wrong[i][0];
		event.ends = wrong[i][1];
		err.text[0] = '\0';
		if (ical_event(&out, &event, &err) != -1)
			fail_msg("taken: %s to %s", event.starts, event.ends);
		assert_non_null(strstr(err.text, event.starts));
		assert_string_equal(out.data, "before");
	}
	event = plain;
	event.zone = "Kattegat/Anholt";
	assert_int_equal(ical_event(&out, &event, &err), -1);
	assert_non_null(strstr(err.text, "Kattegat/Anholt"));
	assert_string_equal(out.data, "before");
	buf_clear(&out);
}

static void
test_control_characters_and_bad_utf8_are_cleaned_away(void **state)
{
	static const struct {
		const char	*dirty, *clean;
	} texts[] = {
		{ "a\r\nb\rc\nd", "a b c d" },
		{ "a\tb\x01" "c\x1b[0m\x7f.", "a bc[0m." },
		{ "a\xc2\x80" "b\xc2\x9f" "c\xc2\xa0" "d", "abc\xc2\xa0" "d" },
		{ "\xef\xbb\xbf" "a", "a" },
		{ "a\xe2\x80\xa8" "b\xe2\x80\xa9" "c", "a b c" },
		{ "\xff", "\xef\xbf\xbd" },
		{ "\xc3", "\xef\xbf\xbd" },
		{ "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xf0\x9f\x98", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xed\xa0\x80.", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd." },
		{ "\xd7\xa9\xd7\x9c\xf0\x9f\x98\x80", "\xd7\xa9\xd7\x9c\xf0\x9f\x98"
		    "\x80" },
		{ "'; DROP <script>", "'\\; DROP <script>" },
		{ "\\n\\,", "\\\\n\\\\\\," },
	};
	struct ical_event event = plain;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		event.summary = event.location = texts[i].dirty;
		assert_value(&event, "SUMMARY:", texts[i].clean);
		assert_value(&event, "LOCATION:", texts[i].clean);
	}
	event.summary = "\x01\x02";
	assert_value(&event, "SUMMARY", NULL);
	event.description = "a\r\n\r\nb\rc\xe2\x80\xa8" "d";
	assert_value(&event, "DESCRIPTION:", "a\\n\\nb\\nc\\nd");
}

static void
test_addresses_hold_only_what_may_stand_in_one(void **state)
{
	struct ical_event event = plain;

	(void)state;
	event.url = "https://a.dk/x\r\nATTENDEE:mailto:b\x01?q=%20 \"\xc3\xa6";
	assert_value(&event, "URL:",
	    "https://a.dk/xATTENDEE:mailto:b?q=%20%20%22%C3%A6");
	event.conference_url = "https://a.dk/\nEND:VEVENT";
	assert_value(&event, "CONFERENCE;VALUE=URI:", "https://a.dk/END:VEVENT");
	event.organizer_mail = "a@b.dk\r\nX:y";
	event.organizer_name = "A \"B\" ^n\r\nC: D";
	assert_value(&event, "ORGANIZER",
	    ";CN=\"A 'B'  n C: D\":mailto:a@b.dkX:y");
	event.organizer_mail = NULL;
	assert_value(&event, "ORGANIZER", NULL);
}

static void
test_a_position_or_colour_that_is_none_is_left_out(void **state)
{
	static const char *const wrong[] = { "", "x", "55,6", "91", "-90.5",
		"55.", ".5", "5e1", "+5", " 5", "5 ", "nan", "1\r\nX:y",
		"55.1234567890123" };
	struct ical_event event = plain;
	size_t i;

	(void)state;
	event.lon = "12.5";
	event.colour = "teal\r\nX:y";
	for (i = 0; i < ARRAY_LEN(wrong); i++) {
		event.lat = wrong[i];
		assert_value(&event, "GEO", NULL);
		assert_value(&event, "X-APPLE", NULL);
		assert_value(&event, "COLOR", NULL);
	}
	event.lat = "-90";
	assert_value(&event, "GEO:", "-90;12.5");
	assert_value(&event, "X-APPLE-STRUCTURED-LOCATION;",
	    "VALUE=URI;X-APPLE-RADIUS=100:geo:-90,12.5");
}

static void
test_the_same_event_gives_the_same_bytes(void **state)
{
	char *first = event_text(&plain), *second = event_text(&plain);

	(void)state;
	assert_string_equal(first, second);
	free(first);
	free(second);
}

/* Every line ends in CR LF, is at most 75 octets, and whole characters. */
static void
assert_lines_right(const char *text)
{
	const char *end;

	for (; *text != '\0'; text = end + 2) {
		end = strstr(text, "\r\n");
		assert_non_null(end);
		assert_in_range(end - text, 1, 75);
		assert_true(text_utf8_ok(text, (size_t)(end - text)));
		assert_null(memchr(text, '\r', (size_t)(end - text)));
		assert_null(memchr(text, '\n', (size_t)(end - text)));
	}
}

/* Reads a calendar back; returns its only event's property of a kind. */
static void
assert_reads_back(const char *text, icalproperty_kind kind,
    const char *expected)
{
	icalcomponent *calendar = icalparser_parse_string(text), *clone, *event;
	icalproperty *property;

	assert_non_null(calendar);
	assert_int_equal(icalcomponent_isa(calendar), ICAL_VCALENDAR_COMPONENT);
	assert_int_equal(icalcomponent_count_errors(calendar), 0);
	assert_int_equal(icalcomponent_count_components(calendar,
	    ICAL_VEVENT_COMPONENT), 1);
	assert_int_equal(icalcomponent_count_components(calendar,
	    ICAL_VTIMEZONE_COMPONENT), 1);
	event = icalcomponent_get_first_component(calendar,
	    ICAL_VEVENT_COMPONENT);
	property = icalcomponent_get_first_property(event, kind);
	assert_non_null(property);
	assert_string_equal(icalvalue_get_text(icalproperty_get_value(property)),
	    expected);
	/* The check writes what it finds into the tree. */
	clone = icalcomponent_new_clone(calendar);
	icalrestriction_check(clone);
	assert_int_equal(icalcomponent_count_errors(clone), 0);
	icalcomponent_free(clone);
	icalcomponent_free(calendar);
}

static char *
calendar_text(const struct ical_event *event)
{
	static const struct ical_calendar calendar = {
		.name = "Kattegat", .description = "Alt", .publish = true,
		.source = "https://kalender.dk/f/alle.ics",
	};
	struct buf out = BUF_INIT;
	struct err err;

	ical_head(&out, &calendar);
	assert_int_equal(ical_event(&out, event, &err), 0);
	ical_tail(&out);
	return buf_take(&out);
}

static void
test_hostile_text_is_read_back_as_text(void **state)
{
	struct ical_event event = plain;
	struct buf long_text = BUF_INIT;
	const char *hostile[] = {
		"a\nEND:VEVENT\nBEGIN:VEVENT\nUID:x\nb",
		"BEGIN:VALARM", "; , \\ \" : ^ = \\n",
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae" "abc",
		NULL,
	};
	char *text;
	size_t i, n;

	(void)state;
	while (long_text.length < 10000)
		buf_adds(&long_text, "\xf0\x9f\x98\x80 "
		    "\xc3\xa6\xc3\xb8,\xe2\x82\xac;x");
	hostile[ARRAY_LEN(hostile) - 1] = long_text.data;
	event.organizer_mail = "kontor@kalender.dk";
	event.categories = "a;b,c:d\r\nEND:VEVENT,\xf0\x9f\x98\x80";
	event.lat = "55.5";
	event.lon = "12.5";
	event.place_title = "x\":geo:0,0\r\nEND:VEVENT";
	for (i = 0; i < ARRAY_LEN(hostile); i++) {
		event.description = hostile[i];
		event.summary = "S";
		text = calendar_text(&event);
		assert_lines_right(text);
		assert_reads_back(text, ICAL_DESCRIPTION_PROPERTY, hostile[i]);
		free(text);
	}
	/* A character of four bytes at every place of the fold. */
	for (n = 0; n < 80; n++) {
		char *line = xasprintf("%.*s\xf0\x9f\x98\x80\xf0\x9f\x98\x80 end",
		    (int)n, long_text.data);

		memset(line, 'x', n);
		event.summary = event.categories = event.place_title =
		    event.description = line;
		text = calendar_text(&event);
		assert_lines_right(text);
		assert_reads_back(text, ICAL_SUMMARY_PROPERTY, line);
		free(text);
		free(line);
	}
	buf_clear(&long_text);
}

/* The constant in the head says what the system's own rules say. */
static void
test_the_zone_in_the_head_is_that_of_copenhagen(void **state)
{
	char *text = calendar_text(&plain);
	icalcomponent *calendar = icalparser_parse_string(text);
	icaltimezone *own = icaltimezone_new(), *system;
	struct icaltimetype at;
	int own_daylight, system_daylight;
	time_t at_s;

	(void)state;
	system = icaltimezone_get_builtin_timezone("Europe/Copenhagen");
	assert_true(icaltimezone_set_component(own, icalcomponent_new_clone(
	    icalcomponent_get_first_component(calendar,
	    ICAL_VTIMEZONE_COMPONENT))));
	/* From 2022 to 2036, every seventh hour. */
	for (at_s = 1640995200; at_s < 2082758400; at_s += 7 * 3600) {
		at = icaltime_from_timet_with_zone(at_s, 0,
		    icaltimezone_get_utc_timezone());
		assert_int_equal(
		    icaltimezone_get_utc_offset_of_utc_time(own, &at,
		    &own_daylight),
		    icaltimezone_get_utc_offset_of_utc_time(system, &at,
		    &system_daylight));
		assert_int_equal(own_daylight, system_daylight);
	}
	icaltimezone_free(own, 1);
	icalcomponent_free(calendar);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_whole_calendar_has_these_bytes),
		cmocka_unit_test(test_what_is_not_given_is_left_out),
		cmocka_unit_test(test_days_are_written_as_dates),
		cmocka_unit_test(test_a_cancelled_event_says_so),
		cmocka_unit_test(
		    test_times_of_another_zone_are_told_by_the_clock_in_copenhagen),
		cmocka_unit_test(test_a_time_that_is_none_adds_nothing),
		cmocka_unit_test(
		    test_control_characters_and_bad_utf8_are_cleaned_away),
		cmocka_unit_test(test_addresses_hold_only_what_may_stand_in_one),
		cmocka_unit_test(
		    test_a_position_or_colour_that_is_none_is_left_out),
		cmocka_unit_test(test_the_same_event_gives_the_same_bytes),
		cmocka_unit_test(test_hostile_text_is_read_back_as_text),
		cmocka_unit_test(test_the_zone_in_the_head_is_that_of_copenhagen),
	};

	return cmocka_run_group_tests(tests, open_ical, close_ical);
}
