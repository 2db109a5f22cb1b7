/*
 * fields.h - the room's own: what parser.c and fields.c share.
 */
#ifndef KG_HTTP_FIELDS_H
#define KG_HTTP_FIELDS_H

#include "http/parser.h"

/* Without blanks around it; a zero at the end counts as one. */
struct http_span http_trim(const char *bytes, struct http_span span);

#endif
