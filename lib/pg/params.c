#include "pg/params.h"

#include <arpa/inet.h>
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/buf.h"

/*
 * Queries write kg. in full, so nothing may be found by another path. A server
 * stops a statement whose client has gone within a second: that, and the limit, is
 * how a late call ends there, since libpq's own cancel would block. Compiling a
 * statement takes a second where the tables have no statistics yet, running it
 * takes milliseconds.
 */
#define PINNED	"-c search_path=pg_catalog -c timezone=UTC -c datestyle=ISO " \
	"-c intervalstyle=postgres -c bytea_output=hex " \
	"-c client_connection_check_interval=1000 -c jit=off"

const char **
pg_params_copy(const char *const *params, int count)
{
	size_t size = ((size_t)count + 1) * sizeof(char *), length;
	const char **copy;
	char *at;
	int i;

	for (i = 0; i < count; i++)
		if (params[i] != NULL)
			size += strlen(params[i]) + 1;
	copy = xmalloc(size);
	at = (char *)(copy + count + 1);
	for (i = 0; i < count; i++) {
		copy[i] = NULL;
		if (params[i] == NULL)
			continue;
		length = strlen(params[i]) + 1;
		copy[i] = memcpy(at, params[i], length);
		at += length;
	}
	copy[count] = NULL;
	return copy;
}

void
pg_params_free(const char **params, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (params[i] != NULL)
			explicit_bzero((char *)(uintptr_t)params[i],
			    strlen(params[i]));
	free(params);
}

/* The value of one word of a DSN that was parsed; NULL when it gives none. */
static const char *
word_find(const PQconninfoOption *words, const char *keyword)
{
	for (; words != NULL && words->keyword != NULL; words++)
		if (strcmp(words->keyword, keyword) == 0)
			return words->val;
	return NULL;
}

/* A part of a comma-separated list: a name would have to be looked up. */
static bool
is_address(const char *host, size_t length)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	char *text = xstrndup(host, length);
	bool is = length == 0 || text[0] == '/' || text[0] == '@' ||
	    inet_pton(AF_INET, text, bytes) == 1 ||
	    inet_pton(AF_INET6, text, bytes) == 1;

	free(text);
	return is;
}

const char *
pg_dsn_problem(const char *dsn)
{
	const char *problem = NULL, *host;
	char *message = NULL;
	PQconninfoOption *words = PQconninfoParse(dsn, &message);

	PQfreemem(message);
	if (words == NULL)
		return "write it as host=/var/run/postgresql dbname=kattegat "
		    "user=kattegat, in words that libpq knows";
	host = word_find(words, "host");
	if (word_find(words, "hostaddr") != NULL)
		host = NULL;
	while (host != NULL && problem == NULL) {
		size_t length = strcspn(host, ",");

		if (!is_address(host, length))
			problem = "write each host as an address or a socket's "
			    "folder, or add hostaddr=";
		host = host[length] == ',' ? host + length + 1 : NULL;
	}
	PQconninfoFree(words);
	return problem;
}

static int
count_hosts(const char *list)
{
	int count = 1;

	for (; list != NULL && *list != '\0'; list++)
		count += *list == ',';
	return count;
}

static void
word_add(struct pg_startup *startup, int *count, const char *keyword,
    const char *value)
{
	startup->keywords[*count] = keyword;
	startup->values[(*count)++] = value;
}

void
pg_startup_init(struct pg_startup *startup, const char *dsn,
    const char *application, int64_t limit_ms)
{
	PQconninfoOption *words = PQconninfoParse(dsn, NULL);
	const char *options = word_find(words, "options");
	struct buf all = BUF_INIT;
	int count = 0;

	memset(startup, 0, sizeof(*startup));
	startup->dsn = xstrdup(dsn);
	startup->application = xstrdup(application);
	startup->nhosts = count_hosts(word_find(words, "hostaddr") != NULL ?
	    word_find(words, "hostaddr") : word_find(words, "host"));
	if (options != NULL)
		buf_addf(&all, "%s ", options);
	buf_adds(&all, PINNED);
	if (limit_ms > 0)
		buf_addf(&all, " -c statement_timeout=%" PRId64, limit_ms);
	startup->options = buf_take(&all);
	/* Words before the DSN give way to it. */
	word_add(startup, &count, "connect_timeout", "10");
	word_add(startup, &count, "tcp_user_timeout", "10000");
	word_add(startup, &count, "keepalives_idle", "30");
	word_add(startup, &count, "dbname", startup->dsn);
	word_add(startup, &count, "application_name", startup->application);
	word_add(startup, &count, "client_encoding", "UTF8");
	word_add(startup, &count, "options", startup->options);
	PQconninfoFree(words);
}

/* Behind the DSN, so that it counts. */
void
pg_startup_user(struct pg_startup *startup, const char *user)
{
	int count = 0;

	while (startup->keywords[count] != NULL)
		count++;
	assert(count < PG_STARTUP_MOST - 1);
	word_add(startup, &count, "user", user);
}

void
pg_startup_clear(struct pg_startup *startup)
{
	free(startup->dsn);
	free(startup->application);
	free(startup->options);
}
