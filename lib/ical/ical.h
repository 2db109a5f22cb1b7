/*
 * ical.h - writes iCalendar (RFC 5545, RFC 7986). The only user of libical.
 *
 * A calendar is a head (header and VTIMEZONE), fragments (one VEVENT each) and a
 * tail. Every piece is whole content lines with CRLF, folded at 75 octets
 * between characters; joining them gives a calendar. The bytes depend on the
 * arguments only.
 *
 * Units:     `starts` and `ends` are local wall clock, "20270121T130000", or a
 *            day, "20270121", for an all-day event (end exclusive); instants are
 *            Unix seconds.
 * Ownership: output is added to the caller's buf; inputs are only read.
 * Errors:    text is cleaned first (control characters, bad UTF-8), so nothing
 *            can fail but a malformed time or an unknown zone: -1 with err
 *            filled and nothing added. A colour that is no word and a position
 *            that is no number are left out.
 */
#ifndef KG_ICAL_ICAL_H
#define KG_ICAL_ICAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum ical_status { ICAL_CONFIRMED, ICAL_TENTATIVE, ICAL_CANCELLED };

struct ical_calendar {		/* a NULL text is left out */
	const char	*name;		/* NAME and X-WR-CALNAME */
	const char	*description;	/* X-WR-CALDESC */
	const char	*colour;	/* CSS name */
	const char	*source;	/* the feed's own https address */
	const char	*url;
	bool		 publish;	/* METHOD:PUBLISH: all have an organizer */
};

struct ical_event {
	const char	*uid;
	int		 sequence;
	int64_t		 created_s, changed_s;
	const char	*starts, *ends;
	/*
	 * NULL: Europe/Copenhagen. Times of another zone are written as what the
	 * clock in Copenhagen shows: a head has one VTIMEZONE, and Outlook refuses
	 * a whole calendar for a TZID without one.
	 */
	const char	*zone;
	enum ical_status status;
	bool		 transparent;
	const char	*summary, *location, *description, *url;
	const char	*categories;	/* "a,b" */
	const char	*lat, *lon;	/* decimal degrees, or NULL */
	const char	*place_title;	/* of X-APPLE-STRUCTURED-LOCATION */
	const char	*organizer_mail, *organizer_name;
	const char	*conference_url;
	const char	*colour;
};

/* Once a process, before anything else: loads the zone. */
must_check int ical_open(struct err *err);
void ical_close(void);

void ical_head(struct buf *out, const struct ical_calendar *calendar);
must_check int ical_event(struct buf *out, const struct ical_event *event,
    struct err *err);
void ical_tail(struct buf *out);

#endif
