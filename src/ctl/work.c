#include "ctl/work.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "ctl/about.h"
#include "ctl/filter.h"
#include "ctl/refusal.h"
#include "ctl/retry.h"
#include "ctl/rows.h"
#include "ctl/tell.h"

/* Of db/init.sql. */
#define OPERATOR	"kattegat_operator"

const char *const work_exit_meaning[WORK_CONFLICT + 1] = {
	[WORK_DONE] = "done; also when there was nothing to change",
	[WORK_REFUSED] = "refused by a rule, or the data cannot be used",
	[WORK_USAGE] = "the command line is wrong",
	[WORK_AWAY] = "database or daemon cannot be reached, or the "
	    "configuration cannot be read",
	[WORK_MISSING] = "there is no such thing",
	[WORK_CONFLICT] = "somebody else has changed it meanwhile: look again",
};

/* How a refusal by the database ends the command; the first match counts. */
static const struct {
	const char	*sqlstate;	/* or the beginning of it */
	enum work_exit	 exit;
	const char	*right;		/* instead of the database's hint */
} refusals[] = {
	{ "KG001", WORK_REFUSED, NULL },
	{ "KG002", WORK_REFUSED, NULL },
	{ "KG003", WORK_CONFLICT, NULL },
	{ "KG004", WORK_MISSING, NULL },
	{ "KG005", WORK_REFUSED, NULL },
	{ "KG006", WORK_REFUSED, NULL },
	{ "KG007", WORK_REFUSED, NULL },
	{ "KG409", WORK_REFUSED, NULL },
	{ "40", WORK_CONFLICT, "try again: two changes met" },
	{ "55P03", WORK_CONFLICT, "try again: somebody else is at it" },
	{ "42501", WORK_AWAY, "log in with --database as " OPERATOR ", or for "
	    "db upgrade, db retime and demo as a member of kattegat_owner; a "
	    "database of an older release first needs kattegatctl db upgrade" },
	{ "3F000", WORK_AWAY, "prepare the database: kattegatctl db init, then "
	    "kattegatctl db upgrade" },
	{ "42", WORK_AWAY, "bring the database up to this program: kattegatctl "
	    "db upgrade" },
	{ "08", WORK_AWAY, NULL },
	{ "25006", WORK_AWAY, "use the primary: add "
	    "target_session_attrs=read-write" },
	{ "53", WORK_AWAY, NULL },
	{ "57", WORK_AWAY, NULL },
	{ "", WORK_REFUSED, NULL },
};

void
work_init(struct work *work, const struct line *line)
{
	const struct command *command = line->command;
	const char *why = line_value(line, "why");

	memset(work, 0, sizeof(*work));
	work->line = line;
	work->json = line_value(line, "json") != NULL;
	work->why = why != NULL ? xstrdup(why) : xasprintf("kattegatctl %s%s%s",
	    command->noun, command->verb != NULL ? " " : "",
	    command->verb != NULL ? command->verb : "");
}

void
work_clear(struct work *work)
{
	pg_link_close(work->link);
	if (work->conf_loaded)
		options_clear(&work->conf);
	free(work->why);
	free(work->control);
}

void
work_complain(const char *message, const char *right)
{
	refusal_show_sentences(stderr, message, right);
}

/* The "code" of a refusal that is not the database's; of what is not there as its. */
static const char *const fail_codes[WORK_CONFLICT + 1] = {
	[WORK_REFUSED] = "refused",
	[WORK_USAGE] = "usage",
	[WORK_AWAY] = "unreachable",
	[WORK_MISSING] = "KG004",
	[WORK_CONFLICT] = "conflict",
};

int
work_fail_with(const struct work *work, enum work_exit exit,
    const char *message, const char *right, struct json_value *detail)
{
	struct json_value *answer;

	if (work->json) {
		answer = refusal_make(fail_codes[exit], message,
		    right != NULL ? right : "", detail, exit);
		work_print_json(answer);
		json_value_free(answer);
	} else
		json_value_free(detail);
	work_complain(message, right);
	return exit;
}

int
work_fail(const struct work *work, enum work_exit exit, const char *message,
    const char *right)
{
	return work_fail_with(work, exit, message, right, NULL);
}

void
work_print_json(const struct json_value *value)
{
	char *text = json_value_format(value, true);

	puts(text);
	free(text);
}

void
work_progress(const struct work *work, const char *fmt, ...)
{
	va_list args;

	if (work->json || !isatty(STDERR_FILENO))
		return;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

const char *
work_value(const struct work *work, const char *name)
{
	return line_value(work->line, name);
}

bool
work_flag(const struct work *work, const char *name)
{
	return work_value(work, name) != NULL;
}

/* The default file may be missing, one that was named may not. */
int
work_configure(struct work *work)
{
	const char *path = work_value(work, "config");
	struct err err;

	if (work->conf_loaded)
		return WORK_DONE;
	if (path == NULL && (access(OPTIONS_DEFAULT_PATH, F_OK) == 0 ||
	    errno != ENOENT))
		path = OPTIONS_DEFAULT_PATH;
	if (options_load(&work->conf, path, &err) != 0)
		return work_fail(work, WORK_AWAY, err.text, "name another file "
		    "with --config, or give --database and --control (and "
		    "--base-url)");
	work->conf_loaded = true;
	return WORK_DONE;
}

int
work_find_control(struct work *work)
{
	const char *path = work_value(work, "control");
	int exit_code = WORK_DONE;

	if (work->control != NULL)
		return WORK_DONE;
	if (path == NULL)
		exit_code = work_configure(work);
	if (exit_code != WORK_DONE)
		return exit_code;
	work->control = path != NULL ? xstrdup(path) :
	    options_control_path(&work->conf);
	return WORK_DONE;
}

int
work_base_url(struct work *work, const char **out)
{
	int exit_code;

	*out = work_value(work, "base-url");
	if (*out != NULL)
		return WORK_DONE;
	if ((exit_code = work_configure(work)) == WORK_DONE)
		*out = work->conf.base_url;
	return exit_code;
}

/* libpq gives a failed log-in no SQLSTATE; whoever is refused is named, though. */
static const char *
connect_right(const char *problem, const char *user)
{
	if (user != NULL && strstr(problem, "\"" OPERATOR "\"") != NULL)
		return "kattegatctl logs in as " OPERATOR ": run it as the "
		    "system account of that name (sudo -u " OPERATOR
		    " kattegatctl ...), or give another login with --database. "
		    "If there is no such role yet: db init, then db upgrade, as "
		    "a superuser with --database";
	return "is PostgreSQL running, and is this the right --database? A new "
	    "one is made with createdb --encoding=UTF8 --template=template0 "
	    "NAME";
}

/*
 * As --database or the environment says; else to the daemon's database, but never
 * as the daemon.
 */
int
work_connect(struct work *work)
{
	const char *dsn = work_value(work, "database"), *user = NULL;
	struct err err;
	int exit_code;

	if (work->link != NULL)
		return WORK_DONE;
	if (dsn == NULL && (dsn = getenv("KATTEGAT_DSN")) != NULL &&
	    *dsn == '\0')
		dsn = NULL;
	if (dsn == NULL) {
		if ((exit_code = work_configure(work)) != WORK_DONE)
			return exit_code;
		dsn = work->conf.database;
		user = OPERATOR;
	}
	if (pg_link_open(&work->link, dsn, user, "kattegatctl", &err) != 0)
		return work_fail(work, WORK_AWAY, err.text,
		    connect_right(err.text, user));
	return WORK_DONE;
}

static size_t
find_refusal(const char *sqlstate)
{
	size_t i = 0;

	while (!text_starts(sqlstate, refusals[i].sqlstate))
		i++;
	return i;
}

enum work_exit
work_exit_of(const char *sqlstate)
{
	return refusals[find_refusal(sqlstate)].exit;
}

/* The command that would do, ready to be pasted: on one line. */
static void
show_retry(const struct work *work, const struct pg_reply *reply)
{
	struct json_value *detail = refusal_detail(reply);
	char *command = retry_command(work->line, detail);

	if (command != NULL)
		fprintf(stderr, "\nThis would do:\n  %s\n", command);
	free(command);
	json_value_free(detail);
}

static int
complain_refused(const struct work *work, const struct pg_reply *reply)
{
	size_t i = find_refusal(pg_reply_sqlstate(reply));
	struct json_value *answer;

	if (work->json) {
		answer = refusal_json(reply, refusals[i].right,
		    refusals[i].exit);
		work_print_json(answer);
		json_value_free(answer);
	}
	refusal_show(stderr, reply, refusals[i].right);
	if (!work->json)
		show_retry(work, reply);
	return refusals[i].exit;
}

/* The values that the command names, in the order of its statement. */
static void
collect_params(const struct work *work, const char **out)
{
	const char *const *names = work->line->command->params;
	int i;

	for (i = 0; names != NULL && names[i] != NULL; i++)
		out[i] = strcmp(names[i], "why") == 0 ? work->why :
		    work_value(work, names[i]);
}

int
work_call(struct work *work, const struct pg_statement *statement,
    const char *const *params, struct pg_reply **out)
{
	const char *collected[COMMAND_PARAMS_MOST] = { NULL };
	struct pg_reply *reply;
	struct err err;
	int exit_code;

	if (params == NULL) {
		collect_params(work, collected);
		params = collected;
	}
	if (pg_link_call(work->link, statement, params, &reply, &err) != 0)
		return work_fail(work, WORK_AWAY, err.text, "the connection "
		    "broke: look whether the change was made before you repeat "
		    "it");
	if (pg_reply_status(reply) == PG_DONE) {
		*out = reply;
		return WORK_DONE;
	}
	exit_code = complain_refused(work, reply);
	pg_reply_free(reply);
	return exit_code;
}

/*
 * A script of ours that does not fit the database is refused by it; all else ends
 * as for a statement, a login without the rights for example.
 */
static enum work_exit
script_exit(const char *sqlstate)
{
	return text_starts(sqlstate, "42") && strcmp(sqlstate, "42501") != 0 ?
	    WORK_REFUSED : work_exit_of(sqlstate);
}

int
work_script(struct work *work, const char *name, const char *sql,
    const char *right)
{
	char sqlstate[PG_SQLSTATE_SIZE];
	struct err err;

	if (pg_link_script(work->link, name, sql, sqlstate, &err) == 0)
		return WORK_DONE;
	if (strcmp(sqlstate, "42501") == 0)
		right = "use a login that may do this, with --database: a "
		    "superuser for db init, else a member of kattegat_owner";
	return work_fail(work, script_exit(sqlstate), err.text, right);
}

void
work_seen(struct work *work, const char *scopes)
{
	struct err err;

	assert(work->control != NULL);
	if (scopes == NULL || *scopes == '\0')
		return;
	if (tell_seen(work->control, scopes, &err) != 0)
		work_complain(err.text, "the change is made; the daemon will "
		    "see it by itself within seconds");
}

void
work_seen_rows(struct work *work, const struct pg_reply *reply)
{
	struct buf scopes = BUF_INIT;
	const char *text;
	int i;

	for (i = 0; i < pg_reply_rows(reply); i++) {
		text = work_text(reply, i, "scopes");
		if (text != NULL && *text != '\0')
			buf_addf(&scopes, "%s%s", scopes.length > 0 ? " " : "",
			    text);
	}
	work_seen(work, scopes.data);
	buf_clear(&scopes);
}

const char *
work_text(const struct pg_reply *reply, int row, const char *column)
{
	int number = pg_reply_column(reply, column);

	assert(number >= 0);
	return pg_reply_text(reply, row, number);
}

int
work_list(struct work *work)
{
	struct pg_reply *reply;
	int exit_code;

	if ((exit_code = work_connect(work)) != WORK_DONE ||
	    (exit_code = filter_check(work)) != WORK_DONE ||
	    (exit_code = work_call(work, work->line->command->statement, NULL,
	    &reply)) != WORK_DONE)
		return exit_code;
	rows_show(stdout, reply, about_get(work->line->command)->first,
	    work->json);
	pg_reply_free(reply);
	return WORK_DONE;
}

int
work_write(struct work *work)
{
	struct pg_reply *reply;
	int exit_code;

	if ((exit_code = work_find_control(work)) != WORK_DONE ||
	    (exit_code = work_connect(work)) != WORK_DONE)
		return exit_code;
	exit_code = work_call(work, work->line->command->statement, NULL,
	    &reply);
	if (exit_code != WORK_DONE)
		return exit_code;
	work_seen(work, work_text(reply, 0, "scopes"));
	work_show_written(work, reply, 0);
	pg_reply_free(reply);
	return WORK_DONE;
}

struct json_value *
work_written_json(const struct pg_reply *reply, int row)
{
	static const struct {
		const char *column, *name;
	} members[] = {
		{ "object", "object" },
		{ "object_id", "object_id" },
		{ "version", "version" },
		{ "scopes", "scopes" },
		{ "xid", "Kattegat-Version" },
	};
	struct json_value *object = json_value_object();
	size_t i;

	json_value_set(object, "changed", json_value_bool(pg_reply_bool(reply,
	    row, pg_reply_column(reply, "changed"))));
	for (i = 0; i < ARRAY_LEN(members); i++) {
		const char *text = work_text(reply, row, members[i].column);

		json_value_set(object, members[i].name, text == NULL ?
		    json_value_null() : strcmp(members[i].name, "scopes") == 0 ?
		    json_value_text(text) : json_value_number(text));
	}
	return object;
}

/* Fills "{run} moved" from the command's values and the row. */
static void
add_sentence(struct buf *out, const struct work *work,
    const struct pg_reply *reply, int row)
{
	const char *at = work->line->command->done, *end, *text;
	char name[32];

	for (; *at != '\0'; at++) {
		if (*at != '{' || (end = strchr(at, '}')) == NULL) {
			buf_addc(out, *at);
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)(end - at - 1),
		    at + 1);
		text = strcmp(name, "id") == 0 ?
		    work_text(reply, row, "object_id") : work_value(work, name);
		buf_adds(out, text != NULL ? text : "-");
		at = end;
	}
}

void
work_show_written(const struct work *work, const struct pg_reply *reply,
    int row)
{
	struct buf buf = BUF_INIT;
	struct json_value *object;
	const char *version;

	if (work->json) {
		object = work_written_json(reply, row);
		work_print_json(object);
		json_value_free(object);
		return;
	}
	add_sentence(&buf, work, reply, row);
	version = work_text(reply, row, "version");
	if (!pg_reply_bool(reply, row, pg_reply_column(reply, "changed")))
		puts("Nothing to change: it was so already.");
	else if (version != NULL)
		printf("%s (version %s).\n", buf.data, version);
	else
		printf("%s.\n", buf.data);
	buf_clear(&buf);
}
