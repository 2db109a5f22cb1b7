#include "ctl/verb.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/layout.h"
#include "ctl/tell.h"

enum {
	STATUS_LIMIT_MS = 5000,
	RELOAD_LIMIT_MS = 30000,	/* new workers have 10 s to be ready */
	STATUS_COLUMNS = 7,
};

/* The daemon's answer, which the caller frees. */
static int
ask(struct work *work, const char *line, int limit_ms, char **answer)
{
	struct err err;
	int exit_code;

	if ((exit_code = work_find_control(work)) != WORK_DONE)
		return exit_code;
	switch (tell(work->control, line, limit_ms, answer, &err)) {
	case TELL_ANSWERED:
		return WORK_DONE;
	case TELL_NOBODY:
		return work_fail(work, WORK_AWAY, err.text, "does kattegatd run? "
		    "Its control socket is run_dir/control; --control names "
		    "another");
	case TELL_FAILED:
		break;
	}
	return work_fail(work, WORK_AWAY, err.text, "look at the daemon's log");
}

int
verb_reload(struct work *work)
{
	struct json_value *object;
	char *answer;
	int exit_code;

	exit_code = ask(work, "reload", RELOAD_LIMIT_MS, &answer);
	if (exit_code != WORK_DONE)
		return exit_code;
	if (strcmp(answer, "ok") != 0) {
		exit_code = work_fail(work, WORK_REFUSED, answer, "the daemon "
		    "goes on as it was; its log has more");
	} else if (work->json) {
		object = json_value_object();
		json_value_set(object, "reloaded", json_value_bool(true));
		work_print_json(object);
		json_value_free(object);
	} else
		puts("Reloaded: new workers serve with the new configuration.");
	free(answer);
	return exit_code;
}

static char *
number_text(const struct json_value *object, const char *name)
{
	return xasprintf("%" PRId64,
	    json_value_get_int(json_value_find(object, name), -1));
}

static const char *
yes_no(const struct json_value *object, const char *name)
{
	return json_value_get_bool(json_value_find(object, name), false) ?
	    "yes" : "no";
}

/* One row of cells; each is the caller's to free. */
static void
fill_process(char **cells, const struct json_value *process, const char *kind)
{
	char *number = number_text(process, "number");

	cells[0] = xasprintf("%s%s%s", kind, *kind == 'w' ? " " : "",
	    *kind == 'w' ? number : "");
	cells[1] = number_text(process, "pid");
	cells[2] = number_text(process, "crew");
	cells[3] = xstrdup(yes_no(process, "serving"));
	cells[4] = xstrdup(yes_no(process, "database"));
	cells[5] = number_text(process, "heartbeat_age_ms");
	cells[6] = number_text(process, "uptime_s");
	free(number);
}

static void
show_processes(const struct json_value *status)
{
	static const struct layout_column columns[STATUS_COLUMNS] = {
		{ "process", false }, { "pid", true }, { "crew", true },
		{ "serving", false }, { "database", false },
		{ "heartbeat ms ago", true }, { "up s", true },
	};
	const struct json_value *workers = json_value_find(status, "workers");
	const struct json_value *keeper = json_value_find(status, "keeper");
	size_t nrows = json_value_count(workers), i;
	char **cells = xcalloc((nrows + 1) * STATUS_COLUMNS, sizeof(*cells));

	for (i = 0; i < nrows; i++)
		fill_process(cells + i * STATUS_COLUMNS,
		    json_value_at(workers, i), "worker");
	if (json_value_count(keeper) > 0)
		fill_process(cells + nrows++ * STATUS_COLUMNS, keeper, "keeper");
	layout_print(stdout, columns, STATUS_COLUMNS,
	    (const char *const *)cells, nrows, NULL);
	for (i = 0; i < nrows * STATUS_COLUMNS; i++)
		free(cells[i]);
	free(cells);
}

static void
show_status(const struct json_value *status)
{
	const char *version = json_value_get_text(json_value_find(status,
	    "version"));
	char *mails = number_text(status, "mails_waiting");

	printf("kattegatd %s, pid %" PRId64 ", up %" PRId64 " s\n"
	    "database reached: %s; hears changes: %s; mails waiting: %s\n\n",
	    version != NULL ? version : "-",
	    json_value_get_int(json_value_find(status, "pid"), -1),
	    json_value_get_int(json_value_find(status, "uptime_s"), -1),
	    yes_no(status, "database"), yes_no(status, "listening"),
	    strcmp(mails, "-1") == 0 ? "-" : mails);
	free(mails);
	show_processes(status);
}

int
verb_status(struct work *work)
{
	struct json_value *status;
	struct err err;
	char *answer;
	int exit_code;

	exit_code = ask(work, "status", STATUS_LIMIT_MS, &answer);
	if (exit_code != WORK_DONE)
		return exit_code;
	if (json_value_parse(&status, answer, strlen(answer), &err) != 0) {
		free(answer);
		return work_fail(work, WORK_AWAY, err.text, "the daemon answered "
		    "something else: is it another version?");
	}
	if (work->json)
		work_print_json(status);
	else
		show_status(status);
	json_value_free(status);
	free(answer);
	return WORK_DONE;
}
