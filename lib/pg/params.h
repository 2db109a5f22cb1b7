/*
 * params.h - inside of lib/pg: parameters of a call, and of a connection.
 *
 * Ownership: pg_params_copy() is one allocation, freed with free(), or with
 *            pg_params_free() that overwrites it first.
 *            pg_startup_clear() frees what a startup holds.
 */
#ifndef KG_PG_PARAMS_H
#define KG_PG_PARAMS_H

#include "base/err.h"
#include "pg/pg.h"

/* Never NULL, even for no parameters. */
const char **pg_params_copy(const char *const *params, int count);
void pg_params_free(const char **params, int count);

enum { PG_STARTUP_MOST = 10 };

/*
 * What PQconnectStartParams() is given: the DSN, and over it what every connection
 * of ours has. It all goes with the first packet, so pinning costs no round trip.
 */
struct pg_startup {
	const char	*keywords[PG_STARTUP_MOST];
	const char	*values[PG_STARTUP_MOST];
	char		*dsn, *application, *options;
	int		 nhosts;
};

/* limit_ms 0: the server sets no limit to a statement. */
void pg_startup_init(struct pg_startup *startup, const char *dsn,
    const char *application, int64_t limit_ms);
/* Logs in as somebody else than the DSN says; `user` must outlive the startup. */
void pg_startup_user(struct pg_startup *startup, const char *user);
void pg_startup_clear(struct pg_startup *startup);

#endif
