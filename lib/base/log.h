/*
 * log.h - one line per decision, to standard error.
 *
 * Under systemd (JOURNAL_STREAM is set) a line begins with its priority, "<4>",
 * as sd-daemon(3) says; elsewhere with the local time and a word. Lines never
 * hold names, addresses, feed keys or form contents.
 *
 * Errors:  none; a line that cannot be written is lost.
 * Context: any process; log_open() once, log_name() again after each fork.
 */
#ifndef KG_BASE_LOG_H
#define KG_BASE_LOG_H

#include "base/mem.h"

enum log_level {		/* the numbers of syslog(3) */
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARN = 4,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7,
};

/* `name` stands in every line: "kattegatd", "worker 2"; copied. */
void log_open(const char *name, enum log_level most);
void log_name(const char *name);
void log_most(enum log_level most);
/* -1 when the word is none of error, warn, info, debug. */
must_check int log_level_parse(enum log_level *out, const char *word);

void log_error(const char *fmt, ...) printf_like(1, 2);
void log_warn(const char *fmt, ...) printf_like(1, 2);
void log_info(const char *fmt, ...) printf_like(1, 2);
void log_debug(const char *fmt, ...) printf_like(1, 2);

#endif
