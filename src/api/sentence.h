/*
 * sentence.h - the Danish of what the database says in English.
 *
 * Inside the room only. The database refuses in English sentences with names and
 * numbers in them; sentences.def has each with gaps, and its Danish.
 *
 * Ownership: what these give is the caller's to free.
 * Errors:    a sentence that no entry fits is NULL and no error.
 * Context:   pure. The work is bounded whatever the text: a text of more than
 *            API_SENTENCE_BYTES fits nothing, and words stand in words at most
 *            three deep.
 */
#ifndef KG_API_SENTENCE_H
#define KG_API_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

enum { API_SENTENCE_BYTES = 4000 };

struct api_sentence {
	bool		 is_word;	/* stands in a %w of another only */
	const char	*english, *danish;
};

extern const struct api_sentence api_sentences[];
extern const size_t api_sentences_count;

char *api_sentence_danish(const char *english);
/* The same by another catalogue. */
char *api_sentence_by(const struct api_sentence *list, size_t count,
    const char *english);

#endif
