/*
 * post.h - takes mails that are due out of the database and gives them to a server.
 *
 * A mail is taken, sent, and its end told, in this order: one that was sent and not
 * told of is sent again, with the same Message-ID. Taking names the next try, so a
 * mail that fails needs no more than its problem told.
 *
 * Ownership: options are copied; pool and sender are as jobs.h says.
 * Errors:    the server's are logged when they begin and when they end, without
 *            address and text.
 * Context:   the process's loop.
 */
#ifndef KG_JOBS_POST_H
#define KG_JOBS_POST_H

#include <stdbool.h>

#include "loop/loop.h"
#include "mail/sender.h"
#include "store/jobs.h"

enum {
	POST_AT_ONCE = 4,		/* mails under way */
	POST_EVERY_MS = 1000,
	/* Less than the minute after which another keeper may try. */
	POST_LIMIT_MS = 45000,
};

struct post_options {
	struct mail_sender	*sender;	/* the post closes it */
	const char		*from, *from_name;
	const char		*base_url;
};

struct post;

struct post *post_new(struct loop *loop, struct pg_pool *pool,
    const struct post_options *options);
/* Takes no more. idle runs, later, each time that nothing is under way. */
void post_stop(struct post *post, void (*idle)(void *arg), void *arg);
bool post_idle(const struct post *post);
/* NULL is allowed. */
void post_free(struct post *post);

#endif
