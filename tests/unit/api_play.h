/*
 * api_play.h - for tests: the API without a server and without a database.
 *
 * A call of the database waits until the test says what it answered.
 */
#ifndef KG_TEST_API_PLAY_H
#define KG_TEST_API_PLAY_H

#include "play_pool.h"
#include "play_server.h"

#include "api/api.h"

#define TOKEN	"abcdefghijklmnopqrstuvwxyz"

enum { COLUMNS = 7 };

struct pg_reply {
	enum pg_status	 status;
	const char	*row[COLUMNS];
	const char	*sqlstate, *message, *detail, *hint;
};

extern const struct pg_reply made, found, away;

struct play {
	struct loop		*loop;
	struct generations	*generations;
	struct api		*api;
};

/* An API of https://k.example in *state, a struct play. */
int set_up(void **state);
int tear_down(void **state);
#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* One with a token, in English, and with JSON when there is a body. */
void prepare(struct http_request *request, enum http_method method,
    const char *path, const char *body);
/* Sends it; `reply` is what the database says, NULL: it is not asked. */
void ask(struct play *play, struct http_request *request,
    const struct pg_reply *reply);

#endif
