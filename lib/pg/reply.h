/*
 * reply.h - inside of lib/pg: how a reply is made from libpq's result.
 *
 * Ownership: whoever fills a reply keeps the result, unless *kept says afterwards
 *            that it was taken over.
 */
#ifndef KG_PG_REPLY_H
#define KG_PG_REPLY_H

#include <libpq-fe.h>

#include "pg/pg.h"

struct pg_reply {
	enum pg_status	 status;
	PGresult	*result;	/* NULL unless PG_DONE or PG_REFUSED */
	bool		*kept;		/* NULL: nobody may keep it */
	bool		*forget;	/* what its connection holds; may be NULL */
};

/*
 * What a finished result means. A refusal that tells of the connection and not of
 * the statement is PG_AWAY, one that tells of time PG_LATE.
 */
enum pg_status pg_status_of(const PGresult *result);
bool pg_result_is(const PGresult *result, const char *sqlstate);
/* A field of the diagnosis, "" when not given. */
const char *pg_result_field(const PGresult *result, int field);

#endif
