#include "ctl/ask.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/queries.h"

/* "3,4" as [3, 4], or "a,b" as ["a", "b"]. */
static struct json_value *
list_of(const char *text, bool numbers)
{
	struct json_value *list = json_value_array();
	char *copy = xstrdup(text), *rest = copy, *part;

	while ((part = strsep(&rest, ",")) != NULL)
		json_value_add(list, numbers ? json_value_number(part) :
		    json_value_text(part));
	free(copy);
	return list;
}

/* What field_convert() made into JSON already. */
static struct json_value *
tree_of(const char *text)
{
	struct json_value *value;
	struct err err;

	return json_value_parse(&value, text, strlen(text), &err) == 0 ? value :
	    json_value_null();
}

static struct json_value *
value_of(const struct field *field, const char *text)
{
	switch (field->type) {
	case FIELD_FLAG:
		return json_value_bool(true);
	case FIELD_INT:
	case FIELD_COUNT:
	case FIELD_DEGREES:
		return json_value_number(text);
	case FIELD_IDS:
		return list_of(text, true);
	case FIELD_WORDS:
	case FIELD_DATES:
		return list_of(text, false);
	case FIELD_SETUPS:
	case FIELD_SESSION_ROOMS:
	case FIELD_COUNTS:
		return tree_of(text);
	default:
		return json_value_text(text);
	}
}

/* KAT27-03/1 */
static void
set_session(struct json_value *input, const char *text)
{
	size_t run = strcspn(text, "/");
	char *run_no = xasprintf("%.*s", (int)run, text);

	json_value_set(input, "run_no", json_value_text(run_no));
	json_value_set(input, "session_no", json_value_number(text + run + 1));
	free(run_no);
}

/* "member=field", "!member=field" or "name". */
static void
set_member(struct json_value *input, const struct work *work, const char *param)
{
	const bool no = *param == '!';
	const char *gap = strchr(param, '=');
	const char *name = gap != NULL ? gap + 1 : param;
	const char *text = work_value(work, name);
	const struct field *field = line_field(work->line, name);
	char *member;

	if (text == NULL)
		return;
	if (field->type == FIELD_SESSION) {
		set_session(input, text);
		return;
	}
	param += no;
	member = xasprintf("%.*s", gap != NULL ? (int)(gap - param) :
	    (int)strlen(param), param);
	json_value_set(input, member, no ? json_value_bool(false) :
	    value_of(field, text));
	free(member);
}

struct json_value *
ask_input(const struct work *work)
{
	const char *const *param = work->line->command->params + 1;
	struct json_value *input = json_value_object();

	json_value_set(input, "why", json_value_text(work->why));
	for (; *param != NULL; param++)
		set_member(input, work, *param);
	return input;
}

must_check static int
call(struct work *work, const struct json_value *input,
    struct pg_reply **out)
{
	const char *params[] = { work->line->command->params[0], NULL,
	    line_field(work->line, "expect") != NULL ?
	    work_value(work, "expect") : NULL };
	const bool writes = work->line->command->done != NULL;
	char *text;
	int exit_code;

	if ((writes && (exit_code = work_find_control(work)) != WORK_DONE) ||
	    (exit_code = work_connect(work)) != WORK_DONE)
		return exit_code;
	text = json_value_format(input, false);
	params[1] = text;
	exit_code = work_call(work, &query_ctl_operator, params, out);
	free(text);
	if (exit_code == WORK_DONE && writes)
		work_seen(work, work_text(*out, 0, "scopes"));
	return exit_code;
}

/* The route's answer. */
static struct json_value *
body_of(const struct pg_reply *reply)
{
	const char *text = work_text(reply, 0, "body");

	return text != NULL ? tree_of(text) : json_value_null();
}

/* The rows of an answer: its items, or itself as the only one. */
static struct json_value *
rows_of(const struct json_value *body)
{
	const struct json_value *items = json_value_find(body, "items");
	struct json_value *rows;

	if (items != NULL)
		return json_value_share(items);
	rows = json_value_array();
	if (json_value_kind(body) == JSON_KIND_OBJECT)
		json_value_add(rows, json_value_share(body));
	return rows;
}

void
ask_show_next(const struct json_value *body)
{
	const char *next = json_value_get_text(json_value_find(body, "next"));

	if (next != NULL)
		printf("More: --cursor %s\n", next);
}

static void
show_rows(const struct json_value *body, const struct view_column *columns,
    const char *first)
{
	struct json_value *rows;

	if (columns == NULL)
		return;
	rows = rows_of(body);
	view_table(stdout, columns, first, rows);
	json_value_free(rows);
	ask_show_next(body);
}

static void
show_json(const struct work *work, const struct pg_reply *reply,
    struct json_value *body)
{
	struct json_value *written;

	if (work->line->command->done == NULL) {
		work_print_json(body);
		return;
	}
	written = work_written_json(reply, 0);
	json_value_set(written, "answer", json_value_share(body));
	work_print_json(written);
	json_value_free(written);
}

/* In words by `show`, or without one as the table of `columns`. */
static int
run(struct work *work, const struct json_value *input, ask_show_fn *show,
    const struct view_column *columns, const char *first)
{
	struct json_value *body;
	struct pg_reply *reply;
	int exit_code;

	if ((exit_code = call(work, input, &reply)) != WORK_DONE)
		return exit_code;
	body = body_of(reply);
	if (work->json) {
		show_json(work, reply, body);
	} else {
		if (work->line->command->done != NULL)
			work_show_written(work, reply, 0);
		if (show != NULL)
			show(body);
		else
			show_rows(body, columns, first);
	}
	json_value_free(body);
	pg_reply_free(reply);
	return WORK_DONE;
}

int
ask_run_with(struct work *work, const struct json_value *input,
    const struct view_column *columns, const char *first)
{
	return run(work, input, NULL, columns, first);
}

int
ask_run_shown(struct work *work, const struct json_value *input,
    ask_show_fn *show)
{
	return run(work, input, show, NULL, NULL);
}

int
ask_run(struct work *work, const struct view_column *columns,
    const char *first)
{
	struct json_value *input = ask_input(work);
	int exit_code = ask_run_with(work, input, columns, first);

	json_value_free(input);
	return exit_code;
}
