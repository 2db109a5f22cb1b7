#include "jobs/post.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "mail/message.h"

/* A mail in our hands. */
enum state {
	MAIL_NONE,			/* the place is free */
	MAIL_SENDING,
	MAIL_TELLING,			/* the database is told how it went */
	MAIL_UNTOLD,			/* and told again, in the next turn */
};

struct mail {
	struct post	*post;
	enum state	 state;
	int64_t		 id;
	char		*problem;
};

struct post {
	struct loop_event	*timer;
	struct pg_pool		*pool;
	struct mail_sender	*sender;
	char			*from, *from_name, *base_url;
	struct mail		 mails[POST_AT_ONCE];
	bool			 claiming, stopped, failing;
	void			(*idle)(void *arg);
	void			*arg;
};

static void turn_fn(enum loop_what what, void *arg);
static void claimed(const struct store_mail *mails, int nmails, void *arg);
static void mail_begin(struct mail *mail, const struct store_mail *what);
static void mail_sent(const char *problem, void *arg);
static void mail_tell(struct mail *mail);
static void mail_told(bool told, void *arg);

static int
count(const struct post *post, enum state state)
{
	int n = 0, i;

	for (i = 0; i < POST_AT_ONCE; i++)
		n += post->mails[i].state == state;
	return n;
}

/* What waits to be told again is nothing that a stop waits for. */
bool
post_idle(const struct post *post)
{
	return !post->claiming && count(post, MAIL_SENDING) == 0 &&
	    count(post, MAIL_TELLING) == 0;
}

static void
settled(struct post *post)
{
	if (post->stopped && post_idle(post) && post->idle != NULL)
		post->idle(post->arg);
}

/* Each turn: what is untold, then what is due. */
static void
turn_fn(enum loop_what what, void *arg)
{
	struct post *post = arg;
	int nfree, i;

	(void)what;
	if (post->stopped)
		return;
	loop_timer_arm(post->timer, POST_EVERY_MS);
	for (i = 0; i < POST_AT_ONCE; i++)
		if (post->mails[i].state == MAIL_UNTOLD)
			mail_tell(&post->mails[i]);
	nfree = count(post, MAIL_NONE);
	if (post->claiming || nfree == 0)
		return;
	post->claiming = true;
	store_mails_claim(post->pool, post->base_url, nfree, claimed, post);
}

static void
claimed(const struct store_mail *mails, int nmails, void *arg)
{
	struct post *post = arg;
	int i, n = 0;

	post->claiming = false;
	/* The places that were free then still are. */
	for (i = 0; i < POST_AT_ONCE && n < nmails; i++)
		if (post->mails[i].state == MAIL_NONE)
			mail_begin(&post->mails[i], &mails[n++]);
	settled(post);
}

static void
mail_begin(struct mail *mail, const struct store_mail *what)
{
	struct post *post = mail->post;
	struct mail_message message = {
		.id = what->message_id, .from = post->from,
		.from_name = post->from_name, .to = what->recipient,
		.subject = what->subject, .body = what->body,
		.at_s = what->at_s,
	};
	struct buf text = BUF_INIT;
	struct err err;

	mail->id = what->id;
	if (what->recipient == NULL || what->subject == NULL ||
	    what->body == NULL) {
		mail->problem = xstrdup("no address or no text");
		mail_tell(mail);
	} else if (mail_format(&text, &message, &err) != 0) {
		mail->problem = xstrdup(err.text);
		mail_tell(mail);
	} else {
		mail->state = MAIL_SENDING;
		mail_send(post->sender, post->from, what->recipient, &text,
		    mail_sent, mail);
	}
	buf_clear(&text);
}

static void
mail_sent(const char *problem, void *arg)
{
	struct mail *mail = arg;
	struct post *post = mail->post;

	if (problem != NULL && !post->failing)
		log_warn("mail %" PRId64 " was not sent: %s; it is tried again",
		    mail->id, problem);
	else if (problem == NULL && post->failing)
		log_info("mail %" PRId64 " was sent: the server takes mails "
		    "again", mail->id);
	else
		log_debug("mail %" PRId64 ": %s", mail->id,
		    problem != NULL ? problem : "sent");
	post->failing = problem != NULL;
	mail->problem = xstrdup_null(problem);
	mail_tell(mail);
}

static void
mail_tell(struct mail *mail)
{
	mail->state = MAIL_TELLING;
	store_mail_end(mail->post->pool, mail->id, mail->problem, mail_told,
	    mail);
}

static void
mail_told(bool told, void *arg)
{
	struct mail *mail = arg;
	struct post *post = mail->post;

	if (told) {
		free(mail->problem);
		mail->problem = NULL;
		mail->state = MAIL_NONE;
		/* More may be due; one that failed is not, for a minute. */
		if (!post->stopped && !post->failing)
			loop_timer_arm(post->timer, 0);
	} else {
		mail->state = MAIL_UNTOLD;
	}
	settled(post);
}

struct post *
post_new(struct loop *loop, struct pg_pool *pool,
    const struct post_options *options)
{
	struct post *post = xcalloc(1, sizeof(*post));
	int i;

	post->pool = pool;
	post->sender = options->sender;
	post->from = xstrdup(options->from);
	post->from_name = xstrdup_null(options->from_name);
	post->base_url = xstrdup(options->base_url);
	for (i = 0; i < POST_AT_ONCE; i++)
		post->mails[i].post = post;
	post->timer = loop_timer_new(loop, turn_fn, post);
	loop_timer_arm(post->timer, 0);
	return post;
}

void
post_stop(struct post *post, void (*idle)(void *arg), void *arg)
{
	post->stopped = true;
	post->idle = idle;
	post->arg = arg;
	loop_event_disarm(post->timer);
}

void
post_free(struct post *post)
{
	int i;

	if (post == NULL)
		return;
	loop_event_free(post->timer);
	mail_sender_close(post->sender);
	for (i = 0; i < POST_AT_ONCE; i++)
		free(post->mails[i].problem);
	free(post->from);
	free(post->from_name);
	free(post->base_url);
	free(post);
}
