/*
 * web_play.c - see web_play.h.
 */
#include "web_play.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "feed/generations.h"
#include "secret/secret.h"

char *bumped;
const char *play_sqlstate = "42P01";
const char *play_message = "no such table";

static struct generations generations;

/* ---- other processes, played ---- */

void
generations_bump(struct generations *its, const char *scopes)
{
	assert_ptr_equal(its, &generations);
	free(bumped);
	bumped = xstrdup(scopes);
}

/* ---- replies, played ---- */

enum pg_status
pg_reply_status(const struct pg_reply *reply)
{
	return reply->status;
}

int
pg_reply_rows(const struct pg_reply *reply)
{
	return reply->nrows;
}

int
pg_reply_column(const struct pg_reply *reply, const char *name)
{
	int i;

	for (i = 0; i < COLUMNS_MOST && reply->columns[i] != NULL; i++)
		if (strcmp(reply->columns[i], name) == 0)
			return i;
	return -1;
}

const char *
pg_reply_text(const struct pg_reply *reply, int row, int column)
{
	return reply->rows[row][column];
}

const char *
pg_reply_sqlstate(const struct pg_reply *reply)
{
	(void)reply;
	return play_sqlstate;
}

const char *
pg_reply_detail(const struct pg_reply *reply)
{
	(void)reply;
	return "";
}

const char *
pg_reply_hint(const struct pg_reply *reply)
{
	(void)reply;
	return "";
}

const char *
pg_reply_message(const struct pg_reply *reply)
{
	(void)reply;
	return play_message;
}

void
play_forget(void)
{
	play_pool_forget();
	free(bumped);
	bumped = NULL;
}

struct web *
web_make(void)
{
	const struct web_options options = {
		"https://kalender.example:8443", PLAY_LIMIT_MS, &generations, NULL,
	};

	play_forget();
	return web_new(NULL, NULL, &options);
}

const char *
csrf_of(const char *cookie)
{
	static char hex[2 * SECRET_SHA256_BYTES + 1];
	char text[80];

	snprintf(text, sizeof(text), "form %s", cookie);
	secret_sha256_hex(hex, text, strlen(text));
	hex[32] = '\0';
	return hex;
}

struct http_request
get(const char *path)
{
	return (struct http_request){ .method = HTTP_GET, .path = path };
}

struct http_request
post(const char *path)
{
	static char body[200], cookie[100];
	struct http_request request = {
		.method = HTTP_POST, .path = path, .sent = body,
		.fields = {
			{ "content-type", URLENCODED },
			{ "origin", "https://kalender.example:8443" },
			{ "sec-fetch-site", "same-origin" },
			{ "cookie", cookie },
		},
	};

	snprintf(body, sizeof(body), "csrf=%s&ord=fem", csrf_of(COOKIE));
	snprintf(cookie, sizeof(cookie), "__Host-kattegat=%s", COOKIE);
	return request;
}

void
serve(struct http_request *request, const struct pg_reply *reply)
{
	struct web *web = web_make();

	web_request(web, request);
	if (reply != NULL)
		database_answers(reply);
	assert_null(call.fn);
	assert_int_equal(request->answers, 1);
	assert_null(request->note);
	web_free(web);
}

void
ask(struct http_request *request, enum http_method method, const char *path,
    const struct pg_reply *reply)
{
	*request = (struct http_request){ .method = method, .path = path };
	serve(request, reply);
}

/* Every element that begins ends, in the right order. */
static void
is_balanced(const char *html)
{
	char open[32][16];
	size_t depth = 0;
	const char *p;

	assert_true(text_starts(html, "<!doctype html>\n"));
	for (p = html + 15; (p = strchr(p, '<')) != NULL; p++) {
		bool closes = p[1] == '/';
		const char *name = p + 1 + closes;
		size_t length = strcspn(name, " >");

		assert_true(length > 0 && length < sizeof(open[0]));
		if (strncmp(name, "meta", length) == 0 ||
		    strncmp(name, "link", length) == 0 ||
		    strncmp(name, "input", length) == 0)
			continue;
		if (!closes) {
			assert_true(depth < ARRAY_LEN(open));
			snprintf(open[depth++], sizeof(open[0]), "%.*s",
			    (int)length, name);
			continue;
		}
		assert_true(depth-- > 0);
		if (strlen(open[depth]) != length ||
		    strncmp(open[depth], name, length) != 0)
			fail_msg("<%s> is ended by </%.*s>", open[depth],
			    (int)length, name);
	}
	assert_int_equal(depth, 0);
}

/* What ui/guide.md section 2 and 7 ask of every page. */
void
is_page(const struct http_request *request)
{
	static const char *const fields[] = {
		"\r\nContent-Type: text/html; charset=utf-8\r\n",
		"\r\nContent-Language: da\r\n",
		"\r\nContent-Security-Policy: default-src 'none'; script-src "
		"'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
		"connect-src 'self'; form-action 'self'; frame-ancestors "
		"'none'; base-uri 'none'\r\n",
		"\r\nX-Content-Type-Options: nosniff\r\n",
		"\r\nReferrer-Policy: s",
		"\r\nPermissions-Policy: camera=(), microphone=(), "
		"geolocation=()\r\n",
		"\r\nStrict-Transport-Security: max-age=31536000\r\n",
		"\r\nCross-Origin-Opener-Policy: same-origin\r\n",
		"\r\nCross-Origin-Resource-Policy: same-origin\r\n",
	};
	static const char *const parts[] = {
		"<html lang=\"da\">", "<title>", "<h1>", "<header", "<nav ",
		"<main id=\"indhold\"", "<footer>", "href=\"#indhold\"",
	};
	static const char *const never[] = {
		"<script", "<style", " style=", "javascript:", "(null)",
	};
	char length[64];
	regex_t handler;
	size_t i;

	for (i = 0; i < ARRAY_LEN(fields); i++)
		has(request->head, fields[i]);
	for (i = 0; i < ARRAY_LEN(parts); i++)
		has(request->body, parts[i]);
	for (i = 0; i < ARRAY_LEN(never); i++)
		has_not(request->body, never[i]);
	assert_int_equal(regcomp(&handler, "<[^>]* on[a-z]*=",
	    REG_NOSUB | REG_ICASE), 0);
	assert_int_equal(regexec(&handler, request->body, 0, NULL, 0),
	    REG_NOMATCH);
	regfree(&handler);
	has_not(request->head, "Server:");
	snprintf(length, sizeof(length), "\r\nContent-Length: %zu\r\n",
	    request->length);
	has(request->head, length);
	assert_true(text_ends(request->head, "\r\n"));
	assert_false(text_ends(request->head, "\r\n\r\n"));
	assert_true(text_utf8_ok(request->body, request->length));
	is_balanced(request->body);
}
