/*
 * web_play.h - for tests: the pages without a server and without a database.
 *
 * A call of the database waits until the test says what it answered.
 */
#ifndef KG_TEST_WEB_PLAY_H
#define KG_TEST_WEB_PLAY_H

#include "play_pool.h"
#include "play_server.h"

#include "base/buf.h"
#include "web/web.h"

#define COOKIE		"aaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER_COOKIE	"bbbbbbbbbbbbbbbbbbbbbbbbbb"
#define URLENCODED	"application/x-www-form-urlencoded"

enum { COLUMNS_MOST = 16, ROWS_MOST = 4 };

struct pg_reply {
	enum pg_status	 status;
	const char	*columns[COLUMNS_MOST];
	const char	*rows[ROWS_MOST][COLUMNS_MOST];
	int		 nrows;
};

extern char *bumped;		/* scopes; NULL: none since web_make() */

/* Of a reply that is PG_REFUSED. */
extern const char *play_sqlstate, *play_message;

/* A web of https://kalender.example:8443. */
struct web *web_make(void);
/* Frees what was kept of calls. */
void play_forget(void);
/* Asks a fresh web; `reply` is what the database says, NULL: it is not asked. */
void serve(struct http_request *request, const struct pg_reply *reply);
/* The same with a request of nothing but a method and a path. */
void ask(struct http_request *request, enum http_method method,
    const char *path, const struct pg_reply *reply);

/* The csrf of a cookie, as its pages should have it; good until the next. */
const char *csrf_of(const char *cookie);
struct http_request get(const char *path);
/* A form as our own page would send it: ord=fem; good until the next. */
struct http_request post(const char *path);
/* What ui/guide.md section 2 and 7 ask of every page. */
void is_page(const struct http_request *request);

#endif
