#include "daemon/clear.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define PATH_LETTERS	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	"0123456789-._~!$&'()*+,;=:@/"

/* A decoded path as it may stand in an address (RFC 3986 section 3.3). */
static void
add_path(struct buf *out, const char *path)
{
	for (; *path != '\0'; path++) {
		if (strchr(PATH_LETTERS, *path) != NULL)
			buf_addc(out, *path);
		else
			buf_addf(out, "%%%02X", (unsigned int)(unsigned char)*path);
	}
}

/* The query came as it is; only what must not stand in a field is written anew. */
static void
add_query(struct buf *out, const char *query)
{
	if (*query != '\0')
		buf_addc(out, '?');
	for (; *query != '\0'; query++) {
		if (*query > ' ' && *query < 0x7f)
			buf_addc(out, *query);
		else
			buf_addf(out, "%%%02X",
			    (unsigned int)(unsigned char)*query);
	}
}

void
clear_request(struct http_request *request, const char *base_url)
{
	enum http_method method = http_request_method(request);
	const char *path = http_request_path(request);
	struct buf fields = BUF_INIT;

	if (text_starts(path, "/f/")) {
		http_answer_text(request, 403, "Cache-Control: no-store\r\n",
		    "A calendar is only to be had over https: write https in "
		    "place of http in its address.\n");
		return;
	}
	if (text_starts(path, "/api")) {
		http_answer_text(request, 403, "Cache-Control: no-store\r\n",
		    "The API is only to be had over https.\n");
		return;
	}
	buf_addf(&fields, "Location: %s", base_url);
	add_path(&fields, path);
	add_query(&fields, http_request_query(request));
	buf_adds(&fields, "\r\n");
	/* 308 keeps the method (RFC 9110 section 15.4.9); 301 is older. */
	http_answer_text(request, method == HTTP_GET || method == HTTP_HEAD ?
	    301 : 308, fields.data, "This page is to be had over https.\n");
	buf_clear(&fields);
}
