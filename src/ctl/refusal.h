/*
 * refusal.h - why the database said no: its sentence, what would be right, and as
 * small tables what is in the way and what would do instead.
 *
 * The details are the JSON object of the error's DETAIL: conflicts, alternatives,
 * setups that would hold it, items (dates of a series), difference (since the
 * version that was expected).
 *
 * Ownership: everything stays the caller's.
 * Errors:    none.
 */
#ifndef KG_CTL_REFUSAL_H
#define KG_CTL_REFUSAL_H

#include <stdio.h>

#include "json/value.h"
#include "pg/pg.h"

/* `right` stands instead of the hint of the database. */
void refusal_show(FILE *out, const struct pg_reply *reply, const char *right);
/* {"error": {"code", "message", "hint", "detail", "exit"}} for scripts. */
struct json_value *refusal_json(const struct pg_reply *reply,
    const char *right, int exit);
/* The same of what was not the database's; the detail (NULL: none) is taken over. */
struct json_value *refusal_make(const char *code, const char *message,
    const char *hint, struct json_value *detail, int exit);
/* What is wrong, and below it what would be right (NULL or "": nothing). */
void refusal_show_sentences(FILE *out, const char *message, const char *right);
/* The details, the caller's to free; NULL when they are none or a sentence. */
struct json_value *refusal_detail(const struct pg_reply *reply);
/* The tables alone. */
void refusal_show_detail(FILE *out, const struct json_value *detail);

#endif
