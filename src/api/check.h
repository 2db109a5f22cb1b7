/*
 * check.h - whether values have the form that the table asks for.
 *
 * Inside the room only. All that is wrong is gathered, so that a client hears of it
 * at once.
 *
 * Ownership: the caller's storage; api_faults_clear() frees what it holds.
 */
#ifndef KG_API_CHECK_H
#define KG_API_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "api/problem.h"
#include "api/route.h"
#include "json/value.h"

struct api_faults {
	bool			 in_danish;
	struct json_value	*list;		/* NULL: nothing is wrong */
};

void api_faults_clear(struct api_faults *faults);

/* `name` is where in the body the value stands: "setups/0/capacity". */
void api_fault_note(struct api_faults *faults, enum api_fault fault,
    enum api_where where, const char *name, const char *const fill[2]);
/* Of a name that is not in the table, which is listed. */
void api_fault_unknown(struct api_faults *faults, enum api_where where,
    const char *name, const struct api_field *fields);

/* One value that is there. */
void api_check_value(struct api_faults *faults, const struct api_field *field,
    const char *name, const struct json_value *value);
/* A text of path or query as the value that its field's type makes of it. */
struct json_value *api_value_of_text(const struct api_field *field,
    const char *text);
/* All of an object's members: known, there if needed, and of the right form. */
void api_check_object(struct api_faults *faults,
    const struct api_field *fields, const char *prefix,
    const struct json_value *object);

#endif
