/* clean.c - see clean.h. */
#include "ical/clean.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

static const char replacement[] = "\xef\xbf\xbd";	/* U+FFFD */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The length of the good character at the front of a text, or 0. */
static size_t
character_length(const char *text)
{
	unsigned char first = (unsigned char)*text;
	size_t length;

	length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	/* strnlen(): the zero must not be passed. */
	return strnlen(text, length) == length && text_utf8_ok(text, length) ?
	    length : 0;
}

/* What a character that is not plain text becomes, or NULL when it is plain. */
static const char *
instead(const char *character, size_t length)
{
	static const struct {
		const char	*character, *instead;
	} special[] = {
		{ "\t", " " },
		{ "\n", "\n" },
		{ "\r", "\n" },
		{ "\x7f", "" },
		{ "\xe2\x80\xa8", "\n" },	/* U+2028 */
		{ "\xe2\x80\xa9", "\n" },	/* U+2029 */
		{ "\xef\xbb\xbf", "" },		/* U+FEFF */
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(special); i++) {
		if (strlen(special[i].character) == length &&
		    memcmp(character, special[i].character, length) == 0)
			return special[i].instead;
	}
	if (length == 1 && (unsigned char)*character < 0x20)
		return "";
	/* C1: U+0080 to U+009F. */
	if (length == 2 && character[0] == '\xc2' &&
	    (unsigned char)character[1] < 0xa0)
		return "";
	return NULL;
}

static char *
take_or_null(struct buf *buf)
{
	if (buf->length > 0)
		return buf_take(buf);
	buf_clear(buf);
	return NULL;
}

/* Bytes at the front that stay as they are: nearly all of a text. */
static size_t
plain_length(const char *text)
{
	size_t length = 0;

	while (text[length] >= ' ' && text[length] < '\x7f')
		length++;
	return length;
}

char *
clean_text(const char *text)
{
	struct buf buf = BUF_INIT;
	const char *other;
	size_t length;

	if (text == NULL)
		return NULL;
	for (; *text != '\0'; text += length) {
		if ((length = plain_length(text)) > 0) {
			buf_add(&buf, text, length);
		} else if ((length = character_length(text)) == 0) {
			buf_adds(&buf, replacement);
			length = 1;
		} else if ((other = instead(text, length)) != NULL) {
			if (text[0] == '\r' && text[1] == '\n')
				length = 2;
			buf_adds(&buf, other);
		} else {
			buf_add(&buf, text, length);
		}
	}
	return take_or_null(&buf);
}

/* Each byte of `from` in the text becomes the byte of `to` at its place. */
static void
exchange(char *text, const char *from, const char *to)
{
	const char *found;

	for (; *text != '\0'; text++) {
		if ((found = strchr(from, *text)) != NULL)
			*text = to[found - from];
	}
}

char *
clean_line(const char *text)
{
	char *line = clean_text(text);

	if (line != NULL)
		exchange(line, "\n", " ");
	return line;
}

char *
clean_name(const char *text)
{
	char *name = clean_line(text), *from, *to;

	if (name == NULL)
		return NULL;
	exchange(name, ",;", "  ");
	for (from = to = name; *from != '\0'; from++) {
		if (*from != ' ' || (to > name && to[-1] != ' '))
			*to++ = *from;
	}
	if (to > name && to[-1] == ' ')
		to--;
	*to = '\0';
	if (to == name) {
		free(name);
		name = NULL;
	}
	return name;
}

char *
clean_parameter(const char *text)
{
	char *line = clean_line(text);

	if (line != NULL)
		exchange(line, "\"^", "' ");
	return line;
}

char *
clean_uri(const char *text)
{
	char *line = clean_text(text);
	struct buf buf = BUF_INIT;
	const char *at;

	if (line == NULL)
		return NULL;
	for (at = line; *at != '\0'; at++) {
		if (*at == '\n')
			continue;
		if (is_letter(*at) || is_digit(*at) ||
		    strchr("-._~:/?#[]@!$&'()*+,;=%", *at) != NULL)
			buf_addc(&buf, *at);
		else
			buf_addf(&buf, "%%%02X", (unsigned)(unsigned char)*at);
	}
	free(line);
	return take_or_null(&buf);
}

char *
clean_colour(const char *text)
{
	const char *at;

	if (text == NULL || *text == '\0')
		return NULL;
	for (at = text; *at != '\0'; at++) {
		if (!is_letter(*at))
			return NULL;
	}
	return xstrdup(text);
}

char *
clean_degrees(const char *text, int most)
{
	enum { MOST_DIGITS = 12 };
	const char *at = text, *end;

	if (text == NULL)
		return NULL;
	at += *at == '-';
	for (end = at; is_digit(*end); end++)
		continue;
	if (end == at || end - at > 3)
		return NULL;
	if (*end == '.') {
		for (at = ++end; is_digit(*end); end++)
			continue;
		if (end == at || end - at > MOST_DIGITS)
			return NULL;
	}
	if (*end != '\0' || strtod(text, NULL) > most ||
	    strtod(text, NULL) < -most)
		return NULL;
	return xstrdup(text);
}
