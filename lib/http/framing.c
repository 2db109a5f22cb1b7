/* framing.c - see framing.h. */
#include "http/framing.h"

#include <string.h>

#include "base/mem.h"
#include "http/chars.h"
#include "http/fields.h"
#include "http/target.h"

bool
http_refuse(struct http_parser *parser, int status, const char *why)
{
	parser->status = status;
	parser->why = why;
	return false;
}

bool
http_span_is(const char *bytes, struct http_span span, const char *exactly)
{
	return strlen(exactly) == span.length &&
	    memcmp(bytes + span.at, exactly, span.length) == 0;
}

/* The fields that decide how a request is read. */

static bool
field_content_length(struct http_parser *parser, const char *bytes,
    struct http_span value)
{
	size_t i;
	int digit;

	if (parser->content_length != -1)
		return http_refuse(parser, 400,
		    "More than one Content-Length.");
	if (value.length == 0)
		return http_refuse(parser, 400, "Content-Length is empty.");
	parser->content_length = 0;
	for (i = value.at; i < value.at + value.length; i++) {
		if (bytes[i] < '0' || bytes[i] > '9')
			return http_refuse(parser, 400,
			    "Content-Length is not a plain number.");
		digit = bytes[i] - '0';
		if (parser->content_length > (INT64_MAX - digit) / 10)
			parser->content_length = INT64_MAX / 10;
		else
			parser->content_length =
			    parser->content_length * 10 + digit;
	}
	return true;
}

static bool
field_transfer_encoding(struct http_parser *parser, const char *bytes,
    struct http_span value)
{
	if (parser->minor == 0)
		return http_refuse(parser, 400,
		    "Transfer-Encoding in HTTP/1.0.");
	if (parser->chunked)
		return http_refuse(parser, 400,
		    "More than one Transfer-Encoding.");
	if (!http_same_nocase(bytes + value.at, value.length, "chunked"))
		return http_refuse(parser, 400,
		    "Transfer-Encoding is not exactly chunked.");
	parser->chunked = true;
	return true;
}

static bool
field_host(struct http_parser *parser, const char *bytes,
    struct http_span value)
{
	if (parser->host.length != 0)
		return http_refuse(parser, 400, "More than one Host.");
	if (!http_host_ok(bytes + value.at, value.length))
		return http_refuse(parser, 400, "Host is no host name.");
	parser->host = value;
	return true;
}

static bool
field_connection(struct http_parser *parser, const char *bytes,
    struct http_span value)
{
	size_t end = value.at + value.length, from, to;
	struct http_span token;

	for (from = value.at; from < end; from = to + 1) {
		for (to = from; to < end && bytes[to] != ','; to++)
			continue;
		token = http_trim(bytes, (struct http_span){ from, to - from });
		if (http_same_nocase(bytes + token.at, token.length, "close"))
			parser->keep_alive = false;
	}
	return true;
}

static bool
field_expect(struct http_parser *parser, const char *bytes,
    struct http_span value)
{
	if (http_same_nocase(bytes + value.at, value.length, "100-continue"))
		parser->expect_continue = true;
	else
		parser->expect_other = true;
	return true;
}

static const struct {
	const char	*name;
	bool		 (*read)(struct http_parser *parser, const char *bytes,
	    struct http_span value);
} framing_fields[] = {
	{ "content-length", field_content_length },
	{ "transfer-encoding", field_transfer_encoding },
	{ "host", field_host },
	{ "connection", field_connection },
	{ "expect", field_expect },
};

bool
http_framing_field(struct http_parser *parser, const char *bytes,
    struct http_span value)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(framing_fields); i++) {
		if (http_same_nocase(bytes + parser->name.at,
		    parser->name.length, framing_fields[i].name))
			return framing_fields[i].read(parser, bytes, value);
	}
	return true;
}

/* The whole head. */

/* Whether the own names hold the host that was asked for. */
static bool
own_host(const struct http_parser *parser, const char *bytes)
{
	const char *const *name;

	if (parser->hosts == NULL || parser->host.length == 0)
		return true;
	for (name = parser->hosts; *name != NULL; name++) {
		if (http_host_is(bytes + parser->host.at, parser->host.length,
		    *name))
			return true;
	}
	return false;
}

/* Hosts are compared with their ports: RFC 9112 3.2 wants them identical. */
static bool
same_host(const char *bytes, struct http_span a, struct http_span b)
{
	size_t i;

	if (a.length != b.length)
		return false;
	for (i = 0; i < a.length; i++) {
		if (http_lower(bytes[a.at + i]) != http_lower(bytes[b.at + i]))
			return false;
	}
	return true;
}

static bool
check_target(struct http_parser *parser, const char *bytes)
{
	size_t at = parser->target.at;
	struct http_target target;
	struct http_span host;

	if (!http_target_parse(&target, bytes + at, parser->target.length) ||
	    (target.form == HTTP_ASTERISK && parser->method != HTTP_OPTIONS))
		return http_refuse(parser, 400,
		    "The target is no usable address.");
	parser->path.at = at + target.path_at;
	parser->path.length = target.path_length;
	parser->query.at = at + target.query_at;
	parser->query.length = target.query_length;
	host = (struct http_span){ at + target.host_at, target.host_length };
	if (target.form == HTTP_ABSOLUTE && parser->host.length != 0 &&
	    !same_host(bytes, host, parser->host))
		return http_refuse(parser, 400,
		    "The target is on another host.");
	if (target.form == HTTP_ABSOLUTE)
		parser->host = host;
	if (!own_host(parser, bytes))
		return target.form == HTTP_ABSOLUTE ?
		    http_refuse(parser, 400, "The target is on another host.") :
		    http_refuse(parser, 421, "This host is not served here.");
	return true;
}

bool
http_framing_head(struct http_parser *parser, const char *bytes)
{
	if (parser->chunked && parser->content_length != -1)
		return http_refuse(parser, 400,
		    "Both Content-Length and Transfer-Encoding.");
	if (parser->minor == 1 && parser->host.length == 0)
		return http_refuse(parser, 400, "Host is missing.");
	if (http_span_is(bytes, parser->method_text, "CONNECT") ||
	    http_span_is(bytes, parser->method_text, "TRACE"))
		return http_refuse(parser, 405, "This method is not allowed.");
	if (!check_target(parser, bytes))
		return false;
	if (parser->minor == 0)
		parser->expect_continue = parser->expect_other = false;
	if (parser->expect_other)
		return http_refuse(parser, 417,
		    "This expectation cannot be met.");
	if (parser->content_length > parser->limits->body_bytes)
		return http_refuse(parser, 413, "The body is too large.");
	return true;
}
