/*
 * tell.h - asks the daemon one line over its control socket.
 *
 * Units:     limits in milliseconds.
 * Ownership: the answer is the caller's to free.
 * Errors:    a value: no daemon is none, for `seen`. err says why else.
 */
#ifndef KG_CTL_TELL_H
#define KG_CTL_TELL_H

#include "base/err.h"

enum tell_result {
	TELL_ANSWERED,		/* *answer is set: its line without the end */
	TELL_NOBODY,		/* nobody listens there; err filled */
	TELL_FAILED,		/* silent too long, or in the way; err filled */
};

enum { TELL_SEEN_LIMIT_MS = 1000, TELL_LINE_MOST = 4096 };

enum tell_result tell(const char *path, const char *line, int limit_ms,
    char **answer, struct err *err);
/*
 * Tells the scopes of a change after its COMMIT. What does not fit one line
 * becomes "*". -1 with err filled when the daemon did not take it; no daemon
 * is no error.
 */
must_check int tell_seen(const char *path, const char *scopes, struct err *err);

#endif
