/*
 * privileges.h - what the daemon gives up, and the descriptors it needs.
 *
 * Errors:  -1 with err filled: which option, and what would be right.
 * Context: the parent, once, before it forks; in this order: find the identity,
 *          raise the limit, drop.
 */
#ifndef KG_DAEMON_PRIVILEGES_H
#define KG_DAEMON_PRIVILEGES_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct identity {
	char	name[64];	/* of the user, for its other groups */
	uid_t	uid;
	gid_t	gid;
};

/*
 * Whom the daemon is to become. Not started as root: who it is already, and the
 * options have no effect. `group` may be NULL: the user's own.
 */
must_check int identity_find(struct identity *out, const char *user,
    const char *group, struct err *err);
/* Makes the folder when it is missing, and lets the identity write in it. */
must_check int identity_folder(const struct identity *identity,
    const char *path, struct err *err);
/* For good: groups, group, user; then no core files and no ptrace. */
must_check int identity_become(const struct identity *identity,
    struct err *err);

/*
 * Raises the limit of open descriptors to `wanted` if the system lets us; returns
 * what it is then.
 */
int64_t descriptors_raise(int64_t wanted);

#endif
