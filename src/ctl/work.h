/*
 * work.h - a command under way: its values, configuration, database, daemon, and
 * how it ends.
 *
 * The configuration is read only when the command line leaves something open.
 * Every message goes to stderr in the form "what is wrong" and, indented below,
 * "what would be right". With --json what ends a command stands on stdout too.
 *
 * Ownership: main owns the work; replies that work_call() gives are the caller's.
 * Errors:    an exit code, with everything said already.
 */
#ifndef KG_CTL_WORK_H
#define KG_CTL_WORK_H

#include "ctl/line.h"
#include "daemon/options.h"
#include "json/value.h"
#include "pg/link.h"

enum work_exit {
	WORK_DONE = 0,		/* also when there was nothing to change */
	WORK_REFUSED = 1,	/* by a rule, or the data is no good */
	WORK_USAGE = 2,		/* the command line is wrong */
	WORK_AWAY = 3,		/* no database or daemon, or no configuration */
	WORK_MISSING = 4,	/* there is no such thing */
	WORK_CONFLICT = 5,	/* somebody else was faster */
};

/* The meaning of each code, for help and manual. */
extern const char *const work_exit_meaning[WORK_CONFLICT + 1];

struct work {
	const struct line	*line;
	struct pg_link		*link;		/* NULL: not connected */
	struct daemon_conf	 conf;
	bool			 conf_loaded;
	char			*why, *control;
	bool			 json;
};

void work_init(struct work *work, const struct line *line);
void work_clear(struct work *work);

/* Whole commands: one statement whose rows are shown, or one that writes. */
int work_list(struct work *work);
int work_write(struct work *work);

/* Pieces of commands. */
const char *work_value(const struct work *work, const char *name);
bool work_flag(const struct work *work, const char *name);
/* Reads the configuration unless it was read. */
must_check int work_configure(struct work *work);
/* Finds the control socket; needed before a change, for work_seen() after it. */
must_check int work_find_control(struct work *work);
/* Where pages and feeds are found: --base-url, else the configuration's. */
must_check int work_base_url(struct work *work, const char **out);
must_check int work_connect(struct work *work);
/* `params` as statement->nparams says; NULL: those the command names. */
must_check int work_call(struct work *work,
    const struct pg_statement *statement, const char *const *params,
    struct pg_reply **out);
/* Runs one script; a refusal is told with its place. */
must_check int work_script(struct work *work, const char *name, const char *sql,
    const char *right);
/* Tells the daemon; a failure is only said. */
void work_seen(struct work *work, const char *scopes);
/* The scopes of all rows, in one line. */
void work_seen_rows(struct work *work, const struct pg_reply *reply);
/* What a write did: the row of kg.written, in words or as JSON. */
void work_show_written(const struct work *work, const struct pg_reply *reply,
    int row);
/* The same as an object, for commands that add to it. */
struct json_value *work_written_json(const struct pg_reply *reply, int row);

/* How a refusal by the database ends the command. */
enum work_exit work_exit_of(const char *sqlstate);

/*
 * How a command ends that is not done: said on stderr, and with --json on stdout as
 * {"error": ...}; gives the exit code. Nothing else may stand on stdout then.
 */
int work_fail(const struct work *work, enum work_exit exit, const char *message,
    const char *right);
/* The detail (NULL: none) is for scripts, and taken over. */
int work_fail_with(const struct work *work, enum work_exit exit,
    const char *message, const char *right, struct json_value *detail);

/* Messages. `right` may be NULL or "". */
void work_complain(const char *message, const char *right);
void work_print_json(const struct json_value *value);
/* A line about long work, on a terminal only. */
void work_progress(const struct work *work, const char *fmt, ...)
    printf_like(2, 3);
/* The text of a column by name; NULL when NULL. It must be there. */
const char *work_text(const struct pg_reply *reply, int row,
    const char *column);

#endif
