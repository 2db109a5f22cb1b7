#include "daemon/due.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "jobs/jobs.h"
#include "pg/pool.h"

enum {
	CONNECTIONS = 1,
	QUEUE_MOST = 64,		/* more than jobs and mails together */
	STATEMENT_LIMIT_MS = 30000,	/* a clean-up may take its time */
	PASSWORD_SIZE = 256,
};

struct due {
	struct pg_pool	*pool;
	struct jobs	*jobs;
};

/* The first line of the file. */
static int
password_load(char out[PASSWORD_SIZE], const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	bool read;

	if (file == NULL)
		return err_set(err, "%s: %s", path, strerror(errno));
	read = fgets(out, PASSWORD_SIZE, file) != NULL;
	fclose(file);
	if (!read)
		return err_set(err, "%s: no password in it", path);
	out[strcspn(out, "\r\n")] = '\0';
	return 0;
}

static int
sender_open(struct mail_sender **out, struct loop *loop,
    const struct daemon_conf *conf, struct err *err)
{
	char password[PASSWORD_SIZE] = "";
	struct mail_sender_options options = {
		.server = conf->mail_server, .tls = options_mail_tls(conf),
		.authority = conf->mail_authority, .user = conf->mail_user,
		.password = password, .limit_ms = POST_LIMIT_MS,
	};
	int rc = 0;

	if (conf->mail_password_file != NULL)
		rc = password_load(password, conf->mail_password_file, err);
	if (rc == 0)
		rc = mail_sender_open(out, loop, &options, err);
	explicit_bzero(password, sizeof(password));
	return rc;
}

struct due *
due_new(struct loop *loop, const struct daemon_conf *conf)
{
	const struct pg_pool_options pool = {
		.dsn = conf->database, .application = "kattegatd due work",
		.connections = CONNECTIONS, .queue_most = QUEUE_MOST,
		.limit_ms = STATEMENT_LIMIT_MS,
	};
	struct post_options post = {
		.from = conf->mail_sender, .from_name = conf->mail_sender_name,
		.base_url = conf->base_url,
	};
	struct due *due = xcalloc(1, sizeof(*due));
	bool sends = false;
	struct err err;

	if (conf->mail_server != NULL) {
		sends = sender_open(&post.sender, loop, conf, &err) == 0;
		if (!sends)
			log_error("mail_server: %s; mails wait", err.text);
	}
	due->pool = pg_pool_new(loop, &pool);
	due->jobs = jobs_new(loop, due->pool, sends ? &post : NULL);
	return due;
}

void
due_drain(struct due *due, void (*fn)(void *arg), void *arg)
{
	jobs_drain(due->jobs, fn, arg);
}

void
due_free(struct due *due)
{
	if (due == NULL)
		return;
	pg_pool_free(due->pool);
	jobs_free(due->jobs);
	free(due);
}

int64_t
due_mails_waiting(const struct due *due)
{
	return jobs_mails_waiting(due->jobs);
}
