/*
 * parser.h - reads HTTP/1.1 requests (RFC 9112) out of a growing run of bytes.
 *
 * A pure function over bytes: the caller keeps what a connection has sent, from
 * the request's first byte on, and calls http_parser_head() whenever bytes
 * were added at the end, until it says DONE or BAD; then http_parser_body() in
 * the same way. Nothing is read twice, nothing is allocated, and how the bytes
 * were split makes no difference. What could be read in two ways is BAD.
 *
 *	http_parser_init(&parser, limits, hosts);
 *	MORE:	read, append, call again	BAD: answer parser.status, close
 *	DONE:	head: http_parser_body(), at once with what is there already
 *		body: bytes[0, parser.end) are this request; the next begins there
 *
 * One empty line before a request line is skipped (RFC 9112 section 2.2) and is
 * part of the request; a second one is BAD.
 *
 * Units:     places and lengths in bytes from the request's first byte, so the
 *            memory may move between calls.
 * Ownership: the parser is the caller's storage and holds no memory. Limits and
 *            hosts are only read and must outlive it.
 * Errors:    BAD with `status` (400, 405, 413, 414, 417, 421, 431, 505) and
 *            `why`, a constant English sentence without what the client sent.
 * Context:   any; no clock, no state but the struct.
 */
#ifndef KG_HTTP_PARSER_H
#define KG_HTTP_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/server.h"

enum http_parse { HTTP_PARSE_MORE, HTTP_PARSE_DONE, HTTP_PARSE_BAD };

struct http_span {
	size_t	at, length;
};

struct http_parser {
	/* Good after BAD. */
	int		 status;
	const char	*why;

	/* Good when the head is DONE. */
	enum http_method method;	/* CONNECT and TRACE are BAD, 405 */
	int		 minor;		/* HTTP/1.minor, 0 or 1 */
	struct http_span method_text;
	/* Still encoded; both may be empty. The path of OPTIONS * is "*". */
	struct http_span path, query;
	struct http_span host;		/* of Host or an absolute target, with port */
	bool		 keep_alive;	/* the client's wish; HTTP/1.0: false */
	bool		 expect_continue;	/* Expect: 100-continue (1.1 only) */
	bool		 chunked;
	int64_t		 content_length;	/* -1: none was given */
	size_t		 head_length;	/* with its empty line */
	size_t		 fields_at;	/* the first field line */
	int64_t		 nfields;

	/* Good when the body is DONE: the body lies at head_length. */
	size_t		 body_length;	/* decoded; 0 when there is none */
	size_t		 end;		/* head_length + body_length */

	/* The parser's own. */
	const struct http_limits *limits;
	const char *const	*hosts;
	unsigned char	 state;
	bool		 expect_other;	/* an Expect we cannot meet */
	size_t		 at;		/* in the head: the next byte to look at */
	size_t		 part;		/* bytes of the current part so far */
	size_t		 lines_end;	/* behind the last whole field line */
	int64_t		 budget;	/* bytes left of line, fields or trailers */
	struct http_span target, name;	/* target: length 0 while in it */
	int64_t		 chunk_left;	/* of a chunk, or of the whole body */
};

/*
 * `hosts`, ended by NULL, are the own names (any port is right, case does not
 * matter); another Host is 421. NULL: any.
 */
void http_parser_init(struct http_parser *parser,
    const struct http_limits *limits, const char *const *hosts);

/* Whether some byte of a request line has come (an empty line is none). */
bool http_parser_begun(const struct http_parser *parser);

/* `bytes` from the request's first byte, `length` of all that is there. */
enum http_parse http_parser_head(struct http_parser *parser, const char *bytes,
    size_t length);

/*
 * After the head was DONE. Decodes in place, so that the body lies in one piece
 * behind the head; what chunked framing took up is cut out and *length is less
 * by it. While it says MORE, *length is exactly head and body so far: a buffer
 * never holds more than the limits allow, plus the next requests after DONE.
 */
enum http_parse http_parser_body(struct http_parser *parser, char *bytes,
    size_t *length);

/*
 * After the head was DONE, once: decodes the path in place and ends path and
 * query with a zero: texts at bytes + path.at and bytes + query.at.
 * What they hold was checked before: UTF-8, no control bytes, no "." or "..".
 * The query is still encoded, and checked only for escapes that are none.
 */
void http_parser_end_texts(struct http_parser *parser, char *bytes);

/*
 * The first bytes of the path that is asked for as a text, at any time and after
 * BAD: what has come of it, unchecked. Escapes of visible bytes are decoded, but
 * those of '/' and '?'. Empty when there is no path. The bytes stay as they are.
 */
void http_parser_path_begin(const struct http_parser *parser,
    const char *bytes, char *out, size_t size);

/*
 * The next field line from *at on (begin with parser->fields_at), its value
 * without blanks around it; false behind the last one. Of a head that is not whole,
 * also after BAD, these are the lines that are.
 */
bool http_parser_field_next(const struct http_parser *parser, const char *bytes,
    size_t *at, struct http_span *name, struct http_span *value);

/* Memory of values that were joined; all zero at first. */
struct http_texts {
	struct http_text *first;
};

/*
 * The value of a field by its lower-case name as a text, or NULL. A single one
 * is ended in place and costs no memory; several are joined with ", " in texts.
 * Good until the bytes move or http_texts_clear(). May be asked again.
 */
const char *http_parser_field(const struct http_parser *parser, char *bytes,
    const char *lower, struct http_texts *texts);
void http_texts_clear(struct http_texts *texts);

#endif
