/*
 * http_run.h - reads pieces of bytes as a connection does and tells what came out.
 *
 * Shared by the parser's unit test and its fuzz target: both say that how the
 * bytes were split makes no difference.
 */
#ifndef KG_TESTS_HTTP_RUN_H
#define KG_TESTS_HTTP_RUN_H

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "http/parser.h"

static const struct http_limits http_run_limits = {
	.request_line_bytes = 120, .header_bytes = 300, .header_fields = 9,
	.body_bytes = 64,
};

static const char *const http_run_hosts[] = {
	"kalender.dk", "localhost", NULL
};

struct http_run {
	struct http_parser parser;
	struct buf	 input;
	struct buf	*out;		/* one line a request */
	bool		 in_body, bad;
	bool		 tell_known;	/* of a refusal: what is known then */
};

static void
http_run_tell(struct http_run *run)
{
	struct http_parser *parser = &run->parser;
	char *bytes = run->input.data;
	struct http_texts texts = { NULL };
	const char *note;

	http_parser_end_texts(parser, bytes);
	buf_addf(run->out, "%.*s %s ?%s host %.*s %s fields %d",
	    (int)parser->method_text.length, bytes + parser->method_text.at,
	    bytes + parser->path.at, bytes + parser->query.at,
	    (int)parser->host.length, bytes + parser->host.at,
	    parser->keep_alive ? "keep" : "close", (int)parser->nfields);
	if (parser->expect_continue)
		buf_adds(run->out, " expect");
	if ((note = http_parser_field(parser, bytes, "x-note", &texts)) != NULL)
		buf_addf(run->out, " note [%s]", note);
	buf_addf(run->out, " body [%.*s]\n", (int)parser->body_length,
	    bytes + parser->head_length);
	/* Asking again must not give another answer. */
	if (note != NULL) {
		assert(strcmp(note, http_parser_field(parser, bytes, "x-note",
		    &texts)) == 0);
	}
	http_texts_clear(&texts);
}

/* What is known of a request that is refused. */
static void
http_run_tell_known(struct http_run *run)
{
	struct http_texts texts = { NULL };
	const char *note;
	char path[24];

	http_parser_path_begin(&run->parser, run->input.data, path,
	    sizeof(path));
	note = http_parser_field(&run->parser, run->input.data, "x-note",
	    &texts);
	buf_addf(run->out, "path [%s]%s%s\n", path,
	    note == NULL ? "" : " note ", note == NULL ? "" : note);
	http_texts_clear(&texts);
}

/* Goes as far as the bytes reach. */
static void
http_run_step(struct http_run *run)
{
	enum http_parse parse = HTTP_PARSE_DONE;

	while (!run->bad && parse == HTTP_PARSE_DONE) {
		if (!run->in_body) {
			parse = http_parser_head(&run->parser, run->input.data,
			    run->input.length);
			run->in_body = parse == HTTP_PARSE_DONE;
		} else if ((parse = http_parser_body(&run->parser,
		    run->input.data, &run->input.length)) == HTTP_PARSE_DONE) {
			http_run_tell(run);
			buf_drop(&run->input, run->parser.end);
			http_parser_init(&run->parser, &http_run_limits,
			    http_run_hosts);
			run->in_body = false;
		} else if (parse == HTTP_PARSE_MORE) {
			assert(run->input.length == run->parser.head_length +
			    run->parser.body_length);
		}
		if (parse == HTTP_PARSE_BAD) {
			buf_addf(run->out, "%d %s\n", run->parser.status,
			    run->parser.why);
			if (run->tell_known)
				http_run_tell_known(run);
			run->bad = true;
		}
	}
}

/* Gives the first `cut` bytes at once, then the others in pieces of `step`. */
static void
http_run(struct buf *out, const char *bytes, size_t length, size_t cut,
    size_t step, bool tell_known)
{
	struct http_run run = {
		.out = out, .input = BUF_INIT, .tell_known = tell_known,
	};
	size_t at = 0, piece;

	buf_adds(out, "");	/* so that there is a text in any case */
	http_parser_init(&run.parser, &http_run_limits, http_run_hosts);
	while (at < length && !run.bad) {
		piece = at < cut ? cut : step;
		if (piece > length - at)
			piece = length - at;
		buf_add(&run.input, bytes + at, piece);
		at += piece;
		http_run_step(&run);
	}
	if (!run.bad && http_parser_begun(&run.parser))
		buf_adds(out, "more\n");
	buf_clear(&run.input);
}

#endif
