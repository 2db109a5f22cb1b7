/*
 * parser.c - see parser.h.
 *
 * One table leads through head, chunk framing and trailers: in every state some
 * bytes stay, one or two lead on (with an action), and all others are wrong.
 * Each byte is looked at once and alone: splitting cannot make a difference.
 */
#include "http/parser.h"

#include <string.h>

#include "base/mem.h"
#include "http/chars.h"
#include "http/fields.h"
#include "http/framing.h"

enum state {
	ST_METHOD,	/* in the method, or before it */
	ST_EMPTY_LF,	/* an empty line before the request line */
	ST_TARGET,
	ST_VERSION,
	ST_LINE_LF,
	ST_NAME,	/* in a field's name, or at the empty line */
	ST_VALUE,	/* in its value with the blanks around it */
	ST_VALUE_LF,
	ST_HEAD_LF,
	ST_HEAD,	/* head done, nothing of the body looked at */
	ST_FIXED,	/* in a body of known length */
	ST_SIZE,	/* in the size of a chunk */
	ST_EXTENSION,	/* behind it */
	ST_SIZE_LF,
	ST_DATA,	/* in a chunk */
	ST_DATA_CR,
	ST_DATA_LF,
	ST_TRAILER,	/* in a trailer's name, or at the last empty line */
	ST_TRAILER_VALUE,
	ST_TRAILER_LF,
	ST_LAST_LF,
	ST_END,
	ST_BAD,
};

enum { SIZE_DIGITS = 16, VERSION_LENGTH = 8 };

struct edge {
	char		 byte;
	unsigned char	 next;
	/* Sees the part that ends here, [at - part, at); false if refused. */
	bool		 (*action)(struct http_parser *parser,
	    const char *bytes, size_t at);
};

struct row {
	unsigned char	 stay;		/* kinds of bytes, chars.h */
	struct edge	 edges[2];
	const char	*wrong;		/* about any other byte */
	int		 over;		/* status when the budget is used up; 0: free */
};

static struct http_span
part_before(const struct http_parser *parser, size_t at)
{
	return (struct http_span){ at - parser->part, parser->part };
}

/* Actions of the request line. */

static bool
empty_line(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	if (parser->part != 0 || at != 0)
		return http_refuse(parser, 400,
		    "The request line is broken off.");
	return true;
}

static bool
empty_line_end(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	(void)at;
	parser->budget = parser->limits->request_line_bytes + 2;
	return true;
}

static bool
method_end(struct http_parser *parser, const char *bytes, size_t at)
{
	static const struct {
		const char	*name;
		enum http_method method;
	} methods[] = {
		{ "GET", HTTP_GET },
		{ "HEAD", HTTP_HEAD },
		{ "POST", HTTP_POST },
		{ "PUT", HTTP_PUT },
		{ "PATCH", HTTP_PATCH },
		{ "DELETE", HTTP_DELETE },
		{ "OPTIONS", HTTP_OPTIONS },
	};
	size_t i;

	parser->method_text = part_before(parser, at);
	if (parser->part == 0)
		return http_refuse(parser, 400, "There is no method.");
	if (http_span_is(bytes, parser->method_text, "PRI"))
		return http_refuse(parser, 400, "HTTP/2 is not spoken here.");
	for (i = 0; i < ARRAY_LEN(methods); i++) {
		if (http_span_is(bytes, parser->method_text, methods[i].name))
			parser->method = methods[i].method;
	}
	parser->target.at = at + 1;
	return true;
}

static bool
target_end(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	parser->target = part_before(parser, at);
	if (parser->part == 0)
		return http_refuse(parser, 400, "There is no target.");
	return true;
}

static bool
version_end(struct http_parser *parser, const char *bytes, size_t at)
{
	const char *version = bytes + at - parser->part;

	if (parser->part != VERSION_LENGTH ||
	    memcmp(version, "HTTP/", 5) != 0 || version[6] != '.' ||
	    version[5] < '1' || version[5] > '9' ||
	    version[7] < '0' || version[7] > '9')
		return http_refuse(parser, 400, "The version is not HTTP/1.1.");
	if (version[5] != '1')
		return http_refuse(parser, 505,
		    "Only HTTP/1.1 is spoken here.");
	/* A later 1.x is answered as 1.1 (RFC 9110 section 2.5). */
	parser->minor = version[7] != '0';
	parser->keep_alive = parser->minor == 1;
	return true;
}

static bool
line_end(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	parser->fields_at = parser->lines_end = at + 1;
	parser->budget = parser->limits->header_bytes + 2;
	return true;
}

/* Actions of the fields. */

static bool
name_end(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	parser->name = part_before(parser, at);
	if (parser->part == 0)
		return http_refuse(parser, 400, "A field has no name.");
	if (++parser->nfields > parser->limits->header_fields)
		return http_refuse(parser, 431, "There are too many fields.");
	return true;
}

static bool
fields_end(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	(void)at;
	if (parser->part != 0)
		return http_refuse(parser, 400, "A field has no colon.");
	return true;
}

static bool
value_end(struct http_parser *parser, const char *bytes, size_t at)
{
	return http_framing_field(parser, bytes,
	    http_trim(bytes, part_before(parser, at)));
}

static bool
field_end(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	parser->lines_end = at + 1;
	return true;
}

/* What can only be judged when the whole head is there. */
static bool
head_end(struct http_parser *parser, const char *bytes, size_t at)
{
	parser->head_length = at + 1;
	return http_framing_head(parser, bytes);
}

/* Actions of chunks and trailers. */

static bool
size_end(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	(void)at;
	if (parser->part == 0 || parser->part > SIZE_DIGITS)
		return http_refuse(parser, 400, "A chunk has no plain size.");
	if ((uint64_t)parser->chunk_left > (uint64_t)
	    (parser->limits->body_bytes - (int64_t)parser->body_length))
		return http_refuse(parser, 413, "The body is too large.");
	return true;
}

static bool
trailer_name_end(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	(void)at;
	if (parser->part == 0)
		return http_refuse(parser, 400, "A trailer has no name.");
	return true;
}

static bool
trailers_end(struct http_parser *parser, const char *bytes, size_t at)
{
	(void)bytes;
	(void)at;
	if (parser->part != 0)
		return http_refuse(parser, 400, "A trailer has no colon.");
	return true;
}

#define WRONG_END	"A line does not end in CR LF."
#define WRONG_NAME	"A field's name holds a byte that may not be there."
#define WRONG_VALUE	"A field's value holds a byte that may not be there."

static const struct row rows[] = {
	[ST_METHOD] = { HTTP_TOKEN, {
		{ ' ', ST_TARGET, method_end }, { '\r', ST_EMPTY_LF, empty_line } },
		"The method holds a byte that may not be there.", 414 },
	[ST_EMPTY_LF] = { 0, { { '\n', ST_METHOD, empty_line_end } },
		WRONG_END, 414 },
	[ST_TARGET] = { HTTP_VISIBLE, { { ' ', ST_VERSION, target_end } },
		"The target holds a byte that may not be there.", 414 },
	[ST_VERSION] = { HTTP_VISIBLE, { { '\r', ST_LINE_LF, version_end } },
		"The version holds a byte that may not be there.", 414 },
	[ST_LINE_LF] = { 0, { { '\n', ST_NAME, line_end } }, WRONG_END, 414 },
	[ST_NAME] = { HTTP_TOKEN, {
		{ ':', ST_VALUE, name_end }, { '\r', ST_HEAD_LF, fields_end } },
		WRONG_NAME, 431 },
	[ST_VALUE] = { HTTP_VALUE, { { '\r', ST_VALUE_LF, value_end } },
		WRONG_VALUE, 431 },
	[ST_VALUE_LF] = { 0, { { '\n', ST_NAME, field_end } }, WRONG_END, 431 },
	[ST_HEAD_LF] = { 0, { { '\n', ST_HEAD, head_end } }, WRONG_END, 431 },
	[ST_SIZE] = { HTTP_HEX, {
		{ '\r', ST_SIZE_LF, size_end }, { ';', ST_EXTENSION, size_end } },
		"A chunk has no plain size.", 0 },
	[ST_EXTENSION] = { HTTP_VALUE, { { '\r', ST_SIZE_LF, NULL } },
		WRONG_VALUE, 400 },
	/* Where it leads to depends on the size: body_step(). */
	[ST_SIZE_LF] = { 0, { { '\n', ST_DATA, NULL } }, WRONG_END, 0 },
	[ST_DATA_CR] = { 0, { { '\r', ST_DATA_LF, NULL } },
		"A chunk is longer than its size.", 0 },
	[ST_DATA_LF] = { 0, { { '\n', ST_SIZE, NULL } }, WRONG_END, 0 },
	[ST_TRAILER] = { HTTP_TOKEN, {
		{ ':', ST_TRAILER_VALUE, trailer_name_end },
		{ '\r', ST_LAST_LF, trailers_end } }, WRONG_NAME, 400 },
	[ST_TRAILER_VALUE] = { HTTP_VALUE, { { '\r', ST_TRAILER_LF, NULL } },
		WRONG_VALUE, 400 },
	[ST_TRAILER_LF] = { 0, { { '\n', ST_TRAILER, NULL } }, WRONG_END, 400 },
	[ST_LAST_LF] = { 0, { { '\n', ST_END, NULL } }, WRONG_END, 400 },
};

static const char *
over_words(int status)
{
	switch (status) {
	case 414:
		return "The request line is too long.";
	case 431:
		return "The fields are too long.";
	default:
		return "Chunk extensions or trailers are too long.";
	}
}

static const struct edge *
edge_find(const struct row *row, char byte)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(row->edges); i++) {
		if (row->edges[i].byte == byte && row->edges[i].byte != '\0')
			return &row->edges[i];
	}
	return NULL;
}

/* Digits more of a chunk's size; what is too large stays too large. */
static void
size_digits(struct http_parser *parser, const char *bytes, size_t from,
    size_t to)
{
	size_t at;

	for (at = from; at < to; at++) {
		if (parser->chunk_left <= INT64_MAX / 32)
			parser->chunk_left = parser->chunk_left * 16 +
			    http_hex_digit(bytes[at]);
	}
}

/* Takes the byte at `at` on an edge; false when it is wrong there. */
static bool
take_edge(struct http_parser *parser, const struct row *row, const char *bytes,
    size_t at)
{
	const struct edge *edge = edge_find(row, bytes[at]);

	if (edge == NULL)
		return http_refuse(parser, 400, row->wrong);
	if (edge->action != NULL && !edge->action(parser, bytes, at))
		return false;
	parser->state = edge->next;
	parser->part = 0;
	return true;
}

/* From *at to the last byte that stays, or the end of the budget (*spent). */
static void
take_run(struct http_parser *parser, const struct row *row, const char *bytes,
    size_t *at, size_t length, bool *spent)
{
	size_t from = *at, most = length, here = from;
	unsigned char stay = row->stay;

	*spent = row->over != 0 && length - from > (uint64_t)parser->budget;
	if (*spent)
		most = from + (size_t)parser->budget;
	/* Most of a request goes through here: in registers. */
	while (here < most && http_is(bytes[here], stay))
		here++;
	if (parser->state == ST_SIZE)
		size_digits(parser, bytes, from, here);
	*at = here;
	*spent = *spent && *at == most;
	parser->part += *at - from;
	if (row->over != 0)
		parser->budget -= (int64_t)(*at - from);
}

/* Goes from *at to the end of this state or of the bytes. false: BAD. */
static bool
walk(struct http_parser *parser, const char *bytes, size_t *at, size_t length)
{
	const struct row *row = &rows[parser->state];
	bool right = true, spent;

	take_run(parser, row, bytes, at, length, &spent);
	if (spent) {
		right = http_refuse(parser, row->over, over_words(row->over));
	} else if (parser->state == ST_SIZE && parser->part > SIZE_DIGITS) {
		right = http_refuse(parser, 400, row->wrong);
	} else if (*at < length) {
		parser->budget -= row->over != 0;
		right = take_edge(parser, row, bytes, (*at)++);
	}
	if (!right)
		parser->state = ST_BAD;
	return right;
}

void
http_parser_init(struct http_parser *parser, const struct http_limits *limits,
    const char *const *hosts)
{
	memset(parser, 0, sizeof(*parser));
	parser->limits = limits;
	parser->hosts = hosts;
	parser->method = HTTP_OTHER;
	parser->content_length = -1;
	parser->state = ST_METHOD;
	/* Two for CR LF, which the limits do not count. */
	parser->budget = limits->request_line_bytes + 2;
}

bool
http_parser_begun(const struct http_parser *parser)
{
	return parser->state > ST_EMPTY_LF || parser->part > 0;
}

enum http_parse
http_parser_head(struct http_parser *parser, const char *bytes, size_t length)
{
	while (parser->state < ST_HEAD && parser->at < length) {
		if (!walk(parser, bytes, &parser->at, length))
			break;
	}
	if (parser->state == ST_BAD)
		return HTTP_PARSE_BAD;
	return parser->state < ST_HEAD ? HTTP_PARSE_MORE : HTTP_PARSE_DONE;
}

/* The first state of the body. */
static void
body_begin(struct http_parser *parser)
{
	if (parser->chunked) {
		parser->state = ST_SIZE;
		parser->budget = parser->limits->header_bytes;
	} else if (parser->content_length > 0) {
		parser->state = ST_FIXED;
		parser->chunk_left = parser->content_length;
	} else {
		parser->state = ST_END;
	}
}

/* Moves what is there of a chunk, or of the whole body, to the body's end. */
static void
take_data(struct http_parser *parser, char *bytes, size_t *at, size_t length)
{
	char *end = bytes + parser->head_length + parser->body_length;
	size_t count = length - *at;

	if (count > (uint64_t)parser->chunk_left)
		count = (size_t)parser->chunk_left;
	if (end != bytes + *at)
		memmove(end, bytes + *at, count);
	*at += count;
	parser->body_length += count;
	parser->chunk_left -= (int64_t)count;
	if (parser->chunk_left == 0)
		parser->state = parser->state == ST_FIXED ? ST_END : ST_DATA_CR;
}

enum http_parse
http_parser_body(struct http_parser *parser, char *bytes, size_t *length)
{
	size_t at = parser->head_length + parser->body_length;

	if (parser->state == ST_HEAD)
		body_begin(parser);
	while (parser->state < ST_END && at < *length) {
		if (parser->state == ST_FIXED || parser->state == ST_DATA) {
			take_data(parser, bytes, &at, *length);
			continue;
		}
		if (!walk(parser, bytes, &at, *length))
			return HTTP_PARSE_BAD;
		if (parser->state == ST_DATA && parser->chunk_left == 0)
			parser->state = ST_TRAILER;
	}
	if (parser->state == ST_BAD)
		return HTTP_PARSE_BAD;
	parser->end = parser->head_length + parser->body_length;
	if (at != parser->end) {
		memmove(bytes + parser->end, bytes + at, *length - at);
		*length -= at - parser->end;
	}
	return parser->state == ST_END ? HTTP_PARSE_DONE : HTTP_PARSE_MORE;
}
