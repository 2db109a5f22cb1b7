#include "base/err.h"

#include <stdio.h>
#include <string.h>

int
err_set(struct err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return -1;
}

int
err_prefix(struct err *err, const char *fmt, ...)
{
	char before[sizeof(err->text)];
	char after[sizeof(err->text)];
	va_list args;

	memcpy(after, err->text, sizeof(after));
	va_start(args, fmt);
	vsnprintf(before, sizeof(before), fmt, args);
	va_end(args);
	snprintf(err->text, sizeof(err->text), "%.400s: %.600s", before, after);
	return -1;
}
