/*
 * suggest.h - which known word somebody meant who mistyped it.
 *
 * Ownership: words are the caller's.
 */
#ifndef KG_CTL_SUGGEST_H
#define KG_CTL_SUGGEST_H

#include <stddef.h>

struct suggest {
	const char	*word;		/* as it was typed */
	const char	*best;		/* NULL: nothing known is near */
	size_t		 distance;	/* of the best */
};

/* Keeps the known word when it is near, and nearer than the best until now. */
void suggest_try(struct suggest *suggest, const char *known);

#endif
