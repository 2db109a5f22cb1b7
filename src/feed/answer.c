#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "feed/house.h"
#include "http/cond.h"

enum { MINUTE_S = 60 };

/* Told once a minute and body; the family is read from the last of them. */
static void
fetch_note(struct feed_house *house, struct http_request *request,
    struct feed_body *body, int64_t now_s)
{
	if (body->token_id == 0 || body->fetched_minute == now_s / MINUTE_S)
		return;
	body->fetched_minute = now_s / MINUTE_S;
	feed_fetches_note(house->fetches, body->token_id, now_s,
	    http_request_field(request, "user-agent"));
}

/* A change is seen by somebody; a 304 would tell of it too. */
static void
served_first(struct feed_house *house, struct feed_body *body)
{
	histogram_add(&house->counts.served_delays,
	    clock_mono_us() - body->bumped_us);
	body->bumped_us = 0;
}

void
feed_answer_body(struct feed_house *house, struct http_request *request,
    struct feed_entry *entry, enum feed_form form, bool stale)
{
	struct feed_body *body = entry->body;
	int64_t now_s = clock_real_s();
	struct http_answer answer = { .status = 200 };
	struct feed_head *head = &body->whole[form];
	char age[40];

	if (body->bumped_us != 0)
		served_first(house, body);
	feed_body_ready(body, form, now_s);
	if (http_not_modified(http_request_field(request, "if-none-match"),
	    http_request_field(request, "if-modified-since"),
	    body->etag[form], body->modified_s, now_s)) {
		house->counts.not_modified++;
		answer.status = 304;
		head = &body->same[form];
	} else {
		answer.body = body->bytes[form];
	}
	answer.head = head->text;
	answer.head_length = head->length;
	if (stale) {
		house->counts.away++;
		snprintf(age, sizeof(age), "Age: %" PRId64 "\r\n",
		    (clock_mono_ms() - body->taken_ms) / 1000);
		answer.extra = age;
	}
	fetch_note(house, request, body, now_s);
	http_answer(request, &answer);
}

void
feed_answer_method(struct http_request *request)
{
	http_answer_text(request, 405, "Allow: GET, HEAD\r\n",
	    "A feed can only be read.\n");
}

void
feed_answer_malformed(struct http_request *request)
{
	http_answer_text(request, 400, "Cache-Control: no-store\r\n",
	    "Kattegat-Min-Version is a transaction id: a decimal number.\n");
}

void
feed_answer_away(struct feed_house *house, struct http_request *request)
{
	house->counts.away++;
	http_answer_text(request, 503,
	    "Retry-After: 5\r\nCache-Control: no-store\r\n"
	    "Referrer-Policy: no-referrer\r\n",
	    "The feed cannot be shown just now; please try again later.\n");
}

/* What the state of the database was decides; never the form of the address. */
static void
answer_none(struct http_request *request, int status, const char *more,
    const char *snapshot, const char *text)
{
	struct buf fields = BUF_INIT;

	buf_addf(&fields, "Cache-Control: private, no-cache\r\n"
	    "X-Robots-Tag: noindex\r\nReferrer-Policy: no-referrer\r\n"
	    "Kattegat-Version: %s\r\n%s", snapshot, more);
	http_answer_text(request, status, fields.data, text);
	buf_clear(&fields);
}

void
feed_answer_unknown(struct feed_house *house, struct http_request *request,
    const char *snapshot, bool secret)
{
	house->counts.unknown++;
	if (secret && feed_strangers_count(house->strangers,
	    http_request_address(request)))
		answer_none(request, 429, "Retry-After: 60\r\n", snapshot,
		    "Too many unknown feeds were asked for.\n");
	else
		answer_none(request, 404, "", snapshot, "No such feed.\n");
}

void
feed_answer_gone(struct http_request *request, const char *snapshot)
{
	answer_none(request, 410, "", snapshot, "This feed is closed.\n");
}
