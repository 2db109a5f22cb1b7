#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#include "base/text.h"

enum {
	HEAD_MOST = 32 * 1024,
	BODY_MOST = 64 * 1024 * 1024,
};

/* ---- asking ---- */

void
target_compose(struct target *target, const struct load_options *options,
    bool conditional)
{
	struct buf out = BUF_INIT;

	buf_addf(&out, "GET %s HTTP/1.1\r\nHost: %s\r\n"
	    "User-Agent: kattegat-load/1\r\nAccept: text/calendar, */*\r\n",
	    target->path, options->host);
	if (options->gzip)
		buf_adds(&out, "Accept-Encoding: gzip\r\n");
	if (conditional && target->etag[0] != '\0')
		buf_addf(&out, "If-None-Match: %s\r\n", target->etag);
	if (options->field != NULL)
		buf_addf(&out, "%s\r\n", options->field);
	buf_adds(&out, "\r\n");
	free(target->request);
	target->request_length = out.length;
	target->request = buf_take(&out);
}

/* ---- reading ---- */

void
answer_begin(struct answer *answer, const struct target *target, bool compare)
{
	buf_reset(&answer->head);
	buf_reset(&answer->body);
	answer->in_body = false;
	answer->done = false;
	answer->close = false;
	answer->compare = compare && target->known;
	answer->status = 0;
	answer->length = 0;
	answer->got = 0;
	answer->etag[0] = '\0';
	answer->version[0] = '\0';
	answer->encoding = NULL;
	answer->wrong = NULL;
}

void
answer_clear(struct answer *answer)
{
	buf_clear(&answer->head);
	buf_clear(&answer->body);
}

static void
copy_value(char *out, size_t size, const char *value, const char **wrong)
{
	if (strlen(value) >= size)
		*wrong = "a field's value is longer than expected";
	else
		memcpy(out, value, strlen(value) + 1);
}

static void
answer_field(struct answer *answer, const char *name, char *value)
{
	int64_t length;

	if (strcasecmp(name, "content-length") == 0) {
		if (text_int(&length, value, 0, BODY_MOST) == 0)
			answer->length = (size_t)length;
		else
			answer->wrong = "no usable Content-Length";
	} else if (strcasecmp(name, "etag") == 0) {
		copy_value(answer->etag, sizeof(answer->etag), value,
		    &answer->wrong);
	} else if (strcasecmp(name, "kattegat-version") == 0) {
		copy_value(answer->version, sizeof(answer->version), value,
		    &answer->wrong);
	} else if (strcasecmp(name, "connection") == 0) {
		answer->close = strcasecmp(value, "close") == 0;
	} else if (strcasecmp(name, "content-encoding") == 0) {
		answer->encoding = value;
	} else if (strcasecmp(name, "transfer-encoding") == 0) {
		answer->wrong = "an answer in chunks";
	}
}

/* The head is whole and zero-terminated: takes it apart, in place. */
static void
answer_head(struct answer *answer)
{
	char *line = answer->head.data, *end, *colon;

	if (sscanf(line, "HTTP/1.1 %3d ", &answer->status) != 1) {
		answer->wrong = "no HTTP/1.1 answer";
		return;
	}
	line = strstr(line, "\r\n") + 2;
	while ((end = strstr(line, "\r\n")) != NULL && end != line) {
		*end = '\0';
		if ((colon = strchr(line, ':')) == NULL) {
			answer->wrong = "a field without a colon";
			return;
		}
		*colon = '\0';
		answer_field(answer, line, text_trim(colon + 1));
		line = end + 2;
	}
	if (answer->status == 304 || answer->status == 204)
		answer->length = 0;
	answer->in_body = true;
}

static void
answer_body(struct answer *answer, const struct target *target,
    const char *bytes, size_t length)
{
	if (length > answer->length - answer->got) {
		answer->wrong = "more bytes than Content-Length said";
		return;
	}
	if (answer->status == 200 && answer->compare &&
	    (answer->length != target->body.length ||
	    memcmp(target->body.data + answer->got, bytes, length) != 0)) {
		answer->wrong = "other bytes than in the first answer";
		return;
	}
	if (answer->status == 200 && !answer->compare)
		buf_add(&answer->body, bytes, length);
	answer->got += length;
}

void
answer_feed(struct answer *answer, const struct target *target,
    const char *bytes, size_t length)
{
	size_t before = answer->head.length, head, more;
	char *end;

	if (answer->done) {
		answer->wrong = "bytes after the end of the answer";
		return;
	}
	if (!answer->in_body) {
		buf_add(&answer->head, bytes, length);
		if ((end = strstr(answer->head.data, "\r\n\r\n")) == NULL) {
			if (answer->head.length > HEAD_MOST)
				answer->wrong = "a head that does not end";
			return;
		}
		head = (size_t)(end + 4 - answer->head.data) - before;
		bytes += head;
		length -= head;
		answer->head.data[before + head] = '\0';
		answer_head(answer);
	}
	more = answer->wrong == NULL ? length : 0;
	if (more > 0)
		answer_body(answer, target, bytes, more);
	answer->done = answer->wrong == NULL && answer->got == answer->length;
}

/* ---- judging ---- */

static void
sha256_hex(char out[SHA256_HEX_SIZE], const struct buf *body)
{
	unsigned char sum[32];

	if (EVP_Digest(body->length > 0 ? body->data : "", body->length, sum,
	    NULL, EVP_sha256(), NULL) != 1)
		load_die("OpenSSL has no SHA-256");
	text_hex(out, sum, sizeof(sum));
}

static void
body_save(const struct load *load, const char *sha256, const struct buf *body)
{
	char *path;
	FILE *file;

	if (load->options.save == NULL)
		return;
	path = xasprintf("%s/%s", load->options.save, sha256);
	if ((file = fopen(path, "we")) == NULL ||
	    fwrite(body->data, 1, body->length, file) != body->length ||
	    fclose(file) != 0)
		load_die("%s: cannot be written", path);
	free(path);
}

static struct seen_body *
seen_find(struct target *target, const char *etag)
{
	size_t i;

	for (i = target->nseen; i > 0; i--) {
		if (strcmp(target->seen[i - 1].etag, etag) == 0)
			return &target->seen[i - 1];
	}
	return NULL;
}

static void
seen_note(struct seen_body *seen, const struct conn *conn)
{
	if (seen->count++ == 0)
		seen->first_sent_us = conn->sent_us;
	if (conn->sent_us < seen->first_sent_us)
		seen->first_sent_us = conn->sent_us;
	if (conn->sent_us > seen->last_sent_us)
		seen->last_sent_us = conn->sent_us;
}

/* A page that changes: the same ETag must always mean the same bytes. */
static const char *
judge_changing(struct load *load, struct conn *conn)
{
	const struct answer *answer = &conn->answer;
	struct target *target = conn->target;
	struct seen_body *seen = seen_find(target, answer->etag);
	char sha256[SHA256_HEX_SIZE];

	if (answer->status == 304) {
		if (seen == NULL || strcmp(answer->etag, conn->sent_etag) != 0)
			return "304 with an ETag that was not asked with";
		seen_note(seen, conn);
		return NULL;
	}
	sha256_hex(sha256, &answer->body);
	if (seen == NULL) {
		target->seen = xreallocarray(target->seen, target->nseen + 1,
		    sizeof(*target->seen));
		seen = &target->seen[target->nseen++];
		*seen = (struct seen_body){ .length = answer->length };
		memcpy(seen->etag, answer->etag, sizeof(seen->etag));
		memcpy(seen->version, answer->version, sizeof(seen->version));
		memcpy(seen->sha256, sha256, sizeof(seen->sha256));
		body_save(load, sha256, &answer->body);
	} else if (strcmp(seen->sha256, sha256) != 0) {
		return "other bytes under the same ETag";
	}
	seen_note(seen, conn);
	memcpy(target->etag, answer->etag, sizeof(target->etag));
	target_compose(target, &load->options, load->options.conditional);
	return NULL;
}

static const char *
judge_first(struct load *load, struct conn *conn)
{
	struct answer *answer = &conn->answer;
	struct target *target = conn->target;
	char sha256[SHA256_HEX_SIZE];

	sha256_hex(sha256, &answer->body);
	if (target->sha256 != NULL && strcmp(target->sha256, sha256) != 0)
		return "not the bytes that were expected";
	if (load->options.conditional && answer->etag[0] == '\0')
		return "an answer without ETag";
	body_save(load, sha256, &answer->body);
	buf_add(&target->body, answer->body.data, answer->body.length);
	memcpy(target->etag, answer->etag, sizeof(target->etag));
	target->known = true;
	return NULL;
}

static int
status_wanted(const struct load *load)
{
	if (load->options.status != 0)
		return load->options.status;
	return load->options.conditional && load->counts ? 304 : 200;
}

static const char *
judge(struct load *load, struct conn *conn)
{
	const struct answer *answer = &conn->answer;
	const struct target *target = conn->target;
	const struct load_options *options = &load->options;
	int wanted = status_wanted(load);

	if (options->changing && (answer->status == 200 ||
	    (answer->status == 304 && options->conditional)))
		return judge_changing(load, conn);
	if (answer->status != wanted)
		return "another status than expected";
	if (answer->status == 304)
		return strcmp(answer->etag, target->etag) == 0 ? NULL :
		    "304 with another ETag";
	if (answer->status != 200)
		return NULL;
	if (options->gzip != (answer->encoding != NULL))
		return options->gzip ? "not in gzip" : "an encoding nobody "
		    "asked for";
	if (!target->known)
		return judge_first(load, conn);
	if (!answer->compare && (answer->body.length != target->body.length ||
	    memcmp(answer->body.data, target->body.data,
	    target->body.length) != 0))
		return "other bytes than in the first answer";
	return strcmp(answer->etag, target->etag) == 0 ? NULL :
	    "another ETag than in the first answer";
}

void
answer_judge(struct load *load, struct conn *conn)
{
	const struct answer *answer = &conn->answer;
	const char *wrong = answer->wrong;
	char *words;

	if (wrong == NULL)
		wrong = judge(load, conn);
	if (wrong == NULL)
		return;
	words = xasprintf("%s (status %d, %zu of %zu bytes)", wrong,
	    answer->status, answer->got, answer->length);
	load_error(load, conn->target, words);
	free(words);
}
