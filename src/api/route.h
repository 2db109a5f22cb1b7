/*
 * route.h - the table of routes: what there is to ask, and what is answered.
 *
 * Inside the room only. Routing, the check of all input, the OpenAPI document and
 * the call of the database go by it. The tables are routes_TOPIC.c; what the
 * database makes of a route stands in db/functions/8*_api_*.sql under its name.
 *
 * Units:     bounds of integers, lengths of texts in characters, counts of arrays.
 * Ownership: all of it is constant.
 */
#ifndef KG_API_ROUTE_H
#define KG_API_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/server.h"

struct api_call;

enum api_type {
	API_TEXT,		/* least to most characters, one line */
	API_PROSE,		/* the same, line breaks allowed */
	API_SECRET,		/* text that no log and no problem repeats */
	API_INT,		/* least to most */
	API_NUMBER,		/* a decimal number, least to most */
	API_BOOL,
	API_WORD,		/* one of words */
	API_DATE,		/* "2027-01-21" */
	API_HOUR,		/* "09:00" */
	API_MOMENT,		/* a DATE or a LOCAL */
	API_LOCAL,		/* "2027-01-21T09:00"; whether that hour exists is
				 * the database's to say */
	API_INSTANT,		/* "2027-01-21T08:00:00Z" */
	API_WEEK,		/* "2027-W03" */
	API_COUNTS,		/* an object of names and whole numbers */
	API_OBJECT,		/* by of */
	API_ANY,		/* any JSON; in answers */
};

/* Flags of a field. */
enum {
	API_NEEDED = 1,		/* must be there; in answers: is always there */
	API_NULL = 2,		/* may be null (of a body: to clear it) */
	API_MANY = 4,		/* an array; in requests of API_MANY_MOST at most */
};

enum { API_MANY_MOST = 200, API_ROOMS_MOST = 50 };

enum api_where { API_BODY, API_PATH, API_QUERY };

struct api_object;

struct api_field {
	const char		*name;		/* NULL ends an array of fields */
	enum api_where		 where;
	enum api_type		 type;
	int			 flags;
	int64_t			 least, most;
	const char *const	*words;		/* ended by NULL */
	const struct api_object	*of;
	const char		*summary;	/* English, for OpenAPI; or NULL */
	int			 many_most;	/* of an array; 0: API_MANY_MOST */
};

/* What answers hold and bodies are made of, by name. */
struct api_object {
	const char		*name;		/* "Booking" */
	const struct api_field	*fields;
};

/* Flags of a route. */
enum {
	API_PUBLIC = 1,		/* without signing in */
	API_IF_MATCH = 2,	/* needs If-Match: "VERSION" */
	API_KEYED = 4,		/* takes Idempotency-Key */
	API_CONFLICT = 8,	/* may be refused with 409 */
	API_LIST = 16,		/* answers {"items": [...], "next": ...} */
	API_VERSIONED = 32,	/* answers with an ETag */
	API_GIVES_SECRET = 64,	/* what it answers is shown once */
	API_BODIED = 256,	/* never without a body */
	API_OR_ITEMS = 128,	/* answers one, or {"items": [...]} of several */
};

struct api_route {
	const char		*name;		/* "booking_create"; NULL ends */
	enum http_method	 method;
	const char		*path;		/* below /api/v1: "/rooms/{room_id}" */
	int			 flags;
	int			 status;	/* when it goes well: 200, 201, 204 */
	const struct api_field	*fields;	/* NULL: none */
	const struct api_object	*answer;	/* NULL: none */
	const char		*summary;	/* English, for OpenAPI */
	/* Instead of the database's function; ends in an answer (call.h). */
	void			(*handler)(struct api_call *call);
};

/* The topics, each ended by a NULL name, and all of them, ended by NULL. */
extern const struct api_route api_routes_places[], api_routes_bookings[],
    api_routes_runs[], api_routes_journal[], api_routes_accounts[],
    api_routes_openapi[];
extern const struct api_route *const api_topics[];

/* Where the values of a path's {names} stand in it, in the pattern's order. */
enum { API_PATH_VALUES_MOST = 4 };

struct api_match {
	const struct api_route	*route;		/* NULL: none */
	unsigned		 methods;	/* bits 1 << enum http_method there */
	struct api_span {
		const char	*at;
		size_t		 length;
	} value[API_PATH_VALUES_MOST];
};

/* Finds by the path behind /api/v1; HEAD finds GET. */
void api_route_match(struct api_match *out, enum http_method method,
    const char *path);
/* The name of a pattern's nth {name}; 0 length: there are fewer. */
struct api_span api_route_name(const struct api_route *route, int nth);
/* How many there may be in an array that is sent. */
int api_field_many(const struct api_field *field);
const struct api_field *api_field_find(const struct api_field *fields,
    const char *name, size_t length);

#endif
