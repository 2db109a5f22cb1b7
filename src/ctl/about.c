#include "ctl/about.h"

#include <assert.h>
#include <string.h>

#define ABOUT(noun, verb, example)	{ noun, verb, example, NULL }

const struct about about_table[] = {
	ABOUT("db", "init", "--database \"host=/run/postgresql dbname=kattegat "
	    "user=postgres\""),
	ABOUT("db", "upgrade", "--database \"host=/run/postgresql "
	    "dbname=kattegat user=postgres\""),
	ABOUT("db", "status", ""),
	ABOUT("db", "retime", "--dry-run"),

	ABOUT("registry", "load", "--from /srv/registers"),
	ABOUT("season", "import", "runs.csv --season kattegat-2027 --title "
	    "\"Kattegat 2027\" --seminar kattegat-kommune --programme days.csv"),
	{ "season", "list", "", "season,title,first day,last day,runs" },
	ABOUT("demo", NULL, "--scale 100"),
	ABOUT("demo", "load", ""),

	{ "run", "list", "--office AAR --from 2027-01-01",
	    "run,title,first day,last day,status,office,sessions" },
	ABOUT("run", "show", "KAT27-03"),
	ABOUT("run", "create", "KAT27-40 --seminar kattegat-kommune --office "
	    "AAR --capacity 30"),
	ABOUT("run", "change", "KAT27-03 --capacity 36 --status open"),
	ABOUT("run", "move", "KAT27-03 --to 2027-02-04 --rooms 1:3,2:4"),
	ABOUT("run", "cancel", "KAT27-03 --why \"too few came\""),
	ABOUT("run", "restore", "KAT27-03"),

	{ "session", "list", "KAT27-03", "run,no,starts,ends,title,room,status,"
	    "office,teachers" },
	ABOUT("session", "create", "KAT27-03 --starts 2027-01-23T09:00 --ends "
	    "2027-01-23T12:00 --room 3"),
	ABOUT("session", "change", "KAT27-03 2 --title \"A day in the field\""),
	ABOUT("session", "move", "KAT27-03 2 --starts 2027-01-22T09:30"),
	ABOUT("session", "cancel", "KAT27-03 2 --why \"the ferry lies still\""),
	ABOUT("session", "restore", "KAT27-03 2"),
	ABOUT("session", "teacher", "KAT27-03 2 17 accepted"),
	ABOUT("session", "unteach", "KAT27-03 2 17"),

	{ "seminar", "list", "--q kommune", "slug,title,kind" },
	ABOUT("seminar", "create", "ny-i-raadet --title \"Ny i rådet\" --kind "
	    "course"),
	ABOUT("seminar", "change", "ny-i-raadet --colour steelblue"),

	ABOUT("room", "add", "4 \"Sal 2\" --setups theatre:60,islands:25:60:30 "
	    "--step-free"),
	{ "room", "free", "--office AAR --starts 2027-02-02T09:00 --ends "
	    "2027-02-02T12:00 --heads 20", "room,name,seats,setup,venue,office,"
	    "spare" },
	{ "room", "list", "--office AAR", "id,name,office,venue,setups" },

	ABOUT("office", "add", "RAN Randers --town Randers"),
	{ "office", "list", "", "code,name,town,street,mail" },
	ABOUT("office", "change", "AAR --mail aarhus@example.org"),
	ABOUT("venue", "add", "AAR \"Havnehuset\" --town Aarhus --own"),
	{ "venue", "list", "--office AAR", "id,name,office,town,street,own" },
	ABOUT("venue", "change", "4 --street \"Havnegade 2\""),

	ABOUT("person", "add", "\"Bo Dahl\" --role secretary --mail "
	    "bo@example.org --municipality 0751"),
	{ "person", "list", "--role teacher",
	    "id,name,role,office,municipality,tokens" },

	ABOUT("token", "create", "12 \"min telefon\""),
	{ "token", "list", "--person 12",
	    "id,name,person,last fetch at,revoked at" },
	ABOUT("token", "revoke", "45"),

	ABOUT("booking", "create", "3 --starts 2027-02-02T09:00 --ends "
	    "2027-02-02T12:00 --heads 20 --title \"Board meeting\""),
	ABOUT("booking", "move", "12 --room 5 --starts 2027-02-03T09:00 --ends "
	    "2027-02-03T12:00"),
	ABOUT("booking", "change", "12 --heads 24 --catering 24 --diets "
	    "vegetarian:3,vegan:1"),
	ABOUT("booking", "cancel", "12 --why \"held online\""),
	ABOUT("booking", "restore", "12"),
	ABOUT("booking", "confirm", "12"),
	ABOUT("booking", "show", "12"),
	{ "booking", "list", "--office AAR --from 2027-02-01 --to 2027-02-28",
	    "id,starts,ends,room,title,status,office,kind" },

	ABOUT("block", NULL, "3,4 --from 2027-03-01T08:00 --to "
	    "2027-03-01T16:00 --title \"New floor\" --around"),
	ABOUT("closing-day", NULL, "--office AAR --from 2027-12-27 --to "
	    "2027-12-30 --title \"Closed\""),

	ABOUT("series", "preview", "3 --title Choir --starts 18:00 --ends 20:00 "
	    "--from 2027-01-05 --until 2027-06-30 --interval 2"),
	ABOUT("series", "create", "3 --title Choir --starts 18:00 --ends 20:00 "
	    "--from 2027-01-05 --until 2027-06-30 --skip 2027-03-30"),
	ABOUT("series", "show", "8"),
	ABOUT("series", "change", "8 --from 2027-03-01 --room 5"),
	ABOUT("series", "restore", "8 --from 2027-03-01"),
	ABOUT("series", "cancel", "8 --from 2027-03-01"),

	ABOUT("journal", "list", "--object booking --id 12"),
	ABOUT("journal", "undo", "3456"),
	ABOUT("journal", "verify", ""),

	{ "mail", "list", "--state given_up",
	    "id,kind,state,made,next try,tries,problem" },

	ABOUT("account", "invite", "--name \"Ida Lund\" --mail ida@example.org "
	    "--role coordinator --office AAR"),
	{ "account", "list", "--state locked",
	    "person,name,role,office,state,last sign in" },
	ABOUT("account", "role", "17 planner"),
	ABOUT("account", "lock", "17"),
	ABOUT("account", "unlock", "17"),
	ABOUT("account", "token", "17 signage --role auditor --until "
	    "2027-12-31"),
	{ "account", "tokens", "--person 17",
	    "id,name,owner,role,office,until,last used" },
	ABOUT("account", "revoke", "9"),

	ABOUT("reload", NULL, ""),
	ABOUT("status", NULL, ""),
	{ NULL, NULL, NULL, NULL },
};

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

const struct about *
about_get(const struct command *command)
{
	const struct about *about = about_table;

	while (about->noun != NULL && (!same(about->noun, command->noun) ||
	    !same(about->verb, command->verb)))
		about++;
	assert(about->noun != NULL);
	return about;
}
