#include "ctl/migration.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "secret/secret.h"

static const char *const state_words[] = {
	[MIGRATION_APPLIED] = "applied",
	[MIGRATION_PENDING] = "pending",
	[MIGRATION_EDITED] = "edited",
	[MIGRATION_UNKNOWN] = "unknown",
	[MIGRATION_SKIPPED] = "skipped",
};

const char *
migration_state_word(enum migration_state state)
{
	return state_words[state];
}

static struct migration *
add(struct migration_list *list, int64_t number, const char *name)
{
	struct migration *item;

	list->items = xreallocarray(list->items, list->count + 1,
	    sizeof(*list->items));
	item = &list->items[list->count++];
	memset(item, 0, sizeof(*item));
	item->number = number;
	item->name = xstrdup(name);
	return item;
}

void
migration_list_init(struct migration_list *list,
    const struct sql_script *scripts)
{
	const struct sql_script *script;
	struct migration *item;

	memset(list, 0, sizeof(*list));
	for (script = scripts; script->name != NULL; script++) {
		item = add(list, strtol(script->name, NULL, 10), script->name);
		item->sql = script->sql;
		item->state = MIGRATION_PENDING;
		secret_sha256_hex(item->expected, script->sql,
		    strlen(script->sql));
	}
}

void
migration_list_clear(struct migration_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		free(list->items[i].name);
		free(list->items[i].applied_at);
	}
	free(list->items);
	memset(list, 0, sizeof(*list));
}

void
migration_found(struct migration_list *list, int64_t number, const char *name,
    const char *checksum, const char *applied_at)
{
	struct migration *item = NULL;
	size_t i;

	for (i = 0; i < list->count && item == NULL; i++) {
		if (list->items[i].number == number)
			item = &list->items[i];
	}
	if (item == NULL)
		item = add(list, number, name);
	item->applied_at = xstrdup_null(applied_at);
	snprintf(item->found, sizeof(item->found), "%s", checksum);
	if (item->sql == NULL)
		item->state = MIGRATION_UNKNOWN;
	else if (strcmp(item->found, item->expected) == 0)
		item->state = MIGRATION_APPLIED;
	else
		item->state = MIGRATION_EDITED;
}

void
migration_list_settle(struct migration_list *list)
{
	int64_t last = -1;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (list->items[i].state != MIGRATION_PENDING &&
		    list->items[i].number > last)
			last = list->items[i].number;
	}
	for (i = 0; i < list->count; i++) {
		if (list->items[i].state == MIGRATION_PENDING &&
		    list->items[i].number < last)
			list->items[i].state = MIGRATION_SKIPPED;
	}
}

int
migration_check(const struct migration_list *list, struct err *err)
{
	const struct migration *item;
	size_t i;

	for (i = 0; i < list->count; i++) {
		item = &list->items[i];
		switch (item->state) {
		case MIGRATION_EDITED:
			return err_set(err, "migration %s was applied with the "
			    "checksum %s, but this program has it with %s: a "
			    "released migration is never edited; put its old "
			    "text back and write the change as a new one",
			    item->name, item->found, item->expected);
		case MIGRATION_UNKNOWN:
			return err_set(err, "the database has migration %"
			    PRId64 " (%s), which this program does not know: it "
			    "is older than the database; use the newer one",
			    item->number, item->name);
		case MIGRATION_SKIPPED:
			return err_set(err, "migration %s is not applied, but a "
			    "later one is: give it a number behind the last",
			    item->name);
		case MIGRATION_APPLIED:
		case MIGRATION_PENDING:
			break;
		}
	}
	return 0;
}
