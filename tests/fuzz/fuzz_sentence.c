/*
 * fuzz_sentence.c - libFuzzer target: sentences, told in Danish and in English.
 *
 * The first byte and the second name an entry of the catalogue, the lines behind
 * them stand in its gaps; a number beyond the catalogue takes the rest as it is.
 * What was valid UTF-8 stays so, and English is always told.
 * Run by tests/fuzz/run.
 *
 * fuzz: src/words/words.c lib/page/moment.c lib/page/sentence.c lib/base/buf.c
 * fuzz: lib/base/err.c lib/base/mem.c lib/base/text.c
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "words/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What no line is left for is an empty gap. */
static void
fill_in(struct buf *out, const char *english, const char *lines)
{
	size_t length;

	for (; *english != '\0'; english++) {
		if (*english != '%') {
			buf_addc(out, *english);
			continue;
		}
		english++;
		length = strcspn(lines, "\n");
		buf_add(out, lines, length);
		lines += length;
		if (*lines == '\n')
			lines++;
	}
}

static void
told(bool in_danish, const char *english, bool always)
{
	char *text = words_told(in_danish, english);

	if (text == NULL && always)
		abort();
	if (text != NULL && (*text == '\0' ||
	    (text_utf8_ok(english, strlen(english)) &&
	    !text_utf8_ok(text, strlen(text)))))
		abort();
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf lines = BUF_INIT, english = BUF_INIT;
	char *exact;
	size_t entry;

	if (size < 2)
		return 0;
	entry = (size_t)(data[0] * 256 + data[1]);
	buf_add(&lines, data + 2, size - 2);
	buf_addc(&lines, '\0');
	if (entry < words_sentences_count)
		fill_in(&english, words_sentences[entry].english, lines.data);
	else
		buf_adds(&english, lines.data);
	buf_addc(&english, '\0');
	/* a buf has room to spare, where reading on would not be seen */
	exact = xstrdup(english.data);
	told(true, exact, false);
	told(false, exact, *exact != '\0');
	free(exact);
	buf_clear(&english);
	buf_clear(&lines);
	return 0;
}
