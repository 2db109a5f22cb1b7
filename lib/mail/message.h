/*
 * message.h - one mail as its bytes (RFC 5322): plain text in Danish, for one.
 *
 * The bytes are printable ASCII in lines of at most 76 letters, ended by CR LF,
 * and no line begins with a dot: every server takes them, and SMTP needs to stuff
 * nothing. The same message gives the same bytes.
 *
 * Units:     instants in Unix seconds.
 * Ownership: nothing is kept.
 * Errors:    what could break out of its header field is refused: -1 with err
 *            filled, without the text in it.
 * Context:   any.
 */
#ifndef KG_MAIL_MESSAGE_H
#define KG_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct mail_message {
	const char	*id;		/* left@right, the same at each try */
	const char	*from;		/* an address */
	const char	*from_name;	/* NULL: none */
	const char	*to;		/* an address */
	const char	*subject;	/* UTF-8, one line */
	const char	*body;		/* UTF-8, lines ended by \n */
	int64_t		 at_s;		/* when it was written */
};

enum { MAIL_ADDRESS_MOST = 254 };

/*
 * name@host in plain ASCII, nothing in it that SMTP or a header could misread: the
 * same as the domain kg.mail.
 */
bool mail_address_ok(const char *address);

/* Adds to out, which is untouched on failure. */
must_check int mail_format(struct buf *out, const struct mail_message *message,
    struct err *err);

#endif
