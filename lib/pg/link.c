#include "pg/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "pg/params.h"
#include "pg/reply.h"

static const char connection_failure[] = "08006";

struct pg_link {
	PGconn			*pg;
	struct pg_startup	 startup;
};

/* libpq's words in one line, as an error. */
static int
fail(struct err *err, const PGconn *pg)
{
	char *words = xstrdup(PQerrorMessage(pg)), *p;
	size_t length = strlen(words);

	while (length > 0 && words[length - 1] == '\n')
		words[--length] = '\0';
	for (p = words; *p != '\0'; p++)
		if (*p == '\n')
			*p = ' ';
	err_set(err, "the database: %s", words);
	free(words);
	return -1;
}

static void
notice_drop(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

int
pg_link_open(struct pg_link **out, const char *dsn, const char *user,
    const char *application, struct err *err)
{
	struct pg_link *link = xcalloc(1, sizeof(*link));

	pg_startup_init(&link->startup, dsn, application, 0);
	if (user != NULL)
		pg_startup_user(&link->startup, user);
	link->pg = PQconnectdbParams(link->startup.keywords,
	    link->startup.values, 1);
	if (PQstatus(link->pg) != CONNECTION_OK) {
		fail(err, link->pg);
		pg_link_close(link);
		return -1;
	}
	PQsetNoticeReceiver(link->pg, notice_drop, NULL);
	*out = link;
	return 0;
}

void
pg_link_close(struct pg_link *link)
{
	if (link == NULL)
		return;
	PQfinish(link->pg);
	pg_startup_clear(&link->startup);
	free(link);
}

int
pg_link_call(struct pg_link *link, const struct pg_statement *statement,
    const char *const *params, struct pg_reply **out, struct err *err)
{
	PGresult *result = PQexecParams(link->pg, statement->sql,
	    statement->nparams, NULL, params, NULL, NULL, 0);
	enum pg_status status = pg_status_of(result);
	struct pg_reply *reply;

	if (status != PG_DONE && (PQstatus(link->pg) != CONNECTION_OK ||
	    pg_result_field(result, PG_DIAG_SQLSTATE)[0] == '\0')) {
		PQclear(result);
		return fail(err, link->pg);
	}
	reply = xcalloc(1, sizeof(*reply));
	/* Here even a refusal for the connection's sake has a sentence. */
	reply->status = status == PG_DONE ? PG_DONE : PG_REFUSED;
	reply->result = result;
	*out = reply;
	return 0;
}

/* The line of a character, counted from 1 as the server does. */
static int
line_at(const char *sql, long position)
{
	int line = 1;

	for (; *sql != '\0' && position > 1; sql++) {
		line += *sql == '\n';
		/* Bytes 10xxxxxx go on with a character. */
		position -= ((unsigned char)sql[1] & 0xc0) != 0x80;
	}
	return line;
}

/* "NAME:LINE: what; detail; hint (SQLSTATE)", or "NAME, statement N: ...". */
static int
script_fail(struct err *err, const char *name, const char *sql, int statement,
    const PGresult *result)
{
	static const int more[] = {
		PG_DIAG_MESSAGE_DETAIL, PG_DIAG_MESSAGE_HINT, PG_DIAG_CONTEXT,
	};
	const char *position = PQresultErrorField(result,
	    PG_DIAG_STATEMENT_POSITION);
	struct buf words = BUF_INIT;
	size_t i;

	if (position != NULL)
		buf_addf(&words, "%s:%d: ", name,
		    line_at(sql, strtol(position, NULL, 10)));
	else
		buf_addf(&words, "%s, statement %d: ", name, statement);
	buf_adds(&words, pg_result_field(result, PG_DIAG_MESSAGE_PRIMARY));
	for (i = 0; i < ARRAY_LEN(more); i++)
		if (pg_result_field(result, more[i])[0] != '\0')
			buf_addf(&words, "; %s",
			    pg_result_field(result, more[i]));
	err_set(err, "%s (%s)", words.data,
	    pg_result_field(result, PG_DIAG_SQLSTATE));
	buf_clear(&words);
	return -1;
}

/* One result that failed: in words, and as SQLSTATE. */
static int
script_refused(const struct pg_link *link, const char *name, const char *sql,
    int statement, const PGresult *result, char *sqlstate, struct err *err)
{
	const char *state = pg_result_field(result, PG_DIAG_SQLSTATE);
	const bool broken = state[0] == '\0';

	if (sqlstate != NULL)
		snprintf(sqlstate, PG_SQLSTATE_SIZE, "%.5s", broken ?
		    connection_failure : state);
	return broken ? fail(err, link->pg) :
	    script_fail(err, name, sql, statement, result);
}

int
pg_link_script(struct pg_link *link, const char *name, const char *sql,
    char sqlstate[PG_SQLSTATE_SIZE], struct err *err)
{
	PGresult *result;
	int statement = 0, rc = 0;

	if (PQsendQuery(link->pg, sql) != 1) {
		if (sqlstate != NULL)
			snprintf(sqlstate, PG_SQLSTATE_SIZE, "%s",
			    connection_failure);
		return fail(err, link->pg);
	}
	while ((result = PQgetResult(link->pg)) != NULL) {
		ExecStatusType status = PQresultStatus(result);

		statement++;
		if (rc == 0 && status == PGRES_FATAL_ERROR)
			rc = script_refused(link, name, sql, statement, result,
			    sqlstate, err);
		PQclear(result);
		if (status == PGRES_COPY_IN)
			PQputCopyEnd(link->pg, "no data in a script");
	}
	return rc;
}
