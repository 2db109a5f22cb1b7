/*
 * sender.h - gives mails to one mail server, by SMTP, without ever waiting.
 *
 * libcurl looks the server up (a name on a thread of its own), connects, and does
 * TLS and the sign-in; it would wait for the answer to a mail's last line, so the
 * mail itself is spoken here (RFC 5321), one command after the other. Each mail has
 * a connection of its own.
 *
 * Units:     milliseconds.
 * Ownership: options and texts are copied. The only user of libcurl.
 * Errors:    come to the mail's function as a few words that hold no address: which
 *            step, and the server's code. What the server says is not repeated.
 * Context:   the process's loop; a mail's function runs exactly once, later, and
 *            may send the next mail.
 */
#ifndef KG_MAIL_SENDER_H
#define KG_MAIL_SENDER_H

#include "base/buf.h"
#include "base/err.h"
#include "loop/loop.h"

enum mail_tls {
	MAIL_TLS_NONE,
	MAIL_TLS_STARTTLS,	/* or nothing is sent */
	MAIL_TLS_SMTPS,		/* from the first byte */
};

struct mail_sender_options {
	const char	*server;	/* host:port */
	enum mail_tls	 tls;
	const char	*authority;	/* PEM; NULL: those of the system */
	const char	*user;		/* NULL: no sign-in */
	const char	*password;
	int64_t		 limit_ms;	/* of a mail in all */
};

struct mail_sender;

/* problem NULL: the server has taken it. */
typedef void mail_sent_fn(const char *problem, void *arg);

/* -1 with err filled when libcurl cannot do it. */
must_check int mail_sender_open(struct mail_sender **out, struct loop *loop,
    const struct mail_sender_options *options, struct err *err);
/* Mails under way are cut off, and their functions never run. NULL is allowed. */
void mail_sender_close(struct mail_sender *sender);
/* `text` as mail_format() makes it; the addresses are good (mail_address_ok()). */
void mail_send(struct mail_sender *sender, const char *from, const char *to,
    const struct buf *text, mail_sent_fn *fn, void *arg);

#endif
