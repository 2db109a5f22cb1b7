#include "gen/ctext.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

/* Skips the C string or character constant at p; NULL when it does not end. */
static const char *
quoted_skip(const char *p)
{
	char quote = *p++;

	for (; *p != quote; p++) {
		if (*p == '\\')
			p++;
		if (*p == '\0' || *p == '\n')
			return NULL;
	}
	return p + 1;
}

const char *
ctext_skip(const char *p)
{
	if (*p == '"' || *p == '\'')
		return quoted_skip(p);
	if (text_starts(p, "/*")) {
		p = strstr(p + 2, "*/");
		return p == NULL ? NULL : p + 2;
	}
	return p + 1;
}

bool
ctext_brackets_match(const char *p)
{
	char open[64];
	size_t depth = 0;

	for (; *p != '\0'; p = ctext_skip(p)) {
		if (strchr("([{", *p) != NULL) {
			if (depth == sizeof(open))
				return false;
			open[depth++] = *p;
		} else if (*p == ')' || *p == ']' || *p == '}') {
			char pair = *p == ')' ? '(' : *p == ']' ? '[' : '{';

			if (depth == 0 || open[--depth] != pair)
				return false;
		}
	}
	return depth == 0;
}

bool
ctext_is_parenthesized(const char *text)
{
	const char *p = text;
	int depth = 0;

	if (*p != '(')
		return false;
	do {
		depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
		p = ctext_skip(p);
	} while (depth > 0 && *p != '\0');
	return depth == 0 && *p == '\0';
}

bool
ctext_is_call(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

	return length > 0 && !isdigit((unsigned char)*text) &&
	    ctext_is_parenthesized(text + length);
}

const char *
ctext_pipe_find(const char *p)
{
	const char *found = NULL;
	int depth = 0;

	while (*p != '\0') {
		depth += strchr("([{", *p) != NULL;
		depth -= strchr(")]}", *p) != NULL;
		if (text_starts(p, "||")) {
			p += 2;
			continue;
		}
		if (*p == '|' && depth == 0)
			found = p;
		p = ctext_skip(p);
	}
	return found;
}
