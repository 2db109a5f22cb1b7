#include "http/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "http/chars.h"

/* One byte of escaped text: *at moves behind it. -1 when the escape is none. */
static int
next_byte(const char **at, const char *end)
{
	const char *p = *at;
	int high, low;

	if (*p != '%') {
		*at = p + 1;
		return *p == '+' ? ' ' : (unsigned char)*p;
	}
	if (end - p < 3 || (high = http_hex_digit(p[1])) < 0 ||
	    (low = http_hex_digit(p[2])) < 0)
		return -1;
	*at = p + 3;
	return high * 16 + low;
}

/* C0 but for tab and line end, DEL, and C1 (U+0080 to U+009F). */
static bool
has_control(const char *text)
{
	const unsigned char *p;

	for (p = (const unsigned char *)text; *p != '\0'; p++)
		if ((*p < ' ' && *p != '\n') || *p == 0x7f ||
		    (*p == 0xc2 && p[1] < 0xa0))
			return true;
	return false;
}

/*
 * Decodes [from, end) to `to`, with a zero behind it, and returns the place behind
 * that; NULL when it may not stand in a form.
 */
static char *
decode(char *to, const char *from, const char *end)
{
	char *begin = to;
	int byte, before = 0;

	while (from < end) {
		byte = next_byte(&from, end);
		if (byte <= 0)
			return NULL;
		/* CR LF is one line end, and so is CR alone. */
		if (byte == '\r' || (byte == '\n' && before != '\r'))
			*to++ = '\n';
		else if (byte != '\n')
			*to++ = byte == '\t' ? ' ' : (char)byte;
		before = byte;
	}
	*to = '\0';
	if (has_control(begin) || !text_utf8_ok(begin, (size_t)(to - begin)))
		return NULL;
	return to + 1;
}

static bool
name_ok(const struct http_form *form, const char *name)
{
	return *name != '\0' && strlen(name) <= HTTP_FORM_NAME_BYTES_MOST &&
	    strchr(name, '\n') == NULL &&
	    http_form_find_lines(form, name) == NULL;
}

/* One "name=value"; returns the place behind what was written, or NULL. */
static char *
field_add(struct http_form *form, char *to, const char *from, const char *end)
{
	struct http_form_field field;
	const char *equals = memchr(from, '=', (size_t)(end - from));

	field.name = to;
	to = decode(to, from, equals == NULL ? end : equals);
	if (to == NULL || !name_ok(form, field.name) ||
	    form->nfields == HTTP_FORM_FIELDS_MOST)
		return NULL;
	/* Without a '=' the name's zero is the empty value. */
	field.value = equals == NULL ? to - 1 : to;
	if (equals != NULL && (to = decode(to, equals + 1, end)) == NULL)
		return NULL;
	form->fields[form->nfields++] = field;
	return to;
}

bool
http_form_parse(struct http_form *form, const char *bytes, size_t length)
{
	const char *end = bytes + length, *stop;
	char *to;

	/* Nothing grows: '=' and '&' become zeros, and one more ends the last. */
	form->size_bytes = length + 1;
	form->bytes = to = xcalloc(1, form->size_bytes);
	for (; bytes < end && to != NULL; bytes = stop + 1) {
		stop = memchr(bytes, '&', (size_t)(end - bytes));
		if (stop == NULL)
			stop = end;
		if (stop > bytes)
			to = field_add(form, to, bytes, stop);
	}
	if (to == NULL)
		http_form_clear(form);
	return to != NULL;
}

void
http_form_clear(struct http_form *form)
{
	if (form->bytes != NULL)
		explicit_bzero(form->bytes, form->size_bytes);
	free(form->bytes);
	memset(form, 0, sizeof(*form));
}

const char *
http_form_find_lines(const struct http_form *form, const char *name)
{
	size_t i;

	for (i = 0; i < form->nfields; i++)
		if (strcmp(form->fields[i].name, name) == 0)
			return form->fields[i].value;
	return NULL;
}

const char *
http_form_find(const struct http_form *form, const char *name)
{
	const char *value = http_form_find_lines(form, name);

	return value == NULL || strchr(value, '\n') != NULL ? NULL : value;
}
