/*
 * sentence.h - the Danish of sentences that are written in English.
 *
 * A catalogue has each sentence with gaps for the names, numbers and times in it, and
 * its Danish; src/words/sentences.def says how an entry is written.
 *
 * Ownership: what this gives is the caller's to free.
 * Errors:    a sentence that no entry fits is NULL and no error.
 * Context:   pure. The work is bounded whatever the text: a text of more than
 *            PAGE_SENTENCE_BYTES fits nothing, and words stand in words at most
 *            three deep.
 */
#ifndef KG_PAGE_SENTENCE_H
#define KG_PAGE_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

enum { PAGE_SENTENCE_BYTES = 4000 };

struct page_sentence {
	bool		 is_word;	/* stands in a %w of another only */
	const char	*english, *danish;
};

char *page_sentence_danish(const struct page_sentence *list, size_t count,
    const char *english);
/* In English too, times are put as people read them; what fits nothing is kept. */
char *page_sentence_english(const struct page_sentence *list, size_t count,
    const char *english);

#endif
