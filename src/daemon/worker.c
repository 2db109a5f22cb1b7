/*
 * worker.c - a worker: answers over HTTP until it is told to end.
 *
 *   waiting   nothing is accepted yet; the database is asked until it answers,
 *             then the parent is told "ready"
 *   serving   after the parent's "serve"
 *   draining  after "drain" or "stop": nothing new is accepted, each next request
 *             on an open connection is the last one there; ends with the last
 *             connection, or at the limit
 *
 * Whether the database answers and whether connections are accepted are two
 * questions: when no worker serves, the parent lets one serve without a database.
 */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "daemon/clear.h"
#include "daemon/counts.h"
#include "daemon/process.h"
#include "feed/feed.h"
#include "http/server.h"
#include "pg/pool.h"
#include "sign/sign.h"
#include "store/queries.h"
#include "web/web.h"

/* How soon the database is asked again whether it answers. */
enum { PROBE_MS = 100 };

enum worker_state { WORKER_WAITING, WORKER_SERVING, WORKER_DRAINING };

struct worker {
	const struct process_task *task;
	struct process		*process;
	struct loop		*loop;
	enum worker_state	 state;
	struct http_limits	 limits;
	char			*hosts_text, *fields, *application;
	const char		**hosts;	/* into hosts_text; NULL: any */
	struct pg_pool		*pool;
	struct feed_house	*feeds;
	struct sign		*sign;
	struct api		*api;
	struct web		*web;
	struct http_server	*servers[LISTENERS_MOST];
	int			 nservers, nopen;	/* made; not drained */
	struct loop_event	*probe, *limit;
	bool			 refused;	/* by the database; was logged */
};

/* What is no feed. Whether there is such a page is another question. */
static enum shared_asked
asked_kind(const char *path)
{
	if (api_owns(path))
		return ASKED_API;
	return text_starts(path, "/static/") ? ASKED_OTHER : ASKED_PAGE;
}

static void
secure_request(struct http_request *request, void *arg)
{
	struct worker *worker = arg;
	const char *path = http_request_path(request);

	if (feed_owns(path)) {
		feed_request(worker->feeds, request);
		return;
	}
	http_request_set_kind(request, (int)asked_kind(path));
	if (api_owns(path))
		api_request(worker->api, request);
	else
		web_request(worker->web, request);
}

static void
secure_gone(struct http_request *request, void *arg)
{
	struct worker *worker = arg;
	const char *path = http_request_path(request);

	if (feed_owns(path))
		feed_gone(worker->feeds, request);
	else if (api_owns(path))
		api_gone(worker->api, request);
	else
		web_gone(worker->web, request);
}

/* Calendar programs show nobody why: the server's own words will do for feeds. */
static bool
file_refused(const struct http_refusal *refusal, struct buf *fields,
    struct buf *body)
{
	if (refusal->status != 405)
		return false;
	buf_adds(fields, "Allow: GET, HEAD\r\nCache-Control: no-store\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n");
	buf_addf(body, "%s\n", refusal->why);
	return true;
}

static bool
secure_refused(const struct http_refusal *refusal, struct buf *fields,
    struct buf *body, void *arg)
{
	struct worker *worker = arg;

	if (*refusal->path == '\0')
		return false;
	if (feed_owns(refusal->path))
		return file_refused(refusal, fields, body);
	switch (asked_kind(refusal->path)) {
	case ASKED_API:
		return api_refused(worker->api, refusal, fields, body);
	case ASKED_PAGE:
		return web_refused(worker->web, refusal, fields, body);
	default:
		return file_refused(refusal, fields, body);
	}
}

static void
clear_asked(struct http_request *request, void *arg)
{
	struct worker *worker = arg;

	clear_request(request, worker->task->conf->base_url);
}

static void
clear_gone(struct http_request *request, void *arg)
{
	/* Was answered at once. */
	(void)request;
	(void)arg;
}

static const struct http_handler secure_handler = {
	secure_request, secure_gone, secure_refused,
};
static const struct http_handler clear_handler = {
	clear_asked, clear_gone, NULL,
};

static void
probe_answered(const struct pg_reply *reply, void *arg)
{
	struct worker *worker = arg;
	enum pg_status status = pg_reply_status(reply);

	if (status == PG_DONE) {
		atomic_store(&worker->task->slot->database, true);
		process_say(worker->process, "ready");
		return;
	}
	if (status == PG_REFUSED && !worker->refused) {
		worker->refused = true;
		log_error("the database refuses: %s; is it set up "
		    "(kattegatctl db init, db upgrade)?",
		    pg_reply_message(reply));
	}
	loop_timer_arm(worker->probe, PROBE_MS);
}

static void
probe_fn(enum loop_what what, void *arg)
{
	struct worker *worker = arg;

	(void)what;
	pg_pool_read(worker->pool, &query_keeper_ready, NULL, 0,
	    probe_answered, worker);
}

/* Each second: what has been counted goes to the shared page. */
static void
worker_beat(void *arg)
{
	struct worker *worker = arg;
	struct shared_slot *slot = worker->task->slot;
	uint64_t counts[SHARED_COUNTS] = { 0 };
	struct pg_pool_counts pool;
	int i;

	for (i = 0; i < worker->nservers; i++)
		counts_add_http(counts, http_server_counts(worker->servers[i]));
	counts_add_feed(counts, feed_house_counts(worker->feeds));
	pg_pool_counts(worker->pool, &pool);
	counts_add_pool(counts, &pool);
	shared_slot_publish(slot, counts);
	atomic_store(&slot->database, pg_pool_up(worker->pool));
}

static void
worker_serve(struct worker *worker)
{
	const struct process_task *task = worker->task;
	const struct listener *listener;
	struct http_server_options options = {
		.limits = &worker->limits,
		.hosts = (const char *const *)worker->hosts,
		.free_networks = task->conf->connections_unlimited_from,
		.fields = worker->fields,
		.plain_kinds = 1u << ASKED_FEED_PUBLIC |
		    1u << ASKED_FEED_TOKEN,
		.arg = worker,
	};

	worker->state = WORKER_SERVING;
	for (listener = task->listeners->at; listener <
	    task->listeners->at + task->listeners->count; listener++) {
		options.listen_fd = listener->fd;
		options.tls = listener->clear ? NULL : task->tls;
		options.handler = listener->clear ? &clear_handler :
		    &secure_handler;
		worker->servers[worker->nservers++] =
		    http_server_new(worker->loop, &options);
	}
	atomic_store(&task->slot->serving, true);
	process_say(worker->process, "serving");
}

static void
flushed(void *arg)
{
	struct worker *worker = arg;

	process_end(worker->process);
}

static void
server_drained(void *arg)
{
	struct worker *worker = arg;

	if (--worker->nopen == 0)
		feed_house_flush(worker->feeds, flushed, worker);
}

static void
limit_fn(enum loop_what what, void *arg)
{
	struct worker *worker = arg;

	(void)what;
	log_debug("the time to drain is over");
	process_end(worker->process);
}

/* The second time, "stop" after "drain", only the limit changes. */
static void
worker_drain(struct worker *worker, int64_t limit_ms)
{
	int i;

	loop_timer_arm(worker->limit, limit_ms);
	if (worker->state == WORKER_DRAINING)
		return;
	worker->state = WORKER_DRAINING;
	atomic_store(&worker->task->slot->serving, false);
	worker->nopen = worker->nservers;
	for (i = 0; i < worker->nservers; i++)
		http_server_drain(worker->servers[i], server_drained, worker);
	/* At the end of the daemon nobody may be left who listens. */
	listeners_close(worker->task->listeners);
	process_say(worker->process, "draining");
	if (worker->nservers == 0)
		process_end(worker->process);
}

/* Requests under way are waited for, connections that only might ask are not. */
static void
worker_stop(struct worker *worker)
{
	int i;

	worker_drain(worker, worker->task->conf->drain_limit_ms);
	for (i = 0; i < worker->nservers; i++)
		http_server_hurry(worker->servers[i]);
}

static void
worker_word(const char *word, void *arg)
{
	struct worker *worker = arg;
	const struct daemon_conf *conf = worker->task->conf;

	if (strcmp(word, "serve") == 0 && worker->state == WORKER_WAITING)
		worker_serve(worker);
	else if (strcmp(word, "drain") == 0)
		worker_drain(worker, conf->limits.idle_ms +
		    PROCESS_DRAIN_MORE_MS);
	else if (strcmp(word, "stop") == 0)
		worker_stop(worker);
}

static void
worker_make_pool(struct worker *worker)
{
	const struct daemon_conf *conf = worker->task->conf;
	const struct pg_pool_options pool = {
		.dsn = conf->database,
		.application = worker->application,
		.connections = (int)conf->pool_connections,
		.queue_most = (int)conf->pool_queue,
		.limit_ms = conf->statement_limit_ms,
	};

	worker->pool = pg_pool_new(worker->loop, &pool);
}

static void
worker_make_feeds(struct worker *worker, struct generations *generations)
{
	const struct daemon_conf *conf = worker->task->conf;
	const struct feed_options feeds = {
		.base_url = conf->base_url,
		.cache_bytes = conf->cache_bytes,
		.limit_ms = conf->statement_limit_ms,
		.unknown_per_minute = conf->unknown_tokens_per_minute,
		.can_hear = true,
		.public_kind = ASKED_FEED_PUBLIC,
		.token_kind = ASKED_FEED_TOKEN,
	};

	worker->feeds = feed_house_new(worker->loop, worker->pool,
	    generations, &feeds);
}

static void
worker_make_sign(struct worker *worker, struct generations *generations)
{
	const struct daemon_conf *conf = worker->task->conf;
	const struct sign_options sign = {
		.limit_ms = conf->statement_limit_ms,
		.free_failures = conf->sign_in_failures,
	};

	worker->sign = sign_new(worker->loop, worker->pool, generations,
	    &sign);
}

static void
worker_make_rooms(struct worker *worker)
{
	const struct daemon_conf *conf = worker->task->conf;
	struct generations *generations = &worker->task->shared->generations;
	struct api_options api = {
		.base_url = conf->base_url,
		.limit_ms = conf->statement_limit_ms,
		.unknown_per_minute = conf->unknown_tokens_per_minute,
	};
	struct web_options web = {
		.base_url = conf->base_url,
		.limit_ms = conf->statement_limit_ms,
		.generations = generations,
	};

	worker_make_pool(worker);
	worker_make_feeds(worker, generations);
	worker_make_sign(worker, generations);
	api.sign = web.sign = worker->sign;
	worker->web = web_new(worker->loop, worker->pool, &web);
	api.style_path = web_style_path(worker->web);
	worker->api = api_new(worker->loop, worker->pool, generations, &api);
}

static void
worker_init(struct worker *worker, const struct process_task *task)
{
	static const struct process_hooks hooks = { worker_beat, worker_word };
	const struct daemon_conf *conf = task->conf;

	worker->task = task;
	worker->process = process_new(task, &hooks, worker);
	worker->loop = process_loop(worker->process);
	worker->state = WORKER_WAITING;
	worker->limits = options_worker_limits(conf, task->nworkers);
	options_fit(&worker->limits, conf, task->listeners->count,
	    task->descriptors);
	worker->hosts_text = xstrdup_null(conf->hosts);
	worker->hosts = options_hosts(worker->hosts_text);
	worker->application = xasprintf("kattegatd worker %d", task->number);
	worker->fields = conf->worker_header ?
	    xasprintf("Kattegat-Worker: %d\r\n", task->number) : xstrdup("");
	worker->probe = loop_timer_new(worker->loop, probe_fn, worker);
	worker->limit = loop_timer_new(worker->loop, limit_fn, worker);
	worker_make_rooms(worker);
	loop_timer_arm(worker->probe, 0);
}

/* Servers first: what they hold waits in the rooms; the rooms wait in the pool. */
static void
worker_clear(struct worker *worker)
{
	int i;

	for (i = 0; i < worker->nservers; i++)
		http_server_free(worker->servers[i]);
	web_free(worker->web);
	api_free(worker->api);
	sign_free(worker->sign);
	feed_house_free(worker->feeds);
	pg_pool_free(worker->pool);
	loop_event_free(worker->probe);
	loop_event_free(worker->limit);
	process_free(worker->process);
	free(worker->hosts);
	free(worker->hosts_text);
	free(worker->application);
	free(worker->fields);
}

int
worker_run(const struct process_task *task)
{
	struct worker worker = { 0 };

	worker_init(&worker, task);
	process_run(worker.process);
	worker_beat(&worker);		/* what the last second brought */
	worker_clear(&worker);
	return 0;
}
