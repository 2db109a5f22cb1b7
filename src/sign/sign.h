/*
 * sign.h - proving who one is: passwords, codes, invitations, links by mail.
 *
 * The front of the room: the API and the pages hand it what somebody gave, it asks
 * the database, hashes on its thread, compares codes, and says once how it ended.
 * What an account must be, how long to wait after failures and what a session is
 * are the database's. One sign a worker.
 *
 *	flow.h      one attempt, from its wish to its end
 *	desk.h      the thread that hashes passwords
 *	weak.h      passwords that are guessed, and one form of each
 *	code.h      codes of authenticators, recovery codes
 *
 * Units:     seconds; limits in milliseconds.
 * Ownership: a wish is copied. What an end holds is good until it returns, but its
 *            body may be changed. Pool and generations must outlive the last answer
 *            of the database: free the pool before or after the sign.
 * Who waits: an attempt that has begun is judged, also when nobody waits any more,
 *            so that a right one is no failure. One that is too early because of
 *            another that may be under way waits here for some seconds.
 * Errors:    a wrong mail address, password or code is SIGN_WRONG; nothing says
 *            which it was, nor does the time it takes.
 * Context:   the worker's loop only.
 */
#ifndef KG_SIGN_SIGN_H
#define KG_SIGN_SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "json/value.h"
#include "loop/loop.h"
#include "store/api.h"

struct generations;
struct pg_pool;
struct sign;

/* What a new password may have, in characters; in UTF-8 crypt(3) takes that many. */
enum { SIGN_PASSWORD_LEAST = 12, SIGN_PASSWORD_MOST = 120 };

struct sign_options {
	int64_t	limit_ms;		/* of a statement; 0: the pool's */
	int64_t	free_failures;		/* per address, before it has to wait */
};

enum sign_step {
	SIGN_IN,		/* mail, password, code: a session */
	SIGN_IN_AGAIN,		/* password, code; in a session */
	SIGN_IN_PASSWORD,	/* mail, password: the first half, for pages */
	SIGN_IN_CODE,		/* code; who asks holds the first half */
	SIGN_LINK_SEND,		/* mail: a link by mail, if it is somebody's */
	SIGN_BY_LINK,		/* token: a session */
	SIGN_INVITATION_LOOK,	/* token: whose it is */
	SIGN_INVITATION_ACCEPT,	/* token, password: the authenticator's secret */
	SIGN_INVITATION_CONFIRM,	/* token, code: the recovery codes */
	SIGN_PASSWORD_CHANGE,	/* password, the new one; in a session */
	SIGN_STEPS
};

struct sign_wish {
	enum sign_step		 step;
	const unsigned char	*address;	/* who asks: 16 bytes */
	const char		*bearer_hex;	/* SHA-256 of a session's token */
	const char		*mail, *password, *code, *token;
	const char		*client;	/* User-Agent, or NULL */
	/*
	 * Of a browser's form: the cookie it came with, or NULL. Sent again within a
	 * minute, with the same fields, it ends as it did.
	 */
	const char		*cookie;
	bool			 by_cookie;	/* what begins is kept by a cookie */
};

enum sign_result {
	SIGN_DONE,
	SIGN_WRONG,		/* mail address, password or code */
	SIGN_TOO_MANY,		/* retry_s */
	SIGN_BUSY,		/* retry_s */
	SIGN_FAULT,		/* was logged */
	SIGN_SAID,		/* the database refused, or it is away */
	SIGN_GONE,		/* nobody waits for it any more */
};

struct sign_end {
	enum sign_result		 result;
	int64_t				 retry_s;
	const struct store_api_answer	*answer;	/* SIGN_DONE, SIGN_SAID */
	/* SIGN_DONE: what to tell, with the secrets that are shown once. */
	struct json_value		*body;
	/* Of what has begun, when it is kept by a cookie; else NULL. */
	const char			*cookie;
};

/* Runs exactly once; before sign_begin() returns when the thread has no room. */
typedef void sign_end_fn(const struct sign_end *end, void *arg);
/* Whether anybody waits for the end; asked before each step. Nothing begins when
 * nobody does. */
typedef bool sign_waits_fn(void *arg);

struct sign *sign_new(struct loop *loop, struct pg_pool *pool,
    struct generations *generations, const struct sign_options *options);
/* What is under way ends as SIGN_GONE. NULL is allowed. */
void sign_free(struct sign *sign);

void sign_begin(struct sign *sign, const struct sign_wish *wish,
    sign_waits_fn *waits, sign_end_fn *end, void *arg);

/*
 * A cookie is no bearer token: what stands of it in the database is the SHA-256 of
 * its name, "=" and its value.
 */
#define SIGN_COOKIE "__Host-kattegat"
void sign_cookie_hex(char hex[STORE_API_HASH_HEX + 1], const char *value);

#endif
