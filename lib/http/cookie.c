#include "http/cookie.h"

#include <string.h>

/* cookie-octet: visible ASCII but for the quote, comma, semicolon, backslash. */
static bool
value_ok(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~' ||
		    strchr("\",;\\", text[i]) != NULL)
			return false;
	return true;
}

bool
http_cookie_find(const char **value, size_t *length, const char *field,
    const char *name)
{
	size_t name_length = strlen(name), pair;
	const char *found = NULL;
	size_t found_length = 0;

	while (field != NULL && *field != '\0') {
		pair = strcspn(field, ";");
		if (pair > name_length && field[name_length] == '=' &&
		    memcmp(field, name, name_length) == 0) {
			if (found != NULL)
				return false;
			found = field + name_length + 1;
			found_length = pair - name_length - 1;
		}
		field += pair;
		/* Exactly "; "; with more blanks it is another name. */
		field += *field == ';';
		field += *field == ' ';
	}
	if (found == NULL || !value_ok(found, found_length))
		return false;
	*value = found;
	*length = found_length;
	return true;
}
