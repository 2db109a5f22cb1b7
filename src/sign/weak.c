#include "sign/weak.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* ---- one form ---- */

/* UnicodeData.txt, U+00C0 to U+017F: a mark, and each letter before and with it. */
static const struct accent {
	const char	*mark, *letters, *joined;
} accents[] = {
	{ "\xcc\x80", "AEIOUaeiou",
	    "ÀÈÌÒÙàèìòù" },
	{ "\xcc\x81", "AEIOUYaeiouyCcLlNnRrSsZz",
	    "ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹź" },
	{ "\xcc\x82", "AEIOUaeiouCcGgHhJjSsWwYy",
	    "ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷ" },
	{ "\xcc\x83", "ANOanoIiUu",
	    "ÃÑÕãñõĨĩŨũ" },
	{ "\xcc\x84", "AaEeIiOoUu",
	    "ĀāĒēĪīŌōŪū" },
	{ "\xcc\x86", "AaEeGgIiOoUu",
	    "ĂăĔĕĞğĬĭŎŏŬŭ" },
	{ "\xcc\x87", "CcEeGgIZz",
	    "ĊċĖėĠġİŻż" },
	{ "\xcc\x88", "AEIOUaeiouyY",
	    "ÄËÏÖÜäëïöüÿŸ" },
	{ "\xcc\x8a", "AaUu",
	    "ÅåŮů" },
	{ "\xcc\x8b", "OoUu",
	    "ŐőŰű" },
	{ "\xcc\x8c", "CcDdEeLlNnRrSsTtZz",
	    "ČčĎďĚěĽľŇňŘřŠšŤťŽž" },
	{ "\xcc\xa7", "CcGgKkLlNnRrSsTt",
	    "ÇçĢģĶķĻļŅņŖŗŞşŢţ" },
	{ "\xcc\xa8", "AaEeIiUu",
	    "ĄąĘęĮįŲų" },
};

enum { PAIR = 2 };		/* bytes of a mark, and of a letter with one */

/* The letter with the mark that follows it; NULL: there is none of both. */
static const char *
joined_find(const char *at)
{
	const char *letter;
	size_t i;

	for (i = 0; *at != '\0' && i < ARRAY_LEN(accents); i++) {
		letter = strchr(accents[i].letters, *at);
		if (letter != NULL && text_starts(at + 1, accents[i].mark))
			return accents[i].joined +
			    PAIR * (letter - accents[i].letters);
	}
	return NULL;
}

void
weak_compose(char *text)
{
	const char *joined;
	char *out = text;

	while (*text != '\0') {
		joined = joined_find(text);
		if (joined != NULL) {
			text += 1 + PAIR;
			memcpy(out, joined, PAIR);
			out += PAIR;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

/* Whether a mark stands on its own: U+0300 to U+036F. */
static bool
has_accent(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)text[0] == 0xcc ||
		    ((unsigned char)text[0] == 0xcd &&
		    (unsigned char)text[1] <= 0xaf))
			return true;
	return false;
}

/* ---- what is guessed ---- */

/* Of the lists of leaked passwords, and of this house; digits and signs may follow. */
static const char *const words[] = {
	"", "password", "passw0rd", "p@ssword", "p@ssw0rd", "passwordpassword",
	"adgangskode", "adgangskoden", "minadgangskode", "kodeord", "kodeordet",
	"hemmelig", "hemmeligt", "velkommen", "welcome", "letmein", "iloveyou",
	"jegelskerdig", "administrator", "admin", "changeme", "changemenow",
	"qwerty", "qwertyuiop", "qwertyuiop\xc3\xa5", "asdfghjkl",
	"asdfghjkl\xc3\xa6\xc3\xb8", "zxcvbnm", "qazwsxedc", "qazwsxedcrfv",
	"sommer", "vinter", "danmark", "k\xc3\xb8""benhavn", "kattegat",
	"politikerakademiet", "politiker", "football", "fodbold", "baseball",
	"superman", "sunshine", "princess", "starwars", "trustno", "dragon",
};

enum { PIECE_MOST = 4 };

/* One piece of few bytes again and again: "aaaaaaaaaaaa", "abcabcabcabc", blanks. */
static bool
repeats(const char *text)
{
	size_t length = strlen(text), piece;

	for (piece = 1; piece <= PIECE_MOST; piece++)
		if (length > piece &&
		    memcmp(text, text + piece, length - piece) == 0)
			return true;
	return false;
}

/* "123456789012", "abcdefghijkl", and down: each the next one; 0 follows on 9. */
static bool
counts(const char *text)
{
	int step = text[0] == '\0' ? 0 : text[1] - text[0], next;

	if (step != 1 && step != -1)
		return false;
	for (; text[1] != '\0'; text++) {
		next = *text + step;
		if (*text == '9' && step == 1)
			next = '0';
		if (*text == '0' && step == -1)
			next = '9';
		if (text[1] != next)
			return false;
	}
	return true;
}

static bool
is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* Digits and signs at the end hide no word. */
static size_t
word_length(const char *text)
{
	size_t length = strlen(text);

	while (length > 0 && strchr("0123456789 !?.,-_*#", text[length - 1]) !=
	    NULL)
		length--;
	return length;
}

static const char *
why_lower(const char *text, const char *mail)
{
	size_t length = word_length(text), i;

	if (mail != NULL && (strcmp(text, mail) == 0 ||
	    is_word(text, length, mail) ||
	    (length > 0 && length == strcspn(mail, "@") &&
	    memcmp(text, mail, length) == 0)))
		return "mail";
	if (repeats(text) || counts(text))
		return "guessed";
	for (i = 0; i < ARRAY_LEN(words); i++)
		if (is_word(text, length, words[i]))
			return "guessed";
	return NULL;
}

const char *
weak_why(const char *password, const char *mail)
{
	char *text, *login;
	const char *why;

	if (has_accent(password))
		return "accent";
	text = xstrdup(password);
	login = xstrdup_null(mail);
	text_lower_ascii(text);
	if (login != NULL)
		text_lower_ascii(login);
	why = why_lower(text, login);
	xforget(text);
	free(login);
	return why;
}
