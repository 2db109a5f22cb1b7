/*
 * form.h - reads application/x-www-form-urlencoded (URL standard, section 5.1).
 *
 * Stricter than browsers need: what no form of ours can send is refused, so that
 * a page never meets it. That is: an escape that is none, text that is not UTF-8,
 * zeros and control characters, a name that is empty, too long or comes twice,
 * too many fields. Line ends are one '\n' each; a tab is a blank.
 *
 * Units:     lengths in bytes.
 * Ownership: http_form_clear() frees, and wipes: forms hold passwords.
 * Errors:    false with the form empty.
 */
#ifndef KG_HTTP_FORM_H
#define KG_HTTP_FORM_H

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_FORM_FIELDS_MOST = 64, HTTP_FORM_NAME_BYTES_MOST = 60 };

struct http_form {
	struct http_form_field {
		const char	*name, *value;
	} fields[HTTP_FORM_FIELDS_MOST];
	size_t	 nfields;
	char	*bytes;			/* where they lie */
	size_t	 size_bytes;
};

/* Into a form that is zeroed or cleared. */
bool http_form_parse(struct http_form *form, const char *bytes, size_t length);
/* Leaves it empty, for http_form_parse() and for another clear. */
void http_form_clear(struct http_form *form);
/*
 * A field of one line, blanks at its ends and all; NULL when it is missing or has
 * a line end, which only a text area can send.
 */
const char *http_form_find(const struct http_form *form, const char *name);
/* Of a text area: may have line ends. */
const char *http_form_find_lines(const struct http_form *form,
    const char *name);

#endif
