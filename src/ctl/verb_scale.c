/*
 * Scale data: the demo data first, then many copies of its model season in one
 * transaction, in stretches, so that there is something to tell meanwhile.
 */
#include "ctl/verb.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "ctl/queries.h"

enum { STRETCH_SEASONS = 250 };

/* What queries read next knows how much there is, and nothing is left to tidy. */
static const char tidy[] = "VACUUM (FREEZE, ANALYZE)";

static int
run_script(struct work *work, const char *sql, const char *right)
{
	return work_script(work, "scale", sql, right);
}

/* A number from the first row of a statement. */
static int
call_number(struct work *work, const struct pg_statement *statement,
    const char *const *params, int64_t *out)
{
	struct pg_reply *reply;
	int exit_code;

	exit_code = work_call(work, statement, params, &reply);
	if (exit_code != WORK_DONE)
		return exit_code;
	*out = pg_reply_int(reply, 0, 0, 0);
	pg_reply_free(reply);
	return WORK_DONE;
}

static int
make_seasons(struct work *work, int64_t scale)
{
	char first_text[24], last_text[24];
	const char *const params[] = { first_text, last_text };
	struct pg_reply *reply;
	int64_t first, last;
	int exit_code;

	for (first = 1; first <= scale; first = last + 1) {
		last = first + STRETCH_SEASONS - 1 < scale ?
		    first + STRETCH_SEASONS - 1 : scale;
		work_progress(work, "seasons %" PRId64 " to %" PRId64 " of %"
		    PRId64, first, last, scale);
		snprintf(first_text, sizeof(first_text), "%" PRId64, first);
		snprintf(last_text, sizeof(last_text), "%" PRId64, last);
		exit_code = work_call(work, &query_ctl_scale_part, params,
		    &reply);
		if (exit_code != WORK_DONE)
			return exit_code;
		pg_reply_free(reply);
	}
	return WORK_DONE;
}

/* Constraints and indexes, which have to look at everything. */
static int
make_again(struct work *work, int64_t count)
{
	char i_text[24];
	const char *const params[] = { i_text };
	struct pg_reply *reply;
	const char *next;
	int64_t i;
	int exit_code;

	work_progress(work, "%" PRId64 " constraints and indexes", count);
	for (i = 1; i <= count; i++) {
		snprintf(i_text, sizeof(i_text), "%" PRId64, i);
		exit_code = work_call(work, &query_ctl_scale_again, params,
		    &reply);
		if (exit_code != WORK_DONE)
			return exit_code;
		if ((next = work_text(reply, 0, "next")) != NULL)
			work_progress(work, "%s", next);
		pg_reply_free(reply);
	}
	return WORK_DONE;
}

/* The connection ends with the program, and an open transaction with it. */
static int
make_all(struct work *work, int64_t scale, struct pg_reply **out)
{
	const char *const params[] = { work->why, work_value(work, "scale") };
	int64_t aside;
	int exit_code;

	if ((exit_code = run_script(work, "BEGIN", NULL)) != WORK_DONE ||
	    (exit_code = call_number(work, &query_ctl_scale_begin, params,
	    &aside)) != WORK_DONE ||
	    (exit_code = make_seasons(work, scale)) != WORK_DONE ||
	    (exit_code = make_again(work, aside)) != WORK_DONE)
		return exit_code;
	exit_code = work_call(work, &query_ctl_scale_end, NULL, out);
	if (exit_code != WORK_DONE)
		return exit_code;
	exit_code = run_script(work, "COMMIT", "nothing was changed");
	if (exit_code == WORK_DONE)
		work_seen(work, work_text(*out, 0, "scopes"));
	else
		pg_reply_free(*out);
	return exit_code;
}

static int
say_so_already(const struct work *work)
{
	puts(work->json ? "{ \"changed\": false }" :
	    "Nothing to change: the scale data is there already.");
	return WORK_DONE;
}

int
verb_demo_scale(struct work *work)
{
	const char *const params[] = { work_value(work, "scale") };
	struct pg_reply *reply;
	int64_t scale, have;
	int exit_code;

	/* Nothing comes into a database that is refused, demo data neither. */
	if ((exit_code = work_find_control(work)) != WORK_DONE ||
	    (exit_code = work_connect(work)) != WORK_DONE ||
	    (exit_code = call_number(work, &query_ctl_scale_check, params,
	    &have)) != WORK_DONE ||
	    (exit_code = load_demo(work, &reply)) != WORK_DONE)
		return exit_code;
	pg_reply_free(reply);
	if (have > 0)
		return say_so_already(work);
	if (text_int(&scale, params[0], 1, INT32_MAX) != 0)
		return WORK_USAGE;
	if ((exit_code = make_all(work, scale, &reply)) != WORK_DONE)
		return exit_code;
	work_progress(work, "%s", tidy);
	exit_code = run_script(work, tidy, "the scale data is made; do this by "
	    "hand before you measure");
	work_show_written(work, reply, 0);
	pg_reply_free(reply);
	return exit_code;
}
