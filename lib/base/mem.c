#include "base/mem.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No log line: the log may need the memory that is not there. */
static _Noreturn void
out_of_memory(void)
{
	static const char text[] = "<2>kattegat: out of memory, ending\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(71);
	abort();
}

void *
xmalloc(size_t size_bytes)
{
	void *memory = malloc(size_bytes > 0 ? size_bytes : 1);

	if (memory == NULL)
		out_of_memory();
	return memory;
}

void *
xcalloc(size_t count, size_t size_bytes)
{
	void *memory = calloc(count > 0 ? count : 1,
	    size_bytes > 0 ? size_bytes : 1);

	if (memory == NULL)
		out_of_memory();
	return memory;
}

void *
xreallocarray(void *old, size_t count, size_t size_bytes)
{
	void *memory = reallocarray(old, count > 0 ? count : 1,
	    size_bytes > 0 ? size_bytes : 1);

	if (memory == NULL)
		out_of_memory();
	return memory;
}

char *
xstrdup(const char *text)
{
	return xstrndup(text, strlen(text));
}

char *
xstrndup(const char *text, size_t length_bytes)
{
	char *copy = xmalloc(length_bytes + 1);

	memcpy(copy, text, length_bytes);
	copy[length_bytes] = '\0';
	return copy;
}

char *
xstrdup_null(const char *text)
{
	return text != NULL ? xstrdup(text) : NULL;
}

/* Not vasprintf(): what it frees on its way may hold a secret of the text. */
char *
xvasprintf(const char *fmt, va_list args)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, fmt, args);
	assert(length >= 0);
	text = xmalloc((size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, fmt, again);
	va_end(again);
	return text;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	return text;
}

void
xforget(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}
