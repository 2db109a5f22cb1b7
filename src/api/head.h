/*
 * head.h - the header fields that the API reads.
 *
 * Inside the room only. Fields may be NULL: not there.
 *
 * Ownership: nothing is copied; what is found points into the field.
 * Errors:    a field that cannot be read is a value of its own, for the problem
 *            malformed-header.
 * Context:   pure.
 */
#ifndef KG_API_HEAD_H
#define KG_API_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum api_bearer { API_BEARER_NONE, API_BEARER_TOKEN, API_BEARER_MALFORMED };

/* *token points into the field, up to its end. RFC 6750. */
enum api_bearer api_bearer_read(const char **token, const char *authorization);

enum api_precondition {
	API_PRECONDITION_NONE,
	API_PRECONDITION_VERSION,	/* "3": *version is it */
	API_PRECONDITION_ANY,		/* *: says no version */
	API_PRECONDITION_NEVER,		/* no version of ours */
	API_PRECONDITION_MALFORMED,	/* no entity tags at all */
};

/*
 * RFC 9110 13.1.1. *version is the highest that is named; *versions is NULL when it is
 * one strong tag, else "{3,4}", the strong ones, which the caller frees.
 */
enum api_precondition api_if_match_read(int64_t *version, char **versions,
    const char *if_match);
/* 8 to 200 visible ASCII characters. */
bool api_key_ok(const char *key);
/* application/json, in UTF-8 if it says so. */
bool api_is_json(const char *content_type);
/* By Accept-Language (RFC 9110 12.5.4); Danish unless English is wanted more. */
bool api_in_danish(const char *accept_language);
/* Kattegat-Min-Version: a transaction id. */
bool api_xid_ok(const char *text);

#endif
