/*
 * migration.h - what stands between the database and this program's schema.
 *
 * The files of db/schema are compiled in; kg.migration remembers each that was
 * applied with the SHA-256 of its text. A file that has been released is never
 * edited, and a database is never older than what it remembers.
 *
 * Ownership: migration_list_clear() frees a list; names are its own.
 * Errors:    migration_check() gives the first mistake in words.
 */
#ifndef KG_CTL_MIGRATION_H
#define KG_CTL_MIGRATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ctl/scripts.h"

enum migration_state {
	MIGRATION_APPLIED,
	MIGRATION_PENDING,
	MIGRATION_EDITED,	/* applied with another text */
	MIGRATION_UNKNOWN,	/* applied by a newer program */
	MIGRATION_SKIPPED,	/* not applied, though a later one was */
};

enum { MIGRATION_CHECKSUM_LENGTH = 64 };

struct migration {
	int64_t		 number;
	char		*name;			/* "0001_base" */
	const char	*sql;			/* NULL: unknown here */
	char		 expected[MIGRATION_CHECKSUM_LENGTH + 1];
	char		 found[MIGRATION_CHECKSUM_LENGTH + 1];	/* "": none */
	char		*applied_at;		/* NULL: not applied */
	enum migration_state state;
};

struct migration_list {
	struct migration *items;
	size_t		  count;
};

/* All scripts as pending; they must be sorted, as generated. */
void migration_list_init(struct migration_list *list,
    const struct sql_script *scripts);
void migration_list_clear(struct migration_list *list);
/* One row of kg.migration; rows come by number. */
void migration_found(struct migration_list *list, int64_t number,
    const char *name, const char *checksum, const char *applied_at);
/* After the last row. */
void migration_list_settle(struct migration_list *list);
/* -1 when this program may not touch the database: why, and what to do. */
must_check int migration_check(const struct migration_list *list,
    struct err *err);
const char *migration_state_word(enum migration_state state);

#endif
