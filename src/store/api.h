/*
 * api.h - one route of the API, run by the database in one statement.
 *
 * Ownership: what is wished is copied; what a reply function gets is good until it
 *            returns. Texts may be NULL where a column may be.
 * Errors:    STORE_API_REFUSED: the database said no, for a reason that sqlstate
 *            names. STORE_API_UNKNOWN: no answer came, a write may have happened;
 *            STORE_API_BUSY, STORE_API_UNSENT: it was not asked, nothing happened.
 * Context:   the process's loop; a reply function runs exactly once, later.
 */
#ifndef KG_STORE_API_H
#define KG_STORE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pg/pool.h"

enum { STORE_API_HASH_HEX = 64 };	/* of a SHA-256 */

struct store_api_wish {
	const char	*route;		/* "booking_create" */
	const char	*bearer_hex;	/* SHA-256 of the token; NULL: none */
	const char	*input;		/* a JSON object */
	bool		 reads;		/* changes nothing */
	bool		 secret;	/* so are its input or its answer */
	int64_t		 expected_version;	/* 0: none */
	const char	*key;		/* Idempotency-Key; NULL: none */
	const char	*request_hex;	/* SHA-256, with a key */
};

enum store_api_result {
	STORE_API_DONE,
	STORE_API_REFUSED,
	STORE_API_UNKNOWN,
	STORE_API_BUSY,
	STORE_API_UNSENT,
};

struct store_api_answer {
	enum store_api_result	 result;
	/* STORE_API_DONE */
	int			 status;
	const char		*body;		/* JSON; NULL: none */
	size_t			 body_length;
	const char		*etag, *location, *scopes, *xid, *snapshot;
	/* STORE_API_REFUSED; never NULL */
	const char		*sqlstate, *message, *detail, *hint;
};

typedef void store_api_fn(const struct store_api_answer *answer, void *arg);

void store_api_call(struct pg_pool *pool, const struct store_api_wish *wish,
    int64_t limit_ms, store_api_fn *fn, void *arg);
/*
 * Whether a refusal is none of ours and passes: nothing was done, and the same may be
 * done shortly. PostgreSQL, appendix A: deadlock and serialization (40), too many
 * connections (53), a lock or an object in use (55), a limit or shutdown (57), and a
 * server that has become a standby (25006).
 */
bool store_api_passes(const char *sqlstate);

#endif
