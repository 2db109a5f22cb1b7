#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What may follow the first byte of a sequence, RFC 3629 section 4. */
static const struct {
	unsigned char	first_from, first_to;
	unsigned char	second_from, second_to;
	unsigned char	length;
} utf8_forms[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Bytes of the sequence that begins here; 0 when it is none. */
static size_t
utf8_sequence(const unsigned char *at, size_t left)
{
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(utf8_forms); i++) {
		if (at[0] >= utf8_forms[i].first_from &&
		    at[0] <= utf8_forms[i].first_to)
			break;
	}
	if (i == ARRAY_LEN(utf8_forms) || utf8_forms[i].length > left)
		return 0;
	if (utf8_forms[i].length > 1 && (at[1] < utf8_forms[i].second_from ||
	    at[1] > utf8_forms[i].second_to))
		return 0;
	for (k = 2; k < utf8_forms[i].length; k++) {
		if ((at[k] & 0xc0) != 0x80)
			return 0;
	}
	return utf8_forms[i].length;
}

bool
text_utf8_ok(const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t step;

	for (; length > 0; at += step, length -= step) {
		if ((step = utf8_sequence(at, length)) == 0)
			return false;
	}
	return true;
}

size_t
text_utf8_count(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

bool
text_starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

bool
text_ends(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length &&
	    strcmp(text + length - end_length, end) == 0;
}

static int
lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool
text_same_nocase(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b))
		a++, b++;
	return *a == *b;
}

void
text_lower_ascii(char *text)
{
	for (; *text != '\0'; text++)
		*text = (char)lower(*text);
}

int
text_int(int64_t *out, const char *text, int64_t least, int64_t most)
{
	long long value;
	char *end;

	if (*text != '-' && (*text < '0' || *text > '9'))
		return -1;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < least ||
	    value > most)
		return -1;
	*out = value;
	return 0;
}

void
text_hex(char *out, const unsigned char *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < length; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

char *
text_trim(char *text)
{
	char *end;

	while (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')
		text++;
	end = text + strlen(text);
	while (end > text && strchr(" \t\r\n", end[-1]) != NULL)
		end--;
	*end = '\0';
	return text;
}
