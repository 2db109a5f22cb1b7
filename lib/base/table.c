#include "base/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { TABLE_FIRST_SIZE = 64 };		/* always a power of two */

/* Chained: removal is simple and a full table is only slower. */
struct entry {
	struct entry	*next;
	uint64_t	 hash;
	void		*value;
	char		 key[];
};

struct table {
	struct entry	**chains;
	size_t		  nchains;
	size_t		  count;
};

struct table *
table_new(void)
{
	struct table *table = xcalloc(1, sizeof(*table));

	table->nchains = TABLE_FIRST_SIZE;
	table->chains = xcalloc(table->nchains, sizeof(*table->chains));
	return table;
}

void
table_free(struct table *table)
{
	struct entry *entry, *next;
	size_t i;

	if (table == NULL)
		return;
	for (i = 0; i < table->nchains; i++) {
		for (entry = table->chains[i]; entry != NULL; entry = next) {
			next = entry->next;
			free(entry);
		}
	}
	free(table->chains);
	free(table);
}

/* The link that points at the key's entry, or at the NULL where it would be. */
static struct entry **
find_link(const struct table *table, const char *key, uint64_t hash)
{
	struct entry **link = &table->chains[hash & (table->nchains - 1)];

	while (*link != NULL && ((*link)->hash != hash ||
	    strcmp((*link)->key, key) != 0))
		link = &(*link)->next;
	return link;
}

static void
grow(struct table *table)
{
	struct entry **chains, *entry, *next;
	size_t nchains = table->nchains * 2, i;

	chains = xcalloc(nchains, sizeof(*chains));
	for (i = 0; i < table->nchains; i++) {
		for (entry = table->chains[i]; entry != NULL; entry = next) {
			next = entry->next;
			entry->next = chains[entry->hash & (nchains - 1)];
			chains[entry->hash & (nchains - 1)] = entry;
		}
	}
	free(table->chains);
	table->chains = chains;
	table->nchains = nchains;
}

void *
table_find(const struct table *table, const char *key)
{
	struct entry *entry = *find_link(table, key, hash_text(key));

	return entry != NULL ? entry->value : NULL;
}

void *
table_put(struct table *table, const char *key, void *value)
{
	uint64_t hash = hash_text(key);
	struct entry **link = find_link(table, key, hash), *entry;
	size_t length = strlen(key);
	void *old;

	if (*link != NULL) {
		old = (*link)->value;
		(*link)->value = value;
		return old;
	}
	entry = xmalloc(sizeof(*entry) + length + 1);
	entry->next = NULL;
	entry->hash = hash;
	entry->value = value;
	memcpy(entry->key, key, length + 1);
	*link = entry;
	if (++table->count > table->nchains)
		grow(table);
	return NULL;
}

void *
table_remove(struct table *table, const char *key)
{
	struct entry **link = find_link(table, key, hash_text(key)), *entry;
	void *value;

	if ((entry = *link) == NULL)
		return NULL;
	*link = entry->next;
	value = entry->value;
	free(entry);
	table->count--;
	return value;
}

void
table_walk(struct table *table,
    void (*each)(const char *key, void *value, void *arg), void *arg)
{
	struct entry *entry, *next;
	size_t i;

	for (i = 0; i < table->nchains; i++) {
		for (entry = table->chains[i]; entry != NULL; entry = next) {
			next = entry->next;
			each(entry->key, entry->value, arg);
		}
	}
}
