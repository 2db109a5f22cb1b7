/* Commands that are one route of the API: which table each one's answer is. */
#include "ctl/verb.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/about.h"
#include "ctl/ask.h"
#include "ctl/refusal.h"

static const struct view_column free_columns[] = {
	{ "rank", "rank" },
	{ "room", "room.id" },
	{ "name", "room.name" },
	{ "venue", "venue.name" },
	{ "office", "office" },
	{ "setup", "setup" },
	{ "seats", "capacity" },
	{ "spare", "spare_seats" },
	{ "min to set up", "setup_min" },
	{ "min to clear", "clear_min" },
	{ "step-free", "step_free" },
	{ "hearing loop", "hearing_loop" },
	{ "equipment", "equipment" },
	{ NULL, NULL },
};
static const struct view_column booking_columns[] = {
	{ "id", "id" },
	{ "office", "office" },
	{ "venue", "venue.name" },
	{ "room", "room.id" },
	{ "name", "room.name" },
	{ "starts", "starts_local" },
	{ "ends", "ends_local" },
	{ "status", "status" },
	{ "kind", "kind" },
	{ "title", "title" },
	{ "run", "session.run_no" },
	{ "session", "session.no" },
	{ "setup", "setup" },
	{ "heads", "head_count" },
	{ "seats", "capacity" },
	{ "held until", "expires_local" },
	{ "series", "series_id" },
	{ "version", "version" },
	{ NULL, NULL },
};
static const char booking_first[] = "id,starts,ends,name,title,status,kind,heads";

/* What a listing has no room for. */
static const struct view_column booking_pairs[] = {
	{ "booking", "id" },
	{ "title", "title" },
	{ "kind", "kind" },
	{ "status", "status" },
	{ "room", "room.name" },
	{ "room id", "room.id" },
	{ "venue", "venue.name" },
	{ "office", "office" },
	{ "starts", "starts_local" },
	{ "ends", "ends_local" },
	{ "occupied from", "occupied_from_local" },
	{ "occupied to", "occupied_to_local" },
	{ "setup", "setup" },
	{ "heads", "head_count" },
	{ "seats", "capacity" },
	{ "held until", "expires_local" },
	{ "series", "series_id" },
	{ "catering", "catering" },
	{ "notes", "notes" },
	{ "version", "version" },
	{ NULL, NULL },
};
static const struct view_column plan_columns[] = {
	{ "day", "weekday" },
	{ "date", "date" },
	{ "starts", "starts_local" },
	{ "ends", "ends_local" },
	{ "room", "room" },
	{ "holiday", "holiday" },
	{ "skipped", "skipped" },
	{ "problem", "problem" },
	{ "in the way", "conflicts.0.title" },
	{ "from", "conflicts.0.from" },
	{ "to", "conflicts.0.to" },
	{ "instead", "alternatives.0.reason" },
	{ "in room", "alternatives.0.room_id" },
	{ "starts then", "alternatives.0.starts_local" },
	{ NULL, NULL },
};

static const struct view_column office_columns[] = {
	{ "code", "code" },
	{ "name", "name" },
	{ "street", "street" },
	{ "postcode", "postcode" },
	{ "town", "town" },
	{ "mail", "mail" },
	{ "version", "version" },
	{ NULL, NULL },
};

static const struct view_column seminar_columns[] = {
	{ "slug", "slug" },
	{ "title", "title" },
	{ "kind", "kind" },
	{ "colour", "colour" },
	{ "tags", "tags" },
	{ "version", "version" },
	{ NULL, NULL },
};

int
verb_seminars(struct work *work)
{
	return ask_run(work, seminar_columns,
	    about_get(work->line->command)->first);
}

int
verb_offices(struct work *work)
{
	return ask_run(work, office_columns,
	    about_get(work->line->command)->first);
}

int
verb_room_free(struct work *work)
{
	return ask_run(work, free_columns,
	    about_get(work->line->command)->first);
}

int
verb_bookings(struct work *work)
{
	return ask_run(work, booking_columns, booking_first);
}

int
verb_write(struct work *work)
{
	return ask_run(work, NULL, NULL);
}

static void
show_booking(const struct json_value *body)
{
	view_pairs(stdout, booking_pairs, body);
}

int
verb_booking_show(struct work *work)
{
	struct json_value *input = ask_input(work);
	int exit_code = ask_run_shown(work, input, show_booking);

	json_value_free(input);
	return exit_code;
}

/* What was blocked, and what it went around. */
static void
show_blocked(const struct json_value *body)
{
	const struct json_value *conflicts = json_value_find(body, "conflicts");
	struct json_value *around = json_value_object();

	view_table(stdout, booking_columns, booking_first,
	    json_value_find(body, "items"));
	if (conflicts != NULL)
		json_value_set(around, "conflicts",
		    json_value_share(conflicts));
	refusal_show_detail(stdout, around);
	json_value_free(around);
}

int
verb_block(struct work *work)
{
	struct json_value *input;
	int exit_code;

	if (work_value(work, "rooms") == NULL &&
	    work_value(work, "office") == NULL)
		return work_fail(work, WORK_USAGE, "which rooms?",
		    "their ids, as 7,8, or --office CODE for all of its own");
	input = ask_input(work);
	exit_code = ask_run_shown(work, input, show_blocked);
	json_value_free(input);
	return exit_code;
}

/* One date that is treated otherwise than the rest. */
static void
add_override(struct json_value *overrides, const char *date, const char *member,
    struct json_value *value)
{
	struct json_value *override = json_value_object();

	json_value_set(override, "date", json_value_text(date));
	json_value_set(override, member, value);
	json_value_add(overrides, override);
}

/* --skip and --keep: dates; --in-room: DATE:ROOM. */
static void
add_overrides(const struct work *work, struct json_value *overrides,
    const char *name)
{
	const char *text = work_value(work, name);
	char *copy, *rest, *date;

	if (text == NULL)
		return;
	copy = rest = xstrdup(text);
	while ((date = strsep(&rest, ",")) != NULL) {
		char *room = date;

		strsep(&room, ":");
		add_override(overrides, date, room != NULL ? "room_id" : name,
		    room != NULL ? json_value_number(room) :
		    json_value_bool(true));
	}
	free(copy);
}

/* Those of a new series also keep holidays. */
static struct json_value *
series_input(const struct work *work, bool is_new)
{
	struct json_value *input = ask_input(work);
	struct json_value *overrides = json_value_array();

	add_overrides(work, overrides, "skip");
	if (is_new)
		add_overrides(work, overrides, "keep");
	add_overrides(work, overrides, "in-room");
	json_value_set(input, "overrides", overrides);
	return input;
}

int
verb_series_create(struct work *work)
{
	struct json_value *input = series_input(work, true);
	int exit_code = ask_run_with(work, input, booking_columns,
	    booking_first);

	json_value_free(input);
	return exit_code;
}

static const struct view_column left_columns[] = {
	{ "left", "booking_id" },
	{ "starts", "starts_local" },
	{ "ends", "ends_local" },
	{ "room id", "room_id" },
	{ "has of its own", "own" },
	{ NULL, NULL },
};

/* What was changed, and what was left as it is. */
static void
show_changed(const struct json_value *body)
{
	const struct json_value *left = json_value_find(body, "left");

	view_table(stdout, booking_columns, booking_first,
	    json_value_find(body, "items"));
	if (json_value_count(left) > 0) {
		puts("\nLeft as they are:");
		view_table(stdout, left_columns, NULL, left);
	}
}

int
verb_series_change(struct work *work)
{
	struct json_value *input = series_input(work, false);
	int exit_code = ask_run_shown(work, input, show_changed);

	json_value_free(input);
	return exit_code;
}

static void
show_plan(const struct json_value *plan)
{
	view_table(stdout, plan_columns, "day,starts,ends,holiday,in the way,"
	    "in room,starts then,skipped,problem,room",
	    json_value_find(plan, "items"));
	printf("\n%lld bookings; %lld dates with something in the way, %lld on "
	    "holidays.\n",
	    (long long)json_value_get_int(json_value_find(plan, "count"), 0),
	    (long long)json_value_get_int(json_value_find(plan, "conflicts"),
	    0),
	    (long long)json_value_get_int(json_value_find(plan, "holidays"),
	    0));
}

int
verb_series_preview(struct work *work)
{
	struct json_value *input = series_input(work, true);
	int exit_code = ask_run_shown(work, input, show_plan);

	json_value_free(input);
	return exit_code;
}
