/*
 * framing.h - what a head says about how its request is read (RFC 9112 3 and 6).
 *
 * The parser's own: parser.c walks over the bytes, this judges what they mean.
 * Whatever two readers could understand in two ways is refused.
 *
 * Errors:  false; status and why are then filled in the parser.
 */
#ifndef KG_HTTP_FRAMING_H
#define KG_HTTP_FRAMING_H

#include <stdbool.h>

#include "http/parser.h"

/* Always false. `why` is for the client, and stays. */
bool http_refuse(struct http_parser *parser, int status, const char *why);
bool http_span_is(const char *bytes, struct http_span span,
    const char *exactly);
/* One field; its name is parser->name. Most say nothing about framing. */
bool http_framing_field(struct http_parser *parser, const char *bytes,
    struct http_span value);
/* What can only be judged when the whole head is there. */
bool http_framing_head(struct http_parser *parser, const char *bytes);

#endif
