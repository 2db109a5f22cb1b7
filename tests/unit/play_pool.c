#include "play_pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct play_call call;

static void
pool_call(bool reads, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg)
{
	int i;

	assert_null(call.fn);
	assert_int_equal(limit_ms, PLAY_LIMIT_MS);
	assert_true(statement->nparams <= PLAY_PARAMS);
	call.count++;
	call.statement = statement;
	call.reads = reads;
	for (i = 0; i < statement->nparams; i++) {
		free(call.params[i]);
		call.params[i] = xstrdup_null(params[i]);
	}
	call.fn = fn;
	call.arg = arg;
}

void
pg_pool_read(struct pg_pool *pool, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg)
{
	(void)pool;
	pool_call(true, statement, params, limit_ms, fn, arg);
}

void
pg_pool_write(struct pg_pool *pool, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms, pg_reply_fn *fn, void *arg)
{
	(void)pool;
	pool_call(false, statement, params, limit_ms, fn, arg);
}

void
database_answers(const struct pg_reply *reply)
{
	pg_reply_fn *fn = call.fn;

	assert_non_null(fn);
	call.fn = NULL;
	fn(reply, call.arg);
}

void
play_pool_forget(void)
{
	size_t i;

	for (i = 0; i < PLAY_PARAMS; i++)
		free(call.params[i]);
	memset(&call, 0, sizeof(call));
}

/* ---- of any reply ---- */

void
pg_reply_forget(const struct pg_reply *reply)
{
	(void)reply;
}

size_t
pg_reply_length(const struct pg_reply *reply, int row, int column)
{
	return strlen(pg_reply_text(reply, row, column));
}

int64_t
pg_reply_int(const struct pg_reply *reply, int row, int column,
    int64_t if_null)
{
	const char *text = pg_reply_text(reply, row, column);

	return text == NULL ? if_null : atoll(text);
}

bool
pg_reply_bool(const struct pg_reply *reply, int row, int column)
{
	const char *text = pg_reply_text(reply, row, column);

	return text != NULL && strcmp(text, "t") == 0;
}
