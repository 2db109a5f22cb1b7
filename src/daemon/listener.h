/*
 * listener.h - the sockets that are listened on: bound here, or from systemd.
 *
 * The parent opens them once, before it drops privileges, and keeps them open;
 * workers inherit them. They are non-blocking and close on exec.
 *
 * Ownership: listeners_close() closes this process's copies; the sockets live as
 *            long as any process holds one.
 * Errors:    -1 with err filled: which address, and why.
 */
#ifndef KG_DAEMON_LISTENER_H
#define KG_DAEMON_LISTENER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/err.h"

enum { LISTENERS_MOST = 16, LISTENER_NAME_SIZE = 64 };

struct listeners {
	struct listener {
		int	fd;
		bool	clear;		/* no TLS: only redirects and refuses */
		char	name[LISTENER_NAME_SIZE];	/* "[::]:8443", for the log */
	} at[LISTENERS_MOST];
	int	count;
	bool	from_systemd;
};

#define LISTENERS_INIT	{ .count = 0 }

/*
 * One address of a list, "192.0.2.1:443" or "[2001:db8::1]:443": fills `out` and
 * moves *text behind it. 1, 0 at the end of the list, -1 when it is neither.
 */
int listener_address_parse(struct sockaddr_storage *out, socklen_t *length,
    const char **text);

/* Binds the addresses of both lists, which may be NULL. */
must_check int listeners_bind(struct listeners *listeners, const char *secure,
    const char *clear, struct err *err);
/*
 * Takes over descriptors [first, first + count) from systemd; names[i] is "clear"
 * for one without TLS. names may be NULL.
 */
must_check int listeners_adopt(struct listeners *listeners, int first, int count,
    const char *const *names, struct err *err);
void listeners_close(struct listeners *listeners);

#endif
