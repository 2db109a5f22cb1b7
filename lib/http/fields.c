/* fields.c - texts out of a head that was read: see parser.h, fields.h. */
#include "http/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "http/chars.h"
#include "http/target.h"

struct http_span
http_trim(const char *bytes, struct http_span span)
{
	const char *from = bytes + span.at, *to = from + span.length;

	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	/* A zero: http_parser_field() may have ended the text there. */
	while (to > from && (to[-1] == ' ' || to[-1] == '\t' ||
	    to[-1] == '\0'))
		to--;
	return (struct http_span){ (size_t)(from - bytes), (size_t)(to - from) };
}

void
http_parser_end_texts(struct http_parser *parser, char *bytes)
{
	struct http_span *path = &parser->path, *query = &parser->query;

	if (query->length != 0)
		bytes[query->at + query->length] = '\0';
	if (path->length == 0) {
		/* "https://host": there is room where the scheme stood. */
		path->at = parser->target.at;
		path->length = 1;
		bytes[path->at] = '/';
	}
	path->length = http_target_decode(bytes + path->at, path->length);
	bytes[path->at + path->length] = '\0';
	if (query->length == 0)
		query->at = path->at + path->length;
}

void
http_parser_path_begin(const struct http_parser *parser, const char *bytes,
    char *out, size_t size)
{
	struct http_span target = parser->target;

	if (target.at != 0 && target.length == 0)
		target.length = parser->part;
	http_target_path_begin(out, size, bytes + target.at, target.length);
}

bool
http_parser_field_next(const struct http_parser *parser, const char *bytes,
    size_t *at, struct http_span *name, struct http_span *value)
{
	size_t end = parser->lines_end;
	const char *line = bytes + *at, *colon, *lf;

	if (*at >= end)
		return false;
	colon = memchr(line, ':', end - *at);
	lf = memchr(line, '\n', end - *at);
	*name = (struct http_span){ *at, (size_t)(colon - line) };
	/* Up to the CR, in whose place there may be a zero by now. */
	*value = http_trim(bytes, (struct http_span){
	    (size_t)(colon + 1 - bytes), (size_t)(lf - colon) - 2 });
	*at += (size_t)(lf - line) + 1;
	return true;
}

struct http_text {
	struct http_text *next;
	char		 *text;
};

static bool
named(const char *bytes, struct http_span name, const char *lower)
{
	return http_same_nocase(bytes + name.at, name.length, lower);
}

/* All values of that name, joined. */
static const char *
join(const struct http_parser *parser, const char *bytes, const char *lower,
    struct http_texts *texts)
{
	size_t at = parser->fields_at;
	struct http_span name, value;
	struct http_text *text = xmalloc(sizeof(*text));
	struct buf joined = BUF_INIT;
	bool more = false;

	while (http_parser_field_next(parser, bytes, &at, &name, &value)) {
		if (!named(bytes, name, lower))
			continue;
		if (more)
			buf_adds(&joined, ", ");
		buf_add(&joined, bytes + value.at, value.length);
		more = true;
	}
	text->text = buf_take(&joined);
	text->next = texts->first;
	texts->first = text;
	return text->text;
}

const char *
http_parser_field(const struct http_parser *parser, char *bytes,
    const char *lower, struct http_texts *texts)
{
	size_t at = parser->fields_at;
	struct http_span name, value, found = { 0, 0 };
	int count = 0;

	while (http_parser_field_next(parser, bytes, &at, &name, &value)) {
		if (named(bytes, name, lower)) {
			found = value;
			count++;
		}
	}
	if (count == 0)
		return NULL;
	if (count > 1)
		return join(parser, bytes, lower, texts);
	/* A blank or the CR stood here; http_trim() takes a zero for a blank. */
	bytes[found.at + found.length] = '\0';
	return bytes + found.at;
}

void
http_texts_clear(struct http_texts *texts)
{
	struct http_text *text;

	while ((text = texts->first) != NULL) {
		texts->first = text->next;
		xforget(text->text);
		free(text);
	}
}
