#include "feed/body.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "base/mem.h"
#include "base/text.h"
#include "http/cond.h"
#include "secret/secret.h"

enum {
	/* A large body is compressed in one go while the loop waits: quickly. */
	GZIP_LARGE_BYTES = 512 * 1024,
	GZIP_LEVEL = 6, GZIP_LEVEL_LARGE = 1,
};

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
	free(body->slots);
	free(body->snapshot);
	free(body);
}

size_t
feed_body_bytes(const struct feed_body *body)
{
	size_t i, bytes = sizeof(*body) +
	    body->nfragments * sizeof(*body->fragments) +
	    body->nslots * sizeof(*body->slots) + strlen(body->snapshot);

	for (i = 0; i < FEED_FORMS; i++) {
		if (body->bytes[i] != NULL)
			bytes += body->bytes[i]->length;
		bytes += body->whole[i].length + body->same[i].length;
	}
	return bytes;
}

/*
 * The hash over the hashes of the pieces and their lengths: it changes whenever
 * the bytes do, and a large feed with one new event costs one event.
 */
static void
etag_make(struct feed_body *body, const struct buf *head,
    const struct buf *tail)
{
	struct buf all = BUF_INIT;
	unsigned char hash[SECRET_SHA256_BYTES];
	char hex[2 * FEED_HASH_BYTES + 1];
	size_t i;

	secret_sha256(hash, head->data, head->length);
	buf_add(&all, hash, sizeof(hash));
	for (i = 0; i < body->nfragments; i++) {
		buf_add(&all, body->fragments[i]->hash, FEED_HASH_BYTES);
		buf_add(&all, &body->fragments[i]->length,
		    sizeof(body->fragments[i]->length));
	}
	secret_sha256(hash, tail->data, tail->length);
	buf_add(&all, hash, sizeof(hash));
	secret_sha256(hash, all.data, all.length);
	buf_clear(&all);
	text_hex(hex, hash, FEED_HASH_BYTES);
	snprintf(body->etag[FEED_IDENTITY], FEED_ETAG_SIZE, "\"%s\"", hex);
}

static struct http_body *
identity_make(const struct feed_body *body, const struct buf *head,
    const struct buf *tail)
{
	size_t i, length = head->length + tail->length;
	char *bytes, *p;

	for (i = 0; i < body->nfragments; i++)
		length += body->fragments[i]->length;
	p = bytes = xmalloc(length);
	memcpy(p, head->data, head->length);
	p += head->length;
	for (i = 0; i < body->nfragments; i++) {
		memcpy(p, body->fragments[i]->bytes,
		    body->fragments[i]->length);
		p += body->fragments[i]->length;
	}
	memcpy(p, tail->data, tail->length);
	return http_body_new(bytes, length);
}

void
feed_body_join(struct feed_body *body, const struct buf *head,
    const struct buf *tail, const struct feed_body *before)
{
	etag_make(body, head, tail);
	if (before == NULL || strcmp(before->etag[FEED_IDENTITY],
	    body->etag[FEED_IDENTITY]) != 0) {
		body->bytes[FEED_IDENTITY] = identity_make(body, head, tail);
		return;
	}
	body->bytes[FEED_IDENTITY] = http_body_ref(
	    before->bytes[FEED_IDENTITY]);
	if (before->bytes[FEED_GZIP] == NULL)
		return;
	body->bytes[FEED_GZIP] = http_body_ref(before->bytes[FEED_GZIP]);
	memcpy(body->etag[FEED_GZIP], before->etag[FEED_GZIP], FEED_ETAG_SIZE);
}

/* The checksum tells apart what two versions of the library make of the same. */
static void
gzip_make(struct feed_body *body)
{
	const struct http_body *plain = body->bytes[FEED_IDENTITY];
	struct libdeflate_compressor *compressor;
	size_t most, length;
	char *bytes;

	compressor = libdeflate_alloc_compressor(
	    plain->length > GZIP_LARGE_BYTES ? GZIP_LEVEL_LARGE : GZIP_LEVEL);
	if (compressor == NULL)
		abort();
	most = libdeflate_gzip_compress_bound(compressor, plain->length);
	bytes = xmalloc(most);
	length = libdeflate_gzip_compress(compressor, plain->bytes,
	    plain->length, bytes, most);
	libdeflate_free_compressor(compressor);
	if (length == 0)
		abort();
	bytes = xreallocarray(bytes, length, 1);
	snprintf(body->etag[FEED_GZIP], FEED_ETAG_SIZE, "%.*s-%08" PRIx32 "\"",
	    2 * FEED_HASH_BYTES + 1, body->etag[FEED_IDENTITY],
	    libdeflate_crc32(0, bytes, length));
	body->bytes[FEED_GZIP] = http_body_new(bytes, length);
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

	if (body->bytes[form] == NULL)
		gzip_make(body);
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
