#include "daemon/options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "daemon/listener.h"
#include "daemon/local.h"
#include "http/network.h"
#include "mail/message.h"
#include "pg/pg.h"

#define HOST_LETTERS	"abcdefghijklmnopqrstuvwxyz0123456789.-_:[]"

static const char *
check_listen(const char *value)
{
	struct sockaddr_storage address;
	socklen_t length;
	int rc;

	while ((rc = listener_address_parse(&address, &length, &value)) > 0)
		;
	return rc == 0 ? NULL : "write addresses with their ports, as in "
	    "192.0.2.1:443 or [2001:db8::1]:443 or [::]:8443";
}

static const char *
check_hosts(const char *value)
{
	return value[strspn(value, HOST_LETTERS " \t")] == '\0' ? NULL :
	    "write host names in lower case, separated by blanks";
}

/* "https://" host [":" port], and nothing after it. */
static const char *
check_base_url(const char *value)
{
	static const char wrong[] = "write https:// and the host, with its port "
	    "unless it is 443, and nothing after it";
	const char *host = value + strlen("https://");

	if (!text_starts(value, "https://") || *host == '\0' ||
	    strlen(value) > 120 || host[strspn(host, HOST_LETTERS)] != '\0')
		return wrong;
	return NULL;
}

static const char *
check_networks(const char *value)
{
	struct network_list list;

	if (network_list_parse(&list, value) != 0)
		return "write addresses or networks, as in 192.0.2.7 or "
		    "192.0.2.0/24 or 2001:db8::/48 (IPv6 up to /64)";
	network_list_free(&list);
	return NULL;
}

static const char *
check_log_level(const char *value)
{
	enum log_level level;

	return log_level_parse(&level, value) == 0 ? NULL :
	    "write error, warn, info or debug";
}

/* host:port */
static const char *
check_mail_server(const char *value)
{
	const char *port = strrchr(value, ':');
	int64_t number;

	return port != NULL && port > value && value[strspn(value,
	    HOST_LETTERS)] == '\0' && text_int(&number, port + 1, 1, 65535) == 0 ?
	    NULL : "write the host and its port, as in smtp.example.org:587";
}

static const char *const mail_tls_words[] = {
	[MAIL_TLS_NONE] = "none", [MAIL_TLS_STARTTLS] = "starttls",
	[MAIL_TLS_SMTPS] = "smtps",
};

static const char *
check_mail_tls(const char *value)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(mail_tls_words); i++)
		if (strcmp(value, mail_tls_words[i]) == 0)
			return NULL;
	return "write starttls, smtps or none";
}

static const char *
check_mail_sender(const char *value)
{
	return mail_address_ok(value) ? NULL :
	    "write an address such as kurser@example.org";
}

#define ROW_CHECKED(field, preset, reloadable, check, help)		\
	{ #field, CONF_CHECKED, "", preset, reloadable, 0, 0,		\
	  offsetof(struct daemon_conf, field), check, help }
#define ROW_TEXT(field, preset, reloadable, help)			\
	{ #field, CONF_TEXT, "", preset, reloadable, 0, 0,		\
	  offsetof(struct daemon_conf, field), NULL, help }
#define ROW_PATH(field, preset, reloadable, help)			\
	{ #field, CONF_PATH, "", preset, reloadable, 0, 0,		\
	  offsetof(struct daemon_conf, field), NULL, help }
#define ROW_INT(field, unit, preset, least, most, help)			\
	{ #field, CONF_INT, unit, preset, true, least, most,		\
	  offsetof(struct daemon_conf, field), NULL, help }
#define ROW_LIMIT(name, field, unit, preset, least, most, help)		\
	{ #name, CONF_INT, unit, preset, true, least, most,		\
	  offsetof(struct daemon_conf, limits.field), NULL, help }
#define ROW_BOOL(field, preset, help)					\
	{ #field, CONF_BOOL, "", preset, true, 0, 0,			\
	  offsetof(struct daemon_conf, field), NULL, help }

const struct conf_option options_table[] = {
	/* Where it is found. */
	ROW_CHECKED(listen, "[::]:8443", false, check_listen,
	    "Addresses and ports that are listened on with TLS, separated by "
	    "blanks. [::] stands for every address of both families. Has no "
	    "effect when systemd hands the sockets over."),
	ROW_CHECKED(listen_clear, "", false, check_listen,
	    "Addresses and ports that are listened on without TLS. Pages are "
	    "redirected to base_url there and a feed is refused, so that no "
	    "token is carried on. Has no effect when systemd hands the sockets "
	    "over: name a socket clear there."),
	ROW_CHECKED(listen_metrics, "", false, local_problem,
	    "Where metrics are read, without TLS and by whoever can reach it: one "
	    "address of this machine with its port (127.0.0.1:9120 or "
	    "[::1]:9120), or the path of a Unix socket in a folder where user may "
	    "write. When empty, nowhere. See kattegat-metrics(5)."),
	ROW_CHECKED(hosts, "", true, check_hosts,
	    "The host names this server answers to, separated by blanks. A "
	    "request for another one is refused. When empty, every name is "
	    "answered."),
	ROW_CHECKED(base_url, "https://localhost:8443", true, check_base_url,
	    "How visitors and calendars reach this server: it stands in feeds, "
	    "links and redirects."),
	ROW_PATH(certificate, KG_SYSCONFDIR "/kattegat/certificate.pem", true,
	    "The certificate with its chain, in PEM. ECDSA on P-256 costs the "
	    "least."),
	ROW_PATH(key, KG_SYSCONFDIR "/kattegat/key.pem", true,
	    "The key of the certificate, in PEM. The group of the daemon must be "
	    "able to read it at a reload: root:kattegat 0640."),
	ROW_PATH(certificate2, "", true,
	    "A second certificate of another kind (RSA), for clients that cannot "
	    "use the first."),
	ROW_PATH(key2, "", true, "The key of certificate2."),

	/* The database. */
	ROW_TEXT(database, "host=/var/run/postgresql dbname=kattegat "
	    "user=kattegat", true,
	    "How PostgreSQL is reached, in libpq's words. Hosts are addresses or "
	    "socket folders, since the look-up of a name would stop everything; "
	    "several hosts are tried in turn. A password belongs into the file "
	    "that passfile= names, not here. kattegatctl goes the same way, but "
	    "logs in as kattegat_operator."),
	ROW_INT(pool_connections, "connections", "4", 1, 100,
	    "Connections of each worker to PostgreSQL. Of several, one is left to "
	    "what only reads."),
	ROW_INT(pool_queue, "statements", "256", 1, 100000,
	    "Statements of each worker that may wait for a connection, as many that "
	    "read as that write; what comes on top is answered 503."),
	ROW_INT(statement_limit_ms, "milliseconds", "3000", 100, 60000,
	    "A statement that takes longer is given up."),

	/* Mail. */
	ROW_CHECKED(mail_server, "", true, check_mail_server,
	    "The mail server that takes invitations, warnings and the like, with "
	    "its port. When empty, mails wait in the database, for three days at "
	    "most."),
	ROW_CHECKED(mail_tls, "starttls", true, check_mail_tls,
	    "How the mail server is spoken to: starttls (and never without), "
	    "smtps (TLS from the first byte, mostly on port 465), or none (for a "
	    "server on this machine)."),
	ROW_PATH(mail_authority, "", true,
	    "Certificates, in PEM, that the mail server's is judged by; when "
	    "empty, those of the system."),
	ROW_CHECKED(mail_sender, "", true, check_mail_sender,
	    "The address that mails come from, and that failures of delivery go "
	    "to."),
	ROW_TEXT(mail_sender_name, "Politikerakademiet", true,
	    "The name that stands before it."),
	ROW_TEXT(mail_user, "", true,
	    "Who signs in to the mail server; when empty, nobody does."),
	ROW_PATH(mail_password_file, "", true,
	    "The file with the password of mail_user in its first line. The "
	    "daemon's group must be able to read it: root:kattegat 0640."),

	/* The processes. */
	ROW_INT(workers, "processes", "0", 0, OPTIONS_WORKERS_MOST,
	    "Worker processes; 0 stands for one per core."),
	ROW_TEXT(user, "kattegat", false,
	    "Whom the daemon becomes after it has opened its sockets. Has no "
	    "effect unless it is started as root."),
	ROW_TEXT(group, "", false,
	    "The group it becomes; when empty, the main group of user."),
	ROW_PATH(run_dir, "/run/kattegat", false,
	    "The folder of the control socket, which is run_dir/control. It is "
	    "made when it is missing."),
	ROW_CHECKED(log_level, "info", true, check_log_level,
	    "How much is logged: error, warn, info or debug."),
	ROW_BOOL(worker_header, "no",
	    "Adds Kattegat-Worker, the number of the worker, to every answer."),
	ROW_INT(drain_limit_ms, "milliseconds", "5000", 100, 60000,
	    "Time that requests under way get at the end of the daemon."),
	ROW_INT(cache_bytes, "bytes", "67108864", 1048576, INT64_C(1) << 40,
	    "Memory of each worker for finished feeds."),

	/* What clients may do. */
	ROW_LIMIT(connections, connections, "connections", "20000", 1, 1000000,
	    "Connections at a time on each address listened on, of all workers "
	    "together; what comes on top waits to be accepted."),
	ROW_LIMIT(connections_per_address, connections_per_address,
	    "connections", "200", 1, 1000000,
	    "Connections at a time from one IPv4 address or IPv6 /64 to each "
	    "address listened on, of all workers together."),
	ROW_CHECKED(connections_unlimited_from, "", true, check_networks,
	    "Networks that connections_per_address does not hold for, separated "
	    "by blanks: a proxy or a balancer in front, as in 192.0.2.7 "
	    "2001:db8::/48."),
	ROW_LIMIT(handshake_limit_ms, handshake_ms, "milliseconds", "10000", 100,
	    600000, "Time for the TLS handshake."),
	ROW_LIMIT(header_limit_ms, header_ms, "milliseconds", "15000", 100,
	    600000, "Time for the head of a request, from its first byte."),
	ROW_LIMIT(body_limit_ms, body_ms, "milliseconds", "30000", 100, 600000,
	    "Time for the body of a request; a longer one must then keep up "
	    "body_bytes_per_s."),
	ROW_LIMIT(body_bytes_per_s, body_bytes_per_s, "bytes a second", "500", 1,
	    1000000, "The least speed of a body that takes longer than "
	    "body_limit_ms."),
	ROW_LIMIT(idle_limit_ms, idle_ms, "milliseconds", "60000", 100, 3600000,
	    "A connection on which nothing was asked for this long is closed. "
	    "After a reload the old workers end five seconds after it."),
	ROW_LIMIT(stalled_limit_ms, stalled_ms, "milliseconds", "30000", 100,
	    600000, "A client that takes nothing of its answer for this long is "
	    "cut off."),
	ROW_LIMIT(request_line_bytes, request_line_bytes, "bytes", "8192", 256,
	    65536, "The longest request line."),
	ROW_LIMIT(header_bytes, header_bytes, "bytes", "16384", 1024, 262144,
	    "The largest block of header fields."),
	ROW_LIMIT(header_fields, header_fields, "fields", "100", 10, 1000,
	    "The most header fields."),
	ROW_LIMIT(body_bytes, body_bytes, "bytes", "65536", 1024, 16777216,
	    "The largest body of a request."),
	ROW_LIMIT(pipelined, pipelined, "requests", "16", 1, 1000,
	    "Requests that may stand in line on one connection."),
	ROW_LIMIT(requests_per_connection, requests_per_connection, "requests",
	    "1000", 1, 1000000, "After so many the connection is closed."),
	ROW_LIMIT(output_bytes, output_bytes, "bytes", "262144", 65536,
	    67108864, "Output that may wait on one connection; bodies of feeds "
	    "are shared and do not count."),
	ROW_INT(unknown_tokens_per_minute, "requests", "20", 1, 1000000,
	    "Requests with unknown tokens that one address may make in a "
	    "minute, each for feeds and to the API; further ones are answered "
	    "429. Known tokens never are."),
	ROW_INT(sign_in_failures, "attempts", "10", 1, 1000000,
	    "Wrong sign-ins, unknown invitations and unknown links by mail from "
	    "one address before it has to wait 1, 2, 4 ... 60 seconds for the "
	    "next, whichever worker or machine it asks. Ten minutes without one "
	    "forget them. Each account has its own back-off, from the first."),

	{ NULL, CONF_TEXT, NULL, NULL, false, 0, 0, 0, NULL, NULL },
};

int
options_mistake(const char *path, const char *name, struct err *err)
{
	int line = conf_line(path, name);

	if (line > 0)
		return err_prefix(err, "%s:%d", path, line);
	return err_prefix(err, "%s", path != NULL ? path : "built-in default");
}

static int
need_both(const char *a, const char *a_name, const char *b, const char *b_name,
    const char *path, struct err *err)
{
	if ((a != NULL) == (b != NULL))
		return 0;
	err_set(err, "%s without %s: write both or none",
	    a != NULL ? a_name : b_name, a != NULL ? b_name : a_name);
	return options_mistake(path, a != NULL ? a_name : b_name, err);
}

static int
need(const char *value, const char *name, const char *path, struct err *err)
{
	if (value != NULL)
		return 0;
	err_set(err, "%s is empty: give it a value, or leave the line out for "
	    "its default", name);
	return options_mistake(path, name, err);
}

/* Here and not by the table, whose messages repeat the value: a password? */
static int
check_database(const struct daemon_conf *conf, const char *path,
    struct err *err)
{
	const char *right = pg_dsn_problem(conf->database);

	if (right == NULL)
		return 0;
	err_set(err, "database: %s", right);
	return options_mistake(path, "database", err);
}

static int
check_mail(const struct daemon_conf *conf, const char *path, struct err *err)
{
	if (need(conf->mail_tls, "mail_tls", path, err) != 0 ||
	    need_both(conf->mail_user, "mail_user", conf->mail_password_file,
	    "mail_password_file", path, err) != 0)
		return -1;
	if (conf->mail_server != NULL && conf->mail_sender == NULL) {
		err_set(err, "mail_server without mail_sender: write whom mails "
		    "come from");
		return options_mistake(path, "mail_server", err);
	}
	if (conf->mail_user != NULL && options_mail_tls(conf) == MAIL_TLS_NONE) {
		err_set(err, "mail_user without TLS: mail_tls is starttls or "
		    "smtps when a password is sent");
		return options_mistake(path, "mail_user", err);
	}
	return 0;
}

static int
check_together(const struct daemon_conf *conf, const char *path, struct err *err)
{
	if (need(conf->listen, "listen", path, err) != 0 ||
	    need(conf->base_url, "base_url", path, err) != 0 ||
	    need(conf->database, "database", path, err) != 0 ||
	    check_database(conf, path, err) != 0 ||
	    need(conf->run_dir, "run_dir", path, err) != 0 ||
	    need(conf->certificate, "certificate", path, err) != 0 ||
	    need(conf->key, "key", path, err) != 0 ||
	    need(conf->log_level, "log_level", path, err) != 0 ||
	    need_both(conf->certificate2, "certificate2", conf->key2, "key2",
	    path, err) != 0 || check_mail(conf, path, err) != 0)
		return -1;
	if (strlen(conf->run_dir) + strlen("/control.new") >
	    OPTIONS_CONTROL_LENGTH_MOST) {
		err_set(err, "run_dir = %s: too long for a socket's path; %zu "
		    "bytes at most", conf->run_dir,
		    OPTIONS_CONTROL_LENGTH_MOST - strlen("/control.new"));
		return options_mistake(path, "run_dir", err);
	}
	return 0;
}

int
options_load(struct daemon_conf *out, const char *path, struct err *err)
{
	struct daemon_conf conf;

	if (conf_load(&conf, options_table, path, err) != 0)
		return -1;
	if (check_together(&conf, path, err) != 0) {
		options_clear(&conf);
		return -1;
	}
	*out = conf;
	return 0;
}

void
options_clear(struct daemon_conf *conf)
{
	conf_clear(conf, options_table);
}

int
options_workers(const struct daemon_conf *conf)
{
	long cores;

	if (conf->workers > 0)
		return (int)conf->workers;
	cores = sysconf(_SC_NPROCESSORS_ONLN);
	if (cores < 1)
		return 1;
	return cores > OPTIONS_WORKERS_MOST ? OPTIONS_WORKERS_MOST : (int)cores;
}

enum log_level
options_log_level(const struct daemon_conf *conf)
{
	enum log_level level = LOG_LEVEL_INFO;

	if (log_level_parse(&level, conf->log_level) != 0)
		return LOG_LEVEL_INFO;
	return level;
}

enum mail_tls
options_mail_tls(const struct daemon_conf *conf)
{
	int i;

	for (i = 0; i < (int)ARRAY_LEN(mail_tls_words); i++)
		if (strcmp(conf->mail_tls, mail_tls_words[i]) == 0)
			return (enum mail_tls)i;
	return MAIL_TLS_STARTTLS;
}

struct http_limits
options_worker_limits(const struct daemon_conf *conf, int workers)
{
	struct http_limits limits = conf->limits;

	limits.connections = (limits.connections + workers - 1) / workers;
	limits.connections_per_address = (limits.connections_per_address +
	    workers - 1) / workers;
	return limits;
}

static int64_t
other_descriptors(const struct daemon_conf *conf)
{
	return OPTIONS_DESCRIPTORS_MORE + conf->pool_connections;
}

int64_t
options_descriptors(const struct daemon_conf *conf, int workers, int listeners)
{
	return options_worker_limits(conf, workers).connections * listeners +
	    other_descriptors(conf);
}

void
options_fit(struct http_limits *limits, const struct daemon_conf *conf,
    int listeners, int64_t descriptors)
{
	int64_t most = (descriptors - other_descriptors(conf)) / listeners;

	if (most < 1)
		most = 1;
	if (limits->connections > most)
		limits->connections = most;
}

const char **
options_hosts(char *text)
{
	const char **hosts = NULL;
	char *word, *rest = NULL;
	size_t n = 0;

	if (text == NULL)
		return NULL;
	for (word = strtok_r(text, " \t", &rest); word != NULL;
	    word = strtok_r(NULL, " \t", &rest)) {
		hosts = xreallocarray(hosts, n + 2, sizeof(*hosts));
		hosts[n++] = word;
		hosts[n] = NULL;
	}
	return hosts;
}

char *
options_control_path(const struct daemon_conf *conf)
{
	return xasprintf("%s/control", conf->run_dir);
}
