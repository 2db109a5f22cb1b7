#include "daemon/scrape.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "daemon/metrics.h"
#include "http/server.h"

struct scrape {
	struct shared		*shared;
	struct http_server	*server;
};

/* One or two scrapers, and somebody with curl. */
static const struct http_limits limits = {
	.connections = 16,
	.connections_per_address = 16,
	.handshake_ms = 10000,
	.header_ms = 10000,
	.body_ms = 10000,
	.idle_ms = 120000,
	.stalled_ms = 10000,
	.body_bytes_per_s = 500,
	.request_line_bytes = 4096,
	.header_bytes = 16384,
	.header_fields = 100,
	.body_bytes = 1024,
	.pipelined = 4,
	.requests_per_connection = 1000000,
	.output_bytes = 262144,
};

static void
answer_metrics(struct scrape *scrape, struct http_request *request)
{
	struct http_answer answer = { .status = 200 };
	struct metrics_view *view = metrics_view_new(scrape->shared);
	struct buf text = BUF_INIT, head = BUF_INIT;
	size_t length;

	if (view == NULL) {
		http_answer_text(request, 503, "Retry-After: 1\r\n",
		    "The counts are being moved; ask again.\n");
		return;
	}
	metrics_format(&text, view);
	free(view);
	length = text.length;
	buf_addf(&head, "HTTP/1.1 200 OK\r\n"
	    "Content-Type: application/openmetrics-text; version=1.0.0; "
	    "charset=utf-8\r\n"
	    "Content-Length: %zu\r\nCache-Control: no-store\r\n", length);
	answer.head = head.data;
	answer.head_length = head.length;
	answer.body = http_body_new(buf_take(&text), length);
	http_answer(request, &answer);
	http_body_unref(answer.body);
	buf_clear(&head);
}

static void
scrape_asked(struct http_request *request, void *arg)
{
	enum http_method method = http_request_method(request);

	if (strcmp(http_request_path(request), "/metrics") != 0)
		http_answer_text(request, 404, NULL,
		    "What there is: /metrics\n");
	else if (method != HTTP_GET && method != HTTP_HEAD)
		http_answer_text(request, 405, "Allow: GET, HEAD\r\n",
		    "Metrics can only be read.\n");
	else
		answer_metrics(arg, request);
}

static void
scrape_gone(struct http_request *request, void *arg)
{
	/* Was answered at once. */
	(void)request;
	(void)arg;
}

struct scrape *
scrape_new(struct loop *loop, int listen_fd, struct shared *shared)
{
	static const struct http_handler handler = {
		scrape_asked, scrape_gone, NULL,
	};
	struct scrape *scrape = xcalloc(1, sizeof(*scrape));
	struct http_server_options options = {
		.listen_fd = listen_fd,
		.limits = &limits,
		.handler = &handler,
		.arg = scrape,
	};

	scrape->shared = shared;
	scrape->server = http_server_new(loop, &options);
	return scrape;
}

void
scrape_free(struct scrape *scrape)
{
	if (scrape == NULL)
		return;
	http_server_free(scrape->server);
	free(scrape);
}

/* A scraper keeps its connection; half a second idle is the end of it here. */
void
scrape_drain(struct scrape *scrape, void (*done)(void *arg), void *arg)
{
	http_server_drain(scrape->server, done, arg);
	http_server_hurry(scrape->server);
}
