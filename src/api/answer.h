/*
 * answer.h - how an answer of the API looks, whatever is in it.
 *
 * Inside the room only.
 */
#ifndef KG_API_ANSWER_H
#define KG_API_ANSWER_H

#include "http/server.h"

struct api_answer {
	int			 status;
	const char		*type;		/* media type; NULL: no body */
	struct http_body	*body;		/* stays the caller's */
	const char		*caching;	/* NULL: private, no-store */
	const char		*etag, *location, *version;	/* or NULL */
	const char		*more;		/* whole field lines, or NULL */
};

void api_answer_send(struct http_request *request,
    const struct api_answer *answer);

#endif
