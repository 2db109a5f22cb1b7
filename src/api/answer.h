/*
 * answer.h - how an answer of the API looks, whatever is in it.
 *
 * Inside the room only.
 *
 * Ownership: what an answer names is the caller's, and is copied or held when it is
 *            sent. The request is the server's again from then on.
 */
#ifndef KG_API_ANSWER_H
#define KG_API_ANSWER_H

#include "base/buf.h"
#include "http/server.h"

#define API_PROBLEM_TYPE	"application/problem+json"

struct api_answer {
	int			 status;
	const char		*type;		/* media type; NULL: no body */
	struct http_body	*body;		/* stays the caller's */
	const char		*caching;	/* NULL: private, no-store */
	const char		*etag, *location, *version;	/* or NULL */
	const char		*more;		/* whole field lines, or NULL */
};

/* What stands on every answer; `caching` NULL: private, no-store. */
void api_answer_fields(struct buf *head, const char *caching);
/* On one in the reader's language. */
void api_answer_language(struct buf *head, bool in_danish);

void api_answer_send(struct http_request *request,
    const struct api_answer *answer);

#endif
