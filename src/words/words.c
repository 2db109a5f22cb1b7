#include "words/words.h"

#include "base/mem.h"

const struct page_sentence words_sentences[] = {
#define WORDS_SENTENCE(english, danish) { false, english, danish },
#define WORDS_WORD(english, danish) { true, english, danish },
#define WORDS_VALUE(english, danish) { true, english, danish },
#include "words/sentences.def"
};
const size_t words_sentences_count = ARRAY_LEN(words_sentences);

char *
words_told(bool in_danish, const char *english)
{
	if (english == NULL || *english == '\0')
		return NULL;
	return in_danish ? page_sentence_danish(words_sentences,
	    words_sentences_count, english) :
	    page_sentence_english(words_sentences, words_sentences_count,
	    english);
}
