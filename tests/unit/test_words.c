/* Unit tests of src/words and lib/page/sentence: what the database says, in Danish. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "words/words.h"

static const struct page_sentence few[] = {
	{ false, "there is no %s", "%1 findes ikke" },
	{ false, "there is no room %s", "der er intet lokale %1" },
	{ false, "there is no day %d", "dagen %1 findes ikke" },
	{ false, "%w is missing", "%1 mangler" },
	{ false, "%w is at %s, not %s", "%3 er det ikke: %1 er %2" },
	{ false, "the kind \"%s\" of %s", "%2: \"%1\"" },
	{ false, "%t is gone", "%1 er v\xc3\xa6k" },
	{ false, "%s from %t to %t", "%1 fra %2 til %3" },
	{ false, "it has: %w", "der er: %1" },
	{ false, "it has: %s", "der findes: %1" },
	{ true, "the name", "navnet" },
	{ true, "the year", "\xc3\xa5ret" },
	{ true, "session %s of %w", "gang %1 i %2" },
	{ true, "run %s", "forl\xc3\xb8" "b %1" },
	{ true, "the %w", "den %1" },
};

static void
says(const char *english, const char *danish)
{
	char *found = page_sentence_danish(few, ARRAY_LEN(few), english);

	if (danish == NULL) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, danish);
	free(found);
}

static void
test_gaps_keep_what_stands_in_them(void **state)
{
	(void)state;
	says("there is no room 17", "der er intet lokale 17");
	says("there is no room %s of Sams\xc3\xb8",
	    "der er intet lokale %s of Sams\xc3\xb8");
	says("there is no room ", "der er intet lokale ");
	says("the kind \"the name\" of the year", "the year: \"the name\"");
	says("the kind \"\" of x", "x: \"\"");
}

static void
test_a_gap_may_hold_what_stands_behind_it(void **state)
{
	char *many = xcalloc(1, 4000);
	int i;

	(void)state;
	says("M\xc3\xb8" "de from A to Z from 2027-01-21 to 2027-01-22",
	    "M\xc3\xb8" "de from A to Z fra torsdag den 21. januar 2027 til "
	    "fredag den 22. januar 2027");
	says("the kind \"a\" of b\" of c", "b\" of c: \"a\"");
	/* and is not looked for without end */
	for (i = 0; i < 300; i++)
		strcat(many, " from 2:00 to");
	says(many, NULL);
	free(many);
}

static void
test_the_longest_text_wins(void **state)
{
	(void)state;
	says("there is no unicorn", "unicorn findes ikke");
	says("there is no day 2027-02-30", "dagen 2027-02-30 findes ikke");
	says("there is no day like this", "day like this findes ikke");
	says("there is no day ", "day  findes ikke");
}

static void
test_words_are_put_into_danish_or_nothing_is(void **state)
{
	(void)state;
	says("the name is missing", "Navnet mangler");
	says("the year is missing", "\xc3\x85ret mangler");
	says("session 3 of run K-1 is at 4, not 5",
	    "5 er det ikke: gang 3 i forl\xc3\xb8" "b K-1 er 4");
	says("the unicorn is missing", NULL);
	says(" is missing", NULL);
	says("it has: the name, the year", "der er: navnet, \xc3\xa5ret");
	says("it has: 1, 2", "der findes: 1, 2");
	says("it has: the name, 2", "der findes: the name, 2");
}

static void
test_times_are_said_as_people_read_them(void **state)
{
	(void)state;
	says("2027-01-21 is gone", "Torsdag den 21. januar 2027 er v\xc3\xa6k");
	says("2027-02-29 is gone", NULL);
	says("x from 2027-01-21T09:00 to 2027-01-21T12:00",
	    "x fra torsdag den 21. januar 2027 kl. 9.00 til 12.00");
	says("x from 2027-01-21 09:00 to 2027-01-22 12:00",
	    "x fra torsdag den 21. januar 2027 kl. 9.00 til fredag den 22. "
	    "januar 2027 kl. 12.00");
	/* what was sent is kept */
	says("2027-01-21 from 02:30 to 03:00", "2027-01-21 fra 2.30 til 3.00");
	says("there is no day 2027-01-21", "dagen 2027-01-21 findes ikke");
}

static void
says_english(const char *english, const char *wanted)
{
	char *found = page_sentence_english(few, ARRAY_LEN(few), english);

	assert_string_equal(found, wanted);
	free(found);
}

static void
test_english_has_its_times_put_right_and_nothing_else(void **state)
{
	(void)state;
	says_english("x from 2027-01-21T09:00 to 2027-01-21T12:00",
	    "x from Thursday 21 January 2027 at 9:00 to 12:00");
	says_english("2027-01-21 is gone", "Thursday 21 January 2027 is gone");
	says_english("2027-01-21 from 02:30 to 03:00",
	    "2027-01-21 from 2:30 to 3:00");
	says_english("there is no day 2027-01-21", "there is no day 2027-01-21");
	says_english("no such sentence, 2027-01-21",
	    "no such sentence, 2027-01-21");
	says_english("the name is missing", "the name is missing");
	says_english("", "");
}

static void
test_what_no_entry_fits_is_nothing(void **state)
{
	(void)state;
	says("", NULL);
	says("there is no", NULL);
	says("the name", NULL);
	says("no, there is no room 17", NULL);
	says("the name is missing here", NULL);
	says("the kind \"a of b", NULL);
}

static void
test_the_work_is_bounded(void **state)
{
	char *deep = xmalloc(PAGE_SENTENCE_BYTES + 64);
	size_t i, length = 0;

	(void)state;
	/* words in words in words in words */
	says("the the the name is missing", "Den den navnet mangler");
	says("the the the the name is missing", NULL);
	for (i = 0; i < 200; i++, length += 4)
		strcpy(deep + length, "the ");
	strcpy(deep + length, "name is missing");
	says(deep, NULL);
	/* the most that is looked at, and one more */
	strcpy(deep, "there is no room ");
	length = strlen(deep);
	memset(deep + length, '"', PAGE_SENTENCE_BYTES - length);
	deep[PAGE_SENTENCE_BYTES] = '\0';
	free(page_sentence_danish(few, ARRAY_LEN(few), deep));
	assert_non_null(strstr(deep, "\""));
	deep[PAGE_SENTENCE_BYTES] = '"';
	deep[PAGE_SENTENCE_BYTES + 1] = '\0';
	says(deep, NULL);
	free(deep);
}

/* ---- the catalogue ---- */

static size_t
gaps_of(const char *english)
{
	size_t count = 0;

	for (; (english = strchr(english, '%')) != NULL; english += 2) {
		assert_non_null(strchr("sdtw", english[1]));
		/* two gaps have something between them */
		assert_int_not_equal(english[2], '%');
		count++;
	}
	assert_in_range(count, 0, 9);
	return count;
}

static void
test_every_entry_is_well_formed(void **state)
{
	const struct page_sentence *entry = words_sentences;
	const char *at;
	size_t count, length;

	(void)state;
	for (; entry < words_sentences + words_sentences_count; entry++) {
		count = gaps_of(entry->english);
		for (at = entry->danish; (at = strchr(at, '%')) != NULL;
		    at += 2)
			assert_in_range(at[1], '1', '0' + (int)count);
		length = strlen(entry->danish);
		assert_true(text_utf8_ok(entry->danish, length));
		assert_string_not_equal(entry->english, entry->danish);
		if (entry->is_word) {
			assert_int_not_equal(entry->danish[length - 1], '.');
			continue;
		}
		/* a sentence, as others of the document */
		assert_int_equal(entry->danish[length - 1], '.');
		assert_false(islower((unsigned char)*entry->danish));
	}
}

/* The entry with "7", an hour or a word in each gap. */
static char *
filled(const struct page_sentence *entry, bool in_danish)
{
	const char *at = in_danish ? entry->danish : entry->english, *gap;
	struct buf out = BUF_INIT;
	int i;

	for (; *at != '\0'; at++) {
		if (*at != '%') {
			buf_addc(&out, *at);
			continue;
		}
		/* the gap of the English that this one is */
		gap = in_danish ? strchr(entry->english, '%') : at;
		for (i = '1'; in_danish && i < at[1]; i++)
			gap = strchr(gap + 1, '%');
		at++;
		if (gap[1] == 't')
			buf_adds(&out, in_danish ? "9.05" : "09:05");
		else if (gap[1] != 'w')
			buf_adds(&out, "7");
		else if (!in_danish)
			buf_adds(&out, "the name");
		else
			buf_adds(&out, out.length == 0 ? "Navnet" : "navnet");
	}
	return buf_take(&out);
}

/* None is hidden by another one. */
static void
test_every_sentence_is_found(void **state)
{
	const struct page_sentence *entry = words_sentences;
	char *english, *danish, *found;

	(void)state;
	for (; entry < words_sentences + words_sentences_count; entry++) {
		if (entry->is_word)
			continue;
		english = filled(entry, false);
		danish = filled(entry, true);
		found = words_told(true, english);
		assert_non_null(found);
		assert_string_equal(found, danish);
		free(found);
		free(danish);
		free(english);
	}
}

static void
test_the_database_is_understood(void **state)
{
	static const char *const cases[][2] = {
		{ "there is no room 17", "Der er ikke noget lokale 17." },
		{ "there is no 2027-02-30", "Datoen 2027-02-30 findes ikke." },
		{ "a coordinator has an office",
		    "En koordinator h\xc3\xb8rer til et kontor." },
		{ "session 2 of run KAT30-07 is at version 5, not 4",
		    "M\xc3\xb8" "degang 2 i forl\xc3\xb8" "bet KAT30-07 er nu i "
		    "version 5, ikke 4." },
		{ "the role cannot be \"the name\"",
		    "Rollen kan ikke v\xc3\xa6re \"the name\"." },
		{ "booking 5 is cancelled", "Booking 5 er aflyst." },
		{ "in horseshoe it holds 18",
		    "Der er plads til 18 med opstillingen hestesko." },
		{ "there is no unicorn 17", NULL },
	};
	char *found;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		found = words_told(true, cases[i][0]);
		if (cases[i][1] == NULL)
			assert_null(found);
		else
			assert_string_equal(found, cases[i][1]);
		free(found);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gaps_keep_what_stands_in_them),
		cmocka_unit_test(test_a_gap_may_hold_what_stands_behind_it),
		cmocka_unit_test(test_the_longest_text_wins),
		cmocka_unit_test(test_words_are_put_into_danish_or_nothing_is),
		cmocka_unit_test(test_times_are_said_as_people_read_them),
		cmocka_unit_test(
		    test_english_has_its_times_put_right_and_nothing_else),
		cmocka_unit_test(test_what_no_entry_fits_is_nothing),
		cmocka_unit_test(test_the_work_is_bounded),
		cmocka_unit_test(test_every_entry_is_well_formed),
		cmocka_unit_test(test_every_sentence_is_found),
		cmocka_unit_test(test_the_database_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
