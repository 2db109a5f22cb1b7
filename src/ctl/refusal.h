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
/* {"error": {"code", "message", "hint", "detail"}} for scripts. */
struct json_value *refusal_json(const struct pg_reply *reply,
    const char *right);
/* The tables alone. */
void refusal_show_detail(FILE *out, const struct json_value *detail);

#endif
