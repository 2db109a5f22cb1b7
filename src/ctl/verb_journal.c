/* The journal: what was changed, taking it back, and whether it is whole. */
#include "ctl/verb.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ctl/ask.h"
#include "ctl/queries.h"
#include "ctl/rows.h"

enum { CHANGE_BYTES_MOST = 120 };

static const struct view_column entry_columns[] = {
	{ "id", "id" },
	{ "at", "at_local" },
	{ "person", "person_id" },
	{ "name", "person" },
	{ "why", "why" },
	{ "did", "action" },
	{ "what", "object" },
	{ "its id", "object_id" },
	{ "office", "office" },
	{ "changes", "changes" },
	{ NULL, NULL },
};

struct changes {
	const struct json_value	*before;
	struct buf		 text;
};

/* The start of a value, as it is written in JSON. */
static void
add_value(struct buf *buf, const struct json_value *value)
{
	char *text = json_value_format(value, false);
	size_t length = strlen(text), most = CHANGE_BYTES_MOST;

	/* a letter is not cut in two */
	while (length > most && (text[most] & 0xc0) == 0x80)
		most--;
	if (length > most)
		buf_addf(buf, "%.*s...", (int)most, text);
	else
		buf_adds(buf, text);
	free(text);
}

static void
add_change(const char *name, const struct json_value *value, void *arg)
{
	struct changes *changes = arg;
	const struct json_value *was = json_value_find(changes->before, name);
	struct json_value *none = json_value_null();

	buf_addf(&changes->text, "%s%s: ", changes->text.length > 0 ? "; " :
	    "", name);
	add_value(&changes->text, was != NULL ? was : none);
	buf_adds(&changes->text, " -> ");
	add_value(&changes->text, value);
	json_value_free(none);
}

/* The entry with its "changes" in words; a new or a lost row has none. */
static struct json_value *
with_changes(const struct json_value *entry)
{
	struct json_value *row = json_value_object();
	struct changes changes = { json_value_find(entry, "before"), BUF_INIT };
	const struct json_value *after = json_value_find(entry, "after");
	const struct json_value *value;
	size_t i;

	for (i = 0; entry_columns[i].path != NULL; i++) {
		value = json_value_find(entry, entry_columns[i].path);
		if (value != NULL)
			json_value_set(row, entry_columns[i].path,
			    json_value_share(value));
	}
	if (json_value_kind(changes.before) == JSON_KIND_OBJECT)
		json_value_each(after, add_change, &changes);
	if (changes.text.length > 0)
		json_value_set(row, "changes",
		    json_value_text(changes.text.data));
	buf_clear(&changes.text);
	return row;
}

static void
show_entries(const struct json_value *body)
{
	const struct json_value *items = json_value_find(body, "items");
	struct json_value *rows = json_value_array();
	size_t i;

	for (i = 0; i < json_value_count(items); i++)
		json_value_add(rows, with_changes(json_value_at(items, i)));
	view_table(stdout, entry_columns,
	    "id,at,name,did,what,its id,changes,why", rows);
	json_value_free(rows);
	ask_show_next(body);
}

/* Lists, or after an undo what was written for it. */
int
verb_journal(struct work *work)
{
	struct json_value *input = ask_input(work);
	int exit_code = ask_run_shown(work, input, show_entries);

	json_value_free(input);
	return exit_code;
}

/* One row of kg.journal_verify() in words. */
static void
show_verified(const struct pg_reply *reply, int row)
{
	const char *result = work_text(reply, row, "result");
	const char *id = work_text(reply, row, "journal_id");
	const char *seal = work_text(reply, row, "seal");
	const char *count = work_text(reply, row, "row_count");

	if (strcmp(result, "bad") == 0)
		printf("Seal %s%s%s: %s.\n", seal, id != NULL ? ", row " : "",
		    id != NULL ? id : "", work_text(reply, row, "message"));
	else if (strcmp(result, "unsealed") == 0)
		printf("%s rows are not sealed yet.\n", count);
	else if (seal == NULL)
		puts("No row is sealed.");
	else
		printf("%s rows are sealed and right, up to row %s (seal %s, "
		    "%s).\n", count, id, seal, work_text(reply, row, "hash"));
}

/* Exit 1 when the journal is not what was sealed. */
int
verb_journal_verify(struct work *work)
{
	struct pg_reply *reply;
	int exit_code, i, bad = 0;

	if ((exit_code = work_connect(work)) != WORK_DONE ||
	    (exit_code = work_call(work, &query_ctl_journal_verify, NULL,
	    &reply)) != WORK_DONE)
		return exit_code;
	for (i = 0; i < pg_reply_rows(reply); i++) {
		bad += strcmp(work_text(reply, i, "result"), "bad") == 0;
		if (!work->json)
			show_verified(reply, i);
	}
	if (work->json)
		rows_show(stdout, reply, NULL, true);
	pg_reply_free(reply);
	if (bad == 0)
		return WORK_DONE;
	work_complain("the journal is not what was sealed", "compare it with a "
	    "backup; nothing after the bad seal was looked at");
	return WORK_REFUSED;
}
