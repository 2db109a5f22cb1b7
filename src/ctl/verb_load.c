/*
 * Loading files: each is read as CSV, all of them go to one SQL function as JSON,
 * and it takes everything or answers with the lines that are no good.
 */
#include "ctl/verb.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ctl/queries.h"
#include "ctl/sheet.h"

enum { FILES_MOST = 4 };

/* What a row's `source` says, and where it was read. */
struct file {
	const char		*source;
	const char *const	*columns;
	const char		*name;		/* in the folder, for --from */
};

struct loading {
	const struct file	*files;
	int			 nfiles;
	char			*path[FILES_MOST];
	char			*json[FILES_MOST];
};

static const char *const municipality_columns[] = { "code", "name",
	"official_name", "region_code", "region", "region_from_####",
	"seat_town", "lat", "lon", "seats_####_####", "nearest_office", NULL };
static const char *const office_columns[] = { "office", "name", "street",
	"postcode", "city", "municipality_code", "lat", "lon", "mail", NULL };
static const char *const holiday_columns[] = { "date", "name", "kind", NULL };
static const char *const election_columns[] = { "election", "election_date",
	"constituting_from", "constituting_to", "term_start", "term_end",
	"seats", "newly_elected", "kattegat_participants", "note", NULL };
static const char *const season_columns[] = { "run_no", "period", "office",
	"host_town", "start_local", "end_local", "tz", "capacity",
	"min_participants", "status", NULL };
static const char *const programme_columns[] = { "day", "start", "end",
	"title_da", "title_en", "format", NULL };

static const struct file registry_files[] = {
	{ "municipalities", municipality_columns, "municipalities.csv" },
	{ "offices", office_columns, "offices.csv" },
	{ "holidays", holiday_columns, "holidays.csv" },
	{ "elections", election_columns, "elections.csv" },
};
static const struct file season_files[] = {
	{ "season", season_columns, "kattegat-season-model.csv" },
	{ "programme", programme_columns, "kattegat-programme-model.csv" },
};

/* Ends with the lines that are no good, one mistake on each of `mistakes`. */
static int
refuse_lines(const struct work *work, const struct buf *mistakes)
{
	struct json_value *detail = json_value_object(), *lines =
	    json_value_array();
	char *copy = xstrdup(mistakes->data), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line != '\0')
			json_value_add(lines, json_value_text(line));
	}
	free(copy);
	json_value_set(detail, "lines", lines);
	fputs(mistakes->data, stderr);
	return work_fail_with(work, WORK_REFUSED, "nothing was loaded",
	    "correct what is named above and load it again", detail);
}

static void
read_file(struct work *work, struct loading *loading, int i,
    struct buf *mistakes)
{
	struct json_value *rows;

	if (sheet_read(&rows, loading->path[i], loading->files[i].columns,
	    mistakes) != 0)
		return;
	work_progress(work, "%s: %zu rows", loading->path[i],
	    json_value_count(rows));
	loading->json[i] = json_value_format(rows, false);
	json_value_free(rows);
}

/* Every file is read, so that one run shows what is wrong with each. */
static int
read_files(struct work *work, struct loading *loading)
{
	struct buf mistakes = BUF_INIT;
	int exit_code = WORK_DONE, i;

	for (i = 0; i < loading->nfiles; i++)
		read_file(work, loading, i, &mistakes);
	if (mistakes.length > 0)
		exit_code = refuse_lines(work, &mistakes);
	buf_clear(&mistakes);
	return exit_code;
}

static void
find_folder(struct loading *loading, const char *folder)
{
	int i;

	for (i = 0; i < loading->nfiles; i++)
		loading->path[i] = xasprintf("%s/%s", folder,
		    loading->files[i].name);
}

static void
loading_clear(struct loading *loading)
{
	int i;

	for (i = 0; i < loading->nfiles; i++) {
		free(loading->path[i]);
		free(loading->json[i]);
	}
}

static const char *
source_path(const struct loading *loading, const char *source)
{
	int i;

	for (i = 0; i < loading->nfiles; i++) {
		if (source != NULL &&
		    strcmp(loading->files[i].source, source) == 0)
			return loading->path[i];
	}
	return source != NULL ? source : "-";
}

/* The lines that the database refused, each as FILE:LINE: message; hint. */
static void
add_refused(struct buf *mistakes, const struct loading *loading,
    const struct pg_reply *reply)
{
	const char *hint, *line;
	int i;

	for (i = 0; i < pg_reply_rows(reply); i++) {
		if (strcmp(work_text(reply, i, "result"), "refused") != 0)
			continue;
		hint = work_text(reply, i, "hint");
		line = work_text(reply, i, "line");
		buf_addf(mistakes, "%s:%s: %s%s%s\n", source_path(loading,
		    work_text(reply, i, "source")), line != NULL ? line : "1",
		    work_text(reply, i, "message"), hint != NULL ? "; " : "",
		    hint != NULL ? hint : "");
	}
}

/* "added" of runs_added. */
static const char *
count_word(const char *column)
{
	const char *gap = strrchr(column, '_');

	return gap != NULL ? gap + 1 : column;
}

/* The columns of a done row that are counts, as an object or in words. */
static void
show_counts(const struct work *work, const struct pg_reply *reply,
    const char *const *columns)
{
	struct json_value *all = json_value_array(), *object;
	const char *source, *text;
	int i, k;

	for (i = 0; i < pg_reply_rows(reply); i++) {
		source = work_text(reply, i, "source");
		object = json_value_object();
		json_value_set(object, "source", json_value_text(source));
		if (!work->json)
			printf("%s:", source);
		for (k = 0; columns[k] != NULL; k++) {
			text = work_text(reply, i, columns[k]);
			json_value_set(object, columns[k],
			    json_value_number(text));
			if (!work->json)
				printf("%s %s %s", k > 0 ? "," : "", text,
				    count_word(columns[k]));
		}
		text = work_text(reply, i, "xid");
		json_value_set(object, "Kattegat-Version", text != NULL ?
		    json_value_number(text) : json_value_null());
		json_value_add(all, object);
		if (!work->json)
			putchar('\n');
	}
	if (work->json)
		work_print_json(all);
	json_value_free(all);
}

static int
finish(struct work *work, const struct loading *loading,
    const struct pg_statement *statement, const char *const *params,
    const char *const *columns)
{
	struct buf mistakes = BUF_INIT;
	struct pg_reply *reply;
	int exit_code;

	exit_code = work_call(work, statement, params, &reply);
	if (exit_code != WORK_DONE)
		return exit_code;
	add_refused(&mistakes, loading, reply);
	if (mistakes.length > 0)
		exit_code = refuse_lines(work, &mistakes);
	else {
		work_seen_rows(work, reply);
		show_counts(work, reply, columns);
	}
	buf_clear(&mistakes);
	pg_reply_free(reply);
	return exit_code;
}

int
verb_registry_load(struct work *work)
{
	static const char *const counts[] = { "added", "changed", "unchanged",
		NULL };
	struct loading loading = { .files = registry_files,
		.nfiles = ARRAY_LEN(registry_files) };
	const char *params[] = { work->why, NULL };
	const char *folder = work_value(work, "from");
	struct buf all = BUF_INIT;
	int exit_code, i;

	find_folder(&loading, folder != NULL ? folder : KG_DATADIR "/registry");
	if ((exit_code = read_files(work, &loading)) != WORK_DONE ||
	    (exit_code = work_find_control(work)) != WORK_DONE ||
	    (exit_code = work_connect(work)) != WORK_DONE)
		goto out;
	for (i = 0; i < loading.nfiles; i++)
		buf_addf(&all, "%s\"%s\":%s", i > 0 ? "," : "{",
		    loading.files[i].source, loading.json[i]);
	buf_adds(&all, "}");
	params[1] = all.data;
	exit_code = finish(work, &loading, &query_ctl_registry_load, params,
	    counts);
out:
	buf_clear(&all);
	loading_clear(&loading);
	return exit_code;
}

int
verb_season_import(struct work *work)
{
	static const char *const counts[] = { "runs_added", "runs_unchanged",
		NULL };
	struct loading loading = { .files = season_files,
		.nfiles = ARRAY_LEN(season_files) };
	const char *params[] = { work->why, work_value(work, "season"),
	    work_value(work, "title"), work_value(work, "seminar"), NULL, NULL };
	int exit_code;

	loading.path[0] = xstrdup(work_value(work, "file"));
	loading.path[1] = xstrdup(work_value(work, "programme"));
	if ((exit_code = read_files(work, &loading)) != WORK_DONE ||
	    (exit_code = work_find_control(work)) != WORK_DONE ||
	    (exit_code = work_connect(work)) != WORK_DONE)
		goto out;
	params[4] = loading.json[0];
	params[5] = loading.json[1];
	exit_code = finish(work, &loading, &query_ctl_season_import, params,
	    counts);
out:
	loading_clear(&loading);
	return exit_code;
}

static void
show_demo(const struct work *work, const struct pg_reply *reply)
{
	struct json_value *all = json_value_array();
	int i, changed = 0;

	for (i = 0; i < pg_reply_rows(reply); i++) {
		json_value_add(all, work_written_json(reply, i));
		changed += pg_reply_bool(reply, i,
		    pg_reply_column(reply, "changed"));
	}
	if (work->json)
		work_print_json(all);
	else if (changed == 0)
		puts("Nothing to change: the demo data is loaded already.");
	else
		printf("Demo data loaded: %d things made or changed.\n",
		    changed);
	json_value_free(all);
}

int
load_demo(struct work *work, struct pg_reply **out)
{
	struct loading loading = { .files = season_files,
		.nfiles = ARRAY_LEN(season_files) };
	const char *folder = work_value(work, "from");
	const char *params[] = { work->why, NULL, NULL };
	int exit_code;

	find_folder(&loading, folder != NULL ? folder : KG_DATADIR "/demo");
	if ((exit_code = read_files(work, &loading)) != WORK_DONE ||
	    (exit_code = work_find_control(work)) != WORK_DONE ||
	    (exit_code = work_connect(work)) != WORK_DONE)
		goto out;
	params[1] = loading.json[0];
	params[2] = loading.json[1];
	exit_code = work_call(work, &query_ctl_demo_load, params, out);
	if (exit_code == WORK_DONE)
		work_seen_rows(work, *out);
out:
	loading_clear(&loading);
	return exit_code;
}

int
verb_demo_load(struct work *work)
{
	struct pg_reply *reply;
	int exit_code;

	if ((exit_code = load_demo(work, &reply)) != WORK_DONE)
		return exit_code;
	show_demo(work, reply);
	pg_reply_free(reply);
	return WORK_DONE;
}
