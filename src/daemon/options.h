/*
 * options.h - the configuration of kattegatd: one struct, one table.
 *
 * The table is the truth: file, manual, check and reload are led by it. What only
 * several options together can get wrong is looked at after reading.
 *
 * Units:     as each option's name says.
 * Ownership: the texts are the configuration's; options_clear() frees them.
 * Errors:    -1 with err filled: file, line, and what would be right.
 */
#ifndef KG_DAEMON_OPTIONS_H
#define KG_DAEMON_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/log.h"
#include "http/server.h"
#include "mail/sender.h"

enum {
	OPTIONS_WORKERS_MOST = 128,
	/* Of a Unix socket's path: 108 bytes with its zero (unix(7)). */
	OPTIONS_CONTROL_LENGTH_MOST = 107,
	/* What a worker opens besides its clients: files, pipes, libpq. */
	OPTIONS_DESCRIPTORS_MORE = 128,
};

#define OPTIONS_DEFAULT_PATH	KG_SYSCONFDIR "/kattegat/kattegat.conf"

struct daemon_conf {
	char	*listen, *listen_clear, *listen_metrics;
	char	*hosts, *base_url;
	char	*connections_unlimited_from;
	char	*certificate, *key, *certificate2, *key2;
	char	*database;
	char	*user, *group, *run_dir;
	char	*log_level;
	char	*mail_server, *mail_tls, *mail_authority;
	char	*mail_sender, *mail_sender_name;
	char	*mail_user, *mail_password_file;
	int64_t	 workers;			/* 0: one per core */
	int64_t	 pool_connections, pool_queue, statement_limit_ms;
	int64_t	 cache_bytes;			/* of a worker */
	int64_t	 unknown_tokens_per_minute;
	int64_t	 sign_in_failures;		/* free ones, per address */
	int64_t	 drain_limit_ms;
	bool	 worker_header;
	struct http_limits limits;		/* of all workers together */
};

extern const struct conf_option options_table[];

must_check int options_load(struct daemon_conf *out, const char *path,
    struct err *err);
void options_clear(struct daemon_conf *conf);

/*
 * Puts "FILE:LINE: " before what is wrong with the option, or "FILE: " when the
 * default is at fault. Always -1.
 */
int options_mistake(const char *path, const char *name, struct err *err);

/* What the options mean on this machine. */
int options_workers(const struct daemon_conf *conf);
enum log_level options_log_level(const struct daemon_conf *conf);
enum mail_tls options_mail_tls(const struct daemon_conf *conf);
/* The limits of one worker of `workers`: connections divided, rounded up. */
struct http_limits options_worker_limits(const struct daemon_conf *conf,
    int workers);
/* Descriptors that a worker of `workers` needs to take all it may. */
int64_t options_descriptors(const struct daemon_conf *conf, int workers,
    int listeners);
/* Lowers the connections on each listener to what `descriptors` allow. */
void options_fit(struct http_limits *limits, const struct daemon_conf *conf,
    int listeners, int64_t descriptors);
/*
 * The words of `text`, which is cut into them, ended by NULL; NULL when there are
 * none. The caller frees the array.
 */
const char **options_hosts(char *text);
/* RUN_DIR/control; the caller frees it. */
char *options_control_path(const struct daemon_conf *conf);

#endif
