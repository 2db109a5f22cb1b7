#include "feed/key.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "secret/secret.h"

enum {
	SLUG_MOST = 60, CODE_MOST = 8, RUN_NO_MOST = 20,
	/* Base64url of 128 bits has 22 letters, base32 has 26. */
	TOKEN_LEAST = 22, TOKEN_MOST = 64,
};

static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
static const char base64url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static const char token_file[] = "kalender.ics";

static bool slug_take(char *arg, const char *name, size_t length);
static bool code_take(char *arg, const char *name, size_t length);
static bool run_take(char *arg, const char *name, size_t length);
static bool room_take(char *arg, const char *name, size_t length);

static const struct form {
	const char	*prefix;
	const char	*kind;
	bool		 (*take)(char *arg, const char *name, size_t length);
} forms[] = {
	{ "/f/saeson/", "saeson", slug_take },
	{ "/f/seminar/", "seminar", slug_take },
	{ "/f/kontor/", "kontor", code_take },
	{ "/f/hold/", "hold", run_take },
	{ "/f/lokale/", "lokale", room_take },
	{ "/s/", "hold", run_take },
};

/* Words of these letters, joined by single hyphens. */
static bool
words_take(char *arg, const char *name, size_t length, const char *letters,
    size_t most)
{
	if (length == 0 || length > most)
		return false;
	memcpy(arg, name, length);
	arg[length] = '\0';
	return strspn(arg, letters) == length && arg[0] != '-' &&
	    arg[length - 1] != '-' && strstr(arg, "--") == NULL;
}

static bool
slug_take(char *arg, const char *name, size_t length)
{
	return words_take(arg, name, length, lower, SLUG_MOST);
}

/* Codes and run numbers are capitals in the database, either case in addresses. */
static bool
capitals_take(char *arg, const char *name, size_t length, size_t most)
{
	char raised[FEED_KEY_ARG_SIZE];
	size_t i;

	if (length > most)
		return false;
	for (i = 0; i < length; i++)
		raised[i] = name[i] >= 'a' && name[i] <= 'z' ?
		    (char)(name[i] - 'a' + 'A') : name[i];
	return words_take(arg, raised, length, upper, most);
}

static bool
code_take(char *arg, const char *name, size_t length)
{
	return capitals_take(arg, name, length, CODE_MOST);
}

static bool
run_take(char *arg, const char *name, size_t length)
{
	return capitals_take(arg, name, length, RUN_NO_MOST);
}

static bool
room_take(char *arg, const char *name, size_t length)
{
	int64_t id;

	if (length == 0 || length > 10 || name[0] == '0')
		return false;
	memcpy(arg, name, length);
	arg[length] = '\0';
	return strspn(arg, "0123456789") == length &&
	    text_int(&id, arg, 1, INT32_MAX) == 0;
}

static bool
public_parse(struct feed_key *out, const char *path, size_t stem)
{
	size_t i, prefix;

	if (strcmp(path, "/f/alle.ics") == 0) {
		out->kind = "alle";
		out->arg[0] = '\0';
		snprintf(out->file, sizeof(out->file), "alle.ics");
		return true;
	}
	for (i = 0; i < ARRAY_LEN(forms); i++) {
		prefix = strlen(forms[i].prefix);
		if (!text_starts(path, forms[i].prefix) || stem < prefix)
			continue;
		if (!forms[i].take(out->arg, path + prefix, stem - prefix))
			return false;
		out->kind = forms[i].kind;
		snprintf(out->file, sizeof(out->file), "%s%s.ics",
		    forms[i].take == room_take ? "lokale-" : "", out->arg);
		return true;
	}
	return false;
}

/* The hash of a whole path is the hash of no token: no token has a slash. */
static void
token_parse(struct feed_key *out, const char *path, size_t stem)
{
	size_t prefix = strlen("/f/");

	if (text_starts(path, "/f/") && stem >= prefix + TOKEN_LEAST &&
	    stem <= prefix + TOKEN_MOST &&
	    strspn(path + prefix, base64url) == stem - prefix)
		secret_sha256_hex(out->arg, path + prefix, stem - prefix);
	else
		secret_sha256_hex(out->arg, path, strlen(path));
	out->kind = "token";
	memcpy(out->file, token_file, sizeof(token_file));
}

void
feed_key_parse(struct feed_key *out, const char *path)
{
	size_t length = strlen(path);
	size_t stem = text_ends(path, ".ics") ? length - strlen(".ics") : 0;

	out->is_public = stem > 0 && public_parse(out, path, stem);
	if (!out->is_public)
		token_parse(out, path, stem);
	length = strlen(out->kind);
	memcpy(out->text, out->kind, length);
	out->text[length] = '/';
	memcpy(out->text + length + 1, out->arg, strlen(out->arg) + 1);
}
