/*
 * problem.h - refusals as problem documents (RFC 9457), in Danish and English.
 *
 * Inside the room only. All of them stand in problems.def and reasons.def.
 *
 * Ownership: texts are constant, but for what api_problem_document() and
 *            api_reason_told() make.
 */
#ifndef KG_API_PROBLEM_H
#define KG_API_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "json/value.h"

enum api_problem {
#define API_PROBLEM(id, status, name, title, title_da, detail, detail_da) \
	API_PROBLEM_##id,
#include "api/problems.def"
	API_PROBLEMS
};

enum api_fault {
#define API_FAULT(id, code, text, text_da) API_FAULT_##id,
#include "api/problems.def"
	API_FAULTS
};

struct api_problem_text {
	int		 status;
	const char	*name;
	const char	*title[2], *detail[2];	/* English, Danish */
};

const struct api_problem_text *api_problem_text(enum api_problem problem);
/* Its address; the caller frees it. */
char *api_problem_type(const char *base_url, enum api_problem problem);
/* By its name; API_PROBLEMS: there is none. */
enum api_problem api_problem_named(const char *name);
/* By all five letters of an SQLSTATE, or by its class; else API_PROBLEM_FAULT. */
enum api_problem api_problem_of_state(const char *sqlstate);

struct api_problem_wish {
	enum api_problem	 problem;
	bool			 in_danish;
	const char		*base_url;
	const char		*instance;	/* NULL: not known */
	/* From the database, English; NULL or "": none. */
	const char		*message, *hint;
	/* Its members join the document; taken over. NULL: none. */
	struct json_value	*details;
};

/*
 * Why a request cannot be read, by reasons.def; the caller frees it. There is Danish of
 * all that is said here; what it does not know stays as it is.
 */
char *api_reason_told(bool in_danish, const char *english);

/* The whole document; the caller frees it. */
char *api_problem_document(const struct api_problem_wish *wish);

/* Adds what is wrong with one value to a list; `fill` fills the sentence's {}. */
void api_fault_add(struct json_value *list, bool in_danish,
    enum api_fault fault, const char *where, const char *name,
    const char *const fill[2]);

#endif
