/*
 * back.h - the way through signing in, or proving it once more, and back.
 *
 * Inside the room only. It stands in the query: `til`, the page that was wanted, and
 * what was typed there (no secret is). So it outlives any number of pages, and nothing
 * is kept for who does not come back.
 *
 * Ownership: texts that are given out are the caller's, to be freed.
 * Errors:    a page that is none of ours, or none to come back to, is /konto; text
 *            that is too long for an address is left out.
 */
#ifndef KG_WEB_BACK_H
#define KG_WEB_BACK_H

#include "web/visit.h"

/* What was typed, from the form or from the query; NULL: nothing. */
const char *back_typed(struct visit *visit, const char *name);
/* "?til=%2Fkonto%2Fadgangskode", to be handed on: begins with `mark`, or is empty. */
char *back_query(struct visit *visit, char mark);
/* The same of what was typed alone: "&navn=Sk%C3%A6rm". */
char *back_fields(struct visit *visit, char mark);
/* Where it leads: "/konto?navn=Sk%C3%A6rm". */
char *back_path(struct visit *visit);
/* 303 to the sign-in of whom the cookie was: it says why. Ends the visit. */
void back_sign_in(struct visit *visit);
/* Why one is here, by the query; NULL: of one's own will. */
view_words_fn *back_words(struct visit *visit);
/* Whether something that was typed comes along: the number of those words. */
bool back_has_typed(struct visit *visit);

#endif
