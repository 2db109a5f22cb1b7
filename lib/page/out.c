#include "page/out.h"

#include <string.h>

void
out_clear(struct out *out)
{
	buf_clear(&out->buf);
}

void
out_bytes(struct out *out, const char *bytes, size_t length)
{
	buf_add(&out->buf, bytes, length);
}

/* Both kinds of quotes, so that an attribute may stand in either. */
void
out_text(struct out *out, const char *text)
{
	static const char special[] = "&<>\"'";
	static const char *const instead[] = {
		"&amp;", "&lt;", "&gt;", "&quot;", "&#39;",
	};
	size_t plain;

	if (text == NULL)
		return;
	for (;;) {
		plain = strcspn(text, special);
		buf_add(&out->buf, text, plain);
		text += plain;
		if (*text == '\0')
			return;
		buf_adds(&out->buf, instead[strchr(special, *text) - special]);
		text++;
	}
}

/* Only what RFC 3986 2.3 calls unreserved stays as it is. */
void
out_text_url(struct out *out, const char *text)
{
	static const char unreserved[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-._~";
	size_t plain;

	if (text == NULL)
		return;
	for (;;) {
		plain = strspn(text, unreserved);
		buf_add(&out->buf, text, plain);
		text += plain;
		if (*text == '\0')
			return;
		buf_addf(&out->buf, "%%%02X", (unsigned char)*text);
		text++;
	}
}

void
out_text_raw(struct out *out, const char *text)
{
	if (text != NULL)
		buf_adds(&out->buf, text);
}

void
out_int(struct out *out, long long number)
{
	buf_addf(&out->buf, "%lld", number);
}

void
out_count(struct out *out, unsigned long long number)
{
	buf_addf(&out->buf, "%llu", number);
}
