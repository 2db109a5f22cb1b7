/*
 * tmpl2c.c - build step: an HTML template becomes C functions.
 *
 *	tmpl2c OUT.c IN.tmpl
 *
 * What stands between {{ and }}:
 *
 *	include "room/file.h"		before the first define
 *	define name(struct out *out, ...)   begins a function, up to its end
 *	expr				a value, escaped for HTML
 *	expr | url			a value as one piece of an address
 *	expr | raw ... comment		a value as it is; the comment says why
 *	call name(out, ...)		another template's function
 *	for (...)  if (...)		blocks as in C, up to their end
 *	else  else if (...)
 *	end
 *
 * and C comments. All else is text and written as it stands, white space too.
 * Lines of the C file point back to the template by #line, so the compiler's
 * complaint about an expression names the template's line.
 *
 * Errors:    "FILE:LINE: what is wrong; what would be right" and exit 1; then no
 *            file is written.
 */
#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "gen/ctext.h"
#include "gen/file.h"

enum { DEPTH_MOST = 32 };

enum block_kind { BLOCK_DEFINE, BLOCK_FOR, BLOCK_IF, BLOCK_ELSE };

static const char *const block_names[] = { "define", "for", "if", "else" };

struct block {
	enum block_kind	kind;
	int		line;
};

struct tmpl {
	const char	*path;
	const char	*at;		/* zero-terminated rest of the source */
	int		 line;		/* of `at` */
	struct buf	 made;
	struct block	 blocks[DEPTH_MOST];
	int		 depth;
	struct err	*err;
};

/* One {{ ... }}. */
struct tag {
	char	*text;			/* trimmed, without a comment at its end */
	bool	 comment;		/* there was one */
	int	 line;
};

static int tag_read(struct tmpl *tmpl, struct tag *tag);
static int tag_make(struct tmpl *tmpl, const struct tag *tag);

static int fail(struct tmpl *tmpl, int line, const char *fmt, ...)
    printf_like(3, 4);

/* Always -1, with the place before the words. */
static int
fail(struct tmpl *tmpl, int line, const char *fmt, ...)
{
	va_list args;
	char *words;

	va_start(args, fmt);
	words = xvasprintf(fmt, args);
	va_end(args);
	err_set(tmpl->err, "%s:%d: %s", tmpl->path, line, words);
	free(words);
	return -1;
}

/*
 * The text as a C string. Octal takes at most three digits, so the next byte
 * cannot run into it; '?' is escaped because of trigraphs.
 */
static void
made_literal(struct tmpl *tmpl, const char *text, size_t length)
{
	size_t i;

	buf_addc(&tmpl->made, '"');
	for (i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\n' && i + 1 < length)
			buf_adds(&tmpl->made, "\\n\"\n\t    \"");
		else if (c == '\n')
			buf_adds(&tmpl->made, "\\n");
		else if (c == '"' || c == '\\' || c == '?')
			buf_addf(&tmpl->made, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			buf_addf(&tmpl->made, "\\%03o", c);
		else
			buf_addc(&tmpl->made, (char)c);
	}
	buf_addc(&tmpl->made, '"');
}

/* The next line of C stands on this line of the template. */
static void
made_line(struct tmpl *tmpl, int line)
{
	buf_addf(&tmpl->made, "#line %d ", line);
	made_literal(tmpl, tmpl->path, strlen(tmpl->path));
	buf_addc(&tmpl->made, '\n');
}

static void
count_lines(struct tmpl *tmpl, const char *to)
{
	for (; tmpl->at < to; tmpl->at++)
		if (*tmpl->at == '\n')
			tmpl->line++;
}

/* Text up to `to`; outside a define only white space may stand. */
static int
text_make(struct tmpl *tmpl, const char *to)
{
	const char *p = tmpl->at;

	for (; p + 1 < to; p++) {
		if (p[0] == '}' && p[1] == '}') {
			count_lines(tmpl, p);
			return fail(tmpl, tmpl->line, "`}}` closes nothing; "
			    "begin with `{{`, or write it as "
			    "`{{ \"}}\" }}`");
		}
	}
	if (tmpl->depth > 0 && to > tmpl->at) {
		buf_adds(&tmpl->made, "\tout_bytes(out,\n\t    ");
		made_literal(tmpl, tmpl->at, (size_t)(to - tmpl->at));
		buf_addf(&tmpl->made, ", %td);\n", to - tmpl->at);
	}
	while (tmpl->depth == 0 && tmpl->at < to) {
		if (!isspace((unsigned char)*tmpl->at))
			return fail(tmpl, tmpl->line, "text outside a define; "
			    "put it between `{{ define name(struct out *out) "
			    "}}` and `{{ end }}`");
		count_lines(tmpl, tmpl->at + 1);
	}
	count_lines(tmpl, to);
	return 0;
}

static int
tmpl_make(struct tmpl *tmpl)
{
	const char *open;
	struct tag tag;
	int rc = 0;

	buf_adds(&tmpl->made, "/* Made by tmpl2c; do not edit. */\n");
	/* A template of a kind need not use all that its kind is given. */
	buf_adds(&tmpl->made, "#pragma GCC diagnostic ignored "
	    "\"-Wunused-parameter\"\n");
	made_line(tmpl, 1);
	buf_adds(&tmpl->made, "#include \"page/out.h\"\n");
	while (rc == 0 && (open = strstr(tmpl->at, "{{")) != NULL) {
		if (text_make(tmpl, open) != 0 || tag_read(tmpl, &tag) != 0)
			return -1;
		rc = tag_make(tmpl, &tag);
		free(tag.text);
	}
	if (rc != 0 || text_make(tmpl, tmpl->at + strlen(tmpl->at)) != 0)
		return -1;
	if (tmpl->depth > 0) {
		const struct block *block = &tmpl->blocks[tmpl->depth - 1];

		return fail(tmpl, block->line, "`%s` is never ended; close it "
		    "with `{{ end }}`", block_names[block->kind]);
	}
	return 0;
}

/* Cuts white space and one comment off the end of the tag's text. */
static void
tag_trim(struct tag *tag)
{
	const char *p = tag->text;
	size_t length;

	while (*p != '\0') {
		const char *next = ctext_skip(p);

		assert(next != NULL);
		if (text_starts(p, "/*") && next[strspn(next, " \t\n")] == '\0') {
			tag->comment = true;
			break;
		}
		p = next;
	}
	length = (size_t)(p - tag->text);
	while (length > 0 && isspace((unsigned char)tag->text[length - 1]))
		length--;
	tag->text[length] = '\0';
}

/* Reads the tag that begins at tmpl->at. */
static int
tag_read(struct tmpl *tmpl, struct tag *tag)
{
	const char *from = tmpl->at + 2, *p = from;

	from += strspn(from, " \t\n");
	for (p = from; !text_starts(p, "}}"); ) {
		if (*p == '\0' || text_starts(p, "{{"))
			return fail(tmpl, tmpl->line,
			    "`{{` is never closed; end it with `}}`");
		if ((p = ctext_skip(p)) == NULL)
			return fail(tmpl, tmpl->line, "a quote or comment in "
			    "`{{ }}` does not end; close it before `}}`");
	}
	tag->text = xstrndup(from, (size_t)(p - from));
	tag->comment = false;
	tag->line = tmpl->line;
	tag_trim(tag);
	count_lines(tmpl, p + 2);
	return 0;
}

static int
block_begin(struct tmpl *tmpl, enum block_kind kind, int line)
{
	if (tmpl->depth == DEPTH_MOST)
		return fail(tmpl, line, "blocks stand in each other more than "
		    "%d deep; move a part into its own define", DEPTH_MOST);
	tmpl->blocks[tmpl->depth++] = (struct block){ kind, line };
	return 0;
}

static int
make_include(struct tmpl *tmpl, const struct tag *tag, const char *rest)
{
	size_t length = strlen(rest);

	if (tmpl->depth > 0)
		return fail(tmpl, tag->line, "include inside a define; put it "
		    "before the first one");
	if (length < 3 || rest[0] != '"' || rest[length - 1] != '"')
		return fail(tmpl, tag->line, "include without a file; write "
		    "`{{ include \"room/file.h\" }}`");
	made_line(tmpl, tag->line);
	buf_addf(&tmpl->made, "#include %s\n", rest);
	return 0;
}

static int
make_define(struct tmpl *tmpl, const struct tag *tag, const char *rest)
{
	if (tmpl->depth > 0)
		return fail(tmpl, tag->line, "define inside the %s of line "
		    "%d; close that with `{{ end }}` first",
		    block_names[tmpl->blocks[tmpl->depth - 1].kind],
		    tmpl->blocks[tmpl->depth - 1].line);
	if (!ctext_is_call(rest) ||
	    !text_starts(strchr(rest, '(') + 1, "struct out *out"))
		return fail(tmpl, tag->line, "`define %s` is no function; "
		    "write `define name(struct out *out, ...)`", rest);
	buf_addc(&tmpl->made, '\n');
	made_line(tmpl, tag->line);
	buf_addf(&tmpl->made, "void %s\n{\n", rest);
	return block_begin(tmpl, BLOCK_DEFINE, tag->line);
}

static int
make_condition(struct tmpl *tmpl, const struct tag *tag, const char *rest,
    enum block_kind kind)
{
	if (!ctext_is_parenthesized(rest))
		return fail(tmpl, tag->line, "`%s %s`: what follows must stand "
		    "in one pair of parentheses; write `%s (...)`",
		    block_names[kind], rest, block_names[kind]);
	made_line(tmpl, tag->line);
	buf_addf(&tmpl->made, "\t%s %s {\n", block_names[kind], rest);
	return block_begin(tmpl, kind, tag->line);
}

static int
make_for(struct tmpl *tmpl, const struct tag *tag, const char *rest)
{
	return make_condition(tmpl, tag, rest, BLOCK_FOR);
}

static int
make_if(struct tmpl *tmpl, const struct tag *tag, const char *rest)
{
	return make_condition(tmpl, tag, rest, BLOCK_IF);
}

static int
make_else(struct tmpl *tmpl, const struct tag *tag, const char *rest)
{
	struct block *block = &tmpl->blocks[tmpl->depth - 1];
	bool more = text_starts(rest, "if");

	if (block->kind != BLOCK_IF)
		return fail(tmpl, tag->line, "else in the %s of line %d; it "
		    "belongs between an `{{ if (...) }}` and its `{{ end }}`",
		    block_names[block->kind], block->line);
	if (more)
		rest += 2 + strspn(rest + 2, " \t\n");
	if (more ? !ctext_is_parenthesized(rest) : *rest != '\0')
		return fail(tmpl, tag->line, "`else` takes nothing but `if "
		    "(...)`");
	made_line(tmpl, tag->line);
	if (more)
		buf_addf(&tmpl->made, "\t} else if %s {\n", rest);
	else
		buf_adds(&tmpl->made, "\t} else {\n");
	block->kind = more ? BLOCK_IF : BLOCK_ELSE;
	block->line = tag->line;
	return 0;
}

static int
make_end(struct tmpl *tmpl, const struct tag *tag, const char *rest)
{
	if (*rest != '\0')
		return fail(tmpl, tag->line, "`end %s`: end takes nothing; "
		    "write `{{ end }}`", rest);
	tmpl->depth--;
	made_line(tmpl, tag->line);
	buf_adds(&tmpl->made, tmpl->depth == 0 ? "}\n" : "\t}\n");
	return 0;
}

static int
make_call(struct tmpl *tmpl, const struct tag *tag, const char *rest)
{
	if (!ctext_is_call(rest))
		return fail(tmpl, tag->line, "`call %s` is no call; write "
		    "`call name(out, ...)`", rest);
	made_line(tmpl, tag->line);
	buf_addf(&tmpl->made, "\t%s;\n", rest);
	return 0;
}

static int
make_value(struct tmpl *tmpl, const struct tag *tag)
{
	const char *filter = ctext_pipe_find(tag->text), *word = "value";
	size_t length = strlen(tag->text);

	if (filter != NULL) {
		word = filter + 1 + strspn(filter + 1, " \t\n");
		length = (size_t)(filter - tag->text);
		if (strcmp(word, "url") != 0 && strcmp(word, "raw") != 0)
			return fail(tmpl, tag->line, "`| %s` is not known; "
			    "write `| url` or `| raw`, and a bitwise or in "
			    "parentheses", word);
		if (strcmp(word, "raw") == 0 && !tag->comment)
			return fail(tmpl, tag->line, "`| raw` without a "
			    "reason; say in a comment before `}}` why the "
			    "value is safe");
	}
	if (strspn(tag->text, " \t\n") == length)
		return fail(tmpl, tag->line, "`{{ }}` holds no value; write an "
		    "expression, or take it away");
	made_line(tmpl, tag->line);
	buf_addf(&tmpl->made, "\tout_%s(out, %.*s);\n", word, (int)length,
	    tag->text);
	return 0;
}

static const struct word {
	const char	*name;
	bool		 outside;	/* may stand outside a define */
	int		(*make)(struct tmpl *tmpl, const struct tag *tag,
			    const char *rest);
} words[] = {
	{ "include", true, make_include },
	{ "define", true, make_define },
	{ "for", false, make_for },
	{ "if", false, make_if },
	{ "else", false, make_else },
	{ "end", false, make_end },
	{ "call", false, make_call },
};

static const struct word *
word_find(const char *text)
{
	size_t i, length = strcspn(text, " \t\n(");

	for (i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i].name) == length &&
		    strncmp(words[i].name, text, length) == 0)
			return &words[i];
	return NULL;
}

static int
tag_make(struct tmpl *tmpl, const struct tag *tag)
{
	const struct word *word = word_find(tag->text);
	const char *rest;

	if (*tag->text == '\0' && tag->comment)
		return 0;
	if (!ctext_brackets_match(tag->text))
		return fail(tmpl, tag->line, "`%s`: brackets do not match",
		    tag->text);
	if (tmpl->depth == 0 && (word == NULL || !word->outside))
		return fail(tmpl, tag->line, "`%s` outside a define; put it "
		    "between `{{ define name(struct out *out) }}` and its "
		    "`{{ end }}`", tag->text);
	if (word == NULL)
		return make_value(tmpl, tag);
	rest = tag->text + strlen(word->name);
	return word->make(tmpl, tag, rest + strspn(rest, " \t\n"));
}

int
main(int argc, char **argv)
{
	struct buf source = BUF_INIT;
	struct err err;
	struct tmpl tmpl = { .line = 1, .err = &err };
	int rc = 1;

	if (argc != 3) {
		fprintf(stderr, "usage: tmpl2c OUT.c IN.tmpl\n");
		return 2;
	}
	tmpl.path = argv[2];
	if (gen_file_read(&source, argv[2], &err) != 0)
		goto out;
	tmpl.at = source.data;
	if (tmpl_make(&tmpl) == 0 && gen_file_write(&tmpl.made, argv[1], &err) == 0)
		rc = 0;
out:
	if (rc != 0)
		fprintf(stderr, "%s\n", err.text);
	buf_clear(&tmpl.made);
	buf_clear(&source);
	return rc;
}
