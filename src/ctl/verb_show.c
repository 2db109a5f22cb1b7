#include "ctl/verb.h"

#include "ctl/queries.h"
#include "ctl/rows.h"

static void
show_json(const struct pg_reply *run, const struct pg_reply *sessions)
{
	struct json_value *object = rows_json_row(run, 0);

	json_value_set(object, "sessions", rows_json(sessions));
	work_print_json(object);
	json_value_free(object);
}

static void
show_words(const struct pg_reply *run, const struct pg_reply *sessions)
{
	rows_show_one(stdout, run, 0);
	putchar('\n');
	rows_show(stdout, sessions, "no,starts,ends,title,room,status,teachers,venue",
	    false);
}

/* One run with its sessions. */
int
verb_run_show(struct work *work)
{
	const char *number = work_value(work, "run");
	const char *const params[] = { number, NULL, NULL, NULL };
	struct pg_reply *run = NULL, *sessions = NULL;
	struct err err;
	int exit_code;

	if ((exit_code = work_connect(work)) != WORK_DONE ||
	    (exit_code = work_call(work, &query_ctl_run_show, params, &run)) !=
	    WORK_DONE)
		return exit_code;
	if (pg_reply_rows(run) == 0) {
		err_set(&err, "there is no run %s", number);
		exit_code = work_fail(work, WORK_MISSING, err.text,
		    "kattegatctl run list shows all");
		goto out;
	}
	exit_code = work_call(work, &query_ctl_session_list, params, &sessions);
	if (exit_code != WORK_DONE)
		goto out;
	if (work->json)
		show_json(run, sessions);
	else
		show_words(run, sessions);
	pg_reply_free(sessions);
out:
	pg_reply_free(run);
	return exit_code;
}
