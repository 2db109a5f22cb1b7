/*
 * fields.h - the room's own: what parser.c and fields.c share.
 */
#ifndef KG_HTTP_FIELDS_H
#define KG_HTTP_FIELDS_H

#include "http/parser.h"

/* Without blanks around it; a zero or CR at the end counts as a blank. */
struct http_span http_trim(const char *bytes, struct http_span span);

#endif
