#include "feed/body.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http/cond.h"

struct feed_body *
feed_body_new(const struct feed_key *key)
{
	struct feed_body *body = xcalloc(1, sizeof(*body));

	memcpy(body->file, key->file, sizeof(body->file));
	body->is_public = key->is_public;
	return body;
}

void
feed_body_free(struct feed_body *body)
{
	size_t i;

	if (body == NULL)
		return;
	for (i = 0; i < FEED_FORMS; i++) {
		http_body_unref(body->bytes[i]);
		free(body->whole[i].text);
		free(body->same[i].text);
	}
	for (i = 0; i < body->nfragments; i++)
		feed_fragment_unref(body->fragments[i]);
	free(body->fragments);
	free(body->blocks);
	free(body->slots);
	free(body->snapshot);
	free(body);
}

size_t
feed_body_bytes(const struct feed_body *body)
{
	size_t i, bytes = sizeof(*body) +
	    body->nfragments * sizeof(*body->fragments) +
	    body->nblocks * sizeof(*body->blocks) +
	    body->nslots * sizeof(*body->slots) + strlen(body->snapshot);

	for (i = 0; i < FEED_FORMS; i++) {
		if (body->bytes[i] != NULL)
			bytes += body->bytes[i]->length;
		bytes += body->whole[i].length + body->same[i].length;
	}
	return bytes;
}

void
feed_body_share(struct feed_body *body, const struct feed_body *other)
{
	size_t i;

	assert(body->nblocks == other->nblocks);
	memcpy(body->blocks, other->blocks,
	    body->nblocks * sizeof(*body->blocks));
	for (i = 0; i < FEED_FORMS; i++) {
		body->bytes[i] = http_body_ref(other->bytes[i]);
		memcpy(body->etag[i], other->etag[i], FEED_ETAG_SIZE);
	}
}

/* What 200 and 304 have in common. */
static void
fields_add(struct buf *out, const struct feed_body *body, enum feed_form form)
{
	char date[HTTP_DATE_SIZE];

	buf_addf(out, "ETag: %s\r\n", body->etag[form]);
	if (body->modified_s != 0) {
		http_date_format(date, body->modified_s);
		buf_addf(out, "Last-Modified: %s\r\n", date);
	}
	buf_addf(out, "Vary: Accept-Encoding\r\nKattegat-Version: %s\r\n"
	    "Referrer-Policy: no-referrer\r\n", body->snapshot);
	buf_adds(out, body->is_public ?
	    "Cache-Control: public, max-age=60, stale-while-revalidate=600, "
	    "stale-if-error=86400\r\n"
	    "Access-Control-Allow-Origin: *\r\n" :
	    "Cache-Control: private, no-cache\r\n"
	    "X-Robots-Tag: noindex\r\n");
}

static void
head_take(struct feed_head *head, struct buf *out)
{
	free(head->text);
	head->length = out->length;
	head->text = buf_take(out);
}

static void
heads_make(struct feed_body *body, enum feed_form form)
{
	struct buf out = BUF_INIT;

	buf_addf(&out, "HTTP/1.1 200 OK\r\n"
	    "Content-Type: text/calendar; charset=utf-8\r\n"
	    "Content-Length: %zu\r\n"
	    "Content-Disposition: inline; filename=\"%s\"\r\n"
	    "X-Content-Type-Options: nosniff\r\n%s",
	    body->bytes[form]->length, body->file,
	    form == FEED_GZIP ? "Content-Encoding: gzip\r\n" : "");
	fields_add(&out, body, form);
	head_take(&body->whole[form], &out);
	buf_adds(&out, "HTTP/1.1 304 Not Modified\r\n");
	fields_add(&out, body, form);
	head_take(&body->same[form], &out);
}

void
feed_body_ready(struct feed_body *body, enum feed_form form, int64_t now_s)
{
	size_t i;

	if (body->modified_s == 0 && body->latest_s != 0 &&
	    body->latest_s < now_s) {
		body->modified_s = body->latest_s;
		for (i = 0; i < FEED_FORMS; i++)
			if (body->whole[i].text != NULL)
				heads_make(body, (enum feed_form)i);
	}
	if (body->whole[form].text == NULL)
		heads_make(body, form);
}
