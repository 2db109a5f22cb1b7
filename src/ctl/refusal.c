#include "ctl/refusal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ctl/layout.h"
#include "ctl/view.h"

static const struct view_column conflict_columns[] = {
	{ "booking", "booking_id" },
	{ "title", "title" },
	{ "room", "room" },
	{ "from", "from" },
	{ "to", "to" },
	{ "setup", "setup" },
	{ "by", "changed_by" },
	{ NULL, NULL },
};
static const struct view_column alternative_columns[] = {
	{ "other", "reason" },
	{ "room", "room_id" },
	{ "name", "room" },
	{ "venue", "venue" },
	{ "office", "office" },
	{ "starts", "starts_local" },
	{ "ends", "ends_local" },
	{ "setup", "setup" },
	{ "seats", "capacity" },
	{ "sessions", "sessions" },
	{ "lacks", "missing" },
	{ NULL, NULL },
};
static const struct view_column setup_columns[] = {
	{ "setup", "setup" },
	{ "seats", "capacity" },
	{ "min to set up", "setup_min" },
	{ "min to clear", "clear_min" },
	{ NULL, NULL },
};
static const struct view_column date_columns[] = {
	{ "day", "weekday" },
	{ "date", "date" },
	{ "starts", "starts_local" },
	{ "room", "room" },
	{ "problem", "problem" },
	{ "in the way", "conflicts.0.title" },
	{ "from", "conflicts.0.from" },
	{ "to", "conflicts.0.to" },
	{ "instead", "alternatives.0.reason" },
	{ "in room", "alternatives.0.room_id" },
	{ "starts then", "alternatives.0.starts_local" },
	{ NULL, NULL },
};
static const struct view_column difference_columns[] = {
	{ "what", "what" },
	{ "before", "before" },
	{ "now", "after" },
	{ NULL, NULL },
};

static const struct view_column later_columns[] = {
	{ "entry", "journal_id" },
	{ "at", "at_local" },
	{ "name", "person" },
	{ "why", "why" },
	{ "did", "action" },
	{ "what", "object" },
	{ "its id", "object_id" },
	{ "columns", "columns" },
	{ NULL, NULL },
};

static const struct {
	const char			*member, *title;
	const struct view_column	*columns;
	const char			*first;
} tables[] = {
	{ "conflicts", "In the way", conflict_columns,
	    "booking,title,room,from,to,by" },
	{ "items", "Dates that cannot be had", date_columns,
	    "day,starts,room,in the way,in room,starts then,problem" },
	{ "setups", "Set-ups that hold so many", setup_columns, NULL },
	{ "alternatives", "Free instead", alternative_columns,
	    "room,name,starts,ends,office,seats,other,setup,venue,lacks" },
	{ "difference", "Changed since", difference_columns, NULL },
	{ "later", "Built upon it since", later_columns,
	    "entry,at,name,did,what,its id,why" },
};

static void
add_difference(const char *name, const struct json_value *value, void *arg)
{
	struct json_value *row = json_value_object();
	const struct json_value *was = json_value_find(value, "before");
	const struct json_value *is = json_value_find(value, "after");

	json_value_set(row, "what", json_value_text(name));
	if (was != NULL)
		json_value_set(row, "before", json_value_share(was));
	if (is != NULL)
		json_value_set(row, "after", json_value_share(is));
	json_value_add(arg, row);
}

/* The rows of a table: an array as it is, an object as one row a member. */
static struct json_value *
rows_of(const struct json_value *value)
{
	struct json_value *rows;

	if (json_value_kind(value) == JSON_KIND_ARRAY)
		return json_value_share(value);
	rows = json_value_array();
	if (json_value_kind(value) == JSON_KIND_OBJECT)
		json_value_each(value, add_difference, rows);
	return rows;
}

void
refusal_show_detail(FILE *out, const struct json_value *detail)
{
	struct json_value *rows;
	size_t i;

	for (i = 0; i < ARRAY_LEN(tables); i++) {
		rows = rows_of(json_value_find(detail, tables[i].member));
		if (json_value_count(rows) > 0) {
			fprintf(out, "\n%s:\n", tables[i].title);
			view_table(out, tables[i].columns,
			    tables[i].first, rows);
		}
		json_value_free(rows);
	}
}

struct json_value *
refusal_detail(const struct pg_reply *reply)
{
	const char *text = pg_reply_detail(reply);
	struct json_value *detail;
	struct err err;

	if (*text != '{' ||
	    json_value_parse(&detail, text, strlen(text), &err) != 0)
		return NULL;
	return detail;
}

/* As wide as the terminal; elsewhere one line. */
static void
show_indented(FILE *out, const char *sentence)
{
	if (sentence == NULL || *sentence == '\0')
		return;
	fputs("  ", out);
	layout_print_wrapped(out, sentence, 2, 2, layout_limit(out));
	fputc('\n', out);
}

void
refusal_show_sentences(FILE *out, const char *message, const char *right)
{
	const int at = fprintf(out, "kattegatctl: ");

	layout_print_wrapped(out, message, (size_t)at, 2, layout_limit(out));
	fputc('\n', out);
	show_indented(out, right);
}

void
refusal_show(FILE *out, const struct pg_reply *reply, const char *right)
{
	struct json_value *detail = refusal_detail(reply);

	refusal_show_sentences(out, pg_reply_message(reply), detail == NULL ?
	    pg_reply_detail(reply) : NULL);
	show_indented(out, right != NULL ? right : pg_reply_hint(reply));
	refusal_show_detail(out, detail);
	json_value_free(detail);
}

struct json_value *
refusal_make(const char *code, const char *message, const char *hint,
    struct json_value *detail, int exit)
{
	struct json_value *answer = json_value_object(), *error =
	    json_value_object();

	json_value_set(error, "code", json_value_text(code));
	json_value_set(error, "message", json_value_text(message));
	json_value_set(error, "hint", json_value_text(hint));
	json_value_set(error, "detail", detail != NULL ? detail :
	    json_value_null());
	json_value_set(error, "exit", json_value_int(exit));
	json_value_set(answer, "error", error);
	return answer;
}

struct json_value *
refusal_json(const struct pg_reply *reply, const char *right, int exit)
{
	struct json_value *detail = refusal_detail(reply);

	if (detail == NULL && *pg_reply_detail(reply) != '\0')
		detail = json_value_text(pg_reply_detail(reply));
	return refusal_make(pg_reply_sqlstate(reply), pg_reply_message(reply),
	    right != NULL ? right : pg_reply_hint(reply), detail, exit);
}
