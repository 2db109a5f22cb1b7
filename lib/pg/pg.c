#include "pg/pg.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "pg/reply.h"

/* Type OIDs are fixed for ever: src/include/catalog/pg_type.dat. */
enum {
	OID_BOOL = 16, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23,
	OID_OID = 26, OID_JSON = 114, OID_FLOAT4 = 700, OID_FLOAT8 = 701,
	OID_NUMERIC = 1700, OID_JSONB = 3802,
};

/*
 * Refusals that are none of the statement's: by class (two letters) or whole. A
 * connection that became read-only leads to a server that is primary no more.
 */
static const struct {
	const char	*sqlstate;
	enum pg_status	 status;
} meanings[] = {
	{ "08", PG_AWAY },		/* connection exceptions */
	{ "57P01", PG_AWAY },		/* the backend was terminated */
	{ "57P02", PG_AWAY },		/* another backend crashed */
	{ "57P03", PG_AWAY },		/* the server starts or stops */
	{ "57P05", PG_AWAY },		/* it was idle for too long */
	{ "25006", PG_AWAY },		/* read-only: no primary any more */
	{ "57014", PG_LATE },		/* statement_timeout, or cancelled */
};

const char *
pg_result_field(const PGresult *result, int field)
{
	const char *text = PQresultErrorField(result, field);

	return text != NULL ? text : "";
}

bool
pg_result_is(const PGresult *result, const char *sqlstate)
{
	return strcmp(pg_result_field(result, PG_DIAG_SQLSTATE), sqlstate) == 0;
}

enum pg_status
pg_status_of(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	const char *sqlstate = pg_result_field(result, PG_DIAG_SQLSTATE);
	size_t i;

	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		return PG_DONE;
	if (sqlstate[0] == '\0')
		return PG_AWAY;		/* libpq's own words */
	for (i = 0; i < ARRAY_LEN(meanings); i++)
		if (text_starts(sqlstate, meanings[i].sqlstate))
			return meanings[i].status;
	return PG_REFUSED;
}

struct pg_reply *
pg_reply_keep(const struct pg_reply *reply)
{
	struct pg_reply *own = xcalloc(1, sizeof(*own));

	assert(reply->kept != NULL && !*reply->kept);
	*reply->kept = true;
	own->status = reply->status;
	own->result = reply->result;
	return own;
}

void
pg_reply_free(struct pg_reply *reply)
{
	if (reply == NULL)
		return;
	PQclear(reply->result);
	free(reply);
}

void
pg_reply_forget(const struct pg_reply *reply)
{
	int row, column;

	for (row = 0; row < PQntuples(reply->result); row++)
		for (column = 0; column < PQnfields(reply->result); column++)
			explicit_bzero(PQgetvalue(reply->result, row, column),
			    (size_t)PQgetlength(reply->result, row, column));
	if (reply->forget != NULL)
		*reply->forget = true;
}

enum pg_status
pg_reply_status(const struct pg_reply *reply)
{
	return reply->status;
}

int
pg_reply_rows(const struct pg_reply *reply)
{
	return PQntuples(reply->result);
}

int
pg_reply_columns(const struct pg_reply *reply)
{
	return PQnfields(reply->result);
}

const char *
pg_reply_column_name(const struct pg_reply *reply, int column)
{
	return PQfname(reply->result, column);
}

/* Not PQfnumber(): that one folds case and reads quotes. */
int
pg_reply_column(const struct pg_reply *reply, const char *name)
{
	int i, count = PQnfields(reply->result);

	for (i = 0; i < count; i++)
		if (strcmp(PQfname(reply->result, i), name) == 0)
			return i;
	return -1;
}

const char *
pg_reply_text(const struct pg_reply *reply, int row, int column)
{
	assert(row >= 0 && row < PQntuples(reply->result));
	assert(column >= 0 && column < PQnfields(reply->result));
	if (PQgetisnull(reply->result, row, column))
		return NULL;
	return PQgetvalue(reply->result, row, column);
}

size_t
pg_reply_length(const struct pg_reply *reply, int row, int column)
{
	return (size_t)PQgetlength(reply->result, row, column);
}

/* A statement that gives no whole number there is a mistake of ours. */
int64_t
pg_reply_int(const struct pg_reply *reply, int row, int column,
    int64_t if_null)
{
	const char *text = pg_reply_text(reply, row, column);
	int64_t value;
	int rc;

	if (text == NULL)
		return if_null;
	rc = text_int(&value, text, INT64_MIN, INT64_MAX);
	assert(rc == 0);
	return rc == 0 ? value : if_null;
}

bool
pg_reply_bool(const struct pg_reply *reply, int row, int column)
{
	const char *text = pg_reply_text(reply, row, column);

	return text != NULL && text[0] == 't';
}

bool
pg_reply_is_number(const struct pg_reply *reply, int column)
{
	static const Oid numbers[] = {
		OID_INT2, OID_INT4, OID_INT8, OID_OID, OID_FLOAT4, OID_FLOAT8,
		OID_NUMERIC,
	};
	Oid type = PQftype(reply->result, column);
	size_t i;

	for (i = 0; i < ARRAY_LEN(numbers); i++)
		if (type == numbers[i])
			return true;
	return false;
}

bool
pg_reply_is_bool(const struct pg_reply *reply, int column)
{
	return PQftype(reply->result, column) == OID_BOOL;
}

bool
pg_reply_is_json(const struct pg_reply *reply, int column)
{
	Oid type = PQftype(reply->result, column);

	return type == OID_JSON || type == OID_JSONB;
}

const char *
pg_reply_sqlstate(const struct pg_reply *reply)
{
	return pg_result_field(reply->result, PG_DIAG_SQLSTATE);
}

const char *
pg_reply_message(const struct pg_reply *reply)
{
	return pg_result_field(reply->result, PG_DIAG_MESSAGE_PRIMARY);
}

const char *
pg_reply_detail(const struct pg_reply *reply)
{
	return pg_result_field(reply->result, PG_DIAG_MESSAGE_DETAIL);
}

const char *
pg_reply_hint(const struct pg_reply *reply)
{
	return pg_result_field(reply->result, PG_DIAG_MESSAGE_HINT);
}
