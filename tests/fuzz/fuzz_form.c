/*
 * fuzz_form.c - libFuzzer target: bodies of forms.
 *
 * What is taken keeps what form.h promises, and is the same after it was written
 * and read again. Run by tests/fuzz/run.
 *
 * fuzz: lib/http/form.c lib/http/chars.c lib/base/buf.c lib/base/err.c
 * fuzz: lib/base/mem.c lib/base/text.c
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "http/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
text_holds(const char *text, bool lines)
{
	const unsigned char *p;

	if (!text_utf8_ok(text, strlen(text)))
		abort();
	for (p = (const unsigned char *)text; *p != '\0'; p++)
		if ((*p < ' ' && !(lines && *p == '\n')) || *p == 0x7f ||
		    (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
			abort();
}

static void
form_holds(const struct http_form *form)
{
	const char *name, *value;
	size_t i;

	if (form->nfields > HTTP_FORM_FIELDS_MOST)
		abort();
	for (i = 0; i < form->nfields; i++) {
		name = form->fields[i].name;
		value = form->fields[i].value;
		text_holds(name, false);
		text_holds(value, true);
		if (*name == '\0' || strlen(name) > HTTP_FORM_NAME_BYTES_MOST ||
		    http_form_find_lines(form, name) != value)
			abort();
		if (http_form_find(form, name) !=
		    (strchr(value, '\n') == NULL ? value : NULL))
			abort();
	}
}

static void
escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		buf_addf(out, "%%%02X", (unsigned char)*text);
}

static void
reads_again(const struct http_form *form)
{
	struct http_form again = { .nfields = 0 };
	struct buf body = BUF_INIT;
	size_t i;

	for (i = 0; i < form->nfields; i++) {
		escaped(&body, form->fields[i].name);
		buf_addc(&body, '=');
		escaped(&body, form->fields[i].value);
		buf_addc(&body, '&');
	}
	if (!http_form_parse(&again, body.data == NULL ? "" : body.data,
	    body.length) || again.nfields != form->nfields)
		abort();
	for (i = 0; i < form->nfields; i++)
		if (strcmp(again.fields[i].name, form->fields[i].name) != 0 ||
		    strcmp(again.fields[i].value, form->fields[i].value) != 0)
			abort();
	http_form_clear(&again);
	buf_clear(&body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_form form = { .nfields = 0 };

	if (http_form_parse(&form, (const char *)data, size)) {
		form_holds(&form);
		reads_again(&form);
	} else if (form.nfields != 0 || form.bytes != NULL) {
		abort();
	}
	http_form_clear(&form);
	return 0;
}
