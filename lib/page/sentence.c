#include "page/sentence.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "page/moment.h"

enum { GAPS_MOST = 9, DEPTH_MOST = 3, WORDS_BYTES = 400, TRIES_MOST = 1000 };

struct catalogue {
	const struct page_sentence	*list;
	size_t				 count;
};

struct span {
	const char	*text;
	size_t		 length;
};

/* What stands in the gaps of an entry that fits. */
struct gaps {
	size_t		 count;
	int		 tries;		/* left: it is bounded, whatever the text */
	char		 kind[GAPS_MOST];	/* s, d, t or w */
	struct span	 span[GAPS_MOST];
	struct page_moment moment[GAPS_MOST];	/* of a t */
};

static bool words_danish(struct buf *out, const struct catalogue *catalogue,
    struct span text, int depth);

/* ---- whether an entry fits ---- */

static size_t
literal_length(const char *english)
{
	size_t length = 0;

	for (; *english != '\0'; english++) {
		if (*english == '%')
			english++;
		else
			length++;
	}
	return length;
}

/* Where `part` first stands in a text; its length: nowhere. */
static size_t
find(struct span text, const char *part, size_t length)
{
	size_t at;

	for (at = 0; at + length <= text.length; at++)
		if (memcmp(text.text + at, part, length) == 0)
			return at;
	return text.length;
}

static bool
is_number(struct span text)
{
	size_t i;

	for (i = 0; i < text.length; i++)
		if (strchr("0123456789-:. T", text.text[i]) == NULL)
			return false;
	return text.length > 0 && text.text[0] >= '0' && text.text[0] <= '9';
}

/* Whether this may stand in the next gap, of this kind. */
static bool
may_stand(struct gaps *gaps, char kind, struct span gap)
{
	if (kind == 't')
		return page_moment_parse(&gaps->moment[gaps->count], gap.text,
		    gap.length);
	return kind != 'd' || is_number(gap);
}

static struct span
after(struct span text, size_t length)
{
	return (struct span){ text.text + length, text.length - length };
}

/*
 * Whether a text fits from a gap on. The gap ends where the text behind it stands and
 * the rest fits: a title may hold what looks like the end of its gap.
 */
static bool
fits_from(struct gaps *gaps, const char *english, struct span rest)
{
	const char *behind = english + 2;
	struct span gap = { rest.text, 0 };
	size_t length;

	if (*english == '\0')
		return rest.length == 0;
	length = strcspn(behind, "%");
	if (gaps->count == GAPS_MOST || length > rest.length)
		return false;
	if (behind[length] == '\0')	/* the last one goes to the end */
		gap.length = rest.length - length;
	for (; gap.length + length <= rest.length; gap.length++) {
		if (memcmp(rest.text + gap.length, behind, length) != 0 ||
		    !may_stand(gaps, english[1], gap))
			continue;
		if (gaps->tries <= 0)
			return false;
		gaps->tries--;
		gaps->kind[gaps->count] = english[1];
		gaps->span[gaps->count++] = gap;
		if (fits_from(gaps, behind + length,
		    after(rest, gap.length + length)))
			return true;
		gaps->count--;
	}
	return false;
}

static bool
fits(struct gaps *gaps, const char *english, struct span rest)
{
	size_t length = strcspn(english, "%");

	gaps->count = 0;
	gaps->tries = TRIES_MOST;
	return length <= rest.length &&
	    memcmp(rest.text, english, length) == 0 &&
	    fits_from(gaps, english + length, after(rest, length));
}

/* ---- filling it in ---- */

/* A moment right behind another one may be of the same day. */
static void
moment_add(struct buf *out, const struct gaps *gaps, size_t gap,
    bool in_danish)
{
	const struct page_moment *since = gap > 0 &&
	    gaps->kind[gap - 1] == 't' ? &gaps->moment[gap - 1] : NULL;

	page_moment_add(out, &gaps->moment[gap], since, in_danish);
}

static bool
fill(struct buf *out, const struct catalogue *catalogue, const char *danish,
    const struct gaps *gaps, int depth)
{
	size_t length, gap;

	for (; *danish != '\0'; danish += 2) {
		length = strcspn(danish, "%");
		buf_add(out, danish, length);
		danish += length;
		if (*danish == '\0')
			break;
		gap = (size_t)(danish[1] - '1');
		if (gap >= gaps->count)
			return false;
		if (gaps->kind[gap] == 't')
			moment_add(out, gaps, gap, true);
		else if (gaps->kind[gap] != 'w')
			buf_add(out, gaps->span[gap].text,
			    gaps->span[gap].length);
		else if (!words_danish(out, catalogue, gaps->span[gap],
		    depth + 1))
			return false;
	}
	return true;
}

static void
begin_large(char *text)
{
	unsigned char *letter = (unsigned char *)text;

	if (*letter >= 'a' && *letter <= 'z')
		*letter -= 'a' - 'A';
	/* U+00E0 to U+00FE, of which Danish has three */
	else if (letter[0] == 0xc3 && letter[1] >= 0xa0 && letter[1] <= 0xbe)
		letter[1] -= 0x20;
}

/* Words and weekdays are in small letters, and a sentence may begin with one. */
static bool
begins_small(const char *danish, const struct gaps *gaps)
{
	return danish[0] == '%' &&
	    strchr("tw", gaps->kind[danish[1] - '1']) != NULL;
}

/* Adds the Danish by the entry that fits with the longest text. False: none does. */
static bool
danish_of(struct buf *out, const struct catalogue *catalogue, bool is_word,
    struct span text, int depth)
{
	const struct page_sentence *entry = catalogue->list;
	struct buf best = BUF_INIT, now = BUF_INIT;
	size_t most = 0, length;
	struct gaps gaps;

	for (; entry < catalogue->list + catalogue->count; entry++) {
		length = literal_length(entry->english);
		if (entry->is_word != is_word || length <= most ||
		    !fits(&gaps, entry->english, text))
			continue;
		buf_reset(&now);
		if (!fill(&now, catalogue, entry->danish, &gaps, depth))
			continue;
		if (!is_word && begins_small(entry->danish, &gaps))
			begin_large(now.data);
		buf_reset(&best);
		buf_add(&best, now.data, now.length);
		most = length;
	}
	buf_add(out, best.data, best.length);
	buf_clear(&best);
	buf_clear(&now);
	return most > 0;
}

/* One, or a list by commas. */
static bool
words_danish(struct buf *out, const struct catalogue *catalogue,
    struct span text, int depth)
{
	struct span one;
	size_t length;

	if (depth > DEPTH_MOST || text.length > WORDS_BYTES)
		return false;
	for (;;) {
		length = find(text, ", ", 2);
		one = (struct span){ text.text, length };
		if (!danish_of(out, catalogue, true, one, depth))
			return false;
		if (length == text.length)
			return true;
		buf_adds(out, ", ");
		text = after(text, length + 2);
	}
}

/* ---- the same in English ---- */

/* The entry that fits with the longest text; NULL: none does. */
static const struct page_sentence *
entry_of(struct gaps *gaps, const struct catalogue *catalogue,
    struct span text)
{
	const struct page_sentence *entry = catalogue->list, *best = NULL;
	size_t most = 0, length;

	for (; entry < catalogue->list + catalogue->count; entry++) {
		length = literal_length(entry->english);
		if (entry->is_word || length <= most ||
		    !fits(gaps, entry->english, text))
			continue;
		best = entry;
		most = length;
	}
	if (best != NULL)
		(void)fits(gaps, best->english, text);
	return best;
}

char *
page_sentence_english(const struct page_sentence *list, size_t count,
    const char *english)
{
	const struct catalogue catalogue = { list, count };
	const struct span text = { english, strlen(english) };
	struct buf out = BUF_INIT;
	struct gaps gaps;
	const char *from = english;
	size_t i;

	if (text.length > PAGE_SENTENCE_BYTES ||
	    entry_of(&gaps, &catalogue, text) == NULL)
		return xstrdup(english);
	for (i = 0; i < gaps.count; i++) {
		if (gaps.kind[i] != 't')
			continue;
		buf_add(&out, from, (size_t)(gaps.span[i].text - from));
		moment_add(&out, &gaps, i, false);
		from = gaps.span[i].text + gaps.span[i].length;
	}
	buf_adds(&out, from);
	return buf_take(&out);
}

/* ---- all of it ---- */

char *
page_sentence_danish(const struct page_sentence *list, size_t count,
    const char *english)
{
	const struct catalogue catalogue = { list, count };
	const struct span text = { english, strlen(english) };
	struct buf out = BUF_INIT;

	if (text.length > PAGE_SENTENCE_BYTES ||
	    !danish_of(&out, &catalogue, false, text, 0)) {
		buf_clear(&out);
		return NULL;
	}
	return buf_take(&out);
}
