#include "api/head.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

static const char blanks[] = " \t";

enum api_bearer
api_bearer_read(const char **token, const char *authorization)
{
	static const char scheme[] = "bearer ";
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~+/";
	enum { TOKEN_LEAST = 20, TOKEN_MOST = 200 };
	const char *p;
	size_t length;

	if (authorization == NULL)
		return API_BEARER_NONE;
	if (strncasecmp(authorization, scheme, strlen(scheme)) != 0)
		return API_BEARER_MALFORMED;
	p = authorization + strlen(scheme);
	p += strspn(p, blanks);
	length = strspn(p, letters);
	if (length < TOKEN_LEAST || length > TOKEN_MOST || p[length] != '\0')
		return API_BEARER_MALFORMED;
	*token = p;
	return API_BEARER_TOKEN;
}

/* What stands behind the blanks that p begins with. */
static const char *
behind_blanks(const char *p)
{
	return p + strspn(p, blanks);
}

/* Where an entity tag ends; NULL: it is none. */
static const char *
etag_end(const char *p)
{
	if (*p++ != '"')
		return NULL;
	for (; *p != '"'; p++)
		if ((unsigned char)*p < 0x21 || *p == 0x7f)
			return NULL;
	return p + 1;
}

/* What a tag of ours names, "3" or, of who sees less, "3-0a1b2c3d"; 0: another's. */
static int64_t
tag_version(const char *tag, const char *end)
{
	static const char hex[] = "0123456789abcdef";
	char digits[12] = "";
	size_t length = strspn(tag + 1, "0123456789");
	const char *rest = tag + 1 + length;
	int64_t version;

	if (*rest == '-' && strspn(rest + 1, hex) == 8)
		rest += 9;
	if (rest + 1 != end || length >= sizeof(digits))
		return 0;
	memcpy(digits, tag + 1, length);
	return tag[1] != '0' &&
	    text_int(&version, digits, 1, INT32_MAX) == 0 ? version : 0;
}

/* A weak tag is never the same in the strong comparison of RFC 9110 8.8.3.2. */
static enum api_precondition
tags_read(int64_t *highest, struct buf *strong, bool *is_plain,
    const char *if_match)
{
	const char *p = if_match, *tag, *end;
	int64_t version;
	bool weak;

	for (;; p = end + 1) {
		p = behind_blanks(p);
		weak = text_starts(p, "W/");
		tag = weak ? p + 2 : p;
		if ((end = etag_end(tag)) == NULL)
			return API_PRECONDITION_MALFORMED;
		version = tag_version(tag, end);
		if (version > *highest)
			*highest = version;
		if (version > 0 && !weak)
			buf_addf(strong, "%s%" PRId64,
			    strong->length > 0 ? "," : "", version);
		end = behind_blanks(end);
		if (*end != ',')
			break;
		*is_plain = false;
	}
	*is_plain = *is_plain && !weak;
	if (*end != '\0')
		return API_PRECONDITION_MALFORMED;
	return *highest > 0 ? API_PRECONDITION_VERSION :
	    API_PRECONDITION_NEVER;
}

enum api_precondition
api_if_match_read(int64_t *version, char **versions, const char *if_match)
{
	struct buf strong = BUF_INIT;
	enum api_precondition found;
	int64_t highest = 0;
	bool is_plain = true;

	*versions = NULL;
	if (if_match == NULL)
		return API_PRECONDITION_NONE;
	if (strcmp(if_match, "*") == 0)
		return API_PRECONDITION_ANY;
	found = tags_read(&highest, &strong, &is_plain, if_match);
	if (found == API_PRECONDITION_VERSION) {
		*version = highest;
		if (!is_plain)
			*versions = xasprintf("{%s}", strong.length > 0 ?
			    strong.data : "");
	}
	buf_clear(&strong);
	return found;
}

bool
api_key_ok(const char *key)
{
	enum { KEY_LEAST = 8, KEY_MOST = 200 };
	size_t length = strlen(key), i;

	for (i = 0; i < length; i++)
		if (key[i] < 0x21 || key[i] > 0x7e)
			return false;
	return length >= KEY_LEAST && length <= KEY_MOST;
}

bool
api_is_json(const char *content_type)
{
	static const char json[] = "application/json";
	const char *p;

	if (content_type == NULL ||
	    strncasecmp(content_type, json, strlen(json)) != 0)
		return false;
	p = behind_blanks(content_type + strlen(json));
	if (*p == '\0')
		return true;
	if (*p != ';')
		return false;
	p = behind_blanks(p + 1);
	return text_same_nocase(p, "charset=utf-8") ||
	    text_same_nocase(p, "charset=\"utf-8\"");
}

/* Thousandths: "0.8" is 800; anything that cannot be read is 0. */
static int
weight(const char *p, const char *end)
{
	int value = 0, unit = 1000;

	if (p == NULL)
		return 1000;
	if (p >= end || (*p != '0' && *p != '1'))
		return 0;
	value = (*p++ - '0') * 1000;
	if (p < end && *p == '.')
		p++;
	for (; p < end && *p >= '0' && *p <= '9' && unit > 1; p++)
		value += (*p - '0') * (unit /= 10);
	return value > 1000 ? 0 : value;
}

/* The weight of "q=" between p and end, or of none. */
static int
weight_of(const char *p, const char *end)
{
	for (; p < end; p++) {
		p = behind_blanks(p);
		if ((*p == 'q' || *p == 'Q') && p + 1 < end && p[1] == '=')
			return weight(p + 2, end);
		while (p < end && *p != ';')
			p++;
	}
	return 1000;
}

/* Whether the range, such as "da-DK", is of this language. */
static bool
is_of(const char *range, size_t length, const char *language)
{
	return length >= 2 && strncasecmp(range, language, 2) == 0 &&
	    (length == 2 || range[2] == '-');
}

bool
api_in_danish(const char *accept_language)
{
	int danish = -1, english = -1, other = 0, q;
	const char *p = accept_language, *end;
	size_t length;

	for (; p != NULL && *p != '\0'; p = *end == ',' ? end + 1 : end) {
		p = behind_blanks(p);
		end = p + strcspn(p, ",");
		length = strcspn(p, ",; \t");
		q = weight_of(p + length, end);
		if (is_of(p, length, "da") && q > danish)
			danish = q;
		else if (is_of(p, length, "en") && q > english)
			english = q;
		else if (length == 1 && *p == '*')
			other = q;
	}
	if (danish < 0)
		danish = other;
	return danish >= (english < 0 ? other : english);
}

bool
api_xid_ok(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits >= 1 && digits <= 19 && text[digits] == '\0';
}
