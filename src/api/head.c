#include "api/head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

enum api_precondition
api_if_match_read(int64_t *version, const char *if_match)
{
	const char *tag, *end;
	char digits[12] = "";
	bool weak;

	if (if_match == NULL)
		return API_PRECONDITION_NONE;
	if (strcmp(if_match, "*") == 0)
		return API_PRECONDITION_ANY;
	weak = text_starts(if_match, "W/");
	tag = weak ? if_match + 2 : if_match;
	end = etag_end(tag);
	if (end == NULL || *end != '\0')
		return API_PRECONDITION_MALFORMED;
	/* A weak one is never the same in a strong comparison. */
	if (weak || end - tag - 2 >= (ptrdiff_t)sizeof(digits))
		return API_PRECONDITION_NEVER;
	memcpy(digits, tag + 1, (size_t)(end - tag - 2));
	return text_int(version, digits, 1, INT32_MAX) == 0 &&
	    *digits >= '1' && *digits <= '9' ?
	    API_PRECONDITION_VERSION : API_PRECONDITION_NEVER;
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

/* What stands behind the blanks that p begins with. */
static const char *
behind_blanks(const char *p)
{
	return p + strspn(p, blanks);
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
