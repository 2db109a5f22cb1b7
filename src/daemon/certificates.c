#include "daemon/certificates.h"

#include <string.h>

#include "base/text.h"

/* Whether the message begins with this file's name. */
static bool
names_file(const struct err *err, const char *file)
{
	char next;

	if (file == NULL || !text_starts(err->text, file))
		return false;
	next = err->text[strlen(file)];
	return next == ':' || next == ' ' || next == '\0';
}

int
certificates_read(struct http_tls **out, const struct daemon_conf *conf,
    const char *path, struct http_ticket_keys *keys, struct err *err)
{
	const struct http_tls_files files = {
		conf->certificate, conf->key, conf->certificate2, conf->key2,
	};
	const struct {
		const char *value, *name;
	} named[] = {
		{ conf->key, "key" },
		{ conf->certificate2, "certificate2" },
		{ conf->key2, "key2" },
		{ conf->certificate, "certificate" },
	};
	size_t i;

	if (http_tls_new(out, &files, keys, err) == 0)
		return 0;
	/* The line of the option whose file the message names. */
	for (i = 0; i < ARRAY_LEN(named) - 1; i++) {
		if (names_file(err, named[i].value))
			break;
	}
	err_prefix(err, "%s", named[i].name);
	return options_mistake(path, named[i].name, err);
}
