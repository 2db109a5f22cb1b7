/*
 * code.h - what the routes that check passwords and codes have in common.
 *
 * Inside the room only: sign_in.c and invitation.c.
 *
 * Ownership: the caller's storage everywhere; code_settle() takes the body over.
 */
#ifndef KG_API_CODE_H
#define KG_API_CODE_H

#include <stdint.h>

#include "api/call.h"

enum {
	CODE_BYTES = 64,		/* of a code without blanks, with its zero */
	CODE_RECOVERY_LETTERS = 16,	/* 80 bits */
	CODE_RECOVERY_CODES = 10,
};

/* Whether the address may try, and the thread has room; else it was answered. */
bool code_may_try(struct api_call *call);
/* Answers with Retry-After. */
void code_wait(struct api_call *call, enum api_problem problem,
    int64_t seconds);

/* The database's body. Its own handlers give it, so it can be read. */
struct json_value *code_answer(const struct store_api_answer *answer);
/* NULL and 0 when it is not there. */
const char *code_text(const struct json_value *object, const char *name);
int64_t code_int(const struct json_value *object, const char *name);
/* The database's answer with another body. */
void code_settle(struct api_call *call, const struct store_api_answer *answer,
    struct json_value *body);

/* In lower case, without blanks and hyphens; cut when it is too long. */
void code_clean(char out[CODE_BYTES], const char *text);
/* totp_check() of a secret in hex; of NULL, of nobody, -1 after the same time. */
int64_t code_check(const char *totp_hex, const char *code, int64_t now_s,
    int64_t last_step);

#endif
