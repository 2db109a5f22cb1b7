/*
 * table.h - text keys to pointers, in memory.
 *
 * Ownership: keys are copied, values are the caller's. table_free() frees no
 *            value; walk it first.
 * Errors:    a missing key is NULL and no error.
 */
#ifndef KG_BASE_TABLE_H
#define KG_BASE_TABLE_H

struct table;

struct table *table_new(void);
void table_free(struct table *table);
void *table_find(const struct table *table, const char *key);
/* Puts or replaces; returns the value that stood there, or NULL. */
void *table_put(struct table *table, const char *key, void *value);
/* Returns the value taken out, or NULL. */
void *table_remove(struct table *table, const char *key);
/* Calls `each` for every pair in no order; it must not change the table. */
void table_walk(struct table *table,
    void (*each)(const char *key, void *value, void *arg), void *arg);

#endif
