#include "ctl/retry.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { CHANGES_MOST = 3 };

/* A field that gets another value than was typed; "" for a flag. */
struct change {
	const char	*field;
	char		*value;
};

struct retry {
	const struct line	*line;
	const struct json_value	*detail;
	struct change		 changes[CHANGES_MOST];
	size_t			 nchanges;
};

static void
change(struct retry *retry, const char *field, char *value)
{
	retry->changes[retry->nchanges++] = (struct change){ field, value };
}

static const struct json_value *
first_alternative(const struct retry *retry)
{
	return json_value_at(json_value_find(retry->detail, "alternatives"), 0);
}

/* The room and the hours of the first alternative. */
static void
take_alternative(struct retry *retry, const char *room)
{
	const struct json_value *other = first_alternative(retry);
	const char *starts = json_value_get_text(json_value_find(other,
	    "starts_local"));
	const char *ends = json_value_get_text(json_value_find(other,
	    "ends_local"));
	int64_t id = json_value_get_int(json_value_find(other, "room_id"), 0);

	if (id == 0 || starts == NULL || ends == NULL)
		return;
	change(retry, room, xasprintf("%lld", (long long)id));
	change(retry, "starts", xstrdup(starts));
	change(retry, "ends", xstrdup(ends));
}

/* Of several rooms nobody can say which is to be another; nor hours of a session. */
static void
change_create(struct retry *retry)
{
	if (strchr(line_value(retry->line, "rooms"), ',') == NULL &&
	    line_value(retry->line, "session") == NULL)
		take_alternative(retry, "rooms");
}

static void
change_move(struct retry *retry)
{
	take_alternative(retry, "room");
}

static void
change_block(struct retry *retry)
{
	if (json_value_count(json_value_find(retry->detail, "conflicts")) > 0)
		change(retry, "around", xstrdup(""));
}

/* Leaves the dates out, with those that were left out already. */
static void
change_series(struct retry *retry)
{
	const struct json_value *items = json_value_find(retry->detail, "items");
	const char *skip = line_value(retry->line, "skip"), *date;
	struct buf dates = BUF_INIT;
	size_t i;

	if (skip != NULL)
		buf_adds(&dates, skip);
	for (i = 0; i < json_value_count(items); i++) {
		date = json_value_get_text(json_value_find(json_value_at(items,
		    i), "date"));
		if (date != NULL)
			buf_addf(&dates, "%s%s", dates.length > 0 ? "," : "",
			    date);
	}
	if (json_value_count(items) > 0)
		change(retry, "skip", buf_take(&dates));
	buf_clear(&dates);
}

static const struct {
	const char	*noun, *verb;
	void		(*change)(struct retry *retry);
} kinds[] = {
	{ "booking", "create", change_create },
	{ "booking", "move", change_move },
	{ "block", NULL, change_block },
	{ "closing-day", NULL, change_block },
	{ "series", "create", change_series },
};

/* A word as the shell reads it. */
static void
add_word(struct buf *buf, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,@+=";

	if (*word != '\0' && word[strspn(word, safe)] == '\0') {
		buf_addf(buf, " %s", word);
		return;
	}
	buf_adds(buf, " '");
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			buf_adds(buf, "'\\''");
		else
			buf_addc(buf, *word);
	}
	buf_addc(buf, '\'');
}

/* What the field says now; NULL: it is not given. A password is not repeated. */
static const char *
value_now(const struct retry *retry, const struct field *field,
    const char *typed)
{
	size_t i;

	for (i = 0; i < retry->nchanges; i++) {
		if (strcmp(retry->changes[i].field, field->name) == 0)
			return retry->changes[i].value;
	}
	if (typed != NULL && strcmp(field->name, "database") == 0 &&
	    (strstr(typed, "password") != NULL || strstr(typed, "://") != NULL))
		return "...";
	return typed;
}

static void
add_fields(struct buf *buf, const struct retry *retry,
    const struct field *fields, const char *const *typed, bool options)
{
	const char *value;

	for (; fields != NULL && fields->name != NULL; fields++, typed++) {
		value = value_now(retry, fields, *typed);
		if (value == NULL)
			continue;
		if (options)
			buf_addf(buf, " --%s", fields->name);
		if (fields->type != FIELD_FLAG)
			add_word(buf, value);
	}
}

static char *
command_of(const struct retry *retry)
{
	const struct line *line = retry->line;
	const struct command *command = line->command;
	const struct field *argument = command->arguments;
	struct buf buf = BUF_INIT;

	buf_adds(&buf, "kattegatctl");
	add_fields(&buf, retry, command_globals, line->global_typed, true);
	buf_addf(&buf, " %s", command->noun);
	if (command->verb != NULL)
		buf_addf(&buf, " %s", command->verb);
	while (argument != NULL && argument->name != NULL)
		argument++;
	add_fields(&buf, retry, command->arguments, line->typed, false);
	add_fields(&buf, retry, command->options, line->typed +
	    (argument - command->arguments), true);
	return buf_take(&buf);
}

char *
retry_command(const struct line *line, const struct json_value *detail)
{
	struct retry retry = { .line = line, .detail = detail };
	const struct command *command = line->command;
	char *text = NULL;
	size_t i;

	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		if (command == command_find(kinds[i].noun, kinds[i].verb))
			kinds[i].change(&retry);
	}
	if (retry.nchanges > 0)
		text = command_of(&retry);
	for (i = 0; i < retry.nchanges; i++)
		free(retry.changes[i].value);
	return text;
}
