/*
 * words.h - what the database refuses with, in the reader's language.
 *
 * The database refuses in English sentences; sentences.def has them all with their
 * Danish. The API and the pages say the same.
 *
 * Ownership: what this gives is the caller's to free.
 * Context:   pure.
 */
#ifndef KG_WORDS_WORDS_H
#define KG_WORDS_WORDS_H

#include "page/sentence.h"

/* NULL: it said nothing (NULL or ""), or there is no Danish of it. */
char *words_told(bool in_danish, const char *english);

/* All that sentences.def has; for tests. */
extern const struct page_sentence words_sentences[];
extern const size_t words_sentences_count;

#endif
