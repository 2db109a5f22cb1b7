/* target.c - see target.h. */
#include "http/target.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "http/chars.h"

enum { PORT_DIGITS = 5, PORT_MOST = 65535, HOST_MOST = 255 };

/* One byte of escaped text: *at moves behind it. -1 when the escape is none. */
static int
next_byte(const char *text, size_t length, size_t *at)
{
	int high, low;

	if (text[*at] != '%')
		return (unsigned char)text[(*at)++];
	if (length - *at < 3)
		return -1;
	high = http_hex_digit(text[*at + 1]);
	low = http_hex_digit(text[*at + 2]);
	*at += 3;
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* The bytes of a UTF-8 character behind its first one, no ASCII; or -1. */
static int
more_bytes(int first)
{
	if (first < 0xc2 || first > 0xf4)
		return -1;
	return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

/* Takes the rest of a character that begins with `first`. */
static bool
rest_of_character(const char *text, size_t length, size_t *at, int first)
{
	char character[4];
	int byte, i, more;

	character[0] = (char)first;
	if (first < 0x80)
		return true;
	if ((more = more_bytes(first)) < 0)
		return false;
	for (i = 1; i <= more; i++) {
		if (*at >= length || text[*at] != '%' ||
		    (byte = next_byte(text, length, at)) < 0)
			return false;
		character[i] = (char)byte;
	}
	return text_utf8_ok(character, (size_t)more + 1);
}

static bool
path_ok(const char *text, size_t length)
{
	size_t at = 0, before, dots = 0, others = 0;
	int byte;

	while (at < length) {
		before = at;
		if (!http_is(text[at], HTTP_PATH) ||
		    (byte = next_byte(text, length, &at)) < 0 ||
		    byte < 0x20 || byte == 0x7f || byte == '\\' ||
		    !rest_of_character(text, length, &at, byte))
			return false;
		if (byte != '/') {
			*(byte == '.' ? &dots : &others) += 1;
			continue;
		}
		/* An escaped slash is no slash to some and one to others. */
		if (text[before] == '%')
			return false;
		if (others == 0 && (dots == 1 || dots == 2))
			return false;
		dots = others = 0;
	}
	return !(others == 0 && (dots == 1 || dots == 2));
}

static bool
query_ok(const char *text, size_t length)
{
	size_t at = 0;

	while (at < length) {
		if (!http_is(text[at], HTTP_QUERY) ||
		    next_byte(text, length, &at) <= 0)
			return false;
	}
	return true;
}

/* Splits what stands behind the host, from `at` on, into path and query. */
static bool
split_path(struct http_target *target, const char *text, size_t at,
    size_t length)
{
	const char *mark = memchr(text + at, '?', length - at);

	target->path_at = at;
	target->path_length = mark == NULL ? length - at :
	    (size_t)(mark - text) - at;
	target->query_at = mark == NULL ? length : (size_t)(mark - text) + 1;
	target->query_length = length - target->query_at;
	return path_ok(text + at, target->path_length) &&
	    query_ok(text + target->query_at, target->query_length);
}

/* The length of "http://" or "https://" at the front, or 0. */
static size_t
scheme_length(const char *text, size_t length)
{
	static const char *const schemes[] = { "https://", "http://" };
	size_t i, n;

	for (i = 0; i < ARRAY_LEN(schemes); i++) {
		n = strlen(schemes[i]);
		if (length > n && http_same_nocase(text, n, schemes[i]))
			return n;
	}
	return 0;
}

bool
http_target_parse(struct http_target *out, const char *text, size_t length)
{
	struct http_target target = { .form = HTTP_ORIGIN };
	size_t at = 0;

	if (length == 1 && text[0] == '*') {
		target.form = HTTP_ASTERISK;
		target.path_length = 1;
		target.query_at = 1;
		*out = target;
		return true;
	}
	if (length == 0)
		return false;
	if (text[0] != '/') {
		if ((at = scheme_length(text, length)) == 0)
			return false;
		target.form = HTTP_ABSOLUTE;
		target.host_at = at;
		while (at < length && text[at] != '/' && text[at] != '?')
			at++;
		target.host_length = at - target.host_at;
		if (!http_host_ok(text + target.host_at, target.host_length))
			return false;
	}
	if (!split_path(&target, text, at, length))
		return false;
	*out = target;
	return true;
}

/* As a reader of the path would take it; what is no escape stays as it is. */
static char
next_visible(const char *text, size_t length, size_t *at)
{
	size_t behind = *at;
	int byte = next_byte(text, length, &behind);

	if (byte <= ' ' || byte > '~' || byte == '/' || byte == '?')
		return text[(*at)++];
	*at = behind;
	return (char)byte;
}

void
http_target_path_begin(char *out, size_t size, const char *text, size_t length)
{
	size_t at = scheme_length(text, length), to = 0;

	if (at > 0) {
		while (at < length && text[at] != '/' && text[at] != '?')
			at++;
	}
	if (at < length && text[at] == '/') {
		while (at < length && text[at] != '?' && to < size - 1)
			out[to++] = next_visible(text, length, &at);
	}
	out[to] = '\0';
}

size_t
http_target_decode(char *path, size_t length)
{
	size_t at = 0, to = 0;

	while (at < length)
		path[to++] = (char)next_byte(path, length, &at);
	return to;
}

/* The length of the name before the port; false when the port is none. */
static bool
split_port(const char *text, size_t length, size_t *name_length)
{
	const char *bracket = memchr(text, ']', length);
	size_t from = bracket == NULL ? 0 : (size_t)(bracket - text);
	const char *colon = memchr(text + from, ':', length - from);
	long port = 0;
	size_t i;

	*name_length = length;
	if (colon == NULL)
		return true;
	*name_length = (size_t)(colon - text);
	i = *name_length + 1;
	if (i == length || length - i > PORT_DIGITS)
		return false;
	for (; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		port = port * 10 + (text[i] - '0');
	}
	return port >= 1 && port <= PORT_MOST;
}

static bool
ipv6_ok(const char *text, size_t length)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr parsed;

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	return inet_pton(AF_INET6, address, &parsed) == 1;
}

bool
http_host_ok(const char *text, size_t length)
{
	size_t i, n;

	if (length == 0 || !split_port(text, length, &n) || n == 0 ||
	    n > HOST_MOST)
		return false;
	if (text[0] == '[')
		return n > 2 && text[n - 1] == ']' &&
		    ipv6_ok(text + 1, n - 2);
	for (i = 0; i < n; i++) {
		if (!http_is(text[i], HTTP_NAME))
			return false;
		if (text[i] == '.' && (i == 0 || text[i - 1] == '.'))
			return false;
	}
	return true;
}

bool
http_host_is(const char *text, size_t length, const char *name)
{
	size_t n;

	if (!split_port(text, length, &n))
		return false;
	if (n > 1 && text[n - 1] == '.')
		n--;
	return http_same_nocase(text, n, name);
}
