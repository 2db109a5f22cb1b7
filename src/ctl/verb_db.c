/*
 * The database itself: init (roles and schema), upgrade (migrations and functions
 * in one transaction), status, retime.
 */
#include "ctl/verb.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/migration.h"
#include "ctl/queries.h"
#include "ctl/rows.h"
#include "ctl/view.h"
#include "ctl/scripts.h"

static const char begin_locked[] = "BEGIN; "
    "SELECT pg_advisory_xact_lock(hashtext('kattegatctl db upgrade'));";

static int
run_scripts(struct work *work, const struct sql_script *scripts,
    const char *right)
{
	int exit_code = WORK_DONE;

	for (; scripts->name != NULL && exit_code == WORK_DONE; scripts++) {
		work_progress(work, "%s", scripts->name);
		exit_code = work_script(work, scripts->name, scripts->sql, right);
	}
	return exit_code;
}

/* Whether schema and first migration are there. */
static int
read_state(struct work *work, bool *schema, bool *migrations)
{
	struct pg_reply *reply;
	int exit_code;

	exit_code = work_call(work, &query_ctl_migration_state,
	    (const char *const[]){ NULL }, &reply);
	if (exit_code != WORK_DONE)
		return exit_code;
	*schema = pg_reply_bool(reply, 0, 0);
	*migrations = pg_reply_bool(reply, 0, 1);
	pg_reply_free(reply);
	return WORK_DONE;
}

/* The list with what the database remembers; the caller clears it. */
static int
read_migrations(struct work *work, struct migration_list *list)
{
	struct pg_reply *reply;
	bool schema, migrations;
	int exit_code, i;

	migration_list_init(list, script_schema);
	exit_code = read_state(work, &schema, &migrations);
	if (exit_code == WORK_DONE && !schema)
		return work_fail(work, WORK_AWAY, "the database is not prepared",
		    "as a superuser: kattegatctl --database DSN db init");
	if (exit_code != WORK_DONE || !migrations)
		return exit_code;
	exit_code = work_call(work, &query_ctl_migration_list,
	    (const char *const[]){ NULL }, &reply);
	if (exit_code != WORK_DONE)
		return exit_code;
	for (i = 0; i < pg_reply_rows(reply); i++)
		migration_found(list, pg_reply_int(reply, i, 0, 0),
		    work_text(reply, i, "name"),
		    work_text(reply, i, "checksum"),
		    work_text(reply, i, "applied_at"));
	migration_list_settle(list);
	pg_reply_free(reply);
	return WORK_DONE;
}

int
verb_db_init(struct work *work)
{
	int exit_code;

	if ((exit_code = work_connect(work)) != WORK_DONE)
		return exit_code;
	exit_code = run_scripts(work, script_init,
	    "db init needs a superuser, and a database in UTF-8");
	if (exit_code != WORK_DONE)
		return exit_code;
	if (!work->json)
		puts("Roles and schema are there. Next: kattegatctl db upgrade.");
	else
		puts("{ \"initialised\": true }");
	return WORK_DONE;
}

static int
apply_one(struct work *work, const struct migration *item)
{
	char number[24];
	const char *const params[] = { number, item->name, item->expected };
	struct pg_reply *reply;
	int exit_code;

	work_progress(work, "%s", item->name);
	exit_code = work_script(work, item->name, item->sql,
	    "nothing was changed");
	if (exit_code != WORK_DONE)
		return exit_code;
	snprintf(number, sizeof(number), "%" PRId64, item->number);
	exit_code = work_call(work, &query_ctl_migration_add, params, &reply);
	if (exit_code == WORK_DONE)
		pg_reply_free(reply);
	return exit_code;
}

/* Migrations that are pending, then all functions; *count of the former. */
static int
apply_all(struct work *work, const struct migration_list *list, int *count)
{
	struct err err;
	size_t i;
	int exit_code = WORK_DONE;

	if (migration_check(list, &err) != 0)
		return work_fail(work, WORK_REFUSED, err.text,
		    "nothing was changed");
	for (i = 0; i < list->count && exit_code == WORK_DONE; i++) {
		if (list->items[i].state != MIGRATION_PENDING)
			continue;
		exit_code = apply_one(work, &list->items[i]);
		(*count)++;
	}
	if (exit_code == WORK_DONE)
		exit_code = run_scripts(work, script_functions,
		    "nothing was changed");
	return exit_code;
}

/* The connection ends with the program, and an open transaction with it. */
int
verb_db_upgrade(struct work *work)
{
	struct migration_list list = { NULL, 0 };
	int exit_code, count = 0;

	if ((exit_code = work_find_control(work)) != WORK_DONE ||
	    (exit_code = work_connect(work)) != WORK_DONE)
		return exit_code;
	exit_code = work_script(work, "begin", begin_locked, NULL);
	if (exit_code == WORK_DONE)
		exit_code = read_migrations(work, &list);
	if (exit_code == WORK_DONE)
		exit_code = apply_all(work, &list, &count);
	if (exit_code == WORK_DONE)
		exit_code = work_script(work, "commit", "COMMIT",
		    "nothing was changed");
	migration_list_clear(&list);
	if (exit_code != WORK_DONE)
		return exit_code;
	work_seen(work, "*");
	if (!work->json)
		printf("The database is up to date: %d migrations applied, "
		    "functions made anew.\n", count);
	else
		printf("{ \"migrations_applied\": %d }\n", count);
	return WORK_DONE;
}

static const struct view_column migration_columns[] = {
	{ "migration", "name" },
	{ "state", "state" },
	{ "applied", "applied_at" },
	{ NULL, NULL },
};

static void
show_migrations(const struct migration_list *list, bool json)
{
	struct json_value *array = json_value_array(), *object;
	const struct migration *item;
	size_t i;

	for (i = 0; i < list->count; i++) {
		item = &list->items[i];
		object = json_value_object();
		json_value_set(object, "number", json_value_int(item->number));
		json_value_set(object, "name", json_value_text(item->name));
		json_value_set(object, "state", json_value_text(
		    migration_state_word(item->state)));
		json_value_set(object, "expected", item->sql != NULL ?
		    json_value_text(item->expected) : json_value_null());
		json_value_set(object, "found", item->found[0] != '\0' ?
		    json_value_text(item->found) : json_value_null());
		json_value_set(object, "applied_at", item->applied_at != NULL ?
		    json_value_text(item->applied_at) : json_value_null());
		json_value_add(array, object);
	}
	if (json)
		work_print_json(array);
	else
		view_table(stdout, migration_columns, NULL, array);
	json_value_free(array);
}

/* Exit 1 when an upgrade would be refused; pending ones are no mistake. */
int
verb_db_status(struct work *work)
{
	struct migration_list list = { NULL, 0 };
	struct err err;
	int exit_code;

	if ((exit_code = work_connect(work)) != WORK_DONE)
		return exit_code;
	exit_code = read_migrations(work, &list);
	if (exit_code == WORK_DONE) {
		show_migrations(&list, work->json);
		if (migration_check(&list, &err) != 0) {
			work_complain(err.text, NULL);
			exit_code = WORK_REFUSED;
		}
	}
	migration_list_clear(&list);
	return exit_code;
}

/* Rows with a problem stay as they are, for a person to decide. */
int
verb_db_retime(struct work *work)
{
	struct pg_reply *reply;
	int exit_code, i, problems = 0;

	if ((exit_code = work_find_control(work)) != WORK_DONE ||
	    (exit_code = work_connect(work)) != WORK_DONE)
		return exit_code;
	exit_code = work_call(work, &query_ctl_retime, NULL, &reply);
	if (exit_code != WORK_DONE)
		return exit_code;
	for (i = 0; i < pg_reply_rows(reply); i++)
		problems += work_text(reply, i, "problem") != NULL;
	if (!work_flag(work, "dry-run"))
		work_seen_rows(work, reply);
	rows_show(stdout, reply, NULL, work->json);
	pg_reply_free(reply);
	if (problems > 0) {
		work_complain("some rows need a decision",
		    "move or cancel what has a problem, then run it again");
		return WORK_REFUSED;
	}
	return WORK_DONE;
}
