/*
 * pg_play.h - a pool under test, and what its calls were told.
 *
 * Against the PostgreSQL that KG_TEST_DSN names (a superuser in a database that may
 * be written to).
 */
#ifndef KG_TESTS_PG_PLAY_H
#define KG_TESTS_PG_PLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "loop/loop.h"
#include "pg/link.h"
#include "pg/pool.h"

enum { LIMIT_MS = 20000, REPLIES_MOST = 256, EXIT_SKIPPED = 77 };

/* What one call was told. */
struct said {
	struct world	*world;
	int		 count;
	int		 nth;		/* its last reply, of all */
	enum pg_status	 status;
	char		*text;		/* of row 0, column 0 */
	char		 sqlstate[6];
	int		 chain;		/* calls still to come from its replies */
};

struct world {
	struct loop	*loop;
	struct pg_pool	*pool;
	struct said	 said[REPLIES_MOST];
	int		 replies;
};

extern const char *dsn;		/* from pg_play_begin() */
extern const char *const none[];
extern const struct pg_statement one, echo;

/* False when there is no PostgreSQL to test against. */
bool pg_play_begin(const char *name);

/* A pool of one connection in *state, a struct world. */
int world_make(void **state);
int world_drop(void **state);
#define POOL(name)	cmocka_unit_test_setup_teardown(name, world_make, \
			    world_drop)
/* Puts another pool into the world. */
void world_pool(struct world *world, const char *where, int connections,
    int queue_most);

/* A reply function, whose arg is a struct said. */
void note(const struct pg_reply *reply, void *arg);
/* Until there were so many in all. */
void wait_replies(struct world *world, int count);
/* One call and its reply. */
struct said *ask(struct world *world, const struct pg_statement *statement,
    const char *const *params, int64_t limit_ms);
void ask_done(struct world *world, const struct pg_statement *statement,
    const char *text);

/* Another connection, which waits. */
struct pg_link *link_make(void);
void link_script(struct pg_link *link, const char *sql);
/* The number that a statement gives. */
int64_t link_number(struct pg_link *link, const char *sql);

#endif
