#include "ctl/filter.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/queries.h"

/* In the order of $n of query_ctl_filters, and the commands that list each. */
static const struct {
	const char	*option, *list;
} filters[] = {
	{ "office", "kattegatctl office list" },
	{ "venue", "kattegatctl venue list" },
	{ "room", "kattegatctl room list" },
	{ "run", "kattegatctl run list" },
	{ "season", "kattegatctl season list" },
	{ "seminar", "kattegatctl seminar list" },
	{ "series", "kattegatctl booking list --all" },
	{ "person", "kattegatctl person list" },
};

static int
complain_unknown(const struct work *work, const struct pg_reply *reply)
{
	const char *name = work_text(reply, 0, "name");
	const char *instead = work_text(reply, 0, "instead");
	char *message = xasprintf("there is no %s %s", name,
	    work_text(reply, 0, "value")), *right;
	size_t i = 0;

	while (strcmp(filters[i].option, name) != 0)
		i++;
	right = instead != NULL ? xasprintf("one of: %s", instead) :
	    xasprintf("%s shows all", filters[i].list);
	work_fail(work, WORK_MISSING, message, right);
	free(right);
	free(message);
	return WORK_MISSING;
}

/* Days that follow each other the wrong way hold nothing. */
static int
check_days(const struct work *work)
{
	const char *from, *to;

	if (line_field(work->line, "from") == NULL ||
	    line_field(work->line, "to") == NULL)
		return WORK_DONE;
	from = work_value(work, "from");
	to = work_value(work, "to");
	if (from == NULL || to == NULL || strcmp(from, to) <= 0)
		return WORK_DONE;
	return work_fail(work, WORK_USAGE, "--to is before --from",
	    "write the earlier day in --from");
}

int
filter_check(struct work *work)
{
	const char *params[ARRAY_LEN(filters)] = { NULL };
	struct pg_reply *reply;
	bool any = false;
	size_t i;
	int exit_code;

	if ((exit_code = check_days(work)) != WORK_DONE)
		return exit_code;
	for (i = 0; i < ARRAY_LEN(filters); i++) {
		if (line_field(work->line, filters[i].option) == NULL)
			continue;
		params[i] = work_value(work, filters[i].option);
		any = any || params[i] != NULL;
	}
	if (!any)
		return WORK_DONE;
	exit_code = work_call(work, &query_ctl_filters, params, &reply);
	if (exit_code != WORK_DONE)
		return exit_code;
	if (pg_reply_rows(reply) > 0)
		exit_code = complain_unknown(work, reply);
	pg_reply_free(reply);
	return exit_code;
}
