/*
 * play_server.h - for unit tests: the HTTP server, played.
 *
 * Takes the place of lib/http/server.c in a test program: a request is a struct
 * which the test fills, and it keeps the answer.
 *
 * Ownership: what a test puts in stays the test's; head and body of the answer are
 *            freed by play_clear().
 */
#ifndef KG_TEST_PLAY_SERVER_H
#define KG_TEST_PLAY_SERVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "http/server.h"

enum { PLAY_FIELDS = 8 };

struct http_request {
	enum http_method method;
	const char	*path, *query;	/* query: NULL is none */
	struct {
		const char *name, *value;
	} fields[PLAY_FIELDS];		/* a name of NULL ends */
	const char	*sent;		/* the body; NULL: none */
	unsigned char	 address[16];
	void		*note;
	int		 kind;		/* as it is counted */
	int		 answers;
	int		 status;
	char		*head;		/* with extra, as it goes out */
	char		*body;		/* NULL: none */
	size_t		 length;
};

/* Sets or replaces a field; there is room for PLAY_FIELDS. */
void play_field(struct http_request *request, const char *name,
    const char *value);
/* Frees the answer; it may be sent again. */
void play_clear(struct http_request *request);

/* Of texts: the test fails unless the part is, or is not, in them. */
void has(const char *text, const char *part);
void has_not(const char *text, const char *part);

#endif
