/*
 * cond.h - conditional requests (RFC 9110 section 13) and dates (5.6.7).
 *
 * Units:   Unix seconds.
 * Errors:  none: a field that cannot be read is as if it were not there, so the
 *          answer is 200. A wrong 304 freezes a client for ever.
 */
#ifndef KG_HTTP_COND_H
#define KG_HTTP_COND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_DATE_SIZE = 30 };	/* "Sun, 06 Nov 1994 08:49:37 GMT" and a zero */

void http_date_format(char out[HTTP_DATE_SIZE], int64_t at_s);
/* All three forms of RFC 9110; -1 when it is none. */
int http_date_parse(int64_t *out_s, const char *text, int64_t now_s);

/*
 * Whether 304 is right. `etag` with its quotes; last_modified_s 0: none is sent.
 * If-None-Match wins; weak comparison, lists and "*"; If-Modified-Since only when
 * equal. Both fields may be NULL.
 */
bool http_not_modified(const char *if_none_match, const char *if_modified_since,
    const char *etag, int64_t last_modified_s, int64_t now_s);
/* Whether Accept-Encoding lets gzip through (RFC 9110 12.5.3); NULL: no. */
bool http_accepts_gzip(const char *accept_encoding);

#endif
