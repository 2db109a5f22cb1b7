/*
 * sql2c.c - build step: SQL files become C constants.
 *
 *	sql2c queries OUT.c OUT.h GUARD FILE...
 *	sql2c scripts OUT.c OUT.h FILE...
 *
 * queries: each FILE, .../ROOM/NAME.sql, holds one statement under a head
 * comment and becomes `const struct pg_statement query_ROOM_NAME`. The head is
 * left out, so the server's log shows the statement at once.
 *
 * scripts: .../init.sql, .../schema/NAME.sql and .../functions/NAME.sql become
 * rows of script_init[], script_schema[] and script_functions[], byte for byte
 * and sorted by name, so a checksum of the text is one of the file.
 *
 * Errors:    "FILE:LINE: what is wrong; what would be right" and exit 1; then no
 *            file is written.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "gen/file.h"

enum { PARAMS_MOST = 64 };

/* One file, from its reading to its row in OUT.c. */
struct source {
	const char	*path;
	char		*folder;	/* the last one of path */
	char		*name;		/* without .sql */
	struct buf	 bytes;
	size_t		 from, to;	/* the statement in it (queries) */
	int		 nparams;
	bool		 param_seen[PARAMS_MOST + 1];
};

struct making {
	struct source	*sources;
	int		 count;
	struct buf	 code, head;
	struct err	 err;
};

static int
line_of(const struct source *source, const char *at)
{
	const char *p;
	int line = 1;

	for (p = source->bytes.data; p < at; p++)
		line += *p == '\n';
	return line;
}

static int fail(struct err *err, const struct source *source, const char *at,
    const char *fmt, ...) printf_like(4, 5);

/* Always -1, with the place before the words. */
static int
fail(struct err *err, const struct source *source, const char *at,
    const char *fmt, ...)
{
	va_list args;
	char *words;

	va_start(args, fmt);
	words = xvasprintf(fmt, args);
	va_end(args);
	err_set(err, "%s:%d: %s", source->path, line_of(source, at), words);
	free(words);
	return -1;
}

/* ---- reading SQL ---- */

/* The end of the comment at p; p itself when none begins there. */
static const char *
comment_skip(const char *p)
{
	int depth = 0;

	if (text_starts(p, "--"))
		return p + strcspn(p, "\n");
	if (!text_starts(p, "/*"))
		return p;
	do {
		if (text_starts(p, "/*")) {
			depth++;
			p += 2;
		} else if (text_starts(p, "*/")) {
			depth--;
			p += 2;
		} else if (*p == '\0') {
			return NULL;
		} else {
			p++;
		}
	} while (depth > 0);
	return p;
}

/* NULL when a comment does not end. */
static const char *
blank_skip(const char *p)
{
	const char *next;

	for (;;) {
		p += strspn(p, " \t\r\n");
		next = comment_skip(p);
		if (next == NULL || next == p)
			return next;
		p = next;
	}
}

/* The end of a '...' or "..."; a doubled quote is read as two of them. */
static const char *
quote_skip(const char *p, bool backslash)
{
	char quote = *p++;

	for (; *p != quote; p++) {
		if (*p == '\\' && backslash)
			p++;
		if (*p == '\0')
			return NULL;
	}
	return p + 1;
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The end of the $tag$...$tag$ at p; p when none begins there. */
static const char *
dollar_skip(const char *p)
{
	const char *end = p + 1, *found;
	char *tag;

	while (is_word(*end))
		end++;
	if (*end != '$' || isdigit((unsigned char)p[1]))
		return p;
	tag = xstrndup(p, (size_t)(end + 1 - p));
	found = strstr(end + 1, tag);
	if (found != NULL)
		found += strlen(tag);
	free(tag);
	return found;
}

static int
param_note(struct source *source, const char *at, struct err *err)
{
	long number = strtol(at + 1, NULL, 10);

	if (number < 1 || number > PARAMS_MOST)
		return fail(err, source, at, "parameter $%ld; use $1 to $%d",
		    number, PARAMS_MOST);
	source->param_seen[number] = true;
	if (number > source->nparams)
		source->nparams = (int)number;
	return 0;
}

/*
 * The end of the piece at p: a word, a constant, a comment or a byte. NULL when
 * it does not end.
 */
static const char *
piece_skip(const char *p)
{
	const char *next;

	if ((*p == 'e' || *p == 'E') && p[1] == '\'')
		return quote_skip(p + 1, true);
	if (*p == '\'' || *p == '"')
		return quote_skip(p, false);
	if (*p == '$' && (next = dollar_skip(p)) != p)
		return next;
	if (is_word(*p)) {
		while (is_word(*p) || *p == '$')
			p++;
		return p;
	}
	next = comment_skip(p);
	return next == p ? p + 1 : next;
}

/* Finds the one statement and its parameters. */
static int
statement_find(struct source *source, struct err *err)
{
	const char *start = source->bytes.data, *p, *next, *end;
	int i;

	p = start + strspn(start, " \t\r\n");
	if (comment_skip(p) == p)
		return fail(err, source, p, "no head comment; say first what "
		    "the statement answers, its parameters and its columns");
	if ((p = blank_skip(p)) == NULL || *p == '\0')
		return fail(err, source, start, "no statement under the head; "
		    "write one");
	source->from = (size_t)(p - start);
	for (end = p; *p != '\0' && *p != ';'; p = next) {
		if (*p == '$' && isdigit((unsigned char)p[1]) &&
		    param_note(source, p, err) != 0)
			return -1;
		if ((next = piece_skip(p)) == NULL)
			return fail(err, source, p, "a quote or comment that "
			    "begins here does not end; close it");
		if (strchr(" \t\r\n", *p) == NULL && comment_skip(p) == p)
			end = next;
	}
	source->to = (size_t)(end - start);
	if (*p == ';' && ((next = blank_skip(p + 1)) == NULL || *next != '\0'))
		return fail(err, source, next == NULL ? p : next, "more than "
		    "one statement; put each into a file of its own");
	for (i = 1; i <= source->nparams; i++)
		if (!source->param_seen[i])
			return fail(err, source, start + source->from,
			    "$%d is used but not $%d; number them without a "
			    "gap", source->nparams, i);
	return 0;
}

/* ---- writing C ---- */

/*
 * The text as a C string. Octal takes at most three digits, so the next byte
 * cannot run into it; '?' is escaped because of trigraphs.
 */
static void
literal_make(struct buf *code, const char *text, size_t length)
{
	size_t i;

	buf_adds(code, "\n\t    \"");
	for (i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\n' && i + 1 < length)
			buf_adds(code, "\\n\"\n\t    \"");
		else if (c == '\n')
			buf_adds(code, "\\n");
		else if (c == '"' || c == '\\' || c == '?')
			buf_addf(code, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			buf_addf(code, "\\%03o", c);
		else
			buf_addc(code, (char)c);
	}
	buf_addc(code, '"');
}

static const char *
file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static int
queries_make(struct making *making, const char *guard)
{
	int i;

	buf_addf(&making->head, "#ifndef %s\n#define %s\n\n#include \"pg/pg.h\""
	    "\n\n", guard, guard);
	for (i = 0; i < making->count; i++) {
		struct source *source = &making->sources[i];

		if (i > 0 && strcmp(source->name, source[-1].name) == 0 &&
		    strcmp(source->folder, source[-1].folder) == 0)
			return fail(&making->err, source, source->bytes.data,
			    "given twice; name each file once");
		if (statement_find(source, &making->err) != 0)
			return -1;
		buf_addf(&making->head, "extern const struct pg_statement "
		    "query_%s_%s;\n", source->folder, source->name);
		buf_addf(&making->code, "\nconst struct pg_statement "
		    "query_%s_%s = {\n\t.name = \"query_%s_%s\",\n"
		    "\t.nparams = %d,\n\t.sql =", source->folder, source->name,
		    source->folder, source->name, source->nparams);
		literal_make(&making->code, source->bytes.data + source->from,
		    source->to - source->from);
		buf_adds(&making->code, ",\n};\n");
	}
	buf_adds(&making->head, "\n#endif\n");
	return 0;
}

enum { SCRIPT_GROUPS = 3 };

static const struct script_group {
	const char	*array;
	const char	*folder;	/* NULL: the file of that name */
	const char	*file;
} script_groups[SCRIPT_GROUPS] = {
	{ "script_init", NULL, "init" },
	{ "script_schema", "schema", NULL },
	{ "script_functions", "functions", NULL },
};

static const struct script_group *
script_group(const struct source *source)
{
	const struct script_group *group;
	int i;

	for (i = 0; i < SCRIPT_GROUPS; i++) {
		group = &script_groups[i];
		if (group->folder != NULL ?
		    strcmp(group->folder, source->folder) == 0 :
		    strcmp(group->file, source->name) == 0)
			return group;
	}
	return NULL;
}

static void
script_group_make(struct making *making, const struct script_group *group)
{
	int i;

	buf_addf(&making->head, "extern const struct sql_script %s[];\n",
	    group->array);
	buf_addf(&making->code, "\nconst struct sql_script %s[] = {\n",
	    group->array);
	for (i = 0; i < making->count; i++) {
		const struct source *source = &making->sources[i];

		if (script_group(source) != group)
			continue;
		buf_addf(&making->code, "\t{ \"%s\",", source->name);
		literal_make(&making->code, source->bytes.data,
		    source->bytes.length);
		buf_adds(&making->code, " },\n");
	}
	buf_adds(&making->code, "\t{ NULL, NULL },\n};\n");
}

static int
scripts_make(struct making *making, const char *guard)
{
	int i;

	for (i = 0; i < making->count; i++)
		if (script_group(&making->sources[i]) == NULL)
			return fail(&making->err, &making->sources[i],
			    making->sources[i].bytes.data, "in no known "
			    "place; put it into schema/ or functions/, or "
			    "call it init.sql");
	buf_addf(&making->head, "#ifndef %s\n#define %s\n\n"
	    "#include <stddef.h>\n\n"
	    "/* Each array ends with a name of NULL; sorted by name. */\n"
	    "struct sql_script {\n\tconst char\t*name;\t\t/* of the file, "
	    "without .sql */\n\tconst char\t*sql;\n};\n\n", guard, guard);
	for (i = 0; i < SCRIPT_GROUPS; i++)
		script_group_make(making, &script_groups[i]);
	buf_adds(&making->head, "\n#endif\n");
	return 0;
}

/* Cuts ".../folder/name.sql" into its pieces; they must do as C names. */
static int
source_read(struct source *source, const char *path, struct err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
	const char *name = file_name(path), *folder = name;
	size_t length = strlen(name);

	source->path = path;
	if (folder > path) {
		for (folder--; folder > path && folder[-1] != '/'; folder--)
			;
		source->folder = xstrndup(folder, (size_t)(name - 1 - folder));
	} else {
		source->folder = xstrdup("");
	}
	if (!text_ends(name, ".sql") || strspn(name, letters) != length - 4)
		return err_set(err, "%s:1: no name for a statement; use a-z, "
		    "0-9, _ and the end .sql", path);
	source->name = xstrndup(name, length - 4);
	return gen_file_read(&source->bytes, path, err);
}

static int
source_compare(const void *left, const void *right)
{
	const struct source *a = left, *b = right;
	int order = strcmp(a->folder, b->folder);

	return order != 0 ? order : strcmp(a->name, b->name);
}

static int
sources_read(struct making *making, char **paths, int count)
{
	int i;

	making->sources = xcalloc((size_t)count + 1, sizeof(*making->sources));
	for (i = 0; i < count; i++) {
		making->count = i + 1;
		if (source_read(&making->sources[i], paths[i],
		    &making->err) != 0)
			return -1;
	}
	qsort(making->sources, (size_t)count, sizeof(*making->sources),
	    source_compare);
	return 0;
}

static void
making_clear(struct making *making)
{
	int i;

	for (i = 0; i < making->count; i++) {
		buf_clear(&making->sources[i].bytes);
		free(making->sources[i].folder);
		free(making->sources[i].name);
	}
	free(making->sources);
	buf_clear(&making->code);
	buf_clear(&making->head);
}

int
main(int argc, char **argv)
{
	struct making making = { 0 };
	bool queries = argc >= 5 && strcmp(argv[1], "queries") == 0;
	int rc = 1, first = queries ? 5 : 4;

	if (!queries && (argc < 4 || strcmp(argv[1], "scripts") != 0)) {
		fprintf(stderr, "usage: sql2c queries OUT.c OUT.h GUARD "
		    "FILE...\n       sql2c scripts OUT.c OUT.h FILE...\n");
		return 2;
	}
	buf_adds(&making.head, "/* Made by sql2c; do not edit. */\n");
	buf_addf(&making.code, "/* Made by sql2c; do not edit. */\n"
	    "#include \"%s\"\n", file_name(argv[3]));
	if (sources_read(&making, argv + first, argc - first) != 0 ||
	    (queries ? queries_make(&making, argv[4]) :
	    scripts_make(&making, "KG_CTL_SCRIPTS_H")) != 0)
		goto out;
	/* The header last: make takes it for made from the code. */
	if (gen_file_write(&making.code, argv[2], &making.err) == 0 &&
	    gen_file_write(&making.head, argv[3], &making.err) == 0)
		rc = 0;
out:
	if (rc != 0)
		fprintf(stderr, "%s\n", making.err.text);
	making_clear(&making);
	return rc;
}
