#include "store/api.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/queries.h"

/* A call under way. */
struct load {
	bool		 secret;
	store_api_fn	*fn;
	void		*arg;
};

enum column { STATUS, BODY, ETAG, LOCATION, SCOPES, XID, SNAPSHOT, COLUMNS };

static const char *const columns[COLUMNS] = {
	[STATUS] = "status", [BODY] = "body", [ETAG] = "etag",
	[LOCATION] = "location", [SCOPES] = "scopes", [XID] = "xid",
	[SNAPSHOT] = "snapshot",
};

enum { BYTEA_SIZE = STORE_API_HASH_HEX + 3 };	/* "\x", hex, a zero */

static void called(const struct pg_reply *reply, void *arg);

static const char *
bytea(char out[BYTEA_SIZE], const char *hex)
{
	if (hex == NULL)
		return NULL;
	snprintf(out, BYTEA_SIZE, "\\x%s", hex);
	return out;
}

void
store_api_call(struct pg_pool *pool, const struct store_api_wish *wish,
    int64_t limit_ms, store_api_fn *fn, void *arg)
{
	struct load *load = xcalloc(1, sizeof(*load));
	char bearer[BYTEA_SIZE], request[BYTEA_SIZE], version[24];
	const char *params[6];

	load->secret = wish->secret;
	load->fn = fn;
	load->arg = arg;
	snprintf(version, sizeof(version), "%" PRId64, wish->expected_version);
	params[0] = wish->route;
	params[1] = bytea(bearer, wish->bearer_hex);
	params[2] = wish->input;
	params[3] = wish->expected_version == 0 ? NULL : version;
	params[4] = wish->key;
	params[5] = wish->key == NULL ? NULL :
	    bytea(request, wish->request_hex);
	if (wish->reads)
		pg_pool_read(pool, &query_api_call, params, limit_ms, called,
		    load);
	else
		pg_pool_write(pool, &query_api_call, params, limit_ms, called,
		    load);
}

/* The statement is compiled in, so a column that is missing is a mistake here. */
static int
column(const struct pg_reply *reply, enum column which)
{
	int at = pg_reply_column(reply, columns[which]);

	assert(at >= 0);
	return at;
}

static const char *
text(const struct pg_reply *reply, enum column which)
{
	return pg_reply_text(reply, 0, column(reply, which));
}

static void
answer_read(struct store_api_answer *answer, const struct pg_reply *reply)
{
	answer->status = (int)pg_reply_int(reply, 0, column(reply, STATUS), 0);
	answer->body = text(reply, BODY);
	if (answer->body != NULL)
		answer->body_length = pg_reply_length(reply, 0,
		    column(reply, BODY));
	answer->etag = text(reply, ETAG);
	answer->location = text(reply, LOCATION);
	answer->scopes = text(reply, SCOPES);
	answer->xid = text(reply, XID);
	answer->snapshot = text(reply, SNAPSHOT);
}

bool
store_api_passes(const char *sqlstate)
{
	static const char *const classes[] = { "25006", "40", "53", "55",
	    "57" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(classes); i++)
		if (text_starts(sqlstate, classes[i]))
			return true;
	return false;
}

static void
called(const struct pg_reply *reply, void *arg)
{
	struct load *load = arg;
	struct store_api_answer answer = { .result = STORE_API_UNKNOWN };

	switch (pg_reply_status(reply)) {
	case PG_DONE:
		assert(pg_reply_rows(reply) == 1);
		answer.result = STORE_API_DONE;
		answer_read(&answer, reply);
		break;
	case PG_REFUSED:
		answer.result = STORE_API_REFUSED;
		answer.sqlstate = pg_reply_sqlstate(reply);
		answer.message = pg_reply_message(reply);
		answer.detail = pg_reply_detail(reply);
		answer.hint = pg_reply_hint(reply);
		break;
	case PG_BUSY:
		answer.result = STORE_API_BUSY;
		break;
	case PG_UNSENT:
		answer.result = STORE_API_UNSENT;
		break;
	case PG_AWAY:
	case PG_LATE:
		break;
	}
	load->fn(&answer, load->arg);
	if (load->secret)
		pg_reply_forget(reply);
	free(load);
}
